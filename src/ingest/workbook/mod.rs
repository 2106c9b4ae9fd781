//! Excel workbooks: read, written, and returned with their errors marked.
//!
//! ```text
//! bytes ──▶ sniff ──▶ package (.xlsx, guarded) ──▶ Table ──▶ Sheet (headers) ──▶ raw value + cells + findings
//!               └───▶ xls (.xls, in a child) ───────┘
//! ```
//!
//! No file is trusted: what it declares about itself (its type, its sizes, its dimensions) is never relied upon,
//! and a cell costs memory only when it has a value.

pub mod annotate;
pub(super) mod cell_checks;
mod every_form;
mod file_format;
mod former_version;
pub mod head;
mod misplaced_table;
pub mod model;
mod month_names;
mod package;
pub mod parsed_workbook;
mod parts;
mod periods;
mod plain_sheet;
mod plain_xml;
pub mod property;
mod reader_package;
pub mod records;
pub mod salaries;
pub mod sheet;
mod sheet_xml;
pub(super) mod source;
pub mod staff;
pub mod table;
pub mod template;
pub(super) mod text_cell;
mod unread_cells;
pub mod values;
pub(super) mod weekday;
pub mod xls;
mod xls_traits;

pub use file_format::{Format, detect_format, is_text, is_xls};
pub use model::Model;
pub use table::Table;

use self::package::SourcePackage;
use super::Sheets;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::rule::Rule;
use crate::domain::rules::workbook::{SHEET_MISSING, TOO_LARGE, UNREADABLE};

/// The media type of an `.xlsx` workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of a legacy `.xls` workbook.
pub const XLS: &str = "application/vnd.ms-excel";

/// A sheet to be read.
#[derive(Debug, Clone, Copy)]
pub struct RequestedSheet {
    /// Its model.
    pub model: &'static Model,
    /// Whether the workbook must have it.
    pub required: bool,
}

impl RequestedSheet {
    /// A required sheet.
    pub const fn main(model: &'static Model) -> Self {
        Self { model, required: true }
    }

    /// An optional sheet.
    pub const fn optional(model: &'static Model) -> Self {
        Self { model, required: false }
    }

    /// The sheet that was read; nothing when it is missing and optional.
    fn optional_table(self, read: Result<Table, Finding>) -> Result<Option<Table>, Finding> {
        match read {
            Err(finding) if !self.required && finding.rule.code == SHEET_MISSING.code => Ok(None),
            read => read.map(Some),
        }
    }
}

/// Reads the sheets of `parts` in a workbook, of either format.
///
/// Reading an `.xlsx` is CPU work: a few milliseconds for the largest statement.
pub async fn open(bytes: &[u8], parts: &[RequestedSheet], xls: &xls::XlsReader) -> Result<Sheets, Finding> {
    if is_xls(bytes) { xls.read_sheets(bytes, parts).await } else { read_xlsx_sheets(bytes, parts) }
}

/// Reads the sheet of `model` out of an `.xlsx` workbook.
pub fn read_xlsx(bytes: &[u8], model: &Model) -> Result<Table, Finding> {
    read_sheet(&mut SourcePackage::open(bytes)?, model)
}

/// Reads the sheet of `model` in an opened package.
fn read_sheet(source: &mut SourcePackage<'_>, model: &Model) -> Result<Table, Finding> {
    let parts = source.sheet(model)?;
    plain_sheet::read(&parts).map_or_else(|| every_form::read(&parts), Ok)
}

/// Reads the sheets of `parts` out of an `.xlsx` workbook.
pub fn read_xlsx_sheets(bytes: &[u8], parts: &[RequestedSheet]) -> Result<Sheets, Finding> {
    let mut source = SourcePackage::open(bytes)?;
    let read = parts.iter().map(|part| part.optional_table(read_sheet(&mut source, part.model)));
    let mut sheets = read.collect::<Result<Sheets, _>>()?;
    let names: Vec<_> = sheets.iter().flatten().map(|table| table.sheet.clone()).collect();
    let mut read: Vec<_> = parts.iter().map(|part| part.model).zip(sheets.iter_mut().map(Option::as_mut)).collect();
    misplaced_table::record_unread(&mut read, &every_form::unread_cells(&mut source, &names));
    Ok(sheets)
}

/// The one sheet of a model of one sheet.
pub(super) fn only(sheets: &Sheets) -> Result<&Table, Finding> {
    sheets.first().and_then(Option::as_ref).ok_or_else(|| refusal(&UNREADABLE))
}

/// The finding that it has more than any statement.
pub(super) fn too_large() -> Finding {
    refusal(&TOO_LARGE)
}

/// A finding on the workbook as a whole.
fn refusal(rule: &'static Rule) -> Finding {
    Finding::new(rule, FindingPlace::default())
}
