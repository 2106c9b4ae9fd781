//! Drafts: unfinished statements typed in the console, one for each statement, sealed.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::limited_delete::limited_delete;
use super::source::{RowSource, all, optional};
use crate::domain::period::Month;
use crate::domain::statement::{StatementKey, StatementKind};
use crate::ids::{CrecheId, OrganiserId, UserId};

/// A draft, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRecord {
    /// The user who saved it last.
    pub person: UserId,
    /// What was typed, sealed.
    pub sealed: Vec<u8>,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// Raised with each save; 1 at first.
    pub version: u64,
}

const FIND: &str = "select user_id, sealed, saved_at, version from draft \
                    where organiser_id = $1 and creche_id = $2 and kind = $3 and month = $4";
const LIST: &str = "select creche_id, month from draft \
                    where organiser_id = $1 and kind = $2 and month >= $3 and month <= $4 order by creche_id, month";
const INSERT: &str = "insert into draft (organiser_id, creche_id, kind, month, user_id, sealed, saved_at, version) \
                      select organiser_id, id, $3, $4, $5, $6, $7, 1 from creche where organiser_id = $1 and id = $2 \
                      on conflict do nothing";
const UPDATE: &str = "update draft set user_id = $5, sealed = $6, saved_at = $7, version = version + 1 \
                      where organiser_id = $1 and creche_id = $2 and kind = $3 and month = $4 and version = $8";
const DELETE: &str = "delete from draft \
                      where organiser_id = $1 and creche_id = $2 and kind = $3 and month = $4 and version = $5";
const REMOVE_BEFORE: &str = limited_delete!("draft", "organiser_id, creche_id, kind, month", "saved_at < $2");

/// The draft of a statement.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, key: StatementKey) -> Result<Option<DraftRecord>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    optional(row!(tx, DraftRow, FIND, organiser, creche, key.kind.name(), month)?)
}

/// The keys of the drafts from one month to another, ordered by crèche.
pub async fn list(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: StatementKind,
    (from, to): (Month, Month),
) -> Result<Vec<(CrecheId, Month)>, Error> {
    let (organiser, from, to) = (organiser.to_string(), from.to_string(), to.to_string());
    let found: Vec<DraftKey> = all(rows!(tx, (String, String), LIST, organiser, kind.name(), from, to)?)?;
    Ok(found.into_iter().map(|key| key.0).collect())
}

/// Stores a draft as `new.version`; `false` when the stored version is not the one before it.
pub async fn save(tx: &mut Tx, organiser: OrganiserId, key: StatementKey, new: &DraftRecord) -> Result<bool, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let (person, at) = (new.person.to_string(), new.saved_at.as_millisecond());
    let before = i64::try_from(new.version).unwrap_or(i64::MAX) - 1;
    let kind = key.kind.name();
    if before == 0 {
        execute!(tx, INSERT, organiser, creche, kind, month, person, &new.sealed, at)?.at_most_one()
    } else {
        execute!(tx, UPDATE, organiser, creche, kind, month, person, &new.sealed, at, before)?.at_most_one()
    }
}

/// Deletes a draft; `false` when there is none of this version.
pub async fn delete(tx: &mut Tx, organiser: OrganiserId, key: StatementKey, version: u64) -> Result<bool, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let version = i64::try_from(version).unwrap_or(i64::MAX);
    execute!(tx, DELETE, organiser, creche, key.kind.name(), month, version)?.at_most_one()
}

/// Deletes at most `most` of the organiser's drafts that were saved last before `at`; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, at: Timestamp, most: i64) -> Result<u64, Error> {
    Ok(execute!(tx, REMOVE_BEFORE, organiser.to_string(), at.as_millisecond(), most)?.any())
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    user_id: String,
    sealed: Vec<u8>,
    saved_at: i64,
    version: i64,
}

impl TryFrom<DraftRow> for DraftRecord {
    type Error = Error;

    fn try_from(row: DraftRow) -> Result<Self, Error> {
        let from = RowSource { table: "draft", id: &row.user_id };
        Ok(Self {
            person: from.text("user_id", &row.user_id)?,
            saved_at: from.instant("saved_at", row.saved_at)?,
            version: from.number("version", row.version)?,
            sealed: row.sealed,
        })
    }
}

/// The crèche and month of a draft.
struct DraftKey((CrecheId, Month));

impl TryFrom<(String, String)> for DraftKey {
    type Error = Error;

    fn try_from((creche, month): (String, String)) -> Result<Self, Error> {
        let from = RowSource { table: "draft", id: &creche };
        Ok(Self((from.text("creche_id", &creche)?, from.text("month", &month)?)))
    }
}
