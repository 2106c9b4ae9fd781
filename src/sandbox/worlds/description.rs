//! A world as its owner gets it: addresses, keys, people.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::content::Child;
use super::open_world::OpenWorld;
use super::record::WorldRecord;
use super::shared::SharedParts;
use crate::app::InternalError;

use crate::clock::Clock as _;
use crate::domain::agency_key::AgencyScope;
use crate::http::urls::Urls;
use crate::ids::{CrecheId, WorldId};
use crate::sandbox::seed::{self, DescribedOrganiser, KeySet};
use crate::words::Language;

/// A world in the list of its owner.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedWorld {
    id: WorldId,
    href: String,
    shape: &'static str,
    seed: u32,
    start_date: Date,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl ListedWorld {
    pub(super) fn new(shared: &SharedParts, record: &WorldRecord) -> Self {
        Self {
            id: record.id,
            href: format!("{}/sandbox/worlds/{}", shared.base_url(), record.id),
            shape: record.shape.code(),
            seed: record.seed,
            start_date: record.start_date,
            created_at: record.created_at,
            expires_at: record.expires_at,
        }
    }
}

/// A world with everything that is needed to use it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribedWorld {
    #[serde(flatten)]
    listed: ListedWorld,
    /// The secret; only in the answer that makes the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// What its clock shows.
    now: Timestamp,
    base_url: String,
    api_url: String,
    organisers: Vec<DescribedOrganiser>,
    /// The children of each crèche.
    children: BTreeMap<CrecheId, Vec<Child>>,
    /// Who can log in.
    personas: Vec<Value>,
    agency: Value,
}

impl DescribedWorld {
    pub(super) async fn new(
        shared: &SharedParts,
        record: &WorldRecord,
        open: &OpenWorld,
        secret: Option<String>,
    ) -> Result<Self, InternalError> {
        let content = record.content();
        let organisers = seed::describe_world(&open.app, &content.world, KeySet::EachScope).await?;
        let scopes: Vec<_> = AgencyScope::ALL.iter().map(|scope| scope.code()).collect();
        let urls = Urls::new(&shared.world_url(record.id));
        Ok(Self {
            listed: ListedWorld::new(shared, record),
            secret,
            now: open.clock.now(),
            base_url: urls.base().to_owned(),
            api_url: urls.api(""),
            organisers,
            children: content.children,
            agency: json!({ "key": record.agency_key, "scopes": scopes }),
            personas: seed::personas_of(content.world).iter().map(described_persona).collect(),
        })
    }
}

fn described_persona(persona: &seed::Persona) -> Value {
    json!({
        "givenName": persona.given_name,
        "familyName": persona.family_name,
        "ssin": persona.ssin,
        "role": persona.remark.get(Language::En),
    })
}
