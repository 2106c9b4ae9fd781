//! Crèches and their authorised places.

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::source::{Source, all, maybe};
use crate::ids::{CrecheId, OrganiserId};

/// A crèche (milieu d'accueil).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creche {
    /// Its id.
    pub id: CrecheId,
    /// Its name.
    pub name: String,
    /// The agency's number for it: an opaque text.
    pub one_number: String,
    /// Whether it claims subsidies.
    pub subsidised: bool,
    /// First day of its authorisation.
    pub authorised_from: Date,
    /// Last day of its authorisation, once that is known.
    pub authorised_until: Option<Date>,
    /// How often its closures were replaced.
    pub closures_version: u64,
    /// When it was registered here.
    pub created_at: Timestamp,
}

/// Authorised places of a crèche from a day on, until the next entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// The crèche.
    pub creche: CrecheId,
    /// First day on which it holds.
    pub from: Date,
    /// How many places.
    pub places: u32,
}

const INSERT: &str = "insert into creche (id, organiser_id, name, one_number, subsidised, authorised_from, \
                      authorised_until, closures_version, created_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8) \
                      on conflict do nothing";
const FIND: &str = "select id, name, one_number, subsidised, authorised_from, authorised_until, closures_version, \
                    created_at from creche where organiser_id = $1 and id = $2";
const LIST: &str = "select id, name, one_number, subsidised, authorised_from, authorised_until, closures_version, \
                    created_at from creche where organiser_id = $1 order by id";
const RENAME: &str = "update creche set name = $3 where organiser_id = $1 and id = $2";
const AUTHORISE: &str =
    "update creche set authorised_from = $3, authorised_until = $4 where organiser_id = $1 and id = $2";
const SET_CAPACITY: &str = "insert into capacity (organiser_id, creche_id, from_date, places) \
                            select organiser_id, id, $3, $4 from creche where organiser_id = $1 and id = $2 \
                            on conflict (organiser_id, creche_id, from_date) do update set places = excluded.places";
const CAPACITIES: &str = "select creche_id, from_date, places from capacity \
                          where organiser_id = $1 and creche_id = $2 order by from_date";
const ALL_CAPACITIES: &str = "select creche_id, from_date, places from capacity \
                              where organiser_id = $1 order by creche_id, from_date";

/// Registers a crèche; `false` when the id is taken. Its closures start at version 0 whatever the record says.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &Creche) -> Result<bool, Error> {
    let (id, organiser) = (new.id.to_string(), organiser.to_string());
    let (from, until) = (new.authorised_from.to_string(), new.authorised_until.map(|date| date.to_string()));
    let (subsidised, at) = (i64::from(new.subsidised), new.created_at.as_millisecond());
    execute!(tx, INSERT, &id, &organiser, &new.name, &new.one_number, subsidised, &from, &until, at)?.at_most_one()
}

/// The organiser's crèche with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Option<Creche>, Error> {
    maybe(row!(tx, CrecheRow, FIND, organiser.to_string(), creche.to_string())?)
}

/// Every crèche of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Creche>, Error> {
    all(rows!(tx, CrecheRow, LIST, organiser.to_string())?)
}

/// Gives the crèche another name; `false` when the organiser has no such crèche.
pub async fn rename(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId, name: &str) -> Result<bool, Error> {
    execute!(tx, RENAME, organiser.to_string(), creche.to_string(), name)?.at_most_one()
}

/// Moves the days of the authorisation; `false` when the organiser has no such crèche.
pub async fn authorise(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    from: Date,
    until: Option<Date>,
) -> Result<bool, Error> {
    let until = until.map(|date| date.to_string());
    execute!(tx, AUTHORISE, organiser.to_string(), creche.to_string(), from.to_string(), until)?.at_most_one()
}

/// Authorises a number of places from a day on, replacing an entry of the same day; `false` when the organiser has no
/// such crèche.
pub async fn set_capacity(tx: &mut Tx, organiser: OrganiserId, capacity: Capacity) -> Result<bool, Error> {
    let (creche, from) = (capacity.creche.to_string(), capacity.from.to_string());
    execute!(tx, SET_CAPACITY, organiser.to_string(), creche, from, i64::from(capacity.places))?.at_most_one()
}

/// The history of a crèche's places, the oldest entry first.
pub async fn capacities(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Vec<Capacity>, Error> {
    all(rows!(tx, CapacityRow, CAPACITIES, organiser.to_string(), creche.to_string())?)
}

/// The histories of all the organiser's crèches, crèche by crèche.
pub async fn all_capacities(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Capacity>, Error> {
    all(rows!(tx, CapacityRow, ALL_CAPACITIES, organiser.to_string())?)
}

#[derive(sqlx::FromRow)]
struct CrecheRow {
    id: String,
    name: String,
    one_number: String,
    subsidised: i64,
    authorised_from: String,
    authorised_until: Option<String>,
    closures_version: i64,
    created_at: i64,
}

impl TryFrom<CrecheRow> for Creche {
    type Error = Error;

    fn try_from(row: CrecheRow) -> Result<Self, Error> {
        let from = Source { table: "creche", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            subsidised: row.subsidised == 1,
            authorised_from: from.text("authorised_from", &row.authorised_from)?,
            authorised_until: from.optional("authorised_until", row.authorised_until.as_deref())?,
            closures_version: from.number("closures_version", row.closures_version)?,
            created_at: from.instant("created_at", row.created_at)?,
            name: row.name,
            one_number: row.one_number,
        })
    }
}

#[derive(sqlx::FromRow)]
struct CapacityRow {
    creche_id: String,
    from_date: String,
    places: i64,
}

impl TryFrom<CapacityRow> for Capacity {
    type Error = Error;

    fn try_from(row: CapacityRow) -> Result<Self, Error> {
        let from = Source { table: "capacity", id: &row.creche_id };
        Ok(Self {
            creche: from.text("creche_id", &row.creche_id)?,
            from: from.text("from_date", &row.from_date)?,
            places: from.number("places", row.places)?,
        })
    }
}
