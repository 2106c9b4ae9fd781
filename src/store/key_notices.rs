//! Notices of the end of a key that were sent.

use jiff::Timestamp;

use super::db::{Tx, execute, row};
use super::error::Error;
use crate::domain::key::KeyId;
use crate::ids::OrganiserId;

/// A notice: a number of days before an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyNotice {
    /// The key.
    pub key: KeyId,
    /// The end that it announces.
    pub end: Timestamp,
    /// How many days before it.
    pub days: i64,
}

const INSERT: &str = "insert into key_notice (organiser_id, key_id, expires_at, days, at) values ($1, $2, $3, $4, $5) \
                      on conflict do nothing";
const COUNT: &str = "select count(*) from key_notice \
                     where organiser_id = $1 and key_id = $2 and expires_at = $3 and days <= $4";

/// Records that a notice was sent; `false` when it had been.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &KeyNotice, at: Timestamp) -> Result<bool, Error> {
    let (end, at) = (new.end.as_millisecond(), at.as_millisecond());
    execute!(tx, INSERT, organiser.to_string(), new.key.as_str(), end, new.days, at)?.at_most_one()
}

/// Whether this notice was sent, or a later one of the same end.
pub async fn record_notice(tx: &mut Tx, organiser: OrganiserId, notice: &KeyNotice) -> Result<bool, Error> {
    let (organiser, end) = (organiser.to_string(), notice.end.as_millisecond());
    let count = row!(tx, (i64,), COUNT, organiser, notice.key.as_str(), end, notice.days)?;
    Ok(count.is_some_and(|(count,)| count > 0))
}
