//! Properties of an `.xls` that its reader does not report: found among its records, by their headers.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::table::CellAddress;

/// The beginning of a workbook of Excel 5 or 95: a BOF record of version 0x0500 for the workbook's globals.
const BIFF5: [u8; 8] = [0x09, 0x08, 0x08, 0x00, 0x00, 0x05, 0x05, 0x00];
/// The header of a CODEPAGE record; the number of the code page follows.
const CODE_PAGE: [u8; 4] = [0x42, 0x00, 0x02, 0x00];
/// The beginning of a worksheet of Excel 97 and later: a BOF record of version 0x0600 for a sheet.
const SHEET: [u8; 8] = [0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x10, 0x00];
/// The header of a DIMENSIONS record: first row, row after the last, first column, column after the last.
const DIMENSIONS: [u8; 4] = [0x00, 0x02, 0x0E, 0x00];
/// The largest rectangle around the filled cells of a sheet, in cells: the reader allocates all of them.
const MAX_AREA: u64 = 4_000_000;
/// How far after the beginning of a part of the workbook its records are searched for, in bytes.
const NEAR: usize = 4096;
/// The beginning of a RECALCID record, which has the version that calculated the formulas. Where it is missing, a
/// spreadsheet program calculates them when it opens the file ([MS-XLS] 2.4.215).
const RECALCULATED: [u8; 6] = [0xC1, 0x01, 0x08, 0x00, 0xC1, 0x01];

/// The properties of a file.
pub(super) struct FileTraits {
    /// Whether a spreadsheet program has calculated its formulas.
    pub(super) calculated: bool,
    /// The last cell of a sheet whose filled cells span too large an area.
    pub(super) far_cell: Option<CellAddress>,
    /// The encoding of its texts, where that depends on a code page.
    encoding: Option<CodePage>,
}

/// A code page for the texts of Excel 5 and 95.
enum CodePage {
    /// One of the WHATWG Encoding Standard.
    Windows(&'static Encoding),
    /// One of DOS: the characters of the bytes from 128 on.
    Dos(&'static [char; 128]),
}

impl FileTraits {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self {
            calculated: find(bytes, 0, bytes.len(), &RECALCULATED).is_some(),
            far_cell: far_cell(bytes),
            encoding: code_page(bytes),
        }
    }

    /// Decodes a text: the reader returns a character for each byte of it.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let bytes = || text.chars().map(u8::try_from).collect::<Result<Vec<u8>, _>>().ok();
        match &self.encoding {
            None => text.into(),
            Some(_) if text.is_ascii() => text.into(),
            Some(CodePage::Windows(encoding)) => {
                bytes().map_or(text.into(), |bytes| encoding.decode_without_bom_handling(&bytes).0.into_owned().into())
            }
            Some(CodePage::Dos(upper)) => {
                let decode = |byte: u8| byte.checked_sub(128).map_or(char::from(byte), |at| upper[usize::from(at)]);
                bytes().map_or(text.into(), |bytes| bytes.into_iter().map(decode).collect::<String>().into())
            }
        }
    }
}

/// Where `what` is first found between two positions.
fn find(bytes: &[u8], from: usize, to: usize, what: &[u8]) -> Option<usize> {
    let within = bytes.get(from..to.min(bytes.len()))?;
    within.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

/// The code page of a file whose texts depend on one.
fn code_page(bytes: &[u8]) -> Option<CodePage> {
    let start = find(bytes, 0, bytes.len(), &BIFF5)?;
    let at = find(bytes, start, start + NEAR, &CODE_PAGE)? + CODE_PAGE.len();
    Some(match u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?) {
        437 => CodePage::Dos(&oem_cp::code_table::DECODING_TABLE_CP437),
        850 => CodePage::Dos(&oem_cp::code_table::DECODING_TABLE_CP850),
        number => CodePage::Windows(codepage::to_encoding(number).unwrap_or(encoding_rs::WINDOWS_1252)),
    })
}

/// The last cell of the first sheet whose filled cells span more than [`MAX_AREA`].
fn far_cell(bytes: &[u8]) -> Option<CellAddress> {
    let mut from = 0;
    while let Some(sheet) = find(bytes, from, bytes.len(), &SHEET) {
        from = sheet + SHEET.len();
        let Some(at) = find(bytes, from, from + NEAR, &DIMENSIONS) else { continue };
        let Some(record) = bytes.get(at + DIMENSIONS.len()..).and_then(|rest| rest.first_chunk::<12>()) else {
            continue;
        };
        let row = |at: usize| u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
        let column = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
        let rows = row(4).saturating_sub(row(0));
        let columns = column(10).saturating_sub(column(8));
        if u64::from(rows) * u64::from(columns) > MAX_AREA {
            return Some(CellAddress::new(row(4).saturating_sub(1), column(10).saturating_sub(1)));
        }
    }
    None
}
