//! What the agency does to a claim: it takes it up, answers it, writes a message.

use serde::Serialize;

use super::{AgencyCall, address};
use crate::api::call_context::PreconditionHeader;
use crate::api::idempotency_key;
use crate::app::claims::answer_as_sent;
use crate::app::{App, SubmittedDocument};
use crate::domain::agency_key::AgencyScope;
use crate::domain::claim::{ClaimAct, ClaimState};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtClaim;
use crate::http::problem::Result;

const PATH: &str = "/agency/claims/{organiserId}/{crecheId}/{period}/acts";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![idempotency_key::create(PATH, "actOnAgencyClaim", Access::Agency(AgencyScope::ClaimsAnswer), act)]
}

/// What was done, and where the claim stands after it.
#[derive(Serialize)]
struct DoneBody {
    claim: String,
    act: ClaimAct,
    state: ClaimState,
    version: u32,
}

async fn act(
    AgencyCall { app, caller, urls, .. }: AgencyCall,
    Path(AtClaim { organiser, creche, period }): Path<AtClaim>,
    PreconditionHeader(known): PreconditionHeader,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let key = (organiser, creche, period);
    let sent = SubmittedDocument::Json(&document.bytes);
    let (act, after) = answer_as_sent(&app, &caller, key, known, sent).await?;
    let body = DoneBody { claim: address(&urls, key), act, state: after.standing.state, version: after.acts };
    Ok(ResponseBuilder::json(&body).etag(&after.acts.to_string()))
}
