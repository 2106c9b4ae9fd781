//! The implementation of `Gateway` for the application.

use std::time::Duration;

use jiff::civil::Date;

use super::{Gateway, Health};
use crate::app::caller::Caller;
use crate::app::keys::KeyRefusal;
use crate::app::sessions::LoggedIn;
use crate::app::{App, InternalError, health, sessions};

/// How long a write may take to begin before health is reported as degraded.
const PATIENCE: Duration = Duration::from_secs(1);

impl Gateway for App {
    async fn authenticate(&self, key: &str) -> Result<Caller, KeyRefusal> {
        self.keys.authenticate(&self.db, &self.clocks, key).await
    }

    async fn resume(&self, secret: &str) -> Result<Option<LoggedIn>, InternalError> {
        sessions::resume(self, secret).await
    }

    async fn clear_notice(&self, visitor: &LoggedIn) -> Result<(), InternalError> {
        sessions::clear_notice(self, visitor).await
    }

    fn today(&self) -> Date {
        self.clocks.machine().today()
    }

    async fn health(&self) -> Health {
        match health::check_database(self, PATIENCE).await {
            health::Health::Up => Health::Up,
            health::Health::Degraded => Health::Degraded,
            health::Health::Down => Health::Down,
        }
    }
}
