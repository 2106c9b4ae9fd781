//! The guard of every operation: key or session, allowance, scope, query names and media types.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Gateway;
use super::authenticate::{Requester, authenticate_request};
use super::extract::{Accept, media_of_body, refuse_unknown};
use super::limits::{AddressQuota, AllowanceState, Limits};
use super::logged_call::LoggedCall;
use super::observe::{LogLine, RequestLog};
use super::operation::{Access, Operation};
use super::origin::{CallerId, RequestOrigin};
use super::problem::Result;
use crate::app::agents::AgencyCaller;
use crate::app::caller::Caller;

/// The prefix of the paths of health checks.
const HEALTH: &str = "/health";

/// What all guards share.
#[derive(Debug, Clone)]
pub(super) struct GuardContext<G> {
    pub(super) gateway: G,
    pub(super) limits: Arc<Limits>,
}

/// The guard of one operation, or of the methods that a path does not support.
#[derive(Debug, Clone)]
pub(super) struct OperationGuard<G> {
    operation: Option<Arc<Operation>>,
    path: &'static str,
    access: Access,
    context: GuardContext<G>,
}

impl<G: Gateway> OperationGuard<G> {
    /// The guard of an operation.
    pub(super) fn new(operation: Operation, context: GuardContext<G>) -> Self {
        Self { path: operation.path, access: operation.access, operation: Some(Arc::new(operation)), context }
    }

    /// The guard of the refusal of a method that a path does not support.
    pub(super) const fn for_unknown_method(path: &'static str, access: Access, context: GuardContext<G>) -> Self {
        Self { operation: None, path, access, context }
    }

    /// Authorises the request; the allowance's state is known once the caller is.
    async fn authorise_request(&self, request: &mut Request) -> (Option<AllowanceState>, Result<()>) {
        let (allowance, admitted) = self.identify(request).await;
        (allowance, admitted.and_then(|()| self.negotiate(request)))
    }

    /// Authenticates, charges the allowance and checks the rights.
    async fn identify(&self, request: &mut Request) -> (Option<AllowanceState>, Result<()>) {
        if self.access == Access::Open {
            let quota = if self.path.starts_with(HEALTH) { AddressQuota::Health } else { AddressQuota::Open };
            let (allowance, admitted) = self.context.limits.charge_address(quota, request);
            return (Some(allowance), admitted);
        }
        let (caller, rights) = match authenticate_request(&self.context.gateway, self.access, request).await {
            Ok(authenticated) => authenticated,
            Err(problem) if problem.kind().entry().status.is_server_error() => return (None, Err(problem)),
            Err(problem) => {
                let (allowance, admitted) = self.context.limits.charge_address(AddressQuota::Failures, request);
                return (Some(allowance), admitted.and(Err(problem)));
            }
        };
        RequestLog::annotate(request, LogLine::authenticated);
        RequestOrigin::authenticated(request.extensions(), CallerId::from(&caller));
        match caller {
            Requester::Caller(caller) => {
                let call = LoggedCall::begin(
                    &caller,
                    self.path,
                    self.operation.as_deref(),
                    (request, self.context.gateway.logs_bodies_of(&caller)),
                );
                RequestLog::annotate(request, |line| line.caller(&caller, call));
                request.extensions_mut().insert(caller);
            }
            Requester::Agency(caller) => {
                RequestLog::annotate(request, |line| line.agency_caller(&caller));
                request.extensions_mut().insert(caller);
            }
        }
        let (allowance, admitted) = self.context.limits.charge_caller(request);
        (Some(allowance), admitted.and(rights))
    }

    /// Checks the query's names and the media type of the body, and chooses that of the response.
    fn negotiate(&self, request: &mut Request) -> Result<()> {
        let Some(operation) = &self.operation else { return Ok(()) };
        refuse_unknown(request.uri(), operation)?;
        if !operation.consumes.is_empty() {
            media_of_body(request.headers(), operation.consumes)?;
        }
        if !operation.produces.is_empty() {
            let accept = Accept::choose(request.headers(), operation.produces)?;
            request.extensions_mut().insert(accept);
        }
        request.extensions_mut().insert(Arc::clone(operation));
        Ok(())
    }
}

/// The middleware of the guard.
pub(super) async fn guard<G: Gateway>(
    State(guard): State<OperationGuard<G>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = guard.operation.as_ref().map(|operation| operation.id);
    RequestLog::annotate(&request, |line| line.operation(guard.path, id));
    let (allowance, admitted) = guard.authorise_request(&mut request).await;
    let ending = ending(&request);
    let mut response = match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(allowance) = allowance.filter(|_| response.extensions().get::<AllowanceState>().is_none()) {
        response.extensions_mut().insert(allowance);
    }
    if let Some(end) = guard.operation.as_ref().and_then(|operation| operation.end) {
        end.announce(response.headers_mut());
    }
    if let Some(ending) = ending {
        response.headers_mut().insert(ENDING, ending);
    }
    response
}

/// Set on every response to a key that is about to end.
const ENDING: HeaderName = HeaderName::from_static("passerelle-key-expires");

/// The end of the caller's key, from 30 days before it.
fn ending(request: &Request) -> Option<HeaderValue> {
    let of_organiser = || {
        let key = request.extensions().get::<Caller>()?.verified_key()?;
        key.notice.and(key.expires_at)
    };
    let of_agency = || {
        let key = request.extensions().get::<AgencyCaller>()?.verified_key()?;
        key.notice.map(|_| key.expires_at)
    };
    let end = of_organiser().or_else(of_agency)?;
    HeaderValue::from_str(&end.to_string()).ok()
}
