//! The key of the deployment: keyed hashes, and the keys and secrets derived from it.

use std::fmt;

use ring::hkdf::{self, HKDF_SHA256, Prk, Salt};
use ring::hmac;
use zeroize::Zeroizing;

use super::{hex, length_prefixed};

/// Separates what is derived by HKDF from the keyed hashes, which use the same key.
const SALT: &[u8] = b"passerelle: keys derived from the index key, version 2";

/// The key of keyed hashes, one for the deployment: without it, a copy of the database allows neither to test guessed
/// numbers nor to forge a chain.
pub struct IndexKey {
    hashing: hmac::Key,
    deriving: Prk,
}

impl IndexKey {
    /// From its bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        let hashing = hmac::Key::new(hmac::HMAC_SHA256, key);
        Self { hashing, deriving: Salt::new(HKDF_SHA256, SALT).extract(key) }
    }

    /// The keyed hash of parts for one purpose, in hexadecimal. Different lists of parts have different encodings.
    pub fn hash(&self, purpose: &str, parts: &[&[u8]]) -> String {
        hex(&*self.derive_secret_v1(purpose, parts))
    }

    /// The key for one purpose, by HKDF with SHA-256 (RFC 5869): the derivation of every new purpose.
    pub fn derive_key(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let info = [purpose.as_bytes()];
        let derived = self.deriving.expand(&info, Length(key.len())).and_then(|derived| derived.fill(&mut *key));
        derived.expect("HKDF gives 32 bytes");
        key
    }

    /// The key of the authentication codes of rows.
    pub fn row_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive_secret_v1("row authentication 1", &[])
    }

    /// The first derivation, which is the keyed hash itself (ADR 0027). It remains for values that cannot be replaced: the
    /// authentication codes of rows, which are in the audit trail, the keys of a sandbox, which are the same at every
    /// start, and what was sealed before there was another derivation. Nothing new uses it.
    pub fn derive_secret_v1(&self, purpose: &str, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let message = length_prefixed(std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()));
        Zeroizing::new(hmac::sign(&self.hashing, &message).as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }
}

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IndexKey(…)")
    }
}

/// How many bytes are derived.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_distinguish_their_parts() {
        let index = IndexKey::new(&[1; 32]);
        assert_ne!(index.hash("ssin", &[b"12", b"3"]), index.hash("ssin", &[b"1", b"23"]));
        assert_ne!(index.hash("ssin", &[b"1"]), index.hash("content", &[b"1"]));
        assert_eq!(index.hash("ssin", &[b"1"]).len(), 64);
    }

    /// Computed by another program: a changed derivation would make stored data unreadable.
    #[test]
    fn derivations_stay_as_they_are() {
        let index = IndexKey::new(&[1; 32]);
        assert_eq!(
            index.hash("person", &[b"85031497721"]),
            "528974af55459651b1e0670bd26eab76672c79d81b9ec884d717e0b57128df9b"
        );
        assert_eq!(hex(&*index.row_key()), "6611ff36451ee3d268fd3ebaefe40d89f2e287c71553fd32bc063815891ad325");
        assert_eq!(
            hex(&*index.derive_key("private")),
            "42e41efa98351f0fc5b1ba0c33ab28899208652264b61853c566fc015659fe2c"
        );
    }
}
