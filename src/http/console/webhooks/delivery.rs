//! One delivery: what was told, and what came of each attempt.

use askama::Template;
use axum::response::Response;

use super::{PART, Tag, href, manager, name};
use crate::app::webhooks::{self, Attempt};
use crate::domain::event::Told;
use crate::domain::text::Language;
use crate::http::api::at::AtDelivery;
use crate::http::console::shell::{Shell, moment, show};
use crate::http::console::visit::Visit;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};

/// An attempt in the table.
struct Line {
    at: String,
    millis: u64,
    status: Option<u16>,
    failure: Option<&'static str>,
    answer: Option<String>,
}

#[derive(Template)]
#[template(path = "webhooks/delivery.html", config = ".config/askama.toml")]
struct DeliveryPage {
    shell: Shell,
    back: String,
    name: String,
    href: String,
    title: &'static str,
    state: Tag,
    next: Option<String>,
    test: bool,
    lines: Vec<Line>,
    told: String,
}

pub(super) async fn page(
    visit: Visit,
    Path(AtDelivery { endpoint: id, delivery }): Path<AtDelivery>,
) -> Result<Response> {
    let (caller, language) = (manager(&visit)?, visit.language);
    let endpoint = webhooks::find(&visit.app, &caller, id).await?;
    let logged = webhooks::logged(&visit.app, &caller, id, delivery).await?;
    let root = visit.urls.api("");
    let told = Told::new(&root, caller.organiser, logged.delivery.number, &logged.event);
    let shell = Shell::at(PART, &visit);
    Ok(show(&DeliveryPage {
        shell,
        back: href(id),
        name: name(&endpoint).to_owned(),
        href: format!("{}/deliveries/{delivery}", href(id)),
        title: logged.delivery.kind.label().get(language),
        state: Tag::of_progress(logged.delivery.progress, language),
        next: logged.delivery.due_at.map(moment),
        test: logged.delivery.number == 0,
        told: serde_json::to_string_pretty(&told).map_err(Problem::internal)?,
        lines: logged.attempts.into_iter().map(|attempt| line(attempt, language)).collect(),
    }))
}

fn line(attempt: Attempt, language: Language) -> Line {
    Line {
        at: moment(attempt.at),
        millis: attempt.millis,
        status: attempt.status,
        failure: attempt.failure.map(|failure| failure.label().get(language)),
        answer: attempt.answer,
    }
}
