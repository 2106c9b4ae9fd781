//! The token endpoint.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use ring::digest::{SHA256, digest};
use serde_json::json;
use url::form_urlencoded;

use super::answer::{error_document, json};
use super::fields::Fields;
use super::{CodeGrant, Csam, TOKEN, TokenGrant, base64url};

/// Exchanges a code for tokens.
pub(super) async fn exchange(State(csam): State<Csam>, headers: HeaderMap, form: Bytes) -> Response {
    let Some(fields) = Fields::read(&form) else { return error_document(StatusCode::BAD_REQUEST, "invalid_request") };
    if !is_client(&csam, &headers, &fields) {
        return error_document(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if fields.get("grant_type") != Some("authorization_code") {
        return error_document(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    // Removed whatever the outcome: a code can be used once.
    let grant = fields.get("code").and_then(|code| csam.0.codes.take(code, csam.now()));
    match grant.filter(|grant| grant.is_for(&fields)) {
        Some(grant) => json(&tokens(&csam, grant)),
        None => error_document(StatusCode::BAD_REQUEST, "invalid_grant"),
    }
}

impl CodeGrant {
    /// Whether the client is the one that began (PKCE), at the address that the code was sent to.
    fn is_for(&self, fields: &Fields) -> bool {
        let verifier = fields.get("code_verifier").unwrap_or_default();
        let challenge = base64url(digest(&SHA256, verifier.as_bytes()).as_ref());
        challenge == self.challenge && fields.get("redirect_uri") == Some(&self.redirect)
    }
}

/// An access token and an ID token. The latter contains no name: it is sent in addresses at log-out.
fn tokens(csam: &Csam, grant: CodeGrant) -> serde_json::Value {
    let now = csam.now();
    let (subject, level, scope) = (csam.subject(&grant.person), grant.person.level, grant.scopes.join(" "));
    let access = csam.0.tokens.put(TokenGrant { person: grant.person, scopes: grant.scopes }, now);
    let client = &csam.0.client.id;
    let claims = json!({
        "iss": csam.0.issuer, "sub": subject, "aud": client, "azp": client,
        "iat": now.as_second(), "exp": (now + TOKEN).as_second(), "auth_time": grant.at.as_second(),
        "nonce": grant.nonce, "acr": level,
        "at_hash": base64url(&digest(&SHA256, access.as_bytes()).as_ref()[..16]),
    });
    let signed = csam.keys().0.sign(&claims);
    json!({
        "access_token": access, "token_type": "Bearer", "expires_in": TOKEN.as_secs(),
        "scope": scope, "id_token": signed,
    })
}

/// Whether the request is authenticated as the client's: by the header, by the form, or without a secret where it has none.
fn is_client(csam: &Csam, headers: &HeaderMap, fields: &Fields) -> bool {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credentials = match header {
        Some(header) => basic(header),
        None => fields.get("client_id").map(|id| (id.to_owned(), fields.get("client_secret").map(str::to_owned))),
    };
    let client = &csam.0.client;
    let hash = |secret: Option<&str>| secret.map(|secret| digest(&SHA256, secret.as_bytes()).as_ref().to_vec());
    credentials.is_some_and(|(id, secret)| id == client.id && hash(secret.as_deref()) == hash(client.secret.as_deref()))
}

/// Id and secret of a header, each encoded as in a form.
fn basic(header: &str) -> Option<(String, Option<String>)> {
    let encoded = header.strip_prefix("Basic ")?;
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let plain =
        |text: &str| form_urlencoded::parse(format!("v={text}").as_bytes()).next().map(|(_, text)| text.into_owned());
    Some((plain(id)?, Some(plain(secret)?)))
}
