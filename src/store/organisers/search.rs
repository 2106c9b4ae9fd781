//! The search text of organisers, stored in `organiser_search` and refreshed with every name that is written.

use std::array;
use std::collections::{BTreeMap, HashMap};

use super::{Error, Organiser, OrganiserId, OrganiserRow, RowSource, Tx, all, execute, find, list, rows};
use crate::domain::search::{self, MAX_WORDS, PageBounds, SearchWords};
use crate::domain::text::folded;
use crate::domain::user::Profile;

/// An organiser in a search result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOrganiser {
    /// The organiser.
    pub organiser: Organiser,
    /// How many crèches it has.
    pub creches: u64,
    /// How many active users it has with the profile of the query.
    pub users: u64,
    /// How many organisers match, on all pages.
    pub total: u64,
}

const FIND: &str = "select o.id, o.legal_name, o.enterprise_number, o.created_at, o.last_event, s.total, \
                    (select count(*) from creche c where c.organiser_id = o.id) as creches, \
                    (select count(*) from app_user p where p.organiser_id = o.id and p.profile = $1 \
                    and p.deactivated_at is null) as users \
                    from (select organiser_id, sort_key, count(*) over () as total from organiser_search \
                    where search_text like $2 escape '!' and search_text like $3 escape '!' and search_text like $4 escape '!' \
                    and search_text like $5 escape '!' and search_text like $6 escape '!' and search_text like $7 escape '!' \
                    and search_text like $8 escape '!' and search_text like $9 escape '!' \
                    order by sort_key, organiser_id limit $10 offset $11) s \
                    join organiser o on o.id = s.organiser_id order by s.sort_key, s.organiser_id";
const ENTRIES: &str = "select organiser_id, search_text, sort_key from organiser_search";
const CRECHES: &str = "select organiser_id, name, one_number from creche where organiser_id = $1 order by id";
const ALL_CRECHES: &str = "select organiser_id, name, one_number from creche order by id";
const UPSERT: &str = "insert into organiser_search (organiser_id, search_text, sort_key) values ($1, $2, $3) \
                    on conflict (organiser_id) do update set search_text = excluded.search_text, sort_key = excluded.sort_key";

/// The organisers that have all of these words in their names and numbers or in those of their crèches, ordered by legal
/// name; each with its number of users of this profile.
pub async fn search(
    tx: &mut Tx,
    words: &SearchWords,
    profile: Profile,
    page: PageBounds,
) -> Result<Vec<FoundOrganiser>, Error> {
    let like = array::from_fn::<_, MAX_WORDS, _>(|index| word_pattern(words.words().get(index)));
    let [one, two, three, four, five, six, seven, eight] = like;
    let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (most, skip) = (bound(page.most), bound(page.skip));
    all(rows!(tx, FoundRow, FIND, profile.code(), one, two, three, four, five, six, seven, eight, most, skip)?)
}

/// The `like` pattern of texts that contain the word; of every text without one.
pub(in crate::store) fn word_pattern(word: Option<&String>) -> String {
    let escaped = word.map(|word| word.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    escaped.map_or_else(|| "%".to_owned(), |word| format!("%{word}%"))
}

/// Refreshes the search text of an organiser, which the caller has locked.
pub(in crate::store) async fn refresh(tx: &mut Tx, organiser: OrganiserId) -> Result<(), Error> {
    let Some(organiser) = find(tx, organiser).await? else { return Ok(()) };
    let id = organiser.id.to_string();
    let creches = rows!(tx, CrecheRow, CRECHES, &id)?;
    let SearchEntry { search_text, sort_key } = SearchEntry::of(&organiser, &creches);
    execute!(tx, UPSERT, id, search_text, sort_key)?.one()
}

/// Locks each of these organisers and refreshes its search text.
pub async fn refresh_all(tx: &mut Tx, organisers: &[OrganiserId]) -> Result<(), Error> {
    for organiser in organisers {
        super::lock(tx, *organiser).await?;
        refresh(tx, *organiser).await?;
    }
    Ok(())
}

/// The organisers whose stored search text is outdated, in the order of their ids.
pub async fn outdated(tx: &mut Tx) -> Result<Vec<OrganiserId>, Error> {
    let mut creches = HashMap::<_, Vec<_>>::new();
    for creche in rows!(tx, CrecheRow, ALL_CRECHES)? {
        creches.entry(creche.organiser_id.clone()).or_default().push(creche);
    }
    let stored = rows!(tx, (String, String, Vec<u8>), ENTRIES)?.into_iter();
    let stored: BTreeMap<_, _> =
        stored.map(|(id, search_text, sort_key)| (id, SearchEntry { search_text, sort_key })).collect();
    let mut organisers = list(tx).await?;
    organisers.retain(|organiser| {
        let id = organiser.id.to_string();
        let now = SearchEntry::of(organiser, creches.get(&id).map_or(&[], Vec::as_slice));
        stored.get(&id) != Some(&now)
    });
    organisers.sort_by_key(|organiser| organiser.id);
    Ok(organisers.into_iter().map(|organiser| organiser.id).collect())
}

/// The search text and the sort key of an organiser.
#[derive(PartialEq, Eq)]
struct SearchEntry {
    search_text: String,
    sort_key: Vec<u8>,
}

impl SearchEntry {
    fn of(organiser: &Organiser, creches: &[CrecheRow]) -> Self {
        let mut search_text = search::searchable_name(&organiser.legal_name);
        if let Some(number) = organiser.enterprise_number {
            search_text += &search::searchable_number(&format!("BE{number}"));
        }
        for creche in creches {
            search_text += &search::searchable_name(&creche.name);
            search_text += &search::searchable_number(&creche.one_number);
        }
        Self { search_text, sort_key: folded(&organiser.legal_name).into_bytes() }
    }
}

/// The names and numbers of a crèche, and its organiser.
#[derive(sqlx::FromRow)]
struct CrecheRow {
    organiser_id: String,
    name: String,
    one_number: String,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    organiser: OrganiserRow,
    creches: i64,
    users: i64,
    total: i64,
}

impl TryFrom<FoundRow> for FoundOrganiser {
    type Error = Error;

    fn try_from(row: FoundRow) -> Result<Self, Error> {
        let organiser = Organiser::try_from(row.organiser)?;
        let id = organiser.id.to_string();
        let from = RowSource { table: "organiser", id: &id };
        let (creches, users) = (from.number("creches", row.creches)?, from.number("users", row.users)?);
        Ok(Self { organiser, creches, users, total: from.number("total", row.total)? })
    }
}
