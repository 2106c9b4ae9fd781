//! What the open days and the rates of a crèche are made of: each day with its places, or why it does not count.

use jiff::civil::Date;
use serde::Serialize;

use super::super::call_context::ApiCall;
use super::super::creches::CrecheReference;
use super::{Instant, tagged};
use crate::app::{App, summaries};
use crate::domain::calendar::DayKind;
use crate::domain::closure::ClosureReason;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::kinds::attendance::{Occupancy, Statement, Totals};
use crate::domain::period::{Month, Period};
use crate::domain::summary::{CrecheSummary, Figures, MonthFigures};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Path, Query};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtPeriod;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;

#[derive(Serialize)]
struct OpenDaysBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    period: Period,
    #[serde(flatten)]
    figures: OpeningFigures,
    months: Vec<MonthBody>,
}

/// The open days, and the two sides of each rate.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpeningFigures {
    open_days: u32,
    place_days: u64,
    #[serde(flatten)]
    occupancy: Occupancy,
}

#[derive(Serialize)]
struct MonthBody {
    month: Month,
    #[serde(flatten)]
    figures: OpeningFigures,
    days: Vec<DayBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DayBody {
    date: Date,
    open: bool,
    /// Of an open day.
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<u32>,
    /// Of another day: why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Of a day inside a declared closure.
    #[serde(skip_serializing_if = "Option::is_none")]
    closure_reason: Option<ClosureReason>,
}

pub(super) fn route() -> Route<App> {
    let (path, id) = ("/creches/{crecheId}/summaries/{period}/openDays", "getCrecheSummaryOpenDays");
    Route::get(path, id, Access::Scope(Scope::SummariesRead), get_open_days)
}

async fn get_open_days(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtPeriod { creche, period }): Path<AtPeriod>,
    Query(wanted): Query<Instant>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let as_of = wanted.as_of(&app, &caller).await?;
    let found = summaries::of_kind::<Statement>(&app, &caller, Some(creche), (period, as_of)).await?;
    let summary = found.first().ok_or_else(|| Problem::not_found("crecheId"))?;
    tagged(&OpenDaysBody::of(summary, &urls), language, &known)
}

impl OpenDaysBody {
    fn of(summary: &CrecheSummary<Totals>, urls: &Urls) -> Self {
        let CrecheSummary { creche, period, months } = summary;
        let month = |month: &MonthFigures<Totals>| MonthBody {
            month: month.month,
            figures: month.figures().into(),
            days: month.month.days().map(|date| DayBody::of(creche, date)).collect(),
        };
        Self {
            this: urls.api(format_args!("/creches/{}/summaries/{period}/openDays", creche.id)),
            creche: CrecheReference::of(creche, urls),
            period: *period,
            figures: summary.figures().into(),
            months: months.iter().map(month).collect(),
        }
    }
}

impl From<Figures<Totals>> for OpeningFigures {
    fn from(figures: Figures<Totals>) -> Self {
        let (open_days, place_days) = (figures.open_days, figures.place_days);
        Self { open_days, place_days, occupancy: figures.occupancy() }
    }
}

impl DayBody {
    fn of(creche: &Creche, date: Date) -> Self {
        let (reason, closure_reason) = match creche.calendar.day(date) {
            DayKind::Open if creche.is_authorised_on(date) => (None, None),
            DayKind::Open => (Some("notAuthorised"), None),
            DayKind::Weekend => (Some("weekend"), None),
            DayKind::PublicHoliday(_) => (Some("publicHoliday"), None),
            DayKind::Closed(closure) => (Some("closure"), Some(closure.reason)),
        };
        let open = reason.is_none();
        let places = creche.capacity.on(date).filter(|_| open);
        Self { date, open, places, reason, closure_reason }
    }
}
