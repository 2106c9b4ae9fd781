//! Persons of the register, sealed and ready to be written: everything expensive is done before the write begins.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::StaffPerson;
use super::register_view::{RegisterView, seal_context};
use crate::app::App;
use crate::app::error::InternalError;
use crate::domain::ssin::Ssin;
use crate::domain::staff::{Member, StoredPerson};
use crate::domain::text::name_match_key;
use crate::ids::{CrecheId, OrganiserId, StaffMemberId};
use crate::seal::{Compressed, DataKey, IndexKey};
use crate::store::staff::{PersonRow, RegisterRecord, RevisionAuthor, StaffMember};
use crate::store::{self, Tx};

/// A person to be written: a new one, or one that replaces a stored one.
pub(super) struct PersonChange {
    pub(super) id: StaffMemberId,
    pub(super) member: Member,
    /// The stored row and person.
    pub(super) before: Option<(StaffMember, Member)>,
}

/// Persons that are written together.
#[derive(Default)]
pub(super) struct SealedChanges {
    persons: Vec<PersonRow>,
    /// The numbers to be added to the agency's index, each with the keyed hash of its family name.
    names: BTreeMap<String, String>,
    /// Those whose family name is corrected.
    respelled: Vec<NameHashes>,
    /// The crèches of the persons, before and after.
    pub(super) creches: BTreeSet<CrecheId>,
}

/// The family name that the agency has for a number, as keyed hashes.
struct NameHashes {
    ssin: String,
    name: String,
    /// The name that the same organiser gave, which may be corrected.
    former: String,
}

/// What sealing persons needs.
pub(super) struct PersonSealer {
    app: App,
    organiser: OrganiserId,
    key: Arc<DataKey>,
}

impl PersonSealer {
    /// For the persons of a register.
    pub(super) fn of(view: &RegisterView<'_>) -> Self {
        Self { app: view.app.clone(), organiser: view.caller.organiser, key: Arc::clone(&view.key) }
    }

    /// Seals persons: CPU work without a transaction.
    pub(super) fn seal(&self, persons: &[PersonChange]) -> Result<SealedChanges, InternalError> {
        let mut sealed = SealedChanges::default();
        for person in persons {
            let before = person.before.as_ref();
            sealed.creches.extend(before.map(|(_, member)| member.creches()).unwrap_or_default());
            sealed.creches.extend(person.member.creches());
            let row = self.row(person)?;
            if let Some(hashes) = self.name_hashes(&person.member, &row, before.map(|(_, member)| member)) {
                if hashes.name == hashes.former {
                    sealed.names.insert(hashes.ssin, hashes.name);
                } else {
                    sealed.respelled.push(hashes);
                }
            }
            sealed.persons.push(PersonRow { member: row, posts: person.member.posts() });
        }
        Ok(sealed)
    }

    fn row(&self, person: &PersonChange) -> Result<StaffMember, InternalError> {
        let PersonChange { id, member, before } = person;
        let text = serde_json::to_vec(member)?;
        let before = before.as_ref().map(|(row, _)| row);
        Ok(StaffMember {
            id: *id,
            ssin_hash: member.ssin.as_ref().map(|ssin| ssin_hash(self.app.vault.index_key(), ssin)),
            sealed: self.key.seal(&seal_context(self.organiser, *id), Compressed::new(&text)),
            ended_on: member.ended_on(),
            // That of a new person is set when it is written.
            created_at: before.map_or(Timestamp::MIN, |row| row.created_at),
            version: before.map_or(0, |row| row.version),
            mac: before.and_then(|row| row.mac.clone()),
        })
    }

    /// The number of a person with the name for the agency's index; none without a number.
    fn name_hashes(&self, member: &Member, row: &StaffMember, before: Option<&Member>) -> Option<NameHashes> {
        let (ssin, hash) = (member.ssin.as_ref()?, row.ssin_hash.as_ref()?);
        let name = |member: &Member| name_hash(self.app.vault.index_key(), ssin, &member.family_name);
        let former = before.filter(|before| before.ssin.as_ref() == Some(ssin)).unwrap_or(member);
        Some(NameHashes { ssin: hash.clone(), name: name(member), former: name(former) })
    }
}

impl SealedChanges {
    /// Writes the persons and the revision of the register after `last`, by this author: its number. Fails with `Changed`, here
    /// or at the commit, when `last` is no longer the last one.
    pub(super) async fn write(
        &mut self,
        tx: &mut Tx,
        (organiser, last): (OrganiserId, RegisterRecord),
        (by, now): (RevisionAuthor, Timestamp),
    ) -> Result<u64, store::Error> {
        let RegisterRecord { revision, changed_at } =
            store::staff::insert_revision(tx, organiser, last, by, (now, self.persons.len()));
        for person in self.persons.iter_mut().filter(|person| person.member.version == 0) {
            person.member.created_at = now;
        }
        for NameHashes { ssin, name, former } in &self.respelled {
            store::staff::correct_name(tx, ssin, name, former);
        }
        store::staff::write_all(tx, organiser, (&self.persons, &self.names), changed_at).await?;
        Ok(revision)
    }
}

impl PersonChange {
    /// For a new person, or in the place of the one at `at`.
    pub(super) fn new(view: &RegisterView<'_>, member: Member, at: Option<usize>) -> Self {
        let before = at.map(|at| (view.rows[at].clone(), view.stored[at].member.clone()));
        let id = before.as_ref().map_or_else(|| StaffMemberId::new(view.app.clocks.machine()), |(row, _)| row.id);
        Self { id, member, before }
    }

    /// The person as it would be, as returned to the caller.
    pub(super) fn as_dry_run(&self, view: &RegisterView<'_>, at: Timestamp) -> StaffPerson {
        let (created_at, version) = self.before.as_ref().map_or((at, 1), |(row, _)| (row.created_at, row.version));
        let person = StaffPerson { id: self.id, member: self.member.clone(), created_at, version };
        person.within_reach(view.caller)
    }

    /// The person after it was written at this instant.
    pub(super) fn as_written(&self, view: &RegisterView<'_>, at: Timestamp) -> StaffPerson {
        let person = self.as_dry_run(view, at);
        StaffPerson { version: person.version + u64::from(self.before.is_some()), ..person }
    }
}

/// A person of the sandbox.
pub async fn seeded(
    app: &App,
    tx: &mut Tx,
    key: Arc<DataKey>,
    organiser: OrganiserId,
    person: &StoredPerson,
) -> Result<(), InternalError> {
    let change = PersonChange { id: person.id, member: person.member.clone(), before: None };
    let mut sealed = PersonSealer { app: app.clone(), organiser, key }.seal(&[change])?;
    let last = store::staff::register(tx, organiser).await?;
    let now = app.clocks.business_clock(organiser).now();
    sealed.write(tx, (organiser, last), (RevisionAuthor::default(), now)).await?;
    Ok(())
}

/// The keyed hash for finding a number, whichever organiser entered it.
pub(super) fn ssin_hash(index: &IndexKey, ssin: &Ssin) -> String {
    index.hash("person", &[ssin.expose().as_bytes()])
}

/// The keyed hash of a number with its family name, normalised.
pub(super) fn name_hash(index: &IndexKey, ssin: &Ssin, family_name: &str) -> String {
    index.hash("person name", &[ssin.expose().as_bytes(), name_match_key(family_name).as_bytes()])
}
