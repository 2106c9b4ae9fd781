//! The refusals of scenarios, written by what writes the real ones.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, Uri, header};
use axum::response::Response;
use jiff::Timestamp;

use super::catalogue::CredentialScenario;
use crate::api::idempotency_key::idempotency_key_in_use;
use crate::api::signature_bodies::needs_person;
use crate::app::agency_keys::AgencyKeyRefusal;
use crate::app::agents::AgencyCaller;
use crate::app::claims::ClaimError;
use crate::app::keys::KeyRefusal;
use crate::app::long_poll::FeedError;
use crate::app::statements::DepositError;
use crate::app::subsidies::PaymentError;
use crate::app::{AccessError, App, InternalError, PreconditionError};
use crate::domain::agency_key::{AgencyKeyKind, AgencyScope};
use crate::domain::application::ApplicationState;
use crate::domain::claim::{ClaimAct, ClaimState};
use crate::domain::key::{KeyKind, Scope};
use crate::domain::period::{Month, Period};
use crate::http::extract::{BodyLimits, Media, refuse_unknown};
use crate::http::limits::{Limits, UsedUpAllowance};
use crate::http::operation_table::{AGENCY_FEED, Access, Operation};
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::urls::Urls;
use crate::ids::CrecheId;
use crate::store;

/// `Retry-After`, in seconds, of refusals that pass.
const RETRY_SECONDS: u64 = 1;
/// The query of a request that has a parameter too many.
const UNKNOWN_QUERY: &str = "/?scenario=badRequest";

/// The refusal of a request with a problem of this type.
pub(super) fn refuse(app: &App, request: &Request, operation: &Operation, kind: ProblemType) -> Result<Response> {
    let fault = match kind {
        ProblemType::TooManyRequests if operation.access == Access::Open => {
            return Ok(limits(request)?.refuse_beyond(UsedUpAllowance::Open, RETRY_SECONDS));
        }
        ProblemType::TooManyRequests => {
            return Ok(limits(request)?.refuse_beyond(UsedUpAllowance::Caller, RETRY_SECONDS));
        }
        ProblemType::TooManyFailedRequests => {
            return Ok(limits(request)?.refuse_beyond(UsedUpAllowance::Failures, RETRY_SECONDS));
        }
        ProblemType::NoAccessToken => CredentialFault::Missing,
        ProblemType::InvalidAccessToken => CredentialFault::Unknown,
        ProblemType::ExpiredAccessToken => CredentialFault::Application(ApplicationState::Ended),
        ProblemType::WrongKeyKind => CredentialFault::WrongKind,
        kind => return Err(problem(kind, app, request, operation)),
    };
    refuse_key(app, request, fault)
}

/// The refusal of a request whose credential has lost its effect.
pub(super) fn refuse_credential(app: &App, request: &Request, scenario: CredentialScenario) -> Result<Response> {
    let fault = match scenario {
        CredentialScenario::KeyRevoked => CredentialFault::Revoked,
        CredentialScenario::KeyExpired => CredentialFault::Expired,
        CredentialScenario::ApplicationSuspended => CredentialFault::Application(ApplicationState::Suspended),
        CredentialScenario::ApplicationRevoked => CredentialFault::Application(ApplicationState::Revoked),
    };
    refuse_key(app, request, fault)
}

fn limits(request: &Request) -> Result<&Limits> {
    let limits = request.extensions().get::<Arc<Limits>>();
    limits.map(AsRef::as_ref).ok_or_else(|| Problem::internal("a router without limits"))
}

/// What is wrong with the credential of a request.
#[derive(Clone, Copy)]
enum CredentialFault {
    Missing,
    Unknown,
    Revoked,
    Expired,
    WrongKind,
    /// The application of the key is in this state. The agency's software is none: its key has expired or is revoked.
    Application(ApplicationState),
}

/// Refuses the credential of a request, from this moment on.
fn refuse_key(app: &App, request: &Request, fault: CredentialFault) -> Result<Response> {
    let now = app.clocks.machine().now();
    let of_agency = request.extensions().get::<AgencyCaller>().is_some();
    let problem = match (fault, of_agency) {
        (CredentialFault::Missing, _) => Problem::no_credential(),
        (fault, true) => agency_key_refusal(fault, now).into(),
        (fault, false) => key_refusal(fault, now).into(),
    };
    Ok(limits(request)?.refuse_credential(request, problem))
}

fn key_refusal(fault: CredentialFault, now: Timestamp) -> KeyRefusal {
    match fault {
        CredentialFault::Missing | CredentialFault::Unknown => KeyRefusal::Unknown,
        CredentialFault::Revoked => KeyRefusal::Revoked(now),
        CredentialFault::Expired => KeyRefusal::Expired(now),
        CredentialFault::WrongKind => KeyRefusal::WrongKind(KeyKind::Live),
        CredentialFault::Application(state) => KeyRefusal::Application(state, now),
    }
}

fn agency_key_refusal(fault: CredentialFault, now: Timestamp) -> AgencyKeyRefusal {
    match fault {
        CredentialFault::Missing | CredentialFault::Unknown => AgencyKeyRefusal::Unknown,
        CredentialFault::Expired | CredentialFault::Application(ApplicationState::Ended) => {
            AgencyKeyRefusal::Expired(now)
        }
        CredentialFault::Revoked | CredentialFault::Application(_) => AgencyKeyRefusal::Revoked(now),
        CredentialFault::WrongKind => AgencyKeyRefusal::WrongKind(AgencyKeyKind::Production),
    }
}

/// The problem of a type, for this operation where it depends on it.
fn problem(kind: ProblemType, app: &App, request: &Request, operation: &Operation) -> Problem {
    match kind {
        ProblemType::BadRequest => bad_request(operation),
        ProblemType::MissingScope => missing_scope(operation.access),
        ProblemType::MissingPermission => AccessError::NotGranted.into(),
        ProblemType::SignatureNeedsPerson => signature_needs_person(app, request),
        ProblemType::ResourceNotFound => not_found(operation.path),
        ProblemType::MethodNotAllowed => method_not_allowed(&operation.method),
        ProblemType::NotAcceptable => Problem::not_acceptable(some_media(operation.produces)),
        ProblemType::RequestTimeout => Problem::slow_body(),
        ProblemType::StatementLocked => DepositError::Locked.into(),
        ProblemType::ClaimActNotPossible => {
            ClaimError::NotPossible { state: ClaimState::Accepted, act: ClaimAct::TakeUp }.into()
        }
        ProblemType::SubsidyPaymentCancelled => PaymentError::Cancelled.into(),
        ProblemType::AfterFeedEnd => FeedError::AfterEnd { last: 0, after: 1 }.into(),
        ProblemType::IdempotencyKeyInUse => idempotency_key_in_use(),
        ProblemType::PreconditionFailed => PreconditionError::Stale(Some(next_version(request))).into(),
        ProblemType::PreconditionRequired => PreconditionError::Unguarded(next_version(request)).into(),
        ProblemType::PayloadTooLarge => {
            Problem::payload_too_large(request.extensions().get::<BodyLimits>().map_or(0, |limits| limits.accepted))
        }
        ProblemType::UnsupportedMediaType => Problem::unsupported_media(some_media(operation.consumes)),
        ProblemType::InternalServerError => Problem::internal("asked for by a scenario"),
        ProblemType::ServiceUnavailable => Problem::unavailable(RETRY_SECONDS, "asked for by a scenario"),
        ProblemType::InsufficientStorage => InternalError::Store(store::Error::NoRoom).into(),
        ProblemType::NoAccessToken
        | ProblemType::InvalidAccessToken
        | ProblemType::ExpiredAccessToken
        | ProblemType::WrongKeyKind
        | ProblemType::TooManyRequests
        | ProblemType::TooManyFailedRequests
        | ProblemType::IdempotencyKeyReused => Problem::new(kind),
    }
}

/// The refusal of a query parameter that no operation has.
fn bad_request(operation: &Operation) -> Problem {
    let without_query = Operation { query: &[], ..operation.clone() };
    let refused = refuse_unknown(&Uri::from_static(UNKNOWN_QUERY), &without_query);
    refused.err().unwrap_or_else(|| Problem::new(ProblemType::BadRequest))
}

/// The scopes that the operation requires; for one that requires none, that of another one.
fn missing_scope(access: Access) -> Problem {
    match access {
        Access::Scope(scope) => Problem::missing_scope(&[scope.code()]),
        Access::Agency(scope) => Problem::missing_scope(&[scope.code()]),
        Access::AgencyFeed => Problem::missing_scope(&AGENCY_FEED.map(AgencyScope::code)),
        _ => Problem::missing_scope(&[Scope::SummariesRead.code()]),
    }
}

/// The page where a person signs the period of the path; for a path without one, that of an invented crèche.
fn signature_needs_person(app: &App, request: &Request) -> Problem {
    let mut parts = request.uri().path().split('/');
    let creche = parts.find_map(|part| part.parse::<CrecheId>().ok());
    let period = parts.find_map(|part| part.parse::<Period>().ok());
    let creche = creche.unwrap_or_else(|| CrecheId::new(app.clocks.machine()));
    let period = period.unwrap_or_else(|| Month::of(app.clocks.machine().today()).into());
    needs_person(&Urls::of(request.extensions()), creche, period)
}

/// The last parameter of the path names nothing; a path without one is not there at all.
fn not_found(path: &'static str) -> Problem {
    let last = path.rsplit_once('{').and_then(|(_, rest)| rest.split_once('}'));
    last.map_or_else(|| Problem::new(ProblemType::ResourceNotFound), |(name, _)| Problem::not_found(name))
}

/// The path takes another method than that of the request.
fn method_not_allowed(method: &Method) -> Problem {
    let allowed = if *method == Method::GET { "PUT" } else { "GET,HEAD" };
    Problem::new(ProblemType::MethodNotAllowed).header(header::ALLOW, allowed)
}

/// The media types of an operation; JSON where it has none.
const fn some_media(media: &'static [Media]) -> &'static [Media] {
    if media.is_empty() { &[Media::Json] } else { media }
}

/// The version after the one that the request names: what another sender has written meanwhile.
fn next_version(request: &Request) -> u64 {
    let named = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    named.and_then(|tag| tag.trim_matches('"').parse::<u64>().ok()).unwrap_or_default().saturating_add(1)
}
