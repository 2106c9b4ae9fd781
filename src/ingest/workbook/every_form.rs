//! Reads the cells of an unpacked sheet into a [`Table`], whatever their form.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime};

use super::misplaced_table::MAX_CELLS;
use super::package::{SheetParts, SourcePackage, UnreadSheets};
use super::parts::DateStyles;
use super::reader_package::{self, SHEET};
use super::refusal;
use super::sheet_xml::prepare_for_reader;
use super::table::{Table, Value, serial_of};
use crate::domain::finding::Finding;
use crate::domain::rules::workbook::{TOO_LARGE, UNREADABLE};

/// How many kinds of formula errors that the reader does not support are replaced.
const MAX_UNKNOWN_ERRORS: usize = 16;

/// Why a sheet was not read to its end.
enum SheetReadError {
    /// A formula error of a newer spreadsheet program (`#SPILL!`).
    UnknownError(String),
    /// More than any statement.
    Full,
    /// Anything else.
    Unreadable,
}

/// Reads a sheet whose cells have any form.
pub(super) fn read(parts: &SheetParts) -> Result<Table, Finding> {
    let (sheet, merged) = prepare_for_reader(&parts.sheet, parts.recalculates);
    let mut unknown: Vec<String> = Vec::new();
    loop {
        let sheet = known_errors(&sheet, &unknown);
        let package = reader_package::of_sheet(&sheet, &parts.strings, &parts.styles.xml, parts.from_1904)?;
        // A malformed part may cause a panic in the reader's arithmetic; that must not affect other requests.
        let read = catch_unwind(AssertUnwindSafe(|| stream(package, parts.table())));
        match read.unwrap_or(Err(SheetReadError::Unreadable)) {
            Ok(mut table) => {
                table.merged = merged;
                return Ok(table);
            }
            Err(SheetReadError::UnknownError(error)) if unknown.len() < MAX_UNKNOWN_ERRORS && !error.is_empty() => {
                unknown.push(error);
            }
            Err(SheetReadError::Full) => return Err(refusal(&TOO_LARGE)),
            Err(SheetReadError::UnknownError(_) | SheetReadError::Unreadable) => return Err(refusal(&UNREADABLE)),
        }
    }
}

/// Which of the cell styles are those of dates or times; nothing where they cannot be read.
pub(super) fn date_styles(styles: &DateStyles) -> Option<Vec<bool>> {
    let mut sheet = "<worksheet><sheetData><row>".to_owned();
    for style in 0..styles.count {
        let _ = write!(sheet, "<c s=\"{style}\"><v>1</v></c>");
    }
    sheet.push_str("</row></sheetData></worksheet>");
    let package = reader_package::of_sheet(sheet.as_bytes(), b"", &styles.xml, false).ok()?;
    let table = catch_unwind(AssertUnwindSafe(|| stream(package, Table::default()))).ok()?.ok()?;
    let dates = table.cells().iter().map(|cell| matches!(table.value(cell), Value::Moment(_)));
    Some(dates.collect()).filter(|dates: &Vec<bool>| dates.len() == styles.count)
}

/// The beginnings of the visible sheets that are not `read`. What cannot be read is left out: it is optional.
pub(super) fn unread_cells(source: &mut SourcePackage<'_>, read: &[String]) -> Vec<Table> {
    let Some(UnreadSheets { package, names }) = source.unread_sheets(read).ok().flatten() else { return Vec::new() };
    catch_unwind(AssertUnwindSafe(|| beginnings(package, &names))).unwrap_or_default()
}

fn beginnings(package: Vec<u8>, names: &[String]) -> Vec<Table> {
    let Ok(mut workbook) = Xlsx::new(Cursor::new(package)) else { return Vec::new() };
    let mut tables = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let mut table = Table::new(name);
        let Ok(mut reader) = workbook.worksheet_cells_reader(&reader_package::other_sheet(at)) else { continue };
        // A part that is cut off ends in an error.
        while let Ok(Some(cell)) = reader.next_cell() {
            let (row, column) = cell.get_position();
            if table.cells().len() >= MAX_CELLS || push(&mut table, row, column, cell.get_value()).is_err() {
                break;
            }
        }
        table.sort_cells();
        tables.push(table);
    }
    tables
}

/// The sheet with the errors of newer programs replaced by one that the reader supports.
fn known_errors<'a>(sheet: &'a [u8], unknown: &[String]) -> Cow<'a, [u8]> {
    if unknown.is_empty() {
        return sheet.into();
    }
    let text = String::from_utf8_lossy(sheet).into_owned();
    let replaced = |text: String, error: &String| text.replace(&format!(">{error}<"), ">#VALUE!<");
    unknown.iter().fold(text, replaced).into_bytes().into()
}

/// Adds the cells of the one sheet of a package to `table`.
fn stream(package: Vec<u8>, mut table: Table) -> Result<Table, SheetReadError> {
    let mut workbook = Xlsx::new(Cursor::new(package)).map_err(|_| SheetReadError::Unreadable)?;
    let mut reader = workbook.worksheet_cells_reader(SHEET).map_err(|_| SheetReadError::Unreadable)?;
    loop {
        match reader.next_cell() {
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                push(&mut table, row, column, cell.get_value()).map_err(|_| SheetReadError::Full)?;
            }
            Ok(None) => break,
            Err(XlsxError::CellError(error)) => return Err(SheetReadError::UnknownError(error)),
            Err(_) => return Err(SheetReadError::Unreadable),
        }
    }
    table.sort_cells();
    Ok(table)
}

/// Adds a cell of the reader.
pub(super) fn push(
    table: &mut Table,
    row: u32,
    column: u32,
    value: &DataRef<'_>,
) -> Result<(), super::table::TableFull> {
    match value {
        DataRef::Empty => Ok(()),
        DataRef::String(text) | DataRef::DurationIso(text) => table.push(row, column, Value::Text(text)),
        DataRef::SharedString(text) => table.push(row, column, Value::Text(text)),
        #[expect(clippy::cast_precision_loss, reason = "cells hold floating-point numbers anyway")]
        DataRef::Int(number) => table.push(row, column, Value::Number(*number as f64)),
        DataRef::Float(number) => table.push(row, column, Value::Number(*number)),
        DataRef::Bool(truth) => table.push(row, column, Value::Bool(*truth)),
        DataRef::DateTime(moment) => table.push(row, column, Value::Moment(moment.as_f64())),
        DataRef::Error(error) => table.push(row, column, Value::Error(&error.to_string())),
        DataRef::DateTimeIso(text) => match days_of(text, table.from_1904) {
            Some(days) => table.push(row, column, Value::Moment(days)),
            None => table.push(row, column, Value::Text(text)),
        },
    }
}

/// An ISO date, with or without a time, as days since the sheet's epoch.
fn days_of(text: &str, from_1904: bool) -> Option<f64> {
    let text = text.trim_end_matches('Z');
    let moment: DateTime = text
        .parse()
        .or_else(|_| text.parse().map(|date: Date| date.to_datetime(jiff::civil::Time::midnight())))
        .ok()?;
    let time =
        f64::from(i32::from(moment.hour()) * 3600 + i32::from(moment.minute()) * 60 + i32::from(moment.second()));
    let days = serial_of(moment.date()) + time / 86_400.0;
    Some(if from_1904 { days - 1462.0 } else { days })
}
