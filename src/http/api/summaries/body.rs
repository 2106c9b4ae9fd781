//! How summaries look on the wire.

use jiff::civil::Date;
use serde::Serialize;

use super::super::caller::OrganiserReference;
use super::super::creches::CrecheReference;
use super::super::statements::address;
use crate::app::organisers::Organiser;
use crate::domain::attendance::{Statement, Totals};
use crate::domain::period::{Month, Period};
use crate::domain::statement::Status;
use crate::domain::summary::{CrecheSummary, Figures, MonthFigures, Occupancy};
use crate::domain::text::{Language, Text};
use crate::http::urls::Urls;

/// The figures that every level has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FiguresBody {
    status: Status,
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
const NOT_DEPOSITED: Text = Text {
    fr: "Aucun relevé n'a été déposé pour ce mois.",
    nl: "Voor deze maand werd geen lijst ingediend.",
    en: "No statement was deposited for this month.",
};
/// Nothing can be deposited yet.
const NOT_BEGUN: Text = Text {
    fr: "Ce mois n'a pas encore commencé.",
    nl: "Deze maand is nog niet begonnen.",
    en: "This month has not begun.",
};

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
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MonthBody {
    month: Month,
    status: Status,
    has_warnings: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    href: String,
    totals: Totals,
    lines: u64,
    open_days: u32,
    place_days: u64,
}

impl MonthBody {
    fn of(month: &MonthFigures<Totals>, href: String) -> Self {
        let figures = month.figures();
        Self {
            month: month.month,
            status: figures.status,
            has_warnings: figures.has_warnings,
            revision: month.deposited.as_ref().map(|deposited| deposited.revision),
            href,
            totals: figures.totals,
            lines: figures.lines,
            open_days: figures.open_days,
            place_days: figures.place_days,
        }
    }
}

impl CrecheSummaryBody {
    pub(super) fn of(summary: &CrecheSummary<Totals>, today: Date, language: Language, urls: &Urls) -> Self {
        let CrecheSummary { creche, period, months } = summary;
        let month =
            |month: &MonthFigures<Totals>| MonthBody::of(month, address::<Statement>(urls, creche.id, month.month));
        Self {
            this: urls.api(format_args!("/creches/{}/summaries/{period}", creche.id)),
            creche: CrecheReference::of(creche, urls),
            period: *period,
            figures: summary.figures().into(),
            places: summary.places(),
            deadline: DeadlineBody::of(summary.deadline(), today),
            months: months.iter().map(month).collect(),
            missing: missing(summary, today, language),
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
    creches: Vec<CrecheFiguresBody>,
}

#[derive(Serialize)]
struct CrecheFiguresBody {
    creche: CrecheReference,
    #[serde(flatten)]
    figures: FiguresBody,
    missing: Vec<MissingBody>,
}

impl OrganiserSummaryBody {
    pub(super) fn of(
        organiser: Organiser,
        period: Period,
        creches: &[CrecheSummary<Totals>],
        today: Date,
        language: Language,
        urls: &Urls,
    ) -> Self {
        let creche = |summary: &CrecheSummary<Totals>| CrecheFiguresBody {
            creche: CrecheReference::of(&summary.creche, urls),
            figures: summary.figures().into(),
            missing: missing(summary, today, language),
        };
        Self {
            this: urls.api(format_args!("/summaries/{period}")),
            organiser: OrganiserReference { id: organiser.id, legal_name: organiser.legal_name },
            period,
            figures: Figures::sum(creches.iter().map(CrecheSummary::figures)).into(),
            deadline: DeadlineBody::of(creches.iter().find_map(CrecheSummary::deadline), today),
            creches: creches.iter().map(creche).collect(),
        }
    }
}
