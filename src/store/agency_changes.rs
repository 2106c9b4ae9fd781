//! The agency's feed: what was done to the claims of all organisers, and what was paid, numbered without holes.
//!
//! The row with the last number is held from an entry on until its transaction ends, and entries are written at its end: numbers
//! are given in the order of the commits, so that a reader who saw a number has seen, or can still read, all before it. The
//! table has the name of the first kind of entries.

use jiff::Timestamp;

use super::db::{Tx, later, row, rows};
use super::error::Error;
use super::source::{RowSource, all};
use crate::domain::action::Action;
use crate::domain::period::{Month, Period, Quarter};
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};

/// An entry of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgencyChange {
    /// Whose claim or payment.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: CrecheId,
    /// The quarter, or the month whose consultations are signed alone.
    pub period: Period,
    /// The payment; `None` of what was done to a claim.
    pub payment: Option<SubsidyPaymentId>,
    /// What was done.
    pub action: Action,
    /// When, in the business time of the organiser.
    pub at: Timestamp,
}

/// Which entries are read.
#[derive(Debug, Clone, Copy)]
pub struct AgencyChangeFilter {
    /// What was done to claims.
    pub claims: bool,
    /// What was paid and cancelled.
    pub payments: bool,
}

const ADVANCE: &str = "insert into agency_feed (id, last_number) values (1, $1) \
                       on conflict (id) do update set last_number = agency_feed.last_number + $1";
const INSERT: &str = "insert into claim_change (number, organiser_id, creche_id, quarter, action, at, payment_id, month) \
                      select last_number - $8, $1, $2, $3, $4, $5, $6, $7 from agency_feed where id = 1";
const AFTER: &str = "select number, organiser_id, creche_id, quarter, action, at, payment_id, month from claim_change \
                     where number > $1 and ((payment_id is null and $3 = 1) or (payment_id is not null and $4 = 1)) \
                     order by number limit $2";
const LAST: &str = "select last_number from agency_feed where id = 1";

/// Appends entries in their order, with the commit or before the next query.
pub fn append_all(tx: &mut Tx, new: &[AgencyChange]) {
    if new.is_empty() {
        return;
    }
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    later!(tx, One, ADVANCE, count);
    for (after_it, change) in (0..count).rev().zip(new) {
        let AgencyChange { organiser, creche, period, payment, action, at } = change;
        let (organiser, creche, quarter) = (organiser.to_string(), creche.to_string(), period.quarter().to_string());
        let month = period.month().map(|month| month.to_string());
        let (payment, at) = (payment.map(|payment| payment.to_string()), at.as_millisecond());
        later!(tx, One, INSERT, organiser, creche, quarter, action.code(), at, payment, month, after_it);
        tx.notify_after_commit(change.organiser);
    }
}

/// At most `limit` entries after number `after`, each with its number, the oldest first.
pub async fn after(
    tx: &mut Tx,
    after: u64,
    wanted: AgencyChangeFilter,
    limit: u32,
) -> Result<Vec<(u64, AgencyChange)>, Error> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let (claims, payments) = (i64::from(wanted.claims), i64::from(wanted.payments));
    let found: Vec<NumberedChange> = all(rows!(tx, ChangeRow, AFTER, after, i64::from(limit), claims, payments)?)?;
    Ok(found.into_iter().map(|NumberedChange(numbered)| numbered).collect())
}

/// The number of the latest entry; 0 before the first.
pub async fn last_number(tx: &mut Tx) -> Result<u64, Error> {
    let Some((number,)) = row!(tx, (i64,), LAST)? else { return Ok(0) };
    RowSource { table: "agency_feed", id: "1" }.number("last_number", number)
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    number: i64,
    organiser_id: String,
    creche_id: String,
    quarter: String,
    action: String,
    at: i64,
    payment_id: Option<String>,
    month: Option<String>,
}

/// An entry and its number.
struct NumberedChange((u64, AgencyChange));

impl TryFrom<ChangeRow> for NumberedChange {
    type Error = Error;

    fn try_from(row: ChangeRow) -> Result<Self, Error> {
        let id = row.number.to_string();
        let from = RowSource { table: "claim_change", id: &id };
        let month: Option<Month> = from.optional("month", row.month.as_deref())?;
        let quarter: Quarter = from.text("quarter", &row.quarter)?;
        let change = AgencyChange {
            organiser: from.text("organiser_id", &row.organiser_id)?,
            creche: from.text("creche_id", &row.creche_id)?,
            period: month.map_or(Period::Quarter(quarter), Period::Month),
            payment: row.payment_id.map(|payment| from.text("payment_id", &payment)).transpose()?,
            action: Action::from_code(&row.action).ok_or_else(|| from.corrupt("action"))?,
            at: from.instant("at", row.at)?,
        };
        Ok(Self((from.number("number", row.number)?, change)))
    }
}
