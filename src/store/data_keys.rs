//! Data keys, wrapped: one per owner. Only `vault` can unwrap them.

use super::db::{Tx, execute, row, rows};
use super::error::Error;

/// A wrapped key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DataKeyRow {
    /// Whose data it seals: an organiser's id, or `deployment`.
    pub owner: String,
    /// The key, encrypted.
    pub wrapped: Vec<u8>,
    /// The master key that unwraps it.
    pub master_key_id: String,
}

const INSERT: &str = "insert into data_key (owner, wrapped, master_key_id) values ($1, $2, $3) on conflict do nothing";
const FIND: &str = "select owner, wrapped, master_key_id from data_key where owner = $1";
const LIST: &str = "select owner, wrapped, master_key_id from data_key order by owner";
const MASTERS: &str = "select master_key_id, count(*) from data_key group by master_key_id order by master_key_id";
const REWRAP: &str = "update data_key set wrapped = $3, master_key_id = $4 where owner = $1 and master_key_id = $2";

/// Stores a new key; `false` when the owner has one.
pub async fn insert(tx: &mut Tx, new: &DataKeyRow) -> Result<bool, Error> {
    execute!(tx, INSERT, &new.owner, &new.wrapped, &new.master_key_id)?.at_most_one()
}

/// The owner's key.
pub async fn find(tx: &mut Tx, owner: &str) -> Result<Option<DataKeyRow>, Error> {
    row!(tx, DataKeyRow, FIND, owner)
}

/// Every key, for rotation.
pub async fn list(tx: &mut Tx) -> Result<Vec<DataKeyRow>, Error> {
    rows!(tx, DataKeyRow, LIST)
}

/// The ids of the master keys that wrap data keys, with how many each wraps.
pub async fn masters(tx: &mut Tx) -> Result<Vec<(String, i64)>, Error> {
    rows!(tx, (String, i64), MASTERS)
}

/// Replaces the owner's wrapped key; `old` is the master key that wraps it now.
pub async fn rewrap(tx: &mut Tx, old: &str, new: &DataKeyRow) -> Result<(), Error> {
    execute!(tx, REWRAP, &new.owner, old, &new.wrapped, &new.master_key_id)?.one()
}
