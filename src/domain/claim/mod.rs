//! The claim: the report of a quarter with everything that it draws on, or the consultations of one month, as a person signs it
//! and the agency answers it (docs/domain.md, Activity report).

mod answer;
mod content;
mod correction;
mod document;
mod month;
mod raw;
mod receipt_code;
mod standing;

pub use self::answer::{AnswerDetails, AnswerDetailsError, FigureRemark, MAX_REMARK};
pub use self::content::{
    Acknowledgement, ClaimContent, ClaimInput, ClaimWarning, FigureChange, FigureLine, FigureName, MonthlyFigure,
    differences, has_other_revisions, month_lines, monthly_figures,
};
pub use self::correction::{CorrectionReason, Freeze};
pub use self::document::{
    AcknowledgedWarning, ClaimDocument, SalaryCommitment, SignedAttachment, SignedCreche, SignedOrganiser,
};
pub use self::month::{SignedDoctor, claimed_kind, month_hindrances};
pub use self::raw::{AgencyAct, MAX_REASON, RawClaimAct, RawRemark, SentAct};
pub use self::receipt_code::{ReceiptCode, ReceiptCodeError};
pub use self::standing::{ClaimAct, ClaimRole, ClaimStanding, ClaimState, SecondAgent, SignatureStanding};
