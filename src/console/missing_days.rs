//! Days for which nothing was received, and the form that declares them closed.

use jiff::civil::Date;

use super::page_frame::{PageFrame, day};
use crate::app::home::MissingDaysRow;
use crate::domain::closure::ClosureReason;
use crate::domain::day_coverage::MissingPeriod;
use crate::domain::period::Month;
use crate::domain::statement::StatementKind;
use crate::ids::CrecheId;
use crate::words::{Language, home as words};

/// The reasons of a closure: code and words.
pub(super) struct DayReasons(pub(super) Vec<(&'static str, &'static str)>);

impl DayReasons {
    pub(super) fn new(language: Language) -> Self {
        Self(ClosureReason::ALL.iter().map(|each| (each.code(), each.label().get(language))).collect())
    }
}

/// Days in a row of a crèche.
pub(super) struct MissingDaysView {
    /// The days in words, with the crèche where the page is of several.
    pub(super) label: String,
    pub(super) creche: CrecheId,
    pub(super) kind: StatementKind,
    pub(super) month: Month,
    pub(super) first: Date,
    pub(super) last: Date,
    /// The page of the month; none on that page.
    pub(super) href: Option<String>,
    pub(super) may_close: bool,
    pub(super) button: &'static str,
}

impl MissingDaysView {
    /// The days on the page of several crèches.
    pub(super) fn of(frame: &PageFrame, row: MissingDaysRow) -> Self {
        let MissingDaysRow { creche, kind, month, period, may_close } = row;
        let view = Self::in_month(frame, (creche.id, kind), &period, may_close);
        Self {
            label: format!("{}, {}", creche.name, view.label),
            href: Some(month_page(creche.id, kind, month)),
            ..view
        }
    }

    /// The days on the page of their month.
    pub(super) fn in_month(
        frame: &PageFrame,
        (creche, kind): (CrecheId, StatementKind),
        period: &MissingPeriod,
        may_close: bool,
    ) -> Self {
        let [first, last] = [period.first, period.last].map(day);
        let is_single = period.first == period.last;
        let label = if is_single {
            first
        } else {
            let words = frame.counted(&period.days, &words::OPEN_DAYS);
            let between = frame.text(&words::FROM_UNTIL).replace("{first}", &first).replace("{last}", &last);
            format!("{between} ({words})")
        };
        let button = frame.text(if is_single { &words::CLOSED_THAT_DAY } else { &words::CLOSED_THOSE_DAYS });
        Self {
            label,
            creche,
            kind,
            month: Month::of(period.first),
            first: period.first,
            last: period.last,
            href: None,
            may_close,
            button,
        }
    }
}

/// The page of a month.
pub(super) fn month_page(creche: CrecheId, kind: StatementKind, month: Month) -> String {
    format!("/console/creches/{creche}/{}/{month}", kind.name())
}
