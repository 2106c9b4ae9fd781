//! The cells above a sheet's headers: the crèche and the month that it is for.

use super::model::folded;
use super::parsed_workbook::ExpectedHead;
use super::sheet::Sheet;
use super::table::{CellAddress, Value};
use super::values::{self, cell_text};
use crate::domain::finding::{Finding, Param};
use crate::domain::period::Month;
use crate::domain::rule::Rule;
use crate::domain::rules::workbook::{CRECHE_MISMATCH, ERROR_CELL, MONTH_MISMATCH};

/// The label of the month.
pub const MONTH: &str = "Mois";
/// The label of the crèche.
pub const CRECHE: &str = "Crèche";

/// The month beside its label.
pub fn month(sheet: &Sheet<'_>) -> Option<Month> {
    sheet.label(MONTH).and_then(|(_, value)| values::month_field(sheet.table, value))
}

/// Compares the month and the crèche in the workbook with those it is sent for.
pub fn check(sheet: &mut Sheet<'_>, expected: &ExpectedHead) {
    let (table, month, creche) = (sheet.table, sheet.label(MONTH), sheet.label(CRECHE));
    let mut wrong = |(address, value): (CellAddress, Value<'_>), rule: &'static Rule| {
        let (row, column) = address.parts();
        let place = sheet.place("", row, column);
        sheet.findings.push(match value {
            Value::Error(error) => Finding::new(&ERROR_CELL, place).with("error", Param::Code(error.to_owned())),
            _ => Finding::new(rule, place).with("expected", Param::Month(expected.month)),
        });
    };
    if let Some(found) = month.filter(|(_, value)| values::month_field(table, *value) != Some(expected.month)) {
        wrong(found, &MONTH_MISMATCH);
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
