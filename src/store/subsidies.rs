//! Payments of subsidies. One is never changed but by its cancellation.

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, KeyValue, SUBSIDY_PAYMENT};
use super::limited_delete::limited_delete;
use super::source::{RowSource, all, optional};
use crate::domain::money::SignedCents;
use crate::domain::period::Month;
use crate::domain::subsidy::NewPayment;
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};

/// A recorded payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRecord {
    /// Its id.
    pub id: SubsidyPaymentId,
    /// Whose crèche was paid.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: CrecheId,
    /// What was paid.
    pub payment: NewPayment,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The matricule of the agent who recorded it.
    pub recorded_by: String,
    /// Its cancellation.
    pub cancelled: Option<CancellationRecord>,
}

/// The cancellation of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancellationRecord {
    /// When.
    pub at: Timestamp,
    /// The matricule of the agent.
    pub by: String,
    /// Why, sealed.
    pub reason: Vec<u8>,
}

/// The columns of a [`PaymentRow`].
macro_rules! payments {
    ($where:literal) => {
        concat!(
            "select organiser_id, id, creche_id, month, type, paid_on, amount, balance, reference, recorded_at, \
             recorded_by, cancelled_at, cancelled_by, reason from subsidy_payment where ",
            $where
        )
    };
}

const INSERT: &str = "insert into subsidy_payment (organiser_id, id, creche_id, month, type, paid_on, amount, balance, \
                      reference, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                      on conflict do nothing";
const CANCEL: &str = "update subsidy_payment set cancelled_at = $3, cancelled_by = $4, reason = $5 \
                      where organiser_id = $1 and id = $2 and cancelled_at is null";
const FIND: &str = payments!("organiser_id = $1 and id = $2");
const BY_REFERENCE: &str = payments!("reference = $1 and cancelled_at is null");
const OF_ORGANISER: &str = payments!("organiser_id = $1 and month >= $2 order by month desc, paid_on, id");
const OF_ONE_NUMBER: &str = "select organiser_id, id from creche where one_number = $1 order by organiser_id, id";
const REMOVE: &str = concat!(
    limited_delete!("subsidy_payment", "organiser_id, id", "month < $2 order by month, id"),
    " returning id, mac"
);

/// The crèches with this ONE number, of all organisers.
pub async fn creches_numbered(tx: &mut Tx, one_number: &str) -> Result<Vec<(OrganiserId, CrecheId)>, Error> {
    let found = rows!(tx, (String, String), OF_ONE_NUMBER, one_number)?;
    let typed = |(organiser, creche): (String, String)| {
        let from = RowSource { table: "creche", id: &creche };
        Ok((from.text("organiser_id", &organiser)?, from.text("id", &creche)?))
    };
    found.into_iter().map(typed).collect()
}

/// Records a payment; `false` when one that is not cancelled has its reference.
pub async fn insert(tx: &mut Tx, new: &PaymentRecord) -> Result<bool, Error> {
    let NewPayment { quarter, payment_type, paid_on, amount, balance, reference } = &new.payment;
    let (organiser, id, creche) = (new.organiser.to_string(), new.id.to_string(), new.creche.to_string());
    let (month, day) = (quarter.months()[0].to_string(), paid_on.to_string());
    let (code, amount, balance) = (payment_type.code(), amount.0, balance.map(|balance| balance.0));
    let (at, by) = (new.recorded_at.as_millisecond(), &new.recorded_by);
    let done = execute!(tx, INSERT, organiser, &id, creche, month, code, day, amount, balance, reference, at, by)?;
    if !done.at_most_one()? {
        return Ok(false);
    }
    integrity::seal_new(tx, &SUBSIDY_PAYMENT, &[KeyValue::Text(&id)]).await?;
    Ok(true)
}

/// Cancels a payment; `false` when there is none that is not cancelled.
pub async fn cancel(
    tx: &mut Tx,
    (organiser, id): (OrganiserId, SubsidyPaymentId),
    new: &CancellationRecord,
) -> Result<bool, Error> {
    let id = id.to_string();
    let before = integrity::authenticated_row(tx, &SUBSIDY_PAYMENT, &[KeyValue::Text(&id)]).await?;
    let (at, by) = (new.at.as_millisecond(), &new.by);
    let done = execute!(tx, CANCEL, organiser.to_string(), &id, at, by, &new.reason)?.at_most_one()?;
    integrity::seal(tx, &SUBSIDY_PAYMENT, &[KeyValue::Text(&id)], before).await?;
    Ok(done)
}

/// A payment of an organiser.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: SubsidyPaymentId) -> Result<Option<PaymentRecord>, Error> {
    let found = row!(tx, PaymentRow, FIND, organiser.to_string(), id.to_string())?;
    Ok(sound(tx, found.into_iter().collect()).await?.pop())
}

/// The payment with this reference, of any organiser, that is not cancelled.
pub async fn find_by_reference(tx: &mut Tx, reference: &str) -> Result<Option<PaymentRecord>, Error> {
    optional(row!(tx, PaymentRow, BY_REFERENCE, reference)?)
}

/// The payments of an organiser for the quarters that begin with this month or later: the latest quarter first, in it the
/// first payment first.
pub async fn list_since(tx: &mut Tx, organiser: OrganiserId, month: Month) -> Result<Vec<PaymentRecord>, Error> {
    let found = rows!(tx, PaymentRow, OF_ORGANISER, organiser.to_string(), month.to_string())?;
    sound(tx, found).await
}

/// The payments of these rows, which match their authentication codes.
async fn sound(tx: &mut Tx, rows: Vec<PaymentRow>) -> Result<Vec<PaymentRecord>, Error> {
    for row in &rows {
        integrity::require(tx, &SUBSIDY_PAYMENT, &[KeyValue::Text(&row.id)]).await?;
    }
    all(rows)
}

/// Removes at most `most` payments for the quarters that begin before this month; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, month: Month, most: i64) -> Result<u64, Error> {
    let organiser = organiser.to_string();
    let removed = rows!(tx, (String, Option<Vec<u8>>), REMOVE, &organiser, month.to_string(), most)?;
    for (id, mac) in &removed {
        integrity::removed(tx, &SUBSIDY_PAYMENT, &organiser, id, mac.as_deref());
    }
    Ok(removed.len() as u64)
}

#[derive(sqlx::FromRow)]
struct PaymentRow {
    organiser_id: String,
    id: String,
    creche_id: String,
    month: String,
    r#type: String,
    paid_on: String,
    amount: i64,
    balance: Option<i64>,
    reference: String,
    recorded_at: i64,
    recorded_by: String,
    cancelled_at: Option<i64>,
    cancelled_by: Option<String>,
    reason: Option<Vec<u8>>,
}

impl TryFrom<PaymentRow> for PaymentRecord {
    type Error = Error;

    fn try_from(row: PaymentRow) -> Result<Self, Error> {
        let from = RowSource { table: "subsidy_payment", id: &row.id };
        let month: Month = from.text("month", &row.month)?;
        let paid_on: Date = from.text("paid_on", &row.paid_on)?;
        let cancelled = match (from.maybe_instant("cancelled_at", row.cancelled_at)?, row.cancelled_by, row.reason) {
            (Some(at), Some(by), Some(reason)) => Some(CancellationRecord { at, by, reason }),
            (None, None, None) => None,
            _ => return Err(from.corrupt("cancelled_at")),
        };
        Ok(Self {
            id: from.text("id", &row.id)?,
            organiser: from.text("organiser_id", &row.organiser_id)?,
            creche: from.text("creche_id", &row.creche_id)?,
            payment: NewPayment {
                quarter: month.quarter(),
                payment_type: from.text("type", &row.r#type)?,
                paid_on,
                amount: SignedCents(row.amount),
                balance: row.balance.map(SignedCents),
                reference: row.reference,
            },
            recorded_at: from.instant("recorded_at", row.recorded_at)?,
            recorded_by: row.recorded_by,
            cancelled,
        })
    }
}
