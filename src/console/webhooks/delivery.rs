//! One delivery: its event, and the result of each attempt.

use askama::Template;
use axum::response::Response;

use super::{EndpointTag, PART, href, manager, name};
use crate::app::webhooks::{self, AttemptRecord};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render};
use crate::domain::event::CloudEvent;
use crate::http::extract::Path;
use crate::http::path_parameters::AtDelivery;
use crate::http::problem::{Problem, Result};
use crate::words::Language;

/// An attempt in the table.
struct AttemptRow {
    at: String,
    millis: u64,
    status: Option<u16>,
    failure: Option<&'static str>,
    answer: Option<String>,
}

#[derive(Template)]
#[template(path = "webhooks/delivery.html", config = ".config/askama.toml")]
struct DeliveryPage {
    frame: PageFrame,
    back: String,
    name: String,
    href: String,
    title: &'static str,
    state: EndpointTag,
    next: Option<String>,
    test: bool,
    lines: Vec<AttemptRow>,
    told: String,
}

pub(super) async fn page(
    visit: PageContext,
    Path(AtDelivery { endpoint: id, delivery }): Path<AtDelivery>,
) -> Result<Response> {
    let (caller, language) = (manager(&visit)?, visit.language);
    let endpoint = webhooks::find(&visit.app, &caller, id).await?;
    let logged = webhooks::find_delivery(&visit.app, &caller, id, delivery).await?;
    let root = visit.urls.api("");
    let told = CloudEvent::new(&root, caller.organiser, logged.delivery.number, &logged.event);
    let frame = PageFrame::at(PART, &visit);
    Ok(render(&DeliveryPage {
        frame,
        back: href(id),
        name: name(&endpoint).to_owned(),
        href: format!("{}/deliveries/{delivery}", href(id)),
        title: logged.delivery.kind.label().get(language),
        state: EndpointTag::of_progress(logged.delivery.progress, language),
        next: logged.delivery.due_at.map(date_time),
        test: logged.delivery.number == 0,
        told: serde_json::to_string_pretty(&told).map_err(Problem::internal)?,
        lines: logged.attempts.into_iter().map(|attempt| line(attempt, language)).collect(),
    }))
}

fn line(attempt: AttemptRecord, language: Language) -> AttemptRow {
    AttemptRow {
        at: date_time(attempt.at),
        millis: attempt.millis,
        status: attempt.status,
        failure: attempt.failure.map(|failure| failure.label().get(language)),
        answer: attempt.answer,
    }
}
