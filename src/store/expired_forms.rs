//! Forms that were submitted after their session had ended.

use jiff::Timestamp;

use super::db::{Tx, execute, row};
use super::error::Error;
use super::source::RowSource;
use crate::ids::OrganiserId;

/// A form, as stored.
#[derive(Debug, Clone)]
pub struct ExpiredForm {
    /// Keyed hash of the SSIN of the session's user, where that is known.
    pub ssin_hash: Option<String>,
    /// The organiser that the user acted for, where that is known.
    pub organiser: Option<OrganiserId>,
    /// The form, sealed.
    pub sealed: Vec<u8>,
    /// When it was submitted.
    pub at: Timestamp,
}

/// How many forms are stored.
#[derive(Debug, Clone, Copy)]
pub struct FormCounts {
    /// Of one sender.
    pub of_sender: i64,
    /// Of all.
    pub total: i64,
}

const COUNT: &str = "select coalesce(sum(case when sender_hash = $1 then 1 else 0 end), 0), count(*) \
                     from expired_form where at > $2";
const INSERT: &str = "insert into expired_form (id, sender_hash, ssin_hash, organiser_id, sealed, at) \
                      values ($1, $2, $3, $4, $5, $6)";
const FIND: &str = "select ssin_hash, organiser_id, sealed, at from expired_form where id = $1";
const DELETE: &str = "delete from expired_form where id = $1";
const DELETE_BEFORE: &str = "delete from expired_form where at <= $1";

/// How many forms are stored that were submitted after `since`.
pub async fn count(tx: &mut Tx, sender_hash: &str, since: Timestamp) -> Result<FormCounts, Error> {
    let (of_sender, total) = row!(tx, (i64, i64), COUNT, sender_hash, since.as_millisecond())?.unwrap_or((0, 0));
    Ok(FormCounts { of_sender, total })
}

/// Stores a form.
pub async fn insert(tx: &mut Tx, id: &str, sender_hash: &str, form: &ExpiredForm) -> Result<(), Error> {
    let organiser = form.organiser.map(|organiser| organiser.to_string());
    let ExpiredForm { ssin_hash, sealed, at, .. } = form;
    execute!(tx, INSERT, id, sender_hash, ssin_hash, &organiser, sealed, at.as_millisecond())?.one()
}

/// The form with this id.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<ExpiredForm>, Error> {
    let found = row!(tx, (Option<String>, Option<String>, Vec<u8>, i64), FIND, id)?;
    let Some((ssin_hash, organiser, sealed, at)) = found else { return Ok(None) };
    let from = RowSource { table: "expired_form", id };
    let organiser = from.optional("organiser_id", organiser.as_deref())?;
    Ok(Some(ExpiredForm { ssin_hash, organiser, sealed, at: from.instant("at", at)? }))
}

/// Removes the form; `false` when there is none.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<bool, Error> {
    execute!(tx, DELETE, id)?.at_most_one()
}

/// Removes the forms submitted at `at` or before; returns how many.
pub async fn forget(tx: &mut Tx, at: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, DELETE_BEFORE, at.as_millisecond())?.any())
}
