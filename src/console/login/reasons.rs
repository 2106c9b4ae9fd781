//! The words for a refused log-in, with what to do.

use axum::http::StatusCode;

use crate::words::{self, LocalText};

/// Why a log-in is refused, in words.
pub(super) struct Reason {
    pub(super) status: StatusCode,
    pub(super) title: LocalText,
    pub(super) words: LocalText,
}

/// No provider is configured.
pub(super) const CLOSED: Reason = Reason {
    status: StatusCode::SERVICE_UNAVAILABLE,
    title: words::login::LOGGING_IN_IS_NOT_OPEN_YET,
    words: words::login::NO_IDENTITY_PROVIDER_IS_CONFIGURED_THE,
};

/// Not eID, not itsme.
pub(super) const WEAK: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::A_STRONGER_LOG_IN_IS_NEEDED,
    words: words::login::THESE_DATA_NEED_A_LOG_IN,
};

/// The provider returned no number.
pub(super) const NO_SSIN: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::YOUR_NATIONAL_NUMBER_IS_MISSING,
    words: words::login::CSAM_GAVE_US_NO_VALID_NATIONAL,
};

/// The person or the provider refused.
pub(super) const DENIED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::THE_LOG_IN_WAS_BROKEN_OFF,
    words: words::login::YOU_REFUSED_THE_LOG_IN_OR,
};

/// The provider does not answer.
pub(super) const UNREACHABLE: Reason = Reason {
    status: StatusCode::BAD_GATEWAY,
    title: words::login::CSAM_DOES_NOT_ANSWER,
    words: words::login::THE_LOG_IN_SERVICE_DOES_NOT,
};

/// The provider's response could not be verified.
pub(super) const UNTRUSTED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::THE_LOG_IN_COULD_NOT_BE,
    words: words::login::THE_ANSWER_IS_NOT_THE_ONE,
};

/// Too late, or a second time.
pub(super) const EXPIRED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::THIS_LOG_IN_IS_NO_LONGER,
    words: words::login::BEGIN_AGAIN_FROM_THIS_PAGE_A,
};

/// The organiser has deactivated the user.
pub(super) const DEACTIVATED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::YOUR_ACCESS_IS_DEACTIVATED,
    words: words::login::YOUR_ORGANISER_HAS_DEACTIVATED_YOUR_ACCESS,
};

/// No organiser has declared the person.
pub(super) const UNKNOWN: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: words::login::WE_DO_NOT_KNOW_YOU_YET,
    words: words::login::NO_ORGANISER_HAS_DECLARED_YOU_ASK,
};
