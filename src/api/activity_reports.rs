//! Activity reports: the draft of the claim of a crèche and quarter, and what it lacks.

mod body;
mod salaries;

use std::sync::Arc;

use axum::Extension;

pub(super) use self::body::address;
use self::body::{AcceptedBody, CompletenessBody, EntryBody, ReportBody, RevisionBody};
use super::DepositQuery;
use super::call_context::{ApiCall, PreconditionHeader};
use super::statements::{ListBody, with_outcome};
use crate::app::reports::{self, AcceptedReport, DepositOptions, SubmittedReport};
use crate::app::{App, claims};
use crate::domain::claim::ClaimState;
use crate::domain::key::Scope;
use crate::domain::period::Quarter;
use crate::domain::report::KIND;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, IfNoneMatch, Media, Path, Query};
use crate::http::metrics::Metrics;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtCreche, AtQuarter, AtQuarterRevision};
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::words::Language;

const REPORTS: &str = "/creches/{crecheId}/activityReports";
const REPORT: &str = "/creches/{crecheId}/activityReports/{quarter}";
const REVISIONS: &str = "/creches/{crecheId}/activityReports/{quarter}/revisions";
const REVISION: &str = "/creches/{crecheId}/activityReports/{quarter}/revisions/{revision}";
const SALARIES: &str = "/creches/{crecheId}/activityReports/{quarter}/salaries";
const COMPLETENESS: &str = "/creches/{crecheId}/activityReports/{quarter}/completeness";

pub(super) fn routes() -> Vec<Route<App>> {
    let (read, write) = (Access::Scope(Scope::StatementsRead(KIND)), Access::Scope(Scope::StatementsWrite(KIND)));
    vec![
        Route::get(REPORTS, "listActivityReports", read, list),
        Route::put(REPORT, "putActivityReport", write, put).query(&["dryRun", "correctionReason"]),
        Route::get(REPORT, "getActivityReport", read, get),
        Route::put(SALARIES, "putActivityReportSalaries", write, salaries::put)
            .query(&["dryRun", "correctionReason"])
            .consumes(&[Media::Xlsx, Media::Xls])
            .produces(&[Media::Json, Media::Xlsx]),
        Route::get(SALARIES, "getActivityReportSalaries", read, salaries::get).produces(&[Media::Xlsx]),
        Route::get(REVISIONS, "listActivityReportRevisions", read, revisions),
        Route::get(REVISION, "getActivityReportRevision", read, revision),
        Route::get(COMPLETENESS, "getActivityReportCompleteness", read, completeness),
    ]
}

/// The entity tag of a revision in a state of its report.
fn tag(revision: u32, state: ClaimState) -> String {
    if state == ClaimState::Draft { revision.to_string() } else { format!("{revision}-{}", state.code()) }
}

async fn put(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
    Query(DepositQuery { dry_run, correction }): Query<DepositQuery>,
    PreconditionHeader(precondition): PreconditionHeader,
    Extension(metrics): Extension<Arc<Metrics>>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let options = DepositOptions { precondition, dry_run, correction, ..DepositOptions::default() };
    let document = SubmittedReport::Json(document.bytes.into());
    let deposited = reports::deposit(&app, &caller, (creche, quarter), document, options).await;
    Ok(answer_deposit(&metrics.record_deposit(KIND, deposited)?, language, &urls))
}

/// The answer to an accepted deposit.
fn answer_deposit(accepted: &AcceptedReport, language: Language, urls: &Urls) -> ResponseBuilder {
    let answer = ResponseBuilder::json(&AcceptedBody::of(accepted, language, urls)).language(language);
    let tag = accepted.revision.map(|revision| tag(revision, accepted.state));
    with_outcome(answer, (accepted.written, tag), || address(urls, accepted.creche.id, accepted.quarter))
}

async fn get(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let current = reports::current_revision(&app, &caller, creche, quarter).await?;
    let (current, state) = current.ok_or_else(|| Problem::not_found("quarter"))?;
    let of_current = tag(current, state);
    if known.has(&of_current) {
        return Ok(ResponseBuilder::not_modified(&of_current));
    }
    let stored = reports::read(&app, &caller, creche, quarter, None).await?;
    let stored = stored.ok_or_else(|| Problem::not_found("quarter"))?;
    let tag = tag(stored.entry.revision, stored.state);
    let body = ReportBody::of(stored, address(&urls, creche, quarter), language, &urls);
    Ok(ResponseBuilder::json(&body).etag(&tag).language(language))
}

async fn revision(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtQuarterRevision { creche, quarter, revision }): Path<AtQuarterRevision>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let current = reports::current_revision(&app, &caller, creche, quarter).await?;
    let of_current = |(current, state)| (revision <= current).then(|| tag(revision, state));
    if let Some(tag) = current.and_then(of_current).filter(|tag| known.has(tag)) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    let stored = reports::read(&app, &caller, creche, quarter, Some(revision)).await?;
    let stored = stored.ok_or_else(|| Problem::not_found("revision"))?;
    let tag = tag(revision, stored.state);
    let body = ReportBody::of(stored, body::revision_address(&urls, creche, quarter, revision), language, &urls);
    Ok(ResponseBuilder::json(&body).etag(&tag).language(language))
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtCreche { creche }): Path<AtCreche>,
) -> Result<ResponseBuilder> {
    let found = reports::list(&app, &caller, creche).await?;
    let standings = claims::standings(&app, &caller).await?;
    let state = |quarter: Quarter| {
        standings.get(&(creche, quarter.into())).map_or(ClaimState::Draft, |standing| standing.state)
    };
    let items = found.iter().map(|entry| EntryBody::of(entry, state(entry.quarter), creche, &urls)).collect();
    let this = urls.api(format_args!("/creches/{creche}/{}", KIND.collection()));
    Ok(ResponseBuilder::json(&ListBody { this, items }))
}

async fn revisions(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let found = reports::revisions(&app, &caller, creche, quarter).await?;
    if found.is_empty() {
        return Err(Problem::not_found("quarter"));
    }
    let items = found.into_iter().rev().map(|entry| RevisionBody::of(&entry, creche, &urls)).collect();
    let this = format!("{}/revisions", address(&urls, creche, quarter));
    Ok(ResponseBuilder::json(&ListBody { this, items }))
}

async fn completeness(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let found = reports::completeness(&app, &caller, creche, quarter).await?;
    Ok(ResponseBuilder::json(&CompletenessBody::of(&found, quarter, language, &urls)).language(language))
}
