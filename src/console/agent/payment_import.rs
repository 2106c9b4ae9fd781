//! Payments of a file, for agents: checked first, then recorded as they were shown.

use askama::Template;
use axum::Extension;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::Agent;
use crate::app::App;
use crate::app::subsidies::{self, MAX_FILE, PaymentError, PaymentView, RecordedPayments};
use crate::console::addresses::{AGENCY_PAYMENT_IMPORT, AGENCY_PAYMENTS};
use crate::console::file_form::FileForm;
use crate::console::findings::{FindingView, cell, finding_views, line_of};
use crate::console::form_fields::FieldErrors;
use crate::console::page_context::SessionContext;
use crate::console::page_frame::{PageFrame, day, render_with_status};
use crate::console::upload_file::UploadFile;
use crate::domain::finding::{Finding, Findings};
use crate::domain::money::SignedCents;
use crate::domain::notice::Notice;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyLimits, Media};
use crate::http::problem::{Problem, ProblemType, Result};
use crate::words::{Language, payments};

/// The most findings that the page lists.
const MAX_FINDINGS: usize = 500;

pub(super) fn routes() -> Router<App> {
    // The handler limits the body itself.
    let import = get(page).post(send).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(AGENCY_PAYMENT_IMPORT, import)
        .route("/console/agency/payments/template.xlsx", get(template_xlsx))
        .route("/console/agency/payments/template.csv", get(template_csv))
}

/// A payment that would be recorded.
struct PaymentLine {
    creche: String,
    quarter: String,
    label: &'static str,
    paid_on: String,
    amount: String,
    balance: String,
    reference: String,
}

impl PaymentLine {
    fn of(view: &PaymentView, language: Language) -> Self {
        let payment = &view.record.payment;
        Self {
            creche: format!("{} ({})", view.creche, view.one_number),
            quarter: payment.quarter.in_words(language),
            label: payment.payment_type.label().get(language),
            paid_on: day(payment.paid_on),
            amount: payment.amount.with_currency(language),
            balance: payment.balance.map(|balance| balance.with_currency(language)).unwrap_or_default(),
            reference: payment.reference.clone(),
        }
    }
}

/// A file without errors: what would be recorded of it, and the file itself, to be sent again.
struct CheckedFile {
    lines: Vec<PaymentLine>,
    total: String,
    content: String,
}

#[derive(Template)]
#[template(path = "agent/payment_import.html", config = ".config/askama.toml")]
struct ImportPage {
    frame: PageFrame,
    upload: UploadFile,
    faults: FieldErrors,
    findings: Vec<FindingView>,
    /// How many findings are not listed.
    hidden: usize,
    checked: Option<CheckedFile>,
}

/// The page without a file.
fn empty_page(session: &SessionContext, limits: BodyLimits, faults: FieldErrors) -> ImportPage {
    let frame = PageFrame::of_session(AGENCY_PAYMENTS, session).refusing(&faults, &["file"]);
    let upload = UploadFile::new(payments::FILE, Some(payments::IMPORT_COLUMNS), limits);
    // The file is sent a second time as text, which is longer by a third.
    let most_bytes = MAX_FILE.min(upload.most_bytes / 4 * 3);
    let upload =
        UploadFile { formats: payments::IMPORT_FORMATS, endings: ".csv,.txt,.xlsx,.xls", most_bytes, ..upload };
    ImportPage { frame, upload, faults, findings: Vec::new(), hidden: 0, checked: None }
}

async fn page(Agent { session, .. }: Agent, Extension(limits): Extension<BodyLimits>) -> Result<Response> {
    Ok(render_with_status(StatusCode::OK, &empty_page(&session, limits, FieldErrors::default())))
}

async fn send(Extension(limits): Extension<BodyLimits>, form: FileForm<SessionContext>) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, .. } = form;
    let Agent { session, acting, .. } = Agent::of(visit)?;
    let refuse = |why: &str| {
        let page = empty_page(&session, limits, FieldErrors::one("file", why));
        render_with_status(StatusCode::BAD_REQUEST, &page)
    };
    let is_confirmed = !fields.get("content").is_empty();
    let file = match missing {
        _ if is_confirmed => {
            let broken = |_| Problem::new(ProblemType::BadRequest);
            BASE64_STANDARD.decode(fields.get("content")).map_err(broken)?
        }
        Some(why) => return Ok(refuse(why.get(session.language))),
        None => file.to_vec(),
    };
    let page = empty_page(&session, limits, FieldErrors::default());
    if file.len() > page.upload.most_bytes {
        let most = page.upload.size_limit_text(&page.frame);
        return Ok(refuse(&payments::FILE_TOO_LARGE.get(session.language).replace("{most}", &most)));
    }
    let content = if is_confirmed { String::new() } else { BASE64_STANDARD.encode(&file) };
    match subsidies::import(&session.app, &acting.actor(), file, !is_confirmed).await {
        Ok(_) if is_confirmed => {
            Ok(session.redirect_with_notice(AGENCY_PAYMENT_IMPORT, Notice::PaymentsRecorded).await)
        }
        Ok(imported) => Ok(render_with_status(StatusCode::OK, &checked_page(page, &imported, content))),
        Err(PaymentError::Invalid(findings)) => {
            let why = payments::IMPORT_REFUSED.get(session.language);
            let page = with_findings(empty_page(&session, limits, FieldErrors::one("file", why)), findings);
            Ok(render_with_status(StatusCode::BAD_REQUEST, &page))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn checked_page(page: ImportPage, imported: &RecordedPayments, content: String) -> ImportPage {
    let language = page.frame.language;
    let amounts = imported.payments.iter().map(|one| one.record.payment.amount);
    let total = amounts.sum::<SignedCents>().with_currency(language);
    let lines = imported.payments.iter().map(|one| PaymentLine::of(one, language)).collect();
    let page = with_findings(page, imported.warnings.clone());
    ImportPage { checked: Some(CheckedFile { lines, total, content }), ..page }
}

/// The page with findings: those on the file as a whole, then line by line.
fn with_findings(page: ImportPage, findings: Findings) -> ImportPage {
    let mut all: Vec<Finding> = findings.into_iter().collect();
    all.sort_by_key(|finding| (finding.severity, line_of(finding.place()).map(|(line, _)| line)));
    let hidden = all.len().saturating_sub(MAX_FINDINGS);
    all.truncate(MAX_FINDINGS);
    let findings = finding_views(&all.into_iter().collect(), page.frame.language, cell);
    ImportPage { findings, hidden, ..page }
}

async fn template_xlsx(Agent { session, .. }: Agent) -> Result<ResponseBuilder> {
    Ok(ResponseBuilder::file(Media::Xlsx, "paiements.xlsx", subsidies::template_xlsx(&session.app)?))
}

async fn template_csv(_: Agent) -> Result<ResponseBuilder> {
    Ok(ResponseBuilder::file(Media::Csv, "paiements.csv", subsidies::template_csv()))
}
