//! The agency's side: claims of all organisers, what is done to them, payments, and the feed of what happened. For agents who are logged
//! in, and for the agency's software with a key that the operator issued.

mod acts;
mod changes;
mod claim;
mod claims;
mod lines;
mod payment_writes;
mod payments;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::domain::period::Period;
use crate::http::operation_table::Route;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::ids::{CrecheId, OrganiserId};
use crate::words::Language;

pub(super) fn routes() -> Vec<Route<App>> {
    [
        claims::routes(),
        claim::routes(),
        lines::routes(),
        acts::routes(),
        changes::routes(),
        payments::routes(),
        payment_writes::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The caller of the agency, the root of the response's addresses and the language of its texts.
struct AgencyCall {
    app: App,
    caller: AgencyCaller,
    urls: Urls,
    language: Language,
}

impl FromRequestParts<App> for AgencyCall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = AgencyCaller::from_request_parts(parts, app).await?;
        let Ok(urls) = Urls::from_request_parts(parts, app).await;
        let Ok(language) = Language::from_request_parts(parts, app).await;
        Ok(Self { app: app.clone(), caller, urls, language })
    }
}

/// The address of a claim.
fn address(urls: &Urls, (organiser, creche, period): (OrganiserId, CrecheId, Period)) -> String {
    urls.api(format_args!("/agency/claims/{organiser}/{creche}/{period}"))
}
