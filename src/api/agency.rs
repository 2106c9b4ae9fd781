//! The agency's side: claims of all organisers, what is done to them, and the feed of what happened. For agents who are logged
//! in, and for the agency's software with a key that the operator issued.

mod acts;
mod changes;
mod claim;
mod claims;
mod lines;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::domain::period::Quarter;
use crate::http::operation_table::Route;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::ids::{CrecheId, OrganiserId};

pub(super) fn routes() -> Vec<Route<App>> {
    [claims::routes(), claim::routes(), lines::routes(), acts::routes(), changes::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// The caller of the agency, and the root of the response's addresses.
struct AgencyCall {
    app: App,
    caller: AgencyCaller,
    urls: Urls,
}

impl FromRequestParts<App> for AgencyCall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = AgencyCaller::from_request_parts(parts, app).await?;
        let Ok(urls) = Urls::from_request_parts(parts, app).await;
        Ok(Self { app: app.clone(), caller, urls })
    }
}

/// The address of a claim.
fn address(urls: &Urls, (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter)) -> String {
    urls.api(format_args!("/agency/claims/{organiser}/{creche}/{quarter}"))
}
