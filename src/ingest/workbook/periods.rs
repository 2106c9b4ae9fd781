//! Months and quarters as people and programs write them.

use super::model::folded;
use super::table::{Table, Value};
use super::values::{cell_text, parse_date};
use super::weekday;
use crate::domain::period::{Month, Quarter};
use crate::domain::subsidy::read_quarter;

/// A month: `2026-10`, `10/2026`, `octobre 2026`, or any date in it.
pub(super) fn month_field(table: &Table, value: Value<'_>) -> Option<Month> {
    if let Value::Text(text) = value {
        let text = folded(text);
        if let Ok(month) = text.parse() {
            return Some(month);
        }
        let (first, year) = text.rsplit_once(['/', '-', '.', ' '])?;
        let number = match first.parse::<u8>() {
            Ok(number) => Some(number),
            Err(_) => month_named(first.trim()),
        };
        if let Some(month) = number.and_then(|number| format!("{year}-{number:02}").parse().ok()) {
            return Some(month);
        }
    }
    parse_date(table, value).filter(|day| (2000..=2099).contains(&day.year())).map(Month::of)
}

/// A quarter, as people and programs write it.
pub(super) fn quarter_field(value: Value<'_>) -> Option<Quarter> {
    read_quarter(&cell_text(value))
}

/// Month names, folded; the French ones first.
const MONTHS: [(&str, u8); 33] = [
    ("janvier", 1),
    ("fevrier", 2),
    ("mars", 3),
    ("avril", 4),
    ("mai", 5),
    ("juin", 6),
    ("juillet", 7),
    ("aout", 8),
    ("septembre", 9),
    ("octobre", 10),
    ("novembre", 11),
    ("decembre", 12),
    ("januari", 1),
    ("februari", 2),
    ("maart", 3),
    ("mrt", 3),
    ("april", 4),
    ("mei", 5),
    ("juni", 6),
    ("juli", 7),
    ("augustus", 8),
    ("september", 9),
    ("oktober", 10),
    ("november", 11),
    ("december", 12),
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("october", 10),
];

/// The number of a month by its name in French, Dutch or English, folded, or by a beginning of three letters or more
/// that means no other month.
pub(super) fn month_named(name: &str) -> Option<u8> {
    if let Some((_, number)) = MONTHS.iter().find(|(month, _)| *month == name) {
        return Some(*number);
    }
    let mut begun =
        MONTHS.iter().filter(|(month, _)| name.len() >= 3 && month.starts_with(name)).map(|(_, number)| *number);
    let first = begun.next()?;
    begun.all(|number| number == first).then_some(first)
}

/// The names of months and weekdays, folded.
pub(in crate::ingest) fn calendar_words() -> impl Iterator<Item = &'static str> {
    MONTHS.into_iter().map(|(name, _)| name).chain(weekday::names())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_people_write_them() {
        let read = |value| month_field(&Table::default(), value).map(|month| month.to_string());
        for text in ["2026-10", "10/2026", "Octobre 2026", "oktober 2026", "October 2026", "01/10/2026", "2026-10-31"] {
            assert_eq!(read(Value::Text(text)).as_deref(), Some("2026-10"), "{text:?}");
        }
        assert_eq!(read(Value::Moment(46_296.0)).as_deref(), Some("2026-10"));
        assert_eq!(read(Value::Text("bientôt")), None);
    }
}
