//! Authentication codes of rows: rows written without the gateway's key are detected.
//!
//! Each row that decides something (rights, addresses to send to, figures that count) has a column `mac`: a keyed hash over
//! its deciding columns and over the rows that belong to it. A row is checked before it is changed, so that a change never
//! gives a forged row a valid code, and each change is recorded in the audit entry of its transaction: the chain contains
//! the current code of each row, so that an older version of a row that is put back is detected as well.

mod load;

pub use self::load::{KeyValue, LoadedRow, missing, of_chain, set_mac};
use super::db::Tx;
use super::error::Error;
pub(super) use super::row_codes::{
    AGENCY_KEY, AGENT, API_KEY, APP_USER, APPLICATION, CLAIM, CLAIM_ACT, COMMUNICATION, CRECHE, CodeMessage, DOCTOR,
    MONTH_CLAIM, MONTH_CLAIM_ACT, ORGANISER, RECEIPT_KEY, REPORT_ATTACHMENT, SESSION, STAFF_MEMBER, STAFF_VALIDATION,
    STATEMENT, STORED_FILE, SUBSIDY_PAYMENT, WEBHOOK_ENDPOINT,
};
pub use super::row_codes::{CHANGES_RECORDED, INPUT_REVISION, Owner, ProtectedTable, REVISION, RowChange, RowState};

/// The state of a row before it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowBefore {
    /// There is no such row.
    Absent,
    /// It has this code, which matches.
    Sound(Vec<u8>),
    /// It does not match its code, and gets no valid code by a change.
    Forged,
    /// No key is installed: nothing is checked.
    Unchecked,
}

/// Checks a row before it is changed.
pub(super) async fn authenticated_row(
    tx: &mut Tx,
    table: &ProtectedTable,
    key: &[KeyValue<'_>],
) -> Result<RowBefore, Error> {
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

/// Fails when the row does not match its code.
pub(super) async fn require(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<(), Error> {
    match authenticated_row(tx, table, key).await? {
        RowBefore::Forged => Err(Error::Forged { table: table.name }),
        RowBefore::Absent | RowBefore::Sound(_) | RowBefore::Unchecked => Ok(()),
    }
}

/// Fails when one of these rows does not match its code. The key of the table is one text. One query for a hundred rows.
pub(super) async fn require_all(tx: &mut Tx, table: &ProtectedTable, ids: &[String]) -> Result<(), Error> {
    if !tx.row_key.is_installed() {
        return Ok(());
    }
    for chunk in ids.chunks(load::CHUNK) {
        for row in load::several(tx, table, chunk).await? {
            require_match(tx, table, &|| row.id.clone(), &row.message, row.mac.as_deref())?;
        }
    }
    Ok(())
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

/// Gives a row its new code after a change, and records the change. `before` is its state before.
pub(super) async fn seal(
    tx: &mut Tx,
    table: &ProtectedTable,
    key: &[KeyValue<'_>],
    before: RowBefore,
) -> Result<(), Error> {
    let old_mac = match before {
        RowBefore::Unchecked | RowBefore::Forged => return Ok(()),
        RowBefore::Absent => None,
        RowBefore::Sound(mac) => Some(mac),
    };
    let Some(row) = load::one(tx, table, key).await? else { return Ok(()) };
    let Some(mac) = tx.row_key.mac(&row.message) else { return Ok(()) };
    if old_mac.as_ref() == Some(&mac) {
        return Ok(());
    }
    load::set(tx, table, key, &mac).await?;
    tx.note_change(&row.owner, RowChange::new(table, &row.id, old_mac.as_deref(), Some(&mac)));
    Ok(())
}

/// Gives a new row its code, and records the insertion.
pub(super) async fn seal_new(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<(), Error> {
    let before = if tx.row_key.is_installed() { RowBefore::Absent } else { RowBefore::Unchecked };
    seal(tx, table, key, before).await
}

/// Records that a whole row was written with its code, replacing one with the code `before`.
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

/// Records that a row with this code was removed.
pub(super) fn removed(tx: &mut Tx, table: &ProtectedTable, owner: &str, id: &str, mac: Option<&[u8]>) {
    removed_of(tx, table, &Owner::Organiser(owner.to_owned()), id, mac);
}

/// As [`removed`], for a row of any owner.
pub(super) fn removed_of(tx: &mut Tx, table: &ProtectedTable, owner: &Owner, id: &str, mac: Option<&[u8]>) {
    if tx.row_key.is_installed() {
        tx.note_change(owner, RowChange::new(table, id, mac, None));
    }
}

/// As [`removed`], for a row of the operator's chain whose key identifies a person.
pub(super) fn removed_by_operator(tx: &mut Tx, table: &ProtectedTable, key: &str, mac: Option<&[u8]>) {
    if tx.row_key.is_installed() {
        let id = load::hidden_id(tx, table, key);
        tx.note_change(&Owner::Operator, RowChange::new(table, &id, mac, None));
    }
}
