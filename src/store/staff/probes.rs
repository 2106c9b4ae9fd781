//! Tries at numbers: counted, so that nobody can probe for them.

use jiff::Timestamp;

use crate::ids::OrganiserId;
use crate::store::db::{Tx, execute, row};
use crate::store::error::Error;
use crate::store::source::{Source, stored_names};

stored_names! {
    /// What was tried.
    Probe {
        /// A family name that is not the one known for the number.
        Mismatch = "mismatch",
        /// The question whether a number is known.
        Question = "question",
    }
}

/// The tries of one kind since a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probes {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Option<Timestamp>,
}

const COUNT: &str = "select cast(count(*) as bigint), min(at) from staff_probe \
                     where organiser_id = $1 and kind = $2 and at > $3";
const NOTE: &str = "insert into staff_probe (organiser_id, kind, at) values ($1, $2, $3)";
const FORGET: &str = "delete from staff_probe where organiser_id = $1 and at < $2";

/// How often the organiser tried since a moment.
pub async fn probes(tx: &mut Tx, organiser: OrganiserId, kind: Probe, since: Timestamp) -> Result<Probes, Error> {
    let id = organiser.to_string();
    let found = row!(tx, (i64, Option<i64>), COUNT, &id, kind.name(), since.as_millisecond())?;
    let (count, first) = found.unwrap_or_default();
    let from = Source { table: "staff_probe", id: &id };
    Ok(Probes { count: from.number("count", count)?, first: from.maybe_instant("at", first)? })
}

/// Notes that it tried so many times.
pub async fn note_probes(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: Probe,
    times: u64,
    at: Timestamp,
) -> Result<(), Error> {
    for _ in 0..times {
        execute!(tx, NOTE, organiser.to_string(), kind.name(), at.as_millisecond())?.one()?;
    }
    Ok(())
}

/// Forgets the tries before a moment.
pub async fn forget_probes(tx: &mut Tx, organiser: OrganiserId, before: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, FORGET, organiser.to_string(), before.as_millisecond())?.any())
}
