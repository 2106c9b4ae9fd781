//! Closures: the periods in which a crèche is closed. The list is replaced as a whole and has a version.

use jiff::Timestamp;

use crate::domain::closure::{Closure, ClosureReason};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::db::{Tx, execute, row, rows};
use crate::store::error::Error;
use crate::store::integrity::{self, CRECHE, KeyValue as RowId};
use crate::store::source::RowSource;

const LIST: &str = "select start_date || ' ' || end_date || ' ' || reason from closure \
                    where organiser_id = $1 and creche_id = $2 order by position";
const RAISE: &str = "update creche set closures_version = closures_version + 1 \
                     where organiser_id = $1 and id = $2 and closures_version = $3 returning closures_version";
const CLEAR: &str = "delete from closure where organiser_id = $1 and creche_id = $2";
const INSERT: &str = "insert into closure (organiser_id, creche_id, position, start_date, end_date, reason) \
                      values ($1, $2, $3, $4, $5, $6)";

/// The crèche's closures in the order in which they were sent. Their version is `CrecheRecord::closures_version`.
pub async fn list(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Vec<Closure>, Error> {
    let id = creche.to_string();
    let found: Vec<(String,)> = rows!(tx, (String,), LIST, organiser.to_string(), &id)?;
    found.iter().map(|(entry,)| closure_of(&id, entry)).collect()
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

/// A closure of a crèche: first day, last day and the code of the reason.
pub(super) fn closure_of(creche: &str, entry: &str) -> Result<Closure, Error> {
    let from = RowSource { table: "closure", id: creche };
    let mut parts = entry.splitn(3, ' ');
    let mut part = |column| parts.next().ok_or_else(|| from.corrupt(column));
    let (start, end, reason) = (part("start_date")?, part("end_date")?, part("reason")?);
    let reason = ClosureReason::from_code(reason).ok_or_else(|| from.corrupt("reason"))?;
    Ok(Closure::new(from.text("start_date", start)?, from.text("end_date", end)?, reason))
}
