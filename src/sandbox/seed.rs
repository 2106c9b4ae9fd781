//! The invented data of a sandbox: the same organisers, crèches, applications and ids in each.

mod payments;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::app::keys::{self, NewKey};
use crate::app::operator::OperatorError;
use crate::app::users::{self, NewUser, PersonDetails};
use crate::app::{App, InternalError, doctors, organisers, staff};
use crate::domain::actor::Actor;
use crate::domain::application::ApplicationBounds;
use crate::domain::closure::Closure;
use crate::domain::creche::Places;
use crate::domain::doctor::DoctorSheet;
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::key::{KeyKind, KeyText, Scope, Scopes};
use crate::domain::ssin::Ssin;
use crate::domain::staff::{Member, StoredPerson};
use crate::domain::user::Profile;
use crate::ids::{ApplicationId, CrecheId, DoctorId, OrganiserId, StaffMemberId, UserId};
use crate::seal::DataKey;
use crate::store::applications::ApplicationRecord;
use crate::store::creches::CrecheRecord;
use crate::store::organisers::Organiser;
use crate::store::{self, Tx};
use crate::words::{self, LocalText, OwnedLocalText};

pub use self::payments::record_payments;

const WORLD: &str = include_str!("../../sandbox/world.json");

#[derive(Deserialize)]
struct SeedWorld {
    agents: Vec<SeedAgent>,
    organisers: Vec<SeedOrganiser>,
}

/// An agent of the agency.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedAgent {
    matricule: String,
    given_name: String,
    family_name: String,
    ssin: Ssin,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedOrganiser {
    id: OrganiserId,
    legal_name: String,
    enterprise_number: EnterpriseNumber,
    creches: Vec<SeedCreche>,
    users: Vec<SeedUser>,
    #[serde(default)]
    doctors: Vec<SeedDoctor>,
    #[serde(default)]
    staff: Vec<SeedStaff>,
    applications: Vec<SeedApplication>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedCreche {
    id: CrecheId,
    name: String,
    one_number: String,
    subsidised: bool,
    authorised_from: Date,
    capacity: Vec<Places>,
    closures: Vec<Closure>,
}

#[derive(Deserialize)]
struct SeedDoctor {
    id: DoctorId,
    #[serde(flatten)]
    sheet: DoctorSheet,
}

#[derive(Deserialize)]
struct SeedStaff {
    id: StaffMemberId,
    #[serde(flatten)]
    member: Member,
}

#[derive(Deserialize)]
struct SeedApplication {
    id: ApplicationId,
    name: String,
    vendor: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeedUser {
    id: UserId,
    #[serde(flatten)]
    details: PersonDetails,
    profile: Profile,
    #[serde(default)]
    rights: BTreeMap<CrecheId, String>,
}

/// An invented person who can log in.
pub struct Persona {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The national number.
    pub ssin: Ssin,
    /// The person's role, and where.
    pub remark: OwnedLocalText,
}

/// All invented persons who can log in, each once.
pub fn personas() -> Vec<Persona> {
    let mut personas = Vec::<Persona>::new();
    for SeedOrganiser { legal_name, users, .. } in read() {
        for SeedUser { details, profile, .. } in users {
            let remark = remark(profile, &legal_name);
            let PersonDetails { given_name, family_name, ssin, .. } = details;
            match personas.iter_mut().find(|persona| persona.ssin == ssin) {
                Some(persona) => persona.remark = joined_remarks(&persona.remark, &remark),
                None => personas.push(Persona { given_name, family_name, ssin, remark }),
            }
        }
    }
    personas.extend(agents().into_iter().map(|SeedAgent { given_name, family_name, ssin, .. }| Persona {
        given_name,
        family_name,
        ssin,
        remark: agent_remark(),
    }));
    personas
}

/// The role of an agent, as text.
fn agent_remark() -> OwnedLocalText {
    words::sandbox_personas::AGENT.into()
}

/// Two remarks, joined.
fn joined_remarks(first: &OwnedLocalText, second: &OwnedLocalText) -> OwnedLocalText {
    OwnedLocalText {
        fr: format!("{}\u{202f}; {}", first.fr, second.fr),
        nl: format!("{}; {}", first.nl, second.nl),
        en: format!("{}; {}", first.en, second.en),
    }
}

/// The role of a user, as text.
fn remark(profile: Profile, organiser: &str) -> OwnedLocalText {
    let LocalText { fr, nl, en } = match profile {
        Profile::Administrator => words::sandbox_personas::ADMINISTRATOR,
        Profile::UserManager => words::sandbox_personas::USER_MANAGER,
        Profile::DataManager => words::sandbox_personas::DATA_MANAGER,
    };
    let [fr, nl, en] = [fr, nl, en].map(|what| format!("{what}, {organiser}"));
    OwnedLocalText { fr, nl, en }
}

/// An organiser of the invented data, as a script needs it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribedOrganiser {
    id: OrganiserId,
    legal_name: String,
    creches: Vec<DescribedCreche>,
    applications: Vec<DescribedApplication>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DescribedCreche {
    id: CrecheId,
    name: String,
    capacity: Option<u32>,
    one_number: String,
}

#[derive(Serialize)]
struct DescribedApplication {
    id: ApplicationId,
    name: String,
    keys: Vec<DescribedKey>,
}

/// A key, and its purpose.
#[derive(Serialize)]
struct DescribedKey {
    /// Which of the keys of an application it is.
    name: &'static str,
    kind: &'static str,
    state: &'static str,
    scopes: Vec<&'static str>,
    /// The crèches that it is limited to.
    #[serde(skip_serializing_if = "Option::is_none")]
    creches: Option<Vec<CrecheId>>,
    key: String,
}

fn world_file() -> SeedWorld {
    serde_json::from_str(WORLD).expect("the embedded world is well-formed")
}

fn read() -> Vec<SeedOrganiser> {
    world_file().organisers
}

fn agents() -> Vec<SeedAgent> {
    world_file().agents
}

/// The actor of the seeding.
fn actor() -> Actor {
    Actor::system("sandbox")
}

/// Seeds the database, organiser by organiser; one that exists already is left unchanged.
pub async fn seed_sandbox(app: &App) -> Result<(), OperatorError> {
    for seed in read() {
        let key = app.vault.organiser_key(&app.db, seed.id).await?;
        organisers::seed(app.acting_as(&actor()), seed.id, async |tx| insert(app, tx, &key, &seed).await).await?;
        for application in &seed.applications {
            issue_keys(app, &seed, application).await?;
        }
    }
    Ok(())
}

/// Inserts an organiser with everything it has; `false` when it exists already.
async fn insert(app: &App, tx: &mut Tx, key: &Arc<DataKey>, seed: &SeedOrganiser) -> Result<bool, OperatorError> {
    if !organiser(app, tx, seed).await? {
        return Ok(false);
    }
    people(app, tx, key, seed).await?;
    for SeedDoctor { id, sheet } in &seed.doctors {
        doctors::seeded(app, tx, key, seed.id, *id, sheet).await?;
    }
    for SeedStaff { id, member } in &seed.staff {
        let person = StoredPerson { id: *id, member: member.clone() };
        staff::seeded(app, tx, Arc::clone(key), seed.id, &person).await?;
    }
    Ok(true)
}

/// Adds the invented agents of the agency.
pub async fn name_agents(app: &App) -> Result<(), OperatorError> {
    for agent in agents() {
        match crate::app::agents::add(app.acting_as(&actor()), &agent.ssin, &agent.matricule).await {
            Ok(()) | Err(OperatorError::AgentKnown) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(())
}

/// Inserts an organiser with its crèches and applications; `false` when it exists already. The audit entry comes last: one
/// for all of it.
async fn organiser(app: &App, tx: &mut Tx, seed: &SeedOrganiser) -> Result<bool, OperatorError> {
    let created_at = app.clocks.business_clock(seed.id).now();
    let (legal_name, enterprise_number) = (seed.legal_name.clone(), Some(seed.enterprise_number));
    let organiser = Organiser { id: seed.id, legal_name, enterprise_number, created_at, last_event: 0 };
    if !store::organisers::insert(tx, &organiser).await? {
        return Ok(false);
    }
    for creche in &seed.creches {
        let record = CrecheRecord {
            id: creche.id,
            name: creche.name.clone(),
            one_number: creche.one_number.clone(),
            subsidised: creche.subsidised,
            authorised_from: creche.authorised_from,
            authorised_until: None,
            closures_version: 0,
            created_at,
        };
        store::creches::insert(tx, seed.id, &record).await?;
        for places in &creche.capacity {
            store::creches::set_places(tx, seed.id, creche.id, *places, created_at).await?;
        }
        if !creche.closures.is_empty() {
            store::closures::replace(tx, seed.id, creche.id, 0, &creche.closures, created_at).await?;
        }
    }
    for SeedApplication { id, name, vendor } in &seed.applications {
        let (name, vendor) = (name.clone(), vendor.clone());
        let bounds = ApplicationBounds::default();
        let application =
            ApplicationRecord { id: *id, name, vendor, sealed: None, purpose: String::new(), bounds, created_at };
        store::applications::insert(tx, seed.id, &application).await?;
    }
    Ok(true)
}

/// Inserts the organiser's users.
async fn people(app: &App, tx: &mut Tx, key: &DataKey, seed: &SeedOrganiser) -> Result<(), OperatorError> {
    for user in &seed.users {
        let (details, profile) = (&user.details, user.profile);
        let new = NewUser {
            id: user.id,
            details,
            profile,
            consented_by: "sandbox".to_owned(),
            at: app.clocks.business_clock(seed.id).now(),
        };
        store::users::insert(tx, seed.id, &users::sealed_row(key, app.vault.index_key(), seed.id, new)?).await?;
        let rights = user.rights.iter().map(|(creche, scopes)| (*creche, scopes.parse().unwrap_or_default()));
        store::users::set_rights(tx, seed.id, user.id, &rights.collect()).await?;
    }
    Ok(())
}

/// The keys of an application, by name: one with all rights, one for trials, one limited to summaries of the first crèche,
/// and one that has expired.
fn seeded_keys(app: &App, seed: &SeedOrganiser, application: ApplicationId) -> [(&'static str, NewKey); 4] {
    let everything = NewKey {
        organiser: seed.id,
        application,
        kind: KeyKind::Test,
        scopes: Scopes::all(),
        creches: None,
        expires_at: None,
    };
    let limited = NewKey {
        scopes: [Scope::SummariesRead].into_iter().collect(),
        creches: seed.creches.first().map(|creche| vec![creche.id]),
        ..everything.clone()
    };
    let trial = NewKey { kind: KeyKind::Trial, ..everything.clone() };
    let expired = NewKey { expires_at: Some(app.clocks.business_clock(seed.id).now()), ..everything.clone() };
    [("everything", everything), ("trial", trial), ("limited", limited), ("expired", expired)]
}

/// The text of such a key, the same in every sandbox with this vault.
fn key_text(app: &App, name: &str, key: &NewKey) -> KeyText {
    keys::seeded(&app.vault, key.kind, &format!("{} {name}", key.application))
}

async fn issue_keys(app: &App, seed: &SeedOrganiser, application: &SeedApplication) -> Result<(), OperatorError> {
    let actor = actor();
    for (name, new) in seeded_keys(app, seed, application.id) {
        keys::issue_with(app.acting_as(&actor), &new, &key_text(app, name, &new)).await?;
    }
    Ok(())
}

/// A key of an application as a script needs it.
fn described_key((name, new): (&'static str, NewKey), app: &App) -> DescribedKey {
    DescribedKey {
        name,
        kind: new.kind.name(),
        state: if new.expires_at.is_some() { "expired" } else { "active" },
        scopes: new.scopes.iter().map(Scope::code).collect(),
        key: key_text(app, name, &new).expose().to_owned(),
        creches: new.creches,
    }
}

/// The seeded data as stored, with the keys that work.
pub async fn describe(app: &App) -> Result<Vec<DescribedOrganiser>, InternalError> {
    let tx = &mut app.db.read().await?;
    let mut described = Vec::new();
    for seed in read() {
        let creches = store::creches::list_whole(tx, seed.id).await?.into_iter();
        let creche = |creche: crate::domain::creche::Creche| DescribedCreche {
            id: creche.id,
            capacity: creche.capacity.on(app.clocks.business_clock(seed.id).today()),
            name: creche.name,
            one_number: creche.one_number,
        };
        let application = |application: &SeedApplication| DescribedApplication {
            id: application.id,
            name: application.name.clone(),
            keys: seeded_keys(app, &seed, application.id).map(|key| described_key(key, app)).into(),
        };
        let applications = seed.applications.iter().map(application).collect();
        described.push(DescribedOrganiser {
            id: seed.id,
            legal_name: seed.legal_name,
            creches: creches.map(creche).collect(),
            applications,
        });
    }
    Ok(described)
}
