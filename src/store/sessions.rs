//! Sessions, and the agents of the agency who may log in.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, KeyValue as RowId, SESSION};
use super::source::{RowSource, all, optional};
use crate::ids::{OrganiserId, UserId};

/// A session, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Digest of the secret in the browser, in hexadecimal.
    pub id: String,
    /// Keyed hash of the person's SSIN.
    pub ssin_hash: String,
    /// The agent's matricule, when it is an agent's.
    pub agent: Option<String>,
    /// The organiser and the user that were chosen.
    pub chosen: Option<(OrganiserId, UserId)>,
    /// The level of authentication (`acr`) of the log-in.
    pub assurance: String,
    /// What the log-out at the identity provider needs, sealed.
    pub sealed: Vec<u8>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used; written with a delay.
    pub seen_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The code of the notice that its next page shows.
    pub notice: Option<String>,
}

/// The columns of a session.
macro_rules! sessions {
    ($where:literal) => {
        concat!(
            "select id, ssin_hash, agent, organiser_id, user_id, assurance, sealed, created_at, seen_at, ended_at, \
             notice from session where ",
            $where
        )
    };
}

const INSERT: &str = "insert into session (id, ssin_hash, agent, organiser_id, user_id, assurance, sealed, \
                      created_at, seen_at, ended_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)";
const FIND: &str = sessions!("id = $1");
const OF_SSIN: &str = sessions!("ssin_hash = $1 and ended_at is null and seen_at >= $2 order by created_at desc, id");
const CHOOSE: &str = "update session set organiser_id = $2, user_id = $3 where id = $1 and ended_at is null";
const RECORD_USE: &str = "update session set seen_at = $2 where id = $1 and seen_at < $2 and ended_at is null";
const SET_NOTICE: &str = "update session set notice = $2 where id = $1 and ended_at is null";
const CLEAR_NOTICE: &str = "update session set notice = null where id = $1 and notice = $2";
const END: &str = "update session set ended_at = $2 where id = $1 and ended_at is null";
const END_ALL: &str = "update session set ended_at = $3 where organiser_id = $1 and user_id = $2 and ended_at is null";
const END_AGENT: &str = "update session set ended_at = $2 where agent = $1 and ended_at is null";
const DELETE_ENDED: &str = "delete from session where ended_at is not null or created_at <= $1";
const ADD_AGENT: &str = "insert into agent (ssin_hash, name, created_at) values ($1, $2, $3) on conflict do nothing";
const REMOVE_AGENT: &str = "delete from agent where name = $1 returning ssin_hash, mac";
const AGENT: &str = "select name from agent where ssin_hash = $1";
const AGENTS: &str = "select name from agent order by name";

/// Stores a new session.
pub async fn insert(tx: &mut Tx, new: &SessionRecord) -> Result<(), Error> {
    let (organiser, user) = new.chosen.map(|(organiser, user)| (organiser.to_string(), user.to_string())).unzip();
    let (created, seen) = (new.created_at.as_millisecond(), new.seen_at.as_millisecond());
    let SessionRecord { id, ssin_hash, agent, assurance, sealed, .. } = new;
    execute!(tx, INSERT, id, ssin_hash, agent, &organiser, &user, assurance, sealed, created, seen)?.one()?;
    integrity::seal_new(tx, &SESSION, &[RowId::Text(id)]).await
}

/// Fails when the session does not match its authentication code: then it is refused.
pub async fn require_sound(tx: &mut Tx, id: &str) -> Result<(), Error> {
    integrity::require(tx, &SESSION, &[RowId::Text(id)]).await
}

/// The session with this id, ended or not.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<SessionRecord>, Error> {
    optional(row!(tx, SessionRow, FIND, id)?)
}

/// A person's sessions that were used since `seen_since`, the latest first.
pub async fn of_person(tx: &mut Tx, ssin_hash: &str, seen_since: Timestamp) -> Result<Vec<SessionRecord>, Error> {
    all(rows!(tx, SessionRow, OF_SSIN, ssin_hash, seen_since.as_millisecond())?)
}

/// Sets the organiser and the user that the session acts for; `false` when the session has ended.
pub async fn choose(tx: &mut Tx, id: &str, organiser: OrganiserId, user: UserId) -> Result<bool, Error> {
    let before = integrity::authenticated_row(tx, &SESSION, &[RowId::Text(id)]).await?;
    let chosen = execute!(tx, CHOOSE, id, organiser.to_string(), user.to_string())?.at_most_one()?;
    integrity::seal(tx, &SESSION, &[RowId::Text(id)], before).await?;
    Ok(chosen)
}

/// Records that the session was used; `false` when a later use is recorded or it has ended.
pub async fn record_use(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, RECORD_USE, id, at.as_millisecond())?.at_most_one()
}

/// Stores the code of the notice that the session's next page shows; `false` when the session has ended.
pub async fn set_notice(tx: &mut Tx, id: &str, code: &str) -> Result<bool, Error> {
    execute!(tx, SET_NOTICE, id, code)?.at_most_one()
}

/// Removes that notice once it was displayed; `false` when another one is stored meanwhile, or none.
pub async fn clear_notice(tx: &mut Tx, id: &str, code: &str) -> Result<bool, Error> {
    execute!(tx, CLEAR_NOTICE, id, code)?.at_most_one()
}

/// Ends the session; `false` when it had ended.
pub async fn end(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, END, id, at.as_millisecond())?.at_most_one()
}

/// Ends every session of a user; returns how many.
pub async fn end_all(tx: &mut Tx, organiser: OrganiserId, user: UserId, at: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, END_ALL, organiser.to_string(), user.to_string(), at.as_millisecond())?.any())
}

/// Ends every session of the agents of this matricule; returns how many.
pub async fn end_agent(tx: &mut Tx, name: &str, at: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, END_AGENT, name, at.as_millisecond())?.any())
}

/// Deletes the sessions that have ended or began at `created` or before; returns how many.
pub async fn forget(tx: &mut Tx, created: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, DELETE_ENDED, created.as_millisecond())?.any())
}

/// Makes a person an agent of the agency; `false` when the person is one.
pub async fn add_agent(tx: &mut Tx, ssin_hash: &str, name: &str, at: Timestamp) -> Result<bool, Error> {
    let added = execute!(tx, ADD_AGENT, ssin_hash, name, at.as_millisecond())?.at_most_one()?;
    if added {
        integrity::seal_new(tx, &integrity::AGENT, &[RowId::Text(ssin_hash)]).await?;
    }
    Ok(added)
}

/// Removes the agents of this matricule; returns how many.
pub async fn remove_agent(tx: &mut Tx, name: &str) -> Result<u64, Error> {
    let removed = rows!(tx, (String, Option<Vec<u8>>), REMOVE_AGENT, name)?;
    for (ssin_hash, mac) in &removed {
        integrity::removed_by_operator(tx, &integrity::AGENT, ssin_hash, mac.as_deref());
    }
    Ok(removed.len() as u64)
}

/// The matricule of the agent who is this person. Fails when the row does not match its authentication code.
pub async fn agent(tx: &mut Tx, ssin_hash: &str) -> Result<Option<String>, Error> {
    integrity::require(tx, &integrity::AGENT, &[RowId::Text(ssin_hash)]).await?;
    Ok(row!(tx, (String,), AGENT, ssin_hash)?.map(|(name,)| name))
}

/// The matricules of all agents.
pub async fn agents(tx: &mut Tx) -> Result<Vec<String>, Error> {
    Ok(rows!(tx, (String,), AGENTS)?.into_iter().map(|(name,)| name).collect())
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    ssin_hash: String,
    agent: Option<String>,
    organiser_id: Option<String>,
    user_id: Option<String>,
    assurance: String,
    sealed: Vec<u8>,
    created_at: i64,
    seen_at: i64,
    ended_at: Option<i64>,
    notice: Option<String>,
}

impl TryFrom<SessionRow> for SessionRecord {
    type Error = Error;

    fn try_from(row: SessionRow) -> Result<Self, Error> {
        let from = RowSource { table: "session", id: &row.id };
        let organiser = from.optional("organiser_id", row.organiser_id.as_deref())?;
        let user = from.optional("user_id", row.user_id.as_deref())?;
        Ok(Self {
            created_at: from.instant("created_at", row.created_at)?,
            seen_at: from.instant("seen_at", row.seen_at)?,
            ended_at: from.maybe_instant("ended_at", row.ended_at)?,
            chosen: organiser.zip(user),
            id: row.id,
            ssin_hash: row.ssin_hash,
            agent: row.agent,
            assurance: row.assurance,
            sealed: row.sealed,
            notice: row.notice,
        })
    }
}
