//! Lists of the payments of an organiser.

use sqlx::AssertSqlSafe;

use super::{PaymentRecord, PaymentRow, payments, sound};
use crate::domain::period::Month;
use crate::domain::subsidy::PaymentFilter;
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::store::db::{Tx, on, rows};
use crate::store::error::Error;
use crate::store::sql_tuples::tuples;

const OF_ORGANISER: &str = payments!("organiser_id = $1 and month >= $2 order by month desc, paid_on, id");
const MATCHING: &str =
    payments!("organiser_id = $1 and id > $2 and month >= $3 and month <= $4 and ($5 = '' or type = $5) ");

/// The payments of an organiser for the quarters that begin with this month or later: the latest quarter first, in it the
/// first payment first.
pub async fn list_since(tx: &mut Tx, organiser: OrganiserId, month: Month) -> Result<Vec<PaymentRecord>, Error> {
    let found = rows!(tx, PaymentRow, OF_ORGANISER, organiser.to_string(), month.to_string())?;
    sound(tx, found).await
}

/// At most `most` payments of an organiser that match, after the one with the id `after`: in the order of their ids, the
/// earliest recorded first.
pub async fn list(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: PaymentFilter<'_>,
    (after, most): (Option<SubsidyPaymentId>, u32),
) -> Result<Vec<PaymentRecord>, Error> {
    if filter.creches.is_some_and(<[CrecheId]>::is_empty) {
        return Ok(Vec::new());
    }
    let sql = AssertSqlSafe(matching_query(filter.creches.map_or(0, <[CrecheId]>::len)));
    let month = |quarter: Option<_>, bound: &str| quarter.map_or_else(|| bound.to_owned(), first_month);
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, PaymentRow>(sql).bind(organiser.to_string());
        let query = query.bind(after.map(|after| after.to_string()).unwrap_or_default());
        let query = query.bind(month(filter.from, "")).bind(month(filter.to, "9999"));
        let query = query.bind(filter.payment_type.map_or("", crate::domain::subsidy::PaymentType::code));
        let query = query.bind(i64::from(most));
        let query = filter.creches.into_iter().flatten().fold(query, |query, creche| query.bind(creche.to_string()));
        query.fetch_all(c).await
    })?;
    sound(tx, found).await
}

fn first_month(quarter: crate::domain::period::Quarter) -> String {
    quarter.months()[0].to_string()
}

/// The query for payments to any of so many crèches; 0 means all.
fn matching_query(creches: usize) -> String {
    let of_creches = if creches == 0 { String::new() } else { format!("and creche_id in {}", tuples(1, creches, 7)) };
    format!("{MATCHING}{of_creches} order by id limit $6")
}
