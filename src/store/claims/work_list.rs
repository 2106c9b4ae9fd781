//! The signed claims of all organisers, as agents look for them.

use std::array;

use jiff::Timestamp;

use super::{ClaimRecord, ClaimRow};
use crate::domain::claim::ClaimState;
use crate::domain::period::Quarter;
use crate::domain::search::{MAX_WORDS, PageBounds, SearchWords};
use crate::store::db::{Tx, rows};
use crate::store::error::Error;
use crate::store::integrity::{self, CLAIM, CodeMessage};
use crate::store::organisers::word_pattern;
use crate::store::source::{RowSource, all};

/// Which agent has taken a claim up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignedTo<'a> {
    /// Any agent, or none.
    Anybody,
    /// No agent.
    Nobody,
    /// The agent with this matricule.
    Agent(&'a str),
}

/// Which claims to list.
pub struct WorkListFilter<'a> {
    /// In this state; in any where there is none.
    pub state: Option<ClaimState>,
    /// Of this quarter; of any where there is none.
    pub quarter: Option<Quarter>,
    /// Unchanged since then, or longer.
    pub unchanged_since: Timestamp,
    /// Whether they were signed with warnings; either where there is none.
    pub with_warnings: Option<bool>,
    /// Taken up by whom.
    pub assigned_to: AssignedTo<'a>,
    /// The words of the organiser's names and numbers, or of those of its crèches.
    pub words: &'a SearchWords,
}

/// A claim in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedClaim {
    /// Where it stands.
    pub claim: ClaimRecord,
    /// The organiser's name.
    pub organiser: String,
    /// The crèche's name.
    pub creche: String,
    /// The matricule of the agent who took it up last.
    pub assigned_to: Option<String>,
    /// With how many kinds of warning it was signed; `None` where they were not counted.
    pub warnings: Option<u64>,
    /// How many claims match, on all pages.
    pub total: u64,
}

const LIST: &str = "select c.organiser_id, c.creche_id, c.month, c.last_month, c.state, c.is_frozen, c.taken_up, c.acts, \
                    c.signed_act, c.updated_at, c.mac, o.legal_name, k.name as creche_name, t.actor as assigned_to, \
                    w.warnings, count(*) over () as total from claim c \
                    join organiser o on o.id = c.organiser_id \
                    join organiser_search f on f.organiser_id = c.organiser_id \
                    join creche k on k.organiser_id = c.organiser_id and k.id = c.creche_id \
                    join claim_signature w on w.organiser_id = c.organiser_id and w.creche_id = c.creche_id \
                    and w.month = c.month and w.number = c.signed_act \
                    left join claim_act t on t.organiser_id = c.organiser_id and t.creche_id = c.creche_id \
                    and t.month = c.month and t.number = (select max(a.number) from claim_act a \
                    where a.organiser_id = c.organiser_id and a.creche_id = c.creche_id and a.month = c.month \
                    and a.act = 'takeUp') \
                    where c.is_frozen = 1 and ($1 = '' or c.state = $1) and ($2 = '' or c.month = $2) \
                    and c.updated_at <= $3 and coalesce(w.warnings, 1) between $4 and $5 \
                    and ($6 = 'anybody' or ($6 = 'nobody' and t.actor is null) or ($6 = 'agent' and t.actor = $7)) \
                    and f.search_text like $8 escape '!' and f.search_text like $9 escape '!' \
                    and f.search_text like $10 escape '!' and f.search_text like $11 escape '!' \
                    and f.search_text like $12 escape '!' and f.search_text like $13 escape '!' \
                    and f.search_text like $14 escape '!' and f.search_text like $15 escape '!' \
                    order by c.updated_at, c.organiser_id, c.creche_id, c.month limit $16 offset $17";

/// The signed claims of all organisers that match, the longest unchanged first. A claim that was signed before warnings were
/// counted is among those with warnings.
pub async fn work_list(tx: &mut Tx, filter: &WorkListFilter<'_>, page: PageBounds) -> Result<Vec<ListedClaim>, Error> {
    let state = filter.state.map_or("", ClaimState::code);
    let month = filter.quarter.map(|quarter| quarter.months()[0].to_string()).unwrap_or_default();
    let since = filter.unchanged_since.as_millisecond();
    let (least, most) = match filter.with_warnings {
        None => (0, i64::MAX),
        Some(true) => (1, i64::MAX),
        Some(false) => (0, 0),
    };
    let (assigned, agent) = match filter.assigned_to {
        AssignedTo::Anybody => ("anybody", ""),
        AssignedTo::Nobody => ("nobody", ""),
        AssignedTo::Agent(matricule) => ("agent", matricule),
    };
    let words = array::from_fn::<_, MAX_WORDS, _>(|index| word_pattern(filter.words.words().get(index)));
    let [one, two, three, four, five, six, seven, eight] = words;
    let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (limit, offset) = (bound(page.most), bound(page.skip));
    let found = rows!(
        tx, ListedRow, LIST, state, month, since, least, most, assigned, agent, one, two, three, four, five, six,
        seven, eight, limit, offset
    )?;
    for row in &found {
        let id = || format!("{}/{}/{}", row.claim.organiser_id, row.claim.creche_id, row.claim.month);
        integrity::require_match(tx, &CLAIM, &id, &row.code_message(), row.mac.as_deref())?;
    }
    all(found)
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    claim: ClaimRow,
    last_month: String,
    is_frozen: i64,
    mac: Option<Vec<u8>>,
    legal_name: String,
    creche_name: String,
    assigned_to: Option<String>,
    warnings: Option<i64>,
    total: i64,
}

impl ListedRow {
    /// What the code of the claim's row covers.
    fn code_message(&self) -> CodeMessage {
        let claim = &self.claim;
        CodeMessage::of(CLAIM.code_name)
            .text(claim.organiser_id.as_str())
            .text(claim.creche_id.as_str())
            .text(claim.month.as_str())
            .text(self.last_month.as_str())
            .text(claim.state.as_str())
            .int(self.is_frozen)
            .int(claim.taken_up)
            .int(claim.acts)
            .int(claim.signed_act)
            .int(claim.updated_at)
    }
}

impl TryFrom<ListedRow> for ListedClaim {
    type Error = Error;

    fn try_from(row: ListedRow) -> Result<Self, Error> {
        let id = row.claim.month.clone();
        let from = RowSource { table: "claim", id: &id };
        Ok(Self {
            claim: row.claim.try_into()?,
            organiser: row.legal_name,
            creche: row.creche_name,
            assigned_to: row.assigned_to,
            warnings: row.warnings.map(|warnings| from.number("warnings", warnings)).transpose()?,
            total: from.number("total", row.total)?,
        })
    }
}
