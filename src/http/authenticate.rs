//! Authentication: from the `Authorization` header, or the session's cookie, to the caller. A key in the address is not
//! accepted: addresses are logged.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use jiff::Timestamp;

use super::address::ClientAddress;
use super::operation::{AGENCY_FEED, Access};
use super::problem::{Problem, ProblemType, Result};
use super::urls::Urls;
use super::{Gateway, session};
use crate::app::agency_keys::{self, AgencyKeyRefusal, VerifiedAgencyKey};
use crate::app::agents::AgencyCaller;
use crate::app::applications;
use crate::app::caller::Caller;
use crate::app::keys::KeyRefusal;
use crate::app::sessions::{self, ActingUser, LoggedIn};
use crate::app::{App, InternalError};
use crate::clock;
use crate::domain::agency_key::AgencyScope;
use crate::domain::application::ApplicationState;
use crate::domain::finding::Param;
use crate::words::{self, LocalText};

/// The key is not in the gateway's format.
const MALFORMED: LocalText = words::http::MALFORMED;
/// The key was revoked.
const REVOKED: LocalText = words::http::REVOKED;
/// The application was suspended.
const SUSPENDED: LocalText = words::http::SUSPENDED;
/// The application was revoked.
const APPLICATION_REVOKED: LocalText = words::http::APPLICATION_REVOKED;
/// The application's last day is past.
const ENDED: LocalText = words::http::ENDED;

/// The operation is for users only.
const PEOPLE_ONLY: LocalText = words::http::PEOPLE_ONLY;
/// The operation is for keys only.
const KEYS_ONLY: LocalText = words::http::KEYS_ONLY;
/// The user has no right to this.
pub(crate) const NO_RIGHT: LocalText = words::http::NO_RIGHT;
/// The user is no agent.
const AGENTS_ONLY: LocalText = words::http::AGENTS_ONLY;
/// A write without the session's token: it may come from another site.
const FORGED: LocalText = words::http::FORGED;

/// The operation is for the agency's software and agents, or for the organiser's.
const AGENCY_ONLY: LocalText = words::http::AGENCY_ONLY;
const ORGANISERS_ONLY: LocalText = words::http::ORGANISERS_ONLY;
/// The key of the agency does not work from the caller's address.
const WRONG_ADDRESS: LocalText = words::http::WRONG_ADDRESS;
/// Whom to ask for another key of the agency.
const AGENCY_KEY_UNKNOWN: LocalText = words::http::AGENCY_KEY_UNKNOWN;
const AGENCY_KEY_ELSEWHERE: LocalText = words::http::AGENCY_KEY_ELSEWHERE;
const AGENCY_KEY_EXPIRED: LocalText = words::http::AGENCY_KEY_EXPIRED;
const AGENCY_KEY_REVOKED: LocalText = words::http::AGENCY_KEY_REVOKED;

/// What the texts of the keys of the agency begin with, those of both deployments.
const AGENCY_PREFIX: &str = "crk_agency";

/// The matricule of an agent of the agency who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Agent(pub(crate) String);

/// An authenticated caller.
pub(crate) enum Requester {
    /// An application or a user, for an organiser.
    Caller(Caller),
    /// An agent or software, for the agency.
    Agency(AgencyCaller),
}

/// Authenticates by the key or, without one, by the session. The inner result says whether the caller may call the
/// operation.
pub(crate) async fn authenticate_request<G: Gateway>(
    gateway: &G,
    access: Access,
    request: &mut Request,
) -> Result<(Requester, Result<()>)> {
    if let Some(key) = bearer(request.headers()) {
        if key.starts_with(AGENCY_PREFIX) {
            let ClientAddress(from) = ClientAddress::of(request);
            let key = gateway.authenticate_agency(key, from).await.map_err(Problem::from)?;
            let rights = check_agency_key_access(&key, access);
            return Ok((Requester::Agency(AgencyCaller::Software(key)), rights));
        }
        let caller = gateway.authenticate(key).await.map_err(Problem::from)?;
        let rights = check_key_access(&caller, access);
        return Ok((Requester::Caller(caller), rights));
    }
    let no_key = Problem::no_credential;
    let secret = session::secret(request.headers(), &Urls::of(request.extensions())).ok_or_else(no_key)?;
    let visitor = gateway.resume(&secret).await?.ok_or_else(no_key)?;
    let genuine = request.method().is_safe() || session::is_genuine(request.headers(), &visitor);
    if let (Access::Agent | Access::Agency(_) | Access::AgencyFeed, Some(agent)) = (access, visitor.acting_agent()) {
        request.extensions_mut().insert(visitor);
        let rights = if genuine { Ok(()) } else { Err(forbidden(FORGED)) };
        return Ok((Requester::Agency(AgencyCaller::Agent(agent)), rights));
    }
    let acting = visitor.acting.clone().ok_or_else(|| forbidden(NO_RIGHT))?;
    request.extensions_mut().insert(visitor);
    let caller = if genuine { as_caller(&acting, access) } else { Err(forbidden(FORGED)) };
    Ok(match caller {
        Ok(caller) => (Requester::Caller(caller), Ok(())),
        Err(problem) => (Requester::Caller(acting.as_organiser_caller()), Err(problem)),
    })
}

/// The caller with the present rights of its key or session: checked again by a request that waits, so that it ends when
/// they do.
pub(crate) async fn renew(app: &App, caller: &Caller, visitor: Option<&LoggedIn>, access: Access) -> Result<Caller> {
    if let Some(credential) = caller.verified_key() {
        let caller = app.keys.renew(&app.db, &app.clocks, credential.key).await?;
        return check_key_access(&caller, access).map(|()| caller);
    }
    let acting = match visitor {
        Some(visitor) => sessions::still_acting(app, visitor).await?,
        None => None,
    };
    let acting = acting.filter(|acting| acting.organiser == caller.organiser);
    as_caller(&acting.ok_or_else(Problem::no_credential)?, access)
}

/// The same for a caller of the agency; software calls from this address.
pub(crate) async fn renew_agency(
    app: &App,
    caller: &AgencyCaller,
    visitor: Option<&LoggedIn>,
    (from, access): (IpAddr, Access),
) -> Result<AgencyCaller> {
    if let AgencyCaller::Software(key) = caller {
        let key = agency_keys::renew(app, key.key, from).await?;
        return check_agency_key_access(&key, access).map(|()| AgencyCaller::Software(key));
    }
    let agent = match visitor {
        Some(visitor) => sessions::still_agent(app, visitor).await?,
        None => None,
    };
    let agent = agent.ok_or_else(Problem::no_credential)?;
    Ok(AgencyCaller::Agent(agent))
}

/// The user as a caller of an operation.
fn as_caller(acting: &ActingUser, access: Access) -> Result<Caller> {
    let caller = match access {
        Access::Scope(scope) => acting.caller(scope),
        Access::Administrator | Access::KeyOrAdministrator => {
            acting.mandate.administers().then(|| acting.as_organiser_caller())
        }
        Access::UserManager => acting.mandate.manages_users().then(|| acting.as_organiser_caller()),
        Access::Credential | Access::KeyOrUser | Access::Open => acting.caller_anywhere(),
        Access::KeyOnly => return Err(forbidden(KEYS_ONLY)),
        Access::Agent | Access::Agency(_) | Access::AgencyFeed => return Err(forbidden(AGENTS_ONLY)),
    };
    caller.ok_or_else(|| forbidden(NO_RIGHT))
}

/// Checks that a key may call the operation and has its scope.
fn check_key_access(caller: &Caller, access: Access) -> Result<()> {
    match (access, caller.verified_key()) {
        (Access::Administrator | Access::UserManager | Access::Agent, _) => Err(forbidden(PEOPLE_ONLY)),
        (Access::Agency(_) | Access::AgencyFeed, _) => Err(forbidden(AGENCY_ONLY)),
        (Access::Scope(scope), Some(credential)) if !credential.scopes.contains(scope) => {
            Err(Problem::missing_scope(&[scope.code()]))
        }
        _ => Ok(()),
    }
}

/// Checks that a key of the agency's software may call the operation and has its scope.
fn check_agency_key_access(key: &VerifiedAgencyKey, access: Access) -> Result<()> {
    match access {
        Access::Credential => Ok(()),
        Access::Agency(scope) if key.scopes.contains(scope) => Ok(()),
        Access::Agency(scope) => Err(Problem::missing_scope(&[scope.code()])),
        Access::AgencyFeed if AGENCY_FEED.iter().any(|scope| key.scopes.contains(*scope)) => Ok(()),
        Access::AgencyFeed => Err(Problem::missing_scope(&AGENCY_FEED.map(AgencyScope::code))),
        Access::Agent => Err(forbidden(AGENTS_ONLY)),
        _ => Err(forbidden(ORGANISERS_ONLY)),
    }
}

fn forbidden(why: LocalText) -> Problem {
    Problem::new(ProblemType::MissingPermission).detail(why)
}

/// The key in the header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// Adds the challenge that every 401 has.
fn challenge(problem: Problem, error: Option<&str>) -> Problem {
    let error = error.map(|why| format!(r#", error="invalid_token", error_description="{why}""#));
    problem.header(header::WWW_AUTHENTICATE, &format!(r#"Bearer realm="passerelle"{}"#, error.unwrap_or_default()))
}

/// The problem of a key that is refused since an instant.
fn expired_problem(why: LocalText, since: Timestamp) -> Problem {
    let date = Param::Date(clock::to_brussels(since).date());
    Problem::new(ProblemType::InvalidAccessToken).detail(why).with("date", date)
}

/// The key ended with its application: its last day was the day before `at`.
fn ended(at: Timestamp) -> Problem {
    let problem = Problem::new(ProblemType::ExpiredAccessToken).detail(ENDED).member("expiredAt", at.to_string());
    problem.with("date", Param::Date(applications::last_day(at)))
}

impl Problem {
    /// The request has no credential.
    pub(crate) fn no_credential() -> Self {
        challenge(Self::new(ProblemType::NoAccessToken), None)
    }
}

impl From<KeyRefusal> for Problem {
    fn from(refusal: KeyRefusal) -> Self {
        let (problem, why) = match refusal {
            KeyRefusal::Malformed => (Self::new(ProblemType::InvalidAccessToken).detail(MALFORMED), "malformed key"),
            KeyRefusal::Unknown => (Self::new(ProblemType::InvalidAccessToken), "unknown key"),
            KeyRefusal::Revoked(at) => {
                (expired_problem(REVOKED, at).member("revokedAt", at.to_string()), "revoked key")
            }
            KeyRefusal::Application(ApplicationState::Ended, at) => (ended(at), "expired key"),
            KeyRefusal::Application(ApplicationState::Revoked, at) => {
                (expired_problem(APPLICATION_REVOKED, at).member("revokedAt", at.to_string()), "revoked application")
            }
            KeyRefusal::Application(_, at) => {
                (expired_problem(SUSPENDED, at).member("suspendedAt", at.to_string()), "suspended application")
            }
            KeyRefusal::Expired(at) => {
                (Self::new(ProblemType::ExpiredAccessToken).member("expiredAt", at.to_string()), "expired key")
            }
            KeyRefusal::WrongKind(kind) => {
                (Self::new(ProblemType::WrongKeyKind).member("keyKind", kind.name()), "key of another deployment")
            }
            KeyRefusal::Store(error) => return InternalError::Store(error).into(),
        };
        challenge(problem, Some(why))
    }
}

impl From<AgencyKeyRefusal> for Problem {
    fn from(refusal: AgencyKeyRefusal) -> Self {
        let invalid = Self::new(ProblemType::InvalidAccessToken);
        let (problem, why) = match refusal {
            AgencyKeyRefusal::Malformed => (invalid.detail(MALFORMED), "malformed key"),
            AgencyKeyRefusal::Unknown => (invalid.detail(AGENCY_KEY_UNKNOWN), "unknown key"),
            AgencyKeyRefusal::Revoked(at) => {
                (expired_problem(AGENCY_KEY_REVOKED, at).member("revokedAt", at.to_string()), "revoked key")
            }
            AgencyKeyRefusal::Expired(at) => {
                let problem = Self::new(ProblemType::ExpiredAccessToken).detail(AGENCY_KEY_EXPIRED);
                (problem.member("expiredAt", at.to_string()), "expired key")
            }
            AgencyKeyRefusal::WrongKind(kind) => {
                let problem = Self::new(ProblemType::WrongKeyKind).detail(AGENCY_KEY_ELSEWHERE);
                (problem.member("keyKind", kind.code()), "key of another deployment")
            }
            AgencyKeyRefusal::Address => return forbidden(WRONG_ADDRESS),
            AgencyKeyRefusal::Store(error) => return InternalError::Store(error).into(),
        };
        challenge(problem, Some(why))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("a caller asked of an open operation"))
    }
}

impl<S: Sync> FromRequestParts<S> for AgencyCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::internal("the agency asked of another operation"))
    }
}

impl<S: Sync> FromRequestParts<S> for Agent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match AgencyCaller::from_request_parts(parts, state).await? {
            AgencyCaller::Agent(agent) => Ok(Self(agent.matricule)),
            AgencyCaller::Software(_) => Err(Problem::internal("an agent asked of an operation for software")),
        }
    }
}
