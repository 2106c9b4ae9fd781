//! Authentication: from the `Authorization` header, or the session's cookie, to the caller. A key in the address is not
//! accepted: addresses are logged.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use jiff::Timestamp;

use super::operation::Access;
use super::problem::{Problem, ProblemType, Result};
use super::urls::Urls;
use super::{Gateway, session};
use crate::app::applications;
use crate::app::caller::Caller;
use crate::app::keys::KeyRefusal;
use crate::app::sessions::{self, ActingUser, LoggedIn};
use crate::app::{App, InternalError};
use crate::clock;
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

/// An agent of the agency, by the matricule.
#[derive(Debug, Clone)]
pub(crate) struct Agent(pub(crate) String);

/// An authenticated caller.
pub(crate) enum Requester {
    /// An application or a user, for an organiser.
    Caller(Caller),
    /// An agent, for the agency.
    Agent(Agent),
}

/// Authenticates by the key or, without one, by the session. The inner result says whether the caller may call the
/// operation.
pub(crate) async fn authenticate_request<G: Gateway>(
    gateway: &G,
    access: Access,
    request: &mut Request,
) -> Result<(Requester, Result<()>)> {
    if let Some(key) = bearer(request.headers()) {
        let caller = gateway.authenticate(key).await.map_err(Problem::from)?;
        let rights = check_key_access(&caller, access);
        return Ok((Requester::Caller(caller), rights));
    }
    let no_key = || challenge(Problem::new(ProblemType::NoAccessToken), None);
    let secret = session::secret(request.headers(), &Urls::of(request.extensions())).ok_or_else(no_key)?;
    let visitor = gateway.resume(&secret).await?.ok_or_else(no_key)?;
    let genuine = request.method().is_safe() || session::is_genuine(request.headers(), &visitor);
    if let (Access::Agent, Some(matricule)) = (access, &visitor.agent) {
        let rights = if genuine { Ok(()) } else { Err(forbidden(FORGED)) };
        return Ok((Requester::Agent(Agent(matricule.clone())), rights));
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
    as_caller(&acting.ok_or_else(|| challenge(Problem::new(ProblemType::NoAccessToken), None))?, access)
}

/// The user as a caller of an operation.
fn as_caller(acting: &ActingUser, access: Access) -> Result<Caller> {
    let caller = match access {
        Access::Scope(scope) => acting.caller(scope),
        Access::Administrator => acting.mandate.administers().then(|| acting.as_organiser_caller()),
        Access::UserManager => acting.mandate.manages_users().then(|| acting.as_organiser_caller()),
        Access::KeyOrUser | Access::Open => acting.caller_anywhere(),
        Access::KeyOnly => return Err(forbidden(KEYS_ONLY)),
        Access::Agent => return Err(forbidden(AGENTS_ONLY)),
    };
    caller.ok_or_else(|| forbidden(NO_RIGHT))
}

/// Checks that a key may call the operation and has its scope.
fn check_key_access(caller: &Caller, access: Access) -> Result<()> {
    match (access, caller.verified_key()) {
        (Access::Administrator | Access::UserManager | Access::Agent, _) => Err(forbidden(PEOPLE_ONLY)),
        (Access::Scope(scope), Some(credential)) if !credential.scopes.contains(scope) => {
            Err(Problem::missing_scope(scope))
        }
        _ => Ok(()),
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

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("a caller asked of an open operation"))
    }
}

impl<S: Sync> FromRequestParts<S> for Agent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::internal("an agent asked of another operation"))
    }
}
