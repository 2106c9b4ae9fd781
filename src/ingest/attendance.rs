//! Attendance as it is imported: its schema, its workbook model, its sheet read and written.

use rust_xlsxwriter::XlsxError;

use super::schema::ATTENDANCE_STATEMENT;
use super::workbook::model::ATTENDANCE;
use super::workbook::parsed_workbook::{CellMapper, ExpectedHead};
use super::workbook::property::typed;
use super::workbook::template;
use super::workbook::template::attendance::{self as form, AttendanceForm};
use super::workbook::{RequestedSheet, Table, attendance as sheet, only};
use super::{ImportFormat, Sheets, StatementFormat};
use crate::domain::attendance::Statement;
use crate::domain::attendance::raw::{RawLine, RawStatement};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::period::Month;
use crate::domain::raw::Field;

impl ImportFormat for RawStatement {
    const SCHEMA: &'static str = ATTENDANCE_STATEMENT;
    const SHEETS: &'static [RequestedSheet] = &[RequestedSheet::main(&ATTENDANCE)];
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
    let mut codes = template::attendance::codes(line, month);
    row.extend(month.days().map(|date| codes.remove(&date).unwrap_or_default()));
    row
}
