//! An ID token is believed when everything about it is right.

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{AccessToken, AccessTokenHash, ClientId, IdTokenVerifier, Nonce, SignatureVerificationError};
use serde_json::{Map, Value};

use super::attempt::Attempt;
use super::refusal::Refusal;
use super::types::{IdToken, Metadata};

/// How far the provider's clock may be from ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// The signatures that can be believed: those that nobody can make who can only verify them.
const ACCEPTED: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// Judges the tokens of one provider for one client at one instant.
pub(super) struct Judge<'a> {
    verifier: IdTokenVerifier<'a, CoreJsonWebKey>,
    client: &'a ClientId,
    now: Timestamp,
}

impl<'a> Judge<'a> {
    /// By what the provider tells of itself.
    pub(super) fn new(provider: &Metadata, client: &'a ClientId, now: Timestamp) -> Self {
        let offered = provider.id_token_signing_alg_values_supported();
        let accepted = ACCEPTED.into_iter().filter(|algorithm| offered.contains(algorithm));
        // Never with the client's secret: it would make signatures by a shared secret believable.
        let (issuer, keys) = (provider.issuer().clone(), provider.jwks().clone());
        let verifier = IdTokenVerifier::new_public_client(client.clone(), issuer, keys)
            .set_allowed_algs(accepted)
            .set_time_fn(move || moment(now - LEEWAY));
        Self { verifier, client, now }
    }

    /// Whether the token names a key that the provider has not told.
    pub(super) fn misses_the_key(&self, token: &IdToken) -> bool {
        matches!(token.signing_key(&self.verifier), Err(SignatureVerificationError::NoMatchingKey))
    }

    /// The claims of a token that came for this attempt, along with an access token.
    pub(super) fn claims(
        &self,
        token: &IdToken,
        attempt: &Attempt,
        access: &AccessToken,
    ) -> Result<Map<String, Value>, Refusal> {
        let claims = token.claims(&self.verifier, &Nonce::new(attempt.nonce.clone()))?;
        if claims.authorized_party().is_some_and(|party| party != self.client) {
            return Err(Refusal::untrusted("the token is for somebody else"));
        }
        let issued = claims.issue_time();
        if issued > moment(self.now + LEEWAY) || issued < moment(attempt.begun - LEEWAY) {
            return Err(Refusal::untrusted("the token was not issued during this attempt"));
        }
        if let Some(hash) = claims.access_token_hash() {
            self.belongs(token, access, hash)?;
        }
        let Ok(Value::Object(claims)) = serde_json::to_value(claims) else {
            return Err(Refusal::untrusted("the token's claims cannot be read"));
        };
        self.is_valid_already(&claims)?;
        Ok(claims)
    }

    /// The token may be used by now (`nbf`, RFC 7519 §4.1.5).
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below what a double holds exactly")]
    fn is_valid_already(&self, claims: &Map<String, Value>) -> Result<(), Refusal> {
        let Some(not_before) = claims.get("nbf") else { return Ok(()) };
        let latest = (self.now + LEEWAY).as_second();
        let begun = match (not_before.as_i64(), not_before.as_f64()) {
            (Some(second), _) => second <= latest,
            (None, Some(second)) => second.floor() <= latest as f64,
            (None, None) => return Err(Refusal::untrusted("the token's claims cannot be read")),
        };
        if begun { Ok(()) } else { Err(Refusal::untrusted("the token is not valid yet")) }
    }

    /// The access token is the one that the ID token was issued with.
    fn belongs(&self, token: &IdToken, access: &AccessToken, hash: &AccessTokenHash) -> Result<(), Refusal> {
        let (algorithm, key) = (token.signing_alg()?, token.signing_key(&self.verifier)?);
        let ours = AccessTokenHash::from_token(access, algorithm, key)
            .map_err(|_| Refusal::untrusted("the access token cannot be compared"))?;
        if ours == *hash { Ok(()) } else { Err(Refusal::untrusted("the access token is of another answer")) }
    }
}

/// An instant as `openidconnect` counts them, to the second.
fn moment(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(at.as_second(), 0).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}
