//! The staff register of an organiser: read, deposited as a whole, written person by person, asked about, validated.

mod number_questions;
mod opened_register;
mod query;
mod read;
mod register;
mod transaction;
mod validation;
mod write;

use jiff::Timestamp;

pub(super) use self::opened_register::{assignments_of, names};
pub use self::query::{NumberAnswer, query};
pub use self::read::{StaffFilter, find, list, namesake};
pub use self::register::{
    AcceptedRegister, RegisterDeposit, StaffRegister, as_workbook, deposit, read, revision, template,
};
pub use self::transaction::seeded;
pub use self::validation::{StaffValidations, validate, validations};
pub use self::write::{WrittenPerson, add, change, identify};
use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::record::{Recorder, VerdictContent};
use super::{App, PreconditionError};
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::finding::Findings;
use crate::domain::staff::Member;
use crate::domain::statement::Channel;
use crate::ids::StaffMemberId;
pub use crate::ingest::DocumentForm;
use crate::store;
use crate::store::WritePurpose;
pub use crate::store::staff::ValidationRecord;
use crate::vault::VaultError;

/// What the operator settles.
#[derive(Debug, Clone)]
pub struct StaffSettings {
    /// Whom to call when the agency knows a number under another name.
    pub help_desk: String,
    /// How many wrong family names an organiser may try in an hour.
    pub mismatches_per_hour: u64,
    /// How many questions for known numbers an organiser may ask in an hour.
    pub questions_per_hour: u64,
}

/// What became of something that was sent to the register.
pub trait StaffVerdict {
    /// How the verdict says it ended.
    fn outcome(&self) -> DepositOutcome;
}

/// A person of the register.
#[derive(Debug, Clone)]
pub struct StaffPerson {
    /// The id.
    pub id: StaffMemberId,
    /// All that is told of the person.
    pub member: Member,
    /// When the person was entered.
    pub created_at: Timestamp,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

impl StaffPerson {
    /// The person as a caller sees one who does not reach every crèche.
    #[must_use]
    pub fn within_reach(self, caller: &Caller) -> Self {
        Self { member: self.member.within_reach(caller.reach()), ..self }
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The register has no such person within the caller's reach.
    #[error("there is no member of staff {0}")]
    NoMember(StaffMemberId),
    /// The whole register is for callers who reach every crèche.
    #[error("the caller does not reach every crèche")]
    NotWhole,
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] AccessError),
    /// What was sent breaks rules.
    #[error("what was sent breaks rules")]
    Invalid {
        /// All findings, warnings too.
        findings: Findings,
        /// The sender's workbook with its faults marked, if that was asked for.
        annotated: Option<Vec<u8>>,
    },
    /// Too many tries at numbers.
    #[error("too many tries, the next one in {seconds} s")]
    TooOften {
        /// When to try again.
        seconds: u64,
    },
    /// The sender does not know what is there now.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

impl From<store::Error> for StaffError {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<VaultError> for StaffError {
    fn from(error: VaultError) -> Self {
        Self::Fault(error.into())
    }
}

/// How something ended that was not refused.
const fn outcome(is_tried: bool, written: bool) -> DepositOutcome {
    match (is_tried, written) {
        (true, _) => DepositOutcome::DryRun,
        (false, true) => DepositOutcome::Accepted,
        (false, false) => DepositOutcome::Unchanged,
    }
}

/// How something ended that was refused.
const fn refusal_outcome(is_tried: bool) -> DepositOutcome {
    if is_tried { DepositOutcome::DryRun } else { DepositOutcome::Refused }
}

/// A refusal for what was sent leaves its verdict; the transaction that found it wrote nothing else.
async fn recorded<T>(
    app: &App,
    caller: &Caller,
    channel: Channel,
    is_tried: bool,
    result: Result<T, StaffError>,
) -> Result<T, StaffError> {
    if let Err(StaffError::Invalid { findings, .. }) = &result {
        let outcome = refusal_outcome(is_tried);
        let mut tx = app.db.write_for(caller.organiser, WritePurpose::Content).await?;
        let end = VerdictContent { outcome, findings, revision: None };
        Recorder::new(app, caller).verdict(&mut tx, DepositSubject::StaffRegister, channel, end).await?;
        tx.commit().await?;
    }
    result
}

/// What was sent is refused for these findings.
fn invalid(findings: Findings) -> StaffError {
    StaffError::Invalid { findings: findings.folded(), annotated: None }
}
