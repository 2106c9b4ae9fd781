//! The page of a claim: what is signed and by whom it is answered, and the form with which a person signs.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{READ, WRITE, href};
use crate::app::caller::Caller;
use crate::app::claims::{
    self, ActView, AssembledClaim, ClaimError, ClaimView, MAX_REASON, Receipt, SignRequest, Signer,
};
use crate::console::addresses::REPORTS;
use crate::console::claim_figures::{ActReader, ActRow, ChangeRow, FigureTable, act_rows, change_rows, state_look};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, SelectOption};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render_with_status};
use crate::domain::claim::{Acknowledgement, ClaimAct, ClaimRole, ClaimState};
use crate::domain::key::{Deployment, Scope};
use crate::domain::money::Cents;
use crate::domain::notice::Notice;
use crate::domain::period::Quarter;
use crate::http::answer::{ResponseBuilder, receipt_check, receipt_file};
use crate::http::extract::{Media, Path};
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::{Problem, Result};
use crate::words::{self, Language};

#[derive(Template)]
#[template(path = "reports/claim.html", config = ".config/askama.toml")]
struct ClaimPage {
    frame: PageFrame,
    creche: String,
    title: String,
    /// The page on which the report is prepared.
    edit: String,
    state: &'static str,
    look: &'static str,
    /// What is true of every signature here, or of this claim.
    notices: Vec<&'static str>,
    /// Why a form was refused.
    refusal: Option<&'static str>,
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

/// What the person can do towards a signature.
pub(super) enum SigningForm {
    /// Nothing now.
    Nothing,
    /// It is not complete.
    Incomplete,
    /// The person has no right to sign.
    NoRight,
    /// The person has to log in again, at this address, since the last time is more than these minutes ago.
    LogIn { at: String, why: String, table: FigureTable, gross: Cents },
    /// The form.
    Sign { table: FigureTable, gross: Cents, token: String, warnings: Vec<WarningField>, is_difference: bool },
}

/// A warning, with the reason to sign nevertheless.
pub(super) struct WarningField {
    /// The name of the field of the reason.
    pub(super) name: String,
    pub(super) rule: &'static str,
    /// The name of the field that names the rule.
    pub(super) rule_field: String,
    pub(super) sentences: Vec<String>,
    pub(super) reasons: Vec<SelectOption>,
    pub(super) is_missing: bool,
}

/// What is signed.
struct SignedView {
    at: String,
    sha256: String,
    code: String,
    check: String,
    download: String,
    table: FigureTable,
}

pub(super) async fn page(visit: PageContext, Path(at): Path<AtQuarter>) -> Result<Response> {
    render_claim(&visit, at, None, &Fields::default()).await
}

pub(super) async fn sign(Path(at): Path<AtQuarter>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(Scope::ReportsSign)?;
    let request = sign_request("", &fields);
    match claims::sign(&visit.app, &signer(&visit, &caller), (at.creche, at.quarter), request).await {
        Ok(_) => Ok(visit.done(&claim_href(at), Notice::ReportSigned).await),
        Err(refusal) => refused(&visit, at, refusal, &fields).await,
    }
}

pub(super) async fn withdraw(Path(at): Path<AtQuarter>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(Scope::ReportsSign)?;
    match claims::withdraw(&visit.app, &caller, (at.creche, at.quarter), fields.get("reason")).await {
        Ok(()) => Ok(visit.done(&claim_href(at), Notice::ReportWithdrawn).await),
        Err(refusal) => refused(&visit, at, refusal, &fields).await,
    }
}

pub(super) async fn message(Path(at): Path<AtQuarter>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(WRITE)?;
    match claims::write_message(&visit.app, &caller, (at.creche, at.quarter), fields.get("message")).await {
        Ok(()) => Ok(visit.done(&claim_href(at), Notice::ClaimMessageWritten).await),
        Err(refusal) => refused(&visit, at, refusal, &fields).await,
    }
}

pub(super) async fn receipt(visit: PageContext, Path(at): Path<AtQuarter>) -> Result<ResponseBuilder> {
    let receipt = read_receipt(&visit, at).await?;
    Ok(receipt_file(&receipt, Media::Json, receipt.text()?))
}

pub(super) async fn receipt_pdf(visit: PageContext, Path(at): Path<AtQuarter>) -> Result<ResponseBuilder> {
    let receipt = read_receipt(&visit, at).await?;
    let pdf = claims::receipt_pdf(&receipt, &receipt_check(&visit.urls, &receipt), visit.language)?;
    Ok(receipt_file(&receipt, Media::Pdf, pdf))
}

/// What would be signed now, as a PDF.
pub(super) async fn unsigned_pdf(visit: PageContext, Path(at): Path<AtQuarter>) -> Result<ResponseBuilder> {
    let caller = visit.caller(Scope::ReportsSign)?;
    let assembled = claims::assemble(&visit.app, &caller, at.creche, at.quarter).await?;
    if !assembled.is_complete {
        return Err(ClaimError::Incomplete.into());
    }
    let pdf = claims::unsigned_pdf(&visit.app, &caller, &assembled, visit.language).await?;
    Ok(ResponseBuilder::file(Media::Pdf, &format!("report-{}.pdf", at.quarter), pdf))
}

async fn read_receipt(visit: &PageContext, at: AtQuarter) -> Result<Receipt> {
    let caller = visit.caller(READ)?;
    let found = claims::receipt_of(&visit.app, &caller, (at.creche, at.quarter)).await?;
    found.ok_or_else(|| Problem::not_found("quarter"))
}

pub(super) fn claim_href(AtQuarter { creche, quarter }: AtQuarter) -> String {
    format!("{}/claim", href(creche, quarter))
}

/// What a form asks to sign; `prefix` is that of the names of its fields.
pub(super) fn sign_request(prefix: &str, fields: &Fields) -> SignRequest {
    let reason = |rule: &str| Acknowledgement::from_code(fields.get(&warning_name(prefix, rule)));
    let field = format!("{prefix}rule");
    let rules = fields.all(&field).filter_map(|rule| Some((rule.to_owned(), reason(rule)?)));
    SignRequest { shown: fields.get(&format!("{prefix}shown")).to_owned(), reasons: rules.collect() }
}

/// The name of the field of a warning.
fn warning_name(prefix: &str, rule: &str) -> String {
    format!("{prefix}warning.{rule}")
}

pub(super) fn signer<'a>(visit: &PageContext, caller: &'a Caller) -> Signer<'a> {
    Signer {
        caller,
        user: visit.acting.user,
        assurance: visit.visitor.assurance.clone(),
        authenticated_at: visit.visitor.identity.authenticated_at,
    }
}

/// The page again, with the reason; failures and crèches out of reach are problems.
async fn refused(visit: &PageContext, at: AtQuarter, refusal: ClaimError, fields: &Fields) -> Result<Response> {
    let why = refusal_reason(refusal, visit.language)?;
    render_claim(visit, at, Some(why), fields).await
}

/// Why nothing was signed or withdrawn; failures and crèches out of reach are problems.
pub(super) fn refusal_reason(refusal: ClaimError, language: Language) -> Result<&'static str> {
    let why = match refusal {
        ClaimError::NotPossible { .. } => words::claims::NOT_POSSIBLE,
        ClaimError::Incomplete => words::claims::INCOMPLETE,
        ClaimError::NothingToSign => words::claims::NOTHING_TO_SIGN,
        ClaimError::Outdated => words::claims::OUTDATED,
        ClaimError::Unacknowledged => words::claims::UNACKNOWLEDGED,
        ClaimError::LogInAgain => words::claims::LOG_IN_AGAIN,
        ClaimError::ReasonMissing => words::claims::REASON_MISSING,
        ClaimError::ReasonTooLong => words::claims::REASON_TOO_LONG,
        ClaimError::MessageMissing => words::claims::MESSAGE_MISSING,
        ClaimError::MessageTooLong => words::claims::MESSAGE_TOO_LONG,
        ClaimError::Creche(_)
        | ClaimError::Fault(_)
        | ClaimError::NotSigned
        // Only agents act so.
        | ClaimError::NotIndependent
        | ClaimError::SameAgent
        | ClaimError::RemarksNotTaken
        | ClaimError::RemarkTooLong
        | ClaimError::NeedsPerson
        | ClaimError::Blocked(_)
        | ClaimError::NoFigure(_)
        | ClaimError::NoMonth(_)
        | ClaimError::Invalid(_) => return Err(refusal.into()),
    };
    Ok(why.get(language))
}

async fn render_claim(
    visit: &PageContext,
    at: AtQuarter,
    refusal: Option<&'static str>,
    fields: &Fields,
) -> Result<Response> {
    let caller = visit.caller(READ)?;
    let view = claims::view(&visit.app, &caller, at.creche, at.quarter).await?;
    let form = signing_form(visit, at, &view, ("", fields, refusal.is_some())).await?;
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let (language, state) = (visit.language, view.standing.state);
    let may = |act| view.standing.acts_of(ClaimRole::Organiser, visit.app.second_agent).any(|one| one == act);
    let page = ClaimPage {
        frame: frame(visit, &form).refused_if(refusal.is_some()),
        creche: view.creche.name.clone(),
        title: at.quarter.in_words(language),
        edit: href(at.creche, at.quarter),
        state: state.label().get(language),
        look: state_look(state),
        notices: notices(visit, state),
        refusal,
        form,
        signed: view.receipt.as_ref().map(|receipt| signed_view(visit, at, receipt, &view.acts)),
        changes: change_rows(&view.changes, language),
        other_changes: other_changes(&view, language),
        acts: act_rows(&view.acts, ActReader::Organiser, language),
        can_withdraw: may(ClaimAct::Withdraw) && may_sign(visit, at),
        can_write: may(ClaimAct::Message) && visit.acting.mandate.may(WRITE, at.creche),
        message: fields.get("message").to_owned(),
        reason: fields.get("reason").to_owned(),
        most: MAX_REASON,
    };
    Ok(render_with_status(status, &page))
}

/// What has changed besides figures.
fn other_changes(view: &ClaimView, language: Language) -> Vec<&'static str> {
    let salaries = view.salaries_changed.then_some(words::reports::GROSS_SALARIES_CHANGED);
    let only_revisions = view.has_other_revisions && view.changes.is_empty() && !view.salaries_changed;
    let attachments = view.attachments_changed.then_some(words::reports::ATTACHMENTS_CHANGED);
    let revisions = only_revisions.then_some(words::reports::OTHER_REVISIONS);
    salaries.into_iter().chain(attachments).chain(revisions).map(|change| change.get(language)).collect()
}

fn notices(visit: &PageContext, state: ClaimState) -> Vec<&'static str> {
    let sandbox = (visit.app.deployment == Deployment::Sandbox).then_some(words::reports::SANDBOX);
    let refused = (state == ClaimState::Refused).then_some(words::reports::FINAL_LEAD);
    sandbox.into_iter().chain(refused).map(|notice| notice.get(visit.language)).collect()
}

/// The frame, with the warnings that lack a reason.
fn frame(visit: &PageContext, form: &SigningForm) -> PageFrame {
    let frame = PageFrame::at(REPORTS, visit);
    let SigningForm::Sign { warnings, .. } = form else { return frame };
    let names: Vec<_> = warnings.iter().map(|warning| warning.name.as_str()).collect();
    let missing = warnings.iter().filter(|warning| warning.is_missing);
    let missing =
        missing.map(|warning| (warning.name.clone(), words::claims::UNACKNOWLEDGED.get(visit.language).to_owned()));
    let faults = FieldErrors(missing.collect());
    frame.refusing(&faults, &names)
}

fn may_sign(visit: &PageContext, at: AtQuarter) -> bool {
    visit.acting.mandate.may(Scope::ReportsSign, at.creche)
}

/// What the person can do towards a signature, with what a refused form had; `prefix` is that of the names of its fields.
pub(super) async fn signing_form(
    visit: &PageContext,
    at: AtQuarter,
    view: &ClaimView,
    (prefix, fields, is_refused): (&str, &Fields, bool),
) -> Result<SigningForm> {
    let may_act = view.standing.acts_of(ClaimRole::Organiser, visit.app.second_agent).any(|act| act == ClaimAct::Sign);
    let is_signed = view.receipt.is_some();
    let may_repeat = view.standing.may_sign_unchanged();
    if !may_act || (is_signed && !view.has_changed() && !may_repeat) {
        return Ok(SigningForm::Nothing);
    }
    if !may_sign(visit, at) {
        return Ok(SigningForm::NoRight);
    }
    let caller = visit.caller(Scope::ReportsSign)?;
    let assembled = match claims::assemble(&visit.app, &caller, at.creche, at.quarter).await {
        Err(ClaimError::Incomplete) => return Ok(SigningForm::Incomplete),
        assembled => assembled?,
    };
    if !assembled.is_complete {
        return Ok(SigningForm::Incomplete);
    }
    let table = FigureTable::new(&assembled.content.figures, at.quarter, visit.language);
    let gross = assembled.content.gross_salary_cents;
    if signer(visit, &caller).fresh(&visit.app).is_none() {
        let minutes = visit.app.sign_within.as_mins().to_string();
        let why = words::reports::LOG_IN_AGAIN_WHY.get(visit.language).replace("{minutes}", &minutes);
        let at = format!("/console/login/begin?again=1&to={}", claim_href(at));
        return Ok(SigningForm::LogIn { at, why, table, gross });
    }
    let token = assembled.token(&visit.app)?;
    let warnings = warning_fields(&assembled, (prefix, fields, is_refused), visit.language);
    Ok(SigningForm::Sign { table, gross, token, warnings, is_difference: is_signed })
}

fn warning_fields(
    assembled: &AssembledClaim,
    (prefix, fields, is_refused): (&str, &Fields, bool),
    language: Language,
) -> Vec<WarningField> {
    let field = |warning: &crate::domain::claim::ClaimWarning| {
        let name = warning_name(prefix, warning.rule);
        let chosen = fields.get(&name);
        let of_rule = assembled.warnings().filter(|one| one.rule.code == warning.rule);
        let reason =
            |one: &Acknowledgement| SelectOption::new(one.code(), one.label().get(language), chosen == one.code());
        let choose = SelectOption::new("", words::correction::CHOOSE.get(language), chosen.is_empty());
        WarningField {
            sentences: of_rule.map(|finding| finding.detail_for_people(language)).collect(),
            reasons: std::iter::once(choose).chain(Acknowledgement::ALL.iter().map(reason)).collect(),
            is_missing: is_refused && chosen.is_empty(),
            rule: warning.rule,
            rule_field: format!("{prefix}rule"),
            name,
        }
    };
    assembled.content.warnings.iter().map(field).collect()
}

fn signed_view(visit: &PageContext, at: AtQuarter, receipt: &Receipt, acts: &[ActView]) -> SignedView {
    let quarter: Quarter = at.quarter;
    let remarks = ActView::latest_remarks(acts);
    SignedView {
        at: date_time(receipt.document.signed_at),
        sha256: receipt.sha256.clone(),
        code: receipt.document.code.to_string(),
        check: receipt_check(&visit.urls, receipt),
        download: format!("{}/receipt", href(at.creche, quarter)),
        table: FigureTable::with_remarks(&receipt.document.figures, remarks, quarter, visit.language),
    }
}
