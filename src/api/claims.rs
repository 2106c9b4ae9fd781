//! The claim of a quarter: where it stands, what has changed since the signature, and the receipt. Keys read; persons sign, on
//! a page of the console.

use jiff::Timestamp;
use serde::Serialize;

use super::activity_reports::address;
use super::call_context::ApiCall;
use super::creches::CrecheReference;
use crate::app::App;
use crate::app::claims::{self, ActView, ClaimView};
use crate::domain::actor::ActorKind;
use crate::domain::claim::{AnswerDetails, ClaimAct, ClaimState, FigureChange, FigureName, FigureRemark};
use crate::domain::key::Scope;
use crate::domain::period::{Month, Quarter};
use crate::domain::report::KIND;
use crate::http::answer::{ResponseBuilder, receipt_check, receipt_file};
use crate::http::extract::{Accept, Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::urls::{CONSOLE_ROOT, Urls};
use crate::ids::CrecheId;

const CLAIM: &str = "/creches/{crecheId}/activityReports/{quarter}/claim";
const RECEIPT: &str = "/creches/{crecheId}/activityReports/{quarter}/receipt";
const SIGNATURE: &str = "/creches/{crecheId}/activityReports/{quarter}/signature";

pub(super) fn routes() -> Vec<Route<App>> {
    let (read, write) = (Access::Scope(Scope::StatementsRead(KIND)), Access::Scope(Scope::StatementsWrite(KIND)));
    vec![
        Route::get(CLAIM, "getActivityReportClaim", read, get),
        Route::get(RECEIPT, "getActivityReportReceipt", read, receipt).produces(&[Media::Json, Media::Pdf]),
        Route::post(SIGNATURE, "signActivityReport", write, sign).consumes(&[]),
    ]
}

/// Where a claim stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClaimBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    quarter: Quarter,
    state: ClaimState,
    /// The page on which persons sign and read.
    page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<SignatureBody>,
    /// Whether something has changed since the signature.
    changed: bool,
    salaries_changed: bool,
    attachments_changed: bool,
    changes: Vec<ChangeBody>,
    acts: Vec<ActBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignatureBody {
    href: String,
    number: u32,
    signed_at: Timestamp,
    sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeBody {
    figure: FigureName,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    signed: u64,
    now: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActBody {
    act: ClaimAct,
    state: ClaimState,
    by: ActorKind,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Of a message: what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    months: Vec<Month>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<FigureRemark>,
}

impl From<&FigureChange> for ChangeBody {
    fn from(change: &FigureChange) -> Self {
        let FigureChange { figure, month, signed, now } = *change;
        Self { figure, month, signed, now }
    }
}

impl From<ActView> for ActBody {
    fn from(ActView { act, state, by, at, reason, details, .. }: ActView) -> Self {
        let AnswerDetails { remarks, months } = details;
        let (reason, text) = if act == ClaimAct::Message { (None, reason) } else { (reason, None) };
        // Which agent or software it was is the agency's own.
        let by = if by.is_agency() { ActorKind::Agent } else { by };
        Self { act, state, by, at, reason, text, months, remarks }
    }
}

impl ClaimBody {
    fn of(view: ClaimView, quarter: Quarter, urls: &Urls) -> Self {
        let creche = view.creche.id;
        let signature = view.receipt.as_ref().map(|receipt| SignatureBody {
            href: format!("{}/receipt", address(urls, creche, quarter)),
            number: receipt.document.signature,
            signed_at: receipt.document.signed_at,
            sha256: receipt.sha256.clone(),
        });
        Self {
            this: format!("{}/claim", address(urls, creche, quarter)),
            creche: CrecheReference::of(&view.creche, urls),
            quarter,
            state: view.standing.state,
            page: signing_page(urls, creche, quarter),
            signature,
            changed: view.has_changed(),
            salaries_changed: view.salaries_changed,
            attachments_changed: view.attachments_changed,
            changes: view.changes.iter().map(ChangeBody::from).collect(),
            acts: view.acts.into_iter().map(ActBody::from).collect(),
        }
    }
}

/// The page on which a person signs.
fn signing_page(urls: &Urls, creche: CrecheId, quarter: Quarter) -> String {
    format!("{}{CONSOLE_ROOT}/creches/{creche}/{}/{quarter}/claim", urls.base(), KIND.name())
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let view = claims::view(&app, &caller, creche, quarter).await?;
    Ok(ResponseBuilder::json(&ClaimBody::of(view, quarter, &urls)))
}

async fn receipt(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let found = claims::receipt_of(&app, &caller, (creche, quarter)).await?;
    let receipt = found.ok_or_else(|| Problem::not_found("quarter"))?;
    if wanted == Media::Pdf {
        let pdf = claims::receipt_pdf(&receipt, &receipt_check(&urls, &receipt), language)?;
        return Ok(receipt_file(&receipt, Media::Pdf, pdf).language(language));
    }
    Ok(receipt_file(&receipt, Media::Json, receipt.text()?))
}

/// Never signs: a key cannot, and persons do on the page, where they see what they sign.
async fn sign(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    crate::app::creches::find(&app, &caller, creche).await?;
    let problem = Problem::new(ProblemType::SignatureNeedsPerson);
    Err(problem.member("page", signing_page(&urls, creche, quarter)))
}
