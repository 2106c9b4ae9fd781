//! Log-in attempts that were finished.

use jiff::Timestamp;

use super::db::{Tx, execute, row};
use super::error::Error;

const IS_USED: &str = "select count(*) from login_attempt where id = $1";
const INSERT: &str = "insert into login_attempt (id, used_at) values ($1, $2) on conflict do nothing";
const DELETE_BEFORE: &str = "delete from login_attempt where used_at < $1";

/// Whether the attempt was finished before.
pub async fn is_used(tx: &mut Tx, id: &str) -> Result<bool, Error> {
    Ok(row!(tx, (i64,), IS_USED, id)?.is_some_and(|(count,)| count > 0))
}

/// Records that the attempt is finished; `false` when it was before.
pub async fn insert(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, INSERT, id, at.as_millisecond())?.at_most_one()
}

/// Deletes the attempts that were finished before `before`; returns how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, DELETE_BEFORE, before.as_millisecond())?.any())
}
