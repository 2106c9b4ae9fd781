//! The pages of the receiver.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use super::boxes::ReceivedMessage;
use super::verify::{SignatureVerdict, verify};
use super::{InspectorState, Name, ROOT};
use crate::clock;
use crate::sandbox::pages::{answer, page_language};
use crate::words::{Language, LocalText};

/// The introduction page.
#[derive(Template)]
#[template(path = "introduction.html", config = ".config/askama.toml")]
struct IntroductionPage {
    language: Language,
}

/// The page of a box.
#[derive(Template)]
#[template(path = "box.html", config = ".config/askama.toml")]
struct BoxPage {
    language: Language,
    name: String,
    action: String,
    lines: Vec<MessageRow>,
}

/// A message on the page.
struct MessageRow {
    received_at: String,
    id: String,
    kind: String,
    number: String,
    /// Whether the signature verifies; `None` without a key.
    verdict: Option<SignatureVerdict>,
    body: String,
}

trait InspectorWords {
    fn language(&self) -> Language;

    /// The texts of the page's language.
    fn text(&self, words: &LocalText) -> &'static str {
        words.get(self.language())
    }
}

impl InspectorWords for IntroductionPage {
    fn language(&self) -> Language {
        self.language
    }
}

impl InspectorWords for BoxPage {
    fn language(&self) -> Language {
        self.language
    }
}

pub(super) async fn introduction(headers: HeaderMap) -> Response {
    answer(&IntroductionPage { language: page_language(&headers) })
}

pub(super) async fn show(State(state): State<InspectorState>, Name(name): Name, headers: HeaderMap) -> Response {
    let (inspector_box, language) = (state.boxes.get(&name), page_language(&headers));
    let key = inspector_box.key.as_deref();
    let lines = inspector_box.arrivals.iter().map(|arrival| line(arrival, key)).collect();
    let action = format!("{ROOT}/{name}/secret");
    answer(&BoxPage { language, name, action, lines })
}

/// Sets the key that signatures are verified with.
pub(super) async fn secret(State(state): State<InspectorState>, Name(name): Name, body: String) -> Response {
    let given = url::form_urlencoded::parse(body.as_bytes()).find(|(field, _)| field == "secret");
    state.boxes.set_verification_key(&name, given.map(|(_, key)| key.trim().to_owned()).unwrap_or_default().as_str());
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("{ROOT}/{name}"))]).into_response()
}

fn line(arrival: &ReceivedMessage, key: Option<&str>) -> MessageRow {
    let body: Option<Value> = serde_json::from_slice(&arrival.body).ok();
    let member = |name: &str| match body.as_ref().and_then(|body| body.get(name)) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let pretty = body.as_ref().and_then(|body| serde_json::to_string_pretty(body).ok());
    let id = arrival.headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    MessageRow {
        received_at: clock::to_brussels(arrival.at).strftime("%d/%m/%Y %H:%M:%S").to_string(),
        id,
        kind: member("type"),
        number: member("number"),
        verdict: key.map(|key| verify(key, arrival)),
        body: pretty.unwrap_or_else(|| String::from_utf8_lossy(&arrival.body).into_owned()),
    }
}
