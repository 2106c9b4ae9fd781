//! The salaries of a draft, as a workbook.

use std::sync::Arc;

use axum::Extension;
use axum::response::{IntoResponse as _, Response};

use super::answer_deposit;
use crate::api::DepositQuery;
use crate::api::call_context::{ApiCall, PreconditionHeader};
use crate::api::statements::refused_workbook;
use crate::app::reports::{self, DepositError, DepositOptions, SALARY_FILE, SubmittedReport};
use crate::domain::report::KIND;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, BodyDocument, Media, Path, Query};
use crate::http::metrics::Metrics;
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::Result;
use crate::words::Language;

pub(super) async fn get(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let workbook = reports::salary_workbook(&app, &caller, creche, quarter).await?;
    let tag = format!("{}-xlsx", workbook.revision.unwrap_or(0));
    Ok(ResponseBuilder::file(Media::Xlsx, SALARY_FILE, workbook.bytes).etag(&tag))
}

pub(super) async fn put(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
    Query(DepositQuery { dry_run, correction }): Query<DepositQuery>,
    PreconditionHeader(precondition): PreconditionHeader,
    Extension(metrics): Extension<Arc<Metrics>>,
    document: BodyDocument,
) -> Result<Response> {
    let annotate = (wanted == Media::Xlsx).then_some(Language::Fr);
    let options = DepositOptions { precondition, dry_run, annotate, correction, ..DepositOptions::default() };
    let document = SubmittedReport::Salaries(document.bytes.into());
    let deposited = reports::deposit(&app, &caller, (creche, quarter), document, options).await;
    match metrics.record_deposit(KIND, deposited) {
        Ok(accepted) => Ok(answer_deposit(&accepted, language, &urls).into_response()),
        Err(DepositError::Invalid { findings, annotated: Some(workbook) }) => Ok(refused_workbook(workbook, &findings)),
        Err(refusal) => Err(refusal.into()),
    }
}
