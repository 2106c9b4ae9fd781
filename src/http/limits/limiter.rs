//! One allowance, over the counters of `tower_governor`, and its state for a caller.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use tower_governor::governor::{GovernorConfigBuilder, SharedRateLimiter};
use tower_governor::key_extractor::KeyExtractor;

use crate::domain::finding::Param;
use crate::http::problem::{Problem, ProblemType, Result};

/// Calls a minute, and calls at once.
#[derive(Debug, Clone, Copy)]
pub struct RateAllowance {
    /// Calls a minute in the long run.
    pub per_minute: NonZeroU32,
    /// Calls at once after a pause.
    pub burst: NonZeroU32,
}

impl<S: Sync> FromRequestParts<S> for RateAllowance {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| Problem::internal("a router without allowances"))
    }
}

/// The number of calls after which counters that are full again are removed.
const TIDY_EVERY: u32 = 4096;

/// The counters of one allowance.
pub(super) struct Limiter<E: KeyExtractor> {
    policy: &'static str,
    pub(super) allowance: RateAllowance,
    extractor: E,
    counters: SharedRateLimiter<E::Key, StateInformationMiddleware>,
    calls: AtomicU32,
}

impl<E: KeyExtractor> Limiter<E> {
    /// Counters without any calls; `policy` is the name in the headers.
    pub(super) fn new(policy: &'static str, allowance: RateAllowance, extractor: E) -> Self {
        let mut builder = GovernorConfigBuilder::default().key_extractor(extractor.clone());
        let period = Duration::from_mins(1) / allowance.per_minute.get();
        let config = builder.period(period).burst_size(allowance.burst.get()).use_headers().finish();
        let counters = Arc::clone(config.expect("neither the period nor the burst is zero").limiter());
        Self { policy, allowance, extractor, counters, calls: AtomicU32::new(1) }
    }

    /// The state of a caller whose next call is accepted in `reset` seconds.
    pub(super) const fn used_up(&self, reset: u64) -> AllowanceState {
        AllowanceState { policy: self.policy, quota: self.allowance.per_minute.get(), remaining: 0, reset }
    }

    /// Counts a request: the resulting state of its caller, and a problem of `kind` when the allowance is used up.
    pub(super) fn count_request(&self, request: &Request, kind: ProblemType) -> (AllowanceState, Result<()>) {
        if self.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDY_EVERY) {
            self.counters.retain_recent();
            self.counters.shrink_to_fit();
        }
        let standing = self.used_up(1);
        let key = match self.extractor.extract(request) {
            Ok(key) => key,
            Err(error) => return (standing, Err(Problem::internal(error))),
        };
        match self.counters.check_key(&key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let missing = u64::from(self.allowance.burst.get().saturating_sub(remaining));
                let reset = (missing * 60).div_ceil(u64::from(standing.quota));
                (AllowanceState { remaining, reset, ..standing }, Ok(()))
            }
            Err(until) => {
                let wait = until.wait_time_from(self.counters.clock().now());
                let standing = AllowanceState { reset: wait.as_secs() + 1, ..standing };
                (standing, Err(standing.refusal(kind)))
            }
        }
    }
}

impl<E: KeyExtractor> fmt::Debug for Limiter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter")
            .field("policy", &self.policy)
            .field("allowance", &self.allowance)
            .finish_non_exhaustive()
    }
}

/// The state of a caller's allowance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllowanceState {
    /// The name of the allowance.
    pub(crate) policy: &'static str,
    /// Calls a minute.
    quota: u32,
    /// Calls that are left at once.
    remaining: u32,
    /// Seconds until the allowance is full again; when it is used up, until the next call is accepted.
    reset: u64,
}

impl AllowanceState {
    /// The refusal of a call beyond the allowance.
    pub(super) fn refusal(&self, kind: ProblemType) -> Problem {
        Problem::new(kind).with("seconds", Param::Count(self.reset)).member("limit", self.quota).retry_after(self.reset)
    }
}

/// Adds the state of the allowance to every response (draft-ietf-httpapi-ratelimit-headers).
pub(crate) async fn rate_limit_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(AllowanceState { policy, quota, remaining, reset }) =
        response.extensions().get::<AllowanceState>().copied()
    {
        let lines = [
            ("ratelimit-policy", format!("\"{policy}\";q={quota};w=60")),
            ("ratelimit", format!("\"{policy}\";r={remaining};t={reset}")),
        ];
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
    response
}
