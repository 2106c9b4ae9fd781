//! Crèches and their authorised places.

pub mod closures;
mod history;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::history::{list_as_of, record};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, CRECHE, KeyValue as RowId};
use super::organisers;
use super::source::{RowSource, all, optional};
use crate::domain::calendar::Calendar;
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

/// The columns of a [`WholeRow`], of a crèche called `c`: its places and its closures are a text each, an entry a line.
macro_rules! whole_columns {
    () => {
        "c.id, c.name, c.one_number, c.subsidised, c.authorised_from, c.authorised_until, c.closures_version, \
         c.created_at, \
         (select string_agg(p.from_date || ' ' || cast(p.places as text), '\n' order by p.from_date) from capacity p \
         where p.organiser_id = c.organiser_id and p.creche_id = c.id) as places, \
         (select string_agg(k.start_date || ' ' || k.end_date || ' ' || k.reason, '\n' order by k.position) \
         from closure k where k.organiser_id = c.organiser_id and k.creche_id = c.id) as closures"
    };
}
pub(super) use whole_columns;

const FIND_WHOLE: &str = concat!("select ", whole_columns!(), " from creche c where c.organiser_id = $1 and c.id = $2");
const LIST_WHOLE: &str = concat!("select ", whole_columns!(), " from creche c where c.organiser_id = $1 order by c.id");

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

/// The organiser's crèche with its places and closures.
pub async fn find_whole(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId) -> Result<Option<Creche>, Error> {
    optional(row!(tx, WholeRow, FIND_WHOLE, organiser.to_string(), creche.to_string())?)
}

/// Every crèche of the organiser with its places and closures, the oldest first.
pub async fn list_whole(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Creche>, Error> {
    all(rows!(tx, WholeRow, LIST_WHOLE, organiser.to_string())?)
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

/// A crèche with its places and closures ([`whole_columns`]).
#[derive(sqlx::FromRow)]
pub(super) struct WholeRow {
    #[sqlx(flatten)]
    creche: CrecheRow,
    places: Option<String>,
    closures: Option<String>,
}

impl TryFrom<WholeRow> for Creche {
    type Error = Error;

    fn try_from(WholeRow { creche, places, closures }: WholeRow) -> Result<Self, Error> {
        let record = CrecheRecord::try_from(creche)?;
        let id = record.id.to_string();
        let places = places.iter().flat_map(|text| text.lines()).map(|entry| places_of(&id, entry));
        let closures = closures.iter().flat_map(|text| text.lines()).map(|entry| closures::closure_of(&id, entry));
        Ok(Self {
            capacity: Capacity::new(places.collect::<Result<_, Error>>()?),
            calendar: Calendar::new(closures.collect::<Result<_, Error>>()?),
            id: record.id,
            name: record.name,
            one_number: record.one_number,
            subsidised: record.subsidised,
            authorised_from: record.authorised_from,
            authorised_until: record.authorised_until,
        })
    }
}

/// An entry of the places of a crèche: first day and number.
fn places_of(creche: &str, entry: &str) -> Result<Places, Error> {
    let from = RowSource { table: "capacity", id: creche };
    let (day, places) = entry.split_once(' ').ok_or_else(|| from.corrupt("from_date"))?;
    Ok(Places { from: from.text("from_date", day)?, places: from.text("places", places)? })
}
