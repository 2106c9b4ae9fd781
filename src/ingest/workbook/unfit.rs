//! Cells whose value cannot be what their column means, whatever the record: they are findings, never read.

use super::property::{CellFormat, Property};
use super::table::{Table, Value};
use super::values::{trimmed, written_moment};
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::workbook::{DATE_WITH_TIME, ERROR_CELL, TEXT_BECAME_DATE};

/// What is wrong with `value` in the column of `property`, without its place.
pub(super) fn unfit<R>(property: &Property<R>, table: &Table, value: Value<'_>) -> Option<Finding> {
    match (property.look, value) {
        (_, Value::Error(error)) => Some(error_cell(error)),
        (CellFormat::Text, Value::Moment(days)) => {
            let shown =
                table.moment(days).map_or_else(|| days.to_string(), |(day, _)| day.strftime("%d/%m/%Y").to_string());
            Some(Finding::new(&TEXT_BECAME_DATE, FindingPlace::default()).with("value", Param::Code(shown)))
        }
        (CellFormat::Date, Value::Moment(days) | Value::Number(days)) if table.day(days).is_none() => {
            let (day, time) = table.moment(days)?;
            Some(date_with_time(property, &day.strftime("%d/%m/%Y").to_string(), &time.strftime("%H:%M").to_string()))
        }
        (CellFormat::Date, Value::Text(text)) => {
            let (day, time) = written_moment(trimmed(text))?;
            Some(date_with_time(property, &day.strftime("%d/%m/%Y").to_string(), time))
        }
        _ => None,
    }
}

/// A formula's error where a value is wanted.
pub(super) fn error_cell(error: &str) -> Finding {
    Finding::new(&ERROR_CELL, FindingPlace::default()).with("error", Param::Code(error.to_owned()))
}

/// A date with a time of day. A birth date is personal: of it only the time is shown.
fn date_with_time<R>(property: &Property<R>, day: &str, time: &str) -> Finding {
    let shown = if property.column.property == "birthDate" { time.to_owned() } else { format!("{day} {time}") };
    Finding::new(&DATE_WITH_TIME, FindingPlace::default()).with("value", Param::Code(shown))
}
