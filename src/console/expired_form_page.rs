//! The page with the input of a form whose session had ended, to be sent again or discarded. The input is displayed
//! in words; the fields themselves stay in the database, and are used when the page's form is sent.

mod labels;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};

use self::labels::LabelledValue;
use super::expired_form::{PAGE, RESUMES, find_form, take, with_cookie};
use super::form::SessionForm;
use super::page_context::{SessionContext, redirect};
use super::page_frame::{PageFrame, render};
use crate::app::expired_forms::TypedForm;
use crate::app::{App, creches};
use crate::http::problem::{Problem, Result};
use crate::http::urls::CONSOLE_ROOT;

pub(super) fn routes() -> Router<App> {
    Router::new().route(PAGE, get(page)).route("/console/typed/discard", post(discard))
}

#[derive(Template)]
#[template(path = "typed.html", config = ".config/askama.toml")]
struct TypedPage {
    frame: PageFrame,
    /// The address that the form is sent to.
    action: String,
    resumes: &'static str,
    /// The part of the console that the form belongs to.
    part: Option<&'static str>,
    values: Vec<LabelledValue>,
}

async fn page(session: SessionContext, headers: HeaderMap) -> Result<Response> {
    if session.visitor.acting.is_none() && session.visitor.agent.is_none() {
        return Ok(redirect(&format!("{CONSOLE_ROOT}/organisers")));
    }
    let typed = find_form(&session.app, &session.visitor, &headers, &session.urls).await?;
    let TypedForm { action, fields, .. } = typed.ok_or_else(|| Problem::not_found("form"))?;
    let creches = match &session.visitor.acting {
        Some(acting) => creches::list(&session.app, &acting.as_organiser_caller()).await?,
        None => Vec::new(),
    };
    let frame = PageFrame::of_session("", &session);
    // The path of the home page, the first part, begins those of all others.
    let part = frame.ways.iter().rfind(|way| labels::is_part(way.href, &action)).map(|way| way.name);
    let values = labels::values(&action, &fields, &creches, session.language);
    Ok(render(&TypedPage { frame, action, resumes: RESUMES, part, values }))
}

/// Discards it, and redirects to the page that contained it.
async fn discard(
    State(app): State<App>,
    headers: HeaderMap,
    SessionForm { session, .. }: SessionForm,
) -> Result<Response> {
    let typed = take(&app, &session.visitor, &headers, &session.urls).await?;
    Ok(with_cookie(redirect(&typed.page), "", 0, &session.urls))
}
