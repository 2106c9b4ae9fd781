//! The operations on the clock of a world.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Worlds;
use super::access::OwnWorld;
use super::error::WorldError;
use super::time::clock_request;
use crate::clock::Clock as _;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, Result};
use crate::words::sandbox_worlds as words;

/// After how many seconds a caller may ask again whether a move has come to its end.
const RETRY_SECONDS: u64 = 1;

/// The routes.
pub(super) fn routes() -> Router<Worlds> {
    Router::new().route("/sandbox/worlds/{worldId}/clock", get(show).post(advance))
}

/// What the clock shows, and its last move.
async fn show(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    let open = worlds.registry.open(&world).await?;
    Ok(ResponseBuilder::json(&open.advances.state()).into_response())
}

/// Moves the clock forward, and answers when everything that fell due is done, or after a time.
async fn advance(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld, body: WholeBody) -> Result<Response> {
    let open = worlds.registry.open(&world).await?;
    let to = clock_request::read(&body.bytes, open.clock.now())?;
    let begun = open.advances.begin(to).map_err(WorldError::from)?;
    let work = begun
        .ok_or_else(|| Problem::unavailable(RETRY_SECONDS, "the clock is being moved").detail(words::BEING_MOVED))?;
    open.spawn(work);
    let state = open.advances.settled().await;
    let answer = ResponseBuilder::json(&state);
    if !state.is_running() {
        return Ok(answer.into_response());
    }
    let address = format!("{}/sandbox/worlds/{}/clock", worlds.registry.shared.base_url(), world.record.id);
    let answer = answer.status(StatusCode::ACCEPTED).header(header::LOCATION, &address);
    Ok(answer.header(header::RETRY_AFTER, &RETRY_SECONDS.to_string()).into_response())
}
