//! What changed between two revisions of a month.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::board::PART;
use super::form::Asked;
use super::grid::{Code, code};
use super::month::{Head, name_of};
use super::shell::{Shell, day, show};
use super::visit::Visit;
use crate::app::App;
use crate::app::statements;
use crate::domain::attendance::{Change, SignedDays, Statement, Totals};
use crate::domain::changes::{LineChange, changes};
use crate::domain::key::Scope;
use crate::domain::statement::{Statement as _, Totals as _};
use crate::http::api::at::AtMonth;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/console/creches/{crecheId}/attendance/{month}/changes", get(page))
}

#[derive(Template)]
#[template(path = "changes.html", config = ".config/askama.toml")]
struct ChangesPage {
    shell: Shell,
    head: Head,
    from: u32,
    to: u32,
    sums: [(&'static str, String, String); 3],
    lines: Vec<Line>,
}

/// A child whose month is not the same.
struct Line {
    name: String,
    what: &'static str,
    days: Vec<(String, String, String)>,
}

async fn page(visit: Visit, Path(AtMonth { creche, month }): Path<AtMonth>, Asked(asked): Asked) -> Result<Response> {
    let caller = visit.caller(Scope::AttendanceRead)?;
    let (from, to) = (asked.number("from"), asked.number("to"));
    let (Some(from), Some(to)) = (from, to) else { return Err(Problem::not_found("revision")) };
    let app = &visit.app;
    let before = statements::read::<Statement>(app, &caller, creche, month, Some(from)).await?;
    let after = statements::read::<Statement>(app, &caller, creche, month, Some(to)).await?;
    let (Some(before), Some(after)) = (before, after) else { return Err(Problem::not_found("revision")) };
    let shell = Shell::at(PART, &visit);
    let both = before.statement.lines.iter().chain(&after.statement.lines);
    let names: HashMap<&str, String> = both.map(|line| (line.reference.as_str(), name_of(line))).collect();
    let found = changes(&before.statement.contributions(), &after.statement.contributions());
    let lines = found.into_iter().map(|change| line(&shell, &names, change)).collect();
    let sums = sums(&shell, after.entry.deposited.totals.since(&before.entry.deposited.totals));
    let head = Head::new(after.creche, month, visit.language);
    Ok(show(&ChangesPage { shell, head, from, to, sums, lines }))
}

fn sums(shell: &Shell, change: Change) -> [(&'static str, String, String); 3] {
    use crate::domain::attendance::Status;
    let sum = |status: Status, SignedDays { full_days, half_days }: SignedDays| {
        (status.label().get(shell.language), format!("{full_days:+}"), format!("{half_days:+}"))
    };
    [
        sum(Status::Present, change.present),
        sum(Status::JustifiedAbsence, change.justified_absence),
        sum(Status::UnjustifiedAbsence, change.unjustified_absence),
    ]
}

fn line(shell: &Shell, names: &HashMap<&str, String>, change: LineChange<Totals>) -> Line {
    let what = match (&change.before, &change.after) {
        (None, _) => shell.t("ajouté", "toegevoegd", "added"),
        (_, None) => shell.t("retiré", "weggelaten", "removed"),
        _ => shell.t("modifié", "gewijzigd", "changed"),
    };
    let code = |text: Option<String>| match text.map(|text| code(&text, shell.language)) {
        None => "–".to_owned(),
        Some(Code { short, reasons: None, .. }) => short,
        Some(Code { short, reasons: Some(reasons), .. }) => format!("{} ({reasons})", short.trim_end_matches('*')),
    };
    let days = change.days.into_iter().map(|(date, before, after)| (day(date), code(before), code(after)));
    let name = names.get(change.reference.as_str()).map_or("", String::as_str);
    Line { name: format!("{name} ({})", change.reference), what, days: days.collect() }
}
