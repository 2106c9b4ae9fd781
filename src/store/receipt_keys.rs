//! The keys that receipts are signed with: the public halves. The private ones are in `data_keys`.

use jiff::Timestamp;

use super::db::{Tx, execute, rows};
use super::error::Error;
use super::integrity::{self, KeyValue, RECEIPT_KEY};
use super::source::{RowSource, all};

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKeyRecord {
    /// The thumbprint of the public key (RFC 7638).
    pub id: String,
    /// The public key: Ed25519, 32 bytes.
    pub public_key: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it signs no more; what it signed stays valid.
    pub retired_at: Option<Timestamp>,
}

const INSERT: &str = "insert into receipt_key (id, public_key, created_at, retired_at) values ($1, $2, $3, null)";
const LIST: &str = "select id, public_key, created_at, retired_at from receipt_key order by created_at, id";
const RETIRE: &str = "update receipt_key set retired_at = $2 where id = $1 and retired_at is null";

/// Stores a new key.
pub async fn insert(tx: &mut Tx, new: &ReceiptKeyRecord) -> Result<(), Error> {
    execute!(tx, INSERT, &new.id, &new.public_key, new.created_at.as_millisecond())?.one()?;
    integrity::seal_new(tx, &RECEIPT_KEY, &[KeyValue::Text(&new.id)]).await
}

/// Every key, the oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<ReceiptKeyRecord>, Error> {
    let found: Vec<ReceiptKeyRecord> = all(rows!(tx, KeyRow, LIST)?)?;
    for key in &found {
        integrity::require(tx, &RECEIPT_KEY, &[KeyValue::Text(&key.id)]).await?;
    }
    Ok(found)
}

/// Ends the use of a key for new signatures; `false` when it has ended already.
pub async fn retire(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, Error> {
    let row = [KeyValue::Text(id)];
    let before = integrity::authenticated_row(tx, &RECEIPT_KEY, &row).await?;
    let retired = execute!(tx, RETIRE, id, at.as_millisecond())?.at_most_one()?;
    integrity::seal(tx, &RECEIPT_KEY, &row, before).await?;
    Ok(retired)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    public_key: Vec<u8>,
    created_at: i64,
    retired_at: Option<i64>,
}

impl TryFrom<KeyRow> for ReceiptKeyRecord {
    type Error = Error;

    fn try_from(row: KeyRow) -> Result<Self, Error> {
        let from = RowSource { table: "receipt_key", id: &row.id };
        let (created_at, retired_at) =
            (from.instant("created_at", row.created_at)?, from.maybe_instant("retired_at", row.retired_at)?);
        Ok(Self { created_at, retired_at, public_key: row.public_key, id: row.id })
    }
}
