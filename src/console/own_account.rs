//! The person's own account: the choice of an organiser, the sessions, the language.

use askama::Template;
use axum::Router;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::form::SessionForm;
use super::page_context::{SessionContext, redirect};
use super::page_frame::{PageFrame, date_time, render};
use super::{expired_form, page_context};
use crate::app::App;
use crate::app::sessions::{self, OrganiserChoice};
use crate::domain::notice::Notice;
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, Result};
use crate::http::session::{Cookie, is_ours};
use crate::http::urls::{CONSOLE_ROOT, Urls};
use crate::ids::OrganiserId;

/// How long the choice of a language is stored, in seconds.
const LANGUAGE_SECONDS: i64 = 365 * 24 * 3600;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/organisers", get(organisers).post(choose))
        .route("/console/sessions", get(list).post(end))
        .route("/console/language", post(set_language))
}

#[derive(Template)]
#[template(path = "organisers.html", config = ".config/askama.toml")]
struct OrganisersPage {
    frame: PageFrame,
    choices: Vec<OrganiserChoice>,
    agent: Option<String>,
}

async fn organisers(session: SessionContext) -> Result<Response> {
    let choices = sessions::organiser_choices(&session.app, &session.visitor).await?;
    let agent = session.visitor.agent.clone();
    if agent.is_some() && choices.is_empty() {
        return Ok(redirect(CONSOLE_ROOT));
    }
    Ok(render(&OrganisersPage { frame: PageFrame::of_session("", &session), choices, agent }))
}

/// Chooses an organiser, and redirects to a form that expired before the log-in, if there is one.
async fn choose(headers: HeaderMap, SessionForm { session, fields }: SessionForm) -> Result<Response> {
    let organiser = fields.get("organiser").parse::<OrganiserId>().ok();
    let chosen = match organiser {
        Some(organiser) => sessions::choose_organiser_of_person(&session.app, &session.visitor, organiser).await?,
        None => false,
    };
    if !chosen {
        return Err(Problem::not_found("organiser"));
    }
    Ok(redirect(if expired_form::is_waiting(&session, &headers).await? { expired_form::PAGE } else { CONSOLE_ROOT }))
}

/// A session in the list.
struct SessionRow {
    id: String,
    begun: String,
    used: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "sessions.html", config = ".config/askama.toml")]
struct SessionsPage {
    frame: PageFrame,
    sessions: Vec<SessionRow>,
}

async fn list(session: SessionContext) -> Result<Response> {
    let found = sessions::list(&session.app, &session.visitor).await?;
    let row = |record: crate::app::sessions::SessionRecord| SessionRow {
        begun: date_time(record.created_at),
        used: date_time(record.seen_at),
        here: record.id == session.visitor.session,
        id: record.id,
    };
    let frame = PageFrame::of_session("", &session);
    Ok(render(&SessionsPage { frame, sessions: found.into_iter().map(row).collect() }))
}

async fn end(SessionForm { session, fields }: SessionForm) -> Result<Response> {
    if !sessions::end_other(&session.app, &session.visitor, fields.get("session")).await? {
        return Err(Problem::not_found("session"));
    }
    Ok(session.redirect_with_notice("/console/sessions", Notice::SessionEnded).await)
}

/// Stores the language in a cookie and redirects back to the page. It needs no session.
async fn set_language(State(_): State<App>, urls: Urls, request: Request) -> Response {
    let headers: HeaderMap = request.headers().clone();
    if !is_ours(&headers) {
        return super::form::stale_form();
    }
    let body = match WholeBody::from_request(request, &()).await {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let language = match super::form::Fields::read(&body.bytes).get("language") {
        language @ ("nl" | "en") => language.to_owned(),
        _ => "fr".to_owned(),
    };
    let mut response = redirect(&page_context::referring_page(&headers, &urls));
    let cookie = Cookie::Language.set(&language, LANGUAGE_SECONDS, urls.encrypted());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
