//! The attachments of a report: listed, added, downloaded, removed.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use super::{READ, WRITE, href, statement};
use crate::app::caller::Caller;
use crate::app::creches;
use crate::app::files::SentFile;
use crate::app::reports::{self, AttachmentError};
use crate::console::addresses::REPORTS;
use crate::console::attachment_rows::{AttachmentRow, attachment_rows};
use crate::console::correction::{CORRECTION, correction_choices, correction_reason};
use crate::console::file_form::FileForm;
use crate::console::form_fields::{FieldErrors, SelectOption};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::console::upload_file::UploadFile;
use crate::domain::claim::CorrectionReason;
use crate::domain::notice::Notice;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::{BodyLimits, Path};
use crate::http::path_parameters::{AtAttachment, AtQuarter};
use crate::http::problem::{Problem, Result};
use crate::words;

#[derive(Template)]
#[template(path = "reports/attachments.html", config = ".config/askama.toml")]
struct AttachmentsPage {
    frame: PageFrame,
    creche: String,
    title: String,
    /// The address of the report.
    report: String,
    attachments: Vec<AttachmentRow>,
    writable: bool,
    /// The largest file, in words.
    most: String,
    fault: Option<String>,
    correction_fault: Option<&'static str>,
    /// The reasons of a correction, where the report is signed.
    corrections: Vec<SelectOption>,
}

/// Why a form was refused.
enum Refused {
    /// For its file.
    File(StatusCode, String),
    /// It has no reason for a correction.
    Correction,
}

pub(super) async fn page(
    visit: PageContext,
    Path(at): Path<AtQuarter>,
    Extension(limits): Extension<BodyLimits>,
) -> Result<Response> {
    let caller = visit.caller(READ)?;
    render_attachments(&visit, &caller, (at, limits), None, None).await
}

pub(super) async fn hand_out(
    visit: PageContext,
    Path(AtAttachment { creche, quarter, attachment }): Path<AtAttachment>,
) -> Result<ResponseBuilder> {
    let caller = visit.caller(READ)?;
    Ok(stored_file(reports::read_attachment(&visit.app, &caller, (creche, quarter), attachment).await?))
}

/// Adds the file of the form, or removes the attachment that one of its buttons names.
pub(super) async fn change(
    Path(at): Path<AtQuarter>,
    Extension(limits): Extension<BodyLimits>,
    form: FileForm,
) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, file_name, .. } = form;
    let caller = visit.caller(WRITE)?;
    let (report, correction) = ((at.creche, at.quarter), correction_reason(&fields));
    let (done, notice) = if fields.get("remove").is_empty() {
        if let Some(why) = missing {
            let refused = Refused::File(StatusCode::BAD_REQUEST, why.get(visit.language).to_owned());
            return render_attachments(&visit, &caller, (at, limits), Some(refused), correction).await;
        }
        let sent = SentFile { name: file_name, bytes: file.into() };
        let added = reports::add_attachment(&visit.app, &caller, report, sent, correction).await;
        (added.map(drop), Notice::AttachmentAdded)
    } else {
        let id = fields.get("remove").parse().map_err(|_| Problem::not_found("attachmentId"))?;
        let removed = reports::remove_attachment(&visit.app, &caller, report, id, correction).await;
        (removed, Notice::AttachmentRemoved)
    };
    let refused = match done {
        Ok(()) => {
            return Ok(visit.done(&format!("{}/attachments", href(at.creche, at.quarter)), notice).await);
        }
        Err(AttachmentError::Refused(finding)) => {
            Refused::File(StatusCode::BAD_REQUEST, finding.detail_for_people(visit.language))
        }
        Err(AttachmentError::Locked) => Refused::Correction,
        Err(refusal) => return Err(refusal.into()),
    };
    render_attachments(&visit, &caller, (at, limits), Some(refused), correction).await
}

async fn render_attachments(
    visit: &PageContext,
    caller: &Caller,
    (AtQuarter { creche, quarter }, limits): (AtQuarter, BodyLimits),
    refused: Option<Refused>,
    chosen: Option<CorrectionReason>,
) -> Result<Response> {
    let language = visit.language;
    let (status, fault, correction_fault) = match refused {
        None => (StatusCode::OK, None, None),
        Some(Refused::File(status, why)) => (status, Some(why), None),
        Some(Refused::Correction) => {
            (StatusCode::CONFLICT, None, Some(words::correction::REASON_MISSING.get(language)))
        }
    };
    let faults = match (&fault, correction_fault) {
        (Some(why), _) => FieldErrors::one("file", why),
        (None, Some(why)) => FieldErrors::one(CORRECTION, why),
        (None, None) => FieldErrors::default(),
    };
    let report = href(creche, quarter);
    let attached = reports::attachments(&visit.app, caller, (creche, quarter)).await?;
    let by_body = UploadFile::new(words::reports::ATTACH_A_FILE, None, limits).most_bytes as u64;
    let page = AttachmentsPage {
        frame: PageFrame::at(REPORTS, visit).refusing(&faults, &["file", CORRECTION]),
        creche: creches::find(&visit.app, caller, creche).await?.name,
        title: quarter.in_words(language),
        attachments: attachment_rows(&attached, &report, language),
        report,
        writable: visit.acting.mandate.may(WRITE, creche),
        most: words::size(by_body.min(visit.app.caps.file_bytes.into()), language),
        fault,
        correction_fault,
        corrections: correction_choices(visit, caller, statement(creche, quarter), chosen).await?,
    };
    Ok(render_with_status(status, &page))
}
