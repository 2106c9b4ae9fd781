//! Months and quarters as people and programs write them.

use super::model::folded;
use super::month_names::month_named;
use super::table::{Table, Value};
use super::values::{cell_text, parse_date};
use crate::domain::period::{Month, Quarter};
use crate::domain::written::read_quarter;

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
