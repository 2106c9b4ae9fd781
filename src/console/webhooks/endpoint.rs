//! One endpoint: its settings, its figures, and the log of deliveries to it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::chart::Chart;
use super::{EndpointTag, PART, href, manager, name};
use crate::app::creches;
use crate::app::webhooks::{self, DeliveryRecord, Endpoint};
use crate::clock;
use crate::console::form::{Fields, QueryFields};
use crate::console::form_fields::FieldErrors;
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render_with_status};
use crate::domain::creche::Creche;
use crate::domain::event::EventType;
use crate::domain::webhook::{DeliveryFailure, DeliveryFilter, DeliveryProgress, EndpointState};
use crate::http::extract::Path;
use crate::http::path_parameters::AtWebhookEndpoint as At;
use crate::http::problem::Result;
use crate::ids::WebhookEndpointId;
use crate::words::{self, Language, LocalText};

/// How many deliveries are on a page.
const PAGE: u32 = 50;

/// A delivery in the log.
struct DeliveryRow {
    href: String,
    number: Option<u64>,
    kind: &'static str,
    at: String,
    state: EndpointTag,
    attempts: u32,
    next: Option<String>,
}

/// An option of a list.
struct StateOption {
    value: &'static str,
    words: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "webhooks/endpoint.html", config = ".config/askama.toml")]
struct EndpointPage {
    frame: PageFrame,
    href: String,
    name: String,
    endpoint: Endpoint,
    state: EndpointTag,
    reason: Option<&'static str>,
    faults: FieldErrors,
    created: String,
    verified: Option<String>,
    failing: Option<String>,
    types: Option<Vec<&'static str>>,
    creches: Option<Vec<String>>,
    counts: Vec<(EndpointTag, u64)>,
    failed: bool,
    chart: Chart,
    kinds: Vec<StateOption>,
    /// The day from which deliveries are sent again.
    from: String,
    states: Vec<StateOption>,
    lines: Vec<DeliveryRow>,
    next: Option<String>,
}

impl EndpointPage {
    fn is(&self, state: EndpointState) -> bool {
        self.endpoint.stored.state == state
    }
}

pub(super) async fn page(
    visit: PageContext,
    Path(At { endpoint: id }): Path<At>,
    QueryFields(asked): QueryFields,
) -> Result<Response> {
    render_endpoint(&visit, id, &asked, FieldErrors::default()).await
}

/// The page, with the errors of the form that was sent.
pub(super) async fn render_endpoint(
    visit: &PageContext,
    id: WebhookEndpointId,
    asked: &Fields,
    faults: FieldErrors,
) -> Result<Response> {
    let (caller, language) = (manager(visit)?, visit.language);
    let endpoint = webhooks::find(&visit.app, &caller, id).await?;
    let known = creches::list(&visit.app, &caller).await?;
    let (counts, hours) = webhooks::delivery_statistics(&visit.app, &caller, id).await?;
    let filter = DeliveryFilter { progress: asked.get("state").parse().ok(), kind: None };
    let log =
        webhooks::list_deliveries(&visit.app, &caller, id, filter, asked.get("before").parse().ok(), PAGE).await?;
    let frame = PageFrame::at(PART, visit);
    let today = clock::to_brussels(visit.clock().now()).date().to_string();
    let onward = log.items.last().filter(|_| log.more);
    let stored = &endpoint.stored;
    let kind = |kind: EventType| StateOption { value: kind.code(), words: kind.label().get(language), chosen: false };
    let state = |state: &DeliveryProgress| StateOption {
        value: state.code(),
        words: state.label().get(language),
        chosen: asked.get("state") == state.code(),
    };
    let status = if faults.0.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = EndpointPage {
        href: href(id),
        name: name(&endpoint).to_owned(),
        state: EndpointTag::of(stored.state, language),
        reason: stored.reason.map(|reason| reason.label().get(language)),
        created: date_time(stored.created_at),
        verified: stored.verified_at.map(date_time),
        failing: stored.failing_since.map(date_time),
        types: stored.event_types.as_ref().map(|all| all.iter().map(|kind| kind.label().get(language)).collect()),
        creches: stored.creches.as_ref().map(|chosen| names(chosen, &known)),
        failed: counts.iter().any(|(progress, count)| *progress == DeliveryProgress::Failed && *count > 0),
        counts: counts
            .into_iter()
            .map(|(progress, count)| (EndpointTag::of_progress(progress, language), count))
            .collect(),
        chart: Chart::new(&hours),
        kinds: EventType::all().map(kind).collect(),
        from: if faults.0.is_empty() { today } else { asked.get("from").to_owned() },
        states: DeliveryProgress::ALL.iter().map(state).collect(),
        next: onward.map(|last| format!("?state={}&before={}", asked.get("state"), last.event)),
        lines: log.items.iter().map(|delivery| line(delivery, &href(id), language)).collect(),
        frame: frame.refusing(&faults, &["from"]),
        faults,
        endpoint,
    };
    Ok(render_with_status(status, &page))
}

fn line(delivery: &DeliveryRecord, endpoint: &str, language: Language) -> DeliveryRow {
    DeliveryRow {
        href: format!("{endpoint}/deliveries/{}", delivery.event),
        number: Some(delivery.number).filter(|number| *number > 0),
        kind: delivery.kind.label().get(language),
        at: date_time(delivery.at),
        state: EndpointTag::of_progress(delivery.progress, language),
        attempts: delivery.attempts,
        next: delivery.due_at.map(date_time),
    }
}

fn names(chosen: &[crate::ids::CrecheId], known: &[Creche]) -> Vec<String> {
    known.iter().filter(|creche| chosen.contains(&creche.id)).map(|creche| creche.name.clone()).collect()
}

/// Why a verification failed.
pub(super) fn verification_error(failure: DeliveryFailure, language: Language) -> FieldErrors {
    FieldErrors::one("", &format!("{} {}.", NOT_VERIFIED.get(language), failure.label().get(language)))
}

const NOT_VERIFIED: LocalText = words::webhooks::NOT_VERIFIED;
