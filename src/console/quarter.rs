//! The figures of a quarter: of every crèche, and of one month by month; kind by kind, for those that the user may
//! read.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::kinds::{FigureColumnGroup, StatementPages, SumTable};
use super::month::MonthHead;
use super::page_context::{PageContext, forbidden};
use super::page_frame::{PageFrame, day, render};
use super::staffing::{Staffing, staffing};
use super::stage_tag::{StageTag, stage_tag};
use crate::app::board::month_stage;
use crate::app::figure_inputs::AsOf;
use crate::app::{App, summaries};
use crate::domain::key::Scope;
use crate::domain::kinds::for_each_kind;
use crate::domain::period::{Period, Quarter};
use crate::domain::statement::Statement;
use crate::domain::summary::{CrecheSummary, Figures, MonthFigures};
use crate::http::extract::Path;
use crate::http::path_parameters::{AtPeriod, PathParams};
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::words::{self, LocalText};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/quarters/{period}", get(of_organiser))
        .route("/console/creches/{crecheId}/quarters/{period}", get(of_creche))
}

#[derive(Template)]
#[template(path = "quarter.html", config = ".config/askama.toml")]
struct QuarterPage {
    frame: PageFrame,
    quarter: Quarter,
    title: String,
    /// The quarters before and after it, in words.
    around: [(Quarter, String); 2],
    /// The address without the quarter.
    at: String,
    /// The crèche, on the page of one.
    creche: Option<String>,
    sections: Vec<KindSection>,
    staffing: Option<Staffing>,
}

/// The figures of one kind.
struct KindSection {
    part: &'static str,
    title: LocalText,
    /// Whether a month is missing that is due.
    due: bool,
    deadline: Option<String>,
    missing: bool,
    groups: &'static [FigureColumnGroup],
    rows: Vec<QuarterRow>,
    sum: Option<QuarterRow>,
    /// The second breakdown.
    by: Option<(LocalText, SumTable)>,
}

/// A crèche, a month of one, or the sum.
struct QuarterRow {
    name: String,
    href: String,
    months: Vec<MonthLink>,
    figures: Vec<String>,
}

/// The status of a month.
struct MonthLink {
    name: &'static str,
    href: String,
    mark: StageTag,
}

/// A kind's figures of one crèche.
type KindSummary<S> = CrecheSummary<<S as Statement>::Totals>;

async fn of_organiser(visit: PageContext, Path(PathParams { period }): Path<PathParams>) -> Result<Response> {
    let at = QuarterTarget { creche: None, quarter: period.quarter() };
    render_quarter(&visit, at, "/console/quarters".to_owned()).await
}

async fn of_creche(visit: PageContext, Path(AtPeriod { creche, period }): Path<AtPeriod>) -> Result<Response> {
    let at = QuarterTarget { creche: Some(creche), quarter: period.quarter() };
    render_quarter(&visit, at, format!("/console/creches/{creche}/quarters")).await
}

/// The subject of the page.
#[derive(Clone, Copy)]
struct QuarterTarget {
    creche: Option<CrecheId>,
    quarter: Quarter,
}

macro_rules! sections_of_kinds {
    ($($kind:ident)*) => {
        /// The sections of every kind, or why there is none.
        async fn sections(visit: &PageContext, at: QuarterTarget) -> Vec<Result<Option<NamedSection>>> {
            vec![$(section::<crate::domain::kinds::$kind::Statement>(visit, at).await),*]
        }
    };
}
for_each_kind!(sections_of_kinds);

/// The figures of a kind, with the name of the crèche on the page of one.
type NamedSection = (Option<String>, KindSection);

async fn render_quarter(visit: &PageContext, at: QuarterTarget, address: String) -> Result<Response> {
    // A user who may read some of the kinds gets those; one who may read none gets the refusal.
    let (mut found, mut refused) = (Vec::new(), None);
    for section in sections(visit, at).await {
        match section {
            Ok(section) => found.extend(section),
            Err(problem) => refused = refused.or(Some(problem)),
        }
    }
    let Some((creche, first)) = found.first().map(|(creche, section)| (creche.clone(), section.part)) else {
        return Err(refused.unwrap_or_else(forbidden));
    };
    let [begin, _, end] = at.quarter.months();
    let in_words = |quarter: Quarter| quarter.in_words(visit.language);
    let around = [begin.previous().quarter(), end.next().quarter()];
    Ok(render(&QuarterPage {
        frame: PageFrame::at(first, visit),
        quarter: at.quarter,
        title: in_words(at.quarter),
        around: around.map(|quarter| (quarter, in_words(quarter))),
        at: address,
        creche,
        sections: found.into_iter().map(|(_, section)| section).collect(),
        staffing: staffing(visit, at.creche, at.quarter).await?,
    }))
}

/// The figures of a kind; nothing for users who may not read it.
async fn section<S: StatementPages>(
    visit: &PageContext,
    QuarterTarget { creche, quarter }: QuarterTarget,
) -> Result<Option<NamedSection>> {
    let Some(caller) = visit.acting.caller(Scope::StatementsRead(S::KIND)) else { return Ok(None) };
    let found = summaries::of_kind::<S>(&visit.app, &caller, creche, (Period::Quarter(quarter), AsOf::NOW)).await?;
    let name = creche.and_then(|_| found.first()).map(|summary| summary.creche.name.clone());
    let rows = match (creche, found.first()) {
        (Some(_), Some(summary)) => by_month::<S>(visit, summary),
        _ => found.iter().map(|summary| of_one::<S>(visit, quarter, summary)).collect(),
    };
    Ok(Some((name, kind_section::<S>(visit, &found, rows).await?)))
}

async fn kind_section<S: StatementPages>(
    visit: &PageContext,
    found: &[KindSummary<S>],
    rows: Vec<QuarterRow>,
) -> Result<KindSection> {
    let sum = Figures::sum(found.iter().map(CrecheSummary::figures));
    let by = match S::BY.filter(|_| sum.lines > 0) {
        Some(by) => Some((by, S::sums(&sum.totals, &S::names(visit).await?, visit.language))),
        None => None,
    };
    let (name, figures) = (TOTAL.get(visit.language).to_owned(), S::figures(&sum, visit.language));
    let total = QuarterRow { name, href: String::new(), months: Vec::new(), figures };
    Ok(KindSection {
        part: S::WORDS.part(),
        title: *S::WORDS.title(),
        due: S::WORDS.is_due(),
        deadline: found.iter().find_map(CrecheSummary::deadline).map(day),
        missing: found.iter().any(|summary| summary.missing().next().is_some()),
        groups: S::GROUPS,
        sum: (rows.len() > 1).then_some(total),
        rows,
        by,
    })
}

/// A crèche's quarter.
fn of_one<S: StatementPages>(visit: &PageContext, quarter: Quarter, summary: &KindSummary<S>) -> QuarterRow {
    QuarterRow {
        name: summary.creche.name.clone(),
        href: format!("/console/creches/{}/quarters/{quarter}", summary.creche.id),
        months: summary.months.iter().map(|month| month_step::<S>(visit, summary, month)).collect(),
        figures: S::figures(&summary.figures(), visit.language),
    }
}

/// The months of a crèche's quarter.
fn by_month<S: StatementPages>(visit: &PageContext, summary: &KindSummary<S>) -> Vec<QuarterRow> {
    let row = |month: &MonthFigures<S::Totals>| QuarterRow {
        name: month.month.in_words(visit.language),
        href: MonthHead::address::<S>(summary.creche.id, month.month),
        months: vec![month_step::<S>(visit, summary, month)],
        figures: S::figures(&month.figures(), visit.language),
    };
    summary.months.iter().map(row).collect()
}

/// The status of a month of a crèche's quarter.
fn month_step<S: StatementPages>(
    visit: &PageContext,
    summary: &KindSummary<S>,
    figures: &MonthFigures<S::Totals>,
) -> MonthLink {
    let stored = figures.deposited.as_ref().map(|deposited| deposited.has_warnings);
    let stage = month_stage(&summary.creche, figures.month, stored, visit.clock().today());
    MonthLink {
        name: figures.month.name().get(visit.language),
        href: MonthHead::address::<S>(summary.creche.id, figures.month),
        mark: stage_tag(visit.language, S::WORDS, summary.creche.subsidised, stage),
    }
}

const TOTAL: LocalText = words::common::TOTAL;
