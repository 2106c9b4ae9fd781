//! What a long poll needs of a request: its place in the limit of long polls, and its credential.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::long_poll::LongPoll;
use crate::app::sessions::LoggedIn;
use crate::http::address::ClientAddress;
use crate::http::counted_caller::CountedCaller;
use crate::http::extract::QueryReader;
use crate::http::long_polls::PollRegistry;
use crate::http::metrics::Metrics;
use crate::http::problem::{Problem, Result};

/// The longest wait, in seconds.
const LONGEST: u64 = 30;

/// The query's `wait`: how long the caller would wait.
pub(super) fn read_wait(query: &mut QueryReader) -> Duration {
    Duration::from_secs(query.number("wait", 0..=LONGEST).unwrap_or(0))
}

/// The registry of long polls, and the credential of the request.
pub(super) struct PollContext {
    registry: Arc<PollRegistry>,
    metrics: Arc<Metrics>,
    address: ClientAddress,
    visitor: Option<LoggedIn>,
}

impl<S: Sync> FromRequestParts<S> for PollContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let parts = &parts.extensions;
        let known = (parts.get::<Arc<PollRegistry>>(), parts.get::<Arc<Metrics>>(), parts.get::<ClientAddress>());
        let (Some(registry), Some(metrics), Some(address)) = known else {
            return Err(Problem::internal("a router without a registry of polls"));
        };
        let (registry, metrics) = (Arc::clone(registry), Arc::clone(metrics));
        Ok(Self { registry, metrics, address: *address, visitor: parts.get().cloned() })
    }
}

impl PollContext {
    /// The session of the caller, if it is logged in.
    pub(super) const fn visitor(&self) -> Option<&LoggedIn> {
        self.visitor.as_ref()
    }

    /// The address of the caller.
    pub(super) const fn address(&self) -> IpAddr {
        self.address.0
    }

    /// The wait of a caller, which is counted among the long polls until it is dropped; one without a wait is not counted.
    pub(super) fn waiting<N>(
        &self,
        caller: CountedCaller,
        wait: Duration,
        renew: N,
    ) -> LongPoll<impl Future<Output = ()> + Send + use<N>, N> {
        let place = (!wait.is_zero()).then(|| (self.registry.enter(caller, self.address), self.metrics.poll_started()));
        let recalled = async move {
            match &place {
                Some((poll, _)) => poll.recalled().await,
                None => std::future::pending().await,
            }
        };
        LongPoll { wait, recalled, renew }
    }
}
