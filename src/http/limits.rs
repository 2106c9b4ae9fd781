//! How often a key may call, and how often an address may fail to show one.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::{extract::Request, response::Response};
use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use tower_governor::GovernorError;
use tower_governor::governor::{GovernorConfigBuilder, SharedRateLimiter};
use tower_governor::key_extractor::KeyExtractor;

use super::address;
use super::authenticate::Agent;
use super::problem::{Kind, Problem};
use crate::app::caller::{Caller, Who};
use crate::config::Config;
use crate::domain::finding::Param;
use crate::domain::key::{Deployment, KeyId};
use crate::ids::UserId;
use crate::network::Network;

/// How many times larger the allowances of a sandbox are.
const SANDBOX_FACTOR: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// So many calls a minute, so many of them at once.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Calls a minute in the long run.
    pub per_minute: NonZeroU32,
    /// Calls at once after a pause.
    pub burst: NonZeroU32,
}

impl<S: Sync> FromRequestParts<S> for Allowance {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| Problem::internal("a router without allowances"))
    }
}

/// The counters of one gateway.
///
/// The guard asks them itself, where the layer of `tower_governor` would count every request: a key is counted once it
/// is known to be valid, an address only for calls without a valid key.
#[derive(Debug)]
pub struct Limits {
    keys: Limiter<ByKey>,
    addresses: Limiter<ByAddress>,
}

/// Who is counted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Visitor {
    Key(KeyId),
    Person(UserId),
    Agent(String),
}

/// Counts by the key or the person that the guard has let in.
#[derive(Debug, Clone)]
struct ByKey;

impl KeyExtractor for ByKey {
    type Key = Visitor;

    fn extract<B>(&self, request: &axum::http::Request<B>) -> Result<Visitor, GovernorError> {
        if let Some(Agent(matricule)) = request.extensions().get() {
            return Ok(Visitor::Agent(matricule.clone()));
        }
        let caller = request.extensions().get::<Caller>().ok_or(GovernorError::UnableToExtractKey)?;
        Ok(match &caller.who {
            Who::Application(shown) => Visitor::Key(shown.key),
            Who::Person(user) => Visitor::Person(*user),
        })
    }
}

/// Counts by the address that the sender has, as far as trusted proxies tell.
#[derive(Debug, Clone)]
struct ByAddress(Arc<[Network]>);

impl KeyExtractor for ByAddress {
    type Key = IpAddr;

    fn extract<B>(&self, request: &axum::http::Request<B>) -> Result<IpAddr, GovernorError> {
        Ok(address::sender(address::of(request, &self.0)))
    }
}

impl Limits {
    /// Counters at rest: for keys, and for addresses as `trusted` proxies tell them.
    pub fn new(keys: Allowance, addresses: Allowance, trusted: Vec<Network>) -> Self {
        Self {
            keys: Limiter::new("apiKey", keys, ByKey),
            addresses: Limiter::new("failures", addresses, ByAddress(trusted.into())),
        }
    }

    /// As `config` has them; a sandbox allows ten times as much.
    pub(super) fn of(config: &Config) -> Self {
        let limits = &config.limits;
        let ten = |number: NonZeroU32| match config.deployment {
            Deployment::Production => number,
            Deployment::Sandbox => number.saturating_mul(SANDBOX_FACTOR),
        };
        let keys = Allowance { per_minute: ten(limits.requests_per_minute), burst: ten(limits.burst) };
        let failures = Allowance { per_minute: ten(limits.failures_per_minute), burst: ten(limits.failures_burst) };
        Self::new(keys, failures, config.trusted_proxies.clone())
    }

    /// What a key is allowed.
    pub const fn per_key(&self) -> Allowance {
        self.keys.allowance
    }

    /// The address that a request comes from, as limits count it.
    pub(super) fn address(&self, request: &Request) -> IpAddr {
        let ByAddress(trusted) = &self.addresses.extractor;
        address::sender(address::of(request, trusted))
    }

    /// Counts a call by the valid key of its caller.
    pub(super) fn charge_key(&self, request: &Request) -> Result<Standing, (Problem, Standing)> {
        self.keys.charge(request, Kind::TooManyRequests)
    }

    /// Counts a call without a valid key.
    pub(super) fn charge_address(&self, request: &Request) -> Result<Standing, (Problem, Standing)> {
        self.addresses.charge(request, Kind::TooManyFailedRequests)
    }
}

/// After how many calls the counters that are full again are forgotten.
const TIDY_EVERY: u32 = 4096;

struct Limiter<E: KeyExtractor> {
    name: &'static str,
    allowance: Allowance,
    extractor: E,
    counters: SharedRateLimiter<E::Key, StateInformationMiddleware>,
    calls: AtomicU32,
}

impl<E: KeyExtractor> Limiter<E> {
    fn new(name: &'static str, allowance: Allowance, extractor: E) -> Self {
        let mut builder = GovernorConfigBuilder::default().key_extractor(extractor.clone());
        let period = Duration::from_mins(1) / allowance.per_minute.get();
        let config = builder.period(period).burst_size(allowance.burst.get()).use_headers().finish();
        let counters = Arc::clone(config.expect("neither the period nor the burst is zero").limiter());
        Self { name, allowance, extractor, counters, calls: AtomicU32::new(1) }
    }

    fn charge(&self, request: &Request, kind: Kind) -> Result<Standing, (Problem, Standing)> {
        if self.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIDY_EVERY) {
            self.counters.retain_recent();
            self.counters.shrink_to_fit();
        }
        let standing = Standing { policy: self.name, quota: self.allowance.per_minute.get(), remaining: 0, reset: 1 };
        let key = self.extractor.extract(request).map_err(|error| (Problem::internal(error), standing))?;
        match self.counters.check_key(&key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let missing = u64::from(self.allowance.burst.get().saturating_sub(remaining));
                let reset = (missing * 60).div_ceil(u64::from(standing.quota));
                Ok(Standing { remaining, reset, ..standing })
            }
            Err(until) => {
                let wait = until.wait_time_from(self.counters.clock().now());
                let standing = Standing { reset: wait.as_secs() + 1, ..standing };
                Err((standing.refusal(kind), standing))
            }
        }
    }
}

impl<E: KeyExtractor> fmt::Debug for Limiter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("name", &self.name).field("allowance", &self.allowance).finish_non_exhaustive()
    }
}

/// Where a caller stands with its allowance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    policy: &'static str,
    /// Calls a minute.
    quota: u32,
    /// Calls that may follow at once.
    remaining: u32,
    /// Seconds until the allowance is whole again; when it is used up, until the next call is accepted.
    reset: u64,
}

impl Standing {
    fn refusal(&self, kind: Kind) -> Problem {
        Problem::new(kind)
            .with("seconds", Param::Count(self.reset))
            .member("limit", self.quota)
            .member("retryAfterSec", self.reset)
            .header(header::RETRY_AFTER, &self.reset.to_string())
    }
}

/// Tells every answer's reader where the caller stands (draft-ietf-httpapi-ratelimit-headers).
pub(super) async fn tell(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(Standing { policy, quota, remaining, reset }) = response.extensions().get::<Standing>().copied() {
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
