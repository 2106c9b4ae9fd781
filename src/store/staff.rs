//! The staff register: personal data is sealed; functions without persons are in clear, so that they can be added up.

mod bulk;
mod history;
mod probes;
mod revisions;
mod validations;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::bulk::{PersonRow, correct_name, known_names, write_all};
pub use self::history::{list_as_of, record_initial};
pub use self::probes::{ProbeCount, forget_probes, note_probes, probes};
pub use self::revisions::{
    RegisterRevision, RevisionAuthor, insert_revision, revision, revisions, revisions_of_persons,
};
pub use self::validations::{ValidationRecord, remove_validations_of, validate, validated_creches, validations};
use super::db::{Tx, row, rows};
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
    /// The authentication code of the row, with that of the functions.
    pub mac: Option<Vec<u8>>,
}

/// The register as a whole; the default before the first person was entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RegisterRecord {
    /// Raised with each change; 1 at first.
    pub revision: u64,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

const LIST: &str = "select id, ssin_hash, sealed, ended_on, created_at, version, mac from staff_member \
                    where organiser_id = $1 order by id";
const FIND: &str = "select id, ssin_hash, sealed, ended_on, created_at, version, mac from staff_member \
                    where organiser_id = $1 and id = $2";
const WITH_SSIN: &str = "select id from staff_member where organiser_id = $1 and ssin_hash = $2";
const REGISTER: &str = "select organiser_id, revision, changed_at from staff_register where organiser_id = $1";
const POSTS: &str = "select member_id, creche_id, category, hundredths, start_date, end_date from staff_post \
                     where organiser_id = $1 and start_date <= $3 and (end_date is null or end_date >= $2)";
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

/// The register as a whole.
pub async fn register(tx: &mut Tx, organiser: OrganiserId) -> Result<RegisterRecord, Error> {
    let found = row!(tx, (String, i64, i64), REGISTER, organiser.to_string())?;
    let Some((id, revision, changed_at)) = found else { return Ok(RegisterRecord::default()) };
    let from = RowSource { table: "staff_register", id: &id };
    Ok(RegisterRecord {
        revision: from.number("revision", revision)?,
        changed_at: from.instant("changed_at", changed_at)?,
    })
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
    let ids: Vec<_> = ended.into_iter().map(|(id,)| id).collect();
    bulk::clear_posts(tx, owner, &ids);
    for id in &ids {
        input_history::remove(tx, owner, (InputSubject::StaffMember, id)).await?;
        let (mac,) = row!(tx, (Option<Vec<u8>>,), DELETE, &organiser, id)?.ok_or(Error::Rows(0))?;
        integrity::removed(tx, &STAFF_MEMBER, &organiser, id, mac.as_deref());
    }
    if !ids.is_empty() {
        let last = register(tx, owner).await?;
        insert_revision(tx, owner, last, RevisionAuthor::default(), (at, ids.len()));
    }
    Ok(ids.len() as u64)
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: String,
    ssin_hash: Option<String>,
    sealed: Vec<u8>,
    ended_on: Option<String>,
    created_at: i64,
    version: i64,
    mac: Option<Vec<u8>>,
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
            mac: row.mac,
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
