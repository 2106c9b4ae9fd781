//! Webhook endpoints: the list, and the routes of the pages of one.

mod actions;
mod chart;
mod delivery;
mod describe;
mod endpoint;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, render};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::webhooks::{self, Endpoint};
use crate::domain::key::Scope;
use crate::domain::webhook::{DeliveryProgress, EndpointState, Reason};
use crate::http::problem::Result;
use crate::ids::WebhookEndpointId;
use crate::words::Language;

pub(super) use crate::console::addresses::WEBHOOKS as PART;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(list).post(describe::make))
        .route("/console/webhooks/new", get(describe::new))
        .route("/console/webhooks/{webhookEndpointId}", get(endpoint::page))
        .route("/console/webhooks/{webhookEndpointId}/edit", get(describe::edit).post(describe::change))
        .route("/console/webhooks/{webhookEndpointId}/verify", post(actions::verify))
        .route("/console/webhooks/{webhookEndpointId}/pause", post(actions::pause))
        .route("/console/webhooks/{webhookEndpointId}/resume", post(actions::resume))
        .route("/console/webhooks/{webhookEndpointId}/secret", post(actions::rotate))
        .route("/console/webhooks/{webhookEndpointId}/test", post(actions::test))
        .route("/console/webhooks/{webhookEndpointId}/replay", post(actions::replay))
        .route("/console/webhooks/{webhookEndpointId}/delete", get(actions::ask).post(actions::delete))
        .route("/console/webhooks/{webhookEndpointId}/deliveries/{deliveryId}", get(delivery::page))
        .route("/console/webhooks/{webhookEndpointId}/deliveries/{deliveryId}/replay", post(actions::replay_one))
}

/// A user who may manage webhooks.
fn manager(visit: &PageContext) -> Result<Caller> {
    visit.caller(Scope::WebhooksManage)
}

fn href(id: WebhookEndpointId) -> String {
    format!("{PART}/{id}")
}

/// A displayed state: its words, and the CSS class of its tag.
struct EndpointTag {
    words: &'static str,
    colour: &'static str,
}

impl EndpointTag {
    const fn of(state: EndpointState, language: Language) -> Self {
        let colour = match state {
            EndpointState::Active => "good",
            EndpointState::Pending | EndpointState::Paused => "warn",
            EndpointState::Disabled => "bad",
        };
        Self { words: state.label().get(language), colour }
    }

    const fn of_progress(progress: DeliveryProgress, language: Language) -> Self {
        let colour = match progress {
            DeliveryProgress::Waiting => "plain",
            DeliveryProgress::Delivered => "good",
            DeliveryProgress::Failed => "bad",
        };
        Self { words: progress.label().get(language), colour }
    }
}

/// The name of an endpoint: its purpose, or else its address.
fn name(endpoint: &Endpoint) -> &str {
    if endpoint.stored.description.is_empty() { &endpoint.url } else { &endpoint.stored.description }
}

/// One line of the list.
struct EndpointListRow {
    href: String,
    name: String,
    url: String,
    state: EndpointTag,
    failing: Option<String>,
    /// Why the gateway has paused or disabled it.
    stopped: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "webhooks/list.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    lines: Vec<EndpointListRow>,
}

async fn list(visit: PageContext) -> Result<Response> {
    let found = webhooks::list(&visit.app, &manager(&visit)?).await?;
    let line = |endpoint: Endpoint| EndpointListRow {
        href: href(endpoint.stored.id),
        name: name(&endpoint).to_owned(),
        state: EndpointTag::of(endpoint.stored.state, visit.language),
        failing: endpoint.stored.failing_since.map(date_time),
        stopped: endpoint
            .stored
            .reason
            .filter(|reason| *reason != Reason::Person)
            .map(|reason| reason.label().get(visit.language)),
        url: endpoint.url,
    };
    let lines = found.into_iter().map(line).collect();
    Ok(render(&ListPage { frame: PageFrame::at(PART, &visit), lines }))
}
