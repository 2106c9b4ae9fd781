//! The salaries of a draft from a workbook: downloaded to be filled in, checked, deposited.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};

use super::{READ, WRITE, href, statement};
use crate::app::caller::Caller;
use crate::app::reports::{self, DepositError, DepositOptions, SALARY_FILE, SubmittedReport};
use crate::app::{Precondition, creches};
use crate::console::addresses::REPORTS;
use crate::console::correction::{CORRECTION, correction_choices, correction_reason};
use crate::console::file_form::FileForm;
use crate::console::findings::{FindingView, cell, finding_views};
use crate::console::form_fields::{FieldErrors, SelectOption};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::console::upload_file::UploadFile;
use crate::console::upload_state::{UploadState, is_markable};
use crate::domain::claim::CorrectionReason;
use crate::domain::finding::Findings;
use crate::domain::notice::Notice;
use crate::domain::report::KIND;
use crate::http::answer::{ResponseBuilder, marked_workbook};
use crate::http::extract::{BodyLimits, Media, Path};
use crate::http::metrics::Metrics;
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::Result;
use crate::words;

#[derive(Template)]
#[template(path = "reports/salaries.html", config = ".config/askama.toml")]
struct SalariesPage {
    frame: PageFrame,
    creche: String,
    title: String,
    /// The address of the report.
    report: String,
    upload: UploadFile,
    /// The revision that a deposit replaces; 0 without one.
    revision: u32,
    /// The reasons of a correction, where the report is signed.
    corrections: Vec<SelectOption>,
    state: UploadState,
    findings: Vec<FindingView>,
    faults: FieldErrors,
}

pub(super) async fn page(
    visit: PageContext,
    Path(at): Path<AtQuarter>,
    Extension(limits): Extension<BodyLimits>,
) -> Result<Response> {
    let caller = visit.caller(WRITE)?;
    render_salaries(&visit, &caller, (at, limits, None), UploadState::Fresh, &Findings::default()).await
}

pub(super) async fn download(visit: PageContext, Path(at): Path<AtQuarter>) -> Result<ResponseBuilder> {
    let caller = visit.caller(READ)?;
    let workbook = reports::salary_workbook(&visit.app, &caller, at.creche, at.quarter).await?;
    Ok(ResponseBuilder::file(Media::Xlsx, SALARY_FILE, workbook.bytes))
}

pub(super) async fn send(
    Path(at): Path<AtQuarter>,
    Extension(metrics): Extension<Arc<Metrics>>,
    Extension(limits): Extension<BodyLimits>,
    form: FileForm,
) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, .. } = form;
    let caller = visit.caller(WRITE)?;
    let render = async |state, findings: &Findings| {
        render_salaries(&visit, &caller, (at, limits, correction_reason(&fields)), state, findings).await
    };
    if let Some(why) = missing {
        return render(UploadState::NoFile(why), &Findings::default()).await;
    }
    let marked = fields.get("action") == "mark";
    let options = DepositOptions {
        precondition: Precondition::of_form(fields.number("version").unwrap_or(0)),
        dry_run: marked,
        annotate: marked.then_some(visit.language),
        correction: correction_reason(&fields),
        ..DepositOptions::default()
    };
    let document = SubmittedReport::Salaries(file.into());
    let deposited = reports::deposit(&visit.app, &caller, (at.creche, at.quarter), document, options).await;
    match metrics.record_deposit(KIND, deposited) {
        Ok(accepted) if marked => render(UploadState::Good, &accepted.warnings).await,
        Ok(_) => Ok(visit.done(&href(at.creche, at.quarter), Notice::ReportSaved).await),
        Err(DepositError::Invalid { findings, annotated: Some(workbook) }) if is_markable(&findings) => {
            Ok(marked_workbook(workbook).into_response())
        }
        Err(DepositError::Invalid { findings, .. }) => render(UploadState::refused(&findings), &findings).await,
        Err(DepositError::Blocked(_)) => render(UploadState::Blocked, &Findings::default()).await,
        Err(DepositError::Locked) => render(UploadState::Locked, &Findings::default()).await,
        Err(refusal) => Err(refusal.into()),
    }
}

async fn render_salaries(
    visit: &PageContext,
    caller: &Caller,
    (AtQuarter { creche, quarter }, limits, chosen): (AtQuarter, BodyLimits, Option<CorrectionReason>),
    state: UploadState,
    findings: &Findings,
) -> Result<Response> {
    let found = creches::find(&visit.app, caller, creche).await?;
    let current = reports::current_revision(&visit.app, caller, creche, quarter).await?;
    let faults = state.faults(("file", words::reports::SALARIES_STALE), visit.language);
    let page = SalariesPage {
        frame: PageFrame::at(REPORTS, visit).refusing(&faults, &["file", CORRECTION]),
        creche: found.name,
        title: quarter.in_words(visit.language),
        report: href(creche, quarter),
        upload: UploadFile::new(words::reports::SALARY_WORKBOOK, Some(words::reports::SALARIES_LEFT_OUT), limits),
        revision: current.map_or(0, |(revision, _)| revision),
        corrections: correction_choices(visit, caller, statement(creche, quarter), chosen).await?,
        state,
        findings: finding_views(findings, visit.language, cell),
        faults,
    };
    Ok(render_with_status(state.status(), &page))
}
