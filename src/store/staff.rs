//! The staff register: personal data is sealed; functions without persons are in clear, so that they can be added up.

mod bulk;
mod history;
mod probes;
mod revisions;
mod validations;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::bulk::{add_all_posts, clear_all_posts, insert_all, know_all};
pub use self::history::{list_as_of, record_initial};
pub use self::probes::{ProbeCount, forget_probes, note_probe, probes};
pub use self::revisions::{
    RegisterRevision, RevisionAuthor, insert_revision, next_instant, revision, revisions, revisions_of_persons,
};
pub use self::validations::{ValidationRecord, remove_validations_of, validate, validated_creches, validations};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::input_history::{self, InputSubject};
use super::integrity::{self, STAFF_MEMBER};
use super::source::{RowSource, all, optional};
use crate::domain::staff::Category;
use crate::domain::staff::staffing::{Assignment, MemberAssignment};
use crate::ids::{CrecheId, OrganiserId, StaffMemberId};

/// A person, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The id.
    pub id: StaffMemberId,
    /// Keyed hash of the national number, where there is one.
    pub ssin_hash: Option<String>,
    /// JSON of the person, sealed.
    pub sealed: Vec<u8>,
    /// The last day of the last contract, when none is open-ended.
    pub ended_on: Option<Date>,
    /// When the person was entered.
    pub created_at: Timestamp,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

/// The register as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterRecord {
    /// Raised with each change; 1 at first.
    pub revision: u64,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

const LIST: &str = "select id, ssin_hash, sealed, ended_on, created_at, version from staff_member \
                    where organiser_id = $1 order by id";
const FIND: &str = "select id, ssin_hash, sealed, ended_on, created_at, version from staff_member \
                    where organiser_id = $1 and id = $2";
const WITH_SSIN: &str = "select id from staff_member where organiser_id = $1 and ssin_hash = $2";
const UPDATE: &str = "update staff_member set ssin_hash = $3, sealed = $4, ended_on = $5, version = version + 1 \
                      where organiser_id = $1 and id = $2 and version = $6";
const REGISTER: &str = "select organiser_id, revision, changed_at from staff_register where organiser_id = $1";
const CLEAR_POSTS: &str = "delete from staff_post where organiser_id = $1 and member_id = $2";
const POSTS: &str = "select member_id, creche_id, category, hundredths, start_date, end_date from staff_post \
                     where organiser_id = $1 and start_date <= $3 and (end_date is null or end_date >= $2)";
const PERSON: &str = "select name_hash from staff_person where ssin_hash = $1";
const UPSERT_PERSON: &str = "insert into staff_person (ssin_hash, name_hash) values ($1, $2) \
                    on conflict (ssin_hash) do update set name_hash = excluded.name_hash \
                    where staff_person.name_hash = $3";
const ENDED_BEFORE: &str = "select id from staff_member where organiser_id = $1 and ended_on < $2 \
                            order by id limit $3";
const DELETE: &str = "delete from staff_member where organiser_id = $1 and id = $2 returning mac";

/// Every person of the organiser, the oldest entry first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<StaffMember>, Error> {
    all(rows!(tx, MemberRow, LIST, organiser.to_string())?)
}

/// One person of the organiser.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: StaffMemberId) -> Result<Option<StaffMember>, Error> {
    optional(row!(tx, MemberRow, FIND, organiser.to_string(), id.to_string())?)
}

/// The person of the organiser with this keyed hash of a national number.
pub async fn id_with_ssin(
    tx: &mut Tx,
    organiser: OrganiserId,
    ssin_hash: &str,
) -> Result<Option<StaffMemberId>, Error> {
    let Some((id,)) = row!(tx, (String,), WITH_SSIN, organiser.to_string(), ssin_hash)? else { return Ok(None) };
    RowSource { table: "staff_member", id: &id }.text("id", &id).map(Some)
}

/// Writes the columns of a person that may change; `false` when its version is another one.
pub async fn update(tx: &mut Tx, organiser: OrganiserId, member: &StaffMember, at: Timestamp) -> Result<bool, Error> {
    let (owner, id) = (organiser.to_string(), member.id.to_string());
    let (ssin, ended) = (member.ssin_hash.as_deref(), member.ended_on.map(|day| day.to_string()));
    let version = i64::try_from(member.version).unwrap_or(i64::MAX);
    let updated = execute!(tx, UPDATE, &owner, &id, ssin, &member.sealed, ended, version)?.at_most_one()?;
    if updated {
        history::record_revisions(tx, organiser, std::iter::once((member, member.version + 1)), at).await?;
    }
    Ok(updated)
}

/// The register as a whole; `None` before the first entry.
pub async fn register(tx: &mut Tx, organiser: OrganiserId) -> Result<Option<RegisterRecord>, Error> {
    let Some(found) = row!(tx, (String, i64, i64), REGISTER, organiser.to_string())? else { return Ok(None) };
    let from = RowSource { table: "staff_register", id: &found.0 };
    Ok(Some(RegisterRecord {
        revision: from.number("revision", found.1)?,
        changed_at: from.instant("changed_at", found.2)?,
    }))
}

/// Gives persons their authentication codes: the last step after inserting or changing several.
pub async fn authenticate_all(tx: &mut Tx, members: &[StaffMemberId]) -> Result<(), Error> {
    let ids: Vec<_> = members.iter().map(StaffMemberId::to_string).collect();
    integrity::reseal_all(tx, &STAFF_MEMBER, &ids).await
}

/// The functions that are filled at any time from `first` to `last`.
pub async fn assignments(
    tx: &mut Tx,
    organiser: OrganiserId,
    first: Date,
    last: Date,
) -> Result<Vec<MemberAssignment>, Error> {
    all(rows!(tx, AssignmentRow, POSTS, organiser.to_string(), first.to_string(), last.to_string())?)
}

/// The keyed hash of number and family name that the agency has stored for a number.
pub async fn known_name(tx: &mut Tx, ssin_hash: &str) -> Result<Option<String>, Error> {
    Ok(row!(tx, (String,), PERSON, ssin_hash)?.map(|(name,)| name))
}

/// Stores a family name for a number. A number stored under another name than `former` is left unchanged: only the spelling
/// that the same organiser gave is corrected. Returns whether a row was written.
pub async fn set_known_name(tx: &mut Tx, ssin_hash: &str, name_hash: &str, former: &str) -> Result<bool, Error> {
    execute!(tx, UPSERT_PERSON, ssin_hash, name_hash, former)?.at_most_one()
}

/// Removes at most `most` persons whose last contract ended before `day` and returns how many; the register gets a new
/// revision where there were any. The agency's record of their numbers is not removed.
pub async fn remove_ended_before(
    tx: &mut Tx,
    organiser: OrganiserId,
    (day, at): (Date, Timestamp),
    most: i64,
) -> Result<u64, Error> {
    let ended = rows!(tx, (String,), ENDED_BEFORE, organiser.to_string(), day.to_string(), most)?;
    let owner = organiser;
    let organiser = organiser.to_string();
    for (id,) in &ended {
        input_history::remove(tx, owner, (InputSubject::StaffMember, id)).await?;
        execute!(tx, CLEAR_POSTS, &organiser, id)?.any();
        let (mac,) = row!(tx, (Option<Vec<u8>>,), DELETE, &organiser, id)?.ok_or(Error::Rows(0))?;
        integrity::removed(tx, &STAFF_MEMBER, &organiser, id, mac.as_deref());
    }
    if !ended.is_empty() {
        let recorded_at = next_instant(tx, owner, at).await?;
        insert_revision(tx, owner, RevisionAuthor::default(), (recorded_at, ended.len())).await?;
    }
    Ok(ended.len() as u64)
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: String,
    ssin_hash: Option<String>,
    sealed: Vec<u8>,
    ended_on: Option<String>,
    created_at: i64,
    version: i64,
}

impl TryFrom<MemberRow> for StaffMember {
    type Error = Error;

    fn try_from(row: MemberRow) -> Result<Self, Error> {
        let from = RowSource { table: "staff_member", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            ended_on: from.optional("ended_on", row.ended_on.as_deref())?,
            created_at: from.instant("created_at", row.created_at)?,
            version: from.number("version", row.version)?,
            ssin_hash: row.ssin_hash,
            sealed: row.sealed,
        })
    }
}

#[derive(sqlx::FromRow)]
struct AssignmentRow {
    member_id: String,
    creche_id: String,
    category: String,
    hundredths: i64,
    start_date: String,
    end_date: Option<String>,
}

impl TryFrom<AssignmentRow> for MemberAssignment {
    type Error = Error;

    fn try_from(row: AssignmentRow) -> Result<Self, Error> {
        let from = RowSource { table: "staff_post", id: &row.member_id };
        let member = from.text("member_id", &row.member_id)?;
        let creche: CrecheId = from.text("creche_id", &row.creche_id)?;
        let category: Category = from.text("category", &row.category)?;
        let start = from.text("start_date", &row.start_date)?;
        let end = from.optional("end_date", row.end_date.as_deref())?;
        let fte = from.number("hundredths", row.hundredths)?;
        Ok(Self { member, assignment: Assignment { creche, category, fte, period: (start, end) } })
    }
}
