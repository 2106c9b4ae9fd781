//! What the pages that only a sandbox has share: the language of the reader, and the headers of an answer.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::words::Language;

/// Styles and forms of the gateway's own origin, nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The first supported language of `Accept-Language`; French when there is none.
pub(super) fn page_language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let supported = |code: &str| match code.trim().get(..2).unwrap_or_default() {
        "fr" => Some(Language::Fr),
        "nl" => Some(Language::Nl),
        "en" => Some(Language::En),
        _ => None,
    };
    accepted.split(',').find_map(supported).unwrap_or(Language::Fr)
}

/// A page that nobody caches.
pub(super) fn answer(page: &impl Template) -> Response {
    let headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("accept-language")),
    ]);
    match page.render() {
        Ok(html) => (headers, html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the sandbox could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
