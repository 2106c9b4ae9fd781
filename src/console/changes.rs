//! The changes between two revisions of a month.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::form::QueryFields;
use super::kinds::{Difference, LinePair, StatementPages, SumTable, match_lines, month_route};
use super::month::MonthHead;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, render};
use crate::app::App;
use crate::app::statements;
use crate::domain::key::Scope;
use crate::http::extract::Path;
use crate::http::path_parameters::AtMonth;
use crate::http::problem::{Problem, Result};
use crate::words;

pub(super) fn routes<S: StatementPages>() -> Router<App> {
    Router::new().route(&month_route::<S>("/changes"), get(page::<S>))
}

#[derive(Template)]
#[template(path = "changes.html", config = ".config/askama.toml")]
struct ChangesPage {
    frame: PageFrame,
    head: MonthHead,
    from: u32,
    to: u32,
    sums: SumTable,
    lines: Vec<ChangedLine>,
}

/// A line that differs.
struct ChangedLine {
    name: String,
    what: &'static str,
    /// Whether it is in the earlier revision.
    before: bool,
    /// Whether it is in the later revision.
    after: bool,
    differences: Vec<Difference>,
}

async fn page<S: StatementPages>(
    visit: PageContext,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    QueryFields(asked): QueryFields,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsRead(S::KIND))?;
    let (from, to) = (asked.number("from"), asked.number("to"));
    let (Some(from), Some(to)) = (from, to) else { return Err(Problem::not_found("revision")) };
    let app = &visit.app;
    let before = statements::read::<S>(app, &caller, creche, month, Some(from)).await?;
    let after = statements::read::<S>(app, &caller, creche, month, Some(to)).await?;
    let (Some(before), Some(after)) = (before, after) else { return Err(Problem::not_found("revision")) };
    let frame = PageFrame::at(S::WORDS.part(), &visit);
    let names = S::names(&visit).await?;
    let all = match_lines(&before.statement, &after.statement).into_iter();
    let lines = all.filter_map(|pair| line::<S>(&frame, &names, pair)).collect();
    let sums = S::change(&before.entry.deposited.totals, &after.entry.deposited.totals, visit.language);
    let head = MonthHead::new::<S>(after.creche, month, visit.language);
    Ok(render(&ChangesPage { frame, head, from, to, sums, lines }))
}

/// A line with its differences, where there are any.
fn line<S: StatementPages>(frame: &PageFrame, names: &S::Names, pair: LinePair<'_, S::Line>) -> Option<ChangedLine> {
    let what = match pair {
        (None, _) => frame.text(&words::changes::ADDED),
        (_, None) => frame.text(&words::changes::REMOVED),
        _ => frame.text(&words::changes::CHANGED),
    };
    let differences = S::compare(pair, names, frame.language);
    let (before, after) = pair;
    let name = S::title(after.or(before)?, names);
    let line = ChangedLine { name, what, before: before.is_some(), after: after.is_some(), differences };
    (!line.differences.is_empty()).then_some(line)
}
