//! A communication, for agents: a draft is published or discarded, a published one withdrawn.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::Agent;
use crate::app::App;
use crate::app::communications::{self, AgencyCommunication, CommunicationError, CommunicationRecord};
use crate::console::addresses::AGENCY_COMMUNICATIONS;
use crate::console::communications::{CommunicationRow, about};
use crate::console::form::{Fields, SessionForm};
use crate::console::form_fields::{FieldErrors, TextField};
use crate::console::page_frame::{PageFrame, date_time, render_with_status};
use crate::domain::communication::MAX_REASON;
use crate::domain::notice::Notice;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::Path;
use crate::http::path_parameters::AtCommunication;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::ids::CommunicationId;
use crate::words::{self, Language, communications as texts};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/agency/communications/{communicationId}", get(see).post(act))
        .route("/console/agency/communications/{communicationId}/file", get(file))
}

/// The page of a communication.
pub(super) fn href(id: CommunicationId) -> String {
    format!("{AGENCY_COMMUNICATIONS}/{id}")
}

/// The state of a communication in words, and its look.
pub(super) fn state_tag(record: &CommunicationRecord, language: Language) -> (&'static str, &'static str) {
    let (text, look) = match (&record.published, &record.withdrawn) {
        (None, _) => (texts::DRAFT, "warn"),
        (Some(_), None) => (texts::PUBLISHED, "good"),
        (Some(_), Some(_)) => (texts::WITHDRAWN, "bad"),
    };
    (text.get(language), look)
}

#[derive(Template)]
#[template(path = "agent/communication.html", config = ".config/askama.toml")]
struct CommunicationPage {
    frame: PageFrame,
    href: String,
    row: CommunicationRow,
    state: (&'static str, &'static str),
    facts: Vec<(&'static str, String)>,
    organisers: Vec<String>,
    is_draft: bool,
    is_published: bool,
    /// To how many organisers it is or was addressed, and how many of these have the event.
    reach: String,
    reason: TextField,
    most: usize,
}

async fn see(agent: Agent, Path(AtCommunication { communication }): Path<AtCommunication>) -> Result<Response> {
    render_page(&agent, communication, StatusCode::OK, (&Fields::default(), &FieldErrors::default())).await
}

/// Does what the button of the form says.
async fn act(
    Path(AtCommunication { communication: id }): Path<AtCommunication>,
    SessionForm { session, fields }: SessionForm,
) -> Result<Response> {
    let agent = Agent::of(session)?;
    let app = &agent.session.app;
    let (done, to, notice) = match fields.get("act") {
        "publish" => (communications::publish(app, &agent.acting, id).await, href(id), Notice::CommunicationPublished),
        "discard" => {
            let done = communications::discard(app, &agent.acting, id).await;
            (done, AGENCY_COMMUNICATIONS.to_owned(), Notice::CommunicationDiscarded)
        }
        "withdraw" => {
            let done = communications::withdraw(app, &agent.acting, id, fields.get("reason")).await;
            (done, href(id), Notice::CommunicationWithdrawn)
        }
        _ => return Err(Problem::new(ProblemType::BadRequest)),
    };
    let (status, field, why) = match done {
        Ok(()) => return Ok(agent.session.redirect_with_notice(&to, notice).await),
        Err(CommunicationError::ReasonMissing) => (StatusCode::BAD_REQUEST, "reason", texts::REASON_MISSING),
        Err(CommunicationError::Reason) => (StatusCode::BAD_REQUEST, "reason", texts::REASON_WRONG),
        // The form is not on the page any more.
        Err(CommunicationError::Published) => (StatusCode::CONFLICT, "", texts::PUBLISHED_ALREADY),
        Err(CommunicationError::NotPublished) => (StatusCode::CONFLICT, "", texts::NOT_PUBLISHED),
        Err(refusal) => return Err(Problem::from(refusal)),
    };
    let faults = FieldErrors::one(field, why.get(agent.session.language));
    render_page(&agent, id, status, (&fields, &faults)).await
}

async fn render_page(
    Agent { session, .. }: &Agent,
    id: CommunicationId,
    status: StatusCode,
    (fields, faults): (&Fields, &FieldErrors),
) -> Result<Response> {
    let found = communications::find_for_agent(&session.app, id).await.map_err(Problem::from)?;
    let language = session.language;
    let frame = PageFrame::of_session(AGENCY_COMMUNICATIONS, session).refusing(faults, &["reason"]);
    let record = &found.communication.record;
    let page = CommunicationPage {
        href: href(id),
        row: CommunicationRow::of(&found.communication, AGENCY_COMMUNICATIONS, language),
        state: state_tag(record, language),
        facts: facts(record, language),
        reach: reach(&frame, &found),
        organisers: found.organisers.iter().map(|one| one.legal_name.clone()).collect(),
        is_draft: record.published.is_none(),
        is_published: record.published.is_some() && record.withdrawn.is_none(),
        reason: TextField::new("reason", fields, faults),
        most: MAX_REASON,
        frame,
    };
    Ok(render_with_status(status, &page))
}

fn facts(record: &CommunicationRecord, language: Language) -> Vec<(&'static str, String)> {
    let content = &record.content;
    let mark = |label: words::LocalText, mark: &communications::AgentMark| {
        (label.get(language), format!("{}, {}", date_time(mark.at), mark.by))
    };
    let about = match about(content, language) {
        none if none.is_empty() => texts::ABOUT_ALL.get(language).to_owned(),
        about => about,
    };
    let mut facts = vec![
        (texts::ABOUT.get(language), about),
        (texts::AUDIENCE.get(language), content.audience.label().get(language).to_owned()),
        mark(texts::PREPARED_ON, &record.created),
    ];
    facts.extend(record.published.as_ref().map(|published| mark(texts::PUBLISHED_ON, published)));
    if let Some((withdrawn, reason)) = &record.withdrawn {
        facts.push(mark(texts::WITHDRAWN_ON, withdrawn));
        facts.push((texts::REASON.get(language), reason.clone()));
    }
    facts
}

/// How many organisers a draft would be addressed to; of a published communication how many it was, and how many of them
/// have the event.
fn reach(frame: &PageFrame, found: &AgencyCommunication) -> String {
    if found.communication.record.published.is_none() {
        return frame.counted(&found.addressed, &texts::WOULD_BE_ADDRESSED);
    }
    let sentence = frame.counted(&found.notices.addressed, &texts::WAS_ADDRESSED);
    sentence.replace("{announced}", &found.notices.announced.to_string())
}

async fn file(
    Agent { session, .. }: Agent,
    Path(AtCommunication { communication }): Path<AtCommunication>,
) -> Result<ResponseBuilder> {
    let found = communications::read_file_for_agent(&session.app, communication).await;
    Ok(stored_file(found.map_err(Problem::from)?))
}
