//! Closures: the periods in which a crèche is closed. The list is replaced as a whole and has a version.

use jiff::Timestamp;

use crate::domain::closure::{Closure, ClosureReason};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::db::{Tx, execute, row, rows};
use crate::store::error::Error;
use crate::store::integrity::{self, CRECHE, KeyValue as RowId};
use crate::store::source::{RowSource, all};

const LIST: &str = "select creche_id, start_date, end_date, reason from closure \
                    where organiser_id = $1 and creche_id = $2 order by position";
const ALL: &str = "select creche_id, start_date, end_date, reason from closure \
                   where organiser_id = $1 order by creche_id, position";
const RAISE: &str = "update creche set closures_version = closures_version + 1 \
                     where organiser_id = $1 and id = $2 and closures_version = $3 returning closures_version";
const CLEAR: &str = "delete from closure where organiser_id = $1 and creche_id = $2";
const INSERT: &str = "insert into closure (organiser_id, creche_id, position, start_date, end_date, reason) \
                      values ($1, $2, $3, $4, $5, $6)";

/// The crèche's closures in the order in which they were sent. Their version is `CrecheRecord::closures_version`.
pub async fn list(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Vec<Closure>, Error> {
    let found: Vec<LocatedClosure> = all(rows!(tx, ClosureRow, LIST, organiser.to_string(), creche.to_string())?)?;
    Ok(found.into_iter().map(|located| located.0.1).collect())
}

/// The closures of all the organiser's crèches, ordered by crèche.
pub async fn list_all(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<(CrecheId, Closure)>, Error> {
    let found: Vec<LocatedClosure> = all(rows!(tx, ClosureRow, ALL, organiser.to_string())?)?;
    Ok(found.into_iter().map(|located| located.0).collect())
}

/// Replaces the whole list if its version is still `expected`, and returns the new version; `None` when the version differs
/// or the organiser has no such crèche.
pub async fn replace(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    expected: u64,
    closures: &[Closure],
    at: Timestamp,
) -> Result<Option<u64>, Error> {
    let (owner, organiser, id) = (organiser, organiser.to_string(), creche.to_string());
    let expected = i64::try_from(expected).unwrap_or(i64::MAX);
    let before = integrity::authenticated_row(tx, &CRECHE, &[RowId::Text(&id)]).await?;
    let Some((version,)) = row!(tx, (i64,), RAISE, &organiser, &id, expected)? else { return Ok(None) };
    execute!(tx, CLEAR, &organiser, &id)?.any();
    for (position, closure) in (0_i64..).zip(closures) {
        let (start, end) = (closure.start_date.to_string(), closure.end_date.to_string());
        execute!(tx, INSERT, &organiser, &id, position, start, end, closure.reason.code())?.one()?;
    }
    integrity::seal(tx, &CRECHE, &[RowId::Text(&id)], before).await?;
    super::record(tx, owner, creche, at).await?;
    RowSource { table: "creche", id: &id }.number("closures_version", version).map(Some)
}

#[derive(sqlx::FromRow)]
struct ClosureRow {
    creche_id: String,
    start_date: String,
    end_date: String,
    reason: String,
}

/// A closure and the crèche that it belongs to.
struct LocatedClosure((CrecheId, Closure));

impl TryFrom<ClosureRow> for LocatedClosure {
    type Error = Error;

    fn try_from(row: ClosureRow) -> Result<Self, Error> {
        let from = RowSource { table: "closure", id: &row.creche_id };
        let start = from.text("start_date", &row.start_date)?;
        let end = from.text("end_date", &row.end_date)?;
        let reason = ClosureReason::from_code(&row.reason).ok_or_else(|| from.corrupt("reason"))?;
        Ok(Self((from.text("creche_id", &row.creche_id)?, Closure::new(start, end, reason))))
    }
}
