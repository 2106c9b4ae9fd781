//! Doctors: their personal data is sealed.

mod history;

use jiff::Timestamp;

pub use self::history::{DoctorRevision, list_as_of, record};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::input_history::{self, InputSubject};
use super::integrity::{self, CodeMessage, DOCTOR, KeyValue as RowId};
use super::source::RowSource;
use crate::domain::doctor::Ruling;
use crate::ids::{DoctorId, OrganiserId};

/// A decision of the agency, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Whether it validates or refuses.
    pub ruling: Ruling,
    /// When.
    pub at: Timestamp,
    /// The agent's matricule.
    pub by: String,
    /// Why it was refused, sealed.
    pub reason: Option<Vec<u8>>,
}

/// A doctor, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorRecord {
    /// The id.
    pub id: DoctorId,
    /// Keyed hash of the INAMI number.
    pub inami_hash: String,
    /// JSON of the sheet, sealed.
    pub sealed: Vec<u8>,
    /// The agency's decision, if there is one.
    pub decided: Option<DecisionRecord>,
    /// When the agreement was stored, if it was.
    pub agreed_at: Option<Timestamp>,
    /// When the doctor was entered.
    pub created_at: Timestamp,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

/// The columns of a doctor.
macro_rules! doctors {
    ($where:literal) => {
        concat!(
            "select d.id, d.inami_hash, d.sealed, d.decision, d.decided_at, d.decided_by, d.reason, \
             a.stored_at as agreed_at, a.media, substr(a.sealed, 1, 13) as agreement, d.created_at, d.version, d.mac \
             from doctor d left join doctor_agreement a on a.doctor_id = d.id where ",
            $where
        )
    };
}

const FIND: &str = doctors!("d.organiser_id = $1 and d.id = $2");
const LIST: &str = doctors!("d.organiser_id = $1 order by d.id");
const INSERT: &str = "insert into doctor (id, organiser_id, inami_hash, sealed, created_at, version) \
                      values ($1, $2, $3, $4, $5, 1) on conflict do nothing";
const UPDATE: &str = "update doctor set inami_hash = $3, sealed = $4, decision = $5, decided_at = $6, \
                      decided_by = $7, reason = $8, version = version + 1 \
                      where organiser_id = $1 and id = $2 and version = $9";
const HOLDER: &str = "select id from doctor where organiser_id = $1 and inami_hash = $2";
const ORGANISER: &str = "select organiser_id from doctor where id = $1";
const AWAITED: &str = "select distinct d.organiser_id from doctor d \
                       join doctor_agreement a on a.doctor_id = d.id where d.decision is null order by d.organiser_id";
const PUT_AGREEMENT: &str = "insert into doctor_agreement (doctor_id, organiser_id, media, sealed, stored_at) \
                             select id, organiser_id, $3, $4, $5 from doctor where organiser_id = $1 and id = $2 \
                             on conflict (doctor_id) do update set media = excluded.media, sealed = excluded.sealed, \
                             stored_at = excluded.stored_at";
const DELETE_AGREEMENT: &str = "delete from doctor_agreement where organiser_id = $1 and doctor_id = $2 \
                                and exists (select 1 from doctor where organiser_id = $1 and id = $2 and version = $3)";
const DELETE: &str = "delete from doctor where organiser_id = $1 and id = $2 and version = $3 returning mac";
const AGREEMENT: &str = "select media, sealed from doctor_agreement where organiser_id = $1 and doctor_id = $2";

/// Stores a new doctor without a decision; `false` when the organiser has one with this number.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &DoctorRecord) -> Result<bool, Error> {
    let (id, at) = (new.id.to_string(), new.created_at.as_millisecond());
    let owner = organiser.to_string();
    let inserted = execute!(tx, INSERT, &id, owner, &new.inami_hash, &new.sealed, at)?.at_most_one()?;
    if inserted {
        integrity::seal_new(tx, &DOCTOR, &[RowId::Text(&id)]).await?;
        record(tx, organiser, new.id, new.created_at).await?;
    }
    Ok(inserted)
}

/// Writes the columns of a doctor that may change: number, sheet, decision; `false` when its version is another one.
pub async fn update(
    tx: &mut Tx,
    organiser: OrganiserId,
    doctor: &DoctorRecord,
    changed_at: Timestamp,
) -> Result<bool, Error> {
    let (owner, id) = (organiser.to_string(), doctor.id.to_string());
    let version = i64::try_from(doctor.version).unwrap_or(i64::MAX);
    let decided = doctor.decided.as_ref();
    let (ruling, at) =
        (decided.map(|decision| decision.ruling.code()), decided.map(|decision| decision.at.as_millisecond()));
    let (by, reason) = (decided.map(|decision| &decision.by), decided.and_then(|decision| decision.reason.as_ref()));
    let before = integrity::authenticated_row(tx, &DOCTOR, &[RowId::Text(&id)]).await?;
    let (hash, sealed) = (&doctor.inami_hash, &doctor.sealed);
    let updated = execute!(tx, UPDATE, &owner, &id, hash, sealed, ruling, at, by, reason, version)?.at_most_one()?;
    integrity::seal(tx, &DOCTOR, &[RowId::Text(&id)], before).await?;
    if updated {
        record(tx, organiser, doctor.id, changed_at).await?;
    }
    Ok(updated)
}

/// The organiser's doctor with this id. Fails when the row does not match its authentication code.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: DoctorId) -> Result<Option<DoctorRecord>, Error> {
    let organiser = organiser.to_string();
    let found = row!(tx, DoctorRow, FIND, &organiser, id.to_string())?;
    found.map(|row| row.checked(tx, &organiser)).transpose()
}

/// Every doctor of the organiser, the oldest first. Fails when a row does not match its authentication code.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<DoctorRecord>, Error> {
    let organiser = organiser.to_string();
    let found = rows!(tx, DoctorRow, LIST, &organiser)?;
    found.into_iter().map(|row| row.checked(tx, &organiser)).collect()
}

/// The organiser that the doctor belongs to.
pub async fn organiser(tx: &mut Tx, id: DoctorId) -> Result<Option<OrganiserId>, Error> {
    let found = row!(tx, (String,), ORGANISER, id.to_string())?;
    let from = RowSource { table: "doctor", id: &id.to_string() };
    found.map(|(organiser,)| from.text("organiser_id", &organiser)).transpose()
}

/// The organisers with doctors that await a decision of the agency.
pub async fn organisers_awaiting_validation(tx: &mut Tx) -> Result<Vec<OrganiserId>, Error> {
    let found = rows!(tx, (String,), AWAITED)?;
    let from = RowSource { table: "doctor", id: "" };
    found.iter().map(|(organiser,)| from.text("organiser_id", organiser)).collect()
}

/// The organiser's doctor with this number.
pub async fn id_with_number(tx: &mut Tx, organiser: OrganiserId, hash: &str) -> Result<Option<DoctorId>, Error> {
    let found = row!(tx, (String,), HOLDER, organiser.to_string(), hash)?;
    found.map(|(id,)| RowSource { table: "doctor", id: &id }.text("id", &id)).transpose()
}

/// Stores the agreement, replacing an earlier one.
pub async fn put_agreement(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: DoctorId,
    media: &str,
    sealed: &[u8],
    at: Timestamp,
) -> Result<(), Error> {
    let (organiser, id) = (organiser.to_string(), id.to_string());
    let before = integrity::authenticated_row(tx, &DOCTOR, &[RowId::Text(&id)]).await?;
    execute!(tx, PUT_AGREEMENT, &organiser, &id, media, sealed, at.as_millisecond())?.one()?;
    integrity::seal(tx, &DOCTOR, &[RowId::Text(&id)], before).await
}

/// The agreement: its media type and its sealed bytes.
pub async fn agreement(tx: &mut Tx, organiser: OrganiserId, id: DoctorId) -> Result<Option<(String, Vec<u8>)>, Error> {
    row!(tx, (String, Vec<u8>), AGREEMENT, organiser.to_string(), id.to_string())
}

/// Removes a doctor with the agreement and the history; `false` when there is none of this version.
pub async fn delete(tx: &mut Tx, of: OrganiserId, doctor: &DoctorRecord) -> Result<bool, Error> {
    let (organiser, id) = (of.to_string(), doctor.id.to_string());
    let version = i64::try_from(doctor.version).unwrap_or(i64::MAX);
    execute!(tx, DELETE_AGREEMENT, &organiser, &id, version)?.any();
    let deleted = row!(tx, (Option<Vec<u8>>,), DELETE, &organiser, &id, version)?;
    if let Some((mac,)) = &deleted {
        integrity::removed(tx, &DOCTOR, &organiser, &id, mac.as_deref());
        input_history::remove(tx, of, (InputSubject::Doctor, &id)).await?;
    }
    Ok(deleted.is_some())
}

#[derive(sqlx::FromRow)]
struct DoctorRow {
    id: String,
    inami_hash: String,
    sealed: Vec<u8>,
    decision: Option<String>,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    reason: Option<Vec<u8>>,
    agreed_at: Option<i64>,
    media: Option<String>,
    /// The first bytes of the sealed agreement, which identify it.
    agreement: Option<Vec<u8>>,
    created_at: i64,
    version: i64,
    mac: Option<Vec<u8>>,
}

impl DoctorRow {
    /// The doctor, when the row matches its authentication code.
    fn checked(self, tx: &Tx, organiser: &str) -> Result<DoctorRecord, Error> {
        let message = self.message(organiser);
        integrity::require_match(tx, &DOCTOR, &|| self.id.clone(), &message, self.mac.as_deref())?;
        self.try_into()
    }

    /// What the code covers.
    fn message(&self, organiser: &str) -> CodeMessage {
        let agreement = self
            .media
            .as_deref()
            .map(|media| CodeMessage::part().text(media).blob(self.agreement.as_deref()).int(self.agreed_at));
        CodeMessage::of(DOCTOR.code_name)
            .text(self.id.as_str())
            .text(organiser)
            .text(self.inami_hash.as_str())
            .blob(self.sealed.as_slice())
            .text(self.decision.as_deref())
            .int(self.decided_at)
            .text(self.decided_by.as_deref())
            .blob(self.reason.as_deref())
            .int(self.created_at)
            .int(self.version)
            .parts(agreement.into_iter().collect())
    }
}

impl TryFrom<DoctorRow> for DoctorRecord {
    type Error = Error;

    fn try_from(row: DoctorRow) -> Result<Self, Error> {
        let from = RowSource { table: "doctor", id: &row.id };
        let ruling: Option<Ruling> = from.optional("decision", row.decision.as_deref())?;
        let at = row.decided_at.map(|at| from.instant("decided_at", at)).transpose()?;
        let decided = ruling.zip(at).zip(row.decided_by);
        Ok(Self {
            id: from.text("id", &row.id)?,
            decided: decided.map(|((ruling, at), by)| DecisionRecord { ruling, at, by, reason: row.reason }),
            agreed_at: row.agreed_at.map(|at| from.instant("agreed_at", at)).transpose()?,
            created_at: from.instant("created_at", row.created_at)?,
            version: from.number("version", row.version)?,
            inami_hash: row.inami_hash,
            sealed: row.sealed,
        })
    }
}
