//! What stands before every operation: the key or the session, the allowance, the scope, the forms asked for.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Gateway;
use super::authenticate::{AuthenticatedCaller, let_in};
use super::extract::{Accept, media_of_body, refuse_unknown};
use super::limits::{AddressQuota, AllowanceState, Limits};
use super::observe::{LogLine, RequestLog};
use super::operation::{Access, Operation};
use super::origin::{CallerId, RequestOrigin};
use super::problem::Result;
use crate::app::caller::Caller;

/// Where the paths begin at which is asked whether the gateway serves.
const HEALTH: &str = "/health";

/// What every guard shares.
#[derive(Debug, Clone)]
pub(super) struct GuardContext<G> {
    pub(super) gateway: G,
    pub(super) limits: Arc<Limits>,
}

/// The guard of one operation, or of the methods that a path does not have.
#[derive(Debug, Clone)]
pub(super) struct OperationGuard<G> {
    operation: Option<Arc<Operation>>,
    path: &'static str,
    access: Access,
    context: GuardContext<G>,
}

impl<G: Gateway> OperationGuard<G> {
    /// Before an operation.
    pub(super) fn new(operation: Operation, context: GuardContext<G>) -> Self {
        Self { path: operation.path, access: operation.access, operation: Some(Arc::new(operation)), context }
    }

    /// Before the refusal of a method that a path does not have.
    pub(super) const fn of_unknown_method(path: &'static str, access: Access, context: GuardContext<G>) -> Self {
        Self { operation: None, path, access, context }
    }

    /// Lets the request in, or says why not; the standing is known from the moment that the caller is.
    async fn authorise_request(&self, request: &mut Request) -> (Option<AllowanceState>, Result<()>) {
        let (standing, admitted) = self.identify(request).await;
        (standing, admitted.and_then(|()| self.negotiate(request)))
    }

    /// Key or session, allowance, rights.
    async fn identify(&self, request: &mut Request) -> (Option<AllowanceState>, Result<()>) {
        if self.access == Access::Open {
            let quota = if self.path.starts_with(HEALTH) { AddressQuota::Health } else { AddressQuota::Open };
            let (standing, admitted) = self.context.limits.charge_address(quota, request);
            return (Some(standing), admitted);
        }
        let (entrant, rights) = match let_in(&self.context.gateway, self.access, request).await {
            Ok(known) => known,
            Err(problem) if problem.kind().entry().status.is_server_error() => return (None, Err(problem)),
            Err(problem) => {
                let (standing, admitted) = self.context.limits.charge_address(AddressQuota::Failures, request);
                return (Some(standing), admitted.and(Err(problem)));
            }
        };
        RequestLog::annotate(request, LogLine::authenticated);
        RequestOrigin::authenticated(request.extensions(), CallerId::from(&entrant));
        match entrant {
            AuthenticatedCaller::Caller(caller) => {
                RequestLog::annotate(request, |line| line.caller(&caller));
                request.extensions_mut().insert(caller);
            }
            AuthenticatedCaller::Agent(agent) => drop(request.extensions_mut().insert(agent)),
        }
        let (standing, admitted) = self.context.limits.charge_caller(request);
        (Some(standing), admitted.and(rights))
    }

    /// The query's names, the form of the body, the form of the answer.
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

/// The guard at work.
pub(super) async fn guard<G: Gateway>(
    State(guard): State<OperationGuard<G>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = guard.operation.as_ref().map(|operation| operation.id);
    RequestLog::annotate(&request, |line| line.operation(guard.path, id));
    let (standing, admitted) = guard.authorise_request(&mut request).await;
    let ending = ending(&request);
    let mut response = match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(standing) = standing {
        response.extensions_mut().insert(standing);
    }
    if let Some(ending) = ending {
        response.headers_mut().insert(ENDING, ending);
    }
    response
}

/// Tells the vendor on every answer that the key is about to end.
const ENDING: HeaderName = HeaderName::from_static("passerelle-key-expires");

/// When the caller's key ends, where that is soon enough to be told.
fn ending(request: &Request) -> Option<HeaderValue> {
    let shown = request.extensions().get::<Caller>()?.shown()?;
    let end = shown.notice.and(shown.expires_at)?;
    HeaderValue::from_str(&end.to_string()).ok()
}
