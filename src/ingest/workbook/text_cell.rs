//! Texts in the workbooks that are written: always text, whatever their beginning.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// Writes a text. One that a spreadsheet program would evaluate as a formula when its cell is edited, or when the sheet
/// is saved as CSV and opened again, is marked as text (`quotePrefix`).
pub(in crate::ingest) fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    look: &Format,
) -> Result<(), XlsxError> {
    if begins_like_a_formula(text) {
        sheet.write_string_with_format(row, column, text, &look.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, text, look)?;
    }
    Ok(())
}

/// Whether a spreadsheet program may read the text as a formula (OWASP, “CSV injection”).
fn begins_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
