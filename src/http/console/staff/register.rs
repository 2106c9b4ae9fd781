//! The whole register as a workbook: tried first, then deposited; and handed out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::PART;
use crate::app::Precondition;
use crate::app::staff::{self, AcceptedRegister, DocumentForm, RegisterDeposit, StaffError};
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::text::LocalText;
use crate::http::answer::ResponseBuilder;
use crate::http::api::statements::MARKED;
use crate::http::console::entries::FieldErrors;
use crate::http::console::file::FileForm;
use crate::http::console::findings::{FindingView, cell, said};
use crate::http::console::shell::{PageFrame, show_as};
use crate::http::console::upload::{REFUSED, UNMARKED, has_cells};
use crate::http::console::upload_file::UploadFile;
use crate::http::console::visit::PageContext;
use crate::http::extract::{BodyLimits, Media};
use crate::http::metrics::Metrics;
use crate::http::problem::Result;

/// The file name of the register.
const FILE: &str = "registre-du-personnel.xlsx";

#[derive(Template)]
#[template(path = "staff/register.html", config = ".config/askama.toml")]
struct RegisterPage {
    shell: PageFrame,
    faults: FieldErrors,
    upload: UploadFile,
    /// The revision that a deposit replaces.
    revision: u64,
    findings: Vec<FindingView>,
    tried: Option<AcceptedRegister>,
}

/// What became of what was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RegisterState {
    /// Nothing was sent yet.
    Fresh,
    /// There is no file, for this reason.
    NoFile(LocalText),
    /// It has errors.
    Refused,
    /// It is none that could be marked.
    Unreadable,
    /// Somebody else changed the register meanwhile.
    Blocked,
    /// It was only tried, and could be deposited.
    Good,
}

pub(super) async fn page(visit: PageContext, Extension(limits): Extension<BodyLimits>) -> Result<Response> {
    shown(&visit, limits, RegisterState::Fresh, &Findings::default(), None).await
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
        return shown(&visit, limits, RegisterState::NoFile(why), &Findings::default(), None).await;
    }
    let tries = fields.get("action") != "deposit";
    let deposit = RegisterDeposit {
        form: DocumentForm::Workbook,
        bytes: file.into(),
        guard: Precondition::Known(fields.number("revision").into_iter().collect()),
        dry_run: tries,
        annotate: (fields.get("action") == "mark").then_some(visit.language),
    };
    match metrics.counted_staff(staff::deposit(&visit.app, &caller, deposit).await) {
        Ok(done) if tries => {
            let warnings = done.warnings.clone();
            shown(&visit, limits, RegisterState::Good, &warnings, Some(done)).await
        }
        Ok(_) => Ok(visit.done(PART, Notice::RegisterDeposited).await),
        Err(StaffError::Invalid { findings, annotated: Some(workbook) }) if has_cells(&findings) => {
            Ok(ResponseBuilder::file(Media::Xlsx, MARKED, workbook).into_response())
        }
        Err(StaffError::Invalid { findings, .. }) => {
            let state = if has_cells(&findings) { RegisterState::Refused } else { RegisterState::Unreadable };
            shown(&visit, limits, state, &findings, None).await
        }
        Err(StaffError::Blocked(_)) => shown(&visit, limits, RegisterState::Blocked, &Findings::default(), None).await,
        Err(refusal) => Err(refusal.into()),
    }
}

async fn shown(
    visit: &PageContext,
    limits: BodyLimits,
    state: RegisterState,
    findings: &Findings,
    tried: Option<AcceptedRegister>,
) -> Result<Response> {
    let caller = visit.caller(Scope::StaffWrite)?;
    let revision = staff::revision(&visit.app, &caller).await?;
    let status = match state {
        RegisterState::Fresh | RegisterState::Good => StatusCode::OK,
        RegisterState::NoFile(_) | RegisterState::Refused | RegisterState::Unreadable => StatusCode::BAD_REQUEST,
        RegisterState::Blocked => StatusCode::CONFLICT,
    };
    let faults = match state {
        RegisterState::Fresh | RegisterState::Good => FieldErrors::default(),
        RegisterState::NoFile(why) => FieldErrors::one("file", why.get(visit.language)),
        RegisterState::Refused => FieldErrors::one("file", REFUSED.get(visit.language)),
        RegisterState::Unreadable => FieldErrors::one("file", UNMARKED.get(visit.language)),
        RegisterState::Blocked => FieldErrors::one("file", BLOCKED.get(visit.language)),
    };
    let page = RegisterPage {
        shell: PageFrame::at(PART, visit).refusing(&faults, &["file"]),
        faults,
        upload: UploadFile::new(REGISTER, Some(LEFT_OUT), limits),
        revision,
        findings: said(findings, visit.language, cell),
        tried,
    };
    Ok(show_as(status, &page))
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

/// Rows made ready on each sheet of a workbook to fill in.
const ROWS: usize = 40;

const REGISTER: LocalText = LocalText {
    fr: "Classeur Excel du registre",
    nl: "Excel-werkmap van het register",
    en: "Excel workbook of the register",
};
const LEFT_OUT: LocalText = LocalText {
    fr: "Une personne qui n’y figure pas reste telle quelle.",
    nl: "Wie er niet in staat, blijft ongewijzigd.",
    en: "Whoever is not in it stays as before.",
};
const BLOCKED: LocalText = LocalText {
    fr: "Rien n’est déposé\u{a0}: quelqu’un d’autre a modifié le registre entre-temps. Vérifiez à nouveau le fichier avant de le déposer.",
    nl: "Er is niets ingediend: iemand anders heeft het register intussen gewijzigd. Controleer het bestand opnieuw voor u het indient.",
    en: "Nothing is deposited: somebody else changed the register meanwhile. Check the file again before you deposit it.",
};
