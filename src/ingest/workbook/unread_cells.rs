//! The cells of a sheet besides its records: each cell that is not read has a finding.

use std::collections::BTreeMap;

use super::model::folded;
use super::sheet::{Sheet, excerpt, table_on_other_sheet};
use super::table::{Cell, Table, UnreadSheet, Value};
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::kinds::attendance::code;
use crate::domain::money::SignedCents;
use crate::domain::rules::document::TOO_MANY_FIELDS;
use crate::domain::rules::workbook::{COLUMN_NOT_READ, DAY_HEADER, MERGED_CELLS, SHEET_NOT_READ, TOTALS_ROW};

/// The beginnings of labels of a row of totals, folded.
const TOTALS: [&str; 12] = [
    "total",
    "totaux",
    "totaal",
    "totalen",
    "sous-total",
    "somme",
    "som ",
    "sum",
    "nombre",
    "aantal",
    "moyenne",
    "gemiddelde",
];

/// Whether a row is the sum of others: its only words are the label of a total, everything else is numbers.
fn is_totals_row(table: &Table, row: &[Cell]) -> bool {
    let mut labels = 0;
    let only_labels = row.iter().all(|cell| match table.value(cell) {
        Value::Text(text) if text.len() > 100 => false,
        Value::Text(text) => {
            labels += 1;
            if SignedCents::parse(text).is_some() {
                labels -= 1;
                return true;
            }
            let text = folded(text);
            text == "som" || TOTALS.iter().any(|label| text.starts_with(label))
        }
        Value::Number(_) | Value::Error(_) => true,
        Value::Moment(_) | Value::Bool(_) => false,
    });
    only_labels && labels > 0
}

impl Sheet<'_> {
    /// Removes the rows of totals from the records, with a finding on each.
    pub(in crate::ingest) fn set_totals_aside(&mut self) {
        let table = self.table;
        let (totals, records) =
            std::mem::take(&mut self.records).into_iter().partition(|row| is_totals_row(table, row));
        self.records = records;
        for row in totals {
            let place = self.place("", row[0].row, row[0].column);
            self.findings.push(Finding::new(&TOTALS_ROW, place));
        }
    }

    /// Adds findings on cells that are not read, where `is_read` decides on columns: columns without a known header,
    /// and merged cells of which only the first has a value. With `by_day`, days have columns of their own, so that
    /// a column of day codes without a day is an error.
    pub(in crate::ingest) fn name_unread(&mut self, is_read: impl Fn(u16) -> bool, by_day: bool) {
        self.name_merged(&is_read);
        let last = self.name_surplus();
        let is_read = |column| is_read(column) || column > last;
        let mut unread: BTreeMap<u16, bool> = BTreeMap::new();
        for cell in self.records.iter().flat_map(|row| row.iter()).filter(|cell| !is_read(cell.column)) {
            let is_code = by_day && matches!(self.table.value(cell), Value::Text(text) if code::parse(text).is_ok());
            *unread.entry(cell.column).or_default() |= is_code;
        }
        let header_row = self.anchor.parts().0;
        for (column, has_codes) in unread {
            let rule = if has_codes { &DAY_HEADER } else { &COLUMN_NOT_READ };
            let place = self.place("", header_row, column);
            self.findings.push(Finding::new(rule, place));
        }
    }

    /// Adds findings on the lines of a text that have more fields than there are headers: what is under the headers may be
    /// half of a value. Returns the last column that these findings leave.
    fn name_surplus(&mut self) -> u16 {
        let last = self.headers.last().filter(|_| self.table.is_delimited).map_or(u16::MAX, |cell| cell.column);
        let surplus = self.records.iter().filter_map(|row| row.iter().find(|cell| cell.column > last));
        let places: Vec<_> = surplus.map(|cell| self.place("", cell.row, cell.column)).collect();
        self.findings.extend(places.into_iter().map(|place| Finding::new(&TOO_MANY_FIELDS, place)).collect());
        last
    }

    /// Adds findings on the other sheets that have the model's table: when this one is empty, the table is there.
    pub(in crate::ingest) fn name_other_sheets(&mut self) {
        let anchor = self.anchor.parts().1;
        let is_empty = !self.records.iter().any(|row| row.iter().any(|cell| cell.column == anchor));
        for UnreadSheet { name, is_the_same } in &self.table.unread {
            let mut finding = if is_empty && *is_the_same {
                table_on_other_sheet(self.table, name)
            } else {
                Finding::new(&SHEET_NOT_READ, FindingPlace::default()).with("found", Param::Code(excerpt(name)))
            };
            finding.places = vec![FindingPlace { cell: Some(format!("{name}!A1")), ..FindingPlace::default() }];
            self.findings.push(finding);
        }
    }

    fn name_merged(&mut self, is_read: &impl Fn(u16) -> bool) {
        let header_row = self.anchor.parts().0;
        for merged in &self.table.merged {
            let ((top, left), (bottom, right)) = (merged.first.parts(), merged.last.parts());
            let columns = (left..=right).filter(|column| is_read(*column)).count();
            let several = columns > 1 || (columns == 1 && bottom > top);
            if top > header_row && several && self.table.at(top, left).is_some() {
                let place = self.place("", top, left);
                let cells = Param::Code(merged.to_string());
                self.findings.push(Finding::new(&MERGED_CELLS, place).with("cells", cells));
            }
        }
    }
}
