//! The provider's metadata.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::json;
use super::{Csam, SCOPES, SSIN_CLAIM, STRONG, WEAK};

/// The discovery document.
pub(super) async fn description(State(csam): State<Csam>) -> Response {
    let issuer = &csam.0.issuer;
    json(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": ["openid", SCOPES[0], SCOPES[1]],
        "claims_supported": ["sub", "acr", "auth_time", "given_name", "family_name", "name", SSIN_CLAIM],
        "acr_values_supported": [STRONG[0], STRONG[1], WEAK],
        "ui_locales_supported": ["fr", "nl", "en"],
    }))
}

/// The keys that tokens are verified with.
pub(super) async fn keys(State(csam): State<Csam>) -> Response {
    let keys = csam.keys();
    let published: Vec<Value> = std::iter::once(&keys.0).chain(&keys.1).map(super::Key::published).collect();
    json(&json!({ "keys": published }))
}
