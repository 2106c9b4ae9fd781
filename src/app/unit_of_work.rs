//! One write transaction with its audit entries and events: all of them are committed, or none.
//!
//! Every use case writes through a [`UnitOfWork`]. One that recorded nothing is not committed: forgetting the record is
//! an error at the first run, and a test lists the few places that write without one.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;

use super::App;
use super::caller::Caller;
use super::clocks::Clocks;
use super::record::{Record, VerdictContent};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditChain, AuditEntry};
use crate::domain::deposit::DepositSubject;
use crate::domain::event::Event;
use crate::domain::statement::Channel;
use crate::ids::{EventId, OrganiserId};
use crate::store::records::Records;
use crate::store::{self, Db, Tx, WritePurpose, WriteTurn};
use crate::vault::Vault;

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

/// What a unit of work needs besides its transaction.
type Services<'a> = (&'a Vault, &'a Clocks);

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
        UnitOfWork::begin(&self.db, self.services(), (organiser, actor), purpose).await
    }

    /// The same for a write that is collected ([`Db::collect_for`]), in the organiser's in-process lock where it is already
    /// taken.
    pub(super) async fn collect(
        &self,
        turn: Option<&WriteTurn>,
        caller: &Caller,
        purpose: WritePurpose,
    ) -> Result<UnitOfWork<'_>, store::Error> {
        self.collect_as(turn, (caller.organiser, caller.actor()), purpose).await
    }

    async fn collect_as(
        &self,
        turn: Option<&WriteTurn>,
        (organiser, actor): (OrganiserId, Actor),
        purpose: WritePurpose,
    ) -> Result<UnitOfWork<'_>, store::Error> {
        let tx = self.db.collect_for(turn.cloned(), organiser, purpose).await?;
        Ok(UnitOfWork::new(tx, self.services(), AuditChain::Organiser(organiser), actor))
    }

    /// Records an access; the result is returned only once that is committed.
    pub(super) async fn record_access(
        &self,
        organiser: OrganiserId,
        actor: &Actor,
        record: &Record,
    ) -> Result<(), store::Error> {
        let mut work = self.collect_as(None, (organiser, actor.clone()), WritePurpose::RecordOnly).await?;
        work.record(record);
        work.commit().await
    }

    fn services(&self) -> Services<'_> {
        (&self.vault, &self.clocks)
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
    /// Begins a write for an organiser, which is locked until the write ends.
    ///
    /// # Errors
    /// As [`Db::write_for`].
    pub(super) async fn begin(
        db: &Db,
        services: Services<'a>,
        (organiser, actor): (OrganiserId, &Actor),
        purpose: WritePurpose,
    ) -> Result<Self, store::Error> {
        let tx = db.write_for(organiser, purpose).await?;
        Ok(Self::new(tx, services, AuditChain::Organiser(organiser), actor.clone()))
    }

    /// Begins a write that belongs to no single organiser: it is recorded in the operator's chain.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn begin_for_operator(
        db: &Db,
        services: Services<'a>,
        actor: &Actor,
    ) -> Result<Self, store::Error> {
        Ok(Self::new(db.write().await?, services, AuditChain::Operator, actor.clone()))
    }

    /// The same for what the agency does, at an instant of its business time.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn begin_for_agency(
        db: &Db,
        (vault, clocks): Services<'a>,
        actor: &Actor,
    ) -> Result<Self, store::Error> {
        let work = Self::begin_for_operator(db, (vault, clocks), actor).await?;
        Ok(Self { at: clocks.agency_clock().now(), ..work })
    }

    fn new(tx: Tx, (vault, clocks): Services<'a>, chain: AuditChain, actor: Actor) -> Self {
        // Taken in the organiser's turn, or when it is locked: its later writes have later instants.
        let at = match chain {
            AuditChain::Organiser(organiser) => clocks.business_clock(organiser).now(),
            AuditChain::Operator => clocks.machine().now(),
        };
        Self { tx, vault, clocks, chain, actor, at, records: Records::default() }
    }

    /// The instant of everything that is written, in the business time of the organiser or of the agency.
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
        let entry = record.entry(AuditEntry::new(&self.actor, record.code(), self.at_in(chain)));
        self.records.entries.push((chain, entry));
        self.publish_in(chain, record);
    }

    /// Adds an event without an actor, and so without an audit entry, to the organiser's feed.
    pub(super) fn announce(&mut self, record: &Record) {
        self.publish_in(self.chain, record);
    }

    /// The same in the feed of an organiser, for a write that belongs to several.
    pub(super) fn announce_for(&mut self, organiser: OrganiserId, record: &Record) {
        self.publish_in(AuditChain::Organiser(organiser), record);
    }

    /// The instant of what is recorded in a chain: in the business time of its organiser.
    fn at_in(&self, chain: AuditChain) -> Timestamp {
        match chain {
            AuditChain::Organiser(other) if chain != self.chain => self.clocks.business_clock(other).now(),
            _ => self.at,
        }
    }

    /// Adds the event to the organiser's feed, and the entry to the agency's, where the action has them.
    fn publish_in(&mut self, chain: AuditChain, record: &Record) {
        let AuditChain::Organiser(organiser) = chain else { return };
        let at = self.at_in(chain);
        self.records.agency_changes.extend(record.agency_change(organiser, at));
        if let Some(kind) = record.event_type() {
            let event = record.event(Event::new(EventId::new(self.machine()), kind, at));
            self.records.events.push((organiser, event));
        }
    }

    /// Records the verdict on a deposit of the caller: counts by rule, nothing of its content.
    pub(super) fn record_verdict(
        &mut self,
        app: &App,
        caller: &Caller,
        deposit: (DepositSubject, Channel),
        content: VerdictContent<'_>,
    ) -> Result<(), store::Error> {
        let verdict = content.verdict(app, caller, self.at, deposit)?;
        caller.outcome.set_verdict(verdict.id);
        self.records.verdicts.push((caller.organiser, verdict));
        Ok(())
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
