//! Lists of payments: of an organiser, and of all.

use sqlx::AssertSqlSafe;

use super::{PaymentRecord, PaymentRow, payments, reference_key, reference_keys, sound};
use crate::domain::period::{Month, Quarter};
use crate::domain::subsidy::{AgencyPaymentFilter, PaymentFilter, PaymentType};
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::store::db::{Tx, on, rows};
use crate::store::error::Error;
use crate::store::sql_tuples::tuples;

const OF_ORGANISER: &str = payments!("organiser_id = $1 and month >= $2 order by month desc, paid_on, id");
const MATCHING: &str =
    payments!("organiser_id = $1 and id > $2 and month >= $3 and month <= $4 and ($5 = '' or type = $5) ");
const OF_ALL: &str = concat!(
    payments!(
        "id > $1 and month >= $2 and month <= $3 and ($4 = '' or type = $4) and ($5 = '' or organiser_id = $5) \
         and ($6 = '' or creche_id = $6) and ($7 = '' or "
    ),
    reference_key!(),
    " in ($7, $8)) order by id limit $9"
);

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
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, PaymentRow>(sql).bind(organiser.to_string());
        let query = query.bind(after.map(|after| after.to_string()).unwrap_or_default());
        let query = query.bind(bound(filter.from, "")).bind(bound(filter.to, "9999"));
        let query = query.bind(filter.payment_type.map_or("", PaymentType::code));
        let query = query.bind(i64::from(most));
        let query = filter.creches.into_iter().flatten().fold(query, |query, creche| query.bind(creche.to_string()));
        query.fetch_all(c).await
    })?;
    sound(tx, found).await
}

/// At most `most` payments of all organisers that match, after the one with the id `after`: in the order of their ids, the
/// earliest recorded first.
pub async fn list_of_all(
    tx: &mut Tx,
    filter: &AgencyPaymentFilter,
    (after, most): (Option<SubsidyPaymentId>, u32),
) -> Result<Vec<PaymentRecord>, Error> {
    let AgencyPaymentFilter { organiser, creche, from, to, payment_type, reference } = filter;
    let after = after.map(|after| after.to_string()).unwrap_or_default();
    let (from, to) = (bound(*from, ""), bound(*to, "9999"));
    let of_type = payment_type.map_or("", PaymentType::code);
    let organiser = organiser.map(|id| id.to_string()).unwrap_or_default();
    let creche = creche.map(|id| id.to_string()).unwrap_or_default();
    let [ascii, other] = reference_keys(reference.as_deref().unwrap_or_default());
    let most = i64::from(most);
    let found = rows!(tx, PaymentRow, OF_ALL, after, from, to, of_type, organiser, creche, ascii, other, most)?;
    sound(tx, found).await
}

/// The first month of a bound of quarters, or the text that bounds nothing.
fn bound(quarter: Option<Quarter>, none: &str) -> String {
    quarter.map_or_else(|| none.to_owned(), first_month)
}

fn first_month(quarter: Quarter) -> String {
    quarter.months()[0].to_string()
}

/// The query for payments to any of so many crèches; 0 means all.
fn matching_query(creches: usize) -> String {
    let of_creches = if creches == 0 { String::new() } else { format!("and creche_id in {}", tuples(1, creches, 7)) };
    format!("{MATCHING}{of_creches} order by id limit $6")
}
