//! Why a month that is signed is changed, and what keeps it from being changed without a reason.

use crate::domain::codes::codes;

codes! {
    /// The reason of a correction.
    pub enum CorrectionReason with codes_claim {
        /// What was deposited was wrong.
        EncodingError "encodingError";
        /// What became known after the signature.
        LateInformation "lateInformation";
        /// The agency asks for it.
        AgencyRequest "agencyRequest";
        /// Any other.
        Other "other";
    }
}

/// What freezes a statement: it is changed with a reason only, and the difference is to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freeze {
    /// The signed claim of its quarter.
    pub by_quarter: bool,
    /// The signed claim of its month alone.
    pub by_month: bool,
}

impl Freeze {
    /// Whether anything does.
    pub const fn is_frozen(self) -> bool {
        self.by_quarter || self.by_month
    }
}
