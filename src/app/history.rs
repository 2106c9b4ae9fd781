//! An organiser's history: its audit trail, with names in the place of ids. Names are sealed, so that
//! reading is itself recorded.

use std::collections::HashMap;

use super::caller::Caller;
use super::error::InternalError;
use super::record::Record;
use super::{App, doctors, staff, users};
use crate::domain::action::RecordedAction;
pub use crate::domain::actor::ActorKind as Kind;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::audit::AuditChain;
pub use crate::domain::audit::{AuditFilter, EntryNature};
use crate::domain::key::KeyId;
use crate::domain::text::folded;
use crate::ids::{ApplicationId, CrecheId, DoctorId, StaffMemberId, UserId, WebhookEndpointId};
use crate::seal::DataKey;
use crate::store::audit::ChainLink;
use crate::store::{self, Tx};

/// An entry with names.
#[derive(Debug, Clone)]
pub struct AuditEntryView {
    /// The entry with its number.
    pub link: ChainLink,
    /// The actor's name; `None` where the actor was deleted.
    pub by: Option<String>,
    /// The name of the crèche it was about.
    pub creche: Option<(CrecheId, String)>,
    /// The name of the user, application, key, doctor, member of staff or webhook endpoint that it was about.
    pub about: Option<String>,
}

/// A page of entries, the latest first.
#[derive(Debug)]
pub struct AuditPage {
    /// The entries.
    pub deeds: Vec<AuditEntryView>,
    /// The number before which the next page begins; `None` on the last.
    pub next: Option<u64>,
    /// The organiser's users, for the filter, by name.
    pub users: Vec<(UserId, String)>,
}

/// The organiser's entries that match `filter`, at most `limit`.
pub async fn read(app: &App, caller: &Caller, filter: &AuditFilter, limit: u32) -> Result<AuditPage, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let chain = AuditChain::Organiser(caller.organiser);
    // Names are unsealed before the write transaction, which would block others meanwhile.
    let (mut links, names) = {
        let mut tx = app.db.read().await?;
        let links = store::audit::before(&mut tx, chain, filter, limit + 1).await?;
        (links, DisplayNames::of(&mut tx, &key, caller).await?)
    };
    let more = links.len() > limit as usize;
    links.truncate(limit as usize);
    let next = links.last().filter(|_| more).map(|link| link.number);
    app.record_access(caller.organiser, &caller.actor(), &Record::of(RecordedAction::HistoryRead)).await?;
    let mut users: Vec<_> = names.users.iter().map(|(id, name)| (*id, name.clone())).collect();
    users.sort_by_cached_key(|(id, name)| (folded(name), *id));
    Ok(AuditPage { deeds: links.into_iter().map(|link| names.entry_view(link)).collect(), next, users })
}

/// The names of an organiser's objects.
struct DisplayNames {
    users: HashMap<UserId, String>,
    applications: HashMap<ApplicationId, String>,
    keys: HashMap<KeyId, ApplicationId>,
    creches: HashMap<CrecheId, String>,
    doctors: HashMap<DoctorId, String>,
    staff: HashMap<StaffMemberId, String>,
    endpoints: HashMap<WebhookEndpointId, String>,
    agency_keys: HashMap<String, String>,
}

impl DisplayNames {
    async fn of(tx: &mut Tx, key: &DataKey, caller: &Caller) -> Result<Self, InternalError> {
        let organiser = caller.organiser;
        let applications = store::applications::list(tx, organiser).await?.into_iter();
        let keys = store::keys::list(tx, organiser).await?.into_iter();
        let creches = store::creches::list(tx, organiser).await?.into_iter();
        let endpoints = store::webhooks::list(tx, organiser).await?.into_iter();
        Ok(Self {
            users: users::display_names(tx, key, organiser).await?,
            applications: applications.map(|application| (application.id, application.name)).collect(),
            keys: keys.map(|key| (key.id, key.application)).collect(),
            creches: creches.map(|creche| (creche.id, creche.name)).collect(),
            doctors: doctors::display_names(tx, key, organiser).await?,
            staff: staff::display_names(tx, key, organiser).await?,
            endpoints: endpoints.map(|endpoint| (endpoint.id, endpoint.description)).collect(),
            agency_keys: store::agency_keys::names(tx).await?.into_iter().collect(),
        })
    }

    fn entry_view(&self, link: ChainLink) -> AuditEntryView {
        let creche = link.entry.creche.and_then(|id| Some((id, self.creches.get(&id)?.clone())));
        let named = link.entry.detail.as_deref().and_then(|detail| detail.split(' ').next());
        AuditEntryView { by: self.actor(&link.entry.actor), creche, about: named.and_then(|id| self.name_of(id)), link }
    }

    fn actor(&self, actor: &Actor) -> Option<String> {
        match actor.kind {
            ActorKind::Key | ActorKind::Person => self.name_of(&actor.name),
            ActorKind::AgencyKey => self.agency_keys.get(&actor.name).cloned(),
            ActorKind::Agent | ActorKind::Operator | ActorKind::System => Some(actor.name.clone()),
        }
    }

    /// The name of the object with this id.
    fn name_of(&self, id: &str) -> Option<String> {
        let user = || self.users.get(&id.parse().ok()?);
        let application = || self.applications.get(&id.parse().ok()?);
        let key = || self.applications.get(self.keys.get(&id.parse().ok()?)?);
        let doctor = || self.doctors.get(&id.parse().ok()?);
        let member = || self.staff.get(&id.parse().ok()?);
        let endpoint = || self.endpoints.get(&id.parse().ok()?);
        user().or_else(application).or_else(key).or_else(doctor).or_else(member).or_else(endpoint).cloned()
    }
}
