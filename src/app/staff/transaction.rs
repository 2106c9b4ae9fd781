//! The register laid open: who is held, what a document may speak of, and how it is written.
//!
//! Persons are read and opened before the transaction that writes begins, in the organiser's turn: nobody else in this
//! process changes them meanwhile, and where another gateway did, they are read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

pub(super) use super::opened_register::RegisterExtent;
use super::opened_register::{OpenedRegister, place};
use super::{StaffError, StaffPerson};
use crate::app::App;
use crate::app::audit;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::{Recorder, VerdictContent};
use crate::domain::audit::{AuditChain, AuditEntry};
use crate::domain::caps::CapKind;
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::event::{Event, EventType};
use crate::domain::finding::{Finding, Findings};
use crate::domain::key::Scope;
use crate::domain::ssin::Ssin;
use crate::domain::staff::{Context, CrecheNames as Creche, Member, StoredPerson};
use crate::domain::statement::Channel;
use crate::domain::text::spelling;
use crate::ids::{CrecheId, EventId, OrganiserId, StaffMemberId};
use crate::seal::{Compressed, DataKey, IndexKey};
use crate::store::creches::CrecheRecord;
use crate::store::staff::StaffMember as Row;
use crate::store::{self, Tx, WritePurpose};

/// How often the register is read again when another gateway changed it meanwhile, before the sender is told to come back.
const ATTEMPTS: usize = 5;

/// The register of the caller's organiser, held by one transaction.
pub(super) struct RegisterTransaction<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) tx: Tx,
    pub(super) creches: Vec<Creche>,
    /// Whether the caller reaches every crèche.
    is_whole: bool,
    /// Every person, whole.
    pub(super) held: Vec<StoredPerson>,
    /// The persons as the caller sees them; none where the caller reaches every crèche and so sees `held`.
    seen: Option<Vec<StoredPerson>>,
    rows: Vec<Row>,
    key: Arc<DataKey>,
    pub(super) at: Timestamp,
    /// The crèches of the persons that were written, before and after.
    concerned: BTreeSet<CrecheId>,
}

impl<'a> RegisterTransaction<'a> {
    /// Opens as much of the register for a transaction that changes the database so.
    pub(super) async fn open(
        app: &'a App,
        caller: &'a Caller,
        extent: RegisterExtent,
        growth: WritePurpose,
    ) -> Result<Self, InternalError> {
        let key = app.vault.key(&app.db, caller.organiser).await?;
        for _ in 0..ATTEMPTS {
            let turn = app.db.turn(caller.organiser).await?;
            let opened = OpenedRegister::read(app, caller.organiser, &key, extent).await?;
            let mut tx = app.db.write_in(turn, caller.organiser, growth).await?;
            let now = store::staff::register(&mut tx, caller.organiser).await?;
            if now.map_or(0, |register| register.revision) == opened.revision {
                return Self::of(app, caller, tx, key, opened).await;
            }
        }
        Err(store::Error::Busy.into())
    }

    async fn of(
        app: &'a App,
        caller: &'a Caller,
        mut tx: Tx,
        key: Arc<DataKey>,
        OpenedRegister { rows, held, .. }: OpenedRegister,
    ) -> Result<Self, InternalError> {
        let creche = |found: CrecheRecord| Creche { id: found.id, one_number: found.one_number, name: found.name };
        let mut creches: Vec<_> =
            store::creches::list(&mut tx, caller.organiser).await?.into_iter().map(creche).collect();
        let all = creches.len();
        creches.retain(|creche| caller.reaches(creche.id));
        let is_whole = creches.len() == all;
        let seen = (!is_whole).then(|| held.iter().filter_map(|known| seen_by(caller, known)).collect());
        Ok(Self {
            app,
            caller,
            tx,
            creches,
            is_whole,
            held,
            seen,
            rows,
            key,
            at: app.clock.now(),
            concerned: BTreeSet::new(),
        })
    }

    /// The persons as the caller sees them.
    pub(super) fn visible_persons(&self) -> &[StoredPerson] {
        self.seen.as_deref().unwrap_or(&self.held)
    }

    /// What the rules may know.
    pub(super) fn context(&self) -> Context<'_> {
        let mut context = Context::default();
        context.today = Some(self.app.clock.today());
        context.creches = Some(&self.creches);
        context.documents = self.caller.may(Scope::StaffDocumentsWrite);
        context.help_desk = &self.app.staff.help_desk;
        context.holding(self.visible_persons())
    }

    /// A person, as callers see one.
    pub(super) fn person(&self, at: usize) -> StaffPerson {
        let Row { id, created_at, version, .. } = self.rows[at];
        StaffPerson { id, member: self.held[at].member.clone(), created_at, version }.within_reach(self.caller)
    }

    /// Where a person is in the register, if the caller may see the person.
    pub(super) fn position_of(&self, id: StaffMemberId) -> Result<usize, StaffError> {
        let at = self.held.iter().position(|known| known.id == id && known.member.is_within(self.caller.reach()));
        at.ok_or(StaffError::NoMember(id))
    }

    /// Whether the caller reaches the whole register.
    pub(super) fn require_whole_reach(&self) -> Result<(), StaffError> {
        if self.is_whole { Ok(()) } else { Err(StaffError::NotWhole) }
    }

    /// Whether the caller reaches the whole register.
    pub(super) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Writes a person: a new one, or in the place of the one held at `at`. Gives the id.
    pub(super) async fn store_person(
        &mut self,
        member: &Member,
        at: Option<usize>,
    ) -> Result<StaffMemberId, StaffError> {
        let new = || (StaffMemberId::new(&*self.app.clock), self.at, None);
        let old = |at: usize| (self.rows[at].id, self.rows[at].created_at, Some(self.rows[at].version));
        let (id, created_at, version) = at.map_or_else(new, old);
        let keeping = PersonWriter { app: self.app, organiser: self.caller.organiser, key: &self.key };
        let row = keeping.row(member, id, created_at, version)?;
        let before = at.map(|at| &self.held[at].member);
        keeping.write(&mut self.tx, member, &row, before).await?;
        self.add_event_creches(at, member);
        let known = StoredPerson { id, member: member.clone() };
        if let Some(at) = at {
            (self.rows[at], self.held[at]) = (Row { version: row.version + 1, ..row }, known);
        } else {
            self.rows.push(row);
            self.held.push(known);
        }
        Ok(id)
    }

    /// Writes persons as [`Self::store_person`] does, in few statements however many they are.
    pub(super) async fn keep_all(&mut self, members: &[(&Member, Option<usize>)]) -> Result<(), StaffError> {
        for (member, at) in members {
            self.add_event_creches(*at, member);
        }
        let keeping = PersonWriter { app: self.app, organiser: self.caller.organiser, key: &self.key };
        let (mut new, mut changed, mut posts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut known, mut respelled) = (BTreeMap::new(), Vec::new());
        for (member, at) in members {
            let old = at.map(|at| &self.rows[at]);
            let id = old.map_or_else(|| StaffMemberId::new(&*self.app.clock), |old| old.id);
            let row = keeping.row(member, id, old.map_or(self.at, |old| old.created_at), old.map(|old| old.version))?;
            if let Some(name) = keeping.known_name(member, &row, at.map(|at| &self.held[at].member)) {
                if name.name == name.former { drop(known.insert(name.ssin, name.name)) } else { respelled.push(name) }
            }
            posts.extend(member.posts().into_iter().map(|post| (id, post)));
            if old.is_some() { changed.push(row) } else { new.push(row) }
        }
        let (tx, organiser) = (&mut self.tx, self.caller.organiser);
        store::staff::know_all(tx, &known).await?;
        for NameHashes { ssin, name, former } in &respelled {
            store::staff::know(tx, ssin, name, former).await?;
        }
        store::staff::insert_all(tx, organiser, &new, self.at).await?;
        for row in &changed {
            if !store::staff::update(tx, organiser, row, self.at).await? {
                return Err(store::Error::Rows(0).into());
            }
        }
        let changed: Vec<_> = changed.iter().map(|row| row.id).collect();
        store::staff::clear_all_posts(tx, organiser, &changed).await?;
        store::staff::add_all_posts(tx, organiser, &posts).await?;
        let written: Vec<_> = new.iter().map(|row| row.id).chain(changed).collect();
        Ok(store::staff::authenticate_all(tx, &written).await?)
    }

    /// The event of this write also concerns the crèches of a person, before and after.
    fn add_event_creches(&mut self, at: Option<usize>, member: &Member) {
        let before = at.map(|at| self.held[at].member.creches()).unwrap_or_default();
        self.concerned.extend(before.into_iter().chain(member.creches()));
    }

    /// The register has changed: a new revision, told to the organiser's feed.
    pub(super) async fn changed(&mut self, action: &str, member: Option<StaffMemberId>) -> Result<u64, StaffError> {
        store::staff::increment_revision(&mut self.tx, self.caller.organiser, self.at).await?;
        let revision = self.revision().await?;
        self.record(action, member).await?;
        self.record_event(EventType::StaffChanged, member.map(|id| id.to_string()), Some(revision)).await?;
        Ok(revision)
    }

    /// The register is said to be right for a crèche: told to the organiser's feed.
    pub(super) async fn validated(&mut self, creche: CrecheId) -> Result<(), StaffError> {
        let recorder = Recorder::new(self.app, self.caller);
        recorder.audit(&mut self.tx, "staffRegister.validated", Some(creche), None).await?;
        let revision = u32::try_from(self.revision().await?).ok();
        let event = Event { revision, ..recorder.now(EventType::StaffValidated).of(creche) };
        Ok(recorder.event(&mut self.tx, event).await?)
    }

    /// Leaves the verdict on what was sent.
    pub(super) async fn verdict(&mut self, channel: Channel, end: VerdictContent<'_>) -> Result<(), InternalError> {
        let recorder = Recorder { app: self.app, caller: self.caller, at: self.at };
        recorder.verdict(&mut self.tx, DepositSubject::StaffRegister, channel, end).await
    }

    /// Leaves the verdict on what was not refused; where nothing was written, the revision is the one that is there.
    pub(super) async fn record_acceptance(
        &mut self,
        channel: Channel,
        outcome: DepositOutcome,
        warnings: &Findings,
        revision: u64,
    ) -> Result<(), InternalError> {
        let revision = u32::try_from(revision).ok().filter(|_| outcome != DepositOutcome::DryRun);
        self.verdict(channel, VerdictContent { outcome, findings: warnings, revision }).await
    }

    /// A register was refused: told to the organiser's feed.
    pub(super) async fn refused(&mut self) -> Result<(), InternalError> {
        self.record("staffRegister.refused", None).await?;
        self.record_event(EventType::StaffRefused, None, None).await
    }

    async fn record_event(
        &mut self,
        kind: EventType,
        subject: Option<String>,
        revision: Option<u64>,
    ) -> Result<(), InternalError> {
        let event = Event::new(EventId::new(&*self.app.clock), kind, self.at);
        let revision = revision.and_then(|revision| u32::try_from(revision).ok());
        let concerned = std::mem::take(&mut self.concerned).into_iter().collect();
        let event = Event { subject, revision, ..event.with_creches(concerned) };
        store::events::append(&mut self.tx, self.caller.organiser, &event).await?;
        Ok(())
    }

    /// What is found when so many persons are added: that there would be more than the organiser may have.
    pub(super) async fn cap_exceeded(&mut self, added: usize) -> Result<Option<Finding>, store::Error> {
        let before = store::counts::staff_members(&mut self.tx, self.caller.organiser).await?;
        let after = before.saturating_add(added as u64);
        Ok(self.app.caps.exceeded(CapKind::StaffMembers, after).filter(|_| added > 0))
    }

    /// The revision of the register; 0 before anybody was entered.
    pub(super) async fn revision(&mut self) -> Result<u64, store::Error> {
        let found = store::staff::register(&mut self.tx, self.caller.organiser).await?;
        Ok(found.map_or(0, |register| register.revision))
    }

    /// Records what was done or read.
    pub(super) async fn record(&mut self, action: &str, member: Option<StaffMemberId>) -> Result<(), InternalError> {
        let actor = self.caller.actor();
        let entry = AuditEntry::new(&actor, action, self.at);
        let entry = match member {
            Some(id) => entry.detail(id.to_string()),
            None => entry,
        };
        let chain = AuditChain::Organiser(self.caller.organiser);
        audit::record(&mut self.tx, self.app.vault.index(), chain, entry).await?;
        Ok(())
    }

    /// Makes all of it so, and hands the answer on.
    pub(super) async fn commit<T>(self, answer: T) -> Result<T, store::Error> {
        self.tx.commit().await?;
        Ok(answer)
    }
}

/// What keeping persons needs.
struct PersonWriter<'a> {
    app: &'a App,
    organiser: OrganiserId,
    key: &'a DataKey,
}

impl PersonWriter<'_> {
    /// A person, sealed.
    fn row(
        &self,
        member: &Member,
        id: StaffMemberId,
        created_at: Timestamp,
        version: Option<u64>,
    ) -> Result<Row, InternalError> {
        let text = serde_json::to_vec(member)?;
        Ok(Row {
            id,
            ssin_hash: member.ssin.as_ref().map(|ssin| hash_of(self.app.vault.index(), ssin)),
            sealed: self.key.seal(&place(self.organiser, id), Compressed::new(&text)),
            ended_on: member.ended_on(),
            created_at,
            version: version.unwrap_or(1),
        })
    }

    /// The number of a person and the name that the agency is to know it by; none without a number.
    fn known_name(&self, member: &Member, row: &Row, before: Option<&Member>) -> Option<NameHashes> {
        let (ssin, hash) = (member.ssin.as_ref()?, row.ssin_hash.as_ref()?);
        let name = |member: &Member| name_hash(self.app.vault.index(), ssin, &member.family_name);
        let former = before.filter(|before| before.ssin.as_ref() == Some(ssin)).unwrap_or(member);
        Some(NameHashes { ssin: hash.clone(), name: name(member), former: name(former) })
    }

    /// Writes the person in the place of the one before, the functions without the person, and that the agency knows the
    /// number.
    async fn write(
        &self,
        tx: &mut Tx,
        member: &Member,
        row: &Row,
        before: Option<&Member>,
    ) -> Result<(), InternalError> {
        if let Some(NameHashes { ssin, name, former }) = self.known_name(member, row, before) {
            store::staff::know(tx, &ssin, &name, &former).await?;
        }
        if before.is_none() {
            store::staff::insert(tx, self.organiser, row).await?;
        } else if !store::staff::update(tx, self.organiser, row, self.app.clock.now()).await? {
            return Err(store::Error::Rows(0).into());
        } else {
            store::staff::clear_posts(tx, self.organiser, row.id).await?;
        }
        Ok(store::staff::add_posts(tx, self.organiser, row.id, &member.posts()).await?)
    }
}

/// The name that the agency knows a number by, as keyed hashes.
struct NameHashes {
    ssin: String,
    name: String,
    /// The name that it had by the same organiser, which may be corrected.
    former: String,
}

/// A person of the invented world.
pub async fn seeded(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    person: &StoredPerson,
) -> Result<(), InternalError> {
    let keeping = PersonWriter { app, organiser, key };
    let row = keeping.row(&person.member, person.id, app.clock.now(), None)?;
    keeping.write(tx, &person.member, &row, None).await?;
    Ok(store::staff::increment_revision(tx, organiser, app.clock.now()).await?)
}

/// A person as the caller sees it, if the caller does.
fn seen_by(caller: &Caller, known: &StoredPerson) -> Option<StoredPerson> {
    let member = known.member.is_within(caller.reach()).then(|| known.member.within_reach(caller.reach()))?;
    Some(StoredPerson { id: known.id, member })
}

/// The keyed hash by which a number is found again, no matter who entered it.
pub(super) fn hash_of(index: &IndexKey, ssin: &Ssin) -> String {
    index.hash("person", &[ssin.expose().as_bytes()])
}

/// The keyed hash of a number together with its family name, however that is spelled.
pub(super) fn name_hash(index: &IndexKey, ssin: &Ssin, family_name: &str) -> String {
    index.hash("person name", &[ssin.expose().as_bytes(), spelling(family_name).as_bytes()])
}
