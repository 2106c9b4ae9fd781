//! Master keys: those of the configuration, which wrap the data keys.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ring::digest;
use zeroize::Zeroizing;

use super::{Cipher, SealContext, SealError, SealForm, hex};
use crate::random;

/// A master key. `Debug` shows only its id; it is overwritten when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Generates a key.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// Parses the base64 text of the configuration.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text.trim()).map_err(|_| SealError::NotAKey)?);
        bytes.as_slice().try_into().map(|key| Self(Zeroizing::new(key))).map_err(|_| SealError::NotAKey)
    }

    /// The text for the configuration; for nothing else.
    pub fn expose(&self) -> String {
        BASE64_STANDARD.encode(*self.0)
    }

    /// Identifies a master key without revealing it: the first eight bytes of its SHA-256.
    pub fn id(&self) -> String {
        hex(&digest::digest(&digest::SHA256, &*self.0).as_ref()[..8])
    }

    fn cipher(&self) -> Cipher {
        Cipher::new(SealForm::First, &self.0)
    }

    /// A data key, encrypted for its owner.
    pub fn wrap(&self, owner: &str, key: &[u8; 32]) -> Vec<u8> {
        self.cipher().encrypt(&SealContext::of("data key", &[owner]), key.to_vec())
    }

    /// Unwraps the owner's data key, which this master key wrapped.
    pub fn unwrap(&self, owner: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let key = Zeroizing::new(self.cipher().decrypt(&SealContext::of("data key", &[owner]), wrapped)?);
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| SealError::Broken)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// The master keys of the configuration: the current one, and during a rotation the previous one.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    /// Wraps every new data key.
    pub current: MasterKey,
    /// Still opens data keys that were wrapped before the rotation.
    pub previous: Option<MasterKey>,
}

impl MasterKeys {
    /// A current key only.
    pub const fn only(current: MasterKey) -> Self {
        Self { current, previous: None }
    }

    /// The key with this id.
    pub fn with_id(&self, id: &str) -> Result<&MasterKey, SealError> {
        let all = || std::iter::once(&self.current).chain(&self.previous);
        all().find(|key| key.id() == id).ok_or_else(|| SealError::UnknownMasterKey {
            needed: id.to_owned(),
            configured: all().map(MasterKey::id).collect::<Vec<_>>().join(" and "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_read_back_and_never_shown() {
        let key = MasterKey::generate();
        assert_eq!(MasterKey::parse(&format!("{}\n", key.expose())).unwrap(), key);
        assert_eq!(format!("{key:?}"), format!("MasterKey({})", key.id()));
        assert!(matches!(MasterKey::parse("c2hvcnQ="), Err(SealError::NotAKey)));
    }

    #[test]
    fn a_wrapped_key_opens_for_its_owner_only() {
        let master = MasterKey::generate();
        let wrapped = master.wrap("one", &[3; 32]);
        assert_eq!(*master.unwrap("one", &wrapped).unwrap(), [3; 32]);
        assert!(matches!(master.unwrap("two", &wrapped), Err(SealError::Broken)));
    }
}
