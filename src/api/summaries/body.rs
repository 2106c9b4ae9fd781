//! Response bodies of summaries.

use jiff::civil::Date;
use serde::Serialize;

use super::super::caller::OrganiserReference;
use super::super::creches::CrecheReference;
use super::super::statements::address;
use crate::app::organisers::Organiser;
use crate::app::summaries::{CrecheFigures, OrganiserFigures, PeriodStaffing};
use crate::domain::kinds::attendance::{Occupancy, Statement, Totals};
use crate::domain::kinds::for_each_kind;
use crate::domain::period::{Month, Period};
use crate::domain::staff::staffing::Staffing;
use crate::domain::statement::{self, StatementStatus};
use crate::domain::summary::{CrecheSummary, Figures, MonthFigures};
use crate::http::urls::Urls;
use crate::words::{self, Language, LocalText};

/// The figures that every level has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FiguresBody {
    status: StatementStatus,
    has_warnings: bool,
    totals: Totals,
    lines: u64,
    open_days: u32,
    place_days: u64,
    #[serde(flatten)]
    occupancy: Occupancy,
}

impl From<Figures<Totals>> for FiguresBody {
    fn from(figures: Figures<Totals>) -> Self {
        let occupancy = figures.occupancy();
        let Figures { status, has_warnings, lines, totals, open_days, place_days } = figures;
        Self { status, has_warnings, totals, lines, open_days, place_days, occupancy }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeadlineBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline_passed: Option<bool>,
}

impl DeadlineBody {
    fn of(deadline: Option<Date>, today: Date) -> Self {
        Self { deadline, deadline_passed: deadline.map(|deadline| today > deadline) }
    }
}

#[derive(Serialize)]
struct MissingBody {
    month: Month,
    detail: &'static str,
}

/// Nothing was deposited yet.
const NOT_DEPOSITED: LocalText = words::api::NOT_DEPOSITED;
/// Nothing can be deposited yet.
const NOT_BEGUN: LocalText = words::api::NOT_BEGUN;

fn missing(summary: &CrecheSummary<Totals>, today: Date, language: Language) -> Vec<MissingBody> {
    let detail = |month| if month > Month::of(today) { NOT_BEGUN } else { NOT_DEPOSITED };
    summary.missing().map(|month| MissingBody { month, detail: detail(month).get(language) }).collect()
}

/// One crèche.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CrecheSummaryBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    period: Period,
    #[serde(flatten)]
    figures: FiguresBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<u32>,
    #[serde(flatten)]
    deadline: DeadlineBody,
    months: Vec<MonthBody>,
    missing: Vec<MissingBody>,
    #[serde(flatten)]
    others: OtherKindsBody,
    staffing: StaffingBody,
}

/// Staffing, in hundredths of full-time equivalents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StaffingBody {
    date: Date,
    hundredths: Staffing,
    average_hundredths: Staffing,
}

impl From<&PeriodStaffing> for StaffingBody {
    fn from(PeriodStaffing { date, on, average }: &PeriodStaffing) -> Self {
        Self { date: *date, hundredths: on.clone(), average_hundredths: average.clone() }
    }
}

/// The figures of a kind besides attendance: the sums over a period.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KindBody<T> {
    status: StatementStatus,
    has_warnings: bool,
    totals: T,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    months: Vec<KindMonthBody<T>>,
}

/// The figures of such a kind in one month.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KindMonthBody<T> {
    month: Month,
    status: StatementStatus,
    has_warnings: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    href: String,
    totals: T,
}

impl<T: statement::Totals> KindBody<T> {
    fn of(figures: Figures<T>, months: Vec<KindMonthBody<T>>) -> Self {
        let Figures { status, has_warnings, totals, .. } = figures;
        Self { status, has_warnings, totals, months }
    }

    /// With each month.
    fn months<S: statement::Statement<Totals = T>>(summary: &CrecheSummary<T>, urls: &Urls) -> Self {
        let month = |month: &MonthFigures<T>| {
            let Figures { status, has_warnings, totals, .. } = month.figures();
            KindMonthBody {
                month: month.month,
                status,
                has_warnings,
                revision: revision(month),
                href: address::<S>(urls, summary.creche.id, month.month),
                totals,
            }
        };
        Self::of(summary.figures(), summary.months.iter().map(month).collect())
    }
}

/// The figures of attendance are at the top of a summary, those of each other kind below the kind's name.
macro_rules! other_kinds {
    ($attendance:ident $($kind:ident)*) => {
        #[derive(Serialize)]
        struct OtherKindsBody {
            $($kind: KindBody<crate::domain::kinds::$kind::Totals>,)*
        }

        impl OtherKindsBody {
            /// Of one crèche, with each month.
            fn months(found: &CrecheFigures, urls: &Urls) -> Self {
                Self { $($kind: KindBody::months::<crate::domain::kinds::$kind::Statement>(&found.$kind, urls),)* }
            }

            /// Of several crèches together.
            fn sum(found: &[CrecheFigures]) -> Self {
                Self {
                    $($kind: KindBody::of(
                        Figures::sum(found.iter().map(|found| found.$kind.figures())),
                        Vec::new(),
                    ),)*
                }
            }
        }
    };
}
for_each_kind!(other_kinds);

/// The current revision.
fn revision<T: statement::Totals>(month: &MonthFigures<T>) -> Option<u32> {
    month.deposited.as_ref().map(|deposited| deposited.revision)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MonthBody {
    month: Month,
    status: StatementStatus,
    has_warnings: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    href: String,
    totals: Totals,
    lines: u64,
    open_days: u32,
    place_days: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_days: Option<Vec<Date>>,
}

/// The missing days of those of the months for which they are known; none where they are known for no month.
fn missing_days(months: &[MonthFigures<Totals>], today: Date) -> Option<Vec<Date>> {
    let of_month = |month: &MonthFigures<Totals>| Some(month.deposited.as_ref()?.missing_days_on(today)?.to_vec());
    months.iter().filter_map(of_month).reduce(|all, of_month| [all, of_month].concat())
}

impl MonthBody {
    fn of(month: &MonthFigures<Totals>, today: Date, href: String) -> Self {
        let figures = month.figures();
        Self {
            month: month.month,
            status: figures.status,
            has_warnings: figures.has_warnings,
            revision: revision(month),
            href,
            totals: figures.totals,
            lines: figures.lines,
            open_days: figures.open_days,
            place_days: figures.place_days,
            missing_days: missing_days(std::slice::from_ref(month), today),
        }
    }
}

impl CrecheSummaryBody {
    pub(super) fn of(found: &CrecheFigures, today: Date, language: Language, urls: &Urls) -> Self {
        let summary = &found.attendance;
        let CrecheSummary { creche, period, months } = summary;
        let month = |month: &MonthFigures<Totals>| {
            MonthBody::of(month, today, address::<Statement>(urls, creche.id, month.month))
        };
        Self {
            this: urls.api(format_args!("/creches/{}/summaries/{period}", creche.id)),
            creche: CrecheReference::of(creche, urls),
            period: *period,
            figures: summary.figures().into(),
            places: summary.places(),
            deadline: DeadlineBody::of(summary.deadline(), today),
            months: months.iter().map(month).collect(),
            missing: missing(summary, today, language),
            others: OtherKindsBody::months(found, urls),
            staffing: (&found.staffing).into(),
        }
    }
}

/// All crèches of an organiser that the key reaches.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganiserSummaryBody {
    #[serde(rename = "self")]
    this: String,
    organiser: OrganiserReference,
    period: Period,
    #[serde(flatten)]
    figures: FiguresBody,
    #[serde(flatten)]
    deadline: DeadlineBody,
    #[serde(flatten)]
    others: OtherKindsBody,
    staffing: StaffingBody,
    creches: Vec<CrecheFiguresBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CrecheFiguresBody {
    creche: CrecheReference,
    #[serde(flatten)]
    figures: FiguresBody,
    missing: Vec<MissingBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_days: Option<Vec<Date>>,
    #[serde(flatten)]
    others: OtherKindsBody,
    staffing: StaffingBody,
}

impl OrganiserSummaryBody {
    pub(super) fn of(
        organiser: Organiser,
        period: Period,
        OrganiserFigures { creches, staffing }: &OrganiserFigures,
        today: Date,
        language: Language,
        urls: &Urls,
    ) -> Self {
        let creche = |found: &CrecheFigures| CrecheFiguresBody {
            creche: CrecheReference::of(&found.attendance.creche, urls),
            figures: found.attendance.figures().into(),
            missing: missing(&found.attendance, today, language),
            missing_days: missing_days(&found.attendance.months, today),
            others: OtherKindsBody::sum(std::slice::from_ref(found)),
            staffing: (&found.staffing).into(),
        };
        Self {
            this: urls.api(format_args!("/summaries/{period}")),
            organiser: OrganiserReference { id: organiser.id, legal_name: organiser.legal_name },
            period,
            figures: Figures::sum(creches.iter().map(|found| found.attendance.figures())).into(),
            others: OtherKindsBody::sum(creches),
            deadline: DeadlineBody::of(creches.iter().find_map(|found| found.attendance.deadline()), today),
            staffing: staffing.into(),
            creches: creches.iter().map(creche).collect(),
        }
    }
}
