//! Recording many payments in few statements: while they are recorded, other writes to an SQLite file wait.

use sqlx::AssertSqlSafe;

use super::{PaymentRecord, PaymentRow, author_text, payments, reference_key, reference_keys, sound};
use crate::domain::period::Quarter;
use crate::ids::{CrecheId, OrganiserId};
use crate::store::db::{Tx, on};
use crate::store::error::Error;
use crate::store::integrity::{self, CodeMessage, SUBSIDY_PAYMENT};
use crate::store::source::RowSource;
use crate::store::sql_tuples::{ROWS, values};

const INSERT: &str = "insert into subsidy_payment (organiser_id, id, creche_id, month, type, paid_on, amount, balance, \
                      reference, recorded_at, recorded_by, mac) values";
const RECORDED: &str =
    concat!("select reference from subsidy_payment where cancelled_at is null and ", reference_key!(), " in");
const OF_QUARTERS: &str = payments!("cancelled_at is null and (organiser_id, creche_id, month) in");
const NUMBERED: &str = "select organiser_id, id, one_number, name, subsidised from creche where one_number in";
/// The most values of one query.
const VALUES: usize = 100;

/// A crèche with its ONE number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedCreche {
    /// Its organiser.
    pub organiser: OrganiserId,
    /// Its id.
    pub id: CrecheId,
    /// The number.
    pub one_number: String,
    /// Its name.
    pub name: String,
    /// Whether it is subsidised.
    pub subsidised: bool,
}

/// The crèches with these ONE numbers, of all organisers.
pub async fn creches_numbered(tx: &mut Tx, numbers: &[&str]) -> Result<Vec<NumberedCreche>, Error> {
    let mut found = Vec::new();
    for chunk in numbers.chunks(VALUES) {
        let sql = AssertSqlSafe(format!("{NUMBERED} {} order by organiser_id, id", values(tx, 1, chunk.len())));
        let rows = on!(tx, c => {
            let query = sqlx::query_as::<_, (String, String, String, String, i64)>(sql);
            chunk.iter().fold(query, |query, number| query.bind(*number)).fetch_all(c).await
        })?;
        for (organiser, creche, one_number, name, subsidised) in rows {
            let from = RowSource { table: "creche", id: &creche };
            let (organiser, id) = (from.text("organiser_id", &organiser)?, from.text("id", &creche)?);
            found.push(NumberedCreche { organiser, id, one_number, name, subsidised: subsidised == 1 });
        }
    }
    Ok(found)
}

/// The references of recorded payments which are not cancelled that are like these without case, spaces and hyphens.
pub async fn recorded_references(tx: &mut Tx, references: &[&str]) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for chunk in references.chunks(VALUES) {
        let sql = AssertSqlSafe(format!("{RECORDED} {}", values(tx, 1, 2 * chunk.len())));
        let rows = on!(tx, c => {
            let mut query = sqlx::query_as::<_, (String,)>(sql);
            for key in chunk.iter().flat_map(|reference| reference_keys(reference)) {
                query = query.bind(key);
            }
            query.fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(reference,)| reference));
    }
    Ok(found)
}

/// The payments for these quarters of crèches that are not cancelled.
pub async fn recorded_for(
    tx: &mut Tx,
    quarters: &[(OrganiserId, CrecheId, Quarter)],
) -> Result<Vec<PaymentRecord>, Error> {
    let mut found = Vec::new();
    for chunk in quarters.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{OF_QUARTERS} (values {}) order by id", values(tx, chunk.len(), 3)));
        let rows = on!(tx, c => {
            let mut query = sqlx::query_as::<_, PaymentRow>(sql);
            for (organiser, creche, quarter) in chunk {
                query = query.bind(organiser.to_string()).bind(creche.to_string());
                query = query.bind(quarter.months()[0].to_string());
            }
            query.fetch_all(c).await
        })?;
        found.extend(sound(tx, rows).await?);
    }
    Ok(found)
}

/// Records payments; `false` when one that is not cancelled has the reference of one of them. The transaction must be
/// rolled back then.
pub async fn insert_all(tx: &mut Tx, new: &[PaymentRecord]) -> Result<bool, Error> {
    // Computed before the first row is inserted: from then on other writes to an SQLite file wait.
    let codes: Vec<_> = new.iter().map(|payment| tx.row_key.mac(&message(payment))).collect();
    for (chunk, codes) in new.chunks(ROWS).zip(codes.chunks(ROWS)) {
        let sql = AssertSqlSafe(format!("{INSERT} {} on conflict do nothing", values(tx, chunk.len(), 12)));
        let result = on!(tx, c => {
            let mut query = sqlx::query(sql);
            for (PaymentRecord { id, organiser, creche, payment, recorded_at, recorded_by, .. }, mac) in chunk.iter().zip(codes) {
                query = query.bind(organiser.to_string()).bind(id.to_string()).bind(creche.to_string());
                query = query.bind(payment.quarter.months()[0].to_string()).bind(payment.payment_type.code());
                query = query.bind(payment.paid_on.to_string()).bind(payment.amount.0);
                query = query.bind(payment.balance.map(|balance| balance.0)).bind(&payment.reference);
                query = query.bind(recorded_at.as_millisecond()).bind(author_text(recorded_by)).bind(mac);
            }
            query.execute(c).await.map(|result| result.rows_affected())
        });
        if tx.track_write(result)?.any() != chunk.len() as u64 {
            return Ok(false);
        }
        for (payment, mac) in chunk.iter().zip(codes) {
            let key = (payment.organiser.to_string(), payment.id.to_string());
            integrity::replaced(tx, &SUBSIDY_PAYMENT, (&key.0, &key.1), None, mac.as_deref());
        }
    }
    Ok(true)
}

/// What the code of a new payment covers.
fn message(
    PaymentRecord { id, organiser, creche, payment, recorded_at, recorded_by, .. }: &PaymentRecord,
) -> CodeMessage {
    CodeMessage::of(SUBSIDY_PAYMENT.code_name)
        .text(id.to_string().as_str())
        .text(organiser.to_string().as_str())
        .text(creche.to_string().as_str())
        .text(payment.quarter.months()[0].to_string().as_str())
        .text(payment.payment_type.code())
        .text(payment.paid_on.to_string().as_str())
        .int(payment.amount.0)
        .int(payment.balance.map(|balance| balance.0))
        .text(payment.reference.as_str())
        .int(recorded_at.as_millisecond())
        .text(author_text(recorded_by).as_str())
        .int(None)
        .text(None)
        .blob(None)
}
