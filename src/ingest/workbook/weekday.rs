//! Names of weekdays beside dates: only compared with the weekday of the date.

use jiff::civil::{Date, Weekday};

use super::model::folded;
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::workbook::cell::WEEKDAY_DIFFERS;
use crate::words::{self, LocalText};

/// The days of the week, Monday first, with their names: letters without accents.
const WEEK: [LocalText; 7] = [
    words::ingest::MONDAY,
    words::ingest::TUESDAY,
    words::ingest::WEDNESDAY,
    words::ingest::THURSDAY,
    words::ingest::FRIDAY,
    words::ingest::SATURDAY,
    words::ingest::SUNDAY,
];

/// The names of the weekdays.
pub(in crate::ingest) fn names() -> impl Iterator<Item = &'static str> {
    WEEK.into_iter().flat_map(|LocalText { fr, nl, en }| [fr, nl, en])
}

/// The weekdays whose name begins like a folded word. A beginning may mean several (`ma` is mardi and maandag), and
/// some programs head their columns with one letter.
fn named(word: &str) -> impl Iterator<Item = Weekday> {
    let begins = move |name: &str| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let of = move |(day, LocalText { fr, nl, en }): (Weekday, LocalText)| {
        [fr, nl, en].into_iter().any(begins).then_some(day)
    };
    let week = Weekday::Monday.cycle_forward().zip(WEEK);
    week.filter(move |_| !word.is_empty()).filter_map(of)
}

/// Whether a folded word is the name of a weekday, or a beginning of one.
pub(in crate::ingest) fn is_weekday(word: &str) -> bool {
    named(word.trim_matches([' ', '.', ','])).next().is_some()
}

/// The weekday that a text names before its first digit, when it is not that of the date.
pub(in crate::ingest) fn other_than(date: Date, text: &str) -> Option<String> {
    let text = folded(text);
    let before = text.split(|character: char| character.is_ascii_digit()).next()?;
    let mut words = before.split([' ', '.', ',']).filter(|word| is_weekday(word));
    words.find(|word| named(word).all(|weekday| weekday != date.weekday())).map(str::to_owned)
}

/// A weekday that is not that of its date, without its place. `date` is the date as a sentence shows it.
pub(in crate::ingest) fn differs(found: String, date: Param, weekday: Weekday) -> Finding {
    let finding = Finding::new(&WEEKDAY_DIFFERS, FindingPlace::default()).with("found", Param::Code(found));
    let name = WEEK[usize::from(weekday.to_monday_zero_offset().unsigned_abs())];
    finding.with("date", date).with("weekday", Param::Text(name))
}
