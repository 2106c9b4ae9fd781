//! Applications: vendors' software as registered by an organiser.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::source::{Source, all, maybe};
use crate::ids::{ApplicationId, OrganiserId};

/// A registered application (application externe).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// The company behind it.
    pub vendor: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Since when its keys are refused.
    pub suspended_at: Option<Timestamp>,
}

const INSERT: &str = "insert into application (id, organiser_id, name, vendor, created_at, suspended_at) \
                      values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
const FIND: &str = "select id, name, vendor, created_at, suspended_at from application \
                    where organiser_id = $1 and id = $2";
const LIST: &str = "select id, name, vendor, created_at, suspended_at from application \
                    where organiser_id = $1 order by id";
const SUSPEND: &str = "update application set suspended_at = $3 where organiser_id = $1 and id = $2";

/// Registers an application; `false` when the id is taken.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &Application) -> Result<bool, Error> {
    let (id, organiser) = (new.id.to_string(), organiser.to_string());
    let (at, suspended) = (new.created_at.as_millisecond(), new.suspended_at.map(Timestamp::as_millisecond));
    execute!(tx, INSERT, &id, &organiser, &new.name, &new.vendor, at, suspended)?.at_most_one()
}

/// The organiser's application with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: ApplicationId) -> Result<Option<Application>, Error> {
    maybe(row!(tx, ApplicationRow, FIND, organiser.to_string(), id.to_string())?)
}

/// Every application of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Application>, Error> {
    all(rows!(tx, ApplicationRow, LIST, organiser.to_string())?)
}

/// Refuses the application's keys from `at` on, or admits them again (`None`); `false` when the organiser has no such
/// application.
pub async fn suspend(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: ApplicationId,
    at: Option<Timestamp>,
) -> Result<bool, Error> {
    let at = at.map(Timestamp::as_millisecond);
    execute!(tx, SUSPEND, organiser.to_string(), id.to_string(), at)?.at_most_one()
}

#[derive(sqlx::FromRow)]
struct ApplicationRow {
    id: String,
    name: String,
    vendor: String,
    created_at: i64,
    suspended_at: Option<i64>,
}

impl TryFrom<ApplicationRow> for Application {
    type Error = Error;

    fn try_from(row: ApplicationRow) -> Result<Self, Error> {
        let from = Source { table: "application", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            created_at: from.instant("created_at", row.created_at)?,
            suspended_at: from.maybe_instant("suspended_at", row.suspended_at)?,
            name: row.name,
            vendor: row.vendor,
        })
    }
}
