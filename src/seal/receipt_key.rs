//! The keys that receipts are signed with: Ed25519 (RFC 8032). They sign nothing else.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use ring::digest;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::Zeroizing;

/// The private half of a key.
pub struct ReceiptKey(Ed25519KeyPair);

impl ReceiptKey {
    /// The key of 32 random bytes.
    pub fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&**seed).expect("a seed of 32 bytes"))
    }

    /// The public half.
    pub fn public(&self) -> PublicReceiptKey {
        PublicReceiptKey(self.0.public_key().as_ref().to_vec())
    }

    /// The signature of a message: 64 bytes.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptKey(…)")
    }
}

/// The public half of a key: 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicReceiptKey(pub Vec<u8>);

impl PublicReceiptKey {
    /// The key in base64url, as a JSON Web Key has it (RFC 8037).
    pub fn x(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Its id: the thumbprint of the JSON Web Key (RFC 7638).
    pub fn id(&self) -> String {
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
    }

    /// Whether the signature of the message was made with the private half.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::{PublicReceiptKey, ReceiptKey};

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        let x = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let bytes = (0..32).map(|at| u8::from_str_radix(&x[2 * at..2 * at + 2], 16).unwrap()).collect();
        let key = PublicReceiptKey(bytes);
        assert_eq!(key.x(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_signature_verifies_for_its_message_and_key_only() {
        let (key, other) = ([1; 32], [2; 32]);
        let (key, other) = (ReceiptKey::from_seed(&Zeroizing::new(key)), ReceiptKey::from_seed(&Zeroizing::new(other)));
        let signature = key.sign(b"message");
        assert!(key.public().verifies(b"message", &signature));
        assert!(!key.public().verifies(b"massage", &signature) && !other.public().verifies(b"message", &signature));
    }
}
