//! Actions that need a confirmation.

use axum::response::Response;

use super::{ApplicationPath, KeyPath, PART, find_application, href};
use crate::app::applications::{self, Application};
use crate::app::keys;
use crate::console::confirm::{self, Confirmation};
use crate::console::form::PageForm;
use crate::console::page_context::PageContext;
use crate::console::page_frame::PageFrame;
use crate::domain::application::RequestedApplication;
use crate::domain::notice::Notice;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::ids::ApplicationId;
use crate::words;

pub(super) async fn suspend(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
) -> Result<Response> {
    Ok(ask(&visit, &find_application(&visit, id).await?, RequestedApplication::Suspended))
}

pub(super) async fn resume(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
) -> Result<Response> {
    Ok(ask(&visit, &find_application(&visit, id).await?, RequestedApplication::Active))
}

pub(super) async fn revoke(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
) -> Result<Response> {
    Ok(ask(&visit, &find_application(&visit, id).await?, RequestedApplication::Revoked))
}

pub(super) async fn do_suspend(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    form: PageForm,
) -> Result<Response> {
    change_state(form, id, RequestedApplication::Suspended).await
}

pub(super) async fn do_resume(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    form: PageForm,
) -> Result<Response> {
    change_state(form, id, RequestedApplication::Active).await
}

pub(super) async fn do_revoke(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    form: PageForm,
) -> Result<Response> {
    change_state(form, id, RequestedApplication::Revoked).await
}

fn ask(visit: &PageContext, application: &Application, wanted: RequestedApplication) -> Response {
    let frame = PageFrame::at(PART, visit);
    let (verb, button, consequence) = match wanted {
        RequestedApplication::Active => (
            "resume",
            frame.text(&words::applications::RESUME),
            frame.text(&words::applications::ITS_KEYS_WILL_WORK_AGAIN_AT),
        ),
        RequestedApplication::Suspended => (
            "suspend",
            frame.text(&words::applications::SUSPEND),
            frame.text(&words::applications::ALL_OF_ITS_KEYS_WILL_BE),
        ),
        RequestedApplication::Revoked => (
            "revoke",
            frame.text(&words::applications::REVOKE_FOR_GOOD),
            frame.text(&words::applications::ALL_OF_ITS_KEYS_WILL_BE_REFUSED_WITHIN),
        ),
    };
    let back = href(application.stored.id);
    let title = format!("{button}{} {}", frame.colon(), application.stored.name);
    let (action, danger) = (format!("{back}/{verb}"), wanted == RequestedApplication::Revoked);
    confirm::ask_first(frame, Confirmation { action, back, title, consequence, button }, danger)
}

async fn change_state(
    PageForm { visit, .. }: PageForm,
    id: ApplicationId,
    wanted: RequestedApplication,
) -> Result<Response> {
    visit.administrator()?;
    let change = applications::ApplicationUpdate::State(wanted);
    applications::change(&visit.app, &visit.acting.actor(), visit.acting.organiser, id, change).await?;
    let notice = match wanted {
        RequestedApplication::Active => Notice::ApplicationResumed,
        RequestedApplication::Suspended => Notice::ApplicationSuspended,
        RequestedApplication::Revoked => Notice::ApplicationRevoked,
    };
    Ok(visit.done(&href(id), notice).await)
}

pub(super) async fn key(visit: PageContext, Path(KeyPath { application: id, key }): Path<KeyPath>) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    if !application.keys.iter().any(|known| known.id == key) {
        return Err(Problem::not_found("keyId"));
    }
    let frame = PageFrame::at(PART, &visit);
    let button = frame.text(&words::applications::REVOKE_THE_KEY);
    let consequence = frame.text(&words::applications::IT_WILL_BE_REFUSED_WITHIN_SECONDS);
    let back = href(id);
    let (title, action) = (format!("{button}{} {key}", frame.colon()), format!("{back}/keys/{key}/revoke"));
    Ok(confirm::ask_first(frame, Confirmation { action, back, title, consequence, button }, true))
}

pub(super) async fn revoke_key(
    Path(KeyPath { application: id, key }): Path<KeyPath>,
    PageForm { visit, .. }: PageForm,
) -> Result<Response> {
    visit.administrator()?;
    keys::revoke(&visit.app, &visit.acting.actor(), visit.acting.organiser, id, key).await?;
    Ok(visit.done(&href(id), Notice::KeyRevoked).await)
}
