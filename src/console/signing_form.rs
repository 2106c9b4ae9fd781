//! The form with which a person signs a claim, on its own page or with others.

use crate::app::caller::Caller;
use crate::app::claims::{self, AssembledClaim, ClaimDetails, ClaimError, ClaimView, SignRequest, Signer};
use crate::console::claim_changes::figure_pages;
use crate::console::claim_figures::FigureTable;
use crate::console::claim_place::ClaimPlace;
use crate::console::form::Fields;
use crate::console::form_fields::SelectOption;
use crate::console::page_context::PageContext;
use crate::domain::claim::{Acknowledgement, ClaimAct, ClaimRole, ClaimWarning};
use crate::domain::key::Scope;
use crate::http::problem::Result;
use crate::words::{self, Language};

/// What the person can do towards a signature.
pub(super) enum SigningForm {
    /// Nothing now.
    Nothing,
    /// Something is lacking: what keeps it from being signed, in words.
    Incomplete(Vec<String>),
    /// The person has no right to sign.
    NoRight,
    /// The person has to log in again, at this address, since the last time is more than these minutes ago.
    LogIn { at: String, why: String, table: FigureTable, details: Option<ClaimDetails> },
    /// The form.
    Sign {
        table: FigureTable,
        details: Option<ClaimDetails>,
        token: String,
        warnings: Vec<WarningField>,
        is_difference: bool,
    },
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

/// What the person can do towards a signature, with what a refused form had; `prefix` is that of the names of its fields.
pub(super) async fn signing_form(
    visit: &PageContext,
    at: ClaimPlace,
    view: &ClaimView,
    (prefix, fields, is_refused): (&str, &Fields, bool),
) -> Result<SigningForm> {
    let may_act = view.standing.acts_of(ClaimRole::Organiser, visit.app.second_agent).any(|act| act == ClaimAct::Sign);
    let is_signed = view.receipt.is_some();
    let may_repeat = view.standing.may_sign_unchanged();
    if !may_act || (is_signed && !view.has_changed() && !may_repeat) {
        return Ok(SigningForm::Nothing);
    }
    if !visit.acting.mandate.may(Scope::ReportsSign, at.creche) {
        return Ok(SigningForm::NoRight);
    }
    let caller = visit.caller(Scope::ReportsSign)?;
    let assembled = match claims::assemble(&visit.app, &caller, (at.creche, at.period)).await {
        Err(ClaimError::Incomplete) => return Ok(SigningForm::Incomplete(Vec::new())),
        assembled => assembled?,
    };
    if !assembled.is_complete {
        let why = assembled.errors().map(|finding| finding.detail_for_people(visit.language));
        return Ok(SigningForm::Incomplete(why.collect()));
    }
    let table = FigureTable::new(&assembled.content.figures, at.period, visit.language);
    let table = table.with_gross(assembled.content.gross_salary_cents(), visit.language);
    let table = table.linked(at.period, figure_pages(visit, at));
    if signer(visit, &caller).fresh(&visit.app).is_none() {
        let minutes = visit.app.sign_within.as_mins().to_string();
        let why = words::reports::LOG_IN_AGAIN_WHY.get(visit.language).replace("{minutes}", &minutes);
        let at = format!("/console/login/begin?again=1&to={}", at.href());
        return Ok(SigningForm::LogIn { at, why, table, details: assembled.details });
    }
    let token = assembled.token(&visit.app)?;
    let warnings = warning_fields(&assembled, (prefix, fields, is_refused), visit.language);
    Ok(SigningForm::Sign { table, details: assembled.details, token, warnings, is_difference: is_signed })
}

fn warning_fields(
    assembled: &AssembledClaim,
    (prefix, fields, is_refused): (&str, &Fields, bool),
    language: Language,
) -> Vec<WarningField> {
    let field = |warning: &ClaimWarning| {
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
