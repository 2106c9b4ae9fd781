//! What the open days and the rates of a crèche are made of: each day with its places, or why it does not count.

use jiff::civil::Date;
use serde::Serialize;

use super::super::call_context::ApiCall;
use super::super::creches::CrecheReference;
use super::super::statements::revision_address;
use super::{ComparedInstants, tagged};
use crate::app::caller::Caller;
use crate::app::figure_inputs::AsOf;
use crate::app::{App, summaries};
use crate::domain::calendar::DayKind;
use crate::domain::closure::ClosureReason;
use crate::domain::counting_rule::CountingRule;
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
use crate::ids::CrecheId;

#[derive(Serialize)]
struct OpenDaysBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    period: Period,
    #[serde(flatten)]
    figures: OpeningFigures,
    /// By which the rates are computed.
    #[serde(rename = "rateRule")]
    rate_rule: CountingRule,
    months: Vec<MonthBody>,
    /// Where a comparison was asked for: the months that differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    comparisons: Option<Vec<ComparisonBody>>,
}

/// The open days, and the two sides of each rate.
#[derive(Serialize, PartialEq, Eq)]
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
    /// Of the deposited statement whose half days count.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    #[serde(flatten)]
    figures: OpeningFigures,
    days: Vec<DayBody>,
}

/// What a month was at the instant compared with, and the days that differ.
#[derive(Serialize)]
struct ComparisonBody {
    month: Month,
    before: OpeningFigures,
    after: OpeningFigures,
    days: Vec<DayChangeBody>,
}

#[derive(Serialize)]
struct DayChangeBody {
    before: DayBody,
    after: DayBody,
}

#[derive(Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct DayBody {
    date: Date,
    open: bool,
    rule: CountingRule,
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
    Query(wanted): Query<ComparedInstants>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let (as_of, earlier) = wanted.as_of(&app, &caller).await?;
    let summary = read(&app, &caller, creche, (period, as_of)).await?;
    let earlier = match earlier {
        Some(earlier) => Some(read(&app, &caller, creche, (period, earlier)).await?),
        None => None,
    };
    tagged(&OpenDaysBody::of(&summary, earlier.as_ref(), &urls), language, &known)
}

async fn read(app: &App, caller: &Caller, creche: CrecheId, of: (Period, AsOf)) -> Result<CrecheSummary<Totals>> {
    let found = summaries::of_kind::<Statement>(app, caller, Some(creche), of).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found("crecheId"))
}

impl OpenDaysBody {
    fn of(summary: &CrecheSummary<Totals>, earlier: Option<&CrecheSummary<Totals>>, urls: &Urls) -> Self {
        let CrecheSummary { creche, period, months } = summary;
        Self {
            this: urls.api(format_args!("/creches/{}/summaries/{period}/openDays", creche.id)),
            creche: CrecheReference::of(creche, urls),
            period: *period,
            figures: summary.figures().into(),
            rate_rule: CountingRule::OccupationRate,
            months: months.iter().map(|month| MonthBody::of(creche, month, urls)).collect(),
            comparisons: earlier.map(|earlier| compare(earlier, summary)),
        }
    }
}

/// The months that are not the same in two summaries of one crèche and period.
fn compare(earlier: &CrecheSummary<Totals>, later: &CrecheSummary<Totals>) -> Vec<ComparisonBody> {
    let pairs = earlier.months.iter().zip(&later.months);
    let compared = pairs.map(|(before, after)| {
        let days = after.month.days().map(|date| {
            let (before, after) = (DayBody::of(&earlier.creche, date), DayBody::of(&later.creche, date));
            DayChangeBody { before, after }
        });
        let days = days.filter(|day| day.before != day.after).collect();
        ComparisonBody { month: after.month, before: before.figures().into(), after: after.figures().into(), days }
    });
    compared.filter(|month| month.before != month.after || !month.days.is_empty()).collect()
}

impl MonthBody {
    fn of(creche: &Creche, month: &MonthFigures<Totals>, urls: &Urls) -> Self {
        let revision = month.deposited.as_ref().map(|deposited| deposited.revision);
        let address = |revision| revision_address::<Statement>(urls, creche.id, month.month, revision);
        Self {
            month: month.month,
            revision,
            href: revision.map(address),
            figures: month.figures().into(),
            days: month.month.days().map(|date| DayBody::of(creche, date)).collect(),
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
        let rule = if open { CountingRule::OpenDay } else { CountingRule::DayNotOpen };
        Self { date, open, rule, places, reason, closure_reason }
    }
}
