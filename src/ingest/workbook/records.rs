//! Models with one row for each record and one column for each property.

use std::collections::HashSet;

use jiff::civil::Date;

use super::cell_checks::{check_value, time_of_another_day};
use super::head;
use super::model::Model;
use super::parsed_workbook::{ExpectedHead, ParsedWorkbook};
use super::property::{CellFormat, Property, columns};
use super::sheet::{Cells, Sheet};
use super::table::{Cell, Table};
use super::values;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::period::Month;
use crate::domain::raw::Field;

/// The month in the workbook.
pub fn stated_month<R>(table: &Table, model: &Model, properties: &[Property<R>]) -> Option<Month> {
    head::month(&Sheet::locate(table, model, &columns(properties)).ok()?)
}

/// Reads the records of the sheet, as the list `lines` of a document; of more than `most`, one too many. `expected` is
/// compared with the cells above its headers. Fails only where records cannot be separated: without headers, or in
/// another version.
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
    let mut reading = ParsedWorkbook {
        document: Vec::new(),
        lines: 0,
        cells: Cells::of(&sheet, "lines", &columns),
        findings: sheet.findings.clone(),
        explained: HashSet::new(),
        missing: sheet.missing(&columns).iter().map(|column| column.property).collect(),
    };
    let at = |cell: &Cell| sheet.columns.iter().position(|column| *column == Some(cell.column));
    for row in &sheet.records {
        let used: Vec<_> = row.iter().filter_map(|cell| Some((cell, &properties[at(cell)?]))).collect();
        let Some((first, _)) = used.first() else { continue };
        reading.lines += 1;
        if reading.document.len() <= most {
            let mut record = R::default();
            let date = line_date(table, &used);
            for (cell, property) in &used {
                take(table, &mut reading, (cell, property), date, &mut record);
            }
            reading.document.push(Field::Present(record));
            reading.cells.push(first.row, Vec::new());
        }
    }
    Ok(reading)
}

/// The date of a line whose times are all of one day.
fn line_date<R>(table: &Table, used: &[(&Cell, &Property<R>)]) -> Option<Date> {
    let (cell, _) = used.iter().find(|(_, property)| property.column.property == "date")?;
    values::parse_date(table, table.value(cell))
}

/// Reads one cell into its record; a value that does not fit its column, or of another day than its line, is a finding.
fn take<R>(
    table: &Table,
    reading: &mut ParsedWorkbook<Vec<Field<R>>>,
    (cell, property): (&Cell, &Property<R>),
    date: Option<Date>,
    record: &mut R,
) {
    let value = table.value(cell);
    let of_line = || date.filter(|_| property.look == CellFormat::Time);
    match check_value(property, table, value).or_else(|| time_of_another_day(table, value, of_line()?)) {
        Some(finding) => {
            let place = FindingPlace::line(reading.document.len()).field(property.column.property);
            reading.refuse_cell(place, table, cell, finding);
        }
        None => (property.read)(record, table, value),
    }
}
