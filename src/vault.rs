//! The keys of the database: how they are stored, and those that are in memory.
//!
//! Each organiser has a data key; the deployment has one more, for keyed hashes. They lie in the database wrapped by
//! the master key, which comes from the configuration and is nowhere else. Rotating the master key wraps the data keys
//! anew and leaves everything they sealed as it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::ids::OrganiserId;
use crate::random;
use crate::seal::{DataKey, IndexKey, MasterKey, MasterKeys, SealError};
use crate::store::data_keys::{self, DataKeyRow};
use crate::store::{self, Db, Tx};

/// What went wrong with the keys of the database.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A key could not be unwrapped.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The keys could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
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
    pub async fn open(db: &Db, masters: MasterKeys) -> Result<Self, VaultError> {
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
        self.index.row_key()
    }

    /// The key of what belongs to no organiser: sessions, and what a browser carries for us.
    pub fn private(&self) -> DataKey {
        DataKey::private(&self.index)
    }

    /// The organiser's data key, which is made when it has none. Ask before opening a transaction: this may open its
    /// own, and a key that is handed out must be on disk whatever becomes of the caller's.
    pub async fn key(&self, db: &Db, organiser: OrganiserId) -> Result<Arc<DataKey>, VaultError> {
        if let Some(key) = self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&organiser) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(DataKey::of_organiser(&*load(db, &self.masters, &organiser.to_string()).await?));
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(organiser, Arc::clone(&key));
        Ok(key)
    }

    /// The organiser's data key for use within a transaction, which makes it when there is none: for an organiser that
    /// comes to be in the same transaction. It is not remembered, because the transaction may be given up.
    pub async fn key_within(&self, tx: &mut Tx, organiser: OrganiserId) -> Result<DataKey, VaultError> {
        Ok(DataKey::of_organiser(&*create_owner_key(tx, &self.masters, &organiser.to_string()).await?))
    }
}

/// The owner's key, made when there is none.
async fn load(db: &Db, masters: &MasterKeys, owner: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    if let Some(row) = data_keys::find(&mut db.read().await?, owner).await? {
        return Ok(unwrap(masters, &row)?);
    }
    let mut tx = db.write().await?;
    let key = create_owner_key(&mut tx, masters, owner).await?;
    tx.commit().await?;
    Ok(key)
}

/// The owner's key, made within the transaction when there is none.
async fn create_owner_key(tx: &mut Tx, masters: &MasterKeys, owner: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    data_keys::insert(tx, &wrap(&masters.current, owner, &Zeroizing::new(random::bytes()))).await?;
    // Another gateway may have been quicker: what lies there now is the key.
    let row = data_keys::find(tx, owner).await?.ok_or(store::Error::Rows(0))?;
    Ok(unwrap(masters, &row)?)
}

fn wrap(master: &MasterKey, owner: &str, key: &[u8; 32]) -> DataKeyRow {
    DataKeyRow { owner: owner.to_owned(), wrapped: master.wrap(owner, key), master_key_id: master.id() }
}

fn unwrap(masters: &MasterKeys, row: &DataKeyRow) -> Result<Zeroizing<[u8; 32]>, SealError> {
    masters.with_id(&row.master_key_id)?.unwrap(&row.owner, &row.wrapped)
}

/// Whether these master keys open every data key, and how many there are. Makes none.
pub async fn check(db: &Db, masters: &MasterKeys) -> Result<usize, VaultError> {
    let rows = data_keys::list(&mut db.read().await?).await?;
    rows.iter().try_for_each(|row| unwrap(masters, row).map(drop))?;
    Ok(rows.len())
}

/// Wraps every data key anew, in one transaction: how many it wrapped. Those already under `new` stay as they are, so
/// that an interrupted rotation is simply run again. Gateways first get `new` as current and `old` as previous key; the
/// old one is taken away from them afterwards.
pub async fn rotate(tx: &mut Tx, old: &MasterKey, new: &MasterKey) -> Result<usize, VaultError> {
    let keys = MasterKeys { current: new.clone(), previous: Some(old.clone()) };
    let mut rewrapped = 0;
    for row in data_keys::list(tx).await? {
        let key = unwrap(&keys, &row)?;
        if row.master_key_id != new.id() {
            data_keys::rewrap(tx, &old.id(), &wrap(new, &row.owner, &key)).await?;
            rewrapped += 1;
        }
    }
    Ok(rewrapped)
}
