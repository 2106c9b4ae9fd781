//! Importing and exporting attendance: its schema, its workbook model, its sheet.

pub mod form;
pub mod sheet;

use rust_xlsxwriter::XlsxError;

use self::form::AttendanceForm;
use super::workbook::parsed_workbook::{CellMapper, ExpectedHead};
use super::workbook::property::{columns, typed};
use super::workbook::{Model, RequestedSheet, Table, only};
use super::{ImportFormat, Sheets, StatementFormat};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::kinds::attendance::Statement;
use crate::domain::kinds::attendance::raw::{RawLine, RawStatement};
use crate::domain::period::Month;
use crate::domain::raw::Field;

/// The name of the schema.
pub const SCHEMA: &str = "attendance-statement";

/// The model of attendance (docs/domain.md, Attendance): a row a child, a column a day.
pub static MODEL: Model = Model {
    code: "attendance",
    sheet: "Présences",
    prefix: "pr",
    anchor: "Nom",
    version: "attendance/1",
    former_version: None,
    columns: || columns(&sheet::PROPERTIES),
};

impl ImportFormat for RawStatement {
    const SCHEMA: &'static str = SCHEMA;
    const SHEETS: &'static [RequestedSheet] = &[RequestedSheet::main(&MODEL)];
    type Expected = ExpectedHead;

    fn read(sheets: &Sheets, expected: &ExpectedHead) -> Result<(Self, Box<dyn CellMapper>), Finding> {
        Ok(sheet::read(only(sheets)?, expected)?.into_parts())
    }
}

impl StatementFormat for Statement {
    fn stated_month(table: &Table) -> Option<Month> {
        sheet::stated_month(table)
    }

    const SECRET: Option<usize> = Some(SSIN);
    const LINE_PROPERTY: &'static str = "days";

    fn headers(month: Month) -> Vec<String> {
        let days = month.days().map(|date| date.day().to_string());
        sheet::PROPERTIES.iter().map(|property| property.column.header.to_owned()).chain(days).collect()
    }

    fn rows(raw: &RawStatement, month: Month) -> Vec<Vec<String>> {
        let lines = raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get);
        lines.map(|line| row(line, month)).collect()
    }

    fn write(raw: &RawStatement, creche: &Creche, month: Month, rows: usize) -> Result<Vec<u8>, XlsxError> {
        let lines: Vec<RawLine> =
            raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get).cloned().collect();
        let (name, calendar) = (&creche.name, &creche.calendar);
        form::write(&AttendanceForm {
            creche: name,
            one_number: &creche.one_number,
            month,
            calendar,
            lines: &lines,
            rows: rows.max(lines.len()),
        })
    }
}

/// The column of the national number.
const SSIN: usize = 4;

/// A line as it would be typed.
fn row(line: &RawLine, month: Month) -> Vec<String> {
    let mut row = typed(&sheet::PROPERTIES, line);
    let mut codes = form::codes(line, month);
    row.extend(month.days().map(|date| codes.remove(&date).unwrap_or_default()));
    row
}
