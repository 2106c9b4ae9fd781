//! One signed claim: its figures as they were signed, what was done, answered and written, and its attachments.

use serde::Serialize;

use super::claims::SignedBody;
use super::{AgencyCall, address};
use crate::api::signature_bodies::ActBody;
use crate::app::App;
use crate::app::claims::{self, AgencyClaim};
use crate::app::reports::Attachment;
use crate::domain::agency_key::AgencyScope;
use crate::domain::claim::{ClaimAct, ClaimInput, ClaimState};
use crate::domain::kinds::{attendance, medical};
use crate::domain::period::Month;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::{Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtClaim, AtClaimAttachment};
use crate::http::problem::Result;

const ONE: &str = "/agency/claims/{organiserId}/{crecheId}/{period}";
const ATTACHMENT: &str = "/agency/claims/{organiserId}/{crecheId}/{period}/attachments/{attachmentId}";
/// The media types of attachments.
const FILES: &[Media] = &[Media::Pdf, Media::Jpeg, Media::Png, Media::Docx, Media::Xlsx, Media::Odt, Media::Ods];

pub(super) fn routes() -> Vec<Route<App>> {
    let read = Access::Agency(AgencyScope::ClaimsRead);
    vec![
        Route::get(ONE, "getAgencyClaim", read, get),
        Route::get(ATTACHMENT, "getAgencyClaimAttachment", read, attachment).produces(FILES),
    ]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClaimBody {
    #[serde(rename = "self")]
    this: String,
    version: u32,
    state: ClaimState,
    /// What the caller may do now.
    possible_acts: Vec<ClaimAct>,
    #[serde(flatten)]
    signed: SignedBody,
    acts: Vec<ActBody>,
    lines: Vec<LinesBody>,
    attachments: Vec<AttachmentBody>,
}

/// The address of the lines of a month.
#[derive(Serialize)]
struct LinesBody {
    kind: &'static str,
    month: Month,
    href: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentBody {
    href: String,
    name: String,
    media_type: &'static str,
    size: u64,
    sha256: String,
}

fn lines(input: &ClaimInput, claim: &str) -> Option<LinesBody> {
    let month = input.month?;
    let kinds = [(attendance::KIND, "attendanceLines"), (medical::KIND, "consultationLines")];
    let (kind, lines) = kinds.into_iter().find(|(kind, _)| kind.collection() == input.resource)?;
    Some(LinesBody { kind: kind.name(), month, href: format!("{claim}/{lines}/{month}") })
}

fn attachment_body(attachment: &Attachment, claim: &str) -> AttachmentBody {
    AttachmentBody {
        href: format!("{claim}/attachments/{}", attachment.id),
        name: attachment.name.as_str().to_owned(),
        media_type: attachment.kind.media_type(),
        size: attachment.size,
        sha256: attachment.sha256.clone(),
    }
}

async fn get(
    AgencyCall { app, caller, urls, .. }: AgencyCall,
    Path(AtClaim { organiser, creche, period }): Path<AtClaim>,
) -> Result<ResponseBuilder> {
    let key = (organiser, creche, period);
    let found = claims::open(&app, &caller, key).await?;
    let possible_acts = found.possible_acts(caller.role(), app.second_agent);
    let AgencyClaim { standing, version, acts, receipt, gross_salary_cents, attachments, .. } = found;
    let this = address(&urls, key);
    let body = ClaimBody {
        version,
        state: standing.state,
        possible_acts,
        acts: acts.into_iter().map(ActBody::from).collect(),
        lines: receipt.document.inputs.iter().filter_map(|input| lines(input, &this)).collect(),
        attachments: attachments.iter().map(|attachment| attachment_body(attachment, &this)).collect(),
        signed: SignedBody::new(receipt.document, receipt.sha256, gross_salary_cents),
        this,
    };
    Ok(ResponseBuilder::json(&body).etag(&version.to_string()))
}

async fn attachment(
    AgencyCall { app, caller, .. }: AgencyCall,
    Path(AtClaimAttachment { organiser, creche, period, attachment }): Path<AtClaimAttachment>,
) -> Result<ResponseBuilder> {
    Ok(stored_file(claims::open_attachment(&app, &caller, (organiser, creche, period), attachment).await?))
}
