//! The doctors that await a decision of the agency, and the decision on one.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::Agent;
use crate::app::doctors::{self, DoctorError, DoctorFile};
use crate::app::{App, Precondition, SubmittedDocument};
use crate::console::addresses::AGENCY_DOCTORS;
use crate::console::doctors::{DoctorTag, SheetFacts, formatted_inami, sheet_facts};
use crate::console::form::{Fields, SessionForm};
use crate::console::form_fields::{FieldErrors, TextField, text};
use crate::console::page_frame::{PageFrame, date_time, render, render_with_status};
use crate::domain::doctor::DoctorState;
use crate::domain::doctor::raw::{MAX_REASON, RawValidation};
use crate::domain::finding::Findings;
use crate::domain::notice::Notice;
use crate::domain::rules::doctor::REASON_MISPLACED;
use crate::http::answer::ResponseBuilder;
use crate::http::answer::agreement_file;
use crate::http::extract::Path;
use crate::http::path_parameters::AtDoctor;
use crate::http::problem::Result;
use crate::ids::DoctorId;
use crate::words::{self, Language, LocalText};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(AGENCY_DOCTORS, get(list))
        .route("/console/agency/doctors/{doctorId}", get(see).post(decide))
        .route("/console/agency/doctors/{doctorId}/agreement", get(agreement))
}

/// A doctor in the list.
struct DoctorListRow {
    href: String,
    name: String,
    inami: String,
    organiser: String,
    since: String,
}

#[derive(Template)]
#[template(path = "agent/doctors.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    rows: Vec<DoctorListRow>,
}

async fn list(Agent { session, matricule, .. }: Agent) -> Result<Response> {
    let row = |DoctorFile { organiser, doctor, .. }: DoctorFile| DoctorListRow {
        href: href(doctor.id),
        name: doctor.name(),
        inami: formatted_inami(doctor.sheet.inami),
        organiser,
        since: doctor.agreed_at.map(date_time).unwrap_or_default(),
    };
    let rows = doctors::list_awaiting_validation(&session.app, &matricule).await?.into_iter().map(row).collect();
    Ok(render(&ListPage { frame: PageFrame::of_session(AGENCY_DOCTORS, &session), rows }))
}

fn href(id: DoctorId) -> String {
    format!("{AGENCY_DOCTORS}/{id}")
}

#[derive(Template)]
#[template(path = "agent/doctor.html", config = ".config/askama.toml")]
struct DoctorPage {
    frame: PageFrame,
    href: String,
    name: String,
    organiser: String,
    facts: SheetFacts,
    creches: Vec<String>,
    state: DoctorTag,
    incomplete: bool,
    agreed_at: Option<String>,
    decided_at: Option<String>,
    /// The reason of an earlier refusal.
    refused: Option<String>,
    version: u64,
    most: usize,
    reason: TextField,
    /// The sheet or the agreement changed meanwhile.
    stale: bool,
}

async fn see(agent: Agent, Path(AtDoctor { doctor: id }): Path<AtDoctor>) -> Result<Response> {
    render_doctor(&agent, id, StatusCode::OK, &Fields::default(), &FieldErrors::default()).await
}

/// The page with the input and its errors.
async fn render_doctor(
    Agent { session, matricule, .. }: &Agent,
    id: DoctorId,
    status: StatusCode,
    fields: &Fields,
    faults: &FieldErrors,
) -> Result<Response> {
    let DoctorFile { organiser, doctor, creches } = doctors::view_doctor(&session.app, matricule, id).await?;
    let stale = status == StatusCode::PRECONDITION_FAILED;
    let page = DoctorPage {
        frame: PageFrame::of_session(AGENCY_DOCTORS, session).refusing(faults, &["reason"]).refused_if(stale),
        href: href(id),
        name: doctor.name(),
        organiser,
        facts: sheet_facts(&doctor, session.language),
        creches,
        state: DoctorTag::of(doctor.state, session.language),
        incomplete: doctor.state == DoctorState::Incomplete,
        agreed_at: doctor.agreed_at.map(date_time),
        decided_at: doctor.decided.as_ref().map(|(_, at)| date_time(*at)),
        refused: doctor.refusal_reason().map(str::to_owned),
        version: doctor.version,
        most: MAX_REASON,
        reason: TextField::new("reason", fields, faults),
        stale,
    };
    Ok(render_with_status(status, &page))
}

async fn agreement(
    Agent { session, matricule, .. }: Agent,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
) -> Result<ResponseBuilder> {
    Ok(agreement_file(doctors::view_agreement(&session.app, &matricule, id).await?))
}

async fn decide(
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    SessionForm { session, fields }: SessionForm,
) -> Result<Response> {
    let agent = Agent::of(session)?;
    let precondition = Precondition::Known(fields.number("version").into_iter().collect());
    match doctors::publish_decision(
        &agent.session.app,
        &agent.matricule,
        id,
        &precondition,
        SubmittedDocument::Fields(read(&fields)),
    )
    .await
    {
        Ok(_) => {
            let refused = fields.get("decision") == "refused";
            let notice = if refused { Notice::DoctorRefused } else { Notice::DoctorValidated };
            Ok(agent.session.redirect_with_notice(AGENCY_DOCTORS, notice).await)
        }
        Err(DoctorError::Invalid(findings)) => {
            let faults = faults(&fields, &findings, agent.session.language);
            render_doctor(&agent, id, StatusCode::BAD_REQUEST, &fields, &faults).await
        }
        Err(DoctorError::Blocked(_)) => {
            render_doctor(&agent, id, StatusCode::PRECONDITION_FAILED, &fields, &FieldErrors::default()).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The form's input: a reason has one line only.
fn read(fields: &Fields) -> RawValidation {
    let words = fields.get("reason").split_whitespace().collect::<Vec<_>>().join(" ");
    let told = Fields::from(vec![("reason".to_owned(), words)]);
    RawValidation { decision: text(fields, "decision"), reason: text(&told, "reason"), unknown: false }
}

/// The errors of a form; a reason with a validation has its own sentence, with what to do on this page.
fn faults(fields: &Fields, findings: &Findings, language: Language) -> FieldErrors {
    let validates = fields.get("decision") == "validated";
    if validates && findings.iter().any(|finding| finding.rule.code == REASON_MISPLACED.code) {
        return FieldErrors::one("reason", REASON_WITH_VALIDATION.get(language));
    }
    FieldErrors::new(findings, language)
}

const REASON_WITH_VALIDATION: LocalText = words::agent::REASON_WITH_VALIDATION;
