//! Data keys: they seal the documents and values of one organiser, or those that belong to none.

use std::fmt;

use super::{Cipher, IndexKey, SealContext, SealError, SealForm};

/// The largest text that is opened, in bytes: more than any document that is accepted.
const MAX_TEXT: usize = 64 << 20;

/// A compressed text: compression is done before the organiser is locked.
#[derive(Clone)]
pub struct Compressed(Vec<u8>);

impl Compressed {
    /// Compresses a text; its length goes before it.
    pub fn new(text: &[u8]) -> Self {
        let mut packed = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        packed.extend(lz4_flex::block::compress(text));
        Self(packed)
    }
}

/// The key that seals one organiser's data, or data of no organiser.
pub struct DataKey {
    current: Cipher,
    /// Opens texts that were sealed by the former derivation.
    earlier: Option<Cipher>,
}

impl DataKey {
    /// An organiser's key.
    pub fn of_organiser(key: &[u8; 32]) -> Self {
        Self { current: Cipher::new(SealForm::First, key), earlier: None }
    }

    /// The key of data of no organiser, derived from the key of the deployment.
    pub fn private(index: &IndexKey) -> Self {
        Self {
            current: Cipher::new(SealForm::DerivedKey, &index.derive_key("private")),
            earlier: Some(Cipher::new(SealForm::First, &index.derive_secret_v1("private", &[]))),
        }
    }

    /// Seals a text for one context.
    pub fn seal(&self, place: &SealContext, text: Compressed) -> Vec<u8> {
        self.current.encrypt(place, text.0)
    }

    /// Opens a text that was sealed for this context.
    pub fn open(&self, place: &SealContext, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let opens = |cipher: &&Cipher| sealed.first() == Some(&(cipher.form as u8));
        let cipher = self.earlier.iter().find(opens).unwrap_or(&self.current);
        let packed = cipher.decrypt(place, sealed)?;
        let (length, compressed) = packed.split_first_chunk().ok_or(SealError::Broken)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > MAX_TEXT {
            return Err(SealError::Broken);
        }
        let text = lz4_flex::block::decompress(compressed, length).map_err(|_| SealError::Broken)?;
        if text.len() == length { Ok(text) } else { Err(SealError::Broken) }
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> DataKey {
        DataKey::of_organiser(&[7; 32])
    }

    #[test]
    fn what_was_sealed_under_the_first_derivation_opens_and_new_seals_are_under_hkdf() {
        let index = IndexKey::new(&[1; 32]);
        let (private, place) = (DataKey::private(&index), SealContext::of("session", &["id"]));
        let first = DataKey::of_organiser(&index.derive_secret_v1("private", &[]));
        let old = first.seal(&place, Compressed::new(b"text"));
        assert_eq!((old[0], private.open(&place, &old).unwrap()), (1, b"text".to_vec()));
        let mut new = private.seal(&place, Compressed::new(b"text"));
        assert_eq!((new[0], private.open(&place, &new).unwrap()), (2, b"text".to_vec()));
        assert!(matches!(first.open(&place, &new), Err(SealError::Broken)));
        // The form determines the key, and only one key opens.
        new[0] = 1;
        assert!(matches!(private.open(&place, &new), Err(SealError::Broken)));
        assert!(matches!(first.open(&place, &new), Err(SealError::Broken)));
    }

    proptest! {
        #[test]
        fn a_sealed_text_opens_in_its_context(text: Vec<u8>, month in "20[0-9]{2}-0[1-9]") {
            let place = SealContext::of("revision", &["organiser", &month]);
            prop_assert_eq!(key().open(&place, &key().seal(&place, Compressed::new(&text))).unwrap(), text);
        }

        #[test]
        fn a_changed_byte_breaks_the_seal(text: Vec<u8>, at: prop::sample::Index, by in 1..=u8::MAX) {
            let place = SealContext::of("revision", &["organiser"]);
            let mut sealed = key().seal(&place, Compressed::new(&text));
            let at = at.index(sealed.len());
            sealed[at] ^= by;
            prop_assert!(matches!(key().open(&place, &sealed), Err(SealError::Broken)));
        }

        #[test]
        fn a_cut_text_breaks_the_seal(text: Vec<u8>, length: prop::sample::Index) {
            let place = SealContext::of("revision", &["organiser"]);
            let sealed = key().seal(&place, Compressed::new(&text));
            prop_assert!(matches!(key().open(&place, &sealed[..length.index(sealed.len())]), Err(SealError::Broken)));
        }

        #[test]
        fn a_seal_does_not_open_elsewhere(here: Vec<String>, there: Vec<String>) {
            prop_assume!(here != there);
            let place = |path: &[String]| SealContext::of("revision", &path.iter().map(String::as_str).collect::<Vec<_>>());
            let sealed = key().seal(&place(&here), Compressed::new(b"text"));
            prop_assert!(matches!(key().open(&place(&there), &sealed), Err(SealError::Broken)));
        }
    }
}
