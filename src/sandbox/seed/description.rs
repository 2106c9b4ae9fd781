//! The invented data as a script needs it.

use serde::Serialize;

use super::content::{SeedApplication, SeedWorld};
use super::seeded_keys::{KeySet, key_text, seeded_keys};
use crate::app::keys::NewKey;
use crate::app::{App, InternalError};
use crate::domain::key::Scope;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::store;

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

/// The data of a world as stored, with the keys that work.
pub(crate) async fn describe_world(
    app: &App,
    world: &SeedWorld,
    set: KeySet,
) -> Result<Vec<DescribedOrganiser>, InternalError> {
    let tx = &mut app.db.read().await?;
    let mut described = Vec::new();
    for seed in &world.organisers {
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
            keys: seeded_keys(app, seed, application.id, set).into_iter().map(|key| described_key(key, app)).collect(),
        };
        let applications = seed.applications.iter().map(application).collect();
        described.push(DescribedOrganiser {
            id: seed.id,
            legal_name: seed.legal_name.clone(),
            creches: creches.map(creche).collect(),
            applications,
        });
    }
    Ok(described)
}
