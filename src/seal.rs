//! Sealing: personal data is stored encrypted and authenticated, so that a copy of the database reveals nothing. Keys and
//! ciphers only; `vault` stores the keys.

mod data_key;
mod index_key;
mod master_key;
mod receipt_key;

use std::fmt::Write as _;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest;

pub use self::data_key::{Compressed, DataKey};
pub use self::index_key::IndexKey;
pub use self::master_key::{MasterKey, MasterKeys};
pub use self::receipt_key::{PublicReceiptKey, ReceiptKey};
use crate::random;

/// The form of a sealed text: its first byte, which determines the key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SealForm {
    /// Under an organiser's data key, under a master key, or under the private key by the first derivation.
    First = 1,
    /// Under the private key by HKDF.
    DerivedKey = 2,
}

/// An error of a seal or a key. Never contains a key or a sealed text.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The text in the configuration is not a master key.
    #[error("a master key is 32 bytes in base64: make one with `passerelle admin generate-master-key`")]
    NotAKey,
    /// The database's keys are wrapped by a master key that is not configured.
    #[error("the database is sealed under master key {needed}, but the configuration has {configured}")]
    UnknownMasterKey {
        /// The id of the key that is needed.
        needed: String,
        /// The ids of those that are configured.
        configured: String,
    },
    /// The seal does not verify: altered, of another context or of another key.
    #[error("a seal is broken: the value was altered or moved, or belongs to another key")]
    Broken,
}

/// The context of a sealed value, authenticated by the seal: a value moved to another context does not open there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealContext(Vec<u8>);

impl SealContext {
    /// The context of a purpose and a path of names. Different paths are different contexts.
    pub fn of(purpose: &str, path: &[&str]) -> Self {
        let parts = std::iter::once(purpose).chain(path.iter().copied());
        Self(length_prefixed(parts.map(str::as_bytes)))
    }
}

/// A key and the form of what it seals.
struct Cipher {
    form: SealForm,
    key: LessSafeKey,
}

impl Cipher {
    fn new(form: SealForm, key: &[u8; 32]) -> Self {
        Self { form, key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("a key of 32 bytes")) }
    }

    /// Form, nonce, ciphertext, tag.
    fn encrypt(&self, place: &SealContext, mut text: Vec<u8>) -> Vec<u8> {
        let bytes: [u8; NONCE_LEN] = random::bytes();
        let (nonce, aad) = (Nonce::assume_unique_for_key(bytes), Aad::from(&place.0));
        self.key.seal_in_place_append_tag(nonce, aad, &mut text).expect("a text of bounded size");
        [[self.form as u8].as_slice(), &bytes, &text].concat()
    }

    fn decrypt(&self, place: &SealContext, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (form, rest) = sealed.split_first().ok_or(SealError::Broken)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Broken)?;
        if *form != self.form as u8 {
            return Err(SealError::Broken);
        }
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(&place.0), &mut text).map_err(|_| SealError::Broken)?;
        let length = opened.len();
        text.truncate(length);
        Ok(text)
    }
}

/// The parts, each prefixed by its length, so that the encoding is unambiguous.
fn length_prefixed<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts {
        joined.extend((part.len() as u64).to_le_bytes());
        joined.extend(part);
    }
    joined
}

/// The SHA-256 of a text, in hexadecimal.
pub fn sha256_hex(text: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, text).as_ref())
}

/// The plain SHA-256 of a text that cannot be guessed.
pub fn digest(text: &str) -> [u8; 32] {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::SealContext;

    #[test]
    fn contexts_distinguish_their_parts() {
        assert_ne!(SealContext::of("a", &["bc", "d"]), SealContext::of("a", &["b", "cd"]));
    }
}
