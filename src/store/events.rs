//! Events: what happened, numbered without holes for each organiser.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::source::{Source, all};
use crate::domain::period::Period;
use crate::ids::{CrecheId, EventId, OrganiserId};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What kind of thing.
    pub kind: String,
    /// The application, by its id, or the key, by its public id, that it is about.
    pub subject: Option<String>,
    /// The crèche it is about.
    pub creche: Option<CrecheId>,
    /// The period it is about.
    pub period: Option<Period>,
    /// The revision it is about.
    pub revision: Option<u32>,
    /// When.
    pub at: Timestamp,
}

const NEXT: &str = "update organiser set last_event = last_event + 1 where id = $1 returning last_event";
const INSERT: &str = "insert into event (organiser_id, number, id, type, creche_id, period, revision, at, subject) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const AFTER: &str = "select number, id, type, creche_id, period, revision, at, subject from event \
                     where organiser_id = $1 and number > $2 order by number limit $3";

/// Appends an event and gives its number: the next one, because the organiser's row is held until the transaction ends.
pub async fn append(tx: &mut Tx, organiser: OrganiserId, new: &Event) -> Result<u64, Error> {
    let owner = organiser.to_string();
    let (number,) = row!(tx, (i64,), NEXT, &owner)?.ok_or(Error::Rows(0))?;
    let (id, creche) = (new.id.to_string(), new.creche.map(|creche| creche.to_string()));
    let (period, revision) = (new.period.map(|period| period.to_string()), new.revision.map(i64::from));
    let at = new.at.as_millisecond();
    execute!(tx, INSERT, &owner, number, &id, &new.kind, &creche, &period, revision, at, &new.subject)?.one()?;
    Source { table: "organiser", id: &owner }.number("last_event", number)
}

/// At most `limit` events after number `after`, each with its number, the oldest first.
pub async fn after(tx: &mut Tx, organiser: OrganiserId, after: u64, limit: u32) -> Result<Vec<(u64, Event)>, Error> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let found: Vec<Numbered> = all(rows!(tx, EventRow, AFTER, organiser.to_string(), after, i64::from(limit))?)?;
    Ok(found.into_iter().map(|numbered| numbered.0).collect())
}

#[derive(sqlx::FromRow)]
struct EventRow {
    number: i64,
    id: String,
    r#type: String,
    creche_id: Option<String>,
    period: Option<String>,
    revision: Option<i64>,
    at: i64,
    subject: Option<String>,
}

/// An event and its number.
struct Numbered((u64, Event));

impl TryFrom<EventRow> for Numbered {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        let from = Source { table: "event", id: &row.id };
        let event = Event {
            id: from.text("id", &row.id)?,
            creche: from.optional("creche_id", row.creche_id.as_deref())?,
            period: from.optional("period", row.period.as_deref())?,
            revision: row.revision.map(|revision| from.number("revision", revision)).transpose()?,
            at: from.instant("at", row.at)?,
            kind: row.r#type,
            subject: row.subject,
        };
        Ok(Self((from.number("number", row.number)?, event)))
    }
}
