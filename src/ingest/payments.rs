//! Payments of subsidies in a file: a table as CSV, or a workbook. Columns have their names in any of the three languages,
//! in any order; findings are at their cells.

mod columns;
mod csv_table;

use jiff::civil::Date;
use rust_xlsxwriter::XlsxError;

use self::columns::{MODEL, PROPERTIES, UNNAMED, every_property};
use super::Sheets;
use super::workbook::parsed_workbook::CellMapper;
use super::workbook::source::cell_at;
use super::workbook::template::records as form;
use super::workbook::values::cell_text;
use super::workbook::xls::XlsReader;
use super::workbook::{self, Model, RequestedSheet, records};
use crate::domain::finding::{CellSource, Finding, Findings};
use crate::domain::raw::Field;
use crate::domain::rules::workbook::SHEET_MISSING;
use crate::domain::subsidy::{MAX_PAYMENTS, PaymentType, RawPayment};
use crate::domain::text::is_unprintable;

/// The payments of a file, with the map back to its cells.
pub struct ParsedPayments {
    /// The payments, at most one more than are recorded at once.
    pub payments: Vec<RawPayment>,
    /// How many lines the file really has.
    pub lines: usize,
    sheets: Sheets,
    places: Box<dyn CellMapper>,
}

impl ParsedPayments {
    /// The findings on the file, and those on its payments, each with its cell and what is written there: nothing in a
    /// payment is personal.
    pub fn locate(&self, found: Findings) -> Findings {
        let mut all = self.places.map_to_cells(found);
        for finding in &mut all {
            let own = self.places.cell_of(&finding.place().pointer);
            let shown =
                own.filter(|cell| finding.place().cell.as_ref() == Some(cell)).and_then(|cell| self.text_at(&cell));
            finding.source = shown.map(|shown| Box::new(CellSource { shown: Some(shown), ..CellSource::default() }));
        }
        all
    }

    /// The text of a cell, by its address with the name of its sheet, shortened.
    fn text_at(&self, cell: &str) -> Option<String> {
        let (_, value) = cell_at(&self.sheets, cell)?;
        let text = cell_text(value);
        Some(text.chars().filter(|sign| !is_unprintable(*sign)).take(MAX_SHOWN).collect())
    }
}

/// The most characters of a cell that are shown.
const MAX_SHOWN: usize = 60;

/// Reads a table as CSV or an `.xlsx`: CPU work of a few milliseconds.
///
/// # Errors
/// The finding why its lines cannot be told apart.
pub fn read(bytes: &[u8]) -> Result<ParsedPayments, Finding> {
    if workbook::is_text(bytes) {
        return parse(vec![Some(csv_table::read(bytes)?)], &MODEL);
    }
    match workbook::read_xlsx_sheets(bytes, NAMED) {
        Err(missing) if is_missing(&missing) => {
            parse(workbook::read_xlsx_sheets(bytes, ONLY).map_err(|_| missing)?, &UNNAMED)
        }
        sheets => parse(sheets?, &MODEL),
    }
}

/// Reads an `.xls`, in a child process.
///
/// # Errors
/// As [`read`].
pub async fn read_xls(bytes: &[u8], xls: &XlsReader) -> Result<ParsedPayments, Finding> {
    match xls.read_sheets(bytes, NAMED).await {
        Err(missing) if is_missing(&missing) => {
            parse(xls.read_sheets(bytes, ONLY).await.map_err(|_| missing)?, &UNNAMED)
        }
        sheets => parse(sheets?, &MODEL),
    }
}

/// The sheet with the model's name; where there is none, the only sheet: programs that export a table rarely let it be
/// named.
const NAMED: &[RequestedSheet] = &[RequestedSheet::main(&MODEL)];
const ONLY: &[RequestedSheet] = &[RequestedSheet::main(&UNNAMED)];

fn is_missing(finding: &Finding) -> bool {
    finding.rule.code == SHEET_MISSING.code
}

fn parse(sheets: Sheets, model: &Model) -> Result<ParsedPayments, Finding> {
    let reading = records::read(workbook::only(&sheets)?, None, model, &every_property(), MAX_PAYMENTS)?;
    let lines = reading.lines;
    let (document, places) = reading.into_parts();
    let payments = document.into_iter().filter_map(Field::take).collect();
    Ok(ParsedPayments { payments, lines, sheets, places })
}

/// An empty workbook to be filled in, made on a day.
pub fn template_xlsx(day: Date) -> Result<Vec<u8>, XlsxError> {
    let types: Vec<_> = PaymentType::ALL.iter().map(|one| one.label().fr).collect();
    form::write_empty(&MODEL, ("Paiements", day), &PROPERTIES, ("type", &types))
}

/// The same as CSV, as spreadsheet programs in Belgium open it: with semicolons, and a mark that it is UTF-8.
pub fn template_csv() -> String {
    let headers: Vec<_> = PROPERTIES.iter().map(|property| property.column.header).collect();
    format!("\u{feff}{}\r\n", headers.join(";"))
}

/// The models of the sheets.
pub(super) const SHEETS: &[RequestedSheet] = &[RequestedSheet::main(&MODEL), RequestedSheet::main(&UNNAMED)];
