//! The staff register as it is read before a write, unsealed: its persons, those visible to the caller, and what the
//! rules need.
//!
//! Persons are unsealed without a transaction. A write takes the organiser's lock first, so that no other request in
//! this process changes the register meanwhile; where another gateway did, [`RegisterView::begin`] returns `None` and
//! the register is read again.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{StaffError, StaffPerson};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, WorkSize, run_blocking};
use crate::domain::caps::CapKind;
use crate::domain::finding::Finding;
use crate::domain::key::Scope;
use crate::domain::ssin::Ssin;
use crate::domain::staff::staffing::MemberAssignment;
use crate::domain::staff::{CrecheIdentifiers, Member, RegisterContext, StoredPerson};
use crate::ids::{OrganiserId, StaffMemberId};
use crate::seal::{DataKey, SealContext};
use crate::store::staff::{RegisterRecord, StaffMember};
use crate::store::{self, Tx, WritePurpose, WriteTurn};

/// Which persons of the register are unsealed.
#[derive(Debug, Clone, Copy)]
pub(super) enum RegisterExtent {
    /// None.
    Nobody,
    /// One person; none where no person has this id.
    One(StaffMemberId),
    /// All.
    Everybody,
}

/// The register of the caller's organiser as it was read.
pub(super) struct RegisterView<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    /// Its last revision.
    pub(super) last: RegisterRecord,
    /// The crèches that the caller reaches.
    pub(super) creches: Vec<CrecheIdentifiers>,
    /// Whether the caller reaches every crèche.
    pub(super) is_whole: bool,
    /// Every person that was unsealed, with all crèches.
    pub(super) stored: Vec<StoredPerson>,
    /// The rows of the same persons.
    pub(super) rows: Vec<StaffMember>,
    /// The organiser's key.
    pub(super) key: Arc<DataKey>,
    pub(super) today: Date,
    /// The persons as visible to the caller; empty where the caller reaches every crèche and `held` is used.
    seen: Option<Vec<StoredPerson>>,
    /// The organiser's in-process lock, for a write.
    turn: Option<WriteTurn>,
}

impl<'a> RegisterView<'a> {
    /// Reads the register to the given extent, without the lock.
    pub(super) async fn read(app: &'a App, caller: &'a Caller, extent: RegisterExtent) -> Result<Self, InternalError> {
        let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
        let mut tx = app.db.read().await?;
        let last = store::staff::register(&mut tx, caller.organiser).await?;
        let rows = match extent {
            RegisterExtent::Nobody => Vec::new(),
            RegisterExtent::One(id) => store::staff::find(&mut tx, caller.organiser, id).await?.into_iter().collect(),
            RegisterExtent::Everybody => store::staff::list(&mut tx, caller.organiser).await?,
        };
        let (creches, is_whole) = reachable(&mut tx, caller).await?;
        // Unsealing is slow: no transaction is open meanwhile.
        drop(tx);
        let (rows, stored) = open(caller.organiser, &key, rows, extent).await?;
        let seen = (!is_whole).then(|| stored.iter().filter_map(|person| seen_by(caller, person)).collect());
        let today = caller.clock.today();
        Ok(Self { app, caller, last, creches, is_whole, stored, rows, key, today, seen, turn: None })
    }

    /// The register as of a revision, read-only, for a caller who reaches the whole of it; `None` where the
    /// revision is not recorded. Persons removed since, after their retention period, are not in it.
    pub(super) async fn read_revision(
        app: &'a App,
        caller: &'a Caller,
        number: u64,
    ) -> Result<Option<Self>, InternalError> {
        let now = Self::read(app, caller, RegisterExtent::Nobody).await?;
        if number == now.last.revision && number > 0 {
            // Another write may have come between the two reads.
            let current = Self::read(app, caller, RegisterExtent::Everybody).await?;
            if current.last.revision == number {
                return Ok(Some(current));
            }
        }
        let stored = persons_at_revision(app, caller.organiser, number).await?;
        Ok(stored.map(|stored| Self { last: RegisterRecord { revision: number, ..now.last }, stored, ..now }))
    }

    /// Takes the organiser's lock and reads the register to the given extent, to be changed.
    pub(super) async fn read_to_write(
        app: &'a App,
        caller: &'a Caller,
        extent: RegisterExtent,
    ) -> Result<Self, InternalError> {
        let turn = app.db.turn(caller.organiser).await?;
        Ok(Self { turn: Some(turn), ..Self::read(app, caller, extent).await? })
    }

    /// The organiser's lock, for a write that outlives the view.
    pub(super) fn turn(&self) -> Option<WriteTurn> {
        self.turn.clone()
    }

    /// Begins a write, even if the register has changed since: writing a person fails with `Changed` then.
    pub(super) async fn begin_unchecked(&self, purpose: WritePurpose) -> Result<UnitOfWork<'a>, store::Error> {
        self.app.collect(self.turn.as_ref(), self.caller, purpose).await
    }

    /// Begins a write of the register; `None` when another gateway has changed it since it was read.
    pub(super) async fn begin(&self) -> Result<Option<UnitOfWork<'a>>, store::Error> {
        let mut work = self.begin_unchecked(WritePurpose::Content).await?;
        let is_current = current_revision(&mut work, self.caller.organiser).await? == self.last.revision;
        Ok(Some(work).filter(|_| is_current))
    }

    /// The persons as visible to the caller.
    pub(super) fn visible_persons(&self) -> &[StoredPerson] {
        self.seen.as_deref().unwrap_or(&self.stored)
    }

    /// What the rules need of the register.
    pub(super) fn context(&self) -> RegisterContext<'_> {
        let mut context = RegisterContext::default();
        context.today = Some(self.today);
        context.creches = Some(&self.creches);
        context.documents = self.caller.may(Scope::StaffDocumentsWrite);
        context.accepted_ssins = self.app.accepted_ssins;
        context.help_desk = &self.app.staff.help_desk;
        context.holding(self.visible_persons())
    }

    /// A person as returned to callers.
    pub(super) fn person(&self, at: usize) -> StaffPerson {
        let StaffMember { id, created_at, version, .. } = self.rows[at];
        StaffPerson { id, member: self.stored[at].member.clone(), created_at, version }.within_reach(self.caller)
    }

    /// The index of a person, if the caller may see the person.
    pub(super) fn position_of(&self, id: StaffMemberId) -> Result<usize, StaffError> {
        let sees = |known: &StoredPerson| known.id == id && known.member.is_visible_within(self.caller.reach());
        self.stored.iter().position(sees).ok_or(StaffError::NoMember(id))
    }

    /// The index of the person with this number whom the caller cannot see.
    pub(super) fn find_hidden(&self, ssin: &Ssin) -> Option<usize> {
        let reach = self.caller.reach();
        let unseen =
            |known: &StoredPerson| known.member.ssin.as_ref() == Some(ssin) && !known.member.is_visible_within(reach);
        self.stored.iter().position(unseen)
    }

    /// Whether the caller reaches the whole register.
    pub(super) fn require_whole_reach(&self) -> Result<(), StaffError> {
        if self.is_whole { Ok(()) } else { Err(StaffError::NotWhole) }
    }

    /// The finding when adding so many persons exceeds the organiser's limit. All persons were
    /// unsealed.
    pub(super) fn exceeded(&self, added: usize) -> Option<Finding> {
        let after = self.rows.len().saturating_add(added) as u64;
        self.app.caps.exceeded(CapKind::StaffMembers, after).filter(|_| added > 0)
    }
}

/// Every person of the register as of a revision; `None` where the revision is not recorded. Persons removed since, after
/// their retention period, are not among them.
pub(in crate::app) async fn persons_at_revision(
    app: &App,
    organiser: OrganiserId,
    number: u64,
) -> Result<Option<Vec<StoredPerson>>, InternalError> {
    let key = app.vault.organiser_key(&app.db, organiser).await?;
    let mut tx = app.db.read().await?;
    let Some(found) = store::staff::revision(&mut tx, organiser, number).await? else { return Ok(None) };
    let sealed = store::staff::list_as_of(&mut tx, organiser, found.recorded_at).await?;
    drop(tx);
    let open = move || {
        let person = |(id, sealed): (StaffMemberId, Vec<u8>)| {
            Ok::<_, InternalError>(StoredPerson { id, member: unseal(&key, organiser, id, &sealed)? })
        };
        sealed.into_iter().map(person).collect::<Result<Vec<_>, _>>()
    };
    Ok(Some(run_blocking(organiser, WorkSize::Light, open).await??))
}

/// The revision of an organiser's register; 0 before the first person was entered.
pub(super) async fn current_revision(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, store::Error> {
    Ok(store::staff::register(tx, organiser).await?.revision)
}

/// The crèches that the caller reaches, and whether those are all.
async fn reachable(tx: &mut Tx, caller: &Caller) -> Result<(Vec<CrecheIdentifiers>, bool), store::Error> {
    let all = store::creches::list(tx, caller.organiser).await?;
    let is_whole = all.iter().all(|creche| caller.reaches(creche.id));
    let reached = all.into_iter().filter(|creche| caller.reaches(creche.id));
    let names = reached.map(|found| CrecheIdentifiers { id: found.id, one_number: found.one_number, name: found.name });
    Ok((names.collect(), is_whole))
}

/// Unseals persons; many of them outside the threads that serve requests.
async fn open(
    organiser: OrganiserId,
    key: &Arc<DataKey>,
    rows: Vec<StaffMember>,
    extent: RegisterExtent,
) -> Result<(Vec<StaffMember>, Vec<StoredPerson>), InternalError> {
    let key = Arc::clone(key);
    let open = move || {
        let person = |row: &StaffMember| {
            Ok::<_, InternalError>(StoredPerson { id: row.id, member: unseal(&key, organiser, row.id, &row.sealed)? })
        };
        let stored = rows.iter().map(person).collect::<Result<_, _>>()?;
        Ok((rows, stored))
    };
    match extent {
        RegisterExtent::Everybody => run_blocking(organiser, WorkSize::Light, open).await?,
        RegisterExtent::One(_) | RegisterExtent::Nobody => open(),
    }
}

/// A person as visible to the caller, if at all.
fn seen_by(caller: &Caller, person: &StoredPerson) -> Option<StoredPerson> {
    let member = person.member.is_visible_within(caller.reach()).then(|| person.member.within_reach(caller.reach()))?;
    Some(StoredPerson { id: person.id, member })
}

/// The seal context of a person: it is unsealed in no other.
pub(super) fn seal_context(organiser: OrganiserId, id: StaffMemberId) -> SealContext {
    SealContext::of("staff member", &[&organiser.to_string(), &id.to_string()])
}

/// Unseals a person.
pub(super) fn unseal(
    key: &DataKey,
    organiser: OrganiserId,
    id: StaffMemberId,
    sealed: &[u8],
) -> Result<Member, InternalError> {
    Ok(serde_json::from_slice(&key.open(&seal_context(organiser, id), sealed)?)?)
}

/// The names of the organiser's members of staff. The caller records the access.
pub(in crate::app) async fn display_names(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
) -> Result<HashMap<StaffMemberId, String>, InternalError> {
    let name = |row: StaffMember| {
        let member = unseal(key, organiser, row.id, &row.sealed)?;
        Ok((row.id, format!("{} {}", member.given_name, member.family_name)))
    };
    store::staff::list(tx, organiser).await?.into_iter().map(name).collect()
}

/// The names of the organiser's members of staff, for a page whose read is recorded.
pub async fn names(app: &App, caller: &Caller) -> Result<HashMap<StaffMemberId, String>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    display_names(&mut app.db.read().await?, &key, caller.organiser).await
}

/// The functions of sealed persons.
pub(in crate::app) fn assignments_of(
    key: &DataKey,
    organiser: OrganiserId,
    sealed: &[(StaffMemberId, Vec<u8>)],
) -> Result<Vec<MemberAssignment>, InternalError> {
    let mut found = Vec::new();
    for (id, sealed) in sealed {
        let posts = unseal(key, organiser, *id, sealed)?.posts();
        found.extend(posts.into_iter().map(|assignment| MemberAssignment { member: *id, assignment }));
    }
    Ok(found)
}
