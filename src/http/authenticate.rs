//! From the `Authorization` header to the caller. A key is taken from nowhere else: addresses end up in logs.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::Gateway;
use super::problem::{Kind, Problem, Result};
use crate::app::keys::{Caller, KeyRefusal};
use crate::domain::text::Text;

/// The key's text is not one of ours.
const MALFORMED: Text = Text {
    fr: "Le texte de la clé API n'a pas la bonne forme : il commence par crk_ et doit être copié en entier.",
    nl: "De tekst van de API-sleutel heeft niet de juiste vorm: hij begint met crk_ en moet volledig gekopieerd worden.",
    en: "The text of the API key is not well formed: it begins with crk_ and must be copied whole.",
};
/// The key was taken back.
const REVOKED: Text = Text {
    fr: "La clé API a été révoquée : demandez-en une nouvelle à votre pouvoir organisateur.",
    nl: "De API-sleutel is ingetrokken: vraag uw organisator een nieuwe.",
    en: "The API key was revoked: ask your organiser for a new one.",
};

/// The caller behind the request's key.
pub(super) async fn authenticate<G: Gateway>(gateway: &G, headers: &HeaderMap) -> Result<Caller> {
    let key = bearer(headers).ok_or_else(|| challenge(Problem::new(Kind::NoAccessToken), None))?;
    gateway.authenticate(key).await.map_err(Problem::from)
}

/// The key that the header carries.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// With the challenge that every 401 carries.
fn challenge(problem: Problem, error: Option<&str>) -> Problem {
    let error = error.map(|why| format!(r#", error="invalid_token", error_description="{why}""#));
    problem.header(header::WWW_AUTHENTICATE, &format!(r#"Bearer realm="passerelle"{}"#, error.unwrap_or_default()))
}

impl From<KeyRefusal> for Problem {
    fn from(refusal: KeyRefusal) -> Self {
        let (problem, why) = match refusal {
            KeyRefusal::Malformed => (Self::new(Kind::InvalidAccessToken).detail(MALFORMED), "malformed key"),
            KeyRefusal::Unknown => (Self::new(Kind::InvalidAccessToken), "unknown key"),
            KeyRefusal::Revoked(_) => (Self::new(Kind::InvalidAccessToken).detail(REVOKED), "revoked key"),
            KeyRefusal::Expired(at) => {
                (Self::new(Kind::ExpiredAccessToken).member("expiredAt", at.to_string()), "expired key")
            }
            KeyRefusal::WrongKind(kind) => {
                (Self::new(Kind::WrongKeyKind).member("keyKind", kind.name()), "key of another deployment")
            }
            KeyRefusal::Store(error) => return Self::internal(error),
        };
        challenge(problem, Some(why))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("a caller asked of an open operation"))
    }
}
