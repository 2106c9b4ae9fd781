//! Attempts to deliver.

use jiff::Timestamp;

use crate::domain::webhook::DeliveryFailure;
use crate::ids::{EventId, OrganiserId, WebhookEndpointId};
use crate::store::Error;
use crate::store::db::{Tx, execute, rows};
use crate::store::source::{RowSource, all};

/// An attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The answer's status; `None` when there was no answer.
    pub status: Option<u16>,
    /// Why it counts as failed; `None` when it does not.
    pub failure: Option<DeliveryFailure>,
    /// The beginning of the answer's body, masked.
    pub answer: Option<String>,
}

/// The attempts of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptHour {
    /// When it began.
    pub begins: Timestamp,
    /// How many attempts were made.
    pub attempts: u64,
    /// How many of them failed.
    pub failures: u64,
    /// How long they took on average, in milliseconds.
    pub mean: u64,
    /// How long the longest took, in milliseconds.
    pub longest: u64,
}

/// Milliseconds in an hour.
const HOUR: i64 = 3_600_000;

const INSERT: &str = "insert into attempt \
                      (organiser_id, endpoint_id, event_id, number, at, millis, status, failure, answer) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const LIST: &str = "select at, millis, status, failure, answer from attempt \
                    where organiser_id = $1 and endpoint_id = $2 and event_id = $3 order by number";
const HOURS: &str = "select at / 3600000 as hour, count(*) as attempts, count(failure) as failures, \
                     cast(sum(millis) as bigint) as sum, max(millis) as longest from attempt \
                     where organiser_id = $1 and endpoint_id = $2 and at >= $3 group by at / 3600000 order by hour";

/// Stores an attempt under its number.
pub(super) async fn insert(
    tx: &mut Tx,
    (organiser, endpoint, event): (&str, &str, &str),
    number: i64,
    new: &AttemptRecord,
) -> Result<(), Error> {
    let (at, millis) = (new.at.as_millisecond(), i64::try_from(new.millis).unwrap_or(i64::MAX));
    let (status, failure) = (new.status.map(i64::from), new.failure.map(DeliveryFailure::code));
    execute!(tx, INSERT, organiser, endpoint, event, number, at, millis, status, failure, &new.answer)?.one()
}

/// Every attempt of a delivery, in order.
pub async fn attempts(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    event: EventId,
) -> Result<Vec<AttemptRecord>, Error> {
    all(rows!(tx, AttemptRow, LIST, organiser.to_string(), endpoint.to_string(), event.to_string())?)
}

/// Figures of the attempts since an instant by hour; hours without any are left out.
pub async fn hours(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    since: Timestamp,
) -> Result<Vec<AttemptHour>, Error> {
    all(rows!(tx, HourRow, HOURS, organiser.to_string(), endpoint.to_string(), since.as_millisecond())?)
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    at: i64,
    millis: i64,
    status: Option<i64>,
    failure: Option<String>,
    answer: Option<String>,
}

impl TryFrom<AttemptRow> for AttemptRecord {
    type Error = Error;

    fn try_from(row: AttemptRow) -> Result<Self, Error> {
        let from = RowSource { table: "attempt", id: "of a delivery" };
        Ok(Self {
            at: from.instant("at", row.at)?,
            millis: from.number("millis", row.millis)?,
            status: row.status.map(|status| from.number("status", status)).transpose()?,
            failure: from.optional("failure", row.failure.as_deref())?,
            answer: row.answer,
        })
    }
}

#[derive(sqlx::FromRow)]
struct HourRow {
    hour: i64,
    attempts: i64,
    failures: i64,
    sum: i64,
    longest: i64,
}

impl TryFrom<HourRow> for AttemptHour {
    type Error = Error;

    fn try_from(row: HourRow) -> Result<Self, Error> {
        let from = RowSource { table: "attempt", id: "of an hour" };
        Ok(Self {
            begins: from.instant("at", row.hour * HOUR)?,
            attempts: from.number("attempts", row.attempts)?,
            failures: from.number("failures", row.failures)?,
            mean: from.number("millis", row.sum / row.attempts.max(1))?,
            longest: from.number("millis", row.longest)?,
        })
    }
}
