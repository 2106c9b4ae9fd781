//! Authentication codes of rows: anybody who writes to the database without the gateway's key is found out.
//!
//! Each row that decides something (who may do what, where something is sent, which figures count) has a column `mac`:
//! a keyed hash over its deciding columns and over the rows that belong to it. A row is checked before it is changed,
//! so that a change never gives a forged row a valid code, and each change is noted in the audit entry of its
//! transaction: the chain says which code each row has now, so that an older row that is put back is found as well.

mod load;

pub use self::load::{KeyValue, LoadedRow, missing, of_chain, set_mac};
use super::db::Tx;
use super::error::Error;
pub(super) use super::row_codes::{
    AGENT, API_KEY, APP_USER, APPLICATION, CRECHE, CodeMessage, DOCTOR, ORGANISER, SESSION, STAFF_MEMBER,
    STAFF_VALIDATION, STATEMENT, WEBHOOK_ENDPOINT,
};
pub use super::row_codes::{CHANGES_RECORDED, INPUT_REVISION, Owner, ProtectedTable, REVISION, RowChange, RowState};

/// How a row stands before it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowBefore {
    /// There is no such row.
    Absent,
    /// It has this code, which is right.
    Sound(Vec<u8>),
    /// It does not match its code. Whatever is changed, it gets no valid one.
    Forged,
    /// No key is installed: nothing is checked.
    Unchecked,
}

/// Looks at a row before it is changed.
pub(super) async fn standing(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<RowBefore, Error> {
    if !tx.row_key.is_installed() {
        return Ok(RowBefore::Unchecked);
    }
    let Some(row) = load::one(tx, table, key).await? else { return Ok(RowBefore::Absent) };
    match row.mac {
        Some(mac) if tx.row_key.matches(&row.message, Some(&mac)) => Ok(RowBefore::Sound(mac)),
        _ => {
            tx.row_key.alert(table.name, &row.id);
            Ok(RowBefore::Forged)
        }
    }
}

/// Fails when the row does not match its code, before it decides anything.
pub(super) async fn require(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<(), Error> {
    match standing(tx, table, key).await? {
        RowBefore::Forged => Err(Error::Forged { table: table.name }),
        RowBefore::Absent | RowBefore::Sound(_) | RowBefore::Unchecked => Ok(()),
    }
}

/// Fails when a row that was read with its code does not match it.
pub(super) fn require_match(
    tx: &Tx,
    table: &ProtectedTable,
    id: &dyn Fn() -> String,
    message: &CodeMessage,
    mac: Option<&[u8]>,
) -> Result<(), Error> {
    if tx.row_key.matches(message, mac) {
        return Ok(());
    }
    tx.row_key.alert(table.name, &id());
    Err(Error::Forged { table: table.name })
}

/// Gives a row its code after it was changed, and notes the change. `before` is how it stood.
pub(super) async fn seal(
    tx: &mut Tx,
    table: &ProtectedTable,
    key: &[KeyValue<'_>],
    before: RowBefore,
) -> Result<(), Error> {
    let old = match before {
        RowBefore::Unchecked | RowBefore::Forged => return Ok(()),
        RowBefore::Absent => None,
        RowBefore::Sound(mac) => Some(mac),
    };
    let Some(row) = load::one(tx, table, key).await? else { return Ok(()) };
    let Some(mac) = tx.row_key.mac(&row.message) else { return Ok(()) };
    if old.as_ref() == Some(&mac) {
        return Ok(());
    }
    load::set(tx, table, key, &mac).await?;
    tx.note_change(&row.owner, RowChange::new(table, &row.id, old.as_deref(), Some(&mac)));
    Ok(())
}

/// Gives a row its code anew whose columns were all written just now from what has a seal of its own, and notes the
/// change: the code that it had until now is still there.
pub(super) async fn reseal(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<(), Error> {
    let Some(row) = load::one(tx, table, key).await? else { return Ok(()) };
    let Some(mac) = tx.row_key.mac(&row.message) else { return Ok(()) };
    load::set(tx, table, key, &mac).await?;
    tx.note_change(&row.owner, RowChange::new(table, &row.id, row.mac.as_deref(), Some(&mac)));
    Ok(())
}

/// Gives a new row its code, and notes that it is there.
pub(super) async fn seal_new(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<(), Error> {
    let before = if tx.row_key.is_installed() { RowBefore::Absent } else { RowBefore::Unchecked };
    seal(tx, table, key, before).await
}

/// Notes that a row was written whole with its code, in the place of one with the code `before`.
pub(super) fn replaced(
    tx: &mut Tx,
    table: &ProtectedTable,
    (owner, id): (&str, &str),
    before: Option<&[u8]>,
    after: Option<&[u8]>,
) {
    if after.is_some() {
        tx.note_change(&Owner::Organiser(owner.to_owned()), RowChange::new(table, id, before, after));
    }
}

/// Notes that a row is gone which stood like this.
pub(super) fn removed(tx: &mut Tx, table: &ProtectedTable, owner: &str, id: &str, mac: Option<&[u8]>) {
    if tx.row_key.is_installed() {
        tx.note_change(&Owner::Organiser(owner.to_owned()), RowChange::new(table, id, mac, None));
    }
}

/// The same of a row that the operator's chain tells of and whose key says who somebody is.
pub(super) fn removed_by_operator(tx: &mut Tx, table: &ProtectedTable, key: &str, mac: Option<&[u8]>) {
    if tx.row_key.is_installed() {
        let id = load::hidden_id(tx, table, key);
        tx.note_change(&Owner::Operator, RowChange::new(table, &id, mac, None));
    }
}
