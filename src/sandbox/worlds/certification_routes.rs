//! The operations on the certification in a world.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::Worlds;
use super::access::OwnWorld;
use super::certification::{self, CertificationError, Certifications};
use super::world::World;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::words::sandbox_certification as words;

/// The routes.
pub(super) fn routes() -> Router<Worlds> {
    Router::new()
        .route("/sandbox/certification/cases", get(async || ResponseBuilder::json(&certification::published_cases())))
        .route("/sandbox/worlds/{worldId}/certification", get(show).post(begin))
        .route("/sandbox/worlds/{worldId}/certification/reports", post(report))
        .route("/sandbox/worlds/{worldId}/certification/junit", get(show_junit))
        .merge(certification::pages())
}

/// Brings the world back to its beginning and begins a run.
async fn begin(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld, body: WholeBody) -> Result<Response> {
    let wish = certification::read_request(&body.bytes)?;
    let run = certifications(&worlds, &world)?.begin(wish).await?;
    Ok(ResponseBuilder::json(&run).status(StatusCode::CREATED).into_response())
}

/// The run, and what the software is to do next.
async fn show(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    Ok(ResponseBuilder::json(&certifications(&worlds, &world)?.show().await?).into_response())
}

/// Judges the present step.
async fn report(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld, body: WholeBody) -> Result<Response> {
    let report = certification::read_report(&body.bytes)?;
    Ok(ResponseBuilder::json(&certifications(&worlds, &world)?.report(report).await?).into_response())
}

/// The run in the form of JUnit.
async fn show_junit(State(worlds): State<Worlds>, OwnWorld { world, .. }: OwnWorld) -> Result<Response> {
    let run = certifications(&worlds, &world)?.show().await?;
    Ok(([(header::CONTENT_TYPE, "application/xml")], certification::junit(&run)).into_response())
}

fn certifications<'a>(worlds: &'a Worlds, world: &'a World) -> Result<Certifications<'a>> {
    let issuer = worlds.issuer.get().ok_or_else(|| Problem::internal("the gateway is not assembled"))?;
    Ok(Certifications { registry: &worlds.registry, world, issuer, issued: &worlds.issued })
}

impl From<CertificationError> for Problem {
    fn from(error: CertificationError) -> Self {
        match error {
            CertificationError::NotBegun => Self::new(ProblemType::ResourceNotFound).detail(words::NOT_BEGUN),
            CertificationError::OtherStep => Self::new(ProblemType::BadRequest).detail(words::OTHER_STEP),
            CertificationError::NoMonth => Self::new(ProblemType::BadRequest).detail(words::NO_MONTH),
            CertificationError::World(error) => error.into(),
            CertificationError::Stage(error) => Self::internal(error),
        }
    }
}
