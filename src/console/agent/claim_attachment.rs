//! An attachment of a signed claim, for agents.

use axum::Router;
use axum::routing::get;
use serde::Deserialize;

use super::Agent;
use crate::app::App;
use crate::app::claims;
use crate::domain::period::Quarter;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::{CrecheId, FileId, OrganiserId};

pub(super) fn routes() -> Router<App> {
    let path = "/console/agency/claims/{organiserId}/{crecheId}/{quarter}/attachments/{attachmentId}";
    Router::new().route(path, get(download))
}

/// An attachment of a claim, by its address.
#[derive(Clone, Copy, Deserialize)]
struct AttachmentPath {
    #[serde(rename = "organiserId")]
    organiser: OrganiserId,
    #[serde(rename = "crecheId")]
    creche: CrecheId,
    quarter: Quarter,
    #[serde(rename = "attachmentId")]
    attachment: FileId,
}

async fn download(
    Agent { session, acting, .. }: Agent,
    Path(AttachmentPath { organiser, creche, quarter, attachment }): Path<AttachmentPath>,
) -> Result<ResponseBuilder> {
    let claim = (organiser, creche, quarter);
    Ok(stored_file(claims::open_attachment(&session.app, &acting, claim, attachment).await?))
}
