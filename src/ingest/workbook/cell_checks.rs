//! Cells whose value does not fit their column, whatever the record: they are findings, never read.

use jiff::civil::{Date, Time};

use super::property::{CellFormat, Property};
use super::table::{Table, Value};
use super::values::{date_of_time, is_plausible, parse_date, split_date_time, trimmed_text};
use super::weekday;
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::workbook::cell::{DATE_IMPLAUSIBLE, TIME_OF_ANOTHER_DAY, YEAR_ALONE};
use crate::domain::rules::workbook::{DATE_WITH_TIME, ERROR_CELL, TEXT_BECAME_DATE};
use crate::words::{self, LocalText};

/// The finding on `value` in the column of `property`, without its place.
pub(in crate::ingest) fn check_value<R>(property: &Property<R>, table: &Table, value: Value<'_>) -> Option<Finding> {
    match (property.look, value) {
        (_, Value::Error(error)) => Some(error_cell(error)),
        (CellFormat::Text, Value::Moment(days)) => {
            let shown =
                table.date_time(days).map_or_else(|| days.to_string(), |(day, _)| day.strftime("%d/%m/%Y").to_string());
            Some(Finding::new(&TEXT_BECAME_DATE, FindingPlace::default()).with("value", Param::Code(shown)))
        }
        (CellFormat::Date, value) => unfit_date(table, value, property.column.property == "birthDate"),
        _ => None,
    }
}

/// A formula's error in place of a value.
pub(in crate::ingest) fn error_cell(error: &str) -> Finding {
    Finding::new(&ERROR_CELL, FindingPlace::default()).with("error", Param::Code(error.to_owned()))
}

/// The finding on the date in a cell. A birth date, which is personal, is not quoted.
fn unfit_date(table: &Table, value: Value<'_>, is_birth: bool) -> Option<Finding> {
    let date = match value {
        Value::Number(year) if (1900.0..=2100.0).contains(&year) && year.fract() == 0.0 => {
            return Some(year_alone(year, is_birth));
        }
        Value::Moment(days) | Value::Number(days) => match table.day(days) {
            Some(date) => date,
            None => return Some(date_with_time(table.date_time(days)?, is_birth)),
        },
        Value::Text(text) => match split_date_time(trimmed_text(text)) {
            Some((day, time)) => return Some(with_time(day, time, is_birth)),
            None => parse_date(table, value)?,
        },
        _ => return None,
    };
    // A birth date that is written out is validated by the rules of persons, in every channel.
    let is_judged = is_birth && matches!(value, Value::Text(_));
    if !is_judged && !is_plausible(date) {
        return Some(Finding::new(&DATE_IMPLAUSIBLE, FindingPlace::default()));
    }
    let Value::Text(text) = value else { return None };
    let found = weekday::other_than(date, text)?;
    let shown = if is_birth { Param::Text(THE_DAY) } else { Param::Date(date) };
    Some(weekday::differs(found, shown, date.weekday()))
}

/// The text in place of a birth date, and of its year.
const THE_DAY: LocalText = words::ingest::THE_DAY;
const THE_NUMBER: LocalText = words::ingest::THE_NUMBER;

/// A number that is a year.
fn year_alone(year: f64, is_birth: bool) -> Finding {
    let shown = if is_birth { Param::Text(THE_NUMBER) } else { Param::Code(year.to_string()) };
    Finding::new(&YEAR_ALONE, FindingPlace::default()).with("value", shown)
}

/// A day and a time of a number.
fn date_with_time((day, time): (Date, Time), is_birth: bool) -> Finding {
    if !is_plausible(day) {
        return Finding::new(&DATE_IMPLAUSIBLE, FindingPlace::default());
    }
    with_time(day, &time.strftime("%H:%M").to_string(), is_birth)
}

/// A date with a time of day.
fn with_time(day: Date, time: &str, is_birth: bool) -> Finding {
    let shown = if is_birth { time.to_owned() } else { format!("{} {time}", day.strftime("%d/%m/%Y")) };
    Finding::new(&DATE_WITH_TIME, FindingPlace::default()).with("value", Param::Code(shown))
}

/// The finding on a time in a cell with a date, on a line of `date`.
pub(in crate::ingest) fn time_of_another_day(table: &Table, value: Value<'_>, date: Date) -> Option<Finding> {
    let found = date_of_time(table, value).filter(|found| *found != date)?;
    let finding = Finding::new(&TIME_OF_ANOTHER_DAY, FindingPlace::default()).with("found", Param::Date(found));
    Some(finding.with("date", Param::Date(date)))
}
