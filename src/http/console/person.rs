//! What concerns the person more than any organiser: the choice of one, the sessions, the language.

use askama::Template;
use axum::Router;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::form::GuestForm;
use super::shell::{PageFrame, moment, show};
use super::visit::{SessionContext, see_other};
use super::{ROOT, agent, expired_form, visit};
use crate::app::App;
use crate::app::sessions::{self, OrganiserChoice};
use crate::domain::notice::Notice;
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, Result};
use crate::http::session::{Cookie, is_ours};
use crate::http::urls::Urls;
use crate::ids::OrganiserId;

/// How long the choice of a language is remembered, in seconds.
const LANGUAGE_SECONDS: i64 = 365 * 24 * 3600;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/organisers", get(organisers).post(choose))
        .route("/console/sessions", get(list).post(end))
        .route("/console/language", post(speak))
}

#[derive(Template)]
#[template(path = "organisers.html", config = ".config/askama.toml")]
struct OrganisersPage {
    shell: PageFrame,
    choices: Vec<OrganiserChoice>,
    agent: Option<String>,
}

async fn organisers(guest: SessionContext) -> Result<Response> {
    let choices = sessions::choices(&guest.app, &guest.visitor).await?;
    let agent = guest.visitor.agent.clone();
    if agent.is_some() && choices.is_empty() {
        return Ok(see_other(agent::PART));
    }
    Ok(show(&OrganisersPage { shell: PageFrame::guest("", &guest), choices, agent }))
}

/// Chooses, and goes on to what was typed before the log-in, if there is something.
async fn choose(headers: HeaderMap, GuestForm { guest, fields }: GuestForm) -> Result<Response> {
    let organiser = fields.get("organiser").parse::<OrganiserId>().ok();
    let chosen = match organiser {
        Some(organiser) => sessions::choose(&guest.app, &guest.visitor, organiser).await?,
        None => false,
    };
    if !chosen {
        return Err(Problem::not_found("organiser"));
    }
    Ok(see_other(if expired_form::is_waiting(&guest, &headers).await? { expired_form::PAGE } else { ROOT }))
}

/// A session as the person sees it.
struct SessionRow {
    id: String,
    begun: String,
    used: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "sessions.html", config = ".config/askama.toml")]
struct SessionsPage {
    shell: PageFrame,
    sessions: Vec<SessionRow>,
}

async fn list(guest: SessionContext) -> Result<Response> {
    let found = sessions::list(&guest.app, &guest.visitor).await?;
    let seen = |session: crate::app::sessions::SessionRecord| SessionRow {
        begun: moment(session.created_at),
        used: moment(session.seen_at),
        here: session.id == guest.visitor.session,
        id: session.id,
    };
    let shell = PageFrame::guest("", &guest);
    Ok(show(&SessionsPage { shell, sessions: found.into_iter().map(seen).collect() }))
}

async fn end(GuestForm { guest, fields }: GuestForm) -> Result<Response> {
    if !sessions::end_other(&guest.app, &guest.visitor, fields.get("session")).await? {
        return Err(Problem::not_found("session"));
    }
    Ok(guest.done("/console/sessions", Notice::SessionEnded).await)
}

/// Remembers the language and goes back to the page. It needs no session: it changes nothing but the words.
async fn speak(State(_): State<App>, urls: Urls, request: Request) -> Response {
    let headers: HeaderMap = request.headers().clone();
    if !is_ours(&headers) {
        return super::form::stale();
    }
    let body = match WholeBody::from_request(request, &()).await {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let language = match super::form::Fields::read(&body.bytes).get("language") {
        language @ ("nl" | "en") => language.to_owned(),
        _ => "fr".to_owned(),
    };
    let mut response = see_other(&visit::back(&headers, &urls));
    let cookie = Cookie::Language.set(&language, LANGUAGE_SECONDS, urls.encrypted());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
