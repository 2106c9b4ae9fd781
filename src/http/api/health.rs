//! Whether the gateway can serve its callers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::operations::{Access, Route};

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
pub(in crate::http) struct LastHealth(Arc<Mutex<Option<(Instant, Health)>>>);

impl LastHealth {
    async fn check<G: Gateway>(&self, gateway: &G) -> Health {
        let mut last = self.0.lock().await;
        if let Some((_, health)) = last.filter(|(at, _)| at.elapsed() < FRESH) {
            return health;
        }
        let health = tokio::time::timeout(FRESH, gateway.health()).await.unwrap_or(Health::Down);
        *last = Some((Instant::now(), health));
        health
    }
}

#[derive(Serialize)]
struct HealthBody {
    status: Health,
}

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![
        Route::get("/health", "checkHealth", Access::Open, check_health::<G>),
        Route::get("/health/live", "checkLiveness", Access::Open, check_liveness),
    ]
}

/// Whether the process answers at all. Nothing else is looked at: where it cannot serve because of its database, starting
/// it again would not help.
async fn check_liveness() -> ResponseBuilder {
    ResponseBuilder::json(&HealthBody { status: Health::Up })
}

async fn check_health<G: Gateway>(
    State(gateway): State<G>,
    Extension(pulse): Extension<LastHealth>,
) -> ResponseBuilder {
    let status = pulse.check(&gateway).await;
    let code = if status == Health::Down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    ResponseBuilder::json(&HealthBody { status }).status(code)
}
