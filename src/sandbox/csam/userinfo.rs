//! The userinfo endpoint.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use super::answer::{error_document, json};
use super::{Csam, SCOPES, SSIN_CLAIM};

/// Returns the claims of the scopes that the client requested.
pub(super) async fn userinfo(State(csam): State<Csam>, headers: HeaderMap) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|value| value.strip_prefix("Bearer "));
    let Some(access) = token.and_then(|token| csam.0.tokens.get(token, csam.now())) else {
        return error_document(StatusCode::UNAUTHORIZED, "invalid_token");
    };
    let person = &access.person;
    let may = |scope| access.scopes.iter().any(|granted| granted == scope);
    let mut claims = json!({ "sub": csam.subject(person) });
    if may(SCOPES[0]) {
        claims["given_name"] = person.given_name.as_str().into();
        claims["family_name"] = person.family_name.as_str().into();
        claims["name"] = format!("{} {}", person.given_name, person.family_name).into();
    }
    if may(SCOPES[1]) {
        claims[SSIN_CLAIM] = person.ssin.expose().into();
    }
    json(&claims)
}
