//! What the open days, the occupancy and the staffing of a crèche's quarter are made of.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use super::page_context::{PageContext, forbidden};
use super::page_frame::{PageFrame, day, percent, render};
use super::staffing::equivalents;
use crate::app::figure_inputs::AsOf;
use crate::app::{AccessError, App, staff, summaries};
use crate::domain::calendar::DayKind;
use crate::domain::counting_rule::CountingRule;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::kinds::attendance::{KIND, Statement, Totals};
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::staff::staffing::{average_staffing, hundredth_days};
use crate::domain::summary::{Figures, MonthFigures};
use crate::http::extract::Path;
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::Result;
use crate::ids::{CrecheId, StaffMemberId};
use crate::words::{self, Language};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/console/creches/{crecheId}/quarters/{quarter}/details", get(page))
}

#[derive(Template)]
#[template(path = "quarter_details.html", config = ".config/askama.toml")]
struct QuarterDetailsPage {
    frame: PageFrame,
    quarter: String,
    back: String,
    creche: String,
    opening: Option<OpeningSection>,
    staffing: Option<StaffingSection>,
}

/// The open days month by month, and every weekday that is none.
struct OpeningSection {
    rows: Vec<OpeningRow>,
    closed: Vec<ClosedDay>,
}

/// A month, or the quarter.
struct OpeningRow {
    name: String,
    open_days: u32,
    place_days: u64,
    present: u64,
    present_rate: String,
    with_justified: u64,
    with_justified_rate: String,
}

/// A day from Monday to Friday that does not count.
struct ClosedDay {
    date: String,
    reason: &'static str,
}

/// The functions that count, and what they add up to.
struct StaffingSection {
    days: u64,
    functions: Vec<FunctionRow>,
    categories: Vec<CategoryRow>,
}

struct FunctionRow {
    person: StaffMemberId,
    name: String,
    category: &'static str,
    equivalents: String,
    from: String,
    until: String,
    days: u64,
}

struct CategoryRow {
    category: &'static str,
    equivalent_days: String,
    average: String,
}

async fn page(visit: PageContext, Path(AtQuarter { creche, quarter }): Path<AtQuarter>) -> Result<Response> {
    let (mut found, mut sections) = (None, (None, None));
    if let Some((creche, opening)) = opening(&visit, creche, quarter).await? {
        (found, sections.0) = (Some(creche), Some(opening));
    }
    if let Some((creche, staffing)) = staffing(&visit, creche, quarter).await? {
        (found, sections.1) = (Some(creche), Some(staffing));
    }
    let (opening, staffing) = sections;
    Ok(render(&QuarterDetailsPage {
        frame: PageFrame::at("", &visit),
        quarter: quarter.in_words(visit.language),
        back: format!("/console/creches/{creche}/quarters/{quarter}"),
        creche: found.ok_or_else(forbidden)?.name,
        opening,
        staffing,
    }))
}

/// The open days; nothing for users who may not read the attendance of the crèche.
async fn opening(visit: &PageContext, creche: CrecheId, quarter: Quarter) -> Result<Option<(Creche, OpeningSection)>> {
    let Some(caller) = visit.acting.caller(Scope::StatementsRead(KIND)) else { return Ok(None) };
    let period = (Period::Quarter(quarter), AsOf::NOW);
    let found = match summaries::of_kind::<Statement>(&visit.app, &caller, Some(creche), period).await {
        Err(AccessError::NotGranted) => return Ok(None),
        found => found?,
    };
    let Some(summary) = found.into_iter().next() else { return Ok(None) };
    let month = |month: &MonthFigures<Totals>| OpeningRow::new(month.month.in_words(visit.language), &month.figures());
    let mut rows: Vec<_> = summary.months.iter().map(month).collect();
    rows.push(OpeningRow::new(words::common::TOTAL.get(visit.language).to_owned(), &summary.figures()));
    let days = quarter.months().into_iter().flat_map(Month::days);
    let closed = days.filter_map(|date| ClosedDay::of(&summary.creche, date, visit.language)).collect();
    Ok(Some((summary.creche, OpeningSection { rows, closed })))
}

impl OpeningRow {
    fn new(name: String, figures: &Figures<Totals>) -> Self {
        let occupancy = figures.occupancy();
        Self {
            name,
            open_days: figures.open_days,
            place_days: figures.place_days,
            present: occupancy.present_half_days,
            present_rate: percent(occupancy.present_rate),
            with_justified: occupancy.present_and_justified_half_days,
            with_justified_rate: percent(occupancy.present_and_justified_rate),
        }
    }
}

impl ClosedDay {
    /// Why a weekday does not count, if it does not.
    fn of(creche: &Creche, date: Date, language: Language) -> Option<Self> {
        let reason = match creche.calendar.day(date) {
            DayKind::Weekend => return None,
            DayKind::Open if creche.is_authorised_on(date) => return None,
            DayKind::Open => words::quarter_details::NOT_AUTHORISED,
            DayKind::PublicHoliday(name) => name,
            DayKind::Closed(closure) => closure.reason.label(),
        };
        Some(Self { date: day(date), reason: reason.get(language) })
    }
}

/// The functions; nothing for users who may not see the staff there.
async fn staffing(
    visit: &PageContext,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<Option<(Creche, StaffingSection)>> {
    let Some(caller) = visit.acting.caller(Scope::StaffRead) else { return Ok(None) };
    let period = Period::Quarter(quarter);
    let read = summaries::staff_functions(&visit.app, &caller, creche, (period, AsOf::NOW), None).await;
    let summaries::StaffFunctions { creche, functions: assignments, .. } = match read {
        Err(AccessError::NotGranted) => return Ok(None),
        read => read?,
    };
    let names = staff::names(&visit.app, &caller).await?;
    let (first, last) = (period.first_day(), period.last_day());
    let within = |one: &staff::MemberAssignment| Some((one.member, one.assignment.within(first, last)?));
    let mut parts: Vec<_> = assignments.iter().filter_map(within).collect();
    parts.sort_unstable_by_key(|(member, part)| (part.category, names.get(member), part.from));
    let functions = parts.iter().map(|(member, part)| FunctionRow {
        person: *member,
        name: names.get(member).cloned().unwrap_or_default(),
        category: part.category.label().get(visit.language),
        equivalents: equivalents(part.fte.into()),
        from: day(part.from),
        until: day(part.until),
        days: part.days(),
    });
    let all: Vec<_> = assignments.iter().map(|one| one.assignment).collect();
    let average = average_staffing(&all, first, last);
    let sums = hundredth_days(parts.iter().map(|(_, part)| *part));
    let categories = sums.into_iter().map(|(category, sum)| CategoryRow {
        category: category.label().get(visit.language),
        equivalent_days: equivalents(sum),
        average: equivalents(average.0.get(&category).copied().unwrap_or_default().into()),
    });
    let days = quarter.months().into_iter().map(|month| month.days().count()).sum::<usize>();
    let section =
        StaffingSection { days: days as u64, functions: functions.collect(), categories: categories.collect() };
    Ok(Some((creche, section)))
}
