//! Claims of quarters and of single months: where each stands, its acts, its signatures.

mod lists;
mod signatures;
mod tables;
mod work_list;

use jiff::Timestamp;

pub use self::lists::{
    answered_since, count_in_state, count_with_message_of_organiser, signed, with_message_of_agency,
};
pub use self::signatures::{
    SignatureRecord, every_signature, find_by_code, insert_signature, latest_signature, signature, signatures,
};
use self::tables::{ClaimTables, claim_columns, period_of};
pub use self::work_list::{AssignedTo, ClaimFilter, KeyPage, ListedClaim, by_key, work_list};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, KeyValue};
use super::source::{RowSource, all, optional};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::claim::{ClaimAct, ClaimStanding, ClaimState};
use crate::domain::period::{Month, Period};
use crate::ids::{CrecheId, OrganiserId};

/// The key of a claim in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimKey {
    /// The organiser.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: CrecheId,
    /// The quarter, or the month whose consultations are signed alone.
    pub period: Period,
}

impl ClaimKey {
    /// The claim of a crèche and period.
    pub fn new(organiser: OrganiserId, creche: CrecheId, period: impl Into<Period>) -> Self {
        Self { organiser, creche, period: period.into() }
    }

    /// The columns: organiser, crèche, first month of the period.
    pub(super) fn columns(self) -> (String, String, String) {
        (self.organiser.to_string(), self.creche.to_string(), self.period.first_month().to_string())
    }

    /// The key in these columns, in the order of [`ClaimKey::columns`], and whether it is a month's.
    fn from_columns(
        from: &RowSource<'_>,
        (organiser, creche, month): (&str, &str, &str),
        is_month: i64,
    ) -> Result<Self, Error> {
        let period = period_of(is_month, from.text("month", month)?);
        Ok(Self { organiser: from.text("organiser_id", organiser)?, creche: from.text("creche_id", creche)?, period })
    }

    /// The tables that it is in.
    const fn tables(self) -> &'static ClaimTables {
        ClaimTables::of(self.period)
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

const OF_ORGANISER: &str = concat!(
    "select ",
    claim_columns!(0),
    " from claim where organiser_id = $1 union all select ",
    claim_columns!(1),
    " from month_claim where organiser_id = $1 order by creche_id, month, is_month"
);

/// Where a claim stands; `None` before its first signature.
pub async fn find(tx: &mut Tx, key: ClaimKey) -> Result<Option<ClaimRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    let id = [KeyValue::Text(&organiser), KeyValue::Text(&creche), KeyValue::Text(&month)];
    integrity::require(tx, key.tables().claim, &id).await?;
    optional(row!(tx, ClaimRow, key.tables().find, &organiser, &creche, &month)?)
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
        integrity::require(tx, row.tables().claim, &id).await?;
    }
    all(rows)
}

/// Records an act: the claim stands as in `after` now. Fails with `Changed` when another act has its number.
pub async fn act(tx: &mut Tx, after: &ClaimRecord, act: &ActRecord) -> Result<(), Error> {
    let (organiser, creche, month) = after.key.columns();
    let tables = after.key.tables();
    let last = Month::of(after.key.period.last_day()).to_string();
    let ClaimStanding { state, was_taken_up } = after.standing;
    let (is_frozen, taken_up) = (i64::from(state.is_frozen()), i64::from(was_taken_up));
    let (acts, signed_act, updated_at) =
        (i64::from(after.acts), i64::from(after.signed_act), after.updated_at.as_millisecond());
    let id = [KeyValue::Text(&organiser), KeyValue::Text(&creche), KeyValue::Text(&month)];
    let before = integrity::authenticated_row(tx, tables.claim, &id).await?;
    let (state, row) = (state.code(), (&organiser, &creche, &month));
    let done =
        execute!(tx, tables.put, row.0, row.1, row.2, last, state, is_frozen, taken_up, acts, signed_act, updated_at)?;
    if !done.at_most_one()? {
        return Err(Error::Changed);
    }
    integrity::seal(tx, tables.claim, &id, before).await?;
    let (number, kind, at) = (i64::from(act.number), act.actor.kind.code(), act.at.as_millisecond());
    let (code, state, name) = (act.act.code(), act.state.code(), &act.actor.name);
    let insert = tables.insert_act;
    execute!(tx, insert, &organiser, &creche, &month, number, code, state, kind, name, at, &act.reason)?.one()?;
    let id = [id[0], id[1], id[2], KeyValue::Int(number)];
    integrity::seal_new(tx, tables.act, &id).await?;
    match &act.details {
        Some(details) => execute!(tx, tables.insert_details, &organiser, &creche, &month, number, details)?.one(),
        None => Ok(()),
    }
}

/// The acts on a claim, the first first.
pub async fn acts(tx: &mut Tx, key: ClaimKey) -> Result<Vec<ActRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    let found: Vec<ActRecord> = all(rows!(tx, ActRow, key.tables().acts, &organiser, &creche, &month)?)?;
    for act in &found {
        let id = [KeyValue::Text(&organiser), KeyValue::Text(&creche), KeyValue::Text(&month)];
        integrity::require(tx, key.tables().act, &[id[0], id[1], id[2], KeyValue::Int(act.number.into())]).await?;
    }
    Ok(found)
}

/// Removes at most `most` claims of the quarters, and as many of the months, that end before this month, with their acts and
/// signatures; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, month: Month, most: i64) -> Result<u64, Error> {
    let (organiser, month) = (organiser.to_string(), month.to_string());
    let mut removed = 0;
    for tables in ClaimTables::ALL {
        execute!(tx, tables.remove_signatures, &organiser, &month, most)?.any();
        execute!(tx, tables.remove_details, &organiser, &month, most)?.any();
        let acts = rows!(tx, (String, String, i64, Option<Vec<u8>>), tables.remove_acts, &organiser, &month, most)?;
        for (creche, month, number, mac) in &acts {
            let id = format!("{creche}/{month}/{number}");
            integrity::removed(tx, tables.act, &organiser, &id, mac.as_deref());
        }
        let claims = rows!(tx, (String, String, Option<Vec<u8>>), tables.remove, &organiser, &month, most)?;
        for (creche, month, mac) in &claims {
            integrity::removed(tx, tables.claim, &organiser, &format!("{creche}/{month}"), mac.as_deref());
        }
        removed += claims.len() as u64;
    }
    Ok(removed)
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
    is_month: i64,
}

impl ClaimRow {
    /// The tables that it is in.
    const fn tables(&self) -> &'static ClaimTables {
        ClaimTables::with_rows(self.is_month)
    }
}

impl TryFrom<ClaimRow> for ClaimRecord {
    type Error = Error;

    fn try_from(row: ClaimRow) -> Result<Self, Error> {
        let from = RowSource { table: "claim", id: &row.month };
        let key = ClaimKey::from_columns(&from, (&row.organiser_id, &row.creche_id, &row.month), row.is_month)?;
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
