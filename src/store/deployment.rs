//! The kind of deployment that the database belongs to: recorded once, never changed.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;

/// The record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DeploymentRecord {
    /// `production` or `sandbox`.
    pub kind: String,
    /// The keyed hash of the kind.
    pub seal: String,
}

const FIND: &str = "select kind, seal from deployment where id = 1";
const INSERT: &str = "insert into deployment (id, kind, seal, recorded_at) values (1, $1, $2, $3) \
                      on conflict do nothing";
const KEY_KINDS: &str = "select distinct kind from api_key order by kind";

/// The record; `None` before the first start.
pub async fn find(tx: &mut Tx) -> Result<Option<DeploymentRecord>, Error> {
    row!(tx, DeploymentRecord, FIND)
}

/// Records the kind; `false` when another gateway has recorded it.
pub async fn insert(tx: &mut Tx, new: &DeploymentRecord, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, INSERT, &new.kind, &new.seal, at.as_millisecond())?.at_most_one()
}

/// The kinds of all issued keys, of all organisers.
pub async fn key_kinds(tx: &mut Tx) -> Result<Vec<String>, Error> {
    Ok(rows!(tx, (String,), KEY_KINDS)?.into_iter().map(|(kind,)| kind).collect())
}
