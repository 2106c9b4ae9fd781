//! The page of a claim: what is signed and by whom it is answered, and the form with which a person signs. It is the same for
//! the report of a quarter and for a month of consultations.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::de::DeserializeOwned;

use super::claim_changes::{changes, figure_pages, other_changes};
use super::claim_figures::{ActReader, ActRow, ChangeRow, FigureTable, act_rows, state_look};
use super::claim_place::{ClaimPlace, ClaimWords};
use super::form::{Fields, PageForm};
use super::form_fields::FieldErrors;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, render_with_status};
use super::signing_form::{SigningForm, refusal_reason, sign_request, signer, signing_form};
use crate::app::App;
use crate::app::claims::{self, ActView, ClaimError, ClaimView, MAX_REASON, Receipt};
use crate::domain::claim::{AcknowledgedWarning, ClaimAct, ClaimRole, ClaimState, claimed_kind};
use crate::domain::key::{Deployment, Scope};
use crate::domain::notice::Notice;
use crate::domain::period::Period;
use crate::http::answer::{ResponseBuilder, receipt_check, receipt_file};
use crate::http::extract::{Media, Path};
use crate::http::problem::{Problem, Result};
use crate::words;

/// The path of a claim's page, with the names of its parts.
pub(super) trait ClaimPath: DeserializeOwned + Into<ClaimPlace> + Send + 'static {}

impl<P: DeserializeOwned + Into<ClaimPlace> + Send + 'static> ClaimPath for P {}

/// The routes of the page `page`; those of its forms and receipts begin with `base`.
pub(super) fn routes<P: ClaimPath>(page_path: &str, base: &str) -> Router<App> {
    Router::new()
        .route(page_path, get(page::<P>).post(sign::<P>))
        .route(&format!("{page_path}.pdf"), get(unsigned_pdf::<P>))
        .route(&format!("{base}/withdraw"), post(withdraw::<P>))
        .route(&format!("{base}/message"), post(message::<P>))
        .route(&format!("{base}/receipt"), get(receipt::<P>))
        .route(&format!("{base}/receipt.pdf"), get(receipt_pdf::<P>))
}

#[derive(Template)]
#[template(path = "claim_page.html", config = ".config/askama.toml")]
struct ClaimPage {
    frame: PageFrame,
    creche: String,
    title: String,
    words: &'static ClaimWords,
    /// The address of its part of the console.
    part: &'static str,
    /// The page on which what is signed is prepared.
    edit: String,
    /// The page itself.
    href: String,
    /// What the addresses of its forms begin with.
    base: String,
    state: &'static str,
    look: &'static str,
    /// What is true of every signature here, or of this claim.
    notices: Vec<&'static str>,
    /// Why a form was refused.
    refusal: Option<&'static str>,
    /// Why the agency returned it.
    returned: Option<String>,
    form: SigningForm,
    signed: Option<SignedView>,
    changes: Vec<ChangeRow>,
    /// What else has changed, in words.
    other_changes: Vec<&'static str>,
    acts: Vec<ActRow>,
    can_withdraw: bool,
    can_write: bool,
    message: String,
    reason: String,
    most: usize,
}

/// What is signed.
struct SignedView {
    at: String,
    sha256: String,
    code: String,
    check: String,
    download: String,
    table: FigureTable,
    /// The sentence of each warning, and why it was signed nevertheless.
    warnings: Vec<(String, &'static str)>,
}

async fn page<P: ClaimPath>(visit: PageContext, Path(at): Path<P>) -> Result<Response> {
    render_claim(&visit, at.into(), None, &Fields::default()).await
}

async fn sign<P: ClaimPath>(Path(at): Path<P>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let at: ClaimPlace = at.into();
    let caller = visit.caller(Scope::ReportsSign)?;
    let request = sign_request("", &fields);
    match claims::sign(&visit.app, &signer(&visit, &caller), (at.creche, at.period), request).await {
        Ok(_) => Ok(visit.done(&at.href(), signed_notice(at.period)).await),
        Err(refusal) => refused(&visit, at, refusal, &fields).await,
    }
}

async fn withdraw<P: ClaimPath>(Path(at): Path<P>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let at: ClaimPlace = at.into();
    let caller = visit.caller(Scope::ReportsSign)?;
    match claims::withdraw(&visit.app, &caller, (at.creche, at.period), fields.get("reason")).await {
        Ok(()) => Ok(visit.done(&at.href(), withdrawn_notice(at.period)).await),
        Err(refusal) => refused(&visit, at, refusal, &fields).await,
    }
}

async fn message<P: ClaimPath>(Path(at): Path<P>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let at: ClaimPlace = at.into();
    let caller = visit.caller(at.write())?;
    match claims::write_message(&visit.app, &caller, (at.creche, at.period), fields.get("message")).await {
        Ok(()) => Ok(visit.done(&at.href(), Notice::ClaimMessageWritten).await),
        Err(refusal) => refused(&visit, at, refusal, &fields).await,
    }
}

async fn receipt<P: ClaimPath>(visit: PageContext, Path(at): Path<P>) -> Result<ResponseBuilder> {
    let receipt = read_receipt(&visit, at.into()).await?;
    Ok(receipt_file(&receipt, Media::Json, receipt.text()?))
}

async fn receipt_pdf<P: ClaimPath>(visit: PageContext, Path(at): Path<P>) -> Result<ResponseBuilder> {
    let receipt = read_receipt(&visit, at.into()).await?;
    let pdf = claims::receipt_pdf(&receipt, &receipt_check(&visit.urls, &receipt), visit.language)?;
    Ok(receipt_file(&receipt, Media::Pdf, pdf))
}

/// What would be signed now, as a PDF.
async fn unsigned_pdf<P: ClaimPath>(visit: PageContext, Path(at): Path<P>) -> Result<ResponseBuilder> {
    let at: ClaimPlace = at.into();
    let caller = visit.caller(Scope::ReportsSign)?;
    let assembled = match claims::assemble(&visit.app, &caller, (at.creche, at.period)).await {
        Err(ClaimError::Incomplete) => return Err(Problem::not_found(at.parameter())),
        assembled => assembled?,
    };
    if !assembled.is_complete {
        return Err(Problem::not_found(at.parameter()));
    }
    let pdf = claims::unsigned_pdf(&visit.app, &caller, &assembled, visit.language).await?;
    Ok(ResponseBuilder::file(Media::Pdf, &format!("{}-{}.pdf", claimed_kind(at.period).name(), at.period), pdf))
}

async fn read_receipt(visit: &PageContext, at: ClaimPlace) -> Result<Receipt> {
    let caller = visit.caller(at.read())?;
    let found = claims::receipt_of(&visit.app, &caller, (at.creche, at.period)).await?;
    found.ok_or_else(|| Problem::not_found(at.parameter()))
}

const fn signed_notice(period: Period) -> Notice {
    match period {
        Period::Quarter(_) => Notice::ReportSigned,
        Period::Month(_) => Notice::MonthSigned,
    }
}

const fn withdrawn_notice(period: Period) -> Notice {
    match period {
        Period::Quarter(_) => Notice::ReportWithdrawn,
        Period::Month(_) => Notice::MonthWithdrawn,
    }
}

/// The page again, with the reason; failures and crèches out of reach are problems.
async fn refused(visit: &PageContext, at: ClaimPlace, refusal: ClaimError, fields: &Fields) -> Result<Response> {
    let why = refusal_reason(refusal, visit.language)?;
    render_claim(visit, at, Some(why), fields).await
}

async fn render_claim(
    visit: &PageContext,
    at: ClaimPlace,
    refusal: Option<&'static str>,
    fields: &Fields,
) -> Result<Response> {
    let caller = visit.caller(at.read())?;
    let view = claims::view(&visit.app, &caller, (at.creche, at.period)).await?;
    let form = signing_form(visit, at, &view, ("", fields, refusal.is_some())).await?;
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let (language, state) = (visit.language, view.standing.state);
    let may = |act| view.standing.acts_of(ClaimRole::Organiser, visit.app.second_agent).any(|one| one == act);
    let page = ClaimPage {
        frame: frame(visit, at, &form).refused_if(refusal.is_some()),
        creche: view.creche.name.clone(),
        title: at.period.in_words(language),
        words: at.words(),
        part: at.part(),
        edit: at.edit(),
        href: at.href(),
        base: at.base(),
        state: state.label().get(language),
        look: state_look(state),
        notices: notices(visit, at, state),
        refusal,
        returned: view.return_reason().map(str::to_owned),
        form,
        signed: view.receipt.as_ref().map(|receipt| signed_view(visit, at, receipt, &view)),
        changes: changes(&view, language),
        other_changes: other_changes(&view, at, language),
        acts: act_rows(&view.acts, ActReader::Organiser, language),
        can_withdraw: may(ClaimAct::Withdraw) && visit.acting.mandate.may(Scope::ReportsSign, at.creche),
        can_write: may(ClaimAct::Message) && visit.acting.mandate.may(at.write(), at.creche),
        message: fields.get("message").to_owned(),
        reason: fields.get("reason").to_owned(),
        most: MAX_REASON,
    };
    Ok(render_with_status(status, &page))
}

fn notices(visit: &PageContext, at: ClaimPlace, state: ClaimState) -> Vec<&'static str> {
    let sandbox = (visit.app.deployment == Deployment::Sandbox).then_some(words::reports::SANDBOX);
    let refused = (state == ClaimState::Refused).then_some(at.words().refused_for_good);
    sandbox.into_iter().chain(refused).map(|notice| notice.get(visit.language)).collect()
}

/// The frame, with the warnings that lack a reason.
fn frame(visit: &PageContext, at: ClaimPlace, form: &SigningForm) -> PageFrame {
    let frame = PageFrame::at(at.part(), visit);
    let SigningForm::Sign { warnings, .. } = form else { return frame };
    let names: Vec<_> = warnings.iter().map(|warning| warning.name.as_str()).collect();
    let missing = warnings.iter().filter(|warning| warning.is_missing);
    let missing =
        missing.map(|warning| (warning.name.clone(), words::claims::UNACKNOWLEDGED.get(visit.language).to_owned()));
    let faults = FieldErrors(missing.collect());
    frame.refusing(&faults, &names)
}

fn signed_view(visit: &PageContext, at: ClaimPlace, receipt: &Receipt, view: &ClaimView) -> SignedView {
    let remarks = ActView::latest_remarks(&view.acts);
    let table = FigureTable::with_remarks(&receipt.document.figures, remarks, at.period, visit.language);
    let table = table.with_gross(view.signed_gross, visit.language);
    let warning = |warning: &AcknowledgedWarning| {
        (claims::warning_sentence(warning, visit.language), warning.reason.label().get(visit.language))
    };
    SignedView {
        at: date_time(receipt.document.signed_at),
        sha256: receipt.sha256.clone(),
        code: receipt.document.code.to_string(),
        check: receipt_check(&visit.urls, receipt),
        download: format!("{}/receipt", at.base()),
        table: table.linked(at.period, figure_pages(visit, at)),
        warnings: receipt.document.warnings.iter().map(warning).collect(),
    }
}
