//! Checks of an ID token.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeyUse, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{
    AccessToken, AccessTokenHash, ClientId, IdTokenVerifier, JsonWebKey as _, JsonWebKeyId, JwsSigningAlgorithm as _,
    Nonce, SignatureVerificationError,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::attempt::LoginAttempt;
use super::login_error::LoginError;
use super::needed;
use super::types::{IdToken, Metadata};

/// The tolerated difference between the provider's clock and the gateway's.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// The accepted signature algorithms: asymmetric ones only, so that a key that verifies cannot sign.
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

/// The header of a token: how it is signed.
#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    kid: Option<JsonWebKeyId>,
}

/// The key of the provider that a token is signed with, and how.
pub(super) struct SigningKey<'k> {
    key: &'k CoreJsonWebKey,
    algorithm: Algorithm,
}

/// Verifies the signature of the original `token` by the keys that the provider publishes. Where several keys match, each
/// is tried.
pub(super) fn signature<'k>(provider: &'k Metadata, token: &str) -> Result<SigningKey<'k>, LoginError> {
    let unreadable = || LoginError::untrusted("its tokens cannot be read");
    let (message, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
    let decoded = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| unreadable());
    let header = decoded(message.split('.').next().unwrap_or_default())?;
    let Header { alg: algorithm, kid } = serde_json::from_slice(&header).map_err(|_| unreadable())?;
    let signature = decoded(signature)?;
    if algorithm == Algorithm::None {
        return Err(SignatureVerificationError::NoSignature.into());
    }
    let offered = provider.id_token_signing_alg_values_supported();
    if !ACCEPTED.contains(&algorithm) || !offered.contains(&algorithm) {
        return Err(SignatureVerificationError::DisallowedAlg(String::new()).into());
    }
    let fits = |key: &&CoreJsonWebKey| {
        let has_id = kid.is_none() || key.key_id().is_none() || key.key_id() == kid.as_ref();
        let signs = key.key_use().is_none_or(|usage| *usage == CoreJsonWebKeyUse::Signature);
        has_id && signs && algorithm.key_type().is_some_and(|kind| kind == *key.key_type())
    };
    let mut outcome = Err(SignatureVerificationError::NoMatchingKey);
    for key in provider.jwks().keys().iter().filter(fits) {
        outcome = key.verify_signature(&algorithm, message.as_bytes(), &signature);
        if outcome.is_ok() {
            return Ok(SigningKey { key, algorithm });
        }
    }
    Err(outcome.err().unwrap_or(SignatureVerificationError::NoMatchingKey).into())
}

/// Checks the tokens of one provider for one client at one instant.
pub(super) struct TokenVerifier<'a> {
    verifier: IdTokenVerifier<'a, CoreJsonWebKey>,
    client: &'a ClientId,
    now: Timestamp,
}

impl<'a> TokenVerifier<'a> {
    /// The verifier for the provider's metadata.
    pub(super) fn new(provider: &Metadata, client: &'a ClientId, now: Timestamp) -> Self {
        let (issuer, keys) = (provider.issuer().clone(), provider.jwks().clone());
        // The signature is verified on the original token; here only the claims are checked.
        let verifier = IdTokenVerifier::new_public_client(client.clone(), issuer, keys)
            .insecure_disable_signature_check()
            .set_time_fn(move || chrono_instant(now - LEEWAY));
        Self { verifier, client, now }
    }

    /// The claims of a token that was sent for this attempt, with its access token. `original` is the original token,
    /// signed as in `signed`.
    pub(super) fn claims(
        &self,
        (token, original): (&IdToken, &str),
        signed: &SigningKey<'_>,
        attempt: &LoginAttempt,
        access: &AccessToken,
    ) -> Result<Map<String, Value>, LoginError> {
        let claims = token.claims(&self.verifier, &Nonce::new(attempt.nonce.clone()))?;
        if claims.authorized_party().is_some_and(|party| party != self.client) {
            return Err(LoginError::untrusted("the token is for somebody else"));
        }
        let issued = claims.issue_time();
        if issued > chrono_instant(self.now + LEEWAY) || issued < chrono_instant(attempt.begun - LEEWAY) {
            return Err(LoginError::untrusted("the token was not issued during this attempt"));
        }
        if let Some(hash) = claims.access_token_hash() {
            signed.belongs(access, hash)?;
        }
        let claims =
            needed::claims(original).ok_or_else(|| LoginError::untrusted("the token's claims cannot be read"))?;
        self.is_valid_already(&claims)?;
        Ok(claims)
    }

    /// Checks that the token is valid by now (`nbf`, RFC 7519 §4.1.5).
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below what a double holds exactly")]
    fn is_valid_already(&self, claims: &Map<String, Value>) -> Result<(), LoginError> {
        let Some(not_before) = claims.get("nbf") else { return Ok(()) };
        let latest = (self.now + LEEWAY).as_second();
        let begun = match (not_before.as_i64(), not_before.as_f64()) {
            (Some(second), _) => second <= latest,
            (None, Some(second)) => second.floor() <= latest as f64,
            (None, None) => return Err(LoginError::untrusted("the token's claims cannot be read")),
        };
        if begun { Ok(()) } else { Err(LoginError::untrusted("the token is not valid yet")) }
    }
}

impl SigningKey<'_> {
    /// Checks that the access token is the one that the ID token was issued with.
    fn belongs(&self, access: &AccessToken, hash: &AccessTokenHash) -> Result<(), LoginError> {
        let computed = AccessTokenHash::from_token(access, &self.algorithm, self.key)
            .map_err(|_| LoginError::untrusted("the access token cannot be compared"))?;
        if computed == *hash { Ok(()) } else { Err(LoginError::untrusted("the access token is of another answer")) }
    }
}

/// An instant as the type of `openidconnect`, to the second.
fn chrono_instant(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(at.as_second(), 0).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}
