//! First answers to requests that were sent with an `Idempotency-Key`.

use jiff::Timestamp;

use super::data_owner::DataOwner;
use super::db::{Tx, execute, row};
use super::error::Error;
use super::limited_delete::limited_delete;
use super::source::{RowSource, optional};

/// The key of a request: whom it concerns, its sender, and the keyed hash of its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The organiser that it concerns, or the agency where that may be several.
    pub owner: DataOwner,
    /// The caller that sent it.
    pub caller: String,
    /// The keyed hash of the header.
    pub hash: String,
}

/// A request, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The keyed hash of the request.
    pub request_hash: String,
    /// The first answer, sealed; `None` while the request is in progress.
    pub answer: Option<Vec<u8>>,
    /// When it began.
    pub at: Timestamp,
}

const FIND: &str = "select request_hash, answer, at from idempotent_request \
                    where organiser_id = $1 and caller = $2 and key_hash = $3";
const INSERT: &str = "insert into idempotent_request (organiser_id, caller, key_hash, request_hash, at) \
                      values ($1, $2, $3, $4, $5) on conflict do nothing";
const ANSWER: &str = "update idempotent_request set answer = $4 \
                      where organiser_id = $1 and caller = $2 and key_hash = $3 and answer is null";
const DELETE: &str = "delete from idempotent_request where organiser_id = $1 and caller = $2 and key_hash = $3 \
                      and at < $4";
const REMOVE_BEFORE: &str = limited_delete!("idempotent_request", "organiser_id, caller, key_hash", "at < $2");

/// The request with this key.
pub async fn find(tx: &mut Tx, key: &RequestKey) -> Result<Option<IdempotentRequest>, Error> {
    optional(row!(tx, RequestRow, FIND, key.owner.name(), &key.caller, &key.hash)?)
}

/// Records that a request has begun; `false` when there is one with this key.
pub async fn insert(tx: &mut Tx, key: &RequestKey, request_hash: &str, at: Timestamp) -> Result<bool, Error> {
    let owner = key.owner.name();
    execute!(tx, INSERT, owner, &key.caller, &key.hash, request_hash, at.as_millisecond())?.at_most_one()
}

/// Stores the first answer; `false` when there is one, or the request was deleted.
pub async fn answer(tx: &mut Tx, key: &RequestKey, sealed: &[u8]) -> Result<bool, Error> {
    execute!(tx, ANSWER, key.owner.name(), &key.caller, &key.hash, sealed)?.at_most_one()
}

/// Deletes the request if it began before `at`; `false` when there is none.
pub async fn delete(tx: &mut Tx, key: &RequestKey, at: Timestamp) -> Result<bool, Error> {
    let owner = key.owner.name();
    execute!(tx, DELETE, owner, &key.caller, &key.hash, at.as_millisecond())?.at_most_one()
}

/// Deletes at most `most` of the owner's requests that began before `at`; returns how many.
pub async fn remove_before(tx: &mut Tx, owner: DataOwner, at: Timestamp, most: i64) -> Result<u64, Error> {
    Ok(execute!(tx, REMOVE_BEFORE, owner.name(), at.as_millisecond(), most)?.any())
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    request_hash: String,
    answer: Option<Vec<u8>>,
    at: i64,
}

impl TryFrom<RequestRow> for IdempotentRequest {
    type Error = Error;

    fn try_from(row: RequestRow) -> Result<Self, Error> {
        let at = RowSource { table: "idempotent_request", id: &row.request_hash }.instant("at", row.at)?;
        Ok(Self { request_hash: row.request_hash, answer: row.answer, at })
    }
}
