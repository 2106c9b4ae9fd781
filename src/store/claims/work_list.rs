//! The signed claims of all organisers, as agents look for them.

use std::array;

use jiff::Timestamp;

use super::{ClaimKey, ClaimRecord, ClaimRow};
use crate::domain::actor::ActorKind;
use crate::domain::claim::{ClaimAct, ClaimState};
use crate::domain::period::Quarter;
use crate::domain::search::{MAX_WORDS, PageBounds, SearchWords};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::db::{Tx, rows};
use crate::store::error::Error;
use crate::store::integrity::{self, CodeMessage};
use crate::store::organisers::word_pattern;
use crate::store::source::{RowSource, all};

/// Which agent has taken a claim up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignedTo<'a> {
    /// Any agent, or none.
    Anybody,
    /// No agent.
    Nobody,
    /// The agent with this matricule, or the software with this key.
    Agent(&'a str),
}

/// Which claims to list.
#[derive(Debug, Clone, Copy)]
pub struct ClaimFilter<'a> {
    /// In this state; in any where there is none.
    pub state: Option<ClaimState>,
    /// Of this quarter or one of its months; of any where there is none.
    pub quarter: Option<Quarter>,
    /// Unchanged since then, or longer.
    pub unchanged_since: Timestamp,
    /// Whether they were signed with warnings; either where there is none.
    pub with_warnings: Option<bool>,
    /// Taken up by whom.
    pub assigned_to: AssignedTo<'a>,
    /// Those whose last act is a message of the organiser, alone.
    pub with_message: bool,
}

/// State, month and last month, instant, least and most warnings, who has taken it up, and the last act and its actor.
type FilterValues<'a> =
    (&'static str, (String, String), i64, (i64, i64), (&'static str, &'a str), (&'static str, &'static str));

impl ClaimFilter<'_> {
    /// The values of the first ten placeholders of the lists.
    fn values(&self) -> FilterValues<'_> {
        let (least, most) = match self.with_warnings {
            None => (0, i64::MAX),
            Some(true) => (1, i64::MAX),
            Some(false) => (0, 0),
        };
        let assigned = match self.assigned_to {
            AssignedTo::Anybody => ("anybody", ""),
            AssignedTo::Nobody => ("nobody", ""),
            AssignedTo::Agent(name) => ("agent", name),
        };
        let within = self.quarter.map(|quarter| (quarter.months()[0].to_string(), quarter.months()[2].to_string()));
        let within = within.unwrap_or_else(|| (String::new(), "9999-12".to_owned()));
        let state = self.state.map_or("", ClaimState::code);
        let message = (ClaimAct::Message.code(), ActorKind::Person.code());
        let last_act = if self.with_message { message } else { Default::default() };
        (state, within, self.unchanged_since.as_millisecond(), (least, most), assigned, last_act)
    }
}

/// A place in the list by key.
#[derive(Debug, Clone, Copy)]
pub struct KeyPage {
    /// Of this organiser only.
    pub organiser: Option<OrganiserId>,
    /// Of this crèche only.
    pub creche: Option<CrecheId>,
    /// After this claim; from the beginning where there is none.
    pub after: Option<ClaimKey>,
    /// How many at most.
    pub most: u32,
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
    /// The matricule of the agent who took it up last, or the name of the key of the agency's software.
    pub assigned_to: Option<String>,
    /// With how many kinds of warning it was signed; `None` where they were not counted.
    pub warnings: Option<u64>,
    /// How many claims match, on all pages; not counted in the list by key.
    pub total: u64,
}

/// The claims of a family as [`ListedRow`]s without their total. Software that took a claim up has the name of its key.
macro_rules! listed {
    ($is_month:literal, $claim:literal, $act:literal, $signature:literal, $join:literal, $rest:expr) => {
        concat!(
            "select c.organiser_id, c.creche_id, c.month, c.last_month, c.state, c.is_frozen, c.taken_up, c.acts, \
             c.signed_act, c.updated_at, c.mac, o.legal_name, k.name as creche_name, \
             coalesce(s.name, t.actor) as assigned_to, w.warnings, cast(",
            $is_month,
            " as bigint) as is_month from ",
            $claim,
            " c join organiser o on o.id = c.organiser_id ",
            $join,
            " join creche k on k.organiser_id = c.organiser_id and k.id = c.creche_id join ",
            $signature,
            " w on w.organiser_id = c.organiser_id and w.creche_id = c.creche_id \
             and w.month = c.month and w.number = c.signed_act left join ",
            $act,
            " t on t.organiser_id = c.organiser_id and t.creche_id = c.creche_id \
             and t.month = c.month and t.number = (select max(a.number) from ",
            $act,
            " a where a.organiser_id = c.organiser_id and a.creche_id = c.creche_id and a.month = c.month \
             and a.act = 'takeUp') \
             left join agency_key s on t.actor_kind = 'agencyKey' and s.id = t.actor \
             where c.is_frozen = 1 and ($1 = '' or c.state = $1) and c.month >= $2 and c.last_month <= $3 \
             and c.updated_at <= $4 and coalesce(w.warnings, 1) between $5 and $6 \
             and ($7 = 'anybody' or ($7 = 'nobody' and t.actor is null) or ($7 = 'agent' and t.actor = $8)) \
             and ($9 = '' or exists (select 1 from ",
            $act,
            " m where m.organiser_id = c.organiser_id and m.creche_id = c.creche_id and m.month = c.month \
             and m.number = c.acts and m.act = $9 and m.actor_kind = $10)) ",
            $rest
        )
    };
}

macro_rules! listed_by_words {
    ($is_month:literal, $claim:literal, $act:literal, $signature:literal) => {
        listed!(
            $is_month,
            $claim,
            $act,
            $signature,
            "join organiser_search f on f.organiser_id = c.organiser_id",
            "and f.search_text like $11 escape '!' and f.search_text like $12 escape '!' \
             and f.search_text like $13 escape '!' and f.search_text like $14 escape '!' \
             and f.search_text like $15 escape '!' and f.search_text like $16 escape '!' \
             and f.search_text like $17 escape '!' and f.search_text like $18 escape '!'"
        )
    };
}

/// The first claims of a family in the order of keys, from which a page is made.
macro_rules! first_by_key {
    ($is_month:literal, $claim:literal, $act:literal, $signature:literal) => {
        listed!(
            $is_month,
            $claim,
            $act,
            $signature,
            "",
            concat!(
                "and ($11 = '' or c.organiser_id = $11) and ($12 = '' or c.creche_id = $12) \
                 and (c.organiser_id, c.creche_id, c.month, cast(",
                $is_month,
                " as bigint)) > ($13, $14, $15, $16) order by c.organiser_id, c.creche_id, c.month limit $17"
            )
        )
    };
}

const LIST: &str = concat!(
    "select l.*, count(*) over () as total from (",
    listed_by_words!(0, "claim", "claim_act", "claim_signature"),
    " union all ",
    listed_by_words!(1, "month_claim", "month_claim_act", "month_claim_signature"),
    ") l order by l.updated_at, l.organiser_id, l.creche_id, l.month, l.is_month limit $19 offset $20"
);
/// By the key of claims, which never changes: a page begins after the last claim of the one before, whatever was done
/// meanwhile.
const BY_KEY: &str = concat!(
    "select l.*, cast(0 as bigint) as total from (select * from (",
    first_by_key!(0, "claim", "claim_act", "claim_signature"),
    ") q union all select * from (",
    first_by_key!(1, "month_claim", "month_claim_act", "month_claim_signature"),
    ") m) l order by l.organiser_id, l.creche_id, l.month, l.is_month limit $17"
);

/// The signed claims of all organisers that match, the longest unchanged first. A claim that was signed before warnings were
/// counted is among those with warnings.
pub async fn work_list(
    tx: &mut Tx,
    filter: &ClaimFilter<'_>,
    words: &SearchWords,
    page: PageBounds,
) -> Result<Vec<ListedClaim>, Error> {
    let (state, (from, to), since, (least, most), (assigned, agent), (act, actor)) = filter.values();
    let words = array::from_fn::<_, MAX_WORDS, _>(|index| word_pattern(words.words().get(index)));
    let [one, two, three, four, five, six, seven, eight] = words;
    let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (limit, offset) = (bound(page.most), bound(page.skip));
    let found = rows!(
        tx, ListedRow, LIST, state, from, to, since, least, most, assigned, agent, act, actor, one, two, three, four,
        five, six, seven, eight, limit, offset
    )?;
    sound(tx, found)
}

/// The signed claims that match, in the order of their keys.
pub async fn by_key(tx: &mut Tx, filter: &ClaimFilter<'_>, page: KeyPage) -> Result<Vec<ListedClaim>, Error> {
    let (state, (from, to), since, (least, most), (assigned, agent), (act, actor)) = filter.values();
    let organiser = page.organiser.map(|id| id.to_string()).unwrap_or_default();
    let creche = page.creche.map(|id| id.to_string()).unwrap_or_default();
    let is_month = i64::from(page.after.is_some_and(|after| after.period.month().is_some()));
    let after = page.after.map(ClaimKey::columns).unwrap_or_default();
    let limit = i64::from(page.most);
    let found = rows!(
        tx, ListedRow, BY_KEY, state, from, to, since, least, most, assigned, agent, act, actor, organiser, creche,
        after.0, after.1, after.2, is_month, limit
    )?;
    sound(tx, found)
}

/// The claims of these rows, which match their authentication codes.
fn sound(tx: &Tx, found: Vec<ListedRow>) -> Result<Vec<ListedClaim>, Error> {
    for row in &found {
        let id = || format!("{}/{}/{}", row.claim.organiser_id, row.claim.creche_id, row.claim.month);
        integrity::require_match(tx, row.claim.tables().claim, &id, &row.code_message(), row.mac.as_deref())?;
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
        CodeMessage::of(claim.tables().claim.code_name)
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
