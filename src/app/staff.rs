//! The staff register of an organiser: read, deposited as a whole, written person by person, asked about, validated.

mod desk;
mod opened;
mod query;
mod questions;
mod read;
mod register;
mod validation;
mod write;

use jiff::Timestamp;

pub(super) use self::desk::seeded;
pub(super) use self::opened::names;
pub use self::query::{Answer, query};
pub use self::read::{Wanted, find, list};
pub use self::register::{Deposit, Deposited, Register, as_workbook, deposit, read, revision, template};
pub use self::validation::{Validations, validate, validations};
pub use self::write::{Kept, add, change, identify};
use super::caller::Caller;
use super::error::{Fault, NoCreche};
use super::record::{End, Recorder};
use super::{App, Blocked};
use crate::domain::finding::Findings;
use crate::domain::staff::Member;
use crate::domain::statement::Door;
use crate::ids::StaffMemberId;
pub use crate::ingest::Form;
use crate::store::Growth;
pub use crate::store::staff::Validation;
use crate::store::verdicts::{Outcome, Subject};
use crate::{store, vault};

/// What the operator settles.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whom to call when the agency knows a number under another name.
    pub help_desk: String,
    /// How many wrong family names an organiser may try in an hour.
    pub mismatches_per_hour: u64,
    /// How many questions for known numbers an organiser may ask in an hour.
    pub questions_per_hour: u64,
}

/// What became of something that was sent to the register.
pub trait Judged {
    /// How the verdict says it ended.
    fn outcome(&self) -> Outcome;
}

/// A person of the register.
#[derive(Debug, Clone)]
pub struct Person {
    /// The id.
    pub id: StaffMemberId,
    /// All that is told of the person.
    pub member: Member,
    /// When the person was entered.
    pub created_at: Timestamp,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

impl Person {
    /// The person as a caller sees one who does not reach every crèche.
    #[must_use]
    pub fn within_reach(self, caller: &Caller) -> Self {
        Self { member: self.member.within_reach(caller.reach()), ..self }
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The register has no such person within the caller's reach.
    #[error("there is no member of staff {0}")]
    NoMember(StaffMemberId),
    /// The whole register is for callers who reach every crèche.
    #[error("the caller does not reach every crèche")]
    NotWhole,
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] NoCreche),
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
    Blocked(#[from] Blocked),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<vault::Error> for Refusal {
    fn from(error: vault::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// How something ended that was not refused.
const fn outcome(is_tried: bool, written: bool) -> Outcome {
    match (is_tried, written) {
        (true, _) => Outcome::DryRun,
        (false, true) => Outcome::Accepted,
        (false, false) => Outcome::Unchanged,
    }
}

/// How something ended that was refused.
const fn refusal_outcome(is_tried: bool) -> Outcome {
    if is_tried { Outcome::DryRun } else { Outcome::Refused }
}

/// A refusal for what was sent leaves its verdict; the transaction that found it wrote nothing else.
async fn recorded<T>(
    app: &App,
    caller: &Caller,
    door: Door,
    is_tried: bool,
    result: Result<T, Refusal>,
) -> Result<T, Refusal> {
    if let Err(Refusal::Invalid { findings, .. }) = &result {
        let outcome = refusal_outcome(is_tried);
        let mut tx = app.db.write_for(caller.organiser, Growth::Content).await?;
        let end = End { outcome, findings, revision: None };
        Recorder::new(app, caller).verdict(&mut tx, Subject::StaffRegister, door, end).await?;
        tx.commit().await?;
    }
    result
}

/// What was sent is refused for these findings.
fn invalid(findings: Findings) -> Refusal {
    Refusal::Invalid { findings: findings.folded(), annotated: None }
}
