//! Payments of subsidies. One is never changed but by its cancellation.

mod bulk;
mod lists;

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, KeyValue, SUBSIDY_PAYMENT};
use super::limited_delete::limited_delete;
use super::source::{RowSource, all};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::money::SignedCents;
use crate::domain::period::Month;
use crate::domain::subsidy::NewPayment;
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};

pub use self::bulk::{NumberedCreche, creches_numbered, insert_all, recorded_for, recorded_references};
pub use self::lists::{list, list_of_all, list_since};

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
    /// The agent, or the software of the agency, that recorded it.
    pub recorded_by: Actor,
    /// Its cancellation.
    pub cancelled: Option<CancellationRecord>,
}

/// The cancellation of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancellationRecord {
    /// When.
    pub at: Timestamp,
    /// The agent, or the software of the agency.
    pub by: Actor,
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
use payments;

/// A reference without spaces and hyphens, in small letters, as an index has it.
macro_rules! reference_key {
    () => {
        "lower(replace(replace(reference, ' ', ''), '-', ''))"
    };
}
use reference_key;

const CANCEL: &str = "update subsidy_payment set cancelled_at = $3, cancelled_by = $4, reason = $5 \
                      where organiser_id = $1 and id = $2 and cancelled_at is null";
const FIND: &str = payments!("organiser_id = $1 and id = $2");
const BY_REFERENCE: &str =
    concat!(payments!("cancelled_at is null and "), reference_key!(), " in ($1, $2) order by id");
const REMOVE: &str = concat!(
    limited_delete!("subsidy_payment", "organiser_id, id", "month < $2 order by month, id"),
    " returning id, mac"
);

/// Cancels a payment; `false` when there is none that is not cancelled.
pub async fn cancel(
    tx: &mut Tx,
    (organiser, id): (OrganiserId, SubsidyPaymentId),
    new: &CancellationRecord,
) -> Result<bool, Error> {
    let id = id.to_string();
    let before = integrity::authenticated_row(tx, &SUBSIDY_PAYMENT, &[KeyValue::Text(&id)]).await?;
    let (at, by) = (new.at.as_millisecond(), author_text(&new.by));
    let done = execute!(tx, CANCEL, organiser.to_string(), &id, at, by, &new.reason)?.at_most_one()?;
    integrity::seal(tx, &SUBSIDY_PAYMENT, &[KeyValue::Text(&id)], before).await?;
    Ok(done)
}

/// A payment of an organiser.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: SubsidyPaymentId) -> Result<Option<PaymentRecord>, Error> {
    let found = row!(tx, PaymentRow, FIND, organiser.to_string(), id.to_string())?;
    Ok(sound(tx, found.into_iter().collect()).await?.pop())
}

/// The payments of all organisers that are not cancelled and whose references are like this one without case, spaces and
/// hyphens.
pub async fn list_by_reference(tx: &mut Tx, reference: &str) -> Result<Vec<PaymentRecord>, Error> {
    let [ascii, other] = reference_keys(reference);
    let found = rows!(tx, PaymentRow, BY_REFERENCE, ascii, other)?;
    sound(tx, found).await
}

/// What the engines may have made of a reference: SQLite has small letters for ASCII only.
fn reference_keys(reference: &str) -> [String; 2] {
    let bare: String = reference.chars().filter(|sign| !matches!(sign, ' ' | '-')).collect();
    [bare.to_ascii_lowercase(), bare.to_lowercase()]
}

/// What stands before the public id of a key where an author is a text. A matricule has no colon.
const KEY_AUTHOR: &str = "agencyKey:";

/// An author as it is stored: the matricule of an agent, `agencyKey:<public id>` for software of the agency.
fn author_text(author: &Actor) -> String {
    match author.kind {
        ActorKind::AgencyKey => format!("{KEY_AUTHOR}{}", author.name),
        _ => author.name.clone(),
    }
}

fn author(text: &str) -> Actor {
    match text.strip_prefix(KEY_AUTHOR) {
        Some(key) => Actor { kind: ActorKind::AgencyKey, name: key.to_owned() },
        None => Actor::agent(text),
    }
}

/// The payments of these rows, which match their authentication codes.
async fn sound(tx: &mut Tx, rows: Vec<PaymentRow>) -> Result<Vec<PaymentRecord>, Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    integrity::require_all(tx, &SUBSIDY_PAYMENT, &ids).await?;
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
            (Some(at), Some(by), Some(reason)) => Some(CancellationRecord { at, by: author(&by), reason }),
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
            recorded_by: author(&row.recorded_by),
            cancelled,
        })
    }
}
