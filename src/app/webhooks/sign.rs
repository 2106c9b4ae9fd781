//! Signatures of deliveries, by Standard Webhooks 1.0.0: over the id, the second of the attempt and the exact
//! bytes of the body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use crate::domain::webhook::Signing;

/// A signing key: the HMAC secret, or the seed of the private key.
pub type SigningSecret = [u8; 32];

/// The receiver's verification key, as displayed to its developer.
#[derive(Clone, PartialEq, Eq)]
pub enum VerificationKey {
    /// A secret, displayed once: `whsec_…`.
    Secret(String),
    /// A public key: `whpk_…`.
    PublicKey(String),
}

/// The verification key for deliveries that are signed with `secret`.
pub fn verification_key(signing: Signing, secret: &SigningSecret) -> VerificationKey {
    match signing {
        Signing::Hmac => VerificationKey::Secret(format!("whsec_{}", STANDARD.encode(secret))),
        Signing::Ed25519 => {
            VerificationKey::PublicKey(format!("whpk_{}", STANDARD.encode(key_pair(secret).public_key())))
        }
    }
}

/// Parses a text such as `whsec_…`; `None` when it has another form.
pub fn read_secret(text: &str) -> Option<SigningSecret> {
    STANDARD.decode(text.strip_prefix("whsec_")?).ok()?.try_into().ok()
}

/// The header `webhook-signature`: a signature for each secret, with spaces between them.
pub fn sign(signing: Signing, secrets: &[SigningSecret], id: &str, second: i64, body: &[u8]) -> String {
    let mut content = format!("{id}.{second}.").into_bytes();
    content.extend_from_slice(body);
    let signature = |secret: &SigningSecret| {
        let signature = match signing {
            Signing::Hmac => STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &content)),
            Signing::Ed25519 => STANDARD.encode(key_pair(secret).sign(&content)),
        };
        format!("{},{signature}", signing.code())
    };
    secrets.iter().map(signature).collect::<Vec<_>>().join(" ")
}

/// Every 32 bytes are a seed.
fn key_pair(seed: &SigningSecret) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed).expect("a seed has 32 bytes")
}

#[cfg(test)]
mod tests {
    use ring::signature::{ED25519, UnparsedPublicKey};

    use super::*;

    #[test]
    fn two_secrets_make_two_signatures_over_the_same_text() {
        let (one, other) = ([1; 32], [2; 32]);
        let both = sign(Signing::Hmac, &[one, other], "id", 7, b"body");
        let single = |secret| sign(Signing::Hmac, &[secret], "id", 7, b"body");
        assert_eq!(both, format!("{} {}", single(one), single(other)));
        assert_ne!(single(one), sign(Signing::Hmac, &[one], "id", 8, b"body"));
    }

    #[test]
    fn the_public_key_that_is_shown_verifies() {
        let seed = [3; 32];
        let signature = sign(Signing::Ed25519, &[seed], "id", 7, b"body");
        let signature = STANDARD.decode(signature.strip_prefix("v1a,").unwrap()).unwrap();
        let VerificationKey::PublicKey(key) = verification_key(Signing::Ed25519, &seed) else {
            panic!("a private key is never shown")
        };
        let key = STANDARD.decode(key.strip_prefix("whpk_").unwrap()).unwrap();
        let key = UnparsedPublicKey::new(&ED25519, key);
        assert!(key.verify(b"id.7.body", &signature).is_ok());
        assert!(key.verify(b"id.8.body", &signature).is_err());
    }
}
