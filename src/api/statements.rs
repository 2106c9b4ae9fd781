//! Statements of every kind: one resource, as JSON or as a workbook.

mod body;
mod deposit_query;
mod signature;

use std::sync::Arc;

use axum::Extension;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

pub(super) use self::body::ListBody;
use self::body::{AcceptedBody, EntryBody, RevisionBody, StatementBody};
pub(super) use self::body::{address, revision_address};
use self::deposit_query::StatementDepositQuery;
pub(super) use self::signature::SignatureOperations;
use super::DepositQuery;
use super::call_context::{ApiCall, PreconditionHeader};
use super::code_list::CodeList;
use crate::app::App;
use crate::app::statements::{
    self as app, DepositError, DepositOptions, DocumentForm, StatementDeposit, StatementFormat, StatementQuery,
    StoredStatement, WriteOutcome,
};
use crate::domain::counting_rule::CountingRule;
use crate::domain::finding::{Findings, Param};
use crate::domain::key::Scope;
use crate::domain::rule::Severity;
use crate::domain::statement::StatementStatus;
use crate::http::answer::{ResponseBuilder, marked_workbook};
use crate::http::extract::{Accept, BodyDocument as Body, IfNoneMatch, Media, Parameters, Path, Query, QueryReader};
use crate::http::metrics::Metrics;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtCreche, AtMonth, AtRevision};
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::words::{self, Language, LocalText};

/// The API's data of a kind of statement.
pub(super) trait StatementOperations: StatementFormat {
    /// Its entries in the table of operations.
    const OPERATIONS: Operations;
    /// The published cases of its rules: documents with their findings.
    const RULE_CASES: &'static str;
    /// The lists of codes of its documents.
    const CODE_LISTS: &'static [CodeList] = &[];
}

/// Path and id of each operation of a kind.
pub(super) struct Operations {
    pub(super) list: (&'static str, &'static str),
    pub(super) put: (&'static str, &'static str),
    pub(super) get: (&'static str, &'static str),
    pub(super) revisions: (&'static str, &'static str),
    pub(super) revision: (&'static str, &'static str),
    pub(super) template: (&'static str, &'static str),
    /// Those on the signature of a month, of a kind that is signed alone.
    pub(super) signature: Option<SignatureOperations>,
    /// The contributions of its lines, among the summaries.
    pub(super) contributions: (&'static str, &'static str),
    /// The rule by which its lines count.
    pub(super) counting_rule: CountingRule,
}

/// The operations of one kind on its statements.
pub(super) fn routes<S: StatementOperations>() -> Vec<Route<App>> {
    let names = S::OPERATIONS;
    let (read, write) = (Access::Scope(Scope::StatementsRead(S::KIND)), Access::Scope(Scope::StatementsWrite(S::KIND)));
    let forms: &[Media] = &[Media::Json, Media::Xlsx];
    let signature = names.signature.iter().flat_map(signature::routes::<S>);
    let statements = vec![
        Route::get(names.list.0, names.list.1, read, list::<S>).query(&["from", "to"]),
        Route::put(names.put.0, names.put.1, write, put::<S>)
            .query(&["dryRun", "rules", "correctionReason"])
            .consumes(&[Media::Json, Media::Xlsx, Media::Xls])
            .produces(forms),
        Route::get(names.get.0, names.get.1, read, get::<S>).produces(forms),
        Route::get(names.revisions.0, names.revisions.1, read, revisions::<S>),
        Route::get(names.revision.0, names.revision.1, read, revision::<S>).produces(forms),
        Route::get(names.template.0, names.template.1, read, template::<S>)
            .query(&["prefill", "lines"])
            .produces(&[Media::Xlsx]),
    ];
    statements.into_iter().chain(signature).collect()
}

async fn put<S: StatementFormat>(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Query(StatementDepositQuery { deposit, rules }): Query<StatementDepositQuery>,
    PreconditionHeader(precondition): PreconditionHeader,
    Extension(metrics): Extension<Arc<Metrics>>,
    body: Body,
) -> Result<Response> {
    let form = if body.media == Media::Json { DocumentForm::Json } else { DocumentForm::Workbook };
    let annotate = (wanted == Media::Xlsx && form == DocumentForm::Workbook).then_some(Language::Fr);
    let DepositQuery { dry_run, correction } = deposit;
    let options = DepositOptions { precondition, dry_run, rules, annotate, correction };
    let deposit = StatementDeposit { creche, month, form, bytes: body.bytes.into(), options };
    match metrics.record_deposit(S::KIND, app::deposit::<S>(&app, &caller, deposit).await) {
        Ok(accepted) => Ok(deposit_answer::<S>(&accepted, language, &urls).into_response()),
        Err(DepositError::Invalid { findings, annotated: Some(workbook) }) => Ok(refused_workbook(workbook, &findings)),
        Err(refusal) => Err(refusal.into()),
    }
}

fn deposit_answer<S: StatementFormat>(
    accepted: &app::AcceptedStatement<S::Totals>,
    language: Language,
    urls: &Urls,
) -> ResponseBuilder {
    let answer = ResponseBuilder::json(&AcceptedBody::of::<S>(accepted, language, urls)).language(language);
    let address = || address::<S>(urls, accepted.creche.id, accepted.month);
    let tag = accepted.revision.map(|revision| tag(revision, accepted.status, Media::Json));
    with_outcome(answer, (accepted.written, tag), address)
}

/// An accepted deposit with the tag of the current revision: 201 with its address the first time, 200 afterwards.
pub(super) fn with_outcome(
    answer: ResponseBuilder,
    (written, tag): (WriteOutcome, Option<String>),
    address: impl FnOnce() -> String,
) -> ResponseBuilder {
    let answer = match tag {
        Some(tag) => answer.etag(&tag),
        None => answer,
    };
    match written {
        WriteOutcome::Created => answer.status(StatusCode::CREATED).header(header::LOCATION, &address()),
        _ => answer,
    }
}

/// The sender's workbook, marked: the one refusal that is not a problem document. The problem's numbers
/// are in headers.
pub(super) fn refused_workbook(workbook: Vec<u8>, findings: &Findings) -> Response {
    let count = |severity| findings.of(severity).map(|finding| finding.count).sum::<usize>().to_string();
    let problem = Problem::bad_request(Findings::default()).kind().entry().urn();
    marked_workbook(workbook)
        .status(StatusCode::BAD_REQUEST)
        .header(header::HeaderName::from_static("passerelle-problem-type"), &problem)
        .header(header::HeaderName::from_static("passerelle-error-count"), &count(Severity::Error))
        .header(header::HeaderName::from_static("passerelle-warning-count"), &count(Severity::Warning))
        .into_response()
}

async fn get<S: StatementFormat>(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let current = app::current_revision::<S>(&app, &caller, creche, month).await?;
    let (current, status) = current.ok_or_else(|| Problem::not_found("month"))?;
    let tag = tag(current, status, wanted);
    if known.has(&tag) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    let stored = app::read::<S>(&app, &caller, creche, month, None).await?;
    let this = address::<S>(&urls, creche, month);
    statement_answer(stored.ok_or_else(|| Problem::not_found("month"))?, this, wanted, language, &urls).await
}

async fn revision<S: StatementFormat>(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtRevision { creche, month, revision }): Path<AtRevision>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let current = app::current_revision::<S>(&app, &caller, creche, month).await?;
    let of_current = |(current, status)| (revision <= current).then(|| tag(revision, status, wanted));
    if let Some(tag) = current.and_then(of_current).filter(|tag| known.has(tag)) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    let stored = app::read::<S>(&app, &caller, creche, month, Some(revision)).await?;
    let this = revision_address::<S>(&urls, creche, month, revision);
    statement_answer(stored.ok_or_else(|| Problem::not_found("revision"))?, this, wanted, language, &urls).await
}

/// A statement in the requested form.
async fn statement_answer<S: StatementFormat>(
    stored: StoredStatement<S>,
    this: String,
    wanted: Media,
    language: Language,
    urls: &Urls,
) -> Result<ResponseBuilder> {
    let tag = tag(stored.entry.deposited.revision, stored.entry.deposited.status, wanted);
    if wanted == Media::Xlsx {
        return Ok(file(app::as_workbook(stored).await?).etag(&tag));
    }
    Ok(ResponseBuilder::json(&StatementBody::of(stored, this, language, urls)).etag(&tag).language(language))
}

/// The entity tag of a revision in one form: two forms are never the same bytes, and JSON has the status as well.
fn tag(revision: u32, status: StatementStatus, form: Media) -> String {
    match (form, status) {
        (Media::Xlsx, _) => format!("{revision}-xlsx"),
        (_, StatementStatus::Locked) => format!("{revision}-locked"),
        _ => revision.to_string(),
    }
}

fn file(workbook: app::StatementWorkbook) -> ResponseBuilder {
    ResponseBuilder::file(Media::Xlsx, &workbook.name, workbook.bytes)
}

async fn list<S: StatementFormat>(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtCreche { creche }): Path<AtCreche>,
    Query(Months(wanted)): Query<Months>,
) -> Result<ResponseBuilder> {
    let found = app::list::<S>(&app, &caller, creche, wanted).await?;
    let items = found.into_iter().map(|entry| EntryBody::of::<S>(entry, creche, &urls)).collect();
    let this = urls.api(format_args!("/creches/{creche}/{}", S::KIND.collection()));
    Ok(ResponseBuilder::json(&ListBody { this, items }))
}

async fn revisions<S: StatementFormat>(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtMonth { creche, month }): Path<AtMonth>,
) -> Result<ResponseBuilder> {
    let found = app::revisions::<S>(&app, &caller, creche, month).await?;
    if found.is_empty() {
        return Err(Problem::not_found("month"));
    }
    let items = found.into_iter().rev().map(|entry| RevisionBody::of::<S>(entry, creche, &urls)).collect();
    let this = format!("{}/revisions", address::<S>(&urls, creche, month));
    Ok(ResponseBuilder::json(&ListBody { this, items }))
}

async fn template<S: StatementFormat>(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Query(Template { prefill, rows }): Query<Template>,
) -> Result<ResponseBuilder> {
    Ok(file(app::template::<S>(&app, &caller, creche, month, prefill, rows).await?))
}

/// The range of months of a list.
struct Months(StatementQuery);

/// The format of a month.
const MONTH: LocalText = words::api::MONTH;
/// The format of a prefill.
const PREFILL: LocalText = words::api::PREFILL;

impl Parameters for Months {
    fn read(query: &mut QueryReader) -> Self {
        Self(StatementQuery { from: query.optional("from", MONTH), to: query.optional("to", MONTH) })
    }
}

/// The content of a template.
struct Template {
    prefill: bool,
    rows: usize,
}

/// The default number of rows of a template.
const ROWS: usize = 40;

impl Parameters for Template {
    fn read(query: &mut QueryReader) -> Self {
        let prefill = query.optional::<String>("prefill", PREFILL).unwrap_or_else(|| "none".to_owned());
        if !matches!(prefill.as_str(), "none" | "previousMonth") {
            query.malformed("prefill", &prefill, Param::Text(PREFILL));
        }
        let rows = query.number("lines", 1..=500).and_then(|rows| usize::try_from(rows).ok()).unwrap_or(ROWS);
        Self { prefill: prefill == "previousMonth", rows }
    }
}
