//! Organisers: the tenants.

mod history;
mod search;

use jiff::Timestamp;

pub use self::history::{find_as_of, record};
pub use self::search::{FoundOrganiser, outdated, refresh_all, search};
pub(super) use self::search::{refresh, word_pattern};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, KeyValue as RowId, ORGANISER};
use super::source::{RowSource, all, optional};
use crate::domain::enterprise::EnterpriseNumber;
use crate::ids::OrganiserId;

/// An organiser (pouvoir organisateur).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organiser {
    /// Its id.
    pub id: OrganiserId,
    /// Its legal name.
    pub legal_name: String,
    /// Its BCE number.
    pub enterprise_number: Option<EnterpriseNumber>,
    /// When it was registered here.
    pub created_at: Timestamp,
    /// The number of its latest event, 0 before the first.
    pub last_event: u64,
}

const INSERT: &str = "insert into organiser (id, legal_name, enterprise_number, created_at, last_event) \
                      values ($1, $2, $3, $4, 0) on conflict do nothing";
const FIND: &str = "select id, legal_name, enterprise_number, created_at, last_event from organiser where id = $1";
const LIST: &str =
    "select id, legal_name, enterprise_number, created_at, last_event from organiser order by created_at, id";
const RENAME: &str = "update organiser set legal_name = $2 where id = $1";
const LOCK: &str = "update organiser set last_event = last_event where id = $1";

/// Registers an organiser; `false` when the id is taken. `last_event` starts at 0, whatever `new` contains.
pub async fn insert(tx: &mut Tx, new: &Organiser) -> Result<bool, Error> {
    let id = new.id.to_string();
    let number = new.enterprise_number.map(|number| number.to_string());
    let created = new.created_at.as_millisecond();
    let inserted = execute!(tx, INSERT, &id, &new.legal_name, &number, created)?.at_most_one()?;
    if inserted {
        integrity::seal_new(tx, &ORGANISER, &[RowId::Text(&id)]).await?;
        refresh(tx, new.id).await?;
        record(tx, new.id, new.created_at).await?;
    }
    Ok(inserted)
}

/// The organiser with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId) -> Result<Option<Organiser>, Error> {
    optional(row!(tx, OrganiserRow, FIND, organiser.to_string())?)
}

/// Every organiser, the oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Organiser>, Error> {
    all(rows!(tx, OrganiserRow, LIST)?)
}

/// Gives the organiser another legal name; `false` when there is none with this id.
pub async fn rename(tx: &mut Tx, organiser: OrganiserId, legal_name: &str, at: Timestamp) -> Result<bool, Error> {
    let id = organiser.to_string();
    let before = integrity::authenticated_row(tx, &ORGANISER, &[RowId::Text(&id)]).await?;
    let renamed = execute!(tx, RENAME, &id, legal_name)?.at_most_one()?;
    integrity::seal(tx, &ORGANISER, &[RowId::Text(&id)], before).await?;
    refresh(tx, organiser).await?;
    record(tx, organiser, at).await?;
    Ok(renamed)
}

/// Locks the organiser until the transaction ends, so that its writes are serialised and revisions, event numbers and
/// closures never race. The first statement of a write transaction.
pub async fn lock(tx: &mut Tx, organiser: OrganiserId) -> Result<(), Error> {
    execute!(tx, LOCK, organiser.to_string())?.one()
}

#[derive(sqlx::FromRow)]
struct OrganiserRow {
    id: String,
    legal_name: String,
    enterprise_number: Option<String>,
    created_at: i64,
    last_event: i64,
}

impl TryFrom<OrganiserRow> for Organiser {
    type Error = Error;

    fn try_from(row: OrganiserRow) -> Result<Self, Error> {
        let from = RowSource { table: "organiser", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            created_at: from.instant("created_at", row.created_at)?,
            last_event: from.number("last_event", row.last_event)?,
            enterprise_number: from.optional("enterprise_number", row.enterprise_number.as_deref())?,
            legal_name: row.legal_name,
        })
    }
}
