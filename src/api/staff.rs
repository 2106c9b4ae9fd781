//! The staff register: the whole of it, person by person, and its yearly validation.

mod body;

use std::sync::Arc;

use axum::Extension;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use self::body::{DepositedBody, MemberBody, MembersBody, QueryBody, RegisterBody, RevisionsBody, ValidationsBody};
use super::DryRun;
use super::call_context::{ApiCall, PreconditionHeader};
use super::idempotency_key;
use super::statements::refused_workbook;
use crate::app::deposit::DepositOptions;
use crate::app::staff::{self, DocumentForm, RegisterDeposit, StaffError, StaffFilter, WrittenPerson};
use crate::app::{App, SubmittedDocument};
use crate::domain::key::Scope;
use crate::domain::staff::ContractStatus;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, BodyDocument, IfNoneMatch, Media, Parameters, Path, Query, QueryReader};
use crate::http::metrics::Metrics;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtCreche, AtRegisterRevision, AtStaffMember};
use crate::http::problem::{Problem, Result};
use crate::ids::CrecheId;
use crate::words::{self, Language, LocalText};

const MEMBERS: &str = "/staffMembers";
const QUERY: &str = "/staffMembers/query";
const MEMBER: &str = "/staffMembers/{staffMemberId}";
const REGISTER: &str = "/staffRegister";
const REVISIONS: &str = "/staffRegister/revisions";
const REVISION: &str = "/staffRegister/revisions/{revision}";
const TEMPLATE: &str = "/staffRegister/template";
const VALIDATIONS: &str = "/creches/{crecheId}/staffValidations";

pub(super) fn routes() -> Vec<Route<App>> {
    let (read, write) = (Access::Scope(Scope::StaffRead), Access::Scope(Scope::StaffWrite));
    let forms: &[Media] = &[Media::Json, Media::Xlsx];
    vec![
        Route::get(MEMBERS, "listStaffMembers", read, list).query(&["contractStatus", "severalPlaces", "crecheId"]),
        idempotency_key::create(MEMBERS, "addStaffMember", write, add).query(&["dryRun"]),
        Route::post(QUERY, "queryStaffMember", write, query),
        Route::get(MEMBER, "getStaffMember", read, get),
        Route::patch(MEMBER, "changeStaffMember", write, change).query(&["dryRun"]),
        Route::put(REGISTER, "putStaffRegister", write, put_register)
            .query(&["dryRun"])
            .consumes(&[Media::Json, Media::Xlsx, Media::Xls])
            .produces(forms),
        Route::get(REGISTER, "getStaffRegister", read, get_register).produces(forms),
        Route::get(REVISIONS, "listStaffRegisterRevisions", read, revisions).query(&["before", "pageSize"]),
        Route::get(REVISION, "getStaffRegisterRevision", read, revision),
        Route::get(TEMPLATE, "getStaffRegisterTemplate", read, template).query(&["lines"]).produces(&[Media::Xlsx]),
        Route::get(VALIDATIONS, "listStaffValidations", read, validations),
        idempotency_key::create(VALIDATIONS, "validateStaff", write, validate).query(&["dryRun"]),
    ]
}

/// The format of a contract status.
const STANDING: LocalText = words::api::STANDING;
/// The format of a crèche's id.
const CRECHE: LocalText = words::api::THE_ID_OF_A_CRECHE;

impl Parameters for StaffFilter {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            standing: query.many::<ContractStatus>("contractStatus", STANDING),
            several: query.flag("severalPlaces"),
            creche: query.optional::<CrecheId>("crecheId", CRECHE),
        }
    }
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Query(wanted): Query<StaffFilter>,
) -> Result<ResponseBuilder> {
    let found = staff::list(&app, &caller, &wanted).await?;
    let documents = caller.may(Scope::StaffDocumentsRead);
    Ok(ResponseBuilder::json(&MembersBody::new(found, caller.clock.today(), documents, &urls)))
}

async fn get(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtStaffMember { member }): Path<AtStaffMember>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let person = staff::find(&app, &caller, member).await?;
    let tag = person.version.to_string();
    if known.has(&tag) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    let documents = caller.may(Scope::StaffDocumentsRead);
    let body = MemberBody::new(person, caller.clock.today(), documents, &urls);
    Ok(ResponseBuilder::json(&body).etag(&tag).language(language))
}

async fn add(
    call: ApiCall,
    Query(DryRun(dry_run)): Query<DryRun>,
    Extension(metrics): Extension<Arc<Metrics>>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let added = staff::add(&call.app, &call.caller, SubmittedDocument::Json(&document.bytes), dry_run).await;
    let stored = metrics.record_staff_write(added)?;
    let (written, address) = (stored.written, body::address(stored.person.id, &call.urls));
    let answer = write_answer(&call, stored);
    Ok(if written { answer.status(StatusCode::CREATED).header(header::LOCATION, &address) } else { answer })
}

async fn change(
    call: ApiCall,
    Path(AtStaffMember { member }): Path<AtStaffMember>,
    Query(DryRun(dry_run)): Query<DryRun>,
    PreconditionHeader(precondition): PreconditionHeader,
    Extension(metrics): Extension<Arc<Metrics>>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let changed = staff::change(
        &call.app,
        &call.caller,
        member,
        &precondition,
        SubmittedDocument::Json(&document.bytes),
        dry_run,
    )
    .await;
    let stored = metrics.record_staff_write(changed)?;
    Ok(write_answer(&call, stored))
}

/// A person after a write.
fn write_answer(ApiCall { caller, urls, language, .. }: &ApiCall, stored: WrittenPerson) -> ResponseBuilder {
    let tag = stored.person.version.to_string();
    let documents = caller.may(Scope::StaffDocumentsRead);
    let body = MemberBody::after_write(stored, caller.clock.today(), documents, *language, urls);
    ResponseBuilder::json(&body).etag(&tag).language(*language)
}

async fn query(ApiCall { app, caller, .. }: ApiCall, document: BodyDocument) -> Result<ResponseBuilder> {
    Ok(ResponseBuilder::json(&QueryBody::from(
        staff::look_up_number(&app, &caller, SubmittedDocument::Json(&document.bytes)).await?,
    )))
}

async fn put_register(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Query(DryRun(dry_run)): Query<DryRun>,
    PreconditionHeader(precondition): PreconditionHeader,
    Extension(metrics): Extension<Arc<Metrics>>,
    document: BodyDocument,
) -> Result<Response> {
    let form = if document.media == Media::Json { DocumentForm::Json } else { DocumentForm::Workbook };
    let annotate = (wanted == Media::Xlsx && form == DocumentForm::Workbook).then_some(Language::Fr);
    let options = DepositOptions { precondition, dry_run, annotate, ..DepositOptions::default() };
    let deposit = RegisterDeposit { form, bytes: document.bytes.into(), options };
    match metrics.record_staff_write(staff::deposit(&app, &caller, deposit).await) {
        Ok(done) => {
            let answer = ResponseBuilder::json(&DepositedBody::new(&done, language, &urls)).language(language);
            Ok(answer.etag(&done.revision.to_string()).into_response())
        }
        Err(StaffError::Invalid { findings, annotated: Some(workbook) }) => Ok(refused_workbook(workbook, &findings)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The file name of the register.
const FILE: &str = "registre-du-personnel.xlsx";

async fn get_register(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let current = tag(staff::revision(&app, &caller).await?, wanted);
    if known.has(&current) {
        return Ok(ResponseBuilder::not_modified(&current));
    }
    if wanted == Media::Xlsx {
        let (revision, bytes) = staff::as_workbook(&app, &caller).await?;
        return Ok(ResponseBuilder::file(Media::Xlsx, FILE, bytes).etag(&tag(revision, wanted)));
    }
    let register = staff::read(&app, &caller).await?;
    let (tag, this) = (tag(register.revision, wanted), urls.api(REGISTER));
    Ok(ResponseBuilder::json(&RegisterBody::new(register, this, language, &urls)).etag(&tag).language(language))
}

/// The entity tag of a revision in one form: two forms are never the same bytes.
fn tag(revision: u64, form: Media) -> String {
    if form == Media::Xlsx { format!("{revision}-xlsx") } else { revision.to_string() }
}

/// The default and the greatest number of revisions of a page.
const PAGE: (u64, u64) = (50, 100);

/// The query of revisions.
struct RevisionQuery {
    before: Option<u64>,
    page_size: u64,
}

impl Parameters for RevisionQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            before: query.number("before", 1..=u64::MAX >> 1),
            page_size: query.number("pageSize", 1..=PAGE.1).unwrap_or(PAGE.0),
        }
    }
}

async fn revisions(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Query(RevisionQuery { before, page_size }): Query<RevisionQuery>,
) -> Result<ResponseBuilder> {
    let most = u32::try_from(page_size).unwrap_or(u32::MAX);
    let found = staff::revisions(&app, &caller, before, most).await?;
    Ok(ResponseBuilder::json(&RevisionsBody::new(found, (before, page_size, PAGE.0), &urls)))
}

async fn revision(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtRegisterRevision { revision }): Path<AtRegisterRevision>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let (tag, current) = (tag(revision, Media::Json), staff::revision(&app, &caller).await?);
    if (1..=current).contains(&revision) && known.has(&tag) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    let found = staff::read_revision(&app, &caller, revision).await?.ok_or_else(|| Problem::not_found("revision"))?;
    let this = body::revision_address(revision, &urls);
    Ok(ResponseBuilder::json(&RegisterBody::new(found, this, language, &urls)).etag(&tag).language(language))
}

/// How many empty rows are added on each sheet.
struct RowCount(usize);

impl Parameters for RowCount {
    fn read(query: &mut QueryReader) -> Self {
        Self(query.number("lines", 1..=500).and_then(|rows| usize::try_from(rows).ok()).unwrap_or(40))
    }
}

async fn template(
    ApiCall { app, caller, .. }: ApiCall,
    Query(RowCount(rows)): Query<RowCount>,
) -> Result<ResponseBuilder> {
    Ok(ResponseBuilder::file(Media::Xlsx, FILE, staff::template(&app, &caller, rows).await?))
}

async fn validations(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtCreche { creche }): Path<AtCreche>,
) -> Result<ResponseBuilder> {
    let found = staff::yearly_validations(&app, &caller, creche).await?;
    Ok(ResponseBuilder::json(&ValidationsBody::new(&found, language, &urls)).language(language))
}

async fn validate(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtCreche { creche }): Path<AtCreche>,
    Query(DryRun(dry_run)): Query<DryRun>,
    Extension(metrics): Extension<Arc<Metrics>>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let done =
        staff::record_yearly_validation(&app, &caller, creche, SubmittedDocument::Json(&document.bytes), dry_run).await;
    let done = metrics.record_staff_write(done)?;
    let status = if done.written { StatusCode::CREATED } else { StatusCode::OK };
    Ok(ResponseBuilder::json(&ValidationsBody::written(&done, language, &urls)).status(status).language(language))
}
