//! The whole register as a workbook: dry run, then deposit; and download.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};

use super::PART;
use crate::app::Precondition;
use crate::app::deposit::DepositOptions;
use crate::app::staff::{self, AcceptedRegister, DocumentForm, RegisterDeposit, StaffError};
use crate::console::file_form::FileForm;
use crate::console::findings::{FindingView, cell, finding_views};
use crate::console::form_fields::FieldErrors;
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::console::upload_file::UploadFile;
use crate::console::upload_state::{UploadState, is_markable};
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::http::answer::ResponseBuilder;
use crate::http::answer::marked_workbook;
use crate::http::extract::{BodyLimits, Media};
use crate::http::metrics::Metrics;
use crate::http::problem::Result;
use crate::words::{self, LocalText};

/// The file name of the register.
const FILE: &str = "registre-du-personnel.xlsx";

#[derive(Template)]
#[template(path = "staff/register.html", config = ".config/askama.toml")]
struct RegisterPage {
    frame: PageFrame,
    faults: FieldErrors,
    upload: UploadFile,
    /// The revision that a deposit replaces.
    revision: u64,
    findings: Vec<FindingView>,
    tried: Option<AcceptedRegister>,
}

pub(super) async fn page(visit: PageContext, Extension(limits): Extension<BodyLimits>) -> Result<Response> {
    render_register(&visit, limits, UploadState::Fresh, &Findings::default(), None).await
}

pub(super) async fn send(
    Extension(metrics): Extension<Arc<Metrics>>,
    Extension(limits): Extension<BodyLimits>,
    form: FileForm,
) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, .. } = form;
    let caller = visit.caller(Scope::StaffWrite)?;
    if let Some(why) = missing {
        return render_register(&visit, limits, UploadState::NoFile(why), &Findings::default(), None).await;
    }
    let tries = fields.get("action") != "deposit";
    let deposit = RegisterDeposit {
        form: DocumentForm::Workbook,
        bytes: file.into(),
        options: DepositOptions {
            precondition: Precondition::Known(fields.number("revision").into_iter().collect()),
            dry_run: tries,
            annotate: (fields.get("action") == "mark").then_some(visit.language),
            ..DepositOptions::default()
        },
    };
    match metrics.record_staff_write(staff::deposit(&visit.app, &caller, deposit).await) {
        Ok(done) if tries => {
            let warnings = done.warnings.clone();
            render_register(&visit, limits, UploadState::Good, &warnings, Some(done)).await
        }
        Ok(_) => Ok(visit.done(PART, Notice::RegisterDeposited).await),
        Err(StaffError::Invalid { findings, annotated: Some(workbook) }) if is_markable(&findings) => {
            Ok(marked_workbook(workbook).into_response())
        }
        Err(StaffError::Invalid { findings, .. }) => {
            render_register(&visit, limits, UploadState::refused(&findings), &findings, None).await
        }
        Err(StaffError::Blocked(_)) => {
            render_register(&visit, limits, UploadState::Blocked, &Findings::default(), None).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn render_register(
    visit: &PageContext,
    limits: BodyLimits,
    state: UploadState,
    findings: &Findings,
    tried: Option<AcceptedRegister>,
) -> Result<Response> {
    let caller = visit.caller(Scope::StaffWrite)?;
    let revision = staff::revision(&visit.app, &caller).await?;
    let faults = state.faults(("file", BLOCKED), visit.language);
    let page = RegisterPage {
        frame: PageFrame::at(PART, visit).refusing(&faults, &["file"]),
        faults,
        upload: UploadFile::new(REGISTER, Some(LEFT_OUT), limits),
        revision,
        findings: finding_views(findings, visit.language, cell),
        tried,
    };
    Ok(render_with_status(state.status(), &page))
}

pub(super) async fn download(visit: PageContext) -> Result<ResponseBuilder> {
    let caller = visit.caller(Scope::StaffRead)?;
    let (_, bytes) = staff::as_workbook(&visit.app, &caller).await?;
    Ok(ResponseBuilder::file(Media::Xlsx, FILE, bytes))
}

pub(super) async fn template(visit: PageContext) -> Result<ResponseBuilder> {
    let caller = visit.caller(Scope::StaffRead)?;
    Ok(ResponseBuilder::file(Media::Xlsx, FILE, staff::template(&visit.app, &caller, ROWS).await?))
}

/// The number of formatted rows on each sheet of a workbook to fill in.
const ROWS: usize = 40;

const REGISTER: LocalText = words::staff::REGISTER;
const LEFT_OUT: LocalText = words::staff::LEFT_OUT;
const BLOCKED: LocalText = words::staff::BLOCKED;
