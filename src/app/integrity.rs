//! Authentication codes of rows: computing the first ones, and comparing all of them with the audit trail.
//!
//! The chains of audit entries record the code of each row. A row whose content does not match its code was not written
//! by the gateway; one that matches an older code was restored from an earlier state; one that the chain records and
//! that does not exist was removed.

mod accept;

use std::collections::HashMap;
use std::fmt;

pub use self::accept::{AcceptedRows, accept, authenticate_once};
use super::audit::{self, ChainBreak, ROWS_AUTHENTICATED};
use crate::domain::audit::AuditChain;
use crate::seal::IndexKey;
use crate::store::audit::ChainLink;
use crate::store::integrity::{CHANGES_RECORDED, INPUT_REVISION, LoadedRow, REVISION, RowChange, RowState, of_chain};
use crate::store::{self, Db, Tx};

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    /// It has no code.
    NoCode,
    /// Its content does not match its code.
    Altered,
    /// It matches an older code than the one in the audit trail.
    PutBack,
    /// The audit trail records its removal.
    NotRecorded,
    /// It is in the audit trail and does not exist.
    Removed,
    /// The audit entry of this number records another previous state than the entry before it.
    ChangedFromOther(u64),
    /// Events are missing, or the last one is not the recorded last one.
    Events,
    /// Revisions of a statement are missing, or the current one is not the last.
    Revisions,
}

impl fmt::Display for Forgery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCode => f.write_str("has no authentication code"),
            Self::Altered => f.write_str("was altered outside the gateway"),
            Self::PutBack => f.write_str("was put back to an earlier state"),
            Self::NotRecorded => f.write_str("is there although the audit trail does not know it: it was put back"),
            Self::Removed => f.write_str("was removed outside the gateway"),
            Self::ChangedFromOther(number) => {
                write!(f, "had been put back to an earlier state when entry {number} changed it")
            }
            Self::Events => f.write_str("lacks an event, or counts others than it has"),
            Self::Revisions => f.write_str("does not point to the last of its revisions, or lacks one"),
        }
    }
}

/// A row that was not written by the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrityFinding {
    /// The name of the chain that records the row.
    pub chain: String,
    /// The table and the row's id.
    pub row: String,
    /// What is wrong.
    pub forgery: Forgery,
}

/// The result of a check of every row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IntegrityReport {
    /// How many rows were checked.
    pub rows: u64,
    /// The broken chains: what they record of rows is not reliable.
    pub broken: Vec<(AuditChain, ChainBreak)>,
    /// The rows that were not written by the gateway.
    pub findings: Vec<IntegrityFinding>,
}

/// Compares every row that has an authentication code with its code and with the audit trail. `db` must authenticate
/// rows.
pub async fn verify_rows(db: &Db, index: &IndexKey) -> Result<IntegrityReport, store::Error> {
    // One transaction: concurrent writes are not visible.
    let tx = &mut db.read().await?;
    let organisers = store::organisers::list(tx).await?;
    let mut examined = IntegrityReport::default();
    for chain in
        std::iter::once(AuditChain::Operator).chain(organisers.iter().map(|known| AuditChain::Organiser(known.id)))
    {
        examine_chain(tx, index, chain, &mut examined).await?;
    }
    Ok(examined)
}

async fn examine_chain(
    tx: &mut Tx,
    index: &IndexKey,
    chain: AuditChain,
    examined: &mut IntegrityReport,
) -> Result<(), store::Error> {
    let mut recorded = AuditedRows::default();
    if let Err(broken) = audit::verify_entries(tx, index, chain, |link| recorded.apply_link(link)).await? {
        examined.broken.push((chain, broken));
    }
    let AuditedRows { mut rows, jumps } = recorded;
    let mut found: Vec<(String, Forgery)> =
        jumps.into_iter().map(|(row, number)| (row, Forgery::ChangedFromOther(number))).collect();
    for table in CHANGES_RECORDED {
        for row in of_chain(tx, table, chain).await? {
            let name = format!("{} {}", table.code_name, row.id);
            let known = rows.remove(&name);
            examined.rows += 1;
            found.extend(forgery(tx, &row, known).map(|forgery| (name, forgery)));
        }
    }
    found.extend(rows.into_keys().map(|row| (row, Forgery::Removed)));
    if let AuditChain::Organiser(id) = chain {
        for table in [&REVISION, &INPUT_REVISION] {
            for row in of_chain(tx, table, chain).await? {
                examined.rows += 1;
                let known = Some(row.state());
                found.extend(
                    forgery(tx, &row, known).map(|forgery| (format!("{} {}", table.code_name, row.id), forgery)),
                );
            }
        }
        if !store::events::are_whole(tx, id).await? {
            found.push((format!("organiser {id}"), Forgery::Events));
        }
        let astray = store::statements::broken_chains(tx, id).await?;
        found.extend(astray.into_iter().map(|id| (format!("statement {id}"), Forgery::Revisions)));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let chain = chain.name();
    examined.findings.extend(found.into_iter().map(|(row, forgery)| IntegrityFinding {
        chain: chain.clone(),
        row,
        forgery,
    }));
    Ok(())
}

/// What is wrong with a row; `known` is its state in the audit trail.
fn forgery(tx: &Tx, row: &LoadedRow, known: Option<RowState>) -> Option<Forgery> {
    match known {
        _ if row.mac.is_none() => Some(Forgery::NoCode),
        _ if !row.is_sound(tx) => Some(Forgery::Altered),
        None => Some(Forgery::NotRecorded),
        Some(state) if state != row.state() => Some(Forgery::PutBack),
        Some(_) => None,
    }
}

/// The states of rows that a chain records.
#[derive(Default)]
struct AuditedRows {
    /// The state of each existing row.
    rows: HashMap<String, RowState>,
    /// Rows whose previous state in an entry is not the state of the entry before it.
    jumps: Vec<(String, u64)>,
}

impl AuditedRows {
    fn apply_link(&mut self, link: &ChainLink) {
        // Such an entry lists the state of every row and replaces what was before.
        let anew = link.entry.action == ROWS_AUTHENTICATED;
        if anew {
            self.rows.clear();
            self.jumps.clear();
        }
        let changes = link.changes.iter().flat_map(|changes| changes.lines()).filter_map(RowChange::parse);
        for RowChange { row, before, after } in changes {
            let known = match after {
                Some(_) => self.rows.insert(row.clone(), after),
                None => self.rows.remove(&row),
            };
            if !anew && known.flatten() != before {
                self.jumps.push((row, link.number));
            }
        }
    }
}
