//! Somebody who reads pages of the console by their tags. Every page is held to the manners of the house
//! before a test sees it.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use tower::ServiceExt as _;

use super::app::TestApp;

/// Somebody who is logged in, in front of a browser without scripts.
pub(crate) struct Reader<'a> {
    router: &'a Router,
    secret: String,
    token: String,
    language: Option<&'static str>,
}

impl TestApp {
    /// Somebody of the world in front of a browser.
    pub(crate) async fn reader(&self, ssin: &str) -> Reader<'_> {
        let (secret, visitor) = self.log_in(ssin).await;
        Reader { router: self.router(), secret, token: visitor.csrf, language: None }
    }
}

impl Reader<'_> {
    /// The same, who chose another language.
    pub(crate) fn speaking(self, language: &'static str) -> Self {
        Self { language: Some(language), ..self }
    }

    /// The same, whose forms carry this token.
    pub(crate) fn with_token(self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self }
    }

    /// The session's secret, for a browser that is none of ours.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Looks at a page.
    pub(crate) async fn page(&self, path: &str) -> Page {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.ask(request).await
    }

    /// Sends a form with these fields; the token comes along by itself.
    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = [("csrf", self.token.as_str())];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(token.iter().chain(fields)).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form and goes where the answer leads.
    pub(crate) async fn follow(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.send(path, fields).await.expect(303);
        self.page(&answer.location).await.expect(200)
    }

    async fn ask(&self, mut request: Request<Body>) -> Page {
        let language = self.language.map(|language| format!("; passerelle-language={language}")).unwrap_or_default();
        let cookie = format!("passerelle-session={}{language}", self.secret);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        let call = format!("{} {}", request.method(), request.uri());
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let html = String::from_utf8(axum::body::to_bytes(body, 10_000_000).await.unwrap().to_vec()).unwrap();
        let text = |name| parts.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let page = Page { call, status: parts.status.as_u16(), location: text(header::LOCATION), html };
        if page.status != 303 {
            assert!(text(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"), "{}", page.call);
            page.hold();
        }
        page
    }
}

/// A page that came back.
#[derive(Debug)]
pub(crate) struct Page {
    call: String,
    /// Its status.
    pub(crate) status: u16,
    /// Where it leads, when it is no page but a way.
    pub(crate) location: String,
    /// The page itself.
    pub(crate) html: String,
}

/// A tag with its attributes.
#[derive(Debug)]
pub(crate) struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    /// What follows it, up to the next tag.
    text: String,
}

impl Tag {
    /// An attribute; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

fn decoded(text: &str) -> String {
    let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    named.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

fn attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let quoted = after.strip_prefix("=\"").and_then(|after| after.split_once('"'));
        let (value, after) = quoted.unwrap_or(("", after));
        found.insert(name.to_owned(), decoded(value));
        rest = after;
    }
    found
}

impl Page {
    /// It has this status; otherwise shows itself.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text());
        self
    }

    /// Every opening tag with this name, in order.
    pub(crate) fn tags(&self, name: &str) -> Vec<Tag> {
        self.all().into_iter().filter(|tag| tag.name == name).collect()
    }

    fn all(&self) -> Vec<Tag> {
        let pieces = self.html.split('<').skip(1).filter(|piece| piece.starts_with(|c: char| c.is_ascii_lowercase()));
        let tag = |piece: &str| {
            let (inside, text) = piece.split_once('>').unwrap_or((piece, ""));
            let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            Tag { name: name.to_owned(), attributes: attributes(rest), text: decoded(text.trim()) }
        };
        pieces.map(tag).collect()
    }

    /// What is read on it, with single spaces.
    pub(crate) fn text(&self) -> String {
        let body = self.html.split_once("<body>").map_or(self.html.as_str(), |(_, body)| body);
        let words = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        decoded(&words.collect::<Vec<_>>().join(" ")).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether this can be read on it.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// What a field holds: its text, the value that is chosen, or whether it is ticked.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> String {
        let all = self.all();
        let at = all.iter().position(|tag| tag.get("name") == name).unwrap_or_else(|| panic!("no field {name}"));
        let same = all.iter().filter(|tag| tag.get("name") == name);
        match (all[at].name.as_str(), all[at].get("type")) {
            ("select", _) => {
                let options: Vec<_> = all[at + 1..].iter().take_while(|tag| tag.name == "option").collect();
                let chosen = options.iter().find(|option| option.has("selected")).or(options.first());
                chosen.map_or("", |option| option.get("value")).to_owned()
            }
            (_, "radio" | "checkbox") => {
                let mut chosen = same.filter(|tag| tag.has("checked"));
                chosen.next().map_or("", |tag| tag.get("value")).to_owned()
            }
            _ => all[at].get("value").to_owned(),
        }
    }

    /// Whether there is such a field.
    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.all().iter().any(|tag| tag.get("name") == name)
    }

    /// What is said to be wrong with a field, beside it.
    pub(crate) fn error(&self, field: &str) -> Option<String> {
        let id = format!("{field}-error");
        let all = self.all();
        let told = all.iter().find(|tag| tag.get("id") == id)?;
        let described = all.iter().any(|tag| tag.get("aria-describedby").split(' ').any(|other| other == id));
        assert!(described, "{}: {id} describes nothing", self.call);
        Some(told.text.clone())
    }

    /// What every page must be: one heading, one main part, names for all fields and regions, and nothing inline.
    #[track_caller]
    fn hold(&self) {
        let (call, all) = (&self.call, self.all());
        let count = |name: &str| all.iter().filter(|tag| tag.name == name).count();
        assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1), "{call}");
        assert!(all.iter().all(|tag| !tag.has("style") && !tag.attributes.keys().any(|name| name.starts_with("on"))));
        assert!(all.iter().all(|tag| tag.name != "style" && (tag.name != "script" || tag.has("src"))), "{call}");
        let ids: Vec<_> = all.iter().map(|tag| tag.get("id")).filter(|id| !id.is_empty()).collect();
        for (at, id) in ids.iter().enumerate() {
            assert!(!ids[..at].contains(id), "{call}: {id} twice");
        }
        for tag in &all {
            self.hold_field(tag, &all);
            for name in ["aria-describedby", "aria-labelledby", "for"] {
                tag.get(name).split_whitespace().for_each(|id| assert!(ids.contains(&id), "{call}: no {id}"));
            }
            assert!(tag.name != "th" || matches!(tag.get("scope"), "col" | "row"), "{call}: th without scope");
            let scrolls = tag.get("class").split(' ').any(|class| class == "scroll");
            assert!(!scrolls || (tag.get("tabindex") == "0" && tag.has("aria-label")), "{call}: an unnamed region");
        }
        for target in all.iter().filter_map(|tag| tag.get("href").strip_prefix('#')) {
            assert!(ids.contains(&target), "{call}: #{target} leads nowhere");
        }
        assert!(!self.html.contains("{{") && !self.html.contains("{%"), "{call}");
    }

    #[track_caller]
    fn hold_field(&self, tag: &Tag, all: &[Tag]) {
        let seen = match tag.name.as_str() {
            "input" => tag.get("type") != "hidden",
            "select" | "textarea" => true,
            _ => false,
        };
        let id = tag.get("id");
        let labelled = all.iter().any(|label| label.name == "label" && !id.is_empty() && label.get("for") == id);
        let within = matches!(tag.get("type"), "radio" | "checkbox");
        let named = labelled || within || tag.has("aria-label") || tag.has("aria-labelledby");
        assert!(!seen || named, "{}: the field {} has no label", self.call, tag.get("name"));
    }
}
