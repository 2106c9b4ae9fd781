//! The health of the gateway, cached for a short time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Mutex;

use super::Gateway;

/// The health of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Health {
    /// Everything works.
    Up,
    /// It serves, but a dependency does not work as it should.
    Degraded,
    /// It cannot serve.
    Down,
}

/// How long a result is reused: the address is public, and each check costs a database query.
const FRESH: Duration = Duration::from_secs(2);

/// The last result.
#[derive(Debug, Clone, Default)]
pub(crate) struct HealthCache(Arc<Mutex<Option<(Instant, Health)>>>);

impl HealthCache {
    /// The current health, or the last result while it is fresh.
    pub(crate) async fn current_health<G: Gateway>(&self, gateway: &G) -> Health {
        let mut last = self.0.lock().await;
        if let Some((_, health)) = last.filter(|(at, _)| at.elapsed() < FRESH) {
            return health;
        }
        let health = tokio::time::timeout(FRESH, gateway.health()).await.unwrap_or(Health::Down);
        *last = Some((Instant::now(), health));
        health
    }
}
