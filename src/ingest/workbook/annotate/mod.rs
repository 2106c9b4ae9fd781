//! Marks a refused workbook: each error is coloured and explained in its cell, and a first sheet has links to
//! them. A package of the sender's is edited and everything else in it stays (ADR 0026); an `.xls` is written
//! anew as `.xlsx`.

mod list;
mod list_sheet;
mod marks;
mod notes;
mod package;
mod rebuilt;
mod sheet;
mod styles;
mod xml;

use super::Format;
use super::model::Model;
use super::table::Table;
use crate::domain::finding::Findings;
use crate::words::Language;

/// The marked workbook. `bytes` is the sent file, `sheets` what of it could be read; `findings` are folded and have
/// their cells. `None` when none can be written.
pub fn write(bytes: &[u8], sheets: &[(&Model, &Table)], findings: &Findings, language: Language) -> Option<Vec<u8>> {
    let edited = (super::detect_format(bytes) == Ok(Format::Xlsx))
        .then(|| package::edit_package(bytes, findings, language).ok());
    edited.flatten().or_else(|| rebuilt::write(sheets, findings, language).ok())
}
