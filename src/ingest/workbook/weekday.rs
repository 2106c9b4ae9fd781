//! Names of weekdays beside dates: read only to be compared with the day that the date is.

use jiff::civil::{Date, Weekday};

use super::model::folded;
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::workbook::cell::WEEKDAY_DIFFERS;
use crate::domain::text::LocalText;

/// The days of the week, Monday first, with their names in French, Dutch and English.
const WEEK: [(Weekday, [&str; 3]); 7] = [
    (Weekday::Monday, ["lundi", "maandag", "monday"]),
    (Weekday::Tuesday, ["mardi", "dinsdag", "tuesday"]),
    (Weekday::Wednesday, ["mercredi", "woensdag", "wednesday"]),
    (Weekday::Thursday, ["jeudi", "donderdag", "thursday"]),
    (Weekday::Friday, ["vendredi", "vrijdag", "friday"]),
    (Weekday::Saturday, ["samedi", "zaterdag", "saturday"]),
    (Weekday::Sunday, ["dimanche", "zondag", "sunday"]),
];

/// The names of the weekdays, folded.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    WEEK.into_iter().flat_map(|(_, names)| names)
}

/// The weekdays whose name begins like a folded word. A beginning may mean several (`ma` is mardi and maandag), and some
/// programs head their columns with one letter.
fn named(word: &str) -> impl Iterator<Item = Weekday> {
    let of = move |(day, names): (Weekday, [&str; 3])| names.iter().any(|name| name.starts_with(word)).then_some(day);
    WEEK.into_iter().filter(move |_| !word.is_empty()).filter_map(of)
}

/// Whether a folded word is the name of a weekday, or a beginning of one.
pub(super) fn is_weekday(word: &str) -> bool {
    named(word.trim_matches([' ', '.', ','])).next().is_some()
}

/// The weekday that a text names before its first digit, when it is not that of the date.
pub(super) fn other_than(date: Date, text: &str) -> Option<String> {
    let text = folded(text);
    let before = text.split(|character: char| character.is_ascii_digit()).next()?;
    let mut words = before.split([' ', '.', ',']).filter(|word| is_weekday(word));
    words.find(|word| named(word).all(|weekday| weekday != date.weekday())).map(str::to_owned)
}

/// A weekday that is not that of its date, without its place. `date` is the date as a sentence shows it.
pub(super) fn differs(found: String, date: Param, weekday: Weekday) -> Finding {
    let finding = Finding::new(&WEEKDAY_DIFFERS, FindingPlace::default()).with("found", Param::Code(found));
    finding.with("date", date).with("weekday", Param::Text(label(weekday)))
}

const fn label(weekday: Weekday) -> LocalText {
    let [fr, nl, en] = match weekday {
        Weekday::Monday => ["lundi", "maandag", "Monday"],
        Weekday::Tuesday => ["mardi", "dinsdag", "Tuesday"],
        Weekday::Wednesday => ["mercredi", "woensdag", "Wednesday"],
        Weekday::Thursday => ["jeudi", "donderdag", "Thursday"],
        Weekday::Friday => ["vendredi", "vrijdag", "Friday"],
        Weekday::Saturday => ["samedi", "zaterdag", "Saturday"],
        Weekday::Sunday => ["dimanche", "zondag", "Sunday"],
    };
    LocalText { fr, nl, en }
}
