//! The data keys of the database: stored wrapped, and cached in memory.
//!
//! Each organiser has a data key; the deployment has one more, for keyed hashes. They are stored wrapped by the master key,
//! which is only in the configuration. Rotating the master key wraps the data keys anew and does not change what they
//! sealed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::ids::OrganiserId;
use crate::random;
use crate::seal::{DataKey, IndexKey, MasterKey, MasterKeys, ReceiptKey, SealError};
use crate::store::data_keys::{self, DataKeyRow};
use crate::store::{self, Db, Tx};

/// An error of the database's keys.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A key could not be unwrapped.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The keys could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// All keys, unwrapped when needed.
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
    /// configured, so that this is detected at the start and not at the first request. A new database gets its index key.
    pub async fn open(db: &Db, masters: MasterKeys) -> Result<Self, VaultError> {
        for (id, _) in data_keys::masters(&mut db.read().await?).await? {
            masters.with_id(&id)?;
        }
        let index = IndexKey::new(&*load(db, &masters, DEPLOYMENT).await?);
        Ok(Self { masters, index, keys: Mutex::default() })
    }

    /// The key of keyed hashes.
    pub const fn index_key(&self) -> &IndexKey {
        &self.index
    }

    /// The key of the authentication codes of rows.
    pub fn row_key(&self) -> Zeroizing<[u8; 32]> {
        self.index.row_key()
    }

    /// The key of data of no organiser: sessions, and sealed cookies.
    pub fn deployment_key(&self) -> DataKey {
        DataKey::private(&self.index)
    }

    /// The organiser's data key, created when it has none. To be called before a transaction is opened: this may open its
    /// own, so that a returned key is on disk even when the caller's transaction is rolled back.
    pub async fn organiser_key(&self, db: &Db, organiser: OrganiserId) -> Result<Arc<DataKey>, VaultError> {
        if let Some(key) = self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&organiser) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(DataKey::of_organiser(&*load(db, &self.masters, &organiser.to_string()).await?));
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(organiser, Arc::clone(&key));
        Ok(key)
    }

    /// The organiser's data key for use within a transaction, created when there is none: for an organiser that is inserted
    /// in the same transaction. Not cached, because the transaction may be rolled back.
    pub async fn organiser_key_in_tx(&self, tx: &mut Tx, organiser: OrganiserId) -> Result<DataKey, VaultError> {
        Ok(DataKey::of_organiser(&*create_owner_key(tx, &self.masters, &organiser.to_string()).await?))
    }
}

/// What a key of receipts is stored under among the data keys.
fn receipt_owner(id: &str) -> String {
    format!("receipts {id}")
}

impl Vault {
    /// Makes a key of receipts and stores it, wrapped.
    pub async fn create_receipt_key(&self, tx: &mut Tx) -> Result<ReceiptKey, VaultError> {
        let seed = Zeroizing::new(random::bytes());
        let key = ReceiptKey::from_seed(&seed);
        data_keys::insert(tx, &wrap(&self.masters.current, &receipt_owner(&key.public().id()), &seed)).await?;
        Ok(key)
    }

    /// The private half of a key of receipts; `None` when there is none with this id.
    pub async fn receipt_key(&self, tx: &mut Tx, id: &str) -> Result<Option<ReceiptKey>, VaultError> {
        let Some(row) = data_keys::find(tx, &receipt_owner(id)).await? else { return Ok(None) };
        Ok(Some(ReceiptKey::from_seed(&unwrap(&self.masters, &row)?)))
    }
}

/// The owner's key, created when there is none.
async fn load(db: &Db, masters: &MasterKeys, owner: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    if let Some(row) = data_keys::find(&mut db.read().await?, owner).await? {
        return Ok(unwrap(masters, &row)?);
    }
    let mut tx = db.write().await?;
    let key = create_owner_key(&mut tx, masters, owner).await?;
    tx.commit().await?;
    Ok(key)
}

/// The owner's key, created within the transaction when there is none.
async fn create_owner_key(tx: &mut Tx, masters: &MasterKeys, owner: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    data_keys::insert(tx, &wrap(&masters.current, owner, &Zeroizing::new(random::bytes()))).await?;
    // Another gateway may have stored one first: the stored one is the key.
    let row = data_keys::find(tx, owner).await?.ok_or(store::Error::Rows(0))?;
    Ok(unwrap(masters, &row)?)
}

fn wrap(master: &MasterKey, owner: &str, key: &[u8; 32]) -> DataKeyRow {
    DataKeyRow { owner: owner.to_owned(), wrapped: master.wrap(owner, key), master_key_id: master.id() }
}

fn unwrap(masters: &MasterKeys, row: &DataKeyRow) -> Result<Zeroizing<[u8; 32]>, SealError> {
    masters.with_id(&row.master_key_id)?.unwrap(&row.owner, &row.wrapped)
}

/// Checks that these master keys unwrap every data key, and returns how many there are. Creates none.
pub async fn check_unwraps(db: &Db, masters: &MasterKeys) -> Result<usize, VaultError> {
    let rows = data_keys::list(&mut db.read().await?).await?;
    rows.iter().try_for_each(|row| unwrap(masters, row).map(drop))?;
    Ok(rows.len())
}

/// Wraps every data key anew, in one transaction; returns how many. Those already wrapped by `new` are skipped, so that an
/// interrupted rotation can be run again. Gateways first get `new` as current and `old` as previous key; the old one is
/// removed from their configuration afterwards.
pub async fn rewrap_all(tx: &mut Tx, old: &MasterKey, new: &MasterKey) -> Result<usize, VaultError> {
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
