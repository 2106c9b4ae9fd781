//! The invented data of a sandbox: the same organisers, crèches, applications and ids in each.

mod agency_key;
pub(crate) mod content;
mod description;
mod payments;
mod personas;
mod seeded_keys;

use std::sync::Arc;

pub use self::agency_key::{DescribedAgencyKey, describe_agency_key, issue_agency_key};
use self::content::{SeedApplication, SeedDoctor, SeedOrganiser, SeedStaff, SeedWorld};
pub use self::description::DescribedOrganiser;
pub(crate) use self::description::describe_world;
pub use self::payments::record_payments;
pub(crate) use self::payments::record_payments_of;
pub use self::personas::Persona;
pub(crate) use self::personas::personas_of;
pub(crate) use self::seeded_keys::KeySet;
use self::seeded_keys::issue_keys;
pub(crate) use self::seeded_keys::key_text;
use crate::app::operator::OperatorError;
use crate::app::users::{self, NewUser};
use crate::app::{App, InternalError, doctors, organisers, staff};
use crate::domain::actor::Actor;
use crate::domain::application::ApplicationBounds;
use crate::domain::staff::StoredPerson;
use crate::seal::DataKey;
use crate::store::applications::ApplicationRecord;
use crate::store::creches::CrecheRecord;
use crate::store::organisers::Organiser;
use crate::store::{self, Tx};

/// All persons of the shipped world who can log in, each once.
pub fn personas() -> Vec<Persona> {
    personas_of(SeedWorld::shipped())
}

/// The data of the shipped world as stored, with the keys that work.
pub async fn describe(app: &App) -> Result<Vec<DescribedOrganiser>, InternalError> {
    describe_world(app, &SeedWorld::shipped(), KeySet::Usual).await
}

/// The actor of the seeding.
fn actor() -> Actor {
    Actor::system("sandbox")
}

/// Seeds the database with the shipped world, organiser by organiser; one that exists already is left unchanged.
pub async fn seed_sandbox(app: &App) -> Result<(), OperatorError> {
    seed_world(app, &SeedWorld::shipped(), KeySet::Usual).await
}

/// Seeds the database with the organisers of a world; one that exists already is left unchanged.
pub(crate) async fn seed_world(app: &App, world: &SeedWorld, set: KeySet) -> Result<(), OperatorError> {
    for seed in &world.organisers {
        let key = app.vault.organiser_key(&app.db, seed.id).await?;
        organisers::seed(app.acting_as(&actor()), seed.id, async |tx| insert(app, tx, &key, seed).await).await?;
        for application in &seed.applications {
            issue_keys(app, seed, application.id, set).await?;
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

/// Adds the agents of the shipped world.
pub async fn name_agents(app: &App) -> Result<(), OperatorError> {
    add_agents(app, &SeedWorld::shipped()).await
}

/// Adds the agents of a world; one who is known already is left unchanged.
pub(crate) async fn add_agents(app: &App, world: &SeedWorld) -> Result<(), OperatorError> {
    for agent in &world.agents {
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
