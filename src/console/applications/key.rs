//! A new key: displayed once, and downloadable as a file.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{ApplicationPath, PART, application, find_application, href};
use crate::app::applications::{self, Application};
use crate::app::operator::OperatorError;
use crate::app::{SubmittedDocument, keys};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, chosen, text};
use crate::console::page_frame::{PageFrame, day, render};
use crate::domain::application::RawKey;
use crate::domain::key::KeyText;
use crate::http::extract::Path;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::urls::Urls;
use crate::words::{self, LocalText};

/// The form was sent a second time.
const TWICE: LocalText = words::applications::TWICE;

#[derive(Template)]
#[template(path = "applications/key.html", config = ".config/askama.toml")]
struct KeyPage {
    frame: PageFrame,
    href: String,
    name: String,
    kind: &'static str,
    text: String,
    ends: Option<String>,
}

/// Creates a key and displays its text: the page must not be cached (`no-store`), and sending its form again creates no
/// other.
pub(super) async fn issue(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    let once = fields.get("once").parse().map_err(|_| Problem::new(ProblemType::BadRequest))?;
    let actor = visit.acting.actor();
    let issued = match keys::requested_key(visit.acting.organiser, id, SubmittedDocument::Fields(read(&fields))) {
        Ok(wanted) => keys::issue_as(visit.app.acting_as(&actor), visit.app.deployment, &wanted, once).await,
        Err(refusal) => Err(refusal),
    };
    let frame = PageFrame::at(PART, &visit);
    let text = match issued {
        Ok(text) => text,
        Err(OperatorError::Invalid(findings)) => {
            let faults = FieldErrors::new(&findings, visit.language);
            return application::render(&visit, frame, application, (StatusCode::BAD_REQUEST, fields, faults)).await;
        }
        Err(OperatorError::KeyTaken(_)) => return Err(Problem::new(ProblemType::PreconditionFailed).detail(TWICE)),
        Err(refusal) => return Err(refusal.into()),
    };
    let key = keys::find(&visit.app.db, text.id()).await?;
    Ok(render(&KeyPage {
        frame,
        href: href(id),
        name: application.stored.name,
        kind: key.kind.name(),
        ends: key.end().map(|end| day(applications::last_day(end))),
        text: text.expose().to_owned(),
    }))
}

fn read(fields: &Fields) -> RawKey {
    let some = |name| fields.all(name).next().is_some();
    RawKey {
        kind: text(fields, "kind"),
        scopes: some("scopes").then(|| chosen(fields, "scopes")).into(),
        creches: some("creches").then(|| chosen(fields, "creches")).into(),
        expires_on: text(fields, "expiresOn"),
        unknown: false,
    }
}

/// The text that the page has just displayed, as a file. It is sent back in the form, because it is not stored.
pub(super) async fn download(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    let text = KeyText::parse(fields.get("key")).map_err(|_| Problem::not_found("keyId"))?;
    if !application.keys.iter().any(|key| key.id == text.id()) {
        return Err(Problem::not_found("keyId"));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"passerelle.env\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, env(&application, &text, &visit.urls)).into_response())
}

/// Names contain no line breaks, so a comment stays one.
fn env(application: &Application, text: &KeyText, urls: &Urls) -> String {
    format!(
        "# {} ({}): {} key {}\nPASSERELLE_URL={}\nPASSERELLE_API_KEY={}\n",
        application.stored.name,
        application.stored.vendor,
        text.kind(),
        text.id(),
        urls.api(""),
        text.expose(),
    )
}
