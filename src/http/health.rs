//! How well the gateway can serve, looked up no more often than need be.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Mutex;

use super::Gateway;

/// How well the gateway can serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Health {
    /// As it should.
    Up,
    /// It serves, but something that it leans on does not work as it should.
    Degraded,
    /// It cannot.
    Down,
}

/// How long a finding about our health is repeated: everybody may ask, and asking costs a look at the database.
const FRESH: Duration = Duration::from_secs(2);

/// The last finding.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastHealth(Arc<Mutex<Option<(Instant, Health)>>>);

impl LastHealth {
    /// The finding of now, or the last one when it is fresh.
    pub(crate) async fn check<G: Gateway>(&self, gateway: &G) -> Health {
        let mut last = self.0.lock().await;
        if let Some((_, health)) = last.filter(|(at, _)| at.elapsed() < FRESH) {
            return health;
        }
        let health = tokio::time::timeout(FRESH, gateway.health()).await.unwrap_or(Health::Down);
        *last = Some((Instant::now(), health));
        health
    }
}
