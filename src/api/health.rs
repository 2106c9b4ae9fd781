//! Health: liveness and readiness.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::health::{Health, HealthCache};
use crate::http::operation_table::{Access, Route};

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

/// Whether the process responds at all. Nothing else is checked: when it cannot serve because of its database, a
/// restart would not help.
async fn check_liveness() -> ResponseBuilder {
    ResponseBuilder::json(&HealthBody { status: Health::Up })
}

async fn check_health<G: Gateway>(
    State(gateway): State<G>,
    Extension(pulse): Extension<HealthCache>,
) -> ResponseBuilder {
    let status = pulse.current_health(&gateway).await;
    let code = if status == Health::Down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    ResponseBuilder::json(&HealthBody { status }).status(code)
}
