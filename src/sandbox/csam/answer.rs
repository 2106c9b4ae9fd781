//! Responses: documents for the client, pages and redirects for people. None may be cached.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

const COMMON: [(HeaderName, &str); 3] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// A JSON document.
pub(super) fn json(document: &Value) -> Response {
    (COMMON, [(header::CONTENT_TYPE, "application/json")], document.to_string()).into_response()
}

/// An error document, with the code of the specification.
pub(super) fn error_document(status: StatusCode, code: &str) -> Response {
    let mut response = (status, json(&json!({ "error": code }))).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let scheme = if code == "invalid_token" { "Bearer error=\"invalid_token\"" } else { "Basic realm=\"CSAM\"" };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
    }
    response
}

/// A page; its forms may be submitted here and redirect to `onward`.
pub(super) fn page(status: StatusCode, language: &'static str, onward: &str, page: String) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {onward}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language),
        (header::CONTENT_SECURITY_POLICY, policy.trim()),
    ];
    (status, COMMON, headers, page).into_response()
}

/// Redirects the browser.
pub(super) fn redirect(address: &str) -> Response {
    (StatusCode::SEE_OTHER, COMMON, [(header::LOCATION, address)]).into_response()
}
