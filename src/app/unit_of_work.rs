//! One write transaction with its audit entries and events: all of them are committed, or none.
//!
//! Every use case writes through a [`UnitOfWork`]. One that recorded nothing is not committed: forgetting the record is
//! an error at the first run, and a test lists the few places that write without one.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;

use super::App;
use super::caller::Caller;
use super::clocks::Clocks;
use super::record::Record;
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditChain, AuditEntry};
use crate::domain::event::Event;
use crate::ids::{EventId, OrganiserId};
use crate::store::records::Records;
use crate::store::verdicts::VerdictRecord;
use crate::store::{self, Db, Tx, WritePurpose, WriteTurn};
use crate::vault::Vault;

/// What a write needs besides its transaction, and its actor.
#[derive(Clone, Copy)]
pub(super) struct WriteContext<'a> {
    /// The database.
    pub(super) db: &'a Db,
    /// The vault, for the audit trail.
    pub(super) vault: &'a Vault,
    /// Machine time, and the business time of each organiser.
    pub(super) clocks: &'a Clocks,
    /// The actor.
    pub(super) actor: &'a Actor,
}

/// A transaction that writes for one organiser, or for the operator, with its records.
pub(super) struct UnitOfWork<'a> {
    tx: Tx,
    vault: &'a Vault,
    clocks: &'a Clocks,
    chain: AuditChain,
    actor: Actor,
    at: Timestamp,
    records: Records,
}

impl App {
    /// Begins a write of the caller for its organiser, which is locked until the write ends.
    ///
    /// # Errors
    /// As [`Db::write_for`].
    pub(super) async fn begin(&self, caller: &Caller, purpose: WritePurpose) -> Result<UnitOfWork<'_>, store::Error> {
        self.begin_as(caller.organiser, &caller.actor(), purpose).await
    }

    /// The same for any other actor.
    pub(super) async fn begin_as(
        &self,
        organiser: OrganiserId,
        actor: &Actor,
        purpose: WritePurpose,
    ) -> Result<UnitOfWork<'_>, store::Error> {
        let tx = self.db.write_for(organiser, purpose).await?;
        Ok(self.unit_of_work(tx, organiser, actor))
    }

    /// The same with the organiser's in-process lock already taken.
    pub(super) async fn begin_in_turn(
        &self,
        turn: &WriteTurn,
        caller: &Caller,
        purpose: WritePurpose,
    ) -> Result<UnitOfWork<'_>, store::Error> {
        let tx = self.db.write_in(WriteTurn::clone(turn), caller.organiser, purpose).await?;
        Ok(self.unit_of_work(tx, caller.organiser, &caller.actor()))
    }

    fn unit_of_work(&self, tx: Tx, organiser: OrganiserId, actor: &Actor) -> UnitOfWork<'_> {
        UnitOfWork::new(tx, (&self.vault, &self.clocks), AuditChain::Organiser(organiser), actor.clone())
    }
}

impl<'a> WriteContext<'a> {
    /// Begins a write for an organiser, which is locked until the write ends.
    ///
    /// # Errors
    /// As [`Db::write_for`].
    pub(super) async fn begin(
        self,
        organiser: OrganiserId,
        purpose: WritePurpose,
    ) -> Result<UnitOfWork<'a>, store::Error> {
        let tx = self.db.write_for(organiser, purpose).await?;
        let services = (self.vault, self.clocks);
        Ok(UnitOfWork::new(tx, services, AuditChain::Organiser(organiser), self.actor.clone()))
    }

    /// Begins a write that belongs to no single organiser: it is recorded in the operator's chain.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn begin_for_operator(self) -> Result<UnitOfWork<'a>, store::Error> {
        let services = (self.vault, self.clocks);
        Ok(UnitOfWork::new(self.db.write().await?, services, AuditChain::Operator, self.actor.clone()))
    }
}

impl Deref for UnitOfWork<'_> {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for UnitOfWork<'_> {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}

impl<'a> UnitOfWork<'a> {
    fn new(tx: Tx, (vault, clocks): (&'a Vault, &'a Clocks), chain: AuditChain, actor: Actor) -> Self {
        // Taken when the organiser is locked: later writes of the organiser have later instants.
        let at = match chain {
            AuditChain::Organiser(organiser) => clocks.of(organiser).now(),
            AuditChain::Operator => clocks.machine().now(),
        };
        Self { tx, vault, clocks, chain, actor, at, records: Records::default() }
    }

    /// The instant of everything that is written, in the business time of the organiser.
    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }

    /// Machine time: for new ids, and for limits.
    pub(super) fn machine(&self) -> &'a dyn Clock {
        self.clocks.machine()
    }

    /// Records what is done: in the audit trail and, where the action has an event, in the organiser's feed.
    pub(super) fn record(&mut self, record: &Record) {
        self.record_in(self.chain, record);
    }

    /// The same in the chain of an organiser, for a write that belongs to several.
    pub(super) fn record_for(&mut self, organiser: OrganiserId, record: &Record) {
        self.record_in(AuditChain::Organiser(organiser), record);
    }

    /// The same in another chain.
    pub(super) fn record_in(&mut self, chain: AuditChain, record: &Record) {
        let entry = record.entry(AuditEntry::new(&self.actor, record.code(), self.at));
        self.records.entries.push((chain, entry));
        self.announce_in(chain, record);
    }

    /// Adds an event without an actor, and so without an audit entry, to the organiser's feed.
    pub(super) fn announce(&mut self, record: &Record) {
        self.announce_in(self.chain, record);
    }

    fn announce_in(&mut self, chain: AuditChain, record: &Record) {
        if let (AuditChain::Organiser(organiser), Some(kind)) = (chain, record.event_type()) {
            let event = record.event(Event::new(EventId::new(self.machine()), kind, self.at));
            self.records.events.push((organiser, event));
        }
    }

    /// Stores the verdict on a deposit of the caller: counts by rule, nothing of its content.
    pub(super) fn record_verdict(&mut self, caller: &Caller, verdict: VerdictRecord) {
        self.records.verdicts.push((caller.organiser, verdict));
    }

    /// Whether anything was recorded so far.
    pub(super) const fn is_recorded(&self) -> bool {
        !self.records.is_empty()
    }

    /// Writes the records and commits.
    ///
    /// # Errors
    /// `Unrecorded` when nothing was recorded, and those of the database. Nothing is changed then.
    pub(super) async fn commit(self) -> Result<(), store::Error> {
        if self.records.is_empty() {
            return Err(store::Error::Unrecorded("this write".to_owned()));
        }
        let due_at = self.machine().now();
        store::records::commit(self.tx, self.vault.index_key(), self.records, due_at).await
    }

    /// Commits without a record, for the reason given at the call.
    pub(super) async fn commit_unrecorded(self) -> Result<(), store::Error> {
        self.tx.commit().await
    }
}
