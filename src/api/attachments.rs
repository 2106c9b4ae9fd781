//! The attachments of activity reports. A file is sent as the whole body; its name is in `Content-Disposition`.

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

use super::activity_reports::address;
use super::call_context::ApiCall;
use super::idempotency_key;
use super::statements::ListBody;
use crate::app::App;
use crate::app::files::SentFile;
use crate::app::reports::{self, Attachment};
use crate::domain::claim::CorrectionReason;
use crate::domain::key::Scope;
use crate::domain::period::Quarter;
use crate::domain::report::KIND;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::{BodyDocument, Media, Parameters, Path, Query, QueryReader, SentFileName};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtAttachment, AtQuarter};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::{CrecheId, FileId};
use crate::words;

const LIST: &str = "/creches/{crecheId}/activityReports/{quarter}/attachments";
const ONE: &str = "/creches/{crecheId}/activityReports/{quarter}/attachments/{attachmentId}";
/// The media types of attachments.
pub(super) const FILES: &[Media] =
    &[Media::Pdf, Media::Jpeg, Media::Png, Media::Docx, Media::Xlsx, Media::Odt, Media::Ods, Media::Bytes];

pub(super) fn routes() -> Vec<Route<App>> {
    let (read, write) = (Access::Scope(Scope::StatementsRead(KIND)), Access::Scope(Scope::StatementsWrite(KIND)));
    let add = idempotency_key::create(LIST, "addActivityReportAttachment", write, add);
    vec![
        Route::get(LIST, "listActivityReportAttachments", read, list),
        add.query(&["correctionReason"]).consumes(FILES),
        Route::get(ONE, "getActivityReportAttachment", read, get).produces(&FILES[..FILES.len() - 1]),
        Route::delete(ONE, "deleteActivityReportAttachment", write, delete).query(&["correctionReason"]),
    ]
}

/// Why a signed report is changed.
struct Correction(Option<CorrectionReason>);

impl Parameters for Correction {
    fn read(query: &mut QueryReader) -> Self {
        Self(query.optional("correctionReason", words::api::CORRECTION_REASONS))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentBody {
    href: String,
    id: FileId,
    name: String,
    media_type: &'static str,
    size: u64,
    sha256: String,
    added_at: Timestamp,
}

impl AttachmentBody {
    fn of(attachment: &Attachment, (creche, quarter): (CrecheId, Quarter), urls: &Urls) -> Self {
        Self {
            href: format!("{}/attachments/{}", address(urls, creche, quarter), attachment.id),
            id: attachment.id,
            name: attachment.name.as_str().to_owned(),
            media_type: attachment.kind.media_type(),
            size: attachment.size,
            sha256: attachment.sha256.clone(),
            added_at: attachment.added_at,
        }
    }
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
) -> Result<ResponseBuilder> {
    let found = reports::attachments(&app, &caller, (creche, quarter)).await?;
    let items = found.iter().map(|one| AttachmentBody::of(one, (creche, quarter), &urls)).collect();
    Ok(ResponseBuilder::json(&ListBody { this: format!("{}/attachments", address(&urls, creche, quarter)), items }))
}

async fn add(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtQuarter { creche, quarter }): Path<AtQuarter>,
    Query(Correction(correction)): Query<Correction>,
    SentFileName(name): SentFileName,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let sent = SentFile { name, bytes: document.bytes.to_vec() };
    let added = reports::add_attachment(&app, &caller, (creche, quarter), sent, correction).await?;
    let body = AttachmentBody::of(&added, (creche, quarter), &urls);
    Ok(ResponseBuilder::json(&body).status(StatusCode::CREATED).header(header::LOCATION, &body.href))
}

async fn get(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtAttachment { creche, quarter, attachment }): Path<AtAttachment>,
) -> Result<ResponseBuilder> {
    Ok(stored_file(reports::read_attachment(&app, &caller, (creche, quarter), attachment).await?))
}

async fn delete(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtAttachment { creche, quarter, attachment }): Path<AtAttachment>,
    Query(Correction(correction)): Query<Correction>,
) -> Result<ResponseBuilder> {
    reports::remove_attachment(&app, &caller, (creche, quarter), attachment, correction).await?;
    Ok(ResponseBuilder::no_content())
}
