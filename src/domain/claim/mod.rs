//! The claim: the report of a quarter with everything that it draws on, as a person signs it and the agency answers it
//! (docs/domain.md, Activity report).

mod answer;
mod content;
mod correction;
mod document;
mod raw;
mod receipt_code;
mod standing;

pub use self::answer::{AnswerDetails, AnswerDetailsError, FigureRemark, MAX_REMARK};
pub use self::content::{
    Acknowledgement, ClaimContent, ClaimInput, ClaimWarning, FigureChange, FigureLine, FigureName, MonthlyFigure,
    differences, has_other_revisions, monthly_figures,
};
pub use self::correction::CorrectionReason;
pub use self::document::{
    AcknowledgedWarning, ClaimDocument, SalaryCommitment, SignedAttachment, SignedCreche, SignedOrganiser,
};
pub use self::raw::{AgencyAct, MAX_REASON, RawClaimAct, RawRemark, SentAct};
pub use self::receipt_code::{ReceiptCode, ReceiptCodeError};
pub use self::standing::{ClaimAct, ClaimRole, ClaimStanding, ClaimState, SecondAgent, SignatureStanding};
