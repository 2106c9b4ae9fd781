//! One call of an application, with the verdict on its deposit and its masked body where that is kept.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::calls::{problem_name, status_colour};
use super::deposits::{VerdictRow, line};
use super::{PART, find_application, href};
use crate::app::{creches, requests};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render};
use crate::domain::calls::{LoggedRequest, MaskedBody};
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::ids::{ApplicationId, RequestId};
use crate::words;

/// A call, by its address.
#[derive(Deserialize)]
pub(super) struct CallPath {
    #[serde(rename = "applicationId")]
    application: ApplicationId,
    #[serde(rename = "requestId")]
    request: RequestId,
}

#[derive(Template)]
#[template(path = "applications/call.html", config = ".config/askama.toml")]
struct CallPage {
    frame: PageFrame,
    back: String,
    at: String,
    request: LoggedRequest,
    colour: &'static str,
    problem: Option<String>,
    verdict: Option<VerdictRow>,
    /// The size of its body.
    size: Option<String>,
    body: Option<MaskedBody>,
}

pub(super) async fn page(visit: PageContext, Path(asked): Path<CallPath>) -> Result<Response> {
    let application = find_application(&visit, asked.application).await?;
    let caller = visit.acting.as_organiser_caller();
    let found = requests::find(&visit.app, &caller, asked.request).await?;
    let found = found.filter(|view| view.stored.request.application == application.stored.id);
    let view = found.ok_or_else(|| Problem::not_found("requestId"))?;
    let known = creches::list(&visit.app, &caller).await?;
    let request = view.stored.request;
    Ok(render(&CallPage {
        back: format!("{}/calls", href(asked.application)),
        at: date_time(request.at),
        colour: status_colour(request.status),
        problem: request.problem.as_deref().map(problem_name),
        verdict: view.verdict.as_ref().map(|verdict| line(verdict, &known, visit.language)),
        size: request.body_bytes.map(|bytes| words::size(bytes, visit.language)),
        body: view.body,
        request,
        frame: PageFrame::at(PART, &visit),
    }))
}
