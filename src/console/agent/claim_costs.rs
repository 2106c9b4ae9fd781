//! The costs of a signed claim one by one, for agents.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::Agent;
use super::claims::href;
use crate::app::App;
use crate::app::claims::{self, ClaimDetails, ClaimError};
use crate::console::addresses::AGENCY_CLAIMS;
use crate::console::page_frame::{PageFrame, render};
use crate::http::extract::Path;
use crate::http::path_parameters::AtClaim;
use crate::http::problem::Result;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/console/agency/claims/{organiserId}/{crecheId}/{period}/costs", get(see))
}

#[derive(Template)]
#[template(path = "agent/claim_costs.html", config = ".config/askama.toml")]
struct CostsPage {
    frame: PageFrame,
    claim: String,
    title: String,
    details: ClaimDetails,
}

async fn see(Agent { session, acting, .. }: Agent, Path(at): Path<AtClaim>) -> Result<Response> {
    let key = at.of_quarter().ok_or(ClaimError::NotSigned)?;
    let (document, details) = claims::signed_costs(&session.app, &acting, key).await?;
    Ok(render(&CostsPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, &session),
        claim: href(at.key()),
        title: format!("{}, {}", document.creche.name, document.quarter.in_words(session.language)),
        details,
    }))
}
