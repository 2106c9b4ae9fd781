//! The doctors that await a decision of the agency, and the decision on one.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::Agent;
use crate::app::doctors::{self, DoctorError, DoctorFile};
use crate::app::{App, Precondition, SubmittedDocument};
use crate::domain::doctor::DoctorState;
use crate::domain::doctor::raw::{MAX_REASON, RawValidation};
use crate::domain::finding::Findings;
use crate::domain::notice::Notice;
use crate::domain::rules::doctor::REASON_MISPLACED;
use crate::domain::text::{Language, LocalText};
use crate::http::answer::ResponseBuilder;
use crate::http::api::at::AtDoctor;
use crate::http::api::doctors::file;
use crate::http::console::doctors::{DoctorTag, SheetFacts, facts, number};
use crate::http::console::entries::{FieldErrors, TextField, text};
use crate::http::console::form::{Fields, GuestForm};
use crate::http::console::shell::{PageFrame, moment, show, show_as};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::DoctorId;

/// Where these pages begin.
pub(in crate::http::console) const PART: &str = "/console/agency/doctors";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(list))
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
    shell: PageFrame,
    rows: Vec<DoctorListRow>,
}

async fn list(Agent { guest, matricule }: Agent) -> Result<Response> {
    let row = |DoctorFile { organiser, doctor, .. }: DoctorFile| DoctorListRow {
        href: href(doctor.id),
        name: doctor.name(),
        inami: number(doctor.sheet.inami),
        organiser,
        since: doctor.agreed_at.map(moment).unwrap_or_default(),
    };
    let rows = doctors::awaiting(&guest.app, &matricule).await?.into_iter().map(row).collect();
    Ok(show(&ListPage { shell: PageFrame::guest(PART, &guest), rows }))
}

fn href(id: DoctorId) -> String {
    format!("{PART}/{id}")
}

#[derive(Template)]
#[template(path = "agent/doctor.html", config = ".config/askama.toml")]
struct DoctorPage {
    shell: PageFrame,
    href: String,
    name: String,
    organiser: String,
    facts: SheetFacts,
    creches: Vec<String>,
    state: DoctorTag,
    incomplete: bool,
    agreed_at: Option<String>,
    decided_at: Option<String>,
    /// Why it was refused before.
    refused: Option<String>,
    version: u64,
    most: usize,
    reason: TextField,
    /// Somebody changed the sheet or the agreement meanwhile.
    stale: bool,
}

async fn see(agent: Agent, Path(AtDoctor { doctor: id }): Path<AtDoctor>) -> Result<Response> {
    shown(&agent, id, StatusCode::OK, &Fields::default(), &FieldErrors::default()).await
}

/// The page with what was written and what is wrong with it.
async fn shown(
    Agent { guest, matricule }: &Agent,
    id: DoctorId,
    status: StatusCode,
    fields: &Fields,
    faults: &FieldErrors,
) -> Result<Response> {
    let DoctorFile { organiser, doctor, creches } = doctors::see(&guest.app, matricule, id).await?;
    let stale = status == StatusCode::PRECONDITION_FAILED;
    let page = DoctorPage {
        shell: PageFrame::guest(PART, guest).refusing(faults, &["reason"]).refused_if(stale),
        href: href(id),
        name: doctor.name(),
        organiser,
        facts: facts(&doctor, guest.language),
        creches,
        state: DoctorTag::of(doctor.state, guest.language),
        incomplete: doctor.state == DoctorState::Incomplete,
        agreed_at: doctor.agreed_at.map(moment),
        decided_at: doctor.decided.as_ref().map(|(_, at)| moment(*at)),
        refused: doctor.reason().map(str::to_owned),
        version: doctor.version,
        most: MAX_REASON,
        reason: TextField::new("reason", fields, faults),
        stale,
    };
    Ok(show_as(status, &page))
}

async fn agreement(
    Agent { guest, matricule }: Agent,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
) -> Result<ResponseBuilder> {
    Ok(file(doctors::see_agreement(&guest.app, &matricule, id).await?))
}

async fn decide(
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    GuestForm { guest, fields }: GuestForm,
) -> Result<Response> {
    let agent = Agent::of(guest)?;
    let guard = Precondition::Known(fields.number("version").into_iter().collect());
    match doctors::rule(&agent.guest.app, &agent.matricule, id, &guard, SubmittedDocument::Fields(read(&fields))).await
    {
        Ok(_) => {
            let refused = fields.get("decision") == "refused";
            let notice = if refused { Notice::DoctorRefused } else { Notice::DoctorValidated };
            Ok(agent.guest.done(PART, notice).await)
        }
        Err(DoctorError::Invalid(findings)) => {
            let faults = faults(&fields, &findings, agent.guest.language);
            shown(&agent, id, StatusCode::BAD_REQUEST, &fields, &faults).await
        }
        Err(DoctorError::Blocked(_)) => {
            shown(&agent, id, StatusCode::PRECONDITION_FAILED, &fields, &FieldErrors::default()).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// What a form says: a reason has one line only.
fn read(fields: &Fields) -> RawValidation {
    let words = fields.get("reason").split_whitespace().collect::<Vec<_>>().join(" ");
    let told = Fields::from(vec![("reason".to_owned(), words)]);
    RawValidation { decision: text(fields, "decision"), reason: text(&told, "reason"), unknown: false }
}

/// What is wrong with a form; a reason that stands beside a validation has its own sentence, which says what to do here.
fn faults(fields: &Fields, findings: &Findings, language: Language) -> FieldErrors {
    let validates = fields.get("decision") == "validated";
    if validates && findings.iter().any(|finding| finding.rule.code == REASON_MISPLACED.code) {
        return FieldErrors::one("reason", REASON_WITH_VALIDATION.get(language));
    }
    FieldErrors::new(findings, language)
}

const REASON_WITH_VALIDATION: LocalText = LocalText {
    fr: "Une validation n’a pas de raison\u{a0}: effacez ce que vous avez écrit pour valider, ou refusez.",
    nl: "Een validatie heeft geen reden: wis wat u schreef om te valideren, of weiger.",
    en: "A validation has no reason: delete what you wrote in order to validate, or refuse.",
};
