//! Communications of the agency. They belong to no organiser; who may read one is decided by its audience.

mod listing;
mod notices;

use jiff::Timestamp;

pub use self::listing::{
    ListPosition, addressed_count, count_all, count_visible, find_visible, latest_publication, latest_since, list_all,
    list_visible, list_visible_after, quarters,
};
pub use self::notices::{DueNotice, NoticeCounts, address, due, mark_announced, notice_counts};
use super::data_owner::DataOwner;
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, COMMUNICATION, KeyValue, Owner};
use super::source::{RowSource, all};
use crate::domain::communication::{NewCommunication, Sector, StaffStatus};
use crate::domain::period::Month;
use crate::ids::{CommunicationId, FileId, OrganiserId};

/// A stored communication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunicationRecord {
    /// Its id.
    pub id: CommunicationId,
    /// What it says of itself.
    pub content: NewCommunication,
    /// Its file, which belongs to the agency.
    pub file: FileId,
    /// When it was prepared, and by whom.
    pub created: AgentMark,
    /// Its publication; `None` for a draft.
    pub published: Option<AgentMark>,
    /// Its withdrawal, and why.
    pub withdrawn: Option<(AgentMark, String)>,
}

/// When an agent did something, and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentMark {
    /// When, in machine time: a communication is of no organiser.
    pub at: Timestamp,
    /// The matricule of the agent.
    pub by: String,
}

/// The columns of a [`CommunicationRow`].
macro_rules! columns {
    () => {
        "c.id, c.dated, c.title, c.type, c.month, c.sector, c.staff_status, c.audience, c.organisers, c.file_id, \
         c.created_at, c.created_by, c.published_at, c.published_by, c.withdrawn_at, c.withdrawn_by, c.reason"
    };
}
use columns;

/// Whether a communication `c` is addressed to an organiser `o` as things are now.
macro_rules! addressed {
    () => {
        "(c.audience = 'all' \
         or (c.audience = 'subsidised' \
             and exists (select 1 from creche k where k.organiser_id = o.id and k.subsidised = 1)) \
         or (c.audience = 'chosen' and c.organisers like '%' || o.id || '%'))"
    };
}
use addressed;

const INSERT: &str = "insert into communication (id, dated, title, type, month, sector, staff_status, audience, organisers, \
                      owner, file_id, created_at, created_by) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing";
const PUBLISH: &str =
    "update communication set published_at = $2, published_by = $3 where id = $1 and published_at is null";
const WITHDRAW: &str = "update communication set withdrawn_at = $2, withdrawn_by = $3, reason = $4 \
                        where id = $1 and published_at is not null and withdrawn_at is null";
const DISCARD: &str = "delete from communication where id = $1 and published_at is null returning mac, file_id";
const FIND: &str = concat!("select ", columns!(), " from communication c where c.id = $1");

/// Stores a draft, whose file is stored already; `false` when there is a communication with its id.
pub async fn insert(tx: &mut Tx, new: &CommunicationRecord) -> Result<bool, Error> {
    let NewCommunication { date, title, communication_type, quarter, sector, staff_status, audience, organisers } =
        &new.content;
    let (id, file, owner) = (new.id.to_string(), new.file.to_string(), DataOwner::Agency.name());
    let month = quarter.map(|quarter| quarter.months()[0].to_string());
    let (sector, status) = (sector.map(Sector::code), staff_status.map(StaffStatus::code));
    let (kind, audience, organisers) = (communication_type.code(), audience.code(), joined(organisers));
    let (day, at, by) = (date.to_string(), new.created.at.as_millisecond(), &new.created.by);
    let done =
        execute!(tx, INSERT, &id, day, title, kind, month, sector, status, audience, organisers, owner, file, at, by)?;
    if !done.at_most_one()? {
        return Ok(false);
    }
    integrity::seal_new(tx, &COMMUNICATION, &[KeyValue::Text(&id)]).await?;
    Ok(true)
}

/// Publishes a draft; `false` when there is none.
pub async fn publish(tx: &mut Tx, id: CommunicationId, mark: &AgentMark) -> Result<bool, Error> {
    let id = id.to_string();
    let before = integrity::authenticated_row(tx, &COMMUNICATION, &[KeyValue::Text(&id)]).await?;
    let done = execute!(tx, PUBLISH, &id, mark.at.as_millisecond(), &mark.by)?.at_most_one()?;
    integrity::seal(tx, &COMMUNICATION, &[KeyValue::Text(&id)], before).await?;
    Ok(done)
}

/// Withdraws a published communication; `false` when there is none, or it is withdrawn already.
pub async fn withdraw(tx: &mut Tx, id: CommunicationId, mark: &AgentMark, reason: &str) -> Result<bool, Error> {
    let id = id.to_string();
    let before = integrity::authenticated_row(tx, &COMMUNICATION, &[KeyValue::Text(&id)]).await?;
    let done = execute!(tx, WITHDRAW, &id, mark.at.as_millisecond(), &mark.by, reason)?.at_most_one()?;
    integrity::seal(tx, &COMMUNICATION, &[KeyValue::Text(&id)], before).await?;
    Ok(done)
}

/// Deletes a draft with its file; `false` when there is none.
pub async fn discard(tx: &mut Tx, id: CommunicationId) -> Result<bool, Error> {
    let id = id.to_string();
    let Some((mac, file)) = row!(tx, (Option<Vec<u8>>, String), DISCARD, &id)? else { return Ok(false) };
    integrity::removed_of(tx, &COMMUNICATION, &Owner::Operator, &id, mac.as_deref());
    let file = RowSource { table: "communication", id: &id }.text("file_id", &file)?;
    super::files::remove(tx, DataOwner::Agency, file).await
}

/// The communication with this id, also a draft: for agents.
pub async fn find(tx: &mut Tx, id: CommunicationId) -> Result<Option<CommunicationRecord>, Error> {
    let found = rows!(tx, CommunicationRow, FIND, id.to_string())?;
    Ok(sound(tx, found).await?.pop())
}

/// The communications of these rows, which match their authentication codes.
async fn sound(tx: &mut Tx, rows: Vec<CommunicationRow>) -> Result<Vec<CommunicationRecord>, Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    integrity::require_all(tx, &COMMUNICATION, &ids).await?;
    all(rows)
}

/// Ids as a column has them: after each other, with a space between.
fn joined(ids: &[OrganiserId]) -> String {
    ids.iter().map(OrganiserId::to_string).collect::<Vec<_>>().join(" ")
}

#[derive(sqlx::FromRow)]
struct CommunicationRow {
    id: String,
    dated: String,
    title: String,
    r#type: String,
    month: Option<String>,
    sector: Option<String>,
    staff_status: Option<String>,
    audience: String,
    organisers: String,
    file_id: String,
    created_at: i64,
    created_by: String,
    published_at: Option<i64>,
    published_by: Option<String>,
    withdrawn_at: Option<i64>,
    withdrawn_by: Option<String>,
    reason: Option<String>,
}

impl TryFrom<CommunicationRow> for CommunicationRecord {
    type Error = Error;

    fn try_from(row: CommunicationRow) -> Result<Self, Error> {
        let from = RowSource { table: "communication", id: &row.id };
        let month: Option<Month> = from.optional("month", row.month.as_deref())?;
        let mark = |at: Option<i64>, by: Option<String>| match (from.maybe_instant("published_at", at)?, by) {
            (Some(at), Some(by)) => Ok(Some(AgentMark { at, by })),
            (None, None) => Ok(None),
            _ => Err(from.corrupt("published_at")),
        };
        let withdrawn = match (mark(row.withdrawn_at, row.withdrawn_by)?, row.reason) {
            (Some(mark), Some(reason)) => Some((mark, reason)),
            (None, None) => None,
            _ => return Err(from.corrupt("withdrawn_at")),
        };
        Ok(Self {
            id: from.text("id", &row.id)?,
            content: NewCommunication {
                date: from.text("dated", &row.dated)?,
                communication_type: from.text("type", &row.r#type)?,
                quarter: month.map(Month::quarter),
                sector: from.optional("sector", row.sector.as_deref())?,
                staff_status: from.optional("staff_status", row.staff_status.as_deref())?,
                audience: from.text("audience", &row.audience)?,
                organisers: row
                    .organisers
                    .split_whitespace()
                    .map(|id| from.text("organisers", id))
                    .collect::<Result<_, _>>()?,
                title: row.title,
            },
            file: from.text("file_id", &row.file_id)?,
            created: AgentMark { at: from.instant("created_at", row.created_at)?, by: row.created_by },
            published: mark(row.published_at, row.published_by)?,
            withdrawn,
        })
    }
}
