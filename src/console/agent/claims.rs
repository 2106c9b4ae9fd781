//! The signed claims, for agents: the list, and one with its figures and the forms to answer it.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::{Agent, payments};
use crate::app::App;
use crate::app::claims::{self, AgencyClaim, ClaimError, ClaimListEntry, MAX_REASON};
use crate::app::subsidies;
use crate::console::addresses::AGENCY_CLAIMS;
use crate::console::claim_figures::{ActRow, ChangeRow, FigureTable, act_rows, change_rows, state_look};
use crate::console::form::{Fields, QueryFields, SessionForm};
use crate::console::form_fields::SelectOption;
use crate::console::page_frame::{PageFrame, date_time, render, render_with_status};
use crate::console::subsidies::PaymentRow;
use crate::domain::claim::{ClaimAct, ClaimRole, ClaimState, differences};
use crate::domain::money::Cents;
use crate::domain::notice::Notice;
use crate::domain::period::Quarter;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::ids::{CrecheId, OrganiserId};
use crate::words::{self, Language};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(AGENCY_CLAIMS, get(list))
        .route("/console/agency/claims/{organiserId}/{crecheId}/{quarter}", get(see).post(answer))
}

/// A claim in the list.
struct ClaimListRow {
    href: String,
    creche: String,
    organiser: String,
    quarter: String,
    since: String,
    days: i64,
    assigned_to: String,
}

#[derive(Template)]
#[template(path = "agent/claims.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    states: Vec<SelectOption>,
    rows: Vec<ClaimListRow>,
    is_cut: bool,
}

async fn list(Agent { session, .. }: Agent, QueryFields(asked): QueryFields) -> Result<Response> {
    let state = ClaimState::from_code(asked.get("state")).unwrap_or(ClaimState::Signed);
    let found = claims::awaiting(&session.app, state).await?;
    let row = |ClaimListEntry { claim, organiser, creche, assigned_to }: ClaimListEntry| ClaimListRow {
        href: href(claim.key.organiser, claim.key.creche, claim.key.quarter),
        creche,
        organiser,
        quarter: claim.key.quarter.in_words(session.language),
        since: date_time(claim.updated_at),
        days: {
            let now = session.app.clocks.business_clock(claim.key.organiser).now();
            now.duration_since(claim.updated_at).as_hours() / 24
        },
        assigned_to: assigned_to.unwrap_or_default(),
    };
    let option = |one: &ClaimState| SelectOption::new(one.code(), one.label().get(session.language), *one == state);
    let signed = ClaimState::ALL.iter().filter(|one| one.is_frozen());
    Ok(render(&ListPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, &session),
        states: signed.map(option).collect(),
        is_cut: found.is_cut,
        rows: found.claims.into_iter().map(row).collect(),
    }))
}

fn href(organiser: OrganiserId, creche: CrecheId, quarter: Quarter) -> String {
    format!("{AGENCY_CLAIMS}/{organiser}/{creche}/{quarter}")
}

/// A claim, by its address.
#[derive(Clone, Copy, Deserialize)]
struct ClaimPath {
    #[serde(rename = "organiserId")]
    organiser: OrganiserId,
    #[serde(rename = "crecheId")]
    creche: CrecheId,
    quarter: Quarter,
}

#[derive(Template)]
#[template(path = "agent/claim.html", config = ".config/askama.toml")]
struct ClaimPage {
    frame: PageFrame,
    href: String,
    creche: String,
    organiser: String,
    one_number: String,
    quarter: String,
    state: &'static str,
    look: &'static str,
    refusal: Option<&'static str>,
    signed_at: String,
    signature: u32,
    table: FigureTable,
    gross: Option<Cents>,
    warnings: Vec<(String, u64, &'static str)>,
    /// What the latest signature changes of the one before.
    changes: Vec<ChangeRow>,
    /// The quarter before, and the same one of the year before, as they are signed.
    compared: Vec<(String, FigureTable)>,
    acts: Vec<ActRow>,
    /// The payments of the quarter.
    payments: Vec<PaymentRow>,
    /// The page on which one is recorded.
    record_payment: String,
    /// The acts that the agent may do now: code, name, whether it refuses.
    answers: Vec<(&'static str, &'static str, bool)>,
    needs_reason: bool,
    reason: String,
    most: usize,
}

async fn see(agent: Agent, Path(at): Path<ClaimPath>) -> Result<Response> {
    render_claim(&agent, at, None, &Fields::default()).await
}

async fn answer(Path(at): Path<ClaimPath>, SessionForm { session, fields }: SessionForm) -> Result<Response> {
    let agent = Agent::of(session)?;
    let act = ClaimAct::from_code(fields.get("act")).filter(|act| act.role() == ClaimRole::Agent);
    let act = act.ok_or_else(|| Problem::not_found("act"))?;
    let signature = fields.number("signature").unwrap_or_default();
    let key = (at.organiser, at.creche, at.quarter);
    let refusal =
        match claims::answer(&agent.session.app, &agent.matricule, key, (act, signature), fields.get("reason")).await {
            Ok(()) => {
                let to = href(at.organiser, at.creche, at.quarter);
                return Ok(agent.session.redirect_with_notice(&to, Notice::ClaimAnswered).await);
            }
            Err(ClaimError::NotPossible { .. }) => words::claims::NOT_POSSIBLE,
            Err(ClaimError::Outdated) => words::claims::OUTDATED,
            Err(ClaimError::ReasonMissing) => words::claims::REASON_MISSING,
            Err(ClaimError::ReasonTooLong) => words::claims::REASON_TOO_LONG,
            Err(refusal) => return Err(refusal.into()),
        };
    render_claim(&agent, at, Some(refusal.get(agent.session.language)), &fields).await
}

/// The change of the gross salaries, if they changed.
fn gross_change(before: Cents, now: Cents, language: Language) -> Option<ChangeRow> {
    let shown = |amount: Cents| format!("{amount}\u{a0}€");
    let label = words::reports::GROSS_SALARIES.get(language).to_owned();
    (before != now).then(|| ChangeRow { label, signed: shown(before), now: shown(now) })
}

async fn render_claim(
    Agent { session, matricule }: &Agent,
    at: ClaimPath,
    refusal: Option<&'static str>,
    fields: &Fields,
) -> Result<Response> {
    let found = claims::open(&session.app, matricule, (at.organiser, at.creche, at.quarter)).await?;
    let AgencyClaim { standing, acts, receipt, gross_salary_cents, known, compared } = found;
    let (language, document) = (session.language, receipt.document);
    let payments = subsidies::of_claim(&session.app, (at.organiser, at.creche, at.quarter)).await?;
    let answers: Vec<_> = standing.acts_of(ClaimRole::Agent).collect();
    let mut changes = Vec::new();
    if let Some(known) = known {
        changes = change_rows(&differences(&known.document.figures, &document.figures), language);
        changes.extend(gross_change(known.gross_salary_cents, gross_salary_cents, language));
    }
    let compared = compared.into_iter().flatten().map(|other| {
        let table = FigureTable::new(&other.figures, other.quarter, language);
        (other.quarter.in_words(language), table)
    });
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = ClaimPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, session).refused_if(refusal.is_some()),
        href: href(at.organiser, at.creche, at.quarter),
        quarter: document.quarter.in_words(language),
        state: standing.state.label().get(language),
        look: state_look(standing.state),
        refusal,
        signed_at: date_time(document.signed_at),
        signature: document.signature,
        table: FigureTable::new(&document.figures, document.quarter, language),
        gross: Some(gross_salary_cents),
        warnings: document
            .warnings
            .into_iter()
            .map(|warning| (warning.rule, warning.count, warning.reason.label().get(language)))
            .collect(),
        changes,
        compared: compared.collect(),
        acts: act_rows(&acts, language),
        payments: payments.iter().map(|payment| PaymentRow::new(payment, language)).collect(),
        record_payment: payments::form_address(&document.creche.one_number, at.quarter, language),
        needs_reason: answers.iter().any(|act| act.needs_reason()),
        answers: answers.iter().map(|act| (act.code(), act.label().get(language), *act == ClaimAct::Refuse)).collect(),
        creche: document.creche.name,
        one_number: document.creche.one_number,
        organiser: document.organiser.legal_name,
        reason: fields.get("reason").to_owned(),
        most: MAX_REASON,
    };
    Ok(render_with_status(status, &page))
}
