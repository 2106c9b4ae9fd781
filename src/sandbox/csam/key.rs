//! The key that tokens are signed with (ES256).

use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::base64url;
use crate::random;

/// A key pair and its id.
pub(super) struct Key {
    pair: EcdsaKeyPair,
    id: String,
}

impl Key {
    /// Generates a key.
    pub(super) fn generate() -> Self {
        let (kind, source) = (&ECDSA_P256_SHA256_FIXED_SIGNING, random::secure_random());
        let document = EcdsaKeyPair::generate_pkcs8(kind, &source).expect("the operating system gives random bytes");
        let pair = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &source).expect("a key that was just made");
        Self { pair, id: base64url(&random::bytes::<8>()) }
    }

    /// The public key, as a JWK.
    pub(super) fn published(&self) -> Value {
        // An uncompressed point: a marker, then two coordinates of 32 bytes.
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
            "kid": self.id, "x": base64url(x), "y": base64url(y),
        })
    }

    /// The claims as a signed token.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.id }).to_string();
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.to_string().as_bytes()));
        let signed = self.pair.sign(&random::secure_random(), message.as_bytes());
        let signature = signed.expect("the operating system gives random bytes");
        format!("{message}.{}", base64url(signature.as_ref()))
    }
}
