//! Claims: where each stands, its acts, its signatures.

mod lists;
mod signatures;
mod work_list;

use jiff::Timestamp;

pub use self::lists::{answered_since, count_in_state, signed};
pub use self::signatures::{
    SignatureRecord, every_signature, find_by_code, insert_signature, latest_signature, signature, signatures,
};
pub use self::work_list::{AssignedTo, ClaimFilter, KeyPage, ListedClaim, by_key, work_list};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, CLAIM, CLAIM_ACT, KeyValue};
use super::limited_delete::limited_delete;
use super::source::{RowSource, all, optional};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::claim::{ClaimAct, ClaimStanding, ClaimState};
use crate::domain::period::{Month, Quarter};
use crate::ids::{CrecheId, OrganiserId};

/// The key of a claim in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimKey {
    /// The organiser.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: CrecheId,
    /// The quarter.
    pub quarter: Quarter,
}

impl ClaimKey {
    /// The columns: organiser, crèche, first month of the quarter.
    pub(super) fn columns(self) -> (String, String, String) {
        (self.organiser.to_string(), self.creche.to_string(), self.quarter.months()[0].to_string())
    }

    /// The key in these columns, in the order of [`ClaimKey::columns`].
    fn from_columns(from: &RowSource<'_>, (organiser, creche, month): (&str, &str, &str)) -> Result<Self, Error> {
        let month: Month = from.text("month", month)?;
        Ok(Self {
            organiser: from.text("organiser_id", organiser)?,
            creche: from.text("creche_id", creche)?,
            quarter: month.quarter(),
        })
    }
}

/// Where a claim stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRecord {
    /// Which claim.
    pub key: ClaimKey,
    /// Where it stands.
    pub standing: ClaimStanding,
    /// How many acts there are.
    pub acts: u32,
    /// The act of the latest signature.
    pub signed_act: u32,
    /// When the last act was that is no message.
    pub updated_at: Timestamp,
}

/// An act on a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActRecord {
    /// 1, 2, 3 …
    pub number: u32,
    /// What was done.
    pub act: ClaimAct,
    /// The state after it.
    pub state: ClaimState,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The reason or, of a message, its text; sealed.
    pub reason: Option<Vec<u8>>,
    /// What an answer says besides, sealed.
    pub details: Option<Vec<u8>>,
}

const FIND: &str = "select organiser_id, creche_id, month, state, taken_up, acts, signed_act, updated_at from claim \
                    where organiser_id = $1 and creche_id = $2 and month = $3";
const OF_ORGANISER: &str = "select organiser_id, creche_id, month, state, taken_up, acts, signed_act, updated_at \
                            from claim where organiser_id = $1 order by creche_id, month";
const PUT: &str = "insert into claim (organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, \
                   signed_act, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   on conflict (organiser_id, creche_id, month) do update set state = excluded.state, \
                   is_frozen = excluded.is_frozen, taken_up = excluded.taken_up, acts = excluded.acts, \
                   signed_act = excluded.signed_act, updated_at = excluded.updated_at \
                   where claim.acts = excluded.acts - 1";
const INSERT_ACT: &str = "insert into claim_act (organiser_id, creche_id, month, number, act, state, actor_kind, actor, \
                          at, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const INSERT_DETAILS: &str =
    "insert into claim_act_details (organiser_id, creche_id, month, number, details) values ($1, $2, $3, $4, $5)";
const ACTS: &str = "select a.number, a.act, a.state, a.actor_kind, a.actor, a.at, a.reason, d.details from claim_act a \
                    left join claim_act_details d on d.organiser_id = a.organiser_id and d.creche_id = a.creche_id \
                    and d.month = a.month and d.number = a.number \
                    where a.organiser_id = $1 and a.creche_id = $2 and a.month = $3 order by a.number";
/// What deletes rows of the organiser's `$3` first claims of the quarters that end before a month.
macro_rules! remove_before {
    ($table:literal) => {
        limited_delete!($table, "organiser_id, creche_id, month", of "claim", "last_month < $2 order by creche_id, month")
    };
}
const REMOVE_SIGNATURES: &str = remove_before!("claim_signature");
const REMOVE_DETAILS: &str = remove_before!("claim_act_details");
const REMOVE_ACTS: &str = concat!(remove_before!("claim_act"), " returning creche_id, month, number, mac");
const REMOVE: &str = concat!(remove_before!("claim"), " returning creche_id, month, mac");

/// Where a claim stands; `None` before its first signature.
pub async fn find(tx: &mut Tx, key: ClaimKey) -> Result<Option<ClaimRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    let id = [KeyValue::Text(&organiser), KeyValue::Text(&creche), KeyValue::Text(&month)];
    integrity::require(tx, &CLAIM, &id).await?;
    optional(row!(tx, ClaimRow, FIND, &organiser, &creche, &month)?)
}

/// The claims of an organiser.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<ClaimRecord>, Error> {
    let found = rows!(tx, ClaimRow, OF_ORGANISER, organiser.to_string())?;
    sound(tx, found).await
}

/// The claims of these rows, which match their authentication codes.
async fn sound(tx: &mut Tx, rows: Vec<ClaimRow>) -> Result<Vec<ClaimRecord>, Error> {
    for row in &rows {
        let id = [&row.organiser_id, &row.creche_id, &row.month].map(|text| KeyValue::Text(text));
        integrity::require(tx, &CLAIM, &id).await?;
    }
    all(rows)
}

/// Records an act: the claim stands as in `after` now. Fails with `Changed` when another act has its number.
pub async fn act(tx: &mut Tx, after: &ClaimRecord, act: &ActRecord) -> Result<(), Error> {
    let (organiser, creche, month) = after.key.columns();
    let last = after.key.quarter.months()[2].to_string();
    let ClaimStanding { state, was_taken_up } = after.standing;
    let (is_frozen, taken_up) = (i64::from(state.is_frozen()), i64::from(was_taken_up));
    let (acts, signed_act, updated_at) =
        (i64::from(after.acts), i64::from(after.signed_act), after.updated_at.as_millisecond());
    let id = [KeyValue::Text(&organiser), KeyValue::Text(&creche), KeyValue::Text(&month)];
    let before = integrity::authenticated_row(tx, &CLAIM, &id).await?;
    let (state, row) = (state.code(), (&organiser, &creche, &month));
    let done = execute!(tx, PUT, row.0, row.1, row.2, last, state, is_frozen, taken_up, acts, signed_act, updated_at)?;
    if !done.at_most_one()? {
        return Err(Error::Changed);
    }
    integrity::seal(tx, &CLAIM, &id, before).await?;
    let (number, kind, at) = (i64::from(act.number), act.actor.kind.code(), act.at.as_millisecond());
    let (code, state, name) = (act.act.code(), act.state.code(), &act.actor.name);
    execute!(tx, INSERT_ACT, &organiser, &creche, &month, number, code, state, kind, name, at, &act.reason)?.one()?;
    let id = [id[0], id[1], id[2], KeyValue::Int(number)];
    integrity::seal_new(tx, &CLAIM_ACT, &id).await?;
    match &act.details {
        Some(details) => execute!(tx, INSERT_DETAILS, &organiser, &creche, &month, number, details)?.one(),
        None => Ok(()),
    }
}

/// The acts on a claim, the first first.
pub async fn acts(tx: &mut Tx, key: ClaimKey) -> Result<Vec<ActRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    let found: Vec<ActRecord> = all(rows!(tx, ActRow, ACTS, &organiser, &creche, &month)?)?;
    for act in &found {
        let id = [KeyValue::Text(&organiser), KeyValue::Text(&creche), KeyValue::Text(&month)];
        integrity::require(tx, &CLAIM_ACT, &[id[0], id[1], id[2], KeyValue::Int(act.number.into())]).await?;
    }
    Ok(found)
}

/// Removes at most `most` claims of the quarters that end before this month, with their acts and signatures; returns how
/// many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, month: Month, most: i64) -> Result<u64, Error> {
    let (organiser, month) = (organiser.to_string(), month.to_string());
    execute!(tx, REMOVE_SIGNATURES, &organiser, &month, most)?.any();
    execute!(tx, REMOVE_DETAILS, &organiser, &month, most)?.any();
    let acts = rows!(tx, (String, String, i64, Option<Vec<u8>>), REMOVE_ACTS, &organiser, &month, most)?;
    for (creche, month, number, mac) in &acts {
        let id = format!("{creche}/{month}/{number}");
        integrity::removed(tx, &CLAIM_ACT, &organiser, &id, mac.as_deref());
    }
    let claims = rows!(tx, (String, String, Option<Vec<u8>>), REMOVE, &organiser, &month, most)?;
    for (creche, month, mac) in &claims {
        integrity::removed(tx, &CLAIM, &organiser, &format!("{creche}/{month}"), mac.as_deref());
    }
    Ok(claims.len() as u64)
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    organiser_id: String,
    creche_id: String,
    month: String,
    state: String,
    taken_up: i64,
    acts: i64,
    signed_act: i64,
    updated_at: i64,
}

impl TryFrom<ClaimRow> for ClaimRecord {
    type Error = Error;

    fn try_from(row: ClaimRow) -> Result<Self, Error> {
        let from = RowSource { table: "claim", id: &row.month };
        let key = ClaimKey::from_columns(&from, (&row.organiser_id, &row.creche_id, &row.month))?;
        let standing = ClaimStanding { state: from.text("state", &row.state)?, was_taken_up: row.taken_up == 1 };
        Ok(Self {
            key,
            standing,
            acts: from.number("acts", row.acts)?,
            signed_act: from.number("signed_act", row.signed_act)?,
            updated_at: from.instant("updated_at", row.updated_at)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ActRow {
    number: i64,
    act: String,
    state: String,
    actor_kind: String,
    actor: String,
    at: i64,
    reason: Option<Vec<u8>>,
    details: Option<Vec<u8>>,
}

impl TryFrom<ActRow> for ActRecord {
    type Error = Error;

    fn try_from(row: ActRow) -> Result<Self, Error> {
        let id = row.number.to_string();
        let from = RowSource { table: "claim_act", id: &id };
        let kind: ActorKind = from.text("actor_kind", &row.actor_kind)?;
        Ok(Self {
            number: from.number("number", row.number)?,
            act: from.text("act", &row.act)?,
            state: from.text("state", &row.state)?,
            actor: Actor { kind, name: row.actor },
            at: from.instant("at", row.at)?,
            reason: row.reason,
            details: row.details,
        })
    }
}
