//! Crèches and their authorised places.

pub mod closures;
mod history;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::history::{list_as_of, record};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, CRECHE, KeyValue as RowId};
use super::organisers;
use super::source::{RowSource, all, optional};
use crate::domain::calendar::Calendar;
use crate::domain::closure::Closure;
use crate::domain::creche::{Capacity, Creche, Places};
use crate::ids::{CrecheId, OrganiserId};

/// A crèche's own record, without its places and closures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrecheRecord {
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
    /// Last day of its authorisation, where there is one.
    pub authorised_until: Option<Date>,
    /// How often its closures were replaced.
    pub closures_version: u64,
    /// When it was registered here.
    pub created_at: Timestamp,
}

impl CrecheRecord {
    /// The crèche with its places and closures, for the rules and the figures.
    pub fn with(self, places: Vec<Places>, closures: Vec<Closure>) -> Creche {
        Creche {
            id: self.id,
            name: self.name,
            one_number: self.one_number,
            subsidised: self.subsidised,
            authorised_from: self.authorised_from,
            authorised_until: self.authorised_until,
            capacity: Capacity::new(places),
            calendar: Calendar::new(closures),
        }
    }
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
const SUBSIDISE: &str = "update creche set subsidised = $3 where organiser_id = $1 and id = $2";
const SET_PLACES: &str = "insert into capacity (organiser_id, creche_id, from_date, places) \
                            select organiser_id, id, $3, $4 from creche where organiser_id = $1 and id = $2 \
                            on conflict (organiser_id, creche_id, from_date) do update set places = excluded.places";
const PLACES: &str = "select creche_id, from_date, places from capacity \
                          where organiser_id = $1 and creche_id = $2 order by from_date";
const ALL_PLACES: &str = "select creche_id, from_date, places from capacity \
                              where organiser_id = $1 order by creche_id, from_date";

/// Registers a crèche; `false` when the id is taken. Its closures start at version 0, whatever `new` contains.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &CrecheRecord) -> Result<bool, Error> {
    let (id, owner) = (new.id.to_string(), organiser.to_string());
    let (from, until) = (new.authorised_from.to_string(), new.authorised_until.map(|date| date.to_string()));
    let (subsidised, at) = (i64::from(new.subsidised), new.created_at.as_millisecond());
    let (name, number) = (&new.name, &new.one_number);
    let inserted = execute!(tx, INSERT, &id, &owner, name, number, subsidised, &from, &until, at)?.at_most_one()?;
    if inserted {
        integrity::seal_new(tx, &CRECHE, &[RowId::Text(&id)]).await?;
        organisers::refresh(tx, organiser).await?;
        record(tx, organiser, new.id, new.created_at).await?;
    }
    Ok(inserted)
}

/// The organiser's crèche with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Option<CrecheRecord>, Error> {
    optional(row!(tx, CrecheRow, FIND, organiser.to_string(), creche.to_string())?)
}

/// Every crèche of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<CrecheRecord>, Error> {
    all(rows!(tx, CrecheRow, LIST, organiser.to_string())?)
}

/// Gives the crèche another name; `false` when the organiser has no such crèche.
pub async fn rename(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    name: &str,
    at: Timestamp,
) -> Result<bool, Error> {
    let id = creche.to_string();
    let before = integrity::authenticated_row(tx, &CRECHE, &[RowId::Text(&id)]).await?;
    let renamed = execute!(tx, RENAME, organiser.to_string(), &id, name)?.at_most_one()?;
    integrity::seal(tx, &CRECHE, &[RowId::Text(&id)], before).await?;
    organisers::refresh(tx, organiser).await?;
    record(tx, organiser, creche, at).await?;
    Ok(renamed)
}

/// Sets the first and last day of the authorisation; `false` when the organiser has no such crèche.
pub async fn authorise(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    from: Date,
    until: Option<Date>,
    at: Timestamp,
) -> Result<bool, Error> {
    let (id, until) = (creche.to_string(), until.map(|date| date.to_string()));
    let before = integrity::authenticated_row(tx, &CRECHE, &[RowId::Text(&id)]).await?;
    let moved = execute!(tx, AUTHORISE, organiser.to_string(), &id, from.to_string(), until)?.at_most_one()?;
    integrity::seal(tx, &CRECHE, &[RowId::Text(&id)], before).await?;
    record(tx, organiser, creche, at).await?;
    Ok(moved)
}

/// Sets whether the crèche claims subsidies; `false` when the organiser has no such crèche.
pub async fn set_subsidised(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    subsidised: bool,
    at: Timestamp,
) -> Result<bool, Error> {
    let id = creche.to_string();
    let before = integrity::authenticated_row(tx, &CRECHE, &[RowId::Text(&id)]).await?;
    let updated = execute!(tx, SUBSIDISE, organiser.to_string(), &id, i64::from(subsidised))?.at_most_one()?;
    integrity::seal(tx, &CRECHE, &[RowId::Text(&id)], before).await?;
    record(tx, organiser, creche, at).await?;
    Ok(updated)
}

/// Authorises a number of places from a day on, replacing an entry of the same day; `false` when the organiser has no
/// such crèche.
pub async fn set_places(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    new: Places,
    at: Timestamp,
) -> Result<bool, Error> {
    let (id, from) = (creche.to_string(), new.from.to_string());
    let before = integrity::authenticated_row(tx, &CRECHE, &[RowId::Text(&id)]).await?;
    let set = execute!(tx, SET_PLACES, organiser.to_string(), &id, from, i64::from(new.places))?.at_most_one()?;
    integrity::seal(tx, &CRECHE, &[RowId::Text(&id)], before).await?;
    record(tx, organiser, creche, at).await?;
    Ok(set)
}

/// The history of a crèche's places, the oldest entry first.
pub async fn places(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Vec<Places>, Error> {
    let found: Vec<LocatedPlaces> = all(rows!(tx, PlacesRow, PLACES, organiser.to_string(), creche.to_string())?)?;
    Ok(found.into_iter().map(|located| located.0.1).collect())
}

/// The histories of all the organiser's crèches, ordered by crèche.
pub async fn all_places(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<(CrecheId, Places)>, Error> {
    let found: Vec<LocatedPlaces> = all(rows!(tx, PlacesRow, ALL_PLACES, organiser.to_string())?)?;
    Ok(found.into_iter().map(|located| located.0).collect())
}

/// The organiser's crèche with its places and closures.
pub async fn find_whole(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Option<Creche>, Error> {
    let Some(record) = find(tx, organiser, creche).await? else { return Ok(None) };
    let places = places(tx, organiser, creche).await?;
    Ok(Some(record.with(places, closures::list(tx, organiser, creche).await?)))
}

/// Every crèche of the organiser with its places and closures: three queries, however many there are.
pub async fn list_whole(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Creche>, Error> {
    let records = list(tx, organiser).await?;
    let mut places = grouped(all_places(tx, organiser).await?);
    let mut closures = grouped(closures::list_all(tx, organiser).await?);
    let mut take = |record: CrecheRecord| {
        let id = record.id;
        record.with(places.remove(&id).unwrap_or_default(), closures.remove(&id).unwrap_or_default())
    };
    Ok(records.into_iter().map(&mut take).collect())
}

fn grouped<T>(items: Vec<(CrecheId, T)>) -> HashMap<CrecheId, Vec<T>> {
    let mut groups = HashMap::<_, Vec<_>>::new();
    for (creche, item) in items {
        groups.entry(creche).or_default().push(item);
    }
    groups
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

impl TryFrom<CrecheRow> for CrecheRecord {
    type Error = Error;

    fn try_from(row: CrecheRow) -> Result<Self, Error> {
        let from = RowSource { table: "creche", id: &row.id };
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
struct PlacesRow {
    creche_id: String,
    from_date: String,
    places: i64,
}

/// Places and the crèche that they belong to.
struct LocatedPlaces((CrecheId, Places));

impl TryFrom<PlacesRow> for LocatedPlaces {
    type Error = Error;

    fn try_from(row: PlacesRow) -> Result<Self, Error> {
        let from = RowSource { table: "capacity", id: &row.creche_id };
        let places =
            Places { from: from.text("from_date", &row.from_date)?, places: from.number("places", row.places)? };
        Ok(Self((from.text("creche_id", &row.creche_id)?, places)))
    }
}
