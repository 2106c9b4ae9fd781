//! Doctors who hold consultations in an organiser's crèches: read, written, decided on by the agency.

mod agency;
mod agreement;
mod read;
mod seeded;
mod write;

use jiff::Timestamp;

pub use self::agency::{
    DoctorFile, count_awaiting_validation, decide, list_awaiting_validation, publish_decision, view_agreement,
    view_doctor,
};
pub use self::agreement::{Agreement, AgreementError, MAX_FILE, agreement, inspect_agreement, put_agreement};
pub(super) use self::read::{current_doctors, display_names, known_doctors, open_current, standings};
pub use self::read::{find, list};
pub use self::seeded::seeded;
pub use self::write::{DoctorUpdate, WrittenDoctor, add, change};
use super::caller::Caller;
use super::error::InternalError;
use super::error::fault_conversions;
use super::record::Record;
use super::{App, PreconditionError};
use crate::domain::action::Action;
use crate::domain::doctor::{Decision, DoctorSheet, DoctorState, Ruling};
use crate::domain::finding::Findings;
use crate::domain::inami::Inami;
use crate::domain::key::Scope;
use crate::domain::kinds::medical;
use crate::ids::{CrecheId, DoctorId, OrganiserId};
use crate::seal::{Compressed, DataKey, IndexKey, SealContext};
use crate::store::doctors::DoctorRecord;

/// The scope for reading doctors: that of their consultations.
pub const READ: Scope = Scope::StatementsRead(medical::KIND);
/// The scope for writing doctors.
pub const WRITE: Scope = Scope::StatementsWrite(medical::KIND);

/// A doctor as returned to the organiser.
#[derive(Debug, Clone)]
pub struct Doctor {
    /// The id.
    pub id: DoctorId,
    /// The sheet.
    pub sheet: DoctorSheet,
    /// The doctor's status today.
    pub state: DoctorState,
    /// The agency's decision, with its date.
    pub decided: Option<(Decision, Timestamp)>,
    /// When the agreement was stored.
    pub agreed_at: Option<Timestamp>,
    /// When the doctor was entered.
    pub created_at: Timestamp,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

/// Why nothing was done to a doctor.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The organiser has no doctor with this id within the caller's reach.
    #[error("the organiser has no doctor {0}")]
    NoDoctor(DoctorId),
    /// There is no agreement yet.
    #[error("there is no agreement")]
    NoAgreement,
    /// What was sent breaks rules.
    #[error("what was sent breaks rules")]
    Invalid(Findings),
    /// The precondition is not met.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(DoctorError);

impl Doctor {
    fn open(app: &App, key: &DataKey, organiser: OrganiserId, row: DoctorRecord) -> Result<Self, InternalError> {
        let sheet = sheet_of(key, organiser, &row)?;
        let decided = row.decided.map(|decided| {
            let decision = match (decided.ruling, decided.reason) {
                (Ruling::Validated, _) => Decision::Validated,
                (Ruling::Refused, reason) => Decision::Refused(match reason {
                    Some(sealed) => String::from_utf8_lossy(&key.open(&reason_at(organiser, row.id), &sealed)?).into(),
                    None => String::new(),
                }),
            };
            Ok::<_, InternalError>((decision, decided.at))
        });
        let decided = decided.transpose()?;
        let decision = decided.as_ref().map(|(decision, _)| decision);
        Ok(Self {
            id: row.id,
            state: DoctorState::of_agreement(row.agreed_at.is_some(), decision)
                .on(app.clocks.business_clock(organiser).today(), &sheet),
            sheet,
            decided,
            agreed_at: row.agreed_at,
            created_at: row.created_at,
            version: row.version,
        })
    }

    /// The doctor's name.
    pub fn name(&self) -> String {
        format!("{} {}", self.sheet.given_name, self.sheet.family_name)
    }

    /// The reason of the agency's refusal, if it refused.
    pub fn refusal_reason(&self) -> Option<&str> {
        match &self.decided {
            Some((Decision::Refused(reason), _)) => Some(reason),
            _ => None,
        }
    }

    /// Whether the caller may see and change the doctor.
    pub fn is_reached(&self, caller: &Caller) -> bool {
        self.sheet.is_visible_within(caller.reach())
    }

    /// The doctor as returned to the caller: without the crèches out of reach.
    fn seen_by(self, caller: &Caller) -> Self {
        Self { sheet: self.sheet.within_reach(caller.reach()), ..self }
    }
}

/// The keyed hash for finding a doctor by number.
fn hash_of(index: &IndexKey, inami: Inami) -> String {
    index.hash("doctor", &[inami.to_string().as_bytes()])
}

fn seal(key: &DataKey, organiser: OrganiserId, id: DoctorId, sheet: &DoctorSheet) -> Result<Vec<u8>, InternalError> {
    Ok(key.seal(&sheet_at(organiser, id), Compressed::new(&serde_json::to_vec(sheet)?)))
}

/// The sheet of a doctor.
pub(super) fn sheet_of(
    key: &DataKey,
    organiser: OrganiserId,
    row: &DoctorRecord,
) -> Result<DoctorSheet, InternalError> {
    Ok(serde_json::from_slice(&key.open(&sheet_at(organiser, row.id), &row.sealed)?)?)
}

pub(super) fn sheet_at(organiser: OrganiserId, id: DoctorId) -> SealContext {
    SealContext::of("doctor", &[&organiser.to_string(), &id.to_string()])
}

fn reason_at(organiser: OrganiserId, id: DoctorId) -> SealContext {
    SealContext::of("doctor reason", &[&organiser.to_string(), &id.to_string()])
}

/// The record of an action on a doctor: callers who reach one of its crèches get the event.
fn record_of(action: impl Into<Action>, doctor: &DoctorRecord, creches: impl IntoIterator<Item = CrecheId>) -> Record {
    Record::of(action).about(doctor.id).revision(doctor.version).concerning(creches)
}
