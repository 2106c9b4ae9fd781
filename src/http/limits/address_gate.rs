//! What stands before every request, also before those that lead nowhere: its frame is sound, and its address has not
//! called too often. What the guard of an operation counts is not counted here.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{AddressQuota, AllowanceState, Limits};
use crate::http::problem::{Problem, Result};
use crate::http::{request_headers, urls};

/// The address gate at work.
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

/// Whether the request is for an operation of the table, whose guard counts it. At the root of the API there is none.
fn has_guard(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>();
    path.and_then(|path| path.as_str().strip_prefix(urls::API_ROOT)).is_some_and(|below| below.len() > "/".len())
}

/// What a request outside the table of operations is counted as.
fn quota_of(path: &str) -> AddressQuota {
    if LOGIN.iter().any(|login| path.starts_with(login)) {
        AddressQuota::Login
    } else if path.starts_with(urls::CONSOLE_ROOT) {
        AddressQuota::Console
    } else {
        AddressQuota::Open
    }
}

/// Where people log in: the console's side of it, and a sandbox's identity provider.
const LOGIN: [&str; 3] = ["/console/login", urls::LOGIN_RETURN, "/csam/"];
