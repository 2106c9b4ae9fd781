//! What changed between two revisions of a month.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::form::Asked;
use super::kinds::{Difference, Paged, Sums, route};
use super::month::Head;
use super::shell::{Shell, show};
use super::visit::Visit;
use crate::app::App;
use crate::app::statements;
use crate::domain::changes::{LineChange, changes};
use crate::http::api::at::AtMonth;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};

pub(super) fn routes<S: Paged>() -> Router<App> {
    Router::new().route(&route::<S>("/changes"), get(page::<S>))
}

#[derive(Template)]
#[template(path = "changes.html", config = ".config/askama.toml")]
struct ChangesPage {
    shell: Shell,
    head: Head,
    from: u32,
    to: u32,
    sums: Sums,
    lines: Vec<Line>,
}

/// A line that is not the same.
struct Line {
    name: String,
    what: &'static str,
    differences: Vec<Difference>,
    /// What else is not the same, without saying what it was.
    remarks: Vec<&'static str>,
}

async fn page<S: Paged>(
    visit: Visit,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Asked(asked): Asked,
) -> Result<Response> {
    let caller = visit.caller(S::READ)?;
    let (from, to) = (asked.number("from"), asked.number("to"));
    let (Some(from), Some(to)) = (from, to) else { return Err(Problem::not_found("revision")) };
    let app = &visit.app;
    let before = statements::read::<S>(app, &caller, creche, month, Some(from)).await?;
    let after = statements::read::<S>(app, &caller, creche, month, Some(to)).await?;
    let (Some(before), Some(after)) = (before, after) else { return Err(Problem::not_found("revision")) };
    let shell = Shell::at(S::WORDS.part, &visit);
    let names = S::names(&visit).await?;
    let both = [&before.statement, &after.statement];
    let by_name: HashMap<_, _> = both.into_iter().flat_map(|one| one.by_reference(&names)).collect();
    let found = changes(&before.statement.contributions(), &after.statement.contributions());
    let lines = found.into_iter().map(|change| line::<S>(&shell, &by_name, change)).collect();
    let sums = S::change(&before.entry.deposited.totals, &after.entry.deposited.totals, visit.language);
    let head = Head::new::<S>(after.creche, month, visit.language);
    Ok(show(&ChangesPage { shell, head, from, to, sums, lines }))
}

fn line<S: Paged>(shell: &Shell, names: &HashMap<String, String>, change: LineChange<S::Totals>) -> Line {
    let what = match (&change.before, &change.after) {
        (None, _) => shell.t("ajouté", "toegevoegd", "added"),
        (_, None) => shell.t("retiré", "weggelaten", "removed"),
        _ => shell.t("modifié", "gewijzigd", "changed"),
    };
    let name = names.get(&change.reference).cloned().unwrap_or_default();
    let identity = shell.t(
        "nom, date de naissance, numéro national, entrée ou sortie modifiés",
        "naam, geboortedatum, rijksregisternummer, eerste of laatste dag gewijzigd",
        "name, birth date, national number, first or last day changed",
    );
    let times = shell.t(
        "heures d’arrivée ou de départ modifiées",
        "uren van aankomst of vertrek gewijzigd",
        "times of arrival or departure changed",
    );
    let remarks = [(change.identity_changed, identity), (change.times_changed, times)];
    let remarks = remarks.into_iter().filter_map(|(changed, remark)| changed.then_some(remark)).collect();
    Line { name, what, differences: S::differences(change, shell.language), remarks }
}
