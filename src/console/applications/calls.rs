//! The calls of an application, as its vendor sees them too.

use askama::Template;
use axum::response::Response;
use jiff::{Span, Timestamp};

use super::deposits::{FilterOption, outcome_words};
use super::{ApplicationPath, PART, find_application, href};
use crate::app::applications;
use crate::app::requests::{self, RequestQuery, RequestView};
use crate::clock;
use crate::console::form::{Fields, QueryFields};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render};
use crate::domain::calls::{RequestFilter, RequestPlace};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::words::Language;

/// How many calls a page shows.
const PAGE: u32 = 50;
const FILTERS: [&str; 4] = ["status", "operation", "from", "until"];
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// A call in the list.
struct CallRow {
    href: String,
    at: String,
    method: String,
    path: String,
    status: u16,
    colour: &'static str,
    problem: Option<String>,
    /// The outcome of its deposit, and the CSS class of its tag.
    outcome: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "applications/calls.html", config = ".config/askama.toml")]
struct CallsPage {
    frame: PageFrame,
    back: String,
    name: String,
    classes: Vec<FilterOption>,
    operation: String,
    from: String,
    until: String,
    filtered: bool,
    lines: Vec<CallRow>,
    next: Option<String>,
}

pub(super) async fn page(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    QueryFields(asked): QueryFields,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    let place = RequestPlace::Before(asked.get("before").parse().ok());
    let query = RequestQuery { filter: filter(&asked), place, most: PAGE };
    let found = requests::of_application(&visit.app, (visit.acting.organiser, id), &query).await?;
    let class = |class: &str| FilterOption {
        value: class.to_owned(),
        words: class.to_owned(),
        chosen: asked.get("status") == class,
    };
    let last = found.items.last().filter(|_| found.more).map(|view| view.stored.number);
    Ok(render(&CallsPage {
        frame: PageFrame::at(PART, &visit),
        back: href(id),
        name: application.stored.name,
        classes: CLASSES.map(class).into(),
        operation: asked.get("operation").to_owned(),
        from: asked.get("from").to_owned(),
        until: asked.get("until").to_owned(),
        filtered: FILTERS.iter().any(|name| !asked.get(name).is_empty()),
        lines: found.items.iter().map(|view| row(view, &href(id), visit.language)).collect(),
        next: last.map(|last| super::deposits::next_page_address(&FILTERS, &asked, &last.to_string())),
    }))
}

/// The filter in the address; values that cannot be read are ignored. Days are those of Brussels, whole.
fn filter(asked: &Fields) -> RequestFilter {
    RequestFilter {
        status: asked.get("status").parse().ok(),
        operation: asked.get("operation").trim().parse().ok(),
        from: asked.get("from").parse().ok().map(clock::brussels_midnight),
        until: asked.get("until").parse().ok().map(applications::after).map(before),
        ..RequestFilter::default()
    }
}

/// The last instant before another, as the log counts them.
fn before(end: Timestamp) -> Timestamp {
    end.checked_sub(Span::new().milliseconds(1)).unwrap_or(end)
}

fn row(view: &RequestView, application: &str, language: Language) -> CallRow {
    let request = &view.stored.request;
    CallRow {
        href: format!("{application}/calls/{}", request.id),
        at: date_time(request.at),
        method: request.method.clone(),
        path: request.path.clone(),
        status: request.status,
        colour: status_colour(request.status),
        problem: request.problem.as_deref().map(problem_name),
        outcome: view.verdict.as_ref().map(|verdict| outcome_words(verdict.outcome, language)),
    }
}

/// The CSS class of a status.
pub(super) const fn status_colour(status: u16) -> &'static str {
    match status {
        400..500 => "warn",
        500.. => "bad",
        _ => "good",
    }
}

/// The last part of the type of a problem.
pub(super) fn problem_name(kind: &str) -> String {
    kind.rsplit(':').next().unwrap_or(kind).to_owned()
}
