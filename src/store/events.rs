//! Events, numbered without gaps for each organiser.

use sqlx::AssertSqlSafe;

use jiff::Timestamp;

use super::db::{Tx, later, on, row, rows};
use super::error::Error;
use super::source::{RowSource, all};
use super::sql_tuples::tuples;
use crate::domain::event::{Event, EventFilter, EventType};
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};

const NEXT: &str = "update organiser set last_event = last_event + 1 where id = $1";
const INSERT: &str = "insert into event \
                      (organiser_id, number, id, type, creche_id, period, revision, at, subject, warnings, \
                      days_left) select id, last_event, $2, $3, $4, $5, $6, $7, $8, $9, $10 from organiser where id = $1";
/// The events of an organiser after a number.
macro_rules! later_events {
    ($rest:literal) => {
        concat!(
            "select number, id, type, creche_id, period, revision, at, subject, warnings, days_left from event \
             where organiser_id = $1 and number > $2 ",
            $rest
        )
    };
}
const AFTER: &str = later_events!("order by number limit $3");
const AFTER_FILTERED: &str = later_events!("");
const COUNT_OF_PERIOD: &str = "select count(*) from event \
                    where organiser_id = $1 and type = $2 and creche_id = $3 and period = $4";
const COUNT_OF_DEADLINE: &str = "select count(*) from event where organiser_id = $1 and type = $2 and creche_id = $3 \
                                 and period = $4 and days_left <= $5";
const NUMBERS: &str = "select o.last_event, count(e.number), coalesce(max(e.number), 0) from organiser o \
                       left join event e on e.organiser_id = o.id where o.id = $1 group by o.id, o.last_event";
const LAST_NUMBER: &str = "select last_event from organiser where id = $1";
const CONCERN: &str = "insert into event_creche (organiser_id, number, creche_id) \
                       select id, last_event, $2 from organiser where id = $1";
// Whether a row of crèches, called `g`, names the event's crèche or one that the event concerns.
macro_rules! concerned {
    () => {
        "(g.creche_id = $5 or exists (select 1 from event_creche c \
         where c.organiser_id = $1 and c.number = o.last_event and c.creche_id = g.creche_id))"
    };
}
// An endpoint gets the events of its crèches; one that an application made, only those in the application's reach, while
// the application is active.
const SPREAD: &str = concat!(
    "insert into delivery \
    (organiser_id, endpoint_id, event_id, number, type, at, state, tries, attempts, due_at) \
    select e.organiser_id, e.id, $2, o.last_event, $3, $4, 'waiting', 0, 0, $6 \
    from organiser o join webhook_endpoint e on e.organiser_id = o.id where o.id = $1 and e.state in ('active', 'paused') \
    and (e.all_event_types = 1 or exists (select 1 from webhook_endpoint_event_type g \
        where g.organiser_id = $1 and g.endpoint_id = e.id and g.event_type = $3)) \
    and (e.all_creches = 1 or exists (select 1 from webhook_endpoint_creche g \
        where g.organiser_id = $1 and g.endpoint_id = e.id and ",
    concerned!(),
    ")) \
    and (e.application_id is null or exists (select 1 from application a \
        where a.organiser_id = $1 and a.id = e.application_id \
        and a.revoked_at is null and a.suspended_at is null and (a.ends_at is null or a.ends_at > $4) \
        and (a.all_scopes = 1 or exists (select 1 from application_scope g \
            where g.organiser_id = $1 and g.application_id = a.id and g.scope = 'webhooks:manage')) \
        and (a.all_creches = 1 or exists (select 1 from application_creche g \
            where g.organiser_id = $1 and g.application_id = a.id and ",
    concerned!(),
    "))))"
);

/// Whether the events are numbered without gaps up to the organiser's last number.
pub async fn are_whole(tx: &mut Tx, organiser: OrganiserId) -> Result<bool, Error> {
    let found = row!(tx, (i64, i64, i64), NUMBERS, organiser.to_string())?;
    Ok(found.is_none_or(|(last, count, highest)| last == count && last == highest))
}

/// Appends an event, with the commit or before the next query. Its number is the next one, because the organiser's row is
/// held until the transaction ends. Its deliveries to every endpoint that subscribes to it are written with it, due at
/// `due_at` in machine time.
pub fn append(tx: &mut Tx, organiser: OrganiserId, new: &Event, due_at: Timestamp) {
    let owner = organiser.to_string();
    let (id, creche) = (new.id.to_string(), new.creche.map(|creche| creche.to_string()));
    let (period, revision) = (new.period.map(|period| period.to_string()), new.revision.map(i64::from));
    let (kind, at, warnings) = (new.kind.code(), new.at.as_millisecond(), new.warnings.map(i64::from));
    let days_left = new.days_left.map(i64::from);
    later!(tx, One, NEXT, &owner);
    later!(tx, Inserted, INSERT, &owner, &id, kind, &creche, &period, revision, at, &new.subject, warnings, days_left);
    for concerned in &new.concerned {
        later!(tx, One, CONCERN, &owner, concerned.to_string());
    }
    later!(tx, Deliveries, SPREAD, &owner, &id, kind, at, &creche, due_at.as_millisecond());
    tx.notify_after_commit(organiser);
}

/// At most `limit` events after number `after`, each with its number, the oldest first.
pub async fn after(tx: &mut Tx, organiser: OrganiserId, after: u64, limit: u32) -> Result<Vec<(u64, Event)>, Error> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let found: Vec<NumberedEvent> = all(rows!(tx, EventRow, AFTER, organiser.to_string(), after, i64::from(limit))?)?;
    Ok(found.into_iter().map(|numbered| numbered.0).collect())
}

/// As [`after`], filtered by types and crèches.
pub async fn after_filtered(
    tx: &mut Tx,
    organiser: OrganiserId,
    after: u64,
    EventFilter { types, creches }: EventFilter<'_>,
    limit: u32,
) -> Result<Vec<(u64, Event)>, Error> {
    if creches.is_some_and(<[CrecheId]>::is_empty) {
        return Ok(Vec::new());
    }
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let sql = AssertSqlSafe(filtered_query(types.len(), creches.map_or(0, <[CrecheId]>::len)));
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, EventRow>(sql).bind(organiser.to_string()).bind(after).bind(i64::from(limit));
        let query = types.iter().fold(query, |query, kind| query.bind(kind.code()));
        let query = creches.into_iter().flatten().fold(query, |query, creche| query.bind(creche.to_string()));
        query.fetch_all(c).await
    })?;
    let found: Vec<NumberedEvent> = all(found)?;
    Ok(found.into_iter().map(|numbered| numbered.0).collect())
}

/// The query for events of any of `types` types and `creches` crèches; 0 means all.
fn filtered_query(types: usize, creches: usize) -> String {
    let mut filter = String::new();
    if types > 0 {
        filter = format!("and type in {}", tuples(1, types, 4));
    }
    if creches > 0 {
        let creches = tuples(1, creches, 4 + types);
        filter = format!(
            "{filter} and (creche_id in {creches} or exists (select 1 from event_creche c \
             where c.organiser_id = event.organiser_id and c.number = event.number and c.creche_id in {creches}))"
        );
    }
    format!("{AFTER_FILTERED}{filter} order by number limit $3")
}

/// Whether there is an event of this type for a period of a crèche.
pub async fn is_recorded(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: EventType,
    creche: CrecheId,
    period: Period,
) -> Result<bool, Error> {
    let (creche, period) = (creche.to_string(), period.to_string());
    let count = row!(tx, (i64,), COUNT_OF_PERIOD, organiser.to_string(), kind.code(), creche, period)?;
    Ok(count.is_some_and(|(count,)| count > 0))
}

/// Whether there is an event of this type for a period of a crèche with at most so many days left.
pub async fn is_recorded_within(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: EventType,
    (creche, period): (CrecheId, Period),
    days: u32,
) -> Result<bool, Error> {
    let (creche, period) = (creche.to_string(), period.to_string());
    let (organiser, days) = (organiser.to_string(), i64::from(days));
    let count = row!(tx, (i64,), COUNT_OF_DEADLINE, organiser, kind.code(), creche, period, days)?;
    Ok(count.is_some_and(|(count,)| count > 0))
}

/// The number of the organiser's latest event; 0 before the first.
pub async fn last_number(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    let owner = organiser.to_string();
    let (number,) = row!(tx, (i64,), LAST_NUMBER, &owner)?.ok_or(Error::Rows(0))?;
    RowSource { table: "organiser", id: &owner }.number("last_event", number)
}

#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    number: i64,
    pub(super) id: String,
    r#type: String,
    creche_id: Option<String>,
    period: Option<String>,
    revision: Option<i64>,
    at: i64,
    subject: Option<String>,
    warnings: Option<i64>,
    days_left: Option<i64>,
}

/// An event and its number.
pub(super) struct NumberedEvent(pub(super) (u64, Event));

impl TryFrom<EventRow> for NumberedEvent {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        let from = RowSource { table: "event", id: &row.id };
        let event = Event {
            id: from.text("id", &row.id)?,
            creche: from.optional("creche_id", row.creche_id.as_deref())?,
            concerned: Vec::new(),
            period: from.optional("period", row.period.as_deref())?,
            revision: row.revision.map(|revision| from.number("revision", revision)).transpose()?,
            at: from.instant("at", row.at)?,
            kind: from.text("type", &row.r#type)?,
            warnings: row.warnings.map(|warnings| from.number("warnings", warnings)).transpose()?,
            days_left: row.days_left.map(|days| from.number("days_left", days)).transpose()?,
            subject: row.subject,
        };
        Ok(Self((from.number("number", row.number)?, event)))
    }
}
