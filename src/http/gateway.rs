//! What the HTTP layer needs of the application: authentication, health, the time.

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use super::Health;
use crate::app::agency_keys::{self, AgencyKeyRefusal, VerifiedAgencyKey};
use crate::app::caller::Caller;
use crate::app::keys::KeyRefusal;
use crate::app::sessions::LoggedIn;
use crate::app::{App, InternalError, health, sessions};
use crate::clock::Clock;
use crate::domain::calls::{LoggedRequest, SentBody};

/// The part of the application that the HTTP layer needs; handlers take it as `State`.
pub trait Gateway: Clone + Send + Sync + 'static {
    /// The caller with this key.
    fn authenticate(&self, key: &str) -> impl Future<Output = Result<Caller, KeyRefusal>> + Send;

    /// The key of the agency's software that is sent from this address.
    fn authenticate_agency(
        &self,
        key: &str,
        from: IpAddr,
    ) -> impl Future<Output = Result<VerifiedAgencyKey, AgencyKeyRefusal>> + Send;

    /// The user with this session secret; `None` when there is no such session.
    fn resume(&self, secret: &str) -> impl Future<Output = Result<Option<LoggedIn>, InternalError>> + Send;

    /// Removes the notice that the session's page has displayed.
    fn clear_notice(&self, visitor: &LoggedIn) -> impl Future<Output = Result<(), InternalError>> + Send;

    /// Hands over a call of software that was answered, for its log.
    /// The body, where it is to be logged, is masked before it is kept.
    fn log_request(&self, request: LoggedRequest, body: Option<SentBody>);

    /// Whether the bodies of this caller's calls are logged.
    fn logs_bodies_of(&self, caller: &Caller) -> bool;

    /// The health of the gateway: one query of the database, no more.
    fn health(&self) -> impl Future<Output = Health> + Send;

    /// Machine time.
    fn machine_clock(&self) -> &dyn Clock;
}

/// How long a write may take to begin before health is reported as degraded.
const PATIENCE: Duration = Duration::from_secs(1);

impl Gateway for App {
    async fn authenticate(&self, key: &str) -> Result<Caller, KeyRefusal> {
        self.keys.authenticate(&self.db, &self.clocks, key).await
    }

    async fn authenticate_agency(&self, key: &str, from: IpAddr) -> Result<VerifiedAgencyKey, AgencyKeyRefusal> {
        agency_keys::authenticate(self, key, from).await
    }

    async fn resume(&self, secret: &str) -> Result<Option<LoggedIn>, InternalError> {
        sessions::resume(self, secret).await
    }

    async fn clear_notice(&self, visitor: &LoggedIn) -> Result<(), InternalError> {
        sessions::clear_notice(self, visitor).await
    }

    fn log_request(&self, request: LoggedRequest, body: Option<SentBody>) {
        self.collect_request(request, body);
    }

    fn logs_bodies_of(&self, caller: &Caller) -> bool {
        Self::logs_bodies_of(self, caller)
    }

    fn machine_clock(&self) -> &dyn Clock {
        self.clocks.machine()
    }

    async fn health(&self) -> Health {
        match health::check_database(self, PATIENCE).await {
            health::Health::Up => Health::Up,
            health::Health::Degraded => Health::Degraded,
            health::Health::Down => Health::Down,
        }
    }
}
