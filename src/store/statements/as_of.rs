//! States of statements at an instant.

use jiff::Timestamp;

use super::{CurrentStatement, RevisionRow, month_bounds, revision_columns};
use crate::domain::statement::{StatementFilter, StatementStatus};
use crate::ids::OrganiserId;
use crate::store::db::{Tx, rows};
use crate::store::error::Error;

/// The columns of the revisions that were the current ones at an instant.
macro_rules! as_of {
    ($where:literal) => {
        concat!(
            "select ",
            revision_columns!(),
            " from revision r \
             where r.organiser_id = $1 and r.kind = $2 and r.month >= $3 and r.month <= $4 and r.revision = (\
               select max(l.revision) from revision l where l.organiser_id = r.organiser_id \
               and l.creche_id = r.creche_id and l.kind = r.kind and l.month = r.month and l.deposited_at <= $5) ",
            $where
        )
    };
}

const OF_CRECHE_AS_OF: &str = as_of!("and r.creche_id = $6 order by r.month");
const OF_ORGANISER_AS_OF: &str = as_of!("order by r.creche_id, r.month");

/// The states at an instant of the statements that match the filter, in the order of [`super::list`].
pub async fn list_as_of(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: StatementFilter,
    at: Timestamp,
) -> Result<Vec<CurrentStatement>, Error> {
    let (organiser, at, (from, to)) = (organiser.to_string(), at.as_millisecond(), month_bounds(filter));
    let found = match filter.creche {
        Some(creche) => {
            let creche = creche.to_string();
            rows!(tx, RevisionRow, OF_CRECHE_AS_OF, &organiser, filter.kind.name(), from, to, at, creche)
        }
        None => rows!(tx, RevisionRow, OF_ORGANISER_AS_OF, &organiser, filter.kind.name(), from, to, at),
    }?;
    let current = |row: RevisionRow| {
        let revision = row.checked(tx, &organiser, filter.kind)?;
        let (status, updated_at) = (StatementStatus::Deposited, revision.deposited_at);
        Ok(CurrentStatement { status, updated_at, revision, mac: None })
    };
    found.into_iter().map(current).collect()
}
