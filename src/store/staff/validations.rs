//! The yearly validations of a crèche's staff.

use jiff::Timestamp;

use crate::ids::{ApplicationId, CrecheId, OrganiserId, UserId};
use crate::store::db::{Tx, execute, rows};
use crate::store::error::Error;
use crate::store::integrity::{self, KeyValue as RowId, STAFF_VALIDATION};
use crate::store::source::{RowSource, all};

/// The confirmation that the register was right for a crèche.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidationRecord {
    /// The year.
    pub year: i16,
    /// When.
    pub at: Timestamp,
    /// The user who confirmed it.
    pub user: Option<UserId>,
    /// The application that confirmed it.
    pub application: Option<ApplicationId>,
    /// The register's revision.
    pub revision: u64,
}

const VALIDATE: &str = "insert into staff_validation \
                        (organiser_id, creche_id, year, at, user_id, application_id, revision) \
                        values ($1, $2, $3, $4, $5, $6, $7) on conflict (creche_id, year) do update set \
                        at = excluded.at, user_id = excluded.user_id, application_id = excluded.application_id, \
                        revision = excluded.revision";
const LIST: &str = "select creche_id, year, at, user_id, application_id, revision from staff_validation \
                    where organiser_id = $1 and creche_id = $2 order by year desc";

const OF_YEAR: &str = "select creche_id from staff_validation where organiser_id = $1 and year = $2 order by creche_id";

const REMOVE: &str = "delete from staff_validation where organiser_id = $1 and creche_id = $2 and at = $3 \
                      returning year, mac";

/// Removes the validations of a crèche that were made at this instant; returns how many there were.
pub async fn remove_validations_of(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    at: Timestamp,
) -> Result<usize, Error> {
    let (organiser, creche) = (organiser.to_string(), creche.to_string());
    let removed = rows!(tx, (i64, Option<Vec<u8>>), REMOVE, &organiser, &creche, at.as_millisecond())?;
    for (year, mac) in &removed {
        integrity::removed(tx, &STAFF_VALIDATION, &organiser, &format!("{creche}/{year}"), mac.as_deref());
    }
    Ok(removed.len())
}

/// Stores a validation, replacing one of the same year.
pub async fn validate(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    new: &ValidationRecord,
) -> Result<(), Error> {
    let (organiser, creche) = (organiser.to_string(), creche.to_string());
    let (user, application) = (new.user.map(|id| id.to_string()), new.application.map(|id| id.to_string()));
    let revision = i64::try_from(new.revision).unwrap_or(i64::MAX);
    let (year, at) = (i64::from(new.year), new.at.as_millisecond());
    let row = [RowId::Text(&creche), RowId::Int(year)];
    let before = integrity::authenticated_row(tx, &STAFF_VALIDATION, &row).await?;
    execute!(tx, VALIDATE, organiser, &creche, year, at, user, application, revision)?.one()?;
    integrity::seal(tx, &STAFF_VALIDATION, &row, before).await
}

/// The validations of a crèche, the latest year first.
pub async fn validations(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
) -> Result<Vec<ValidationRecord>, Error> {
    all(rows!(tx, ValidationRow, LIST, organiser.to_string(), creche.to_string())?)
}

/// The crèches whose staff was validated for a year.
pub async fn validated_creches(tx: &mut Tx, organiser: OrganiserId, year: i16) -> Result<Vec<CrecheId>, Error> {
    let found = rows!(tx, (String,), OF_YEAR, organiser.to_string(), i64::from(year))?;
    let from = RowSource { table: "staff_validation", id: "" };
    found.iter().map(|(creche,)| from.text("creche_id", creche)).collect()
}

#[derive(sqlx::FromRow)]
struct ValidationRow {
    creche_id: String,
    year: i64,
    at: i64,
    user_id: Option<String>,
    application_id: Option<String>,
    revision: i64,
}

impl TryFrom<ValidationRow> for ValidationRecord {
    type Error = Error;

    fn try_from(row: ValidationRow) -> Result<Self, Error> {
        let from = RowSource { table: "staff_validation", id: &row.creche_id };
        Ok(Self {
            year: from.number("year", row.year)?,
            at: from.instant("at", row.at)?,
            user: from.optional("user_id", row.user_id.as_deref())?,
            application: from.optional("application_id", row.application_id.as_deref())?,
            revision: from.number("revision", row.revision)?,
        })
    }
}
