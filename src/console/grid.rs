//! The days of a month as the columns of a table, shaded where the crèche is not open.

use jiff::civil::Weekday;

use crate::domain::calendar::DayKind;
use crate::domain::creche::Creche;
use crate::domain::period::Month;
use crate::words::{self, Language, LocalText};

/// A day of the month.
pub(super) struct MonthDay {
    /// Its number.
    pub(super) number: i8,
    /// The day of the week, in two letters.
    pub(super) weekday: &'static str,
    /// The CSS class of its column.
    pub(super) look: &'static str,
    /// Why the crèche is not open.
    pub(super) why: Option<&'static str>,
}

/// The days of `month` in a crèche.
pub(super) fn days(creche: &Creche, month: Month, language: Language) -> Vec<MonthDay> {
    let day = |date: jiff::civil::Date| {
        let (look, why) = match creche.calendar.day(date) {
            DayKind::Open => ("", None),
            DayKind::Weekend => ("weekend", Some(WEEKEND)),
            DayKind::PublicHoliday(name) => ("holiday", Some(name)),
            DayKind::Closed(closure) => ("closed", Some(closure.reason.label())),
        };
        let why = why.map(|why| why.get(language));
        MonthDay { number: date.day(), weekday: weekday_letters(date.weekday()).get(language), look, why }
    };
    month.days().map(day).collect()
}

const WEEKEND: LocalText = words::grid::WEEKEND;

const fn weekday_letters(weekday: Weekday) -> LocalText {
    match weekday {
        Weekday::Monday => words::grid::MO,
        Weekday::Tuesday => words::grid::TU,
        Weekday::Wednesday => words::grid::WE,
        Weekday::Thursday => words::grid::TH,
        Weekday::Friday => words::grid::FR,
        Weekday::Saturday => words::grid::SA,
        Weekday::Sunday => words::grid::SU,
    }
}
