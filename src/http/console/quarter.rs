//! The figures of a quarter: of every crèche, and of one month by month.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::board::{Mark, PART, mark};
use super::shell::{Shell, day, month_name, show};
use super::visit::Visit;
use crate::app::board::stage;
use crate::app::{App, summaries};
use crate::domain::attendance::Totals;
use crate::domain::days::Days;
use crate::domain::key::Scope;
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::summary::{CrecheSummary, Figures, MonthFigures};
use crate::http::api::at::{AtPeriod, In};
use crate::http::extract::Path;
use crate::http::problem::Result;

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
    deadline: Option<String>,
    missing: bool,
    rows: Vec<Row>,
    sum: Option<Row>,
}

/// A crèche, a month of one, or the sum.
struct Row {
    name: String,
    href: String,
    months: Vec<Step>,
    counts: [Days; 3],
    open_days: u32,
    rates: [String; 2],
}

/// Where a month stands.
struct Step {
    name: &'static str,
    href: String,
    mark: Mark,
}

impl Row {
    fn of(name: String, href: String, figures: &Figures<Totals>, months: Vec<Step>) -> Self {
        let occupancy = figures.occupancy();
        let Totals { present, justified_absence, unjustified_absence } = figures.totals;
        let rates = [occupancy.present_rate, occupancy.present_and_justified_rate].map(percent);
        let counts = [present, justified_absence, unjustified_absence];
        Self { name, href, months, counts, open_days: figures.open_days, rates }
    }
}

/// Basis points as people write a percentage here.
fn percent(rate: Option<u64>) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{},{:02} %", rate / 100, rate % 100))
}

async fn of_organiser(visit: Visit, Path(In { period }): Path<In>) -> Result<Response> {
    let caller = visit.caller(Scope::AttendanceRead)?;
    let quarter = period.quarter();
    let found = summaries::of_organiser(&visit.app, &caller, Period::Quarter(quarter)).await?;
    let found: Vec<_> = found.creches.into_iter().map(|found| found.attendance).collect();
    let shell = Shell::at(PART, &visit);
    let row = |summary: &CrecheSummary<Totals>| {
        let href = format!("/console/creches/{}/quarters/{quarter}", summary.creche.id);
        Row::of(summary.creche.name.clone(), href, &summary.figures(), steps(&visit, &shell, summary))
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let page = QuarterPage {
        at: "/console/quarters".to_owned(),
        creche: None,
        deadline: found.iter().find_map(CrecheSummary::deadline).map(day),
        ..QuarterPage::of(shell, quarter, &found, rows)
    };
    Ok(show(&page))
}

async fn of_creche(visit: Visit, Path(AtPeriod { creche, period }): Path<AtPeriod>) -> Result<Response> {
    let caller = visit.caller(Scope::AttendanceRead)?;
    let quarter = period.quarter();
    let found = summaries::of_creche(&visit.app, &caller, creche, Period::Quarter(quarter)).await?.attendance;
    let shell = Shell::at(PART, &visit);
    let mut steps = steps(&visit, &shell, &found).into_iter();
    let row = |month: &MonthFigures<Totals>| {
        let name = month_name(month.month, visit.language);
        Row::of(name, address(&found, month.month), &month.figures(), steps.next().into_iter().collect())
    };
    let rows: Vec<_> = found.months.iter().map(row).collect();
    let found = [found];
    let page = QuarterPage {
        at: format!("/console/creches/{creche}/quarters"),
        creche: Some(found[0].creche.name.clone()),
        deadline: found[0].deadline().map(day),
        ..QuarterPage::of(shell, quarter, &found, rows)
    };
    Ok(show(&page))
}

impl QuarterPage {
    fn of(shell: Shell, quarter: Quarter, found: &[CrecheSummary<Totals>], rows: Vec<Row>) -> Self {
        let [first, _, last] = quarter.months();
        let sum = Figures::sum(found.iter().map(CrecheSummary::figures));
        let name = shell.t("Total", "Totaal", "Total").to_owned();
        Self {
            quarter,
            around: [first.previous().quarter(), last.next().quarter()],
            at: String::new(),
            creche: None,
            deadline: None,
            missing: found.iter().any(|summary| summary.missing().next().is_some()),
            sum: (rows.len() > 1).then(|| Row::of(name, String::new(), &sum, Vec::new())),
            rows,
            shell,
        }
    }
}

fn address(summary: &CrecheSummary<Totals>, month: Month) -> String {
    format!("/console/creches/{}/attendance/{month}", summary.creche.id)
}

/// Where each month of a crèche's quarter stands.
fn steps(visit: &Visit, shell: &Shell, summary: &CrecheSummary<Totals>) -> Vec<Step> {
    let today = visit.app.clock.today();
    let step = |figures: &MonthFigures<Totals>| {
        let kept = figures.deposited.as_ref().map(|deposited| (deposited.status, deposited.has_warnings));
        Step {
            name: figures.month.name().get(visit.language),
            href: address(summary, figures.month),
            mark: mark(shell, stage(&summary.creche, figures.month, kept, today)),
        }
    };
    summary.months.iter().map(step).collect()
}
