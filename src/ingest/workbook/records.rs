//! Models of one row a record: a column a property.

use std::collections::HashSet;

use super::head;
use super::model::Model;
use super::property::{Property, columns};
use super::reading::{ExpectedHead, ParsedWorkbook};
use super::sheet::{Cells, Sheet};
use super::table::{Cell, Table};
use super::unfit::unfit;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::period::Month;
use crate::domain::raw::Field;

/// The month that the workbook itself names.
pub fn stated_month<R>(table: &Table, model: &Model, properties: &[Property<R>]) -> Option<Month> {
    head::month(&Sheet::locate(table, model, &columns(properties)).ok()?)
}

/// Reads the records of the sheet, as the list `lines` of a document; of more than `most`, one too many. `expected` is
/// what the sheet must say above its headers. Fails only
/// where no record can be told from another: without headers, or in another version.
pub fn read<R: Default>(
    table: &Table,
    expected: Option<&ExpectedHead>,
    model: &Model,
    properties: &[Property<R>],
    most: usize,
) -> Result<ParsedWorkbook<Vec<Field<R>>>, Finding> {
    let columns = columns(properties);
    let mut sheet = Sheet::locate(table, model, &columns)?;
    if let Some(expected) = expected {
        head::check(&mut sheet, expected);
    }
    let read: Vec<_> = sheet.columns.iter().flatten().copied().collect();
    sheet.name_unread(|column| read.contains(&column), false);
    let missing = columns.iter().zip(&sheet.columns).filter(|(column, at)| column.required && at.is_none());
    let mut reading = ParsedWorkbook {
        document: Vec::new(),
        lines: 0,
        cells: Cells::of(&sheet, "lines", &columns),
        findings: sheet.findings.clone(),
        explained: HashSet::new(),
        missing: missing.map(|(column, _)| column.property).collect(),
    };
    let at = |cell: &Cell| sheet.columns.iter().position(|column| *column == Some(cell.column));
    for row in &sheet.records {
        let used: Vec<_> = row.iter().filter_map(|cell| Some((cell, &properties[at(cell)?]))).collect();
        let Some((first, _)) = used.first() else { continue };
        reading.lines += 1;
        if reading.document.len() <= most {
            let mut record = R::default();
            for (cell, property) in &used {
                take(table, &mut reading, cell, property, &mut record);
            }
            reading.document.push(Field::Present(record));
            reading.cells.push(first.row, Vec::new());
        }
    }
    Ok(reading)
}

/// One cell into its record; one that is unfit for its column is a finding instead.
fn take<R>(
    table: &Table,
    reading: &mut ParsedWorkbook<Vec<Field<R>>>,
    cell: &Cell,
    property: &Property<R>,
    record: &mut R,
) {
    let value = table.value(cell);
    match unfit(property, table, value) {
        Some(finding) => {
            let place = FindingPlace::line(reading.document.len()).field(property.column.property);
            reading.refuse_cell(place, table, cell, finding);
        }
        None => (property.read)(record, table, value),
    }
}
