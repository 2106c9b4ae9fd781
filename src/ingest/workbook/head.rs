//! The cells above a sheet's headers: the crèche and the period that it is for.

use super::model::folded;
use super::parsed_workbook::ExpectedHead;
use super::periods;
use super::sheet::Sheet;
use super::table::{CellAddress, Table, Value};
use super::values::cell_text;
use crate::domain::finding::{Finding, Param};
use crate::domain::period::{Month, Period};
use crate::domain::rule::Rule;
use crate::domain::rules::workbook::{CRECHE_MISMATCH, ERROR_CELL, MONTH_MISMATCH, QUARTER_MISMATCH};

/// The label of the month.
pub const MONTH: &str = "Mois";
/// The label of the quarter.
pub const QUARTER: &str = "Trimestre";
/// The label of the crèche.
pub const CRECHE: &str = "Crèche";

/// The month beside its label.
pub fn month(sheet: &Sheet<'_>) -> Option<Month> {
    sheet.label(MONTH).and_then(|(_, value)| periods::month_field(sheet.table, value))
}

/// Whether a cell says a period.
fn says(table: &Table, value: Value<'_>, period: Period) -> bool {
    match period {
        Period::Month(month) => periods::month_field(table, value) == Some(month),
        Period::Quarter(quarter) => periods::quarter_field(value) == Some(quarter),
    }
}

/// Compares the period and the crèche in the workbook with those it is sent for.
pub fn check(sheet: &mut Sheet<'_>, expected: &ExpectedHead) {
    let (label, mismatch, shown) = match expected.period {
        Period::Month(month) => (MONTH, &MONTH_MISMATCH, Param::Month(month)),
        Period::Quarter(quarter) => (QUARTER, &QUARTER_MISMATCH, Param::Quarter(quarter)),
    };
    let (table, stated, creche) = (sheet.table, sheet.label(label), sheet.label(CRECHE));
    let mut wrong = |(address, value): (CellAddress, Value<'_>), rule: &'static Rule| {
        let (row, column) = address.parts();
        let place = sheet.place("", row, column);
        sheet.findings.push(match value {
            Value::Error(error) => Finding::new(&ERROR_CELL, place).with("error", Param::Code(error.to_owned())),
            _ => Finding::new(rule, place).with("expected", shown.clone()),
        });
    };
    if let Some(found) = stated.filter(|(_, value)| !says(table, *value, expected.period)) {
        wrong(found, mismatch);
    }
    if let Some(found) = creche.filter(|(_, value)| !names_creche(&cell_text(*value), &expected.creche)) {
        wrong(found, &CRECHE_MISMATCH);
    }
}

/// Whether a cell names the crèche: by its name, number or identifier, or by a name with the number in parentheses.
fn names_creche(cell: &str, names: &[String]) -> bool {
    let cell = folded(cell);
    let inside = cell.rsplit_once('(').map(|(before, number)| (before.trim(), number.trim_end_matches(')').trim()));
    names.is_empty()
        || names
            .iter()
            .map(|name| folded(name))
            .any(|name| name == cell || inside.is_some_and(|(before, number)| name == number || name == before))
}
