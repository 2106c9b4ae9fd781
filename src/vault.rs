//! Sealing: personal data lies in the database encrypted and authenticated, so that a copy of it tells nothing.
//!
//! Each organiser has a data key; the deployment has one more, for keyed hashes. They lie in the database wrapped by
//! the master key, which comes from the configuration and is nowhere else. Rotating the master key wraps the data keys
//! anew and leaves everything they sealed as it is.

mod index_key;
mod master;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest;
use zeroize::Zeroizing;

pub use self::index_key::IndexKey;
pub use self::master::{MasterKey, MasterKeys};
use crate::ids::OrganiserId;
use crate::random;
use crate::store::data_keys;
use crate::store::{self, Db, Tx};

/// The form of what is sealed: it stands before each sealed text, and tells the key that seals it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SealForm {
    /// Under an organiser's data key, under a master key, or under the private key by the first derivation.
    First = 1,
    /// Under the private key by HKDF.
    DerivedKey = 2,
}

/// The largest text that is opened: more than any document that is accepted.
const MAX_TEXT: usize = 64 << 20;

/// What went wrong with a seal or a key. Never tells a key or a sealed text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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
    /// The seal is broken: altered, of another place or of another key.
    #[error("a seal is broken: the value was altered or moved, or belongs to another key")]
    Broken,
    /// The data keys could not be read or kept.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Where a sealed value belongs. It is part of the seal: a value moved to another place does not open there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealContext(Vec<u8>);

impl SealContext {
    /// The place that a purpose and a path of names tell. No two paths are the same place.
    pub fn of(purpose: &str, path: &[&str]) -> Self {
        let parts = std::iter::once(purpose).chain(path.iter().copied());
        Self(length_prefixed(parts.map(str::as_bytes)))
    }
}

/// A text made small: work that is done before anybody waits for the seal.
#[derive(Default)]
pub struct Compressed(Vec<u8>);

impl Compressed {
    /// Compresses a text; its length goes before it.
    pub fn new(text: &[u8]) -> Self {
        let mut packed = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        packed.extend(lz4_flex::block::compress(text));
        Self(packed)
    }
}

/// The key that seals one organiser's data, or what belongs to none.
pub struct DataKey {
    current: Cipher,
    /// Opens what was sealed before there was the current one.
    earlier: Option<Cipher>,
}

impl DataKey {
    fn of_organiser(key: &[u8; 32]) -> Self {
        Self { current: Cipher::new(SealForm::First, key), earlier: None }
    }

    /// Seals a text for one place.
    pub fn seal(&self, place: &SealContext, text: Compressed) -> Vec<u8> {
        self.current.encrypt(place, text.0)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &SealContext, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let opens = |cipher: &&Cipher| sealed.first() == Some(&(cipher.form as u8));
        let cipher = self.earlier.iter().find(opens).unwrap_or(&self.current);
        let packed = cipher.decrypt(place, sealed)?;
        let (length, compressed) = packed.split_first_chunk().ok_or(Error::Broken)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > MAX_TEXT {
            return Err(Error::Broken);
        }
        let text = lz4_flex::block::decompress(compressed, length).map_err(|_| Error::Broken)?;
        if text.len() == length { Ok(text) } else { Err(Error::Broken) }
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// All keys, unwrapped as they are needed.
#[derive(Debug)]
pub struct Vault {
    masters: MasterKeys,
    index: IndexKey,
    keys: Mutex<HashMap<OrganiserId, Arc<DataKey>>>,
}

/// The owner of the index key.
const DEPLOYMENT: &str = "deployment";

impl Vault {
    /// Opens the vault of a migrated database. Fails when any of its keys is wrapped by a master key that is not
    /// configured, so that this is known at the start and not at the first request. A new database gets its index key.
    pub async fn open(db: &Db, masters: MasterKeys) -> Result<Self, Error> {
        for (id, _) in data_keys::masters(&mut db.read().await?).await? {
            masters.with_id(&id)?;
        }
        let index = IndexKey::new(&*load(db, &masters, DEPLOYMENT).await?);
        Ok(Self { masters, index, keys: Mutex::default() })
    }

    /// The key of keyed hashes.
    pub const fn index(&self) -> &IndexKey {
        &self.index
    }

    /// The key of the authentication codes of rows.
    pub fn row_key(&self) -> Zeroizing<[u8; 32]> {
        self.index.derive_secret_v1("row authentication 1", &[])
    }

    /// The key of what belongs to no organiser: sessions, and what a browser carries for us.
    pub fn private(&self) -> DataKey {
        DataKey {
            current: Cipher::new(SealForm::DerivedKey, &self.index.derive_key("private")),
            earlier: Some(Cipher::new(SealForm::First, &self.index.derive_secret_v1("private", &[]))),
        }
    }

    /// The organiser's data key, which is made when it has none. Ask before opening a transaction: this may open its
    /// own, and a key that is handed out must be on disk whatever becomes of the caller's.
    pub async fn key(&self, db: &Db, organiser: OrganiserId) -> Result<Arc<DataKey>, Error> {
        if let Some(key) = self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&organiser) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(DataKey::of_organiser(&*load(db, &self.masters, &organiser.to_string()).await?));
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(organiser, Arc::clone(&key));
        Ok(key)
    }

    /// The organiser's data key for use within a transaction, which makes it when there is none: for an organiser that
    /// comes to be in the same transaction. It is not remembered, because the transaction may be given up.
    pub async fn key_within(&self, tx: &mut Tx, organiser: OrganiserId) -> Result<DataKey, Error> {
        Ok(DataKey::of_organiser(&*create_owner_key(tx, &self.masters, &organiser.to_string()).await?))
    }
}

/// The owner's key, made when there is none.
async fn load(db: &Db, masters: &MasterKeys, owner: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    if let Some(row) = data_keys::find(&mut db.read().await?, owner).await? {
        return masters.unwrap(&row);
    }
    let mut tx = db.write().await?;
    let key = create_owner_key(&mut tx, masters, owner).await?;
    tx.commit().await?;
    Ok(key)
}

/// The owner's key, made within the transaction when there is none.
async fn create_owner_key(tx: &mut Tx, masters: &MasterKeys, owner: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    data_keys::insert(tx, &masters.current.wrap(owner, &Zeroizing::new(random::bytes()))).await?;
    // Another gateway may have been quicker: what lies there now is the key.
    let row = data_keys::find(tx, owner).await?.ok_or(store::Error::Rows(0))?;
    masters.unwrap(&row)
}

/// Whether these master keys open every data key, and how many there are. Makes none.
pub async fn check(db: &Db, masters: &MasterKeys) -> Result<usize, Error> {
    let rows = data_keys::list(&mut db.read().await?).await?;
    rows.iter().try_for_each(|row| masters.unwrap(row).map(drop))?;
    Ok(rows.len())
}

/// Wraps every data key anew, in one transaction, and tells how many it wrapped. Those already under `new` stay as they
/// are, so that an interrupted rotation is simply run again. Gateways first get `new` as current and `old` as previous
/// key; the old one is taken away from them afterwards.
pub async fn rotate(tx: &mut Tx, old: &MasterKey, new: &MasterKey) -> Result<usize, Error> {
    let keys = MasterKeys { current: new.clone(), previous: Some(old.clone()) };
    let mut rewrapped = 0;
    for row in data_keys::list(tx).await? {
        let key = keys.unwrap(&row)?;
        if row.master_key_id != new.id() {
            data_keys::rewrap(tx, &old.id(), &new.wrap(&row.owner, &key)).await?;
            rewrapped += 1;
        }
    }
    Ok(rewrapped)
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

    fn decrypt(&self, place: &SealContext, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (form, rest) = sealed.split_first().ok_or(Error::Broken)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Error::Broken)?;
        if *form != self.form as u8 {
            return Err(Error::Broken);
        }
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.key.open_in_place(nonce, Aad::from(&place.0), &mut text).map_err(|_| Error::Broken)?.len();
        text.truncate(length);
        Ok(text)
    }
}

/// Parts behind one another, each behind its length: what was two parts is never read as one.
fn length_prefixed<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts {
        joined.extend((part.len() as u64).to_le_bytes());
        joined.extend(part);
    }
    joined
}

/// The plain SHA-256 of a text that is itself unguessable.
pub fn digest(text: &str) -> [u8; 32] {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> DataKey {
        DataKey::of_organiser(&[7; 32])
    }

    #[test]
    fn a_master_key_is_read_back_and_never_shown() {
        let key = MasterKey::generate();
        assert_eq!(MasterKey::parse(&format!("{}\n", key.expose())).unwrap(), key);
        assert_eq!(format!("{key:?}"), format!("MasterKey({})", key.id()));
        assert!(matches!(MasterKey::parse("c2hvcnQ="), Err(Error::NotAKey)));
    }

    #[test]
    fn a_wrapped_key_opens_for_its_owner_only() {
        let master = MasterKey::generate();
        let mut row = master.wrap("one", &[3; 32]);
        assert_eq!(*master.unwrap(&row).unwrap(), [3; 32]);
        row.owner = "two".to_owned();
        assert!(matches!(master.unwrap(&row), Err(Error::Broken)));
    }

    #[test]
    fn places_keep_their_parts_apart() {
        assert_ne!(SealContext::of("a", &["bc", "d"]), SealContext::of("a", &["b", "cd"]));
    }

    #[test]
    fn what_was_sealed_under_the_first_derivation_opens_and_new_seals_are_under_hkdf() {
        let (masters, index) = (MasterKeys::only(MasterKey::generate()), IndexKey::new(&[1; 32]));
        let vault = Vault { masters, index, keys: Mutex::default() };
        let place = SealContext::of("session", &["id"]);
        let first = DataKey::of_organiser(&vault.index.derive_secret_v1("private", &[]));
        let old = first.seal(&place, Compressed::new(b"text"));
        assert_eq!((old[0], vault.private().open(&place, &old).unwrap()), (1, b"text".to_vec()));
        let mut new = vault.private().seal(&place, Compressed::new(b"text"));
        assert_eq!((new[0], vault.private().open(&place, &new).unwrap()), (2, b"text".to_vec()));
        assert!(matches!(first.open(&place, &new), Err(Error::Broken)));
        // The form chooses the key, and only one key opens.
        new[0] = 1;
        assert!(matches!(vault.private().open(&place, &new), Err(Error::Broken)));
        assert!(matches!(first.open(&place, &new), Err(Error::Broken)));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place(text: Vec<u8>, month in "20[0-9]{2}-0[1-9]") {
            let place = SealContext::of("revision", &["organiser", &month]);
            prop_assert_eq!(key().open(&place, &key().seal(&place, Compressed::new(&text))).unwrap(), text);
        }

        #[test]
        fn a_changed_byte_breaks_the_seal(text: Vec<u8>, at: prop::sample::Index, by in 1..=u8::MAX) {
            let place = SealContext::of("revision", &["organiser"]);
            let mut sealed = key().seal(&place, Compressed::new(&text));
            let at = at.index(sealed.len());
            sealed[at] ^= by;
            prop_assert!(matches!(key().open(&place, &sealed), Err(Error::Broken)));
        }

        #[test]
        fn a_cut_text_breaks_the_seal(text: Vec<u8>, length: prop::sample::Index) {
            let place = SealContext::of("revision", &["organiser"]);
            let sealed = key().seal(&place, Compressed::new(&text));
            prop_assert!(matches!(key().open(&place, &sealed[..length.index(sealed.len())]), Err(Error::Broken)));
        }

        #[test]
        fn a_seal_does_not_open_elsewhere(here: Vec<String>, there: Vec<String>) {
            prop_assume!(here != there);
            let place = |path: &[String]| SealContext::of("revision", &path.iter().map(String::as_str).collect::<Vec<_>>());
            let sealed = key().seal(&place(&here), Compressed::new(b"text"));
            prop_assert!(matches!(key().open(&place(&there), &sealed), Err(Error::Broken)));
        }
    }
}
