//! Webhook endpoints: the list, and the way to everything about one.

mod acts;
mod chart;
mod delivery;
mod describe;
mod endpoint;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::shell::{Shell, moment, show};
use super::visit::Visit;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::webhooks::{self, Endpoint};
use crate::domain::key::Scope;
use crate::domain::text::Language;
use crate::domain::webhook::{Progress, Reason, State};
use crate::http::problem::Result;
use crate::ids::WebhookEndpointId;

/// The part of the console that these pages are in.
pub(super) const PART: &str = "/console/webhooks";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(list).post(describe::make))
        .route("/console/webhooks/new", get(describe::new))
        .route("/console/webhooks/{webhookEndpointId}", get(endpoint::page))
        .route("/console/webhooks/{webhookEndpointId}/edit", get(describe::edit).post(describe::change))
        .route("/console/webhooks/{webhookEndpointId}/verify", post(acts::verify))
        .route("/console/webhooks/{webhookEndpointId}/pause", post(acts::pause))
        .route("/console/webhooks/{webhookEndpointId}/resume", post(acts::resume))
        .route("/console/webhooks/{webhookEndpointId}/secret", post(acts::rotate))
        .route("/console/webhooks/{webhookEndpointId}/test", post(acts::test))
        .route("/console/webhooks/{webhookEndpointId}/replay", post(acts::replay))
        .route("/console/webhooks/{webhookEndpointId}/delete", get(acts::ask).post(acts::delete))
        .route("/console/webhooks/{webhookEndpointId}/deliveries/{deliveryId}", get(delivery::page))
        .route("/console/webhooks/{webhookEndpointId}/deliveries/{deliveryId}/replay", post(acts::replay_one))
}

/// Somebody who manages webhooks.
fn manager(visit: &Visit) -> Result<Caller> {
    visit.caller(Scope::WebhooksManage)
}

fn href(id: WebhookEndpointId) -> String {
    format!("{PART}/{id}")
}

/// A state as it is shown: its words, and the colour of its tag.
struct Tag {
    words: &'static str,
    colour: &'static str,
}

impl Tag {
    const fn of(state: State, language: Language) -> Self {
        let colour = match state {
            State::Active => "good",
            State::Pending | State::Paused => "warn",
            State::Disabled => "bad",
        };
        Self { words: state.label().get(language), colour }
    }

    const fn of_progress(progress: Progress, language: Language) -> Self {
        let colour = match progress {
            Progress::Waiting => "plain",
            Progress::Delivered => "good",
            Progress::Failed => "bad",
        };
        Self { words: progress.label().get(language), colour }
    }
}

/// What an endpoint is called: what it is for, or else where it is.
fn name(endpoint: &Endpoint) -> &str {
    if endpoint.kept.description.is_empty() { &endpoint.url } else { &endpoint.kept.description }
}

/// One line of the list.
struct Line {
    href: String,
    name: String,
    url: String,
    state: Tag,
    failing: Option<String>,
    /// Why the gateway has taken it out of use.
    stopped: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "webhooks/list.html", config = ".config/askama.toml")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
}

async fn list(visit: Visit) -> Result<Response> {
    let found = webhooks::list(&visit.app, &manager(&visit)?).await?;
    let line = |endpoint: Endpoint| Line {
        href: href(endpoint.kept.id),
        name: name(&endpoint).to_owned(),
        state: Tag::of(endpoint.kept.state, visit.language),
        failing: endpoint.kept.failing_since.map(moment),
        stopped: endpoint
            .kept
            .reason
            .filter(|reason| *reason != Reason::Person)
            .map(|reason| reason.label().get(visit.language)),
        url: endpoint.url,
    };
    let lines = found.into_iter().map(line).collect();
    Ok(show(&ListPage { shell: Shell::at(PART, &visit), lines }))
}
