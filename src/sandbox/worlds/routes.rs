//! The operations on worlds. They are no part of the contract: `schemas/sandbox/sandbox.openapi.yaml` describes them.

use std::num::NonZeroU32;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde_json::json;

use super::Worlds;
use super::access::{OwnWorld, WorldPath, page_cookie, required_secret, wrong_secret};
use super::description::{DescribedWorld, ListedWorld};
use super::error::WorldError;
use super::export;
use super::secret::WorldSecret;
use super::world::World;
use super::world_request;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Path, WholeBody};
use crate::http::origin::RequestOrigin;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::session::Cookie;
use crate::words::sandbox_worlds as words;

/// Where the gateway writes what the front refuses.
pub(super) const REFUSED: &str = "/sandbox/worlds/-/refused";
/// After how many seconds a caller may try again when as many worlds are open as may be.
const RETRY_SECONDS: u64 = 10;
/// The description of these operations.
const CONTRACT: &str = include_str!("../../../schemas/sandbox/sandbox.openapi.yaml");

macro_rules! schemas {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../../../schemas/sandbox/", $name, ".schema.json")))),*]
    };
}

/// The schemas to which the description refers, served beside it.
const SCHEMAS: [(&str, &str); 6] = schemas![
    "world-request",
    "clock-request",
    "agency-policy",
    "scenario-request",
    "certification-request",
    "certification-report"
];

/// Why the front does not pass a request on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refused {
    /// The page opens only with the secret of the world.
    Closed,
    /// The world was deleted meanwhile.
    Unknown,
    /// As many worlds are in use as may be open.
    TooManyOpen,
    /// The world could not be opened.
    Failed,
}

/// How many worlds each address may make.
pub(super) struct CreationLimit(DefaultKeyedRateLimiter<std::net::IpAddr>);

impl CreationLimit {
    pub(super) fn new(per_hour: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_hour(per_hour)))
    }

    pub(super) fn take(&self, origin: &RequestOrigin) -> Result<()> {
        self.0.retain_recent();
        let taken = self.0.check_key(&origin.address());
        taken.map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            Problem::new(ProblemType::TooManyRequests).retry_after(wait).detail(words::TOO_MANY_MADE)
        })
    }
}

/// The routes of worlds.
pub(super) fn routes() -> Router<Worlds> {
    let contract = [(header::CONTENT_TYPE, "application/yaml")];
    let beside = |router: Router<Worlds>, (name, text): (&str, &'static str)| {
        let answer = async move || ([(header::CONTENT_TYPE, "application/schema+json")], text);
        router.route(&format!("/sandbox/worlds/{name}.schema.json"), get(answer))
    };
    SCHEMAS
        .into_iter()
        .fold(Router::new(), beside)
        .route("/sandbox/worlds", get(list).post(create))
        .route("/sandbox/worlds/openapi.yaml", get(async move || (contract, CONTRACT)))
        .route("/sandbox/worlds/{worldId}", get(show).delete(delete))
        .route("/sandbox/worlds/{worldId}/reset", post(reset))
        .route("/sandbox/worlds/{worldId}/export", get(export_world))
        .route("/sandbox/worlds/{worldId}/session", post(open_pages).delete(close_pages))
        .route(REFUSED, axum::routing::any(refused))
}

/// Makes a world: with the secret of the request, or with a new one.
async fn create(
    State(worlds): State<Worlds>,
    headers: HeaderMap,
    Extension(origin): Extension<RequestOrigin>,
    body: WholeBody,
) -> Result<Response> {
    let is_given = headers.contains_key(header::AUTHORIZATION);
    let given = is_given.then(|| required_secret(&headers)).transpose()?;
    let known = given.as_ref().is_none_or(|secret| !worlds.registry.of_secret(secret).is_empty());
    if !known {
        return Err(wrong_secret());
    }
    let wish = world_request::read(&body.bytes, worlds.registry.shared.today())?;
    worlds.limit.take(&origin)?;
    let secret = given.unwrap_or_else(WorldSecret::generate);
    let world = worlds.builder.create(&worlds.registry, &secret, wish).await?;
    let described = describe(&worlds, &world, Some(&secret)).await?;
    let location = format!("{}/sandbox/worlds/{}", worlds.registry.shared.base_url(), world.record.id);
    let response = ResponseBuilder::json(&described).status(StatusCode::CREATED);
    Ok(response.header(header::LOCATION, &location).into_response())
}

/// The worlds that the secret of the request opens.
async fn list(State(worlds): State<Worlds>, headers: HeaderMap) -> Result<Response> {
    let secret = required_secret(&headers)?;
    let listed = worlds.registry.of_secret(&secret);
    let items: Vec<_> = listed.iter().map(|world| ListedWorld::new(&worlds.registry.shared, &world.record)).collect();
    Ok(ResponseBuilder::json(&json!({ "items": items })).into_response())
}

async fn show(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    Ok(ResponseBuilder::json(&describe(&worlds, &world, None).await?).into_response())
}

/// Brings the world back to its beginning, with the same keys.
async fn reset(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    world.reset().await?;
    Ok(ResponseBuilder::json(&describe(&worlds, &world, None).await?).into_response())
}

async fn delete(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    worlds.registry.delete(&world).await?;
    Ok(ResponseBuilder::no_content().into_response())
}

async fn export_world(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    let open = worlds.registry.open(&world).await?;
    let archive = export::archive(&world, &open).await?;
    let name = format!("attachment; filename=\"world-{}.zip\"", world.record.id);
    let headers = [(header::CONTENT_TYPE, "application/zip"), (header::CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, archive).into_response())
}

/// Opens the pages of the world to the browser that asks.
async fn open_pages(State(worlds): State<Worlds>, OwnWorld { world, secret }: OwnWorld) -> Result<Response> {
    let cookie = page_cookie(&worlds, &world, &secret);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Closes the pages of the world to the browser that asks.
async fn close_pages(State(worlds): State<Worlds>, _: Path<WorldPath>) -> Response {
    let cookie = Cookie::World.clear(worlds.registry.shared.base_url().starts_with("https:"));
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}

async fn describe(worlds: &Worlds, world: &World, secret: Option<&WorldSecret>) -> Result<DescribedWorld> {
    let open = worlds.registry.open(world).await?;
    let secret = secret.map(|secret| secret.expose().to_owned());
    Ok(DescribedWorld::new(&worlds.registry.shared, &world.record, &open, secret).await?)
}

/// Writes what the front refuses.
async fn refused(request: Request) -> Problem {
    match request.extensions().get() {
        None | Some(Refused::Unknown) => Problem::new(ProblemType::ResourceNotFound),
        Some(Refused::Closed) => Problem::new(ProblemType::NoAccessToken).detail(words::PAGES_CLOSED),
        Some(Refused::TooManyOpen) => WorldError::TooManyOpen.into(),
        Some(Refused::Failed) => Problem::internal("a world could not be opened"),
    }
}

impl From<WorldError> for Problem {
    fn from(error: WorldError) -> Self {
        match error {
            WorldError::Unknown => Self::not_found("worldId"),
            WorldError::NoRoom => Self::unavailable(3600, "as many worlds as there may be").detail(words::NO_ROOM),
            WorldError::TooManyOpen => {
                Self::unavailable(RETRY_SECONDS, "as many worlds open as may be").detail(words::TOO_MANY_OPEN)
            }
            WorldError::Failed(error) => Self::internal(error),
        }
    }
}
