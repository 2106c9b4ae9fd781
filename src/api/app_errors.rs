//! Conversions of the application's errors into problems.

use crate::app::communications::CommunicationError;
use crate::app::long_poll::FeedError;
use crate::app::{
    AccessError, InternalError, PreconditionError, claims, closures, doctors, operator, reports, staff, statements,
    subsidies, users, webhooks,
};
use crate::domain::claim::CorrectionReason;
use crate::domain::finding::{Findings, Param};
use crate::http::authenticate::NO_RIGHT;
use crate::http::extract::quoted;
use crate::http::problem::{Problem, ProblemType};
use crate::words::{self, LocalText};

/// `Retry-After`, in seconds, when the database is busy.
const LATER: u64 = 5;

/// `Retry-After`, in seconds, when the operator must free space first.
const ONCE_FREED: u64 = 60;

/// A user manager may not change administrators.
const ADMINISTRATORS_ONLY: LocalText = words::api::ADMINISTRATORS_ONLY;

/// The register is the organiser's, not a crèche's.
const WHOLE_REGISTER: LocalText = words::api::WHOLE_REGISTER;

/// Look-ups of numbers are limited, to prevent enumeration.
const TOO_MANY_TRIES: LocalText = words::api::TOO_MANY_TRIES;

/// A key for dry runs on an operation without one.
const ONLY_TRIES: LocalText = words::api::TRIAL_KEY;

/// Tests are limited: receivers may not have consented yet.
const TOO_MANY_TESTS: LocalText = words::api::TOO_MANY_TESTS;

/// `If-Match` on something that was never written.
const NOTHING_THERE: LocalText = words::api::NOTHING_THERE;

/// `If-None-Match: *` on something that exists.
const THERE_ALREADY: LocalText = words::api::THERE_ALREADY;

/// Too many requests, with `Retry-After`.
fn too_often(why: LocalText, seconds: u64) -> Problem {
    Problem::new(ProblemType::TooManyFailedRequests).detail(why).retry_after(seconds)
}

impl From<InternalError> for Problem {
    fn from(fault: InternalError) -> Self {
        match fault {
            InternalError::Store(error) if error.is_storage_full() => Self::insufficient_storage(ONCE_FREED, error),
            InternalError::Store(error) if error.is_unavailable() => Self::unavailable(LATER, error),
            fault => Self::internal(fault),
        }
    }
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::AfterEnd { last, after } => Self::new(ProblemType::AfterFeedEnd)
                .with("last", Param::Count(last))
                .with("after", Param::Count(after))
                .member("upTo", last),
            FeedError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CommunicationError> for Problem {
    fn from(refusal: CommunicationError) -> Self {
        match refusal {
            CommunicationError::Fault(fault) => fault.into(),
            CommunicationError::Unknown => Self::not_found("communicationId"),
            // Pages show these beside their form; the API reads only.
            other => Self::internal(other),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(refusal: AccessError) -> Self {
        match refusal {
            AccessError::Unknown => Self::not_found("crecheId"),
            AccessError::NotGranted => Self::new(ProblemType::MissingPermission),
            AccessError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PreconditionError> for Problem {
    fn from(blocked: PreconditionError) -> Self {
        match blocked {
            PreconditionError::Unguarded(version) => {
                let etag = quoted(&version.to_string());
                Self::new(ProblemType::PreconditionRequired)
                    .member("currentEtag", etag.clone())
                    .header(axum::http::header::ETAG, &etag)
            }
            PreconditionError::Stale(current) => {
                Self::precondition_failed(current.map(|version| quoted(&version.to_string())).as_deref())
            }
            PreconditionError::Missing => Self::precondition_failed(None).detail(NOTHING_THERE),
            PreconditionError::Exists(version) => {
                Self::precondition_failed(Some(&quoted(&version.to_string()))).detail(THERE_ALREADY)
            }
        }
    }
}

impl From<statements::DepositError> for Problem {
    fn from(refusal: statements::DepositError) -> Self {
        match refusal {
            statements::DepositError::Creche(refusal) => refusal.into(),
            statements::DepositError::Invalid { findings, .. } => Self::bad_request(findings),
            statements::DepositError::Blocked(blocked) => blocked.into(),
            statements::DepositError::Locked => {
                let reasons: Vec<_> = CorrectionReason::ALL.iter().map(|reason| reason.code()).collect();
                Self::new(ProblemType::StatementLocked).member("correctionReasons", reasons)
            }
            statements::DepositError::Fault(fault) => fault.into(),
        }
    }
}

impl From<reports::AttachmentError> for Problem {
    fn from(refusal: reports::AttachmentError) -> Self {
        match refusal {
            reports::AttachmentError::Creche(refusal) => refusal.into(),
            reports::AttachmentError::Refused(finding) => Self::bad_request(Findings::from_iter([finding])),
            reports::AttachmentError::Unknown => Self::not_found("attachmentId"),
            reports::AttachmentError::Locked => statements::DepositError::Locked.into(),
            reports::AttachmentError::OnlyTries => Self::new(ProblemType::MissingPermission).detail(ONLY_TRIES),
            reports::AttachmentError::Fault(fault) => fault.into(),
        }
    }
}

impl From<claims::ClaimError> for Problem {
    fn from(refusal: claims::ClaimError) -> Self {
        match refusal {
            claims::ClaimError::Creche(refusal) => refusal.into(),
            claims::ClaimError::NotSigned => Self::not_found("period"),
            claims::ClaimError::Blocked(blocked) => blocked.into(),
            claims::ClaimError::Invalid(findings) => Self::bad_request(findings),
            claims::ClaimError::NotPossible { state, .. } => {
                Self::new(ProblemType::ClaimActNotPossible).member("state", state.code())
            }
            claims::ClaimError::NeedsPerson => {
                Self::new(ProblemType::ClaimActNotPossible).detail(words::claims::NEEDS_PERSON)
            }
            claims::ClaimError::SameAgent => {
                Self::new(ProblemType::ClaimActNotPossible).detail(words::claims::SAME_AGENT)
            }
            claims::ClaimError::NotIndependent => {
                Self::new(ProblemType::MissingPermission).detail(words::claims::NOT_INDEPENDENT)
            }
            claims::ClaimError::Fault(fault) => fault.into(),
            // Refusals of what persons of the organiser do on pages.
            other => Self::internal(other),
        }
    }
}

impl From<subsidies::PaymentError> for Problem {
    fn from(refusal: subsidies::PaymentError) -> Self {
        match refusal {
            subsidies::PaymentError::Invalid(findings) => Self::bad_request(findings),
            subsidies::PaymentError::Unknown => Self::not_found("subsidyPaymentId"),
            subsidies::PaymentError::Cancelled => Self::new(ProblemType::SubsidyPaymentCancelled),
            subsidies::PaymentError::Fault(fault) => fault.into(),
            // Reasons of pages; documents are validated before.
            other @ (subsidies::PaymentError::ReasonMissing | subsidies::PaymentError::ReasonTooLong) => {
                Self::internal(other)
            }
        }
    }
}

impl From<doctors::DoctorError> for Problem {
    fn from(refusal: doctors::DoctorError) -> Self {
        match refusal {
            doctors::DoctorError::NoDoctor(_) => Self::not_found("doctorId"),
            doctors::DoctorError::NoAgreement => Self::not_found("agreement"),
            doctors::DoctorError::Invalid(findings) => Self::bad_request(findings),
            doctors::DoctorError::Blocked(blocked) => blocked.into(),
            doctors::DoctorError::Fault(fault) => fault.into(),
        }
    }
}

impl From<staff::StaffError> for Problem {
    fn from(refusal: staff::StaffError) -> Self {
        match refusal {
            staff::StaffError::NoMember(_) => Self::not_found("staffMemberId"),
            staff::StaffError::NotWhole => Self::new(ProblemType::MissingPermission).detail(WHOLE_REGISTER),
            staff::StaffError::Creche(refusal) => refusal.into(),
            staff::StaffError::Invalid { findings, .. } => Self::bad_request(findings),
            staff::StaffError::TooOften { seconds } => too_often(TOO_MANY_TRIES, seconds),
            staff::StaffError::Blocked(blocked) => blocked.into(),
            staff::StaffError::Fault(fault) => fault.into(),
        }
    }
}

impl From<closures::ClosureError> for Problem {
    fn from(refusal: closures::ClosureError) -> Self {
        match refusal {
            closures::ClosureError::Creche(refusal) => refusal.into(),
            closures::ClosureError::Invalid(findings) => Self::bad_request(findings),
            closures::ClosureError::Blocked(blocked) => blocked.into(),
            closures::ClosureError::Fault(fault) => fault.into(),
        }
    }
}

impl From<users::UserError> for Problem {
    fn from(refusal: users::UserError) -> Self {
        match refusal {
            users::UserError::NoUser(_) => Self::not_found("userId"),
            users::UserError::NotAllowed => Self::new(ProblemType::MissingPermission).detail(NO_RIGHT),
            users::UserError::Reserved => Self::new(ProblemType::MissingPermission).detail(ADMINISTRATORS_ONLY),
            users::UserError::Invalid(findings) => Self::bad_request(findings),
            users::UserError::Blocked(blocked) => blocked.into(),
            users::UserError::Fault(fault) => fault.into(),
        }
    }
}

impl From<webhooks::WebhookError> for Problem {
    fn from(refusal: webhooks::WebhookError) -> Self {
        match refusal {
            webhooks::WebhookError::NoEndpoint(_) => Self::not_found("webhookEndpointId"),
            webhooks::WebhookError::NoDelivery(_) => Self::not_found("deliveryId"),
            webhooks::WebhookError::OnlyTries => Self::new(ProblemType::MissingPermission).detail(ONLY_TRIES),
            webhooks::WebhookError::TooOften { seconds } => too_often(TOO_MANY_TESTS, seconds),
            webhooks::WebhookError::Invalid(findings) => Self::bad_request(findings),
            webhooks::WebhookError::Fault(fault) => fault.into(),
        }
    }
}

impl From<operator::OperatorError> for Problem {
    fn from(refusal: operator::OperatorError) -> Self {
        match refusal {
            operator::OperatorError::NoApplication(_) => Self::not_found("applicationId"),
            operator::OperatorError::NoKey(_) => Self::not_found("keyId"),
            operator::OperatorError::Invalid(findings) => Self::bad_request(findings),
            operator::OperatorError::Fault(fault) => fault.into(),
            // Actions of the operator, and a random id that was taken.
            other => Self::internal(other),
        }
    }
}
