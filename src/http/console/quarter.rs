//! The figures of a quarter: of every crèche, and of one month by month; kind by kind, as far as one may read.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::board::{Mark, mark};
use super::kinds::{Group, Paged, Sums};
use super::month::Head;
use super::shell::{Shell, day, show};
use super::staffing::{Staffing, staffing};
use super::visit::{Visit, refused};
use crate::app::board::stage;
use crate::app::summaries::OfCreche;
use crate::app::{App, summaries};
use crate::domain::attendance::Statement as Attendance;
use crate::domain::medical::Statement as Medical;
use crate::domain::period::{Period, Quarter};
use crate::domain::statement::Statement;
use crate::domain::summary::{CrecheSummary, Figures, MonthFigures};
use crate::domain::text::Text;
use crate::http::api::at::{AtPeriod, In};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::CrecheId;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/quarters/{period}", get(of_organiser))
        .route("/console/creches/{crecheId}/quarters/{period}", get(of_creche))
}

#[derive(Template)]
#[template(path = "quarter.html", config = ".config/askama.toml")]
struct QuarterPage {
    shell: Shell,
    quarter: Quarter,
    around: [Quarter; 2],
    /// The address without the quarter.
    at: String,
    /// The crèche, where it is one's page.
    creche: Option<String>,
    sections: Vec<Section>,
    staffing: Option<Staffing>,
}

/// The figures of one kind.
struct Section {
    part: &'static str,
    title: Text,
    /// Whether a month is missing that is due.
    due: bool,
    deadline: Option<String>,
    missing: bool,
    groups: &'static [Group],
    rows: Vec<Row>,
    sum: Option<Row>,
    /// The same by something else than crèches and months.
    by: Option<(Text, Sums)>,
}

/// A crèche, a month of one, or the sum.
struct Row {
    name: String,
    href: String,
    months: Vec<Step>,
    figures: Vec<String>,
}

/// Where a month stands.
struct Step {
    name: &'static str,
    href: String,
    mark: Mark,
}

/// A kind's figures of one crèche.
type Figured<S> = CrecheSummary<<S as Statement>::Totals>;

async fn of_organiser(visit: Visit, Path(In { period }): Path<In>) -> Result<Response> {
    let at = At { creche: None, quarter: period.quarter() };
    shown(&visit, at, "/console/quarters".to_owned()).await
}

async fn of_creche(visit: Visit, Path(AtPeriod { creche, period }): Path<AtPeriod>) -> Result<Response> {
    let at = At { creche: Some(creche), quarter: period.quarter() };
    shown(&visit, at, format!("/console/creches/{creche}/quarters")).await
}

/// What the page is about.
#[derive(Clone, Copy)]
struct At {
    creche: Option<CrecheId>,
    quarter: Quarter,
}

async fn shown(visit: &Visit, at: At, address: String) -> Result<Response> {
    let there = section::<Attendance>(visit, at, |found| found.attendance).await;
    let consulted = section::<Medical>(visit, at, |found| found.medical).await;
    // Who may read one of them sees that one; who may read neither is told why.
    let (there, consulted) = match (there, consulted) {
        (Err(problem), Ok(None) | Err(_)) | (Ok(None), Err(problem)) => return Err(problem),
        (there, consulted) => (there.ok().flatten(), consulted.ok().flatten()),
    };
    let found: Vec<_> = [there, consulted].into_iter().flatten().collect();
    let Some((creche, first)) = found.first().map(|(creche, section)| (creche.clone(), section.part)) else {
        return Err(refused());
    };
    let [begin, _, end] = at.quarter.months();
    Ok(show(&QuarterPage {
        shell: Shell::at(first, visit),
        quarter: at.quarter,
        around: [begin.previous().quarter(), end.next().quarter()],
        at: address,
        creche,
        sections: found.into_iter().map(|(_, section)| section).collect(),
        staffing: staffing(visit, at.creche, at.quarter).await?,
    }))
}

/// The figures of a kind, with the name of the crèche where it is one's; nothing for whoever may not read it.
async fn section<S: Paged>(
    visit: &Visit,
    At { creche, quarter }: At,
    of: fn(OfCreche) -> Figured<S>,
) -> Result<Option<(Option<String>, Section)>> {
    let Some(caller) = visit.acting.caller(S::READ) else { return Ok(None) };
    let (app, period) = (&visit.app, Period::Quarter(quarter));
    let found = match creche {
        Some(creche) => vec![summaries::of_creche(app, &caller, creche, period).await?],
        None => summaries::of_organiser(app, &caller, period).await?.creches,
    };
    let found: Vec<_> = found.into_iter().map(of).collect();
    let name = creche.and_then(|_| found.first()).map(|summary| summary.creche.name.clone());
    let rows = match (creche, found.first()) {
        (Some(_), Some(summary)) => by_month::<S>(visit, summary),
        _ => found.iter().map(|summary| of_one::<S>(visit, quarter, summary)).collect(),
    };
    Ok(Some((name, told::<S>(visit, &found, rows).await?)))
}

async fn told<S: Paged>(visit: &Visit, found: &[Figured<S>], rows: Vec<Row>) -> Result<Section> {
    let sum = Figures::sum(found.iter().map(CrecheSummary::figures));
    let by = match S::BY.filter(|_| sum.lines > 0) {
        Some(by) => Some((by, S::sums(&sum.totals, &S::names(visit).await?, visit.language))),
        None => None,
    };
    let (name, figures) = (TOTAL.get(visit.language).to_owned(), S::figures(&sum));
    let total = Row { name, href: String::new(), months: Vec::new(), figures };
    Ok(Section {
        part: S::WORDS.part,
        title: S::WORDS.title,
        due: S::WORDS.due,
        deadline: found.iter().find_map(CrecheSummary::deadline).map(day),
        missing: found.iter().any(|summary| summary.missing().next().is_some()),
        groups: S::GROUPS,
        sum: (rows.len() > 1).then_some(total),
        rows,
        by,
    })
}

/// A crèche's quarter.
fn of_one<S: Paged>(visit: &Visit, quarter: Quarter, summary: &Figured<S>) -> Row {
    Row {
        name: summary.creche.name.clone(),
        href: format!("/console/creches/{}/quarters/{quarter}", summary.creche.id),
        months: summary.months.iter().map(|month| step::<S>(visit, summary, month)).collect(),
        figures: S::figures(&summary.figures()),
    }
}

/// The months of a crèche's quarter.
fn by_month<S: Paged>(visit: &Visit, summary: &Figured<S>) -> Vec<Row> {
    let row = |month: &MonthFigures<S::Totals>| Row {
        name: month.month.in_words(visit.language),
        href: Head::address::<S>(summary.creche.id, month.month),
        months: vec![step::<S>(visit, summary, month)],
        figures: S::figures(&month.figures()),
    };
    summary.months.iter().map(row).collect()
}

/// Where a month of a crèche's quarter stands.
fn step<S: Paged>(visit: &Visit, summary: &Figured<S>, figures: &MonthFigures<S::Totals>) -> Step {
    let kept = figures.deposited.as_ref().map(|deposited| deposited.has_warnings);
    let stage = stage(&summary.creche, figures.month, kept, visit.app.clock.today());
    Step {
        name: figures.month.name().get(visit.language),
        href: Head::address::<S>(summary.creche.id, figures.month),
        mark: mark(visit.language, S::WORDS, summary.creche.subsidised, stage),
    }
}

const TOTAL: Text = Text { fr: "Total", nl: "Totaal", en: "Total" };
