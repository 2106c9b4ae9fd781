//! Attendance through the doors: its schema, its workbook model, its sheet read and written.

use rust_xlsxwriter::XlsxError;

use super::Document;
use super::schema::ATTENDANCE_STATEMENT;
use super::workbook::model::ATTENDANCE;
use super::workbook::reading::{Expected, Reading};
use super::workbook::template::{self, Form};
use super::workbook::{Model, Table, attendance as sheet};
use crate::domain::attendance::Statement;
use crate::domain::attendance::raw::{RawLine, RawStatement};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::period::Month;
use crate::domain::raw::Field;

impl Document for Statement {
    const SCHEMA: &'static str = ATTENDANCE_STATEMENT;
    const MODEL: &'static Model = &ATTENDANCE;

    fn read(table: &Table, expected: &Expected) -> Result<Reading<RawStatement>, Finding> {
        sheet::read(table, expected)
    }

    fn stated_month(table: &Table) -> Option<Month> {
        sheet::stated_month(table)
    }

    fn write(raw: &RawStatement, creche: &Creche, month: Month, rows: usize) -> Result<Vec<u8>, XlsxError> {
        let lines: Vec<RawLine> =
            raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get).cloned().collect();
        let (name, calendar) = (&creche.name, &creche.calendar);
        template::write(&Form {
            creche: name,
            one_number: &creche.one_number,
            month,
            calendar,
            lines: &lines,
            rows: rows.max(lines.len()),
        })
    }
}
