//! The claim of a quarter: where it stands, what has changed since the signature, and the receipt. Keys read; persons sign, on
//! a page of the console.

use super::activity_reports::address;
use super::call_context::ApiCall;
use super::signature_bodies::{ClaimBody, needs_person, receipt_answer};
use crate::app::claims;
use crate::app::{App, creches};
use crate::domain::key::Scope;
use crate::domain::report::KIND;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::{Problem, Result};

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

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let view = claims::view(&app, &caller, (creche, quarter.into())).await?;
    let report = address(&urls, creche, quarter);
    let addresses = (format!("{report}/claim"), format!("{report}/receipt"));
    Ok(ResponseBuilder::json(&ClaimBody::of(view, addresses, &urls)))
}

async fn receipt(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let found = claims::receipt_of(&app, &caller, (creche, quarter.into())).await?;
    receipt_answer(&found.ok_or_else(|| Problem::not_found("quarter"))?, wanted, language, &urls)
}

/// Never signs: a key cannot.
async fn sign(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    creches::find(&app, &caller, creche).await?;
    Err(needs_person(&urls, creche, quarter.into()))
}
