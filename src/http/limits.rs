//! Rate limits: for keys, users, and addresses without a valid credential.

mod address_gate;
mod limiter;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use tower_governor::GovernorError;
use tower_governor::key_extractor::KeyExtractor;

pub(super) use self::address_gate::address_gate;
use self::limiter::Limiter;
pub use self::limiter::RateAllowance;
pub(super) use self::limiter::{AllowanceState, rate_limit_headers};
use super::address::ClientAddress;
pub use super::address::ProxyTrust;
use super::counted_caller::CountedCaller;
use super::log_sampler::LogSampler;
pub use super::long_polls::PollCaps;
use super::long_polls::PollRegistry;
use super::problem::{Problem, ProblemType, Result};
use crate::app::agents::AgencyCaller;
use crate::app::caller::Caller;
use crate::config::{self, Config};
use crate::domain::key::Deployment;
use crate::words::{self, LocalText};

/// The factor of the allowances in a sandbox.
const SANDBOX_FACTOR: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// The address has exceeded its allowance.
const TOO_MANY_FROM_ADDRESS: LocalText = words::http::TOO_MANY_FROM_ADDRESS;

/// The allowances of callers and addresses.
#[derive(Debug, Clone)]
pub struct LimitSettings {
    /// Calls of a key or a user.
    pub callers: RateAllowance,
    /// Calls of an address to guarded operations without a valid credential.
    pub failures: RateAllowance,
    /// Calls of an address to open operations, and to paths that do not exist.
    pub open: RateAllowance,
    /// Calls of an address on the way to a log-in.
    pub login: RateAllowance,
    /// Calls of an address to the pages of the console.
    pub console: RateAllowance,
    /// Requests that wait for events at the same time.
    pub polls: PollCaps,
    /// The trusted proxies and their header.
    pub trust: ProxyTrust,
    /// Log lines a second for each status of refused requests without a credential; the rest are only counted.
    pub refusal_lines_per_second: u32,
}

impl LimitSettings {
    /// The same allowance for everything, no trusted proxy, and few polls.
    pub fn uniform(allowance: RateAllowance) -> Self {
        Self {
            callers: allowance,
            failures: allowance,
            open: allowance,
            login: allowance,
            console: allowance,
            polls: PollCaps { per_caller: 4, per_address: 32, in_all: 1024 },
            trust: ProxyTrust::default(),
            refusal_lines_per_second: 20,
        }
    }

    /// The settings of `config`; the rates of a sandbox are ten times as high.
    fn of(config: &Config) -> Self {
        let limits = &config.limits;
        let ten = |number: NonZeroU32| match config.deployment {
            Deployment::Production => number,
            Deployment::Sandbox => number.saturating_mul(SANDBOX_FACTOR),
        };
        let of = |per_minute, burst| RateAllowance { per_minute: ten(per_minute), burst: ten(burst) };
        Self {
            callers: of(limits.requests_per_minute, limits.burst),
            failures: of(limits.failures_per_minute, limits.failures_burst),
            open: of(limits.open_per_minute, limits.open_burst),
            login: of(limits.login_per_minute, limits.login_burst),
            console: of(limits.console_per_minute, limits.console_burst),
            polls: poll_caps(limits),
            trust: ProxyTrust { proxies: config.trusted_proxies.clone(), header: config.trusted_header },
            refusal_lines_per_second: limits.refusal_lines_per_second,
        }
    }
}

/// Waiting requests use at most half of the connections.
fn poll_caps(limits: &config::HttpLimits) -> PollCaps {
    let in_all = (limits.connections / 2).max(1);
    PollCaps { per_caller: limits.polls_per_caller.get(), per_address: limits.polls_per_address.get(), in_all }
}

/// The counters of one gateway.
///
/// They are charged by the guard, where the layer of `tower_governor` would count every request: a key is counted once it
/// is authenticated, an address for everything else.
#[derive(Debug)]
pub struct Limits {
    callers: Limiter<ByCaller>,
    /// In the order of [`AddressQuota`].
    addresses: [Limiter<ByAddress>; 5],
    trust: ProxyTrust,
    polls: Arc<PollRegistry>,
    sampler: Arc<LogSampler>,
}

/// An allowance whose refusal is written without counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedUpAllowance {
    /// That of a key or a user.
    Caller,
    /// That of an address for open operations.
    Open,
    /// That of an address for calls without a valid credential.
    Failures,
}

/// The kinds of calls that an address is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddressQuota {
    /// Calls to guarded operations without a valid credential, and malformed requests.
    Failures,
    /// Open operations, and paths that do not exist.
    Open,
    /// The way to a log-in.
    Login,
    /// The pages of the console.
    Console,
    /// Health checks: counted separately, so that a flood of other calls through a proxy that is not trusted does not make
    /// the proxy's health checks fail.
    Health,
}

/// Extracts the key or the user that the guard has authenticated.
#[derive(Debug, Clone)]
struct ByCaller;

impl KeyExtractor for ByCaller {
    type Key = CountedCaller;

    fn extract<B>(&self, request: &axum::http::Request<B>) -> Result<CountedCaller, GovernorError> {
        let of_agency = request.extensions().get::<AgencyCaller>().map(CountedCaller::from);
        let of_organiser = || request.extensions().get::<Caller>().map(CountedCaller::from);
        of_agency.or_else(of_organiser).ok_or(GovernorError::UnableToExtractKey)
    }
}

/// Extracts the client's address.
#[derive(Debug, Clone)]
struct ByAddress;

impl KeyExtractor for ByAddress {
    type Key = IpAddr;

    fn extract<B>(&self, request: &axum::http::Request<B>) -> Result<IpAddr, GovernorError> {
        Ok(ClientAddress::of(request).client_network())
    }
}

impl Limits {
    /// Counters without any calls.
    pub fn new(settings: LimitSettings) -> Self {
        let LimitSettings { callers, failures, open, login, console, polls, trust, refusal_lines_per_second } =
            settings;
        let by_address = |policy, allowance| Limiter::new(policy, allowance, ByAddress);
        Self {
            callers: Limiter::new("apiKey", callers, ByCaller),
            addresses: [
                by_address("failures", failures),
                by_address("open", open),
                by_address("login", login),
                by_address("console", console),
                by_address("health", open),
            ],
            trust,
            polls: Arc::new(PollRegistry::new(polls)),
            sampler: Arc::new(LogSampler::new(refusal_lines_per_second)),
        }
    }

    /// The limits of `config`.
    pub(super) fn of(config: &Config) -> Self {
        Self::new(LimitSettings::of(config))
    }

    /// The allowance of a key.
    pub const fn per_key(&self) -> RateAllowance {
        self.callers.allowance
    }

    /// The allowance of an address for what is open.
    pub(super) const fn open(&self) -> RateAllowance {
        self.addresses[AddressQuota::Open as usize].allowance
    }

    /// The allowance of an address for calls without a valid credential.
    pub(super) const fn failures(&self) -> RateAllowance {
        self.addresses[AddressQuota::Failures as usize].allowance
    }

    /// The address that a request is counted for.
    pub(super) fn client_address(&self, request: &Request) -> ClientAddress {
        self.trust.client_address(request)
    }

    /// The registry of requests that wait for events.
    pub(super) fn polls(&self) -> Arc<PollRegistry> {
        Arc::clone(&self.polls)
    }

    /// The sampler of log lines about refusals.
    pub(super) fn sampler(&self) -> Arc<LogSampler> {
        Arc::clone(&self.sampler)
    }

    /// Counts a call by the valid key, or the session, of its caller.
    pub(super) fn charge_caller(&self, request: &Request) -> (AllowanceState, Result<()>) {
        self.callers.count_request(request, ProblemType::TooManyRequests)
    }

    /// Counts a call by its address.
    pub(super) fn charge_address(&self, quota: AddressQuota, request: &Request) -> (AllowanceState, Result<()>) {
        let limiter = &self.addresses[quota as usize];
        if quota == AddressQuota::Failures {
            return limiter.count_request(request, ProblemType::TooManyFailedRequests);
        }
        let (standing, admitted) = limiter.count_request(request, ProblemType::TooManyRequests);
        (standing, admitted.map_err(|problem| problem.detail(TOO_MANY_FROM_ADDRESS)))
    }

    /// The refusal of a call whose credential is not accepted: counted by its address.
    pub fn refuse_credential(&self, request: &Request, problem: Problem) -> Response {
        let (standing, admitted) = self.charge_address(AddressQuota::Failures, request);
        with_state(admitted.err().unwrap_or(problem), standing)
    }

    /// The refusal of a call beyond an allowance, where the next call is accepted in `seconds`. Nothing is counted.
    pub fn refuse_beyond(&self, allowance: UsedUpAllowance, seconds: u64) -> Response {
        let standing = match allowance {
            UsedUpAllowance::Caller => self.callers.used_up(seconds),
            UsedUpAllowance::Open => self.addresses[AddressQuota::Open as usize].used_up(seconds),
            UsedUpAllowance::Failures => self.addresses[AddressQuota::Failures as usize].used_up(seconds),
        };
        let problem = match allowance {
            UsedUpAllowance::Caller => standing.refusal(ProblemType::TooManyRequests),
            UsedUpAllowance::Open => standing.refusal(ProblemType::TooManyRequests).detail(TOO_MANY_FROM_ADDRESS),
            UsedUpAllowance::Failures => standing.refusal(ProblemType::TooManyFailedRequests),
        };
        with_state(problem, standing)
    }
}

/// A refusal with the state of the allowance that it is counted by.
fn with_state(problem: Problem, standing: AllowanceState) -> Response {
    let mut response = problem.into_response();
    response.extensions_mut().insert(standing);
    response
}
