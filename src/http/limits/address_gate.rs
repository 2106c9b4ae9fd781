//! The checks before routing, also for paths that do not exist: the request is well-formed, and its address has not
//! exceeded its allowance. Calls that the guard of an operation counts are not counted here.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{AddressQuota, AllowanceState, Limits};
use crate::http::problem::{Problem, Result};
use crate::http::{request_headers, urls};

/// The middleware of the address gate.
pub(crate) async fn address_gate(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let (standing, admitted) = count_request(&limits, &request);
    let mut response = match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(standing) = standing {
        response.extensions_mut().insert(standing);
    }
    response
}

fn count_request(limits: &Limits, request: &Request) -> (Option<AllowanceState>, Result<()>) {
    let faults = request_headers::faults(request);
    if !faults.is_empty() {
        let (standing, admitted) = limits.charge_address(AddressQuota::Failures, request);
        return (Some(standing), Err(admitted.err().unwrap_or_else(|| Problem::bad_request(faults))));
    }
    if has_guard(request) {
        return (None, Ok(()));
    }
    let (standing, admitted) = limits.charge_address(quota_of(request.uri().path()), request);
    (Some(standing), admitted)
}

/// Whether the request is for an operation of the table, whose guard counts it. The root of the API has none.
fn has_guard(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>();
    path.and_then(|path| path.as_str().strip_prefix(urls::API_ROOT)).is_some_and(|below| below.len() > "/".len())
}

/// The quota of a request outside the table of operations.
fn quota_of(path: &str) -> AddressQuota {
    if LOGIN.iter().any(|login| path.starts_with(login)) {
        AddressQuota::Login
    } else if path.starts_with(urls::CONSOLE_ROOT) {
        AddressQuota::Console
    } else {
        AddressQuota::Open
    }
}

/// The paths of the log-in: the console's, and those of a sandbox's identity provider.
const LOGIN: [&str; 3] = ["/console/login", urls::LOGIN_RETURN, "/csam/"];
