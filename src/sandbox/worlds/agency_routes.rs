//! The operations on the simulated agency of a world.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Worlds;
use super::access::OwnWorld;
use super::agency::policy::{self, AgencyPolicy};
use super::error::WorldError;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::WholeBody;
use crate::http::problem::Result;

/// The routes.
pub(super) fn routes() -> Router<Worlds> {
    Router::new().route("/sandbox/worlds/{worldId}/agency", get(show).put(set).delete(clear))
}

async fn show(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    let open = worlds.registry.open(&world).await?;
    Ok(ResponseBuilder::json(&open.agency.policy()).into_response())
}

/// Sets what the agency does from now on.
async fn set(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld, body: WholeBody) -> Result<Response> {
    let policy = policy::read(&body.bytes)?;
    let open = worlds.registry.open(&world).await?;
    open.agency.set_policy(policy).await.map_err(WorldError::from)?;
    Ok(ResponseBuilder::json(&policy).into_response())
}

/// Has the agency do nothing by itself.
async fn clear(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    let open = worlds.registry.open(&world).await?;
    let stored = open.agency.set_policy(AgencyPolicy::default()).await;
    stored.map_err(WorldError::from)?;
    Ok(ResponseBuilder::no_content().into_response())
}
