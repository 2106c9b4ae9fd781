//! What a write leaves behind besides the change itself, written with its commit: verdicts, audit entries, events.

use jiff::Timestamp;

use super::agency_changes::AgencyChange;
use super::audit::{self, ChainLink};
use super::audit_hash::{entry_hash, head_seal};
use super::db::Tx;
use super::error::Error;
use super::verdicts::VerdictRecord;
use super::{agency_changes, events, verdicts};
use crate::domain::audit::{AuditChain, AuditEntry};
use crate::domain::event::Event;
use crate::ids::OrganiserId;
use crate::seal::IndexKey;

/// The records of one write, in the order in which they are written.
#[derive(Debug, Default)]
pub struct Records {
    /// Verdicts on deposits.
    pub verdicts: Vec<(OrganiserId, VerdictRecord)>,
    /// Audit entries, each in its chain.
    pub entries: Vec<(AuditChain, AuditEntry)>,
    /// Events of feeds.
    pub events: Vec<(OrganiserId, Event)>,
    /// Entries of the agency's feed.
    pub agency_changes: Vec<AgencyChange>,
}

impl Records {
    /// Whether there is nothing.
    pub const fn is_empty(&self) -> bool {
        self.verdicts.is_empty() && self.entries.is_empty() && self.events.is_empty()
    }
}

/// Writes the records and commits the transaction. Deliveries of the events are due at `due_at`, in machine time.
///
/// # Errors
/// Those of the database; `Unrecorded` when a row with an authentication code was changed and no entry is written; `Changed`
/// when what a collected statement was made for has changed. Nothing is changed then.
pub async fn commit(mut tx: Tx, index: &IndexKey, records: Records, due_at: Timestamp) -> Result<(), Error> {
    let collected = tx.collected();
    let changes: Vec<_> = records.entries.iter().map(|(chain, _)| audit::take_changes(&mut tx, *chain)).collect();
    loop {
        for ((chain, entry), changes) in records.entries.iter().zip(&changes) {
            add_entry(&mut tx, index, *chain, entry.clone(), changes.clone()).await?;
        }
        for (organiser, verdict) in &records.verdicts {
            verdicts::insert(&mut tx, *organiser, verdict);
        }
        for (organiser, event) in &records.events {
            events::append(&mut tx, *organiser, event, due_at);
        }
        // Last: from here on no other claim or payment of any organiser is written.
        agency_changes::append_all(&mut tx, &records.agency_changes);
        match tx.try_commit().await {
            // Another process has written to the chain: its end is read again, within the transaction.
            Err(Error::HeadMoved) if !tx.has_begun() => tx.forget_heads(collected),
            Err(error) => return Err(error),
            Ok(()) => {
                tx.committed();
                return Ok(());
            }
        }
    }
}

/// Records an entry in the transaction, so that what is done and what is recorded stand or fall together: its number.
/// Another transaction that records in the same chain waits until this one ends.
pub async fn record_entry(tx: &mut Tx, index: &IndexKey, chain: AuditChain, entry: AuditEntry) -> Result<u64, Error> {
    let changes = audit::take_changes(tx, chain);
    add_entry(tx, index, chain, entry, changes).await
}

/// Adds an entry to the end of the chain: its number.
async fn add_entry(
    tx: &mut Tx,
    index: &IndexKey,
    chain: AuditChain,
    entry: AuditEntry,
    changes: Option<String>,
) -> Result<u64, Error> {
    let head = audit::lock_head(tx, chain).await?;
    let number = head.number + 1;
    let hash = entry_hash(index, chain, number, &entry, changes.as_deref(), &head.hash);
    let seal = head_seal(index, chain, number, &hash);
    audit::append(tx, chain, ChainLink { number, entry, previous_hash: head.hash, changes, hash }, seal);
    Ok(number)
}
