//! The rate limit of each host: low, over all endpoints of all organisers together, because the receiver's consent is
//! unknown; higher where the address itself consented to more (CloudEvents, HTTP webhook handshake).

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::address::{host_hash, target_hash};
use super::{Endpoint, WebhookError};
use crate::app::App;

/// The number of counters above which those of idle hosts are dropped.
const TIDY_ABOVE: usize = 4096;

/// The operator's limits for sending.
#[derive(Debug, Clone, Copy)]
pub struct SendingLimits {
    /// The most messages a minute to a host that did not consent to more.
    pub host_per_minute: NonZeroU32,
    /// The most messages an hour to a host from endpoints that are not verified.
    pub unverified_host_per_hour: u64,
}

/// The budget that a message is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SendingBudget {
    /// No limit: the address is the operator's own.
    Unlimited,
    /// That of the host, by its hash.
    Host(String),
    /// That of the address, by its hash, which consented to so many messages a minute.
    Consented { target: String, per_minute: NonZeroU32 },
}

impl SendingBudget {
    /// The budget for messages to an endpoint.
    pub(super) fn of(app: &App, endpoint: &Endpoint) -> Self {
        let Some(url) = endpoint.address().filter(|url| !app.webhook_transport.is_trusted(url)) else {
            return Self::Unlimited;
        };
        match endpoint.stored.allowed_rate.and_then(NonZeroU32::new) {
            Some(per_minute) => Self::Consented { target: target_hash(app.vault.index_key(), &url), per_minute },
            None => Self::Host(host_hash(app.vault.index_key(), &url)),
        }
    }
}

/// Rate limiters by a hash.
type Counters<C> = RateLimiter<String, DefaultKeyedStateStore<String>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The counters of one gateway. All endpoints of a host are served by one gateway at a time.
pub struct HostRates<C: Clock = DefaultClock> {
    clock: C,
    usual: Counters<C>,
    /// For each rate that was consented to.
    consented: Mutex<HashMap<NonZeroU32, Arc<Counters<C>>>>,
}

impl HostRates {
    /// Counters for so many messages a minute to a host that did not consent to more.
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self::with_clock(per_minute, DefaultClock::default())
    }
}

impl<C: Clock + Clone> HostRates<C> {
    fn with_clock(per_minute: NonZeroU32, clock: C) -> Self {
        let usual = RateLimiter::dashmap_with_clock(quota(per_minute), clock.clone());
        Self { clock, usual, consented: Mutex::default() }
    }

    /// Takes a message from its budget, or returns how long to wait for it.
    pub(super) fn take(&self, budget: &SendingBudget) -> Result<(), Duration> {
        match budget {
            SendingBudget::Unlimited => Ok(()),
            SendingBudget::Host(host) => self.count(&self.usual, host),
            SendingBudget::Consented { target, per_minute } => self.count(&self.consented_at(*per_minute), target),
        }
    }

    /// Takes a message to a host from its budget, or returns how long to wait for it.
    ///
    /// # Errors
    /// With the time until the host may get the message.
    pub fn take_from_host(&self, host: &str) -> Result<(), Duration> {
        self.count(&self.usual, &host.to_owned())
    }

    fn count(&self, counters: &Counters<C>, key: &String) -> Result<(), Duration> {
        if counters.len() > TIDY_ABOVE {
            counters.retain_recent();
        }
        counters.check_key(key).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    fn consented_at(&self, per_minute: NonZeroU32) -> Arc<Counters<C>> {
        let mut consented = self.consented.lock().unwrap_or_else(PoisonError::into_inner);
        if consented.len() > TIDY_ABOVE {
            consented.retain(|_, counters| {
                counters.retain_recent();
                !counters.is_empty()
            });
        }
        let new = || Arc::new(RateLimiter::dashmap_with_clock(quota(per_minute), self.clock.clone()));
        Arc::clone(consented.entry(per_minute).or_insert_with(new))
    }
}

impl<C: Clock> std::fmt::Debug for HostRates<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostRates(…)")
    }
}

/// So many a minute, evenly; after a pause, a second's worth at once.
fn quota(per_minute: NonZeroU32) -> Quota {
    let burst = NonZeroU32::new(per_minute.get() / 60).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(per_minute).allow_burst(burst)
}

/// Takes a message that a caller requested (a test, a verification) from its budget.
pub(super) fn take_now(app: &App, budget: &SendingBudget) -> Result<(), WebhookError> {
    app.host_rates.take(budget).map_err(|wait| WebhookError::TooOften { seconds: wait.as_secs() + 1 })
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn number(number: u32) -> NonZeroU32 {
        NonZeroU32::new(number).unwrap()
    }

    /// How many of many messages are let through now.
    fn through(rates: &HostRates<FakeRelativeClock>, budget: &SendingBudget) -> usize {
        (0..5000).filter(|_| rates.take(budget).is_ok()).count()
    }

    #[test]
    fn a_host_gets_its_rate_and_one_that_consents_gets_what_it_consents_to() {
        let clock = FakeRelativeClock::default();
        let rates = HostRates::with_clock(number(600), clock.clone());
        let host = SendingBudget::Host("host".to_owned());
        let consented = SendingBudget::Consented { target: "target".to_owned(), per_minute: number(6000) };
        assert_eq!((through(&rates, &host), through(&rates, &consented)), (10, 100), "a second's worth at once");
        assert_eq!(through(&rates, &SendingBudget::Host("other".to_owned())), 10);
        assert_eq!(through(&rates, &SendingBudget::Unlimited), 5000);
        let wait = rates.take(&host).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(100), "{wait:?}");
        let sent: usize = (0..60)
            .map(|_| {
                clock.advance(Duration::from_secs(1));
                through(&rates, &host)
            })
            .sum();
        assert_eq!(sent, 600);
    }

    #[test]
    fn less_than_one_a_second_is_respected() {
        let clock = FakeRelativeClock::default();
        let rates = HostRates::with_clock(number(2), clock.clone());
        let host = SendingBudget::Host("host".to_owned());
        assert_eq!(through(&rates, &host), 1);
        clock.advance(Duration::from_secs(29));
        assert_eq!(through(&rates, &host), 0);
        clock.advance(Duration::from_secs(1));
        assert_eq!(through(&rates, &host), 1);
    }
}
