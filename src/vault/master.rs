//! Master keys: those of the configuration, which wrap all others.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ring::digest;
use zeroize::Zeroizing;

use super::{Cipher, Error, SealContext, SealForm, hex};
use crate::random;
use crate::store::data_keys::DataKeyRow;

/// A master key. Shows only its id, and is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new one.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// The key that a base64 text of the configuration tells.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text.trim()).map_err(|_| Error::NotAKey)?);
        bytes.as_slice().try_into().map(|key| Self(Zeroizing::new(key))).map_err(|_| Error::NotAKey)
    }

    /// The text for the configuration; for nothing else.
    pub fn expose(&self) -> String {
        BASE64_STANDARD.encode(*self.0)
    }

    /// Tells master keys apart without telling them: the first eight bytes of their SHA-256.
    pub fn id(&self) -> String {
        hex(&digest::digest(&digest::SHA256, &*self.0).as_ref()[..8])
    }

    fn cipher(&self) -> Cipher {
        Cipher::new(SealForm::First, &self.0)
    }

    pub(super) fn wrap(&self, owner: &str, key: &[u8; 32]) -> DataKeyRow {
        let wrapped = self.cipher().encrypt(&SealContext::of("data key", &[owner]), key.to_vec());
        DataKeyRow { owner: owner.to_owned(), wrapped, master_key_id: self.id() }
    }

    pub(super) fn unwrap(&self, row: &DataKeyRow) -> Result<Zeroizing<[u8; 32]>, Error> {
        let place = SealContext::of("data key", &[&row.owner]);
        let key = Zeroizing::new(self.cipher().decrypt(&place, &row.wrapped)?);
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| Error::Broken)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// The master keys of the configuration: the current one, and while it is being rotated the one before.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    /// Wraps every new data key.
    pub current: MasterKey,
    /// Still opens data keys that were wrapped before the rotation.
    pub previous: Option<MasterKey>,
}

impl MasterKeys {
    /// Only a current key.
    pub const fn only(current: MasterKey) -> Self {
        Self { current, previous: None }
    }

    pub(super) fn unwrap(&self, row: &DataKeyRow) -> Result<Zeroizing<[u8; 32]>, Error> {
        self.with_id(&row.master_key_id)?.unwrap(row)
    }

    pub(super) fn with_id(&self, id: &str) -> Result<&MasterKey, Error> {
        let all = || std::iter::once(&self.current).chain(&self.previous);
        all().find(|key| key.id() == id).ok_or_else(|| Error::UnknownMasterKey {
            needed: id.to_owned(),
            configured: all().map(MasterKey::id).collect::<Vec<_>>().join(" and "),
        })
    }
}
