//! Requests of a caller, and their responses. Every response is checked against the contract before the test gets it.

use std::convert::Infallible;
use std::future::IntoFuture;
use std::ops::Index;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use hyper::body::Frame;
use serde_json::Value;
use tower::ServiceExt as _;

use super::app::SESSION_COOKIE;
use super::contract;
use super::document::assert_members;

/// JSON.
pub(crate) const JSON: &str = "application/json";
/// A change.
pub(crate) const MERGE_PATCH: &str = "application/merge-patch+json";
/// A workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A workbook of old.
pub(crate) const XLS: &str = "application/vnd.ms-excel";

/// Gives a host to requests that name none: they are made by tests, where a client would name it.
pub(crate) fn with_default_host(router: Router) -> Router {
    router.layer(axum::middleware::map_request(async |mut request: Request<Body>| {
        let host = HeaderValue::from_static("passerelle.example");
        request.headers_mut().entry(header::HOST).or_insert(host);
        request
    }))
}

/// A caller.
#[derive(Clone)]
pub(crate) struct Persona<'a> {
    router: &'a Router,
    key: Option<String>,
    session: Option<(String, String)>,
}

impl<'a> Persona<'a> {
    pub(crate) fn new(router: &'a Router, key: Option<&str>) -> Self {
        Self { router, key: key.map(str::to_owned), session: None }
    }

    /// A person in a browser: the session's secret and the token of its pages.
    pub(super) fn person(router: &'a Router, secret: String, token: String) -> Self {
        Self { router, key: None, session: Some((secret, token)) }
    }

    /// A call to a path below the API root.
    pub(crate) fn call(&self, method: Method, path: impl AsRef<str>) -> Call<'a> {
        let mut headers = HeaderMap::new();
        if let Some(key) = &self.key {
            headers.insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
        }
        if let Some((secret, token)) = &self.session {
            headers.insert(header::COOKIE, format!("{SESSION_COOKIE}={secret}").parse().unwrap());
            headers.insert("passerelle-csrf-token", token.parse().unwrap());
        }
        Call { router: self.router, method, path: path.as_ref().to_owned(), headers, body: Body::empty() }
    }

    /// Reads.
    pub(crate) fn get(&self, path: impl AsRef<str>) -> Call<'a> {
        self.call(Method::GET, path)
    }

    /// Replaces by a JSON document.
    pub(crate) fn put(&self, path: impl AsRef<str>, document: impl Into<Value>) -> Call<'a> {
        self.call(Method::PUT, path).body(JSON, document.into().to_string())
    }

    /// Adds.
    pub(crate) fn post(&self, path: impl AsRef<str>, document: impl Into<Value>) -> Call<'a> {
        self.call(Method::POST, path).body(JSON, document.into().to_string())
    }

    /// Changes.
    pub(crate) fn patch(&self, path: impl AsRef<str>, document: impl Into<Value>) -> Call<'a> {
        self.call(Method::PATCH, path).body(MERGE_PATCH, document.into().to_string())
    }

    /// A DELETE request.
    pub(crate) fn delete(&self, path: impl AsRef<str>) -> Call<'a> {
        self.call(Method::DELETE, path)
    }

    /// Replaces by a workbook.
    pub(crate) fn put_workbook(&self, path: impl AsRef<str>, workbook: impl Into<Bytes>) -> Call<'a> {
        self.call(Method::PUT, path).body(XLSX, workbook)
    }
}

/// A body of which nothing arrives.
struct Stalled;

impl HttpBody for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// A call in the making; awaited, it is made.
pub(crate) struct Call<'a> {
    router: &'a Router,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

impl Call<'_> {
    /// With a body of this media type.
    pub(crate) fn body(mut self, media: &str, body: impl Into<Bytes>) -> Self {
        self.body = Body::from(body.into());
        self.header("content-type", media)
    }

    /// To another address.
    pub(crate) fn at(mut self, change: impl FnOnce(&str) -> String) -> Self {
        self.path = change(&self.path);
        self
    }

    /// Its path, below the API root.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// With a JSON body that never arrives.
    pub(crate) fn stalled(mut self) -> Self {
        self.body = Body::new(Stalled);
        self.header("content-type", JSON)
    }

    /// With a header; a second one of the same name is added.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
        self
    }

    /// With a header of these bytes.
    pub(crate) fn header_bytes(mut self, name: &str, value: &[u8]) -> Self {
        let value = HeaderValue::from_bytes(value).unwrap();
        self.headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
        self
    }

    /// Knowing this revision.
    pub(crate) fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// Having this revision.
    pub(crate) fn if_none_match(self, etag: &str) -> Self {
        self.header("if-none-match", etag)
    }

    /// Wanting this form.
    pub(crate) fn accept(self, media: &str) -> Self {
        self.header("accept", media)
    }

    /// Speaking this language.
    pub(crate) fn language(self, language: &str) -> Self {
        self.header("accept-language", language)
    }

    async fn send(self) -> Reply {
        let Self { router, method, path, headers, body } = self;
        let mut request = Request::builder().method(&method).uri(format!("/creche/v1{path}")).body(body).unwrap();
        *request.headers_mut() = headers;
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, 64_000_000).await.unwrap();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        let call = format!("{method} {path}");
        let reply = Reply { call, status: parts.status.as_u16(), headers: parts.headers, bytes, json };
        contract::check(&method, &path, &reply);
        reply
    }
}

impl<'a> IntoFuture for Call<'a> {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// A response.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Method and path of the call.
    pub(crate) call: String,
    /// Its status.
    pub(crate) status: u16,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its body.
    pub(crate) bytes: Bytes,
    /// Its body, when it is JSON.
    pub(crate) json: Value,
}

impl Reply {
    /// Asserts the status; shows the body on failure.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.call, String::from_utf8_lossy(&self.bytes));
        self
    }

    /// Asserts members, by their paths, and their values; shows the differences on failure.
    #[track_caller]
    pub(crate) fn has(&self, members: &Value) {
        assert_members(&self.json, members, &self.call);
    }

    /// It is a problem with this status and type.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, kind: &str) -> Self {
        let reply = self.expect(status);
        assert_eq!(reply.kind(), kind, "{}", reply.call);
        reply
    }

    /// A header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The entity tag, with its quotes.
    pub(crate) fn etag(&self) -> String {
        self.header("etag").to_owned()
    }

    /// The last part of the problem's type.
    pub(crate) fn kind(&self) -> &str {
        self.json["type"].as_str().and_then(|urn| urn.rsplit(':').next()).unwrap_or_default()
    }

    /// The codes of `issues` or `warnings`, sorted, each once.
    pub(crate) fn codes(&self, list: &str) -> Vec<&str> {
        let items = self.json[list].as_array().into_iter().flatten();
        let mut codes: Vec<_> = items.filter_map(|item| item["code"].as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The values that a member has in each item of a list.
    pub(crate) fn each(&self, list: &str, member: &str) -> Vec<Value> {
        let items = self.json[list].as_array().into_iter().flatten();
        items.map(|item| item.pointer(&format!("/{member}")).cloned().unwrap_or_default()).collect()
    }
}

impl Index<&str> for Reply {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}
