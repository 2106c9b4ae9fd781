//! The register laid open: who is held, what a document may speak of, and how it is written.
//!
//! Persons are read and opened before the transaction that writes begins, in the organiser's turn: nobody else in this
//! process changes them meanwhile, and where another gateway did, they are read again.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

pub(super) use super::opened::RegisterExtent;
use super::opened::{OpenedRegister, place};
use super::{Person, Refusal};
use crate::app::App;
use crate::app::audit;
use crate::app::caller::Caller;
use crate::app::error::Fault;
use crate::app::record::Recorder;
use crate::domain::caps::Capped;
use crate::domain::event::{Event, EventType};
use crate::domain::finding::Finding;
use crate::domain::key::Scope;
use crate::domain::ssin::Ssin;
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{Context, Known, Member, Place as Creche, number, spelling};
use crate::ids::{CrecheId, EventId, OrganiserId, StaffMemberId};
use crate::store::audit::{Chain, Entry};
use crate::store::creches::Record;
use crate::store::staff::{Probe, StaffMember as Row};
use crate::store::{self, Growth, Tx};
use crate::vault::{Compressed, DataKey, IndexKey};

/// How long a try at a number counts.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// How often the register is read again when another gateway changed it meanwhile, before the sender is told to come back.
const ATTEMPTS: usize = 5;

/// The register of the caller's organiser, held by one transaction.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) tx: Tx,
    pub(super) creches: Vec<Creche>,
    /// The crèches out of the caller's reach.
    others: Vec<Creche>,
    pub(super) held: Vec<Known>,
    rows: Vec<Row>,
    key: Arc<DataKey>,
    at: Timestamp,
}

impl<'a> Desk<'a> {
    /// Opens as much of the register for a transaction that changes the database so.
    pub(super) async fn open(
        app: &'a App,
        caller: &'a Caller,
        extent: RegisterExtent,
        growth: Growth,
    ) -> Result<Self, Fault> {
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
    ) -> Result<Self, Fault> {
        let creche = |found: Record| Creche { id: found.id, one_number: found.one_number, name: found.name };
        let all = store::creches::list(&mut tx, caller.organiser).await?.into_iter().map(creche);
        let (creches, others) = all.partition(|creche| caller.reaches(creche.id));
        Ok(Self { app, caller, tx, creches, others, held, rows, key, at: app.clock.now() })
    }

    /// What the rules may know.
    pub(super) fn context(&self) -> Context<'_> {
        let mut context = Context::default();
        context.today = Some(self.app.clock.today());
        context.creches = Some(&self.creches);
        context.documents = self.caller.may(Scope::StaffDocumentsWrite);
        context.help_desk = &self.app.staff.help_desk;
        context.holding(&self.held)
    }

    /// A person, as callers see one.
    pub(super) fn person(&self, at: usize) -> Person {
        let Row { id, created_at, version, .. } = self.rows[at];
        Person { id, member: self.held[at].member.clone(), created_at, version }
    }

    /// Where a person is in the register, if the caller may see the person.
    pub(super) fn reach(&self, id: StaffMemberId) -> Result<usize, Refusal> {
        let at = self.held.iter().position(|known| known.id == id && reached(self.caller, &known.member));
        at.ok_or(Refusal::NoMember(id))
    }

    /// Whether the caller reaches the whole register.
    pub(super) fn whole(&self) -> Result<(), Refusal> {
        if self.others.is_empty() { Ok(()) } else { Err(Refusal::NotWhole) }
    }

    /// Lets the caller speak of the crèches in which a person works already, be they out of reach: they stay as they are.
    pub(super) fn admit(&mut self, member: &Member) {
        let here = member.creches();
        self.creches.extend(self.others.extract_if(.., |creche| here.contains(&creche.id)));
    }

    /// Numbers that are new to the organiser and that the agency knows under another family name. Each is a try, and tries
    /// are bounded.
    pub(super) async fn mismatched(
        &mut self,
        members: impl Iterator<Item = &RawMember>,
        about: Option<&Known>,
    ) -> Result<HashSet<Ssin>, Refusal> {
        let candidates: Vec<(Ssin, String)> = {
            let context = self.context();
            let held =
                |raw: &RawMember| about.or_else(|| context.held(raw)).and_then(|known| known.member.ssin.clone());
            let new = members.filter(|raw| held(raw).is_none());
            new.filter_map(|raw| Some((number(raw)?, raw.family_name.get()?.0.clone()))).collect()
        };
        let mut mismatched = HashSet::new();
        for (ssin, family_name) in candidates {
            if self.is_mismatch(&ssin, &family_name).await? {
                mismatched.insert(ssin);
            }
        }
        self.allow(Probe::Mismatch, mismatched.len() as u64, self.app.staff.mismatches_per_hour).await?;
        Ok(mismatched)
    }

    /// Whether the agency knows the number under another family name.
    pub(super) async fn is_mismatch(&mut self, ssin: &Ssin, family_name: &str) -> Result<bool, Refusal> {
        let index = self.app.vault.index();
        let known = store::staff::person(&mut self.tx, &hash_of(index, ssin)).await?;
        Ok(known.is_some_and(|known| known != name_hash(index, ssin, family_name)))
    }

    /// Notes so many tries, or refuses when they are more than `most` in an hour; what is noted outlives a refusal.
    pub(super) async fn allow(&mut self, kind: Probe, times: u64, most: u64) -> Result<(), Refusal> {
        if times == 0 {
            return Ok(());
        }
        let organiser = self.caller.organiser;
        let since = self.at - WINDOW;
        let before = store::staff::probes(&mut self.tx, organiser, kind, since).await?;
        let left = most.saturating_sub(before.count);
        store::staff::note_probes(&mut self.tx, organiser, kind, times.min(left), self.at).await?;
        if times <= left {
            return Ok(());
        }
        let again = before.first.unwrap_or(self.at) + WINDOW;
        let seconds = u64::try_from(again.duration_since(self.at).as_secs()).unwrap_or_default().max(1);
        self.record("staff.tooManyTries", None).await?;
        Err(Refusal::TooOften { seconds })
    }

    /// Writes a person: a new one, or in the place of the one held at `at`. Gives the id.
    pub(super) async fn keep(&mut self, member: &Member, at: Option<usize>) -> Result<StaffMemberId, Refusal> {
        let new = || (StaffMemberId::new(&*self.app.clock), self.at, None);
        let old = |at: usize| (self.rows[at].id, self.rows[at].created_at, Some(self.rows[at].version));
        let (id, created_at, version) = at.map_or_else(new, old);
        let keeping = Keeping { app: self.app, organiser: self.caller.organiser, key: &self.key };
        let row = keeping.row(member, id, created_at, version)?;
        keeping.write(&mut self.tx, member, &row, version.is_none()).await?;
        let known = Known { id, member: member.clone() };
        if let Some(at) = at {
            (self.rows[at], self.held[at]) = (Row { version: row.version + 1, ..row }, known);
        } else {
            self.rows.push(row);
            self.held.push(known);
        }
        Ok(id)
    }

    /// Writes persons as [`Self::keep`] does, in few statements however many they are.
    pub(super) async fn keep_all(&mut self, members: &[(&Member, Option<usize>)]) -> Result<(), Refusal> {
        let keeping = Keeping { app: self.app, organiser: self.caller.organiser, key: &self.key };
        let (mut new, mut changed, mut posts) = (Vec::new(), Vec::new(), Vec::new());
        let mut known = BTreeMap::new();
        for (member, at) in members {
            let old = at.map(|at| &self.rows[at]);
            let id = old.map_or_else(|| StaffMemberId::new(&*self.app.clock), |old| old.id);
            let row = keeping.row(member, id, old.map_or(self.at, |old| old.created_at), old.map(|old| old.version))?;
            if let (Some(ssin), Some(hash)) = (&member.ssin, &row.ssin_hash) {
                known.insert(hash.clone(), name_hash(self.app.vault.index(), ssin, &member.family_name));
            }
            posts.extend(member.posts().into_iter().map(|post| (id, post)));
            if old.is_some() { changed.push(row) } else { new.push(row) }
        }
        let (tx, organiser) = (&mut self.tx, self.caller.organiser);
        store::staff::know_all(tx, &known).await?;
        store::staff::insert_all(tx, organiser, &new).await?;
        for row in &changed {
            if !store::staff::update(tx, organiser, row).await? {
                return Err(store::Error::Rows(0).into());
            }
        }
        let changed: Vec<_> = changed.iter().map(|row| row.id).collect();
        store::staff::clear_all_posts(tx, organiser, &changed).await?;
        Ok(store::staff::add_all_posts(tx, organiser, &posts).await?)
    }

    /// The register has changed: a new revision, told to the organiser's feed.
    pub(super) async fn changed(&mut self, action: &str, member: Option<StaffMemberId>) -> Result<u64, Refusal> {
        store::staff::raise(&mut self.tx, self.caller.organiser, self.at).await?;
        let revision = self.revision().await?;
        self.record(action, member).await?;
        self.tell(EventType::StaffChanged, member.map(|id| id.to_string()), Some(revision)).await?;
        Ok(revision)
    }

    /// The register is said to be right for a crèche: told to the organiser's feed.
    pub(super) async fn validated(&mut self, creche: CrecheId) -> Result<(), Refusal> {
        let recorder = Recorder::new(self.app, self.caller);
        recorder.audit(&mut self.tx, "staffRegister.validated", Some(creche), None).await?;
        let revision = u32::try_from(self.revision().await?).ok();
        let event = Event { revision, ..recorder.now(EventType::StaffValidated).of(creche) };
        Ok(recorder.event(&mut self.tx, event).await?)
    }

    /// A register was refused: told to the organiser's feed.
    pub(super) async fn refused(&mut self) -> Result<(), Fault> {
        self.record("staffRegister.refused", None).await?;
        self.tell(EventType::StaffRefused, None, None).await
    }

    async fn tell(&mut self, kind: EventType, subject: Option<String>, revision: Option<u64>) -> Result<(), Fault> {
        let event = Event::new(EventId::new(&*self.app.clock), kind, self.at);
        let revision = revision.and_then(|revision| u32::try_from(revision).ok());
        let event = Event { subject, revision, ..event };
        store::events::append(&mut self.tx, self.caller.organiser, &event).await?;
        Ok(())
    }

    /// What is found when so many persons are added: that there would be more than the organiser may have.
    pub(super) async fn cap_exceeded(&mut self, added: usize) -> Result<Option<Finding>, store::Error> {
        let before = store::counts::staff_members(&mut self.tx, self.caller.organiser).await?;
        let after = before.saturating_add(added as u64);
        Ok(self.app.caps.exceeded(Capped::StaffMembers, after).filter(|_| added > 0))
    }

    /// Whether another person of the organiser has the number.
    pub(super) async fn is_taken(&mut self, ssin: &Ssin, by_other_than: StaffMemberId) -> Result<bool, store::Error> {
        let hash = hash_of(self.app.vault.index(), ssin);
        let found = store::staff::with_ssin(&mut self.tx, self.caller.organiser, &hash).await?;
        Ok(found.is_some_and(|id| id != by_other_than))
    }

    /// The revision of the register; 0 before anybody was entered.
    pub(super) async fn revision(&mut self) -> Result<u64, store::Error> {
        let found = store::staff::register(&mut self.tx, self.caller.organiser).await?;
        Ok(found.map_or(0, |register| register.revision))
    }

    /// Records what was done or read.
    pub(super) async fn record(&mut self, action: &str, member: Option<StaffMemberId>) -> Result<(), Fault> {
        let actor = self.caller.actor();
        let entry = Entry::new(&actor, action, self.at);
        let entry = match member {
            Some(id) => entry.detail(id.to_string()),
            None => entry,
        };
        let chain = Chain::Organiser(self.caller.organiser);
        audit::record(&mut self.tx, self.app.vault.index(), chain, entry).await?;
        Ok(())
    }

    /// Makes all of it so, and hands the answer on.
    pub(super) async fn close<T>(self, answer: T) -> Result<T, store::Error> {
        self.tx.commit().await?;
        Ok(answer)
    }
}

/// What keeping persons needs.
struct Keeping<'a> {
    app: &'a App,
    organiser: OrganiserId,
    key: &'a DataKey,
}

impl Keeping<'_> {
    /// A person, sealed.
    fn row(
        &self,
        member: &Member,
        id: StaffMemberId,
        created_at: Timestamp,
        version: Option<u64>,
    ) -> Result<Row, Fault> {
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

    /// Writes the person, the functions without the person, and that the agency knows the number.
    async fn write(&self, tx: &mut Tx, member: &Member, row: &Row, new: bool) -> Result<(), Fault> {
        if let (Some(ssin), Some(hash)) = (&member.ssin, &row.ssin_hash) {
            let name = name_hash(self.app.vault.index(), ssin, &member.family_name);
            store::staff::know(tx, hash, &name).await?;
        }
        if new {
            store::staff::insert(tx, self.organiser, row).await?;
        } else if !store::staff::update(tx, self.organiser, row).await? {
            return Err(store::Error::Rows(0).into());
        }
        if !new {
            store::staff::clear_posts(tx, self.organiser, row.id).await?;
        }
        Ok(store::staff::add_posts(tx, self.organiser, row.id, &member.posts()).await?)
    }
}

/// A person of the invented world.
pub(in crate::app) async fn seeded(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    person: &Known,
) -> Result<(), Fault> {
    let keeping = Keeping { app, organiser, key };
    let row = keeping.row(&person.member, person.id, app.clock.now(), None)?;
    keeping.write(tx, &person.member, &row, true).await?;
    Ok(store::staff::raise(tx, organiser, app.clock.now()).await?)
}

/// Whether the caller sees a person: one who works in a crèche within reach, and one who works nowhere yet.
pub(super) fn reached(caller: &Caller, member: &Member) -> bool {
    let creches = member.creches();
    creches.is_empty() || creches.iter().any(|creche| caller.reaches(*creche))
}

/// The keyed hash by which a number is found again, whoever entered it.
fn hash_of(index: &IndexKey, ssin: &Ssin) -> String {
    index.hash("person", &[ssin.expose().as_bytes()])
}

/// The keyed hash of a number together with its family name, however that is spelled.
fn name_hash(index: &IndexKey, ssin: &Ssin, family_name: &str) -> String {
    index.hash("person name", &[ssin.expose().as_bytes(), spelling(family_name).as_bytes()])
}

impl Desk<'_> {
    /// Whether the agency knows a number.
    pub(super) async fn is_known(&mut self, ssin: &Ssin) -> Result<bool, Refusal> {
        let hash = hash_of(self.app.vault.index(), ssin);
        Ok(store::staff::person(&mut self.tx, &hash).await?.is_some())
    }
}
