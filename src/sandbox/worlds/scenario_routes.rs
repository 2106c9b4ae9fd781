//! The operations on the scenario that is set for the next calls of a world.

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Worlds;
use super::access::OwnWorld;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::WholeBody;
use crate::http::problem::Result;
use crate::sandbox::scenarios::{ScenarioChoice, scenario_request};

/// The routes.
pub(super) fn routes() -> Router<Worlds> {
    let scenario = get(show_scenario).put(set_scenario).delete(clear_scenario);
    Router::new().route("/sandbox/worlds/{worldId}/scenario", scenario)
}

/// The scenario that is set, and for how many calls it still is.
async fn show_scenario(OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    Ok(ResponseBuilder::json(&ScenarioChoice::body(world.scenarios.set.get())).into_response())
}

/// Sets a scenario for the next calls of the world, in the place of one that is set.
async fn set_scenario(OwnWorld { world, .. }: OwnWorld, body: WholeBody) -> Result<Response> {
    let choice = scenario_request::read(&body.bytes)?;
    world.scenarios.set.set(Some(choice));
    Ok(ResponseBuilder::json(&ScenarioChoice::body(Some(choice))).into_response())
}

/// Has the next calls go through as usual.
async fn clear_scenario(OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    world.scenarios.set.set(None);
    Ok(ResponseBuilder::no_content().into_response())
}
