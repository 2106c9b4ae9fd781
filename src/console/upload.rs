//! The month as a workbook, uploaded by a user: validated and stored like one that software sends.

use std::sync::Arc;

use askama::Template;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};

use super::correction::{CORRECTION, correction_choices, correction_reason};
use super::file_form::FileForm;
use super::findings::{FindingView, cell, finding_views};
use super::form::Fields;
use super::form_fields::{FieldErrors, SelectOption};
use super::kinds::{StatementPages, SumTable, month_route};
use super::month::{MonthHead, RevisionRow};
use super::page_context::PageContext;
use super::page_frame::{PageFrame, render_with_status};
use super::upload_file::UploadFile;
use super::upload_state::{UploadState, is_markable};
use crate::app::caller::Caller;
use crate::app::statements::{
    self, AcceptedStatement, DepositError, DepositOptions, DocumentForm, StatementDeposit, WriteOutcome,
};
use crate::app::{App, Precondition, creches};
use crate::domain::claim::CorrectionReason;
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::period::Month;
use crate::domain::statement::StatementKey;
use crate::http::answer::marked_workbook;
use crate::http::extract::{BodyLimits, Path};
use crate::http::metrics::Metrics;
use crate::http::path_parameters::AtMonth;
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::words::{self, LocalText};

pub(super) fn routes<S: StatementPages>() -> Router<App> {
    // The handler limits the body itself.
    let routes = get(page::<S>).post(send::<S>).layer(DefaultBodyLimit::disable());
    Router::new().route(&month_route::<S>("/upload"), routes)
}

#[derive(Template)]
#[template(path = "upload.html", config = ".config/askama.toml")]
struct UploadPage {
    frame: PageFrame,
    head: MonthHead,
    upload: UploadFile,
    /// The revision that a deposit replaces.
    replaces: Option<RevisionRow>,
    /// The reasons of a correction, where the month is signed.
    corrections: Vec<SelectOption>,
    state: UploadState,
    findings: Vec<FindingView>,
    faults: FieldErrors,
    sums: Option<SumTable>,
}

/// The revision that a deposit would replace.
pub(super) async fn replaces_revision<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<Option<RevisionRow>> {
    let last = statements::revisions::<S>(&visit.app, caller, creche, month).await?.pop();
    Ok(last.map(|last| RevisionRow::of(last, visit.language)))
}

/// The revision that the user agrees to replace.
pub(super) fn precondition(fields: &Fields) -> Precondition {
    fields.number("replace").map_or(Precondition::None, |revision| Precondition::Known(vec![revision]))
}

/// Redirects to the month's page with a notice.
pub(super) async fn redirect_with_notice<T>(
    visit: &PageContext,
    head: &MonthHead,
    accepted: &AcceptedStatement<T>,
) -> Response {
    let unchanged = accepted.written == WriteOutcome::Unchanged;
    let notice = if unchanged { Notice::StatementUnchanged } else { Notice::StatementDeposited };
    visit.done(&head.at, notice).await
}

async fn page<S: StatementPages>(
    visit: PageContext,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Extension(limits): Extension<BodyLimits>,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsWrite(S::KIND))?;
    let at = (creche, month, limits, None);
    render_upload::<S>(&visit, &caller, at, UploadState::Fresh, &Findings::default(), None).await
}

async fn send<S: StatementPages>(
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Extension(metrics): Extension<Arc<Metrics>>,
    Extension(limits): Extension<BodyLimits>,
    form: FileForm,
) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, .. } = form;
    let caller = visit.caller(Scope::StatementsWrite(S::KIND))?;
    let at = (creche, month, limits, correction_reason(&fields));
    if let Some(why) = missing {
        return render_upload::<S>(&visit, &caller, at, UploadState::NoFile(why), &Findings::default(), None).await;
    }
    let marked = fields.get("action") == "mark";
    let deposit = StatementDeposit {
        creche,
        month,
        form: DocumentForm::Workbook,
        bytes: file.into(),
        options: DepositOptions {
            precondition: precondition(&fields),
            dry_run: marked,
            annotate: marked.then_some(visit.language),
            correction: correction_reason(&fields),
            ..DepositOptions::default()
        },
    };
    let verdict = statements::deposit::<S>(&visit.app, &caller, deposit).await;
    match metrics.record_deposit(S::KIND, verdict) {
        Ok(accepted) if marked => {
            render_upload::<S>(&visit, &caller, at, UploadState::Good, &accepted.warnings, Some(&accepted.totals)).await
        }
        Ok(accepted) => {
            let head = MonthHead::new::<S>(accepted.creche.clone(), month, visit.language);
            Ok(redirect_with_notice(&visit, &head, &accepted).await)
        }
        Err(DepositError::Invalid { findings, annotated: Some(workbook) }) if is_markable(&findings) => {
            Ok(marked_workbook(workbook).into_response())
        }
        Err(DepositError::Invalid { findings, .. }) => {
            render_upload::<S>(&visit, &caller, at, UploadState::refused(&findings), &findings, None).await
        }
        Err(DepositError::Blocked(_)) => {
            render_upload::<S>(&visit, &caller, at, UploadState::Blocked, &Findings::default(), None).await
        }
        Err(DepositError::Locked) => {
            render_upload::<S>(&visit, &caller, at, UploadState::Locked, &Findings::default(), None).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn render_upload<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    (creche, month, limits, chosen): (CrecheId, Month, BodyLimits, Option<CorrectionReason>),
    state: UploadState,
    findings: &Findings,
    totals: Option<&S::Totals>,
) -> Result<Response> {
    let creche = creches::find(&visit.app, caller, creche).await?;
    let creche_id = creche.id;
    let replaces = replaces_revision::<S>(visit, caller, creche_id, month).await?;
    let sums = match totals {
        Some(totals) => Some(S::sums(totals, &S::names(visit).await?, visit.language)),
        None => None,
    };
    let faults = state.faults(("replace", BLOCKED), visit.language);
    let key = StatementKey { creche: creche_id, kind: S::KIND, month };
    let page = UploadPage {
        frame: PageFrame::at(S::WORDS.part(), visit).refusing(&faults, &["file", "replace", CORRECTION]),
        faults,
        head: MonthHead::new::<S>(creche, month, visit.language),
        upload: UploadFile::new(MONTH, None, limits),
        replaces,
        corrections: correction_choices(visit, caller, key, chosen).await?,
        state,
        findings: finding_views(findings, visit.language, cell),
        sums,
    };
    Ok(render_with_status(state.status(), &page))
}

const MONTH: LocalText = words::upload::MONTH;
const BLOCKED: LocalText = words::upload::BLOCKED;
