//! The revisions that applications deposited.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::domain::calls::CallReach;
use crate::domain::statement::{RevisionPlace, StatementKey, StatementKind};
use crate::ids::{ApplicationId, OrganiserId};
use crate::store::call_reach;
use crate::store::db::{Tx, on};
use crate::store::error::Error;
use crate::store::source::RowSource;
use crate::store::sql_tuples::tuples;

/// Which revisions; those of people are not among them.
#[derive(Debug, Clone)]
pub struct DepositedFilter {
    /// Those that the caller may see.
    pub reach: CallReach,
    /// Those of this application.
    pub application: Option<ApplicationId>,
    /// Those of these kinds.
    pub kinds: Vec<StatementKind>,
    /// Those of this instant or later.
    pub since: Timestamp,
}

const LIST: &str = "select creche_id, kind, month, revision from revision where organiser_id = $1 and deposited_at >= $2 \
                    and application_id is not null and ($3 = '' or application_id = $3) \
                    and (creche_id, kind, month, revision) > ($4, $5, $6, $7)";
const IN_ORDER: &str = " order by creche_id, kind, month, revision limit $8";

/// The places of the revisions that match the filter, those after a place, at most `most`.
pub async fn list_deposited(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: &DepositedFilter,
    after: Option<RevisionPlace>,
    most: u32,
) -> Result<Vec<RevisionPlace>, Error> {
    if filter.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let application = filter.application.map_or_else(String::new, |id| id.to_string());
    let of_kinds = format!(" and kind in {}", tuples(1, filter.kinds.len(), 9));
    let reach = call_reach::condition(&filter.reach, 9 + filter.kinds.len());
    let sql = AssertSqlSafe(format!("{LIST}{of_kinds}{reach}{IN_ORDER}"));
    let (creche, kind, month, revision) = after.map_or_else(Default::default, |RevisionPlace { key, revision }| {
        (key.creche.to_string(), key.kind.name(), key.month.to_string(), i64::from(revision))
    });
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, Row>(sql).bind(organiser.to_string()).bind(filter.since.as_millisecond());
        let query = query.bind(application).bind(creche).bind(kind).bind(month).bind(revision).bind(i64::from(most));
        let query = filter.kinds.iter().fold(query, |query, kind| query.bind(kind.name()));
        call_reach::values(&filter.reach).into_iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(c).await
    })?;
    found.into_iter().map(place).collect()
}

type Row = (String, String, String, i64);

fn place((creche, kind, month, revision): Row) -> Result<RevisionPlace, Error> {
    let source = RowSource { table: "revision", id: &month };
    let kind = StatementKind::from_name(&kind).ok_or_else(|| source.corrupt("kind"))?;
    let key = StatementKey { creche: source.text("creche_id", &creche)?, kind, month: source.text("month", &month)? };
    Ok(RevisionPlace { key, revision: source.number("revision", revision)? })
}
