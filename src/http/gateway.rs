//! The application at the doors.

use jiff::civil::Date;

use super::Gateway;
use super::api::health::Health;
use crate::app::App;
use crate::app::keys::{Caller, KeyRefusal};

impl Gateway for App {
    async fn authenticate(&self, key: &str) -> Result<Caller, KeyRefusal> {
        self.keys.authenticate(&self.db, self.clock.now(), key).await
    }

    fn today(&self) -> Date {
        self.clock.today()
    }

    async fn health(&self) -> Health {
        match self.db.ping().await {
            Ok(()) => Health::Up,
            Err(_) => Health::Down,
        }
    }
}
