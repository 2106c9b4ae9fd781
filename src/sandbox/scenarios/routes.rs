//! The published catalogue.

use axum::Router;
use axum::routing::get;
use serde_json::json;

use super::catalogue::{Scenario, ScenarioEntry};
use crate::app::App;
use crate::http::answer::ResponseBuilder;

/// Where the catalogue is.
const CATALOGUE: &str = "/sandbox/scenarios";

/// The route of the catalogue.
pub(crate) fn routes() -> Router<App> {
    Router::new().route(CATALOGUE, get(list))
}

/// Every scenario: what it applies to, its words in three languages, and the problem that it produces.
async fn list() -> ResponseBuilder {
    let items: Vec<_> = Scenario::all().map(ScenarioEntry::from).collect();
    ResponseBuilder::json(&json!({ "items": items }))
}
