//! Why a month that is signed is changed.

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
