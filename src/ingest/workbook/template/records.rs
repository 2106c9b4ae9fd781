//! Writes models with one row for each record. [`super::super::records`] reads them back.

use jiff::civil::Date;
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

use super::super::model::Model;
use super::super::property::Property;
use super::frame::{self, Cells, HEADERS, LegendBlock};
use crate::domain::period::Period;

/// A workbook to be written.
pub struct RecordForm<'a, R: 'static> {
    /// The model.
    pub model: &'static Model,
    /// The displayed name of the document.
    pub title: &'a str,
    /// The columns.
    pub properties: Vec<&'static Property<R>>,
    /// Name and number of the crèche.
    pub creche: (&'a str, &'a str),
    /// The month or quarter.
    pub period: Period,
    /// The records.
    pub records: &'a [R],
    /// The number of formatted rows, those of the records included.
    pub rows: usize,
    /// The content of the legend.
    pub legend: &'a [LegendBlock<'a>],
}

/// Writes the workbook.
pub fn write<R>(form: &RecordForm<'_, R>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = frame::workbook(form.title, form.period)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(form.model.sheet)?;
    frame::head(sheet, form.model, form.title, form.creche, form.period)?;
    rows(sheet, &form.properties, form.records, form.rows)?;
    frame::legend(workbook.add_worksheet(), form.legend)?;
    frame::bytes(workbook, form.model)
}

/// Writes an empty workbook of a model that is for no crèche and month, titled and made on a day, with a list to choose
/// from in the column of a property.
pub fn write_empty<R>(
    model: &'static Model,
    (title, day): (&str, Date),
    properties: &[Property<R>],
    (property, choice): (&str, &[&str]),
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = frame::dated(title, day)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(model.sheet)?;
    frame::labelled(sheet, model, title, &[])?;
    rows(sheet, &properties.iter().collect::<Vec<_>>(), &[], EMPTY_ROWS)?;
    let at = properties.iter().position(|one| one.column.property == property);
    if let Some(column) = at.and_then(|at| u16::try_from(at).ok()) {
        let validation = DataValidation::new().allow_list_strings(choice)?;
        let last = HEADERS + u32::try_from(EMPTY_ROWS).unwrap_or(u32::MAX);
        sheet.add_data_validation(HEADERS + 1, column, last, column, &validation)?;
    }
    frame::bytes(workbook, model)
}

/// The formatted rows of an empty workbook.
const EMPTY_ROWS: usize = 200;

/// The headers and the records below them, with at least `ready` formatted rows.
pub(super) fn rows<R>(
    sheet: &mut Worksheet,
    properties: &[&Property<R>],
    records: &[R],
    ready: usize,
) -> Result<(), XlsxError> {
    frame::headers(sheet, properties.iter().copied())?;
    let last_row = HEADERS + u32::try_from(ready.max(records.len()).max(1)).unwrap_or(u32::MAX);
    let cells = Cells::new();
    for row in HEADERS + 1..=last_row {
        cells.blank(sheet, row, properties.iter().copied())?;
    }
    for (row, record) in (HEADERS + 1..).zip(records) {
        cells.record(sheet, row, properties.iter().copied(), record)?;
    }
    sheet.set_freeze_panes(HEADERS + 1, 1)?;
    frame::page(sheet, last_row, u16::try_from(properties.len().saturating_sub(1)).unwrap_or(u16::MAX))
}
