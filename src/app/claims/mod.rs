//! Claims: a report with everything that it draws on, or the consultations of one month, is signed by a person, and answered by
//! an agent of the agency.
//!
//! Software deposits and reads; it never signs. Each act is one write, in which nothing is decided that was not read again.

mod agency;
mod answer;
mod assemble;
mod assembled;
mod claim_page;
mod claim_pdf;
mod details;
mod message;
mod months;
mod quarters;
mod receipt;
mod receipt_keys;
mod record_act;
mod sealed;
mod sent_act;
mod sign;
mod signed_costs;
mod signed_lines;
mod signed_staff;
mod signed_warning;
mod view;
mod withdraw;
mod work_list;

pub use self::agency::{AgencyClaim, KnownSignature, open, open_attachment};
pub use self::answer::{KnownClaim, NewAnswer, answer};
pub use self::assemble::assemble;
pub use self::assembled::AssembledClaim;
pub use self::claim_page::{
    ClaimKey, ClaimPage, ClaimPageQuery, KeyPage, MOST_CLAIMS, ReadClaim, WantedAssignment, claim_page,
};
pub use self::claim_pdf::{receipt_pdf, unsigned_pdf};
pub use self::details::{ClaimDetails, SalaryChange};
pub use self::message::write_message;
pub use self::receipt::{Receipt, ReceiptFault, TrustedKey, verify};
pub use self::receipt_keys::{GenuineReceipt, check_code, rotate, signing_key, trusted_keys};
pub(in crate::app) use self::sealed::is_unsealed;
pub use self::sent_act::answer_as_sent;
pub use self::sign::{SignRequest, Signer, sign};
pub use self::signed_costs::signed_costs;
pub use self::signed_lines::{SignedLines, signed_lines};
pub use self::signed_staff::{SignedPerson, signed_staff};
pub use self::signed_warning::warning_sentence;
pub use self::view::{ActView, ClaimView, freeze_of, read_return_reason, receipt_of, standing_of, standings, view};
pub use self::withdraw::withdraw;
pub use self::work_list::{AssignedTo, ListedClaim, WorkList, WorkListQuery, work_list};
use super::error::{AccessError, InternalError, fault_conversions};
use super::precondition::PreconditionError;
pub use crate::domain::claim::MAX_REASON;
use crate::domain::claim::{ClaimAct, ClaimState};
use crate::domain::finding::Findings;
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};

/// Why nothing was done to a claim.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] AccessError),
    /// There is no claim: nothing was signed for the period.
    #[error("nothing was signed for the period")]
    NotSigned,
    /// The act does not follow the state.
    #[error("a claim in this state cannot have this act")]
    NotPossible {
        /// The state.
        state: ClaimState,
        /// The act.
        act: ClaimAct,
    },
    /// The report lacks something, or something keeps the month from being signed.
    #[error("what is to be signed is not complete")]
    Incomplete,
    /// Nothing has changed since the last signature.
    #[error("everything is signed")]
    NothingToSign,
    /// What was read has changed since it was shown.
    #[error("the claim has changed since it was shown")]
    Outdated,
    /// A warning was not acknowledged.
    #[error("a warning was not acknowledged")]
    Unacknowledged,
    /// The authentication of the signer is too old.
    #[error("the signer has to log in again")]
    LogInAgain,
    /// The act needs a reason.
    #[error("a reason is needed")]
    ReasonMissing,
    /// The reason is longer than [`MAX_REASON`].
    #[error("the reason is too long")]
    ReasonTooLong,
    /// The message is blank.
    #[error("the message is blank")]
    MessageMissing,
    /// The message is longer than [`MAX_REASON`].
    #[error("the message is too long")]
    MessageTooLong,
    /// The agent is a user of the organiser.
    #[error("the agent is a user of the organiser")]
    NotIndependent,
    /// The agent proposed the answer, and another one has to confirm or reject it.
    #[error("another agent has to confirm the answer")]
    SameAgent,
    /// Software of the agency confirms and rejects nothing: it is no second agent.
    #[error("an agent who is logged in has to confirm or reject the answer")]
    NeedsPerson,
    /// The claim is another one than the caller knows.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The remark with this index is at a figure that was not signed, or that has another remark.
    #[error("a remark is at no signed figure")]
    NoFigure(usize),
    /// The month with this index is none of the period, or is named twice.
    #[error("a month is none of the period")]
    NoMonth(usize),
    /// An act of this kind has no remarks at figures, or no months.
    #[error("this act has no remarks")]
    RemarksNotTaken,
    /// A remark is longer than [`crate::domain::claim::MAX_REMARK`].
    #[error("a remark is too long")]
    RemarkTooLong,
    /// The document of the act breaks rules.
    #[error("the act has findings")]
    Invalid(Findings),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(ClaimError);

/// The claim of an organiser's crèche.
const fn claim_key(organiser: OrganiserId, (creche, period): (CrecheId, Period)) -> ClaimKey {
    ClaimKey { organiser, creche, period }
}
