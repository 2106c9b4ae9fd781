//! The agency's feed: what was done to the claims of all organisers, numbered without holes.
//!
//! The row with the last number is held from an entry on until its transaction ends, and entries are written at its end: numbers
//! are given in the order of the commits, so that a reader who saw a number has seen, or can still read, all before it.

use jiff::Timestamp;

use super::db::{Tx, later, row, rows};
use super::error::Error;
use super::source::{RowSource, all};
use crate::domain::action::Action;
use crate::domain::period::Quarter;
use crate::ids::{CrecheId, OrganiserId};

/// An entry of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimChange {
    /// Whose claim.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: CrecheId,
    /// The quarter.
    pub quarter: Quarter,
    /// What was done.
    pub action: Action,
    /// When, in the business time of the organiser.
    pub at: Timestamp,
}

const NEXT: &str = "insert into agency_feed (id, last_number) values (1, 1) \
                    on conflict (id) do update set last_number = agency_feed.last_number + 1";
const INSERT: &str = "insert into claim_change (number, organiser_id, creche_id, quarter, action, at) \
                      select last_number, $1, $2, $3, $4, $5 from agency_feed where id = 1";
const AFTER: &str = "select number, organiser_id, creche_id, quarter, action, at from claim_change \
                     where number > $1 order by number limit $2";
const LAST: &str = "select last_number from agency_feed where id = 1";

/// Appends an entry, with the commit or before the next query.
pub fn append(tx: &mut Tx, new: &ClaimChange) {
    let (organiser, creche, quarter) = (new.organiser.to_string(), new.creche.to_string(), new.quarter.to_string());
    later!(tx, One, NEXT);
    later!(tx, One, INSERT, organiser, creche, quarter, new.action.code(), new.at.as_millisecond());
}

/// At most `limit` entries after number `after`, each with its number, the oldest first.
pub async fn after(tx: &mut Tx, after: u64, limit: u32) -> Result<Vec<(u64, ClaimChange)>, Error> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let found: Vec<NumberedChange> = all(rows!(tx, ChangeRow, AFTER, after, i64::from(limit))?)?;
    Ok(found.into_iter().map(|NumberedChange(numbered)| numbered).collect())
}

/// The number of the latest entry; 0 before the first.
pub async fn last_number(tx: &mut Tx) -> Result<u64, Error> {
    let Some((number,)) = row!(tx, (i64,), LAST)? else { return Ok(0) };
    RowSource { table: "agency_feed", id: "1" }.number("last_number", number)
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    number: i64,
    organiser_id: String,
    creche_id: String,
    quarter: String,
    action: String,
    at: i64,
}

/// An entry and its number.
struct NumberedChange((u64, ClaimChange));

impl TryFrom<ChangeRow> for NumberedChange {
    type Error = Error;

    fn try_from(row: ChangeRow) -> Result<Self, Error> {
        let id = row.number.to_string();
        let from = RowSource { table: "claim_change", id: &id };
        let change = ClaimChange {
            organiser: from.text("organiser_id", &row.organiser_id)?,
            creche: from.text("creche_id", &row.creche_id)?,
            quarter: from.text("quarter", &row.quarter)?,
            action: Action::from_code(&row.action).ok_or_else(|| from.corrupt("action"))?,
            at: from.instant("at", row.at)?,
        };
        Ok(Self((from.number("number", row.number)?, change)))
    }
}
