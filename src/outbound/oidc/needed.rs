//! The members of a provider's answers that the log-in needs. `openidconnect` parses every member of the standards, and
//! refuses an answer for an unneeded one of another type: `email_verified` or `expires_in` as a text, several levels in
//! `acr`, an empty address of a privacy policy.

use std::sync::Arc;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::{Map, Value};

/// The member of a token answer in which its original ID token is stored.
pub(super) const ORIGINAL: &str = "original_id_token";

/// The members of a provider's metadata (OpenID Connect Discovery §3) and of its key set that are read.
const DESCRIPTION: [&str; 12] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "end_session_endpoint",
    "jwks_uri",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "userinfo_signing_alg_values_supported",
    "keys",
];
/// The members of a token answer, or of its error.
const TOKENS: [&str; 4] = ["access_token", "token_type", "id_token", "error"];
/// The claims by which an ID token is checked (OpenID Connect Core §3.1.3.7).
const CHECKED: [&str; 8] = ["iss", "sub", "aud", "exp", "iat", "nonce", "azp", "at_hash"];

/// The kind of an answer.
#[derive(Debug, Clone)]
pub(super) enum NeededMembers {
    /// The provider's metadata, or its keys.
    Description,
    /// The tokens for a code.
    Tokens,
    /// The userinfo of a person, of which these claims are read beside the subject.
    Details(Arc<[String]>),
}

impl NeededMembers {
    /// The answer with only the needed members. A body that is no JSON object is returned unchanged.
    pub(super) fn reduced(&self, body: Vec<u8>) -> Vec<u8> {
        let Ok(Value::Object(mut members)) = serde_json::from_slice(&body) else { return body };
        match self {
            Self::Description => members.retain(|name, _| DESCRIPTION.contains(&name.as_str())),
            Self::Details(claims) => members.retain(|name, _| name == "sub" || claims.contains(name)),
            Self::Tokens => {
                members.retain(|name, _| TOKENS.contains(&name.as_str()));
                if let Some(Value::String(token)) = members.get("id_token").cloned() {
                    members.extend(reduced_token(&token).map(|reduced| ("id_token".to_owned(), reduced.into())));
                    members.insert(ORIGINAL.to_owned(), token.into());
                }
            }
        }
        Value::Object(members).to_string().into_bytes()
    }
}

/// The token with only the claims by which it is checked. Its signature no longer matches: it is verified on the original.
fn reduced_token(token: &str) -> Option<String> {
    let (header, rest) = token.split_once('.')?;
    let (_, signature) = rest.split_once('.')?;
    let mut claims = claims(token)?;
    claims.retain(|name, _| CHECKED.contains(&name.as_str()));
    let payload = BASE64_URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    Some(format!("{header}.{payload}.{signature}"))
}

/// All claims of a token, whatever their types.
pub(super) fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}
