//! External applications: the list, and the routes of the pages of one.

mod application;
mod bodies;
mod call;
mod calls;
mod chart;
mod confirm;
mod deposits;
mod describe;
mod key;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;

use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, day, render};
use crate::app::App;
use crate::app::applications::{self, Application};
use crate::app::keys::{self, KeyRecord};
use crate::domain::application::{ApplicationState, KeyState, days_left, due_notice};
use crate::domain::key::KeyId;
use crate::http::problem::{Problem, Result};
use crate::ids::ApplicationId;
use crate::words::Language;

/// The path of this part of the console.
const PART: &str = "/console/applications";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(list).post(describe::register))
        .route("/console/applications/new", get(describe::new))
        .route("/console/applications/{applicationId}", get(application::page))
        .route("/console/applications/{applicationId}/edit", get(describe::edit).post(describe::change))
        .route("/console/applications/{applicationId}/deposits", get(deposits::page))
        .route("/console/applications/{applicationId}/bodies", post(bodies::change))
        .route("/console/applications/{applicationId}/calls", get(calls::page))
        .route("/console/applications/{applicationId}/calls/{requestId}", get(call::page))
        .route("/console/applications/{applicationId}/keys", post(key::issue))
        .route("/console/applications/{applicationId}/env", post(key::download))
        .route("/console/applications/{applicationId}/keys/{keyId}/revoke", get(confirm::key).post(confirm::revoke_key))
        .route("/console/applications/{applicationId}/suspend", get(confirm::suspend).post(confirm::do_suspend))
        .route("/console/applications/{applicationId}/resume", get(confirm::resume).post(confirm::do_resume))
        .route("/console/applications/{applicationId}/revoke", get(confirm::revoke).post(confirm::do_revoke))
}

/// An application, by its address.
#[derive(Deserialize)]
struct ApplicationPath {
    #[serde(rename = "applicationId")]
    application: ApplicationId,
}

/// A key of an application.
#[derive(Deserialize)]
struct KeyPath {
    #[serde(rename = "applicationId")]
    application: ApplicationId,
    #[serde(rename = "keyId")]
    key: KeyId,
}

/// The application at an address, for an administrator.
async fn find_application(visit: &PageContext, id: ApplicationId) -> Result<Application> {
    visit.administrator()?;
    let found = applications::find(&visit.app, visit.acting.organiser, id).await?;
    found.ok_or_else(|| Problem::not_found("applicationId"))
}

/// A displayed state: its words, and the CSS class of its tag.
struct ApplicationTag {
    words: &'static str,
    colour: &'static str,
}

impl ApplicationTag {
    fn of(state: ApplicationState, language: Language) -> Self {
        let colour = match state {
            ApplicationState::Active => "good",
            ApplicationState::Suspended => "warn",
            ApplicationState::Ended | ApplicationState::Revoked => "plain",
        };
        Self { words: state.label().get(language), colour }
    }

    fn of_key(state: KeyState, language: Language) -> Self {
        let colour = match state {
            KeyState::Active => "good",
            KeyState::Suspended => "warn",
            KeyState::Expired | KeyState::Revoked => "plain",
        };
        Self { words: state.label().get(language), colour }
    }
}

/// A working key that is about to expire.
struct EndingKey {
    key: String,
    application: String,
    href: String,
    day: String,
    days: i64,
}

/// The keys of an application that are about to expire.
fn ending(application: &Application, now: Timestamp) -> Vec<EndingKey> {
    let soon = |key: &&KeyRecord| keys::key_state(key, now) == KeyState::Active;
    let ending = |key: &KeyRecord| {
        let end = key.end().filter(|end| due_notice(*end, now).is_some())?;
        Some(EndingKey {
            key: key.id.to_string(),
            application: application.stored.name.clone(),
            href: href(application.stored.id),
            day: day(applications::last_day(end)),
            days: days_left(end, now),
        })
    };
    application.keys.iter().filter(soon).filter_map(ending).collect()
}

fn href(id: ApplicationId) -> String {
    format!("{PART}/{id}")
}

/// One line of the list.
struct ApplicationListRow {
    href: String,
    name: String,
    vendor: String,
    state: ApplicationTag,
    keys: usize,
    used: Option<String>,
}

#[derive(Template)]
#[template(path = "applications/list.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    lines: Vec<ApplicationListRow>,
    ending: Vec<EndingKey>,
}

async fn list(visit: PageContext) -> Result<Response> {
    visit.administrator()?;
    let now = visit.clock().now();
    let found = applications::list(&visit.app, visit.acting.organiser).await?;
    let line = |application: &Application| ApplicationListRow {
        href: href(application.stored.id),
        name: application.stored.name.clone(),
        vendor: application.stored.vendor.clone(),
        state: ApplicationTag::of(application.stored.bounds.state(now).0, visit.language),
        keys: application.keys.iter().filter(|key| keys::key_state(key, now) == KeyState::Active).count(),
        used: application.last_used_at().map(date_time),
    };
    let ending = found.iter().flat_map(|application| ending(application, now)).collect();
    let lines = found.iter().map(line).collect();
    Ok(render(&ListPage { frame: PageFrame::at(PART, &visit), lines, ending }))
}
