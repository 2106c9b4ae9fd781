//! An attachment of a signed claim, for agents.

use axum::Router;
use axum::routing::get;

use super::Agent;
use crate::app::App;
use crate::app::claims;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::Path;
use crate::http::path_parameters::AtClaimAttachment;
use crate::http::problem::Result;

pub(super) fn routes() -> Router<App> {
    let path = "/console/agency/claims/{organiserId}/{crecheId}/{period}/attachments/{attachmentId}";
    Router::new().route(path, get(download))
}

async fn download(
    Agent { session, acting, .. }: Agent,
    Path(AtClaimAttachment { organiser, creche, period, attachment }): Path<AtClaimAttachment>,
) -> Result<ResponseBuilder> {
    let claim = (organiser, creche, period);
    Ok(stored_file(claims::open_attachment(&session.app, &acting, claim, attachment).await?))
}
