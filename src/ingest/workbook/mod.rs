//! Excel workbooks: read, written, and handed back with their faults marked.
//!
//! ```text
//! bytes ──▶ sniff ──▶ package (.xlsx, guarded) ──▶ Table ──▶ Sheet (headers) ──▶ raw value + cells + findings
//!               └───▶ xls (.xls, in a child) ───────┘
//! ```
//!
//! Nothing here trusts a file: what it declares about itself (its type, its sizes, its dimensions) is never believed,
//! and a cell costs memory only when it holds something.

pub mod annotate;
pub mod attendance;
mod cells;
mod formulas;
pub mod head;
pub mod medical;
pub mod model;
mod package;
mod parts;
pub mod property;
pub mod reading;
pub mod records;
pub mod sheet;
mod sniff;
pub mod table;
pub mod template;
pub mod values;
pub mod xls;

pub use model::Model;
pub use sniff::{Format, sniff};
pub use table::Table;

use crate::domain::finding::{Finding, Place};
use crate::domain::rule::Rule;
use crate::domain::rules::workbook::TOO_LARGE;

/// The media type of an `.xlsx` workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of a legacy `.xls` workbook.
pub const XLS: &str = "application/vnd.ms-excel";

/// Reads the sheet of `model` out of a workbook, whichever of the two formats it has.
///
/// Reading an `.xlsx` is work for the processor: a few milliseconds for the largest statement.
pub async fn open(bytes: &[u8], model: &Model, xls: &xls::XlsReader) -> Result<Table, Finding> {
    match sniff(bytes)? {
        Format::Xlsx => read_xlsx(bytes, model),
        Format::Xls => xls.read(bytes, model).await,
    }
}

/// Reads the sheet of `model` out of an `.xlsx` workbook.
pub fn read_xlsx(bytes: &[u8], model: &Model) -> Result<Table, Finding> {
    cells::read(bytes, model)
}

/// More than any statement holds.
pub(super) fn too_large() -> Finding {
    refusal(&TOO_LARGE)
}

/// A finding on the workbook as a whole.
fn refusal(rule: &'static Rule) -> Finding {
    Finding::new(rule, Place::default())
}
