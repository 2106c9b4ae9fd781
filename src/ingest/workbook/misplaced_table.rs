//! Sheets with the model's table that are not read, because another sheet has the model's name.

use super::model::{Model, folded};
use super::table::{Cell, Table, UnreadSheet, Value};

/// The most sheets that are checked, and the most cells of each: its headers and some records.
pub(super) const MAX_SHEETS: usize = 16;
pub(super) const MAX_CELLS: usize = 4_000;
/// Sheets that the gateway itself adds to a workbook, folded.
const OURS: [&str; 2] = ["legende", "a corriger"];

/// Those of the visible sheets that may have a table and are not `read`.
pub(super) fn candidates<'a>(visible: impl Iterator<Item = &'a str>, read: &[String]) -> Vec<&'a str> {
    let is_other = |name: &&str| !OURS.contains(&folded(name).as_str()) && !read.iter().any(|known| known == name);
    visible.filter(is_other).take(MAX_SHEETS).collect()
}

/// Sets in the sheets that were read, each with its model, which of the `others` have records of the same kind. Where a
/// sheet of a model is missing, it is set in the first one.
pub(super) fn record_unread(read: &mut [(&Model, Option<&mut Table>)], others: &[Table]) {
    for at in 0..read.len() {
        let (model, is_the_same) = (read[at].0, read[at].1.is_some());
        let Some(table) = read[if is_the_same { at } else { 0 }].1.as_mut() else { continue };
        let found = others.iter().filter(|other| holds_records(other, model));
        table.unread.extend(found.map(|other| UnreadSheet { name: other.sheet.clone(), is_the_same }));
    }
}

/// Whether a sheet has a row with all headers that the model needs, and below it a value in the column of its anchor.
fn holds_records(table: &Table, model: &Model) -> bool {
    let needed = model.required_headers();
    let rows: Vec<_> = table.rows().collect();
    let cell_of =
        |row: &[Cell], names: &[String]| row.iter().find(|cell| is_header(table, cell, names)).map(|cell| cell.column);
    let Some(at) = rows.iter().position(|row| needed.iter().all(|names| cell_of(row, names).is_some())) else {
        return false;
    };
    let anchor = cell_of(rows[at], &[folded(model.anchor)]);
    rows[at + 1..].iter().flat_map(|row| row.iter()).any(|cell| Some(cell.column) == anchor)
}

fn is_header(table: &Table, cell: &Cell, names: &[String]) -> bool {
    matches!(table.value(cell), Value::Text(text) if text.len() <= 100 && names.contains(&folded(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::models;

    #[test]
    fn a_sheet_of_a_model_must_have_its_anchor() {
        for model in models() {
            let needed = model.required_headers();
            assert!(needed.contains(&vec![folded(model.anchor)]), "{}: {needed:?}", model.code);
        }
    }
}
