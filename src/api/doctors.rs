//! The organiser's doctors, and the agreement with each.

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

use super::DryRun;
use super::call_context::{ApiCall, PreconditionHeader};
use super::idempotency_key;
use crate::app::doctors::{self, AgreementError, Doctor, DoctorUpdate, MAX_FILE, WrittenDoctor};
use crate::app::{App, SubmittedDocument};
use crate::domain::doctor::{DoctorSheet, DoctorState};
use crate::domain::finding::{Findings, Param};
use crate::http::answer::{ResponseBuilder, agreement_file};
use crate::http::extract::{BodyDocument, IfNoneMatch, Media, Path, Query};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtDoctor;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::urls::Urls;
use crate::ids::DoctorId;

const LIST: &str = "/doctors";
const ONE: &str = "/doctors/{doctorId}";
const AGREEMENT: &str = "/doctors/{doctorId}/agreement";
/// The media types of an agreement.
const FILES: &[Media] = &[Media::Pdf, Media::Jpeg, Media::Png];

pub(super) fn routes() -> Vec<Route<App>> {
    let (read, write) = (Access::Scope(doctors::READ), Access::Scope(doctors::WRITE));
    vec![
        Route::get(LIST, "listDoctors", read, list),
        idempotency_key::create(LIST, "addDoctor", write, add).query(&["dryRun"]),
        Route::get(ONE, "getDoctor", read, get),
        Route::patch(ONE, "changeDoctor", write, change).query(&["dryRun"]),
        Route::put(AGREEMENT, "putDoctorAgreement", write, put_agreement).consumes(FILES),
        Route::get(AGREEMENT, "getDoctorAgreement", read, get_agreement).produces(FILES),
    ]
}

#[derive(Serialize)]
struct DoctorsBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<DoctorBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DoctorBody {
    href: String,
    id: DoctorId,
    state: DoctorState,
    /// The reason of the agency's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement_stored_at: Option<Timestamp>,
    created_at: Timestamp,
    #[serde(flatten)]
    sheet: DoctorSheet,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
}

impl DoctorBody {
    fn new(doctor: Doctor, written: Option<bool>, urls: &Urls) -> Self {
        let reason = doctor.refusal_reason().map(str::to_owned);
        Self {
            href: urls.api(format_args!("{LIST}/{}", doctor.id)),
            id: doctor.id,
            state: doctor.state,
            reason,
            decided_at: doctor.decided.map(|(_, at)| at),
            agreement_stored_at: doctor.agreed_at,
            created_at: doctor.created_at,
            sheet: doctor.sheet,
            written,
        }
    }
}

/// A doctor after a write.
fn write_answer(WrittenDoctor { doctor, written }: WrittenDoctor, urls: &Urls) -> ResponseBuilder {
    let tag = doctor.version.to_string();
    ResponseBuilder::json(&DoctorBody::new(doctor, Some(written), urls)).etag(&tag)
}

async fn list(ApiCall { app, caller, urls, .. }: ApiCall) -> Result<ResponseBuilder> {
    let found = doctors::list(&app, &caller).await?;
    let items = found.into_iter().map(|doctor| DoctorBody::new(doctor, None, &urls)).collect();
    Ok(ResponseBuilder::json(&DoctorsBody { this: urls.api(LIST), items }))
}

async fn add(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Query(DryRun(dry_run)): Query<DryRun>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let stored = doctors::add(&app, &caller, SubmittedDocument::Json(&document.bytes), dry_run).await?;
    let (written, address) = (stored.written, urls.api(format_args!("{LIST}/{}", stored.doctor.id)));
    let answer = write_answer(stored, &urls);
    Ok(if written { answer.status(StatusCode::CREATED).header(header::LOCATION, &address) } else { answer })
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let found = doctors::find(&app, &caller, id).await?;
    let tag = found.version.to_string();
    if known.has(&tag) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    Ok(ResponseBuilder::json(&DoctorBody::new(found, None, &urls)).etag(&tag))
}

async fn change(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    Query(DryRun(dry_run)): Query<DryRun>,
    PreconditionHeader(precondition): PreconditionHeader,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    Ok(write_answer(
        doctors::change(&app, &caller, id, &precondition, DoctorUpdate::Document(&document.bytes), dry_run).await?,
        &urls,
    ))
}

async fn put_agreement(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    PreconditionHeader(precondition): PreconditionHeader,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    if document.bytes.len() > MAX_FILE {
        return Err(Problem::new(ProblemType::PayloadTooLarge).with("limit", Param::Count(MAX_FILE as u64)));
    }
    let names = || FILES.iter().map(|media| media.mime()).collect::<Vec<_>>().join(", ");
    let other = || Problem::new(ProblemType::UnsupportedMediaType).with("accepted", Param::Code(names()));
    let file = match doctors::inspect_agreement(&caller, document.bytes.to_vec()).await {
        Ok(file) if file.kind.media_type() == document.media.mime() => file,
        Ok(_) | Err(AgreementError::OtherType) => return Err(other()),
        Err(AgreementError::Refused(finding)) => return Err(Problem::bad_request(Findings::from_iter([finding]))),
        Err(AgreementError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(write_answer(doctors::put_agreement(&app, &caller, id, &precondition, file).await?, &urls))
}

async fn get_agreement(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
) -> Result<ResponseBuilder> {
    Ok(agreement_file(doctors::agreement(&app, &caller, id).await?))
}
