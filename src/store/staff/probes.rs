//! Look-ups of national numbers: counted, to limit probing for numbers.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::domain::staff::NumberLookupKind;
use crate::ids::OrganiserId;
use crate::store::db::{Tx, execute, rows};
use crate::store::error::Error;
use crate::store::row_insert::{RowInsert, StoredRow};
use crate::store::source::RowSource;

/// The look-ups of one kind since an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeCount {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Option<Timestamp>,
    /// The keyed hashes of the numbers looked up.
    pub asked: HashSet<String>,
}

const SINCE: &str = "select at, asked_hash from staff_probe \
                     where organiser_id = $1 and kind = $2 and at > $3 order by at";
const INSERT: RowInsert = RowInsert {
    into: "insert into staff_probe (organiser_id, kind, at, asked_hash) values",
    columns: 4,
    stored: StoredRow::Fails,
};
const DELETE_BEFORE: &str = "delete from staff_probe where organiser_id = $1 and at < $2";

/// The organiser's look-ups since an instant.
pub async fn probes(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: NumberLookupKind,
    since: Timestamp,
) -> Result<ProbeCount, Error> {
    let id = organiser.to_string();
    let found: Vec<(i64, Option<String>)> =
        rows!(tx, (i64, Option<String>), SINCE, &id, kind.code(), since.as_millisecond())?;
    let from = RowSource { table: "staff_probe", id: &id };
    let first = from.maybe_instant("at", found.first().map(|(at, _)| *at))?;
    let count = found.len() as u64;
    Ok(ProbeCount { count, first, asked: found.into_iter().filter_map(|(_, hash)| hash).collect() })
}

/// Records look-ups of one kind, by the keyed hashes of the numbers.
pub async fn note_probes(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: NumberLookupKind,
    asked: &[String],
    at: Timestamp,
) -> Result<(), Error> {
    let (organiser, at) = (organiser.to_string(), at.as_millisecond());
    let row = |asked: &String| vec![(&organiser).into(), kind.code().into(), at.into(), asked.into()];
    INSERT.run(tx, asked.iter().map(row).collect()).await
}

/// Deletes the look-ups before an instant.
pub async fn forget_probes(tx: &mut Tx, organiser: OrganiserId, before: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, DELETE_BEFORE, organiser.to_string(), before.as_millisecond())?.any())
}
