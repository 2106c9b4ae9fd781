//! A marked workbook written anew: the sender's values at their addresses, each error coloured and explained. For
//! `.xls` files, and for packages that cannot be edited.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Url, Workbook, Worksheet,
    XlsxError,
};

use super::list::{self, FindingEntry};
use super::marks::{SheetMarks, marks};
use crate::domain::finding::Findings;
use crate::domain::rule::Severity;
use crate::ingest::workbook::model::{Model, VERSION_NAME, folded};
use crate::ingest::workbook::table::{Cell, Table, Value};
use crate::ingest::workbook::template::colour;
use crate::ingest::workbook::text_cell::write_text;
use crate::words::Language;

const ERROR: Color = Color::RGB(0xF8_C7_C2);
const ERROR_EDGE: Color = Color::RGB(0xB3_26_1E);
const WARNING: Color = Color::RGB(0xFF_E7_A6);
const WARNING_EDGE: Color = Color::RGB(0x9A_6A_00);

/// Writes the workbook. `findings` are folded and have their cells; `sheets` are the sent ones, where they could be
/// read.
pub(super) fn write(
    sheets: &[(&Model, &Table)],
    findings: &Findings,
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(list::TITLE).set_creation_datetime(&made));
    list_sheet(workbook.add_worksheet(), findings, language)?;
    for (model, table) in sheets {
        let marks = marks(findings, &table.sheet, language);
        let sheet = workbook.add_worksheet();
        if sheet.set_name(&table.sheet).is_err() {
            sheet.set_name(model.sheet)?;
        }
        sender_sheet(sheet, model, table, &marks)?;
    }
    if let Some((_, table)) = sheets.first() {
        keep_version(&mut workbook, table)?;
    }
    workbook.save_to_buffer()
}

/// The version of the model, where the sender's workbook named one.
fn keep_version(workbook: &mut Workbook, table: &Table) -> Result<(), XlsxError> {
    let (Some(meaning), Some(version)) = (table.version.as_deref(), table.named_version()) else { return Ok(()) };
    let meaning = meaning.trim_start_matches('=');
    let formula = if meaning.starts_with('"') {
        format!("=\"{}\"", version.replace('"', ""))
    } else {
        let cell = meaning.rsplit_once('!').map_or("$A$1", |(_, cell)| cell);
        format!("='{}'!{cell}", table.sheet.replace('\'', "''"))
    };
    workbook.define_name(VERSION_NAME, &formula)?;
    Ok(())
}

/// The list of findings as the first sheet.
fn list_sheet(sheet: &mut Worksheet, findings: &Findings, language: Language) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(16).set_font_color(colour::HEADER);
    let quiet = Format::new().set_font_color(colour::QUIET);
    let cell = Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(colour::LINE)
        .set_align(FormatAlign::Top)
        .set_text_wrap();
    let header = cell.clone().set_bold().set_font_color(Color::White).set_background_color(colour::HEADER);
    sheet.set_name(list::TITLE)?.set_row_height(0, 26)?.write_string_with_format(0, 0, list::TITLE, &title)?;
    sheet.write_string_with_format(1, 0, list::summary(findings), &quiet)?;
    for (column, (name, width)) in (0..).zip(list::COLUMNS) {
        sheet.set_column_width(column, width)?.write_string_with_format(list::HEADER_ROW, column, name, &header)?;
    }
    for (row, entry) in (list::HEADER_ROW + 1..).zip(list::entries(findings, language)) {
        list_row(sheet, row, &entry, &cell)?;
    }
    let below = list::HEADER_ROW + 1;
    sheet.set_freeze_panes(below, 0)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(list::HEADER_ROW, list::HEADER_ROW)?.set_tab_color(ERROR_EDGE).set_active(true);
    Ok(())
}

fn list_row(sheet: &mut Worksheet, row: u32, entry: &FindingEntry<'_>, cell: &Format) -> Result<(), XlsxError> {
    let fill = match entry.severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    };
    let severity = cell.clone().set_bold().set_background_color(fill);
    sheet.write_string_with_format(row, 0, entry.severity_name, &severity)?;
    let link = cell.clone().set_font_color(colour::HEADER).set_underline(rust_xlsxwriter::FormatUnderline::Single);
    match entry.cell.and_then(|first| first.rsplit_once('!').map(|(sheet, address)| (first, sheet, address))) {
        Some((first, name, address)) => {
            let target = format!("internal:'{}'!{address}", name.replace('\'', "''"));
            sheet.write_url_with_format(row, 1, Url::new(target).set_text(first), &link)?;
        }
        None => {
            sheet.write_string_with_format(row, 1, list::WHOLE_FILE, cell)?;
        }
    }
    sheet.write_number_with_format(row, 2, entry.count, &cell.clone().set_align(FormatAlign::Center))?;
    sheet.set_row_height(row, entry.height())?.write_string_with_format(row, 3, &entry.words, cell)?;
    sheet.write_string_with_format(row, 4, entry.code, &cell.clone().set_font_color(colour::QUIET))?;
    Ok(())
}

/// The sender's sheet, marked.
fn sender_sheet(sheet: &mut Worksheet, model: &Model, table: &Table, marks: &SheetMarks) -> Result<(), XlsxError> {
    let anchor = folded(model.anchor);
    let is_anchor =
        |cell: &&Cell| matches!(table.value(cell), Value::Text(text) if text.len() < 100 && folded(text) == anchor);
    let header_row = table.cells().iter().find(is_anchor).map(|cell| (cell.row, cell.column));
    let looks = CellFormats::new();
    let mut widths: BTreeMap<u16, usize> = BTreeMap::new();
    for cell in table.cells() {
        let value = table.value(cell);
        let is_header = header_row.is_some_and(|(row, _)| row == cell.row);
        let look = looks.of(value, is_header, marks.get(&(cell.row, cell.column)).map(|mark| mark.severity));
        put(sheet, table, cell, value, look)?;
        if header_row.is_none_or(|(row, _)| cell.row >= row) {
            let width = widths.entry(cell.column).or_default();
            *width = (*width).max(shown_width(value));
        }
    }
    for ((row, column), mark) in marks {
        if table.at(*row, *column).is_none() {
            sheet.write_blank(*row, *column, looks.of(Value::Text(""), false, Some(mark.severity)))?;
        }
        let height = u32::try_from(40 + mark.words.chars().count() / 2).unwrap_or(400).min(400);
        let note = Note::new(&mark.words).add_author_prefix(false).set_author("Passerelle");
        sheet.insert_note(*row, *column, &note.set_width(320).set_height(height))?;
    }
    for (column, width) in widths {
        #[expect(clippy::cast_precision_loss, reason = "at most forty")]
        sheet.set_column_width(column, width.clamp(4, 40) as f64 + 1.5)?;
    }
    if let Some((row, column)) = header_row {
        let frozen = if column <= 4 { column + 1 } else { 0 };
        sheet.set_freeze_panes(row + 1, frozen)?.set_repeat_rows(row, row)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Writes a value unchanged.
fn put(sheet: &mut Worksheet, table: &Table, cell: &Cell, value: Value<'_>, look: &Format) -> Result<(), XlsxError> {
    let (row, column) = (cell.row, cell.column);
    match value {
        Value::Text(text) => return write_text(sheet, row, column, text, look),
        Value::Number(number) => sheet.write_number_with_format(row, column, number, look)?,
        Value::Moment(days) => {
            let days = if table.from_1904 { days + 1462.0 } else { days };
            sheet.write_number_with_format(row, column, days, look)?
        }
        Value::Bool(truth) => sheet.write_boolean_with_format(row, column, truth, look)?,
        Value::Error(error) => {
            let formula = if error == "#N/A" { "=NA()".to_owned() } else { format!("={error}") };
            sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(error), look)?
        }
    };
    Ok(())
}

/// The length of a value in characters.
fn shown_width(value: Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.chars().count(),
        Value::Moment(_) => 10,
        Value::Number(number) => number.to_string().len(),
        Value::Bool(_) | Value::Error(_) => 7,
    }
}

/// The formats of the sender's cells: by type of value, and by whether there is a finding.
struct CellFormats(Vec<Format>);

impl CellFormats {
    fn new() -> Self {
        let plain = Format::new().set_align(FormatAlign::Top);
        let header = plain.clone().set_bold().set_font_color(Color::White).set_background_color(colour::HEADER);
        let kinds = [
            plain.clone(),
            plain.clone().set_num_format("@"),
            plain.clone().set_num_format("dd/mm/yyyy"),
            plain.clone().set_num_format("dd/mm/yyyy hh:mm"),
            plain.set_num_format("hh:mm"),
            header,
        ];
        let edged = |format: &Format, fill: Color, edge: Color| {
            let format = format.clone().set_background_color(fill).set_font_color(Color::Black);
            format.set_border(FormatBorder::Thin).set_border_color(edge)
        };
        let mut looks = Vec::new();
        for kind in kinds {
            looks.push(kind.clone());
            looks.push(edged(&kind, ERROR, ERROR_EDGE));
            looks.push(edged(&kind, WARNING, WARNING_EDGE));
        }
        Self(looks)
    }

    fn of(&self, value: Value<'_>, is_header: bool, mark: Option<Severity>) -> &Format {
        let kind = match value {
            Value::Text(_) | Value::Number(_) if is_header => 5,
            Value::Text(_) => 1,
            Value::Moment(days) if days.fract() == 0.0 => 2,
            Value::Moment(days) if days >= 1.0 => 3,
            Value::Moment(_) => 4,
            _ => 0,
        };
        let mark = match mark {
            None => 0,
            Some(Severity::Error) => 1,
            Some(Severity::Warning) => 2,
        };
        &self.0[kind * 3 + mark]
    }
}
