//! Attendance through the doors: its schema, its workbook model, its sheet read and written.

use jiff::civil::Date;
use rust_xlsxwriter::XlsxError;

use super::Document;
use super::schema::ATTENDANCE_STATEMENT;
use super::workbook::model::ATTENDANCE;
use super::workbook::reading::{Expected, Reading};
use super::workbook::template::{self, Form};
use super::workbook::values::HELD;
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

    const SECRET: Option<usize> = Some(SSIN);

    fn headers(month: Month) -> Vec<String> {
        let days = month.days().map(|date| date.day().to_string());
        sheet::COLUMNS.iter().map(|column| column.header.to_owned()).chain(days).collect()
    }

    fn rows(raw: &RawStatement, month: Month) -> Vec<Vec<String>> {
        let lines = raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get);
        lines.map(|line| row(line, month)).collect()
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

/// The column of the national number.
const SSIN: usize = 4;

/// A line as it would be typed.
fn row(line: &RawLine, month: Month) -> Vec<String> {
    let held = (line.ssin_present == Field::Present(true)).then_some(HELD);
    let mut row = vec![
        text(&line.reference, |reference| reference.0.clone()),
        text(&line.family_name, |name| name.0.clone()),
        text(&line.given_name, |name| name.0.clone()),
        text(&line.birth_date, |date| written(*date)),
        held.map_or_else(|| text(&line.ssin, |ssin| ssin.0.clone()), str::to_owned),
        text(&line.start_date, |date| written(*date)),
        text(&line.end_date, |date| written(*date)),
    ];
    let mut codes = template::codes(line, month);
    row.extend(month.days().map(|date| codes.remove(&date).unwrap_or_default()));
    row
}

/// A field's text, malformed ones as they came.
fn text<T>(field: &Field<T>, text: impl Fn(&T) -> String) -> String {
    match field {
        Field::Present(value) => text(value),
        Field::Malformed(text) => text.to_string(),
        Field::Absent => String::new(),
    }
}

/// A date as people here write it.
fn written(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}
