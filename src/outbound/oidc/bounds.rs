//! Limits on the answers of a provider. CSAM sends a few hundred bytes; far larger answers are a mistake or an attack.

use serde_json::{Map, Value};

use super::login_error::LoginError;
use crate::domain::raw::is_label;

/// The largest ID token, in bytes.
const MAX_ID_TOKEN: usize = 16_384;
/// The largest access token, in bytes.
const MAX_ACCESS_TOKEN: usize = 8_192;
/// The most claims of a token, or of a userinfo answer.
const MAX_CLAIMS: usize = 100;
/// The longest subject, in bytes (OpenID Connect Core §2).
const MAX_SUBJECT: usize = 255;
/// The longest name, in characters: as in documents.
const MAX_NAME: usize = 100;
/// The most levels of authentication in an answer, and the longest, in bytes.
const MAX_LEVELS: (usize, usize) = (20, 255);

/// Refuses tokens that are too large to parse.
pub(super) fn of_tokens(id_token: &str, access_token: &str) -> Result<(), LoginError> {
    let small = id_token.len() <= MAX_ID_TOKEN && access_token.len() <= MAX_ACCESS_TOKEN;
    if small { Ok(()) } else { Err(LoginError::untrusted("its tokens are larger than any token")) }
}

/// Refuses claims that are too many, or of a subject that is too long.
pub(super) fn of_claims(claims: &Map<String, Value>) -> Result<(), LoginError> {
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    if claims.len() > MAX_CLAIMS || subject.len() > MAX_SUBJECT {
        return Err(LoginError::untrusted("it tells more than can be about a person"));
    }
    Ok(())
}

/// A name without the white space around it; refused when it is too long, or has invisible characters.
pub(super) fn of_name(name: &str) -> Result<String, LoginError> {
    let name = name.trim();
    if is_label(name, MAX_NAME) { Ok(name.to_owned()) } else { Err(LoginError::untrusted("a name is no name")) }
}

/// Refuses levels that are too many or too long.
pub(super) fn of_levels(levels: &[&str]) -> Result<(), LoginError> {
    let (most, longest) = MAX_LEVELS;
    let few = levels.len() <= most && levels.iter().all(|level| level.len() <= longest);
    if few { Ok(()) } else { Err(LoginError::untrusted("it tells too many levels, or one that is too long")) }
}
