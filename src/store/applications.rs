//! Applications: vendors' software as registered by an organiser.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::grant_columns::{application_creches, application_scopes};
use super::grants::{self, APPLICATION_CRECHE, APPLICATION_SCOPE};
use super::integrity::{self, APPLICATION, KeyValue as RowId};
use super::source::{RowSource, all, optional};
use crate::domain::application::ApplicationBounds;
use crate::domain::key::Scopes;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};

/// A registered application (application externe).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRecord {
    /// Its id.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// The company that makes it.
    pub vendor: String,
    /// The contact at the vendor: JSON, sealed; `None` when none was given.
    pub sealed: Option<Vec<u8>>,
    /// What it is used for; empty when not given.
    pub purpose: String,
    /// The scopes, crèches and end date that bound its keys.
    pub bounds: ApplicationBounds,
    /// When it was registered.
    pub created_at: Timestamp,
}

const INSERT: &str = "insert into application (id, organiser_id, name, vendor, sealed, purpose, all_creches, \
                      suspended_at, ends_at, revoked_at, logs_bodies_until, created_at) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing";
const UPDATE: &str = "update application set name = $3, vendor = $4, sealed = $5, purpose = $6, all_scopes = 0, \
                      all_creches = $7, suspended_at = $8, ends_at = $9, revoked_at = $10, logs_bodies_until = $11 \
                      where organiser_id = $1 and id = $2 and revoked_at is null";

/// The columns of an application with its scopes and crèches.
macro_rules! applications {
    ($where:literal) => {
        concat!(
            "select id, name, vendor, sealed, purpose, ",
            application_scopes!(),
            " as scopes, ",
            application_creches!(),
            " as creches, suspended_at, ends_at, revoked_at, logs_bodies_until, created_at from application where ",
            $where
        )
    };
}

const FIND: &str = applications!("organiser_id = $1 and id = $2");
const LIST: &str = applications!("organiser_id = $1 order by id");

/// Registers an application; `false` when the id is taken.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &ApplicationRecord) -> Result<bool, Error> {
    let (id, organiser, created) = (new.id.to_string(), organiser.to_string(), new.created_at.as_millisecond());
    let ApplicationRecord { name, vendor, sealed, purpose, bounds, .. } = new;
    let all_creches = i64::from(bounds.creches.is_none());
    let [suspended, ends, revoked, bodies] = instants(bounds);
    let inserted = execute!(
        tx,
        INSERT,
        &id,
        &organiser,
        name,
        vendor,
        sealed,
        purpose,
        all_creches,
        suspended,
        ends,
        revoked,
        bodies,
        created,
    )?
    .at_most_one()?;
    if inserted {
        write_grants(tx, &organiser, &id, bounds).await?;
        integrity::seal_new(tx, &APPLICATION, &[RowId::Text(&id)]).await?;
    }
    Ok(inserted)
}

/// The organiser's application with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: ApplicationId) -> Result<Option<ApplicationRecord>, Error> {
    optional(row!(tx, ApplicationRow, FIND, organiser.to_string(), id.to_string())?)
}

/// Every application of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<ApplicationRecord>, Error> {
    all(rows!(tx, ApplicationRow, LIST, organiser.to_string())?)
}

/// Replaces all columns of an application except its id and registration date; `false` when the organiser has no such
/// application, or it was revoked.
pub async fn update(tx: &mut Tx, organiser: OrganiserId, new: &ApplicationRecord) -> Result<bool, Error> {
    let (id, organiser) = (new.id.to_string(), organiser.to_string());
    let ApplicationRecord { name, vendor, sealed, purpose, bounds, .. } = new;
    let all_creches = i64::from(bounds.creches.is_none());
    let [suspended, ends, revoked, bodies] = instants(bounds);
    let row = [RowId::Text(&id)];
    let before = integrity::authenticated_row(tx, &APPLICATION, &row).await?;
    let updated = execute!(
        tx,
        UPDATE,
        &organiser,
        &id,
        name,
        vendor,
        sealed,
        purpose,
        all_creches,
        suspended,
        ends,
        revoked,
        bodies
    )?
    .at_most_one()?;
    if updated {
        write_grants(tx, &organiser, &id, bounds).await?;
    }
    integrity::seal(tx, &APPLICATION, &row, before).await?;
    Ok(updated)
}

/// Replaces the rows of its scopes and crèches.
async fn write_grants(tx: &mut Tx, organiser: &str, id: &str, bounds: &ApplicationBounds) -> Result<(), Error> {
    let creches = grants::ids(bounds.creches.as_deref());
    grants::replace(tx, &APPLICATION_SCOPE, (organiser, id), &grants::codes(bounds.scopes)).await?;
    grants::replace(tx, &APPLICATION_CRECHE, (organiser, id), &creches).await
}

/// The instants from which its keys are refused, and until which bodies are logged, as columns.
fn instants(bounds: &ApplicationBounds) -> [Option<i64>; 4] {
    [bounds.suspended_at, bounds.ends_at, bounds.revoked_at, bounds.logs_bodies_until]
        .map(|at| at.map(Timestamp::as_millisecond))
}

/// The columns of an application that bound its keys.
#[derive(sqlx::FromRow)]
pub(super) struct BoundsRow {
    scopes: Option<String>,
    creches: Option<String>,
    suspended_at: Option<i64>,
    ends_at: Option<i64>,
    revoked_at: Option<i64>,
    logs_bodies_until: Option<i64>,
}

impl BoundsRow {
    /// Reads them as the bounds of the application `id`.
    pub(super) fn read(&self, id: &str) -> Result<ApplicationBounds, Error> {
        let from = RowSource { table: "application", id };
        let creches = self.creches.as_deref().map(serde_json::from_str::<Vec<CrecheId>>).transpose();
        let scopes = match self.scopes.as_deref() {
            // Registered before scopes were recorded: all scopes.
            Some("") => Scopes::all(),
            scopes => from.optional("scopes", scopes)?.unwrap_or_default(),
        };
        Ok(ApplicationBounds {
            scopes,
            creches: creches.map_err(|_| from.corrupt("creches"))?,
            suspended_at: from.maybe_instant("suspended_at", self.suspended_at)?,
            ends_at: from.maybe_instant("ends_at", self.ends_at)?,
            revoked_at: from.maybe_instant("revoked_at", self.revoked_at)?,
            logs_bodies_until: from.maybe_instant("logs_bodies_until", self.logs_bodies_until)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ApplicationRow {
    id: String,
    name: String,
    vendor: String,
    sealed: Option<Vec<u8>>,
    purpose: String,
    #[sqlx(flatten)]
    bounds: BoundsRow,
    created_at: i64,
}

impl TryFrom<ApplicationRow> for ApplicationRecord {
    type Error = Error;

    fn try_from(row: ApplicationRow) -> Result<Self, Error> {
        let from = RowSource { table: "application", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            created_at: from.instant("created_at", row.created_at)?,
            bounds: row.bounds.read(&row.id)?,
            name: row.name,
            vendor: row.vendor,
            sealed: row.sealed,
            purpose: row.purpose,
        })
    }
}
