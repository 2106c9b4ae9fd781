//! The staff register of an organiser: read, deposited as a whole, written person by person, looked up, validated.

mod number_lookup;
mod number_questions;
mod person_changes;
mod read;
mod register;
mod register_view;
mod report_persons;
mod sent_register;
mod write;
mod yearly_validation;

use jiff::Timestamp;

pub use self::number_lookup::{NumberLookup, look_up_number};
pub use self::person_changes::seeded;
pub use self::read::{StaffFilter, find, find_possible_duplicate, list};
pub use self::register::{
    RegisterRevision, RevisionPage, StaffRegister, as_workbook, read, read_revision, revision, revisions, template,
};
use self::register_view::RegisterView;
pub use self::register_view::names;
pub(super) use self::register_view::{assignments_of, display_names, persons_at_revision};
pub(in crate::app) use self::report_persons::{NamedPerson, report_persons};
pub use self::sent_register::{AcceptedRegister, RegisterDeposit, deposit};
pub use self::write::{WrittenPerson, add, change, replace_identity};
pub use self::yearly_validation::{YearlyValidations, record_yearly_validation, yearly_validations};
use super::caller::Caller;
use super::deposit::{ATTEMPTS, DepositError};
use super::error::fault_conversions;
use super::error::{AccessError, InternalError};
use super::record::VerdictContent;
use super::unit_of_work::UnitOfWork;
use super::{App, PreconditionError};
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::finding::Findings;
use crate::domain::staff::Member;
pub use crate::domain::staff::staffing::MemberAssignment;
use crate::domain::statement::Channel;
use crate::ids::StaffMemberId;
pub use crate::ingest::DocumentForm;
use crate::store::WritePurpose;
use crate::store::staff::RevisionAuthor;
pub use crate::store::staff::ValidationRecord;

/// The operator's settings.
#[derive(Debug, Clone)]
pub struct StaffSettings {
    /// The contact when the agency has a number under another name.
    pub help_desk: String,
    /// How many wrong family names an organiser may send in an hour.
    pub mismatches_per_hour: u64,
    /// How many numbers an organiser may look up in an hour.
    pub questions_per_hour: u64,
}

/// The result of a write to the register.
pub trait StaffVerdict {
    /// The outcome for the verdict.
    fn outcome(&self) -> DepositOutcome;
}

/// A person of the register.
#[derive(Debug, Clone)]
pub struct StaffPerson {
    /// The id.
    pub id: StaffMemberId,
    /// The person's properties.
    pub member: Member,
    /// When the person was entered.
    pub created_at: Timestamp,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

impl StaffPerson {
    /// The person as returned to a caller who does not reach every crèche.
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
    /// The document breaks rules.
    #[error("what was sent breaks rules")]
    Invalid {
        /// All findings, warnings too.
        findings: Findings,
        /// The sender's workbook with its errors marked, if requested.
        annotated: Option<Vec<u8>>,
    },
    /// Too many look-ups of numbers.
    #[error("too many tries, the next one in {seconds} s")]
    TooOften {
        /// When to try again, in seconds.
        seconds: u64,
    },
    /// The precondition is not met.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(StaffError);

impl From<DepositError> for StaffError {
    fn from(error: DepositError) -> Self {
        match error {
            DepositError::Creche(error) => Self::Creche(error),
            DepositError::Invalid { findings, annotated } => Self::Invalid { findings, annotated },
            DepositError::Blocked(error) => Self::Blocked(error),
            // No claim freezes the register.
            DepositError::Locked => Self::Fault(crate::store::Error::Changed.into()),
            DepositError::Fault(error) => Self::Fault(error),
        }
    }
}

/// The outcome of a write that was not refused.
const fn outcome(is_tried: bool, written: bool) -> DepositOutcome {
    match (is_tried, written) {
        (true, _) => DepositOutcome::DryRun,
        (false, true) => DepositOutcome::Accepted,
        (false, false) => DepositOutcome::Unchanged,
    }
}

/// The verdict on a write that was not refused. A dry run has no revision.
struct Verdict {
    channel: Channel,
    outcome: DepositOutcome,
    /// The register's revision, after a write or unchanged.
    revision: u64,
}

impl Verdict {
    fn record(
        &self,
        register: &RegisterView<'_>,
        work: &mut UnitOfWork<'_>,
        findings: &Findings,
    ) -> Result<(), InternalError> {
        let Self { channel, outcome, revision } = *self;
        let revision = u32::try_from(revision).ok().filter(|_| outcome != DepositOutcome::DryRun);
        let content = VerdictContent { outcome, findings, revision };
        Ok(work.record_verdict(register.app, register.caller, (DepositSubject::StaffRegister, channel), content)?)
    }
}

/// The author of a revision of the register that the caller makes.
fn revision_author(caller: &Caller, channel: Channel) -> RevisionAuthor {
    let application = caller.verified_key().map(|key| key.application);
    RevisionAuthor { channel: Some(channel), application, user: caller.person() }
}

/// A refused document leaves its verdict; nothing else is written.
async fn recorded<T>(
    app: &App,
    caller: &Caller,
    channel: Channel,
    is_tried: bool,
    result: Result<T, StaffError>,
) -> Result<T, StaffError> {
    if let Err(StaffError::Invalid { findings, .. }) = &result {
        let mut work = app.begin(caller, WritePurpose::Content).await?;
        let content = VerdictContent::refused(findings, is_tried);
        work.record_verdict(app, caller, (DepositSubject::StaffRegister, channel), content)?;
        work.commit().await?;
    }
    result
}

/// The refusal with these findings.
fn invalid(findings: Findings) -> StaffError {
    StaffError::Invalid { findings: findings.folded(), annotated: None }
}
