//! Deliveries of events to endpoints.

use jiff::Timestamp;

use crate::domain::event::{Event, EventType};
use crate::domain::webhook::{DeliveryFilter, DeliveryProgress};
use crate::ids::{EventId, OrganiserId, WebhookEndpointId};
use crate::store::Error;
use crate::store::db::{Tx, execute, row, rows};
use crate::store::events::{EventRow, NumberedEvent};
use crate::store::limited_delete::limited_delete;
use crate::store::source::{RowSource, all, optional};

use super::attempts;
use super::attempts::AttemptRecord;

/// A delivery of an event to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The event.
    pub event: EventId,
    /// Its number in the feed; 0 for a test.
    pub number: u64,
    /// Its type.
    pub kind: EventType,
    /// When it was written.
    pub at: Timestamp,
    /// Waiting, delivered or failed.
    pub progress: DeliveryProgress,
    /// How often it was tried, all in all.
    pub attempts: u32,
    /// When it is tried next.
    pub due_at: Option<Timestamp>,
}

const ANY_WAITING: &str = "select event from delivery where state = 'waiting' limit 1";

/// Whether any delivery, of any organiser, waits to be made.
pub async fn is_any_waiting(tx: &mut Tx) -> Result<bool, Error> {
    Ok(row!(tx, (String,), ANY_WAITING)?.is_some())
}

/// A delivery that is due, with its event.
#[derive(Debug, Clone)]
pub struct DueDelivery {
    /// The event's number in the feed.
    pub number: u64,
    /// The event.
    pub event: Event,
    /// How often it was tried since the last replay.
    pub tries: u32,
}

/// What is due to an endpoint.
#[derive(Debug, Default)]
pub struct DueDeliveries {
    /// What can be sent.
    pub readable: Vec<DueDelivery>,
    /// Deliveries whose rows contain values that the gateway does not write.
    pub unreadable: Vec<UnreadableDelivery>,
}

/// A delivery whose row cannot be read.
#[derive(Debug)]
pub struct UnreadableDelivery {
    /// The event's id, as it is stored.
    pub event: String,
    /// Why.
    pub error: Error,
}

/// The outcome of an attempt, and the new state of the delivery.
#[derive(Debug, Clone)]
pub struct AttemptOutcome {
    /// The event.
    pub event: EventId,
    /// The new state of the delivery.
    pub progress: DeliveryProgress,
    /// When it is tried again.
    pub due_at: Option<Timestamp>,
    /// The attempt; its number is assigned when it is stored.
    pub attempt: AttemptRecord,
}

macro_rules! deliveries {
    ($where:literal) => {
        concat!(
            "select event_id, number, type, at, state, attempts, due_at from delivery \
             where organiser_id = $1 and endpoint_id = $2 ",
            $where
        )
    };
}

const DUE: &str = "select e.number, e.id, e.type, e.creche_id, e.period, e.revision, e.at, e.subject, e.warnings, e.days_left, \
                   d.tries from delivery d join event e on e.organiser_id = d.organiser_id and e.number = d.number \
                   where d.organiser_id = $1 and d.endpoint_id = $2 and d.due_at <= $3 \
                   order by d.due_at, d.number limit $4";
const FIND: &str = deliveries!("and event_id = $3");
const LIST: &str = deliveries!(
    "and ($3 is null or event_id < $3) and ($4 is null or state = $4) and ($5 is null or type = $5) \
     order by event_id desc limit $6"
);
const COUNTS: &str = "select state, count(*) from delivery where organiser_id = $1 and endpoint_id = $2 group by state";
const RECORD: &str = "update delivery set state = $4, due_at = $5, tries = tries + 1, attempts = attempts + 1 \
                      where organiser_id = $1 and endpoint_id = $2 and event_id = $3 returning attempts";
const SET_ASIDE: &str = "update delivery set state = 'failed', due_at = null \
                         where organiser_id = $1 and endpoint_id = $2 and event_id = $3";
const TEST: &str = "insert into delivery (organiser_id, endpoint_id, event_id, number, type, at, state, tries, attempts) \
                    values ($1, $2, $3, 0, $4, $5, 'waiting', 0, 0)";
const TESTS: &str = "select count(*) from delivery where organiser_id = $1 and at >= $2 and number = 0";
const REPLAY: &str = "update delivery set state = 'waiting', tries = 0, due_at = $4 \
                      where organiser_id = $1 and endpoint_id = $2 and event_id = $3 and number > 0";
const REPLAY_MANY: &str = "update delivery set state = 'waiting', tries = 0, due_at = $3 \
                           where organiser_id = $1 and endpoint_id = $2 and number > 0 and at >= $4 and at <= $5 \
                           and ($6 is null or state = $6)";
/// What deletes rows of the organiser's `$3` oldest deliveries before an instant.
macro_rules! remove_before {
    ($table:literal) => {
        limited_delete!($table, "endpoint_id, event_id", of "delivery", "at < $2 order by at, endpoint_id, event_id")
    };
}
const REMOVE: [&str; 2] = [remove_before!("attempt"), remove_before!("delivery")];
const REMOVE_LEFT_ATTEMPTS: &str = "delete from attempt where organiser_id = $1 and at < $2";

/// At most `most` deliveries due to an endpoint, the longest due first. A row that cannot be read does not hide others.
pub async fn due_deliveries(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    now: Timestamp,
    most: usize,
) -> Result<DueDeliveries, Error> {
    let (now, most) = (now.as_millisecond(), i64::try_from(most).unwrap_or(i64::MAX));
    let mut found = DueDeliveries::default();
    for row in rows!(tx, DueRow, DUE, organiser.to_string(), endpoint.to_string(), now, most)? {
        let event = row.event.id.clone();
        match row.try_into() {
            Ok(due) => found.readable.push(due),
            Err(error) => found.unreadable.push(UnreadableDelivery { event, error }),
        }
    }
    Ok(found)
}

/// Gives up a delivery whose outcome cannot be stored or whose row cannot be read, so that it is not tried for ever.
/// `event` is the event's id as stored.
pub async fn set_aside(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    event: &str,
) -> Result<(), Error> {
    execute!(tx, SET_ASIDE, organiser.to_string(), endpoint.to_string(), event)?.at_most_one().map(drop)
}

/// Stores the outcome of an attempt and returns its number; `None` when the delivery was removed with its endpoint.
pub async fn record(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    outcome: &AttemptOutcome,
) -> Result<Option<u32>, Error> {
    let (owner, at) = (organiser.to_string(), endpoint.to_string());
    let (event, due) = (outcome.event.to_string(), outcome.due_at.map(Timestamp::as_millisecond));
    let Some((number,)) = row!(tx, (i64,), RECORD, &owner, &at, &event, outcome.progress.code(), due)? else {
        return Ok(None);
    };
    attempts::insert(tx, (&owner, &at, &event), number, &outcome.attempt).await?;
    RowSource { table: "delivery", id: &event }.number("attempts", number).map(Some)
}

/// Inserts a test delivery, which is no event of the feed.
pub async fn insert_test(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    event: &Event,
) -> Result<(), Error> {
    let (organiser, endpoint, id) = (organiser.to_string(), endpoint.to_string(), event.id.to_string());
    execute!(tx, TEST, organiser, endpoint, id, event.kind.code(), event.at.as_millisecond())?.one()
}

/// How many tests an organiser has sent since then.
pub async fn count_tests(tx: &mut Tx, organiser: OrganiserId, since: Timestamp) -> Result<u64, Error> {
    let id = organiser.to_string();
    let (count,) = row!(tx, (i64,), TESTS, &id, since.as_millisecond())?.ok_or(Error::Rows(0))?;
    RowSource { table: "delivery", id: &id }.number("number", count)
}

/// One delivery to an endpoint.
pub async fn delivery(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    event: EventId,
) -> Result<Option<DeliveryRecord>, Error> {
    optional(row!(tx, DeliveryRow, FIND, organiser.to_string(), endpoint.to_string(), event.to_string())?)
}

/// At most `most` deliveries to an endpoint, the newest first, those before `before` where it is given.
pub async fn deliveries(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    filter: DeliveryFilter,
    before: Option<EventId>,
    most: u32,
) -> Result<Vec<DeliveryRecord>, Error> {
    let (organiser, endpoint, before) =
        (organiser.to_string(), endpoint.to_string(), before.map(|before| before.to_string()));
    let (progress, kind) = (filter.progress.map(DeliveryProgress::code), filter.kind.map(EventType::code));
    all(rows!(tx, DeliveryRow, LIST, organiser, endpoint, before, progress, kind, i64::from(most))?)
}

/// How many deliveries to an endpoint are in each state.
pub async fn counts(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
) -> Result<Vec<(DeliveryProgress, u64)>, Error> {
    let id = endpoint.to_string();
    let found: Vec<(String, i64)> = rows!(tx, (String, i64), COUNTS, organiser.to_string(), &id)?;
    let from = RowSource { table: "delivery", id: &id };
    found.into_iter().map(|(state, count)| Ok((from.text("state", &state)?, from.number("state", count)?))).collect()
}

/// Resets a delivery, so that it is made again; `false` when there is none or it was a test.
pub async fn replay(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    event: EventId,
    now: Timestamp,
) -> Result<bool, Error> {
    let (organiser, endpoint, event) = (organiser.to_string(), endpoint.to_string(), event.to_string());
    tx.notify_of_deliveries();
    execute!(tx, REPLAY, organiser, endpoint, event, now.as_millisecond())?.at_most_one()
}

/// As [`replay`], for all deliveries written in a window, or those of them in the state `only`; returns how many.
pub async fn replay_many(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    (from, until): (Timestamp, Timestamp),
    only: Option<DeliveryProgress>,
    now: Timestamp,
) -> Result<u64, Error> {
    let (organiser, endpoint, only) = (organiser.to_string(), endpoint.to_string(), only.map(DeliveryProgress::code));
    let [now, from, until] = [now, from, until].map(Timestamp::as_millisecond);
    tx.notify_of_deliveries();
    Ok(execute!(tx, REPLAY_MANY, organiser, endpoint, now, from, until, only)?.any())
}

/// Removes at most `most` deliveries that were written before `before`, with their attempts; returns how many deliveries.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, before: Timestamp, most: i64) -> Result<u64, Error> {
    let (organiser, before) = (organiser.to_string(), before.as_millisecond());
    let [attempts, deliveries] = REMOVE;
    execute!(tx, attempts, &organiser, before, most)?.any();
    let removed = execute!(tx, deliveries, &organiser, before, most)?.any();
    if removed.cast_signed() < most {
        // What is left of so long ago are attempts whose delivery an earlier version removed.
        execute!(tx, REMOVE_LEFT_ATTEMPTS, &organiser, before)?.any();
    }
    Ok(removed)
}

#[derive(sqlx::FromRow)]
struct DueRow {
    #[sqlx(flatten)]
    event: EventRow,
    tries: i64,
}

impl TryFrom<DueRow> for DueDelivery {
    type Error = Error;

    fn try_from(row: DueRow) -> Result<Self, Error> {
        let tries = RowSource { table: "delivery", id: "due" }.number("tries", row.tries)?;
        let NumberedEvent((number, event)) = row.event.try_into()?;
        Ok(Self { number, event, tries })
    }
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    event_id: String,
    number: i64,
    r#type: String,
    at: i64,
    state: String,
    attempts: i64,
    due_at: Option<i64>,
}

impl TryFrom<DeliveryRow> for DeliveryRecord {
    type Error = Error;

    fn try_from(row: DeliveryRow) -> Result<Self, Error> {
        let from = RowSource { table: "delivery", id: &row.event_id };
        Ok(Self {
            event: from.text("event_id", &row.event_id)?,
            number: from.number("number", row.number)?,
            kind: from.text("type", &row.r#type)?,
            at: from.instant("at", row.at)?,
            progress: from.text("state", &row.state)?,
            attempts: from.number("attempts", row.attempts)?,
            due_at: from.maybe_instant("due_at", row.due_at)?,
        })
    }
}
