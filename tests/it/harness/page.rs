//! Pages and forms as a browser without scripts requests and submits them. Each page is checked by the rules of every page
//! before the test gets it.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use form_urlencoded::Serializer;
use tower::ServiceExt as _;

use super::app::{BASE, SESSION_COOKIE};

/// A logged-in browser.
#[derive(Clone)]
pub(crate) struct Browser<'a> {
    router: &'a Router,
    /// The secret in its cookie.
    pub(crate) secret: String,
    /// The token of the session's forms.
    pub(crate) csrf: String,
    language: &'static str,
}

impl<'a> Browser<'a> {
    pub(super) fn new(router: &'a Router, secret: String, csrf: String) -> Self {
        Self { router, secret, csrf, language: "fr" }
    }

    /// With pages in another language.
    pub(crate) fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// Opens a page.
    pub(crate) async fn page(&self, path: impl AsRef<str>) -> Page {
        self.ask(Method::GET, path.as_ref(), "", Body::empty()).await
    }

    /// Sends a form, with the session's token.
    pub(crate) async fn send(&self, path: impl AsRef<str>, fields: &[(&str, &str)]) -> Page {
        let with_token: Vec<_> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        self.send_as_is(path, &with_token).await
    }

    /// Sends a form with these fields and no others.
    pub(crate) async fn send_as_is(&self, path: impl AsRef<str>, fields: &[(&str, &str)]) -> Page {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(Method::POST, path.as_ref(), "application/x-www-form-urlencoded", body.into()).await
    }

    /// Sends a form with a file, with the session's token.
    pub(crate) async fn upload(&self, path: impl AsRef<str>, fields: &[(&str, &str)], file: &[u8]) -> Page {
        let with_token: Vec<_> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        self.upload_as_is(path, &with_token, file).await
    }

    /// Sends a form with a file and these fields and no others.
    pub(crate) async fn upload_as_is(&self, path: impl AsRef<str>, fields: &[(&str, &str)], file: &[u8]) -> Page {
        self.upload_called(path, fields, ("mois.xlsx", file)).await
    }

    /// Sends a form in which no file was chosen, as browsers do.
    pub(crate) async fn upload_nothing(&self, path: impl AsRef<str>) -> Page {
        self.upload_called(path, &[("csrf", self.csrf.as_str())], ("", b"")).await
    }

    pub(crate) async fn upload_called(
        &self,
        path: impl AsRef<str>,
        fields: &[(&str, &str)],
        (called, file): (&str, &[u8]),
    ) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(head.into_bytes());
        }
        let head = format!(
            "Content-Disposition: form-data; name=\"file\"; filename=\"{called}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(format!("--{BOUNDARY}\r\n{head}").into_bytes());
        body.extend(file);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.ask(Method::POST, path.as_ref(), &kind, body.into()).await
    }

    /// Sends a form, with the session's token, and opens the page that the answer leads to.
    pub(crate) async fn send_on(&self, path: impl AsRef<str>, fields: &[(&str, &str)]) -> Page {
        self.follow(&self.send(path, fields).await).await.expect(200)
    }

    /// Opens the page that an answer leads to.
    pub(crate) async fn follow(&self, answer: &Page) -> Page {
        assert_eq!(answer.status, 303, "{}: {}", answer.asked, answer.text);
        self.page(answer.location()).await
    }

    /// Sends a form from the page at `referer`, without fields.
    pub(crate) async fn send_from(&self, referer: &str, path: &str) -> Page {
        let cookie = format!("{SESSION_COOKIE}={}", self.secret);
        let request = Request::post(path).header(header::COOKIE, cookie).header(header::REFERER, referer);
        self.answer(format!("POST {path}"), request.body(Body::empty()).unwrap()).await
    }

    /// Submits a form with the mark of a page of ours, and another cookie.
    pub(crate) async fn send_from_page(&self, path: &str, fields: &[(&str, &str)], cookie: &str) -> Page {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::COOKIE, format!("{SESSION_COOKIE}={}; {cookie}", self.secret))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, format!("{BASE}{}", path.rsplit_once('/').map_or("", |(page, _)| page)))
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-dest", "document");
        self.answer(format!("POST {path}"), request.body(body.into()).unwrap()).await
    }

    /// Opens a page with another cookie besides.
    pub(crate) async fn page_with(&self, path: &str, cookie: &str) -> Page {
        let cookie = format!("{SESSION_COOKIE}={}; {cookie}", self.secret);
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.answer(format!("GET {path}"), request.body(Body::empty()).unwrap()).await
    }

    /// Fetches a page as a script does.
    pub(crate) async fn fetch(&self, path: &str) -> Page {
        let cookie = format!("{SESSION_COOKIE}={}", self.secret);
        let request = Request::get(path).header(header::COOKIE, cookie).header("sec-fetch-dest", "empty");
        self.answer(format!("GET {path}"), request.body(Body::empty()).unwrap()).await
    }

    async fn ask(&self, method: Method, path: &str, kind: &str, body: Body) -> Page {
        let cookie = format!("{SESSION_COOKIE}={}; __Host-passerelle-language={}", self.secret, self.language);
        let request = Request::builder().method(&method).uri(path).header(header::COOKIE, cookie);
        let request = if kind.is_empty() { request } else { request.header(header::CONTENT_TYPE, kind) };
        self.answer(format!("{method} {path}"), request.body(body).unwrap()).await
    }

    async fn answer(&self, asked: String, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64_000_000).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = parts.status.as_u16();
        let page = Page { asked, status, headers: parts.headers, bytes, text };
        if page.header("content-type").starts_with("text/html") {
            page.assert_well_made();
        }
        page
    }
}

const BOUNDARY: &str = "----passerelle";

/// A page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Method and address.
    pub(crate) asked: String,
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) bytes: Bytes,
    /// The body as text.
    pub(crate) text: String,
}

impl Page {
    /// Asserts the status; shows the text on failure.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self
    }

    /// Asserts that it contains all of these texts.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.text.contains(text), "{} does not say {text:?}: {}", self.asked, self.text);
        }
        self
    }

    /// Asserts that it contains none of these texts.
    #[track_caller]
    pub(crate) fn keeps_silent(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(!self.text.contains(text), "{} says {text:?}: {}", self.asked, self.text);
        }
        self
    }

    /// A header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// Where it sends the browser.
    #[track_caller]
    pub(crate) fn goes_to(self) -> String {
        self.expect(303).location().to_owned()
    }

    /// All of these are on it; apostrophes are written as people do.
    #[track_caller]
    pub(crate) fn shows(&self, texts: &[&str]) {
        let text = self.text.replace("&#39;", "'");
        for wanted in texts {
            assert!(text.contains(wanted), "{}: {wanted} is not in {text}", self.asked);
        }
    }
}
