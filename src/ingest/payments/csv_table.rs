//! A table of payments as CSV, in the encodings and with the separators of spreadsheet and bookkeeping programs, as the
//! cells of a sheet.

use std::borrow::Cow;
use std::collections::HashSet;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::columns::every_property;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::rules::document::UNCLOSED_QUOTE;
use crate::domain::rules::workbook::UNREADABLE;
use crate::ingest::listing::csv::{self, UnclosedQuote};
use crate::ingest::workbook::model::folded;
use crate::ingest::workbook::table::{Table, Value};
use crate::ingest::workbook::too_large;

/// The name of the table in places.
const SHEET: &str = "CSV";
/// How many lines are searched for the headers.
const MAX_HEAD: usize = 50;
/// The separators that occur, the most usual first.
const SEPARATORS: [char; 4] = [';', ',', '\t', '|'];

/// Reads a text: the cells of each line, in the row of that line.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Finding> {
    let text = decode(bytes)?;
    let text = csv::with_line_feeds(&text);
    let (head, stated) = stated_separator(&text);
    let separator = stated.unwrap_or_else(|| likely_separator(&text));
    let records = csv::records(&text, separator).map_err(|UnclosedQuote(line)| {
        let place = FindingPlace { pointer: String::new(), cell: Some(format!("{SHEET}!A{line}")) };
        Finding::new(&UNCLOSED_QUOTE, place)
    })?;
    let mut table = Table::new(SHEET);
    table.is_delimited = true;
    for (line, fields) in records.into_iter().filter(|(line, _)| *line > head) {
        for (column, field) in (0..).zip(&fields) {
            let row = u32::try_from(line - 1).map_err(|_| too_large())?;
            table.push(row, column, Value::Text(field)).map_err(|_| too_large())?;
        }
    }
    table.sort_cells();
    Ok(table)
}

/// The text: UTF-8 or UTF-16 where a mark says so, UTF-8 where it is, and otherwise the encoding of Windows in Western
/// Europe.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Finding> {
    let decoded = match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, length)), _) => encoding.decode_without_bom_handling_and_without_replacement(&bytes[length..]),
        (None, Ok(text)) => Some(text.into()),
        (None, Err(_)) => WINDOWS_1252.decode_without_bom_handling_and_without_replacement(bytes),
    };
    decoded.ok_or_else(|| Finding::new(&UNREADABLE, FindingPlace::default()))
}

/// The separator that the first line states for spreadsheet programs (`sep=;`), and how many lines that takes.
fn stated_separator(text: &str) -> (usize, Option<char>) {
    let first = text.lines().next().unwrap_or_default().trim().trim_matches('"');
    let stated = first.strip_prefix("sep=").and_then(|rest| rest.chars().next());
    (usize::from(stated.is_some()), stated)
}

/// The separator between the headers: the one that makes the most columns known in one line.
fn likely_separator(text: &str) -> char {
    let known: HashSet<_> = every_property().iter().map(|property| folded(property.column.header)).collect();
    let headers = |line: &str, separator: char| {
        line.split(separator).filter(|cell| known.contains(&folded(cell.trim().trim_matches('"')))).count()
    };
    let best = |separator: &char| text.lines().take(MAX_HEAD).map(|line| headers(line, *separator)).max();
    SEPARATORS.into_iter().rev().max_by_key(best).unwrap_or(SEPARATORS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<String> {
        let table = read(bytes).unwrap();
        table.cells().iter().map(|cell| format!("{}.{} {}", cell.row + 1, cell.column, table.value(cell))).collect()
    }

    #[test]
    fn encodings_and_separators_of_programs_are_read() {
        let expected = ["1.0 Référence", "1.1 Montant", "2.0 é-1", "2.1 1,5"];
        for text in
            ["Référence;Montant\né-1;1,5", "Référence,Montant\r\né-1,\"1,5\"\r\n", "Référence\tMontant\né-1\t1,5"]
        {
            let utf_16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            let windows = WINDOWS_1252.encode(text).0;
            for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &utf_16, &windows] {
                assert_eq!(cells(bytes), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn titles_above_the_headers_and_a_stated_separator_are_read() {
        let expected = ["1.0 Export, ONE", "3.0 Type", "3.1 Date", "4.0 a", "4.1 b"];
        assert_eq!(cells(b"Export, ONE\n\nType;Date\na;b"), expected);
        assert_eq!(cells(b"sep=|\nType|Date\na|b"), ["2.0 Type", "2.1 Date", "3.0 a", "3.1 b"]);
    }

    #[test]
    fn a_quote_that_is_not_closed_and_what_is_no_text_are_findings() {
        let place = |bytes: &[u8]| read(bytes).unwrap_err().place().cell.clone();
        assert_eq!(place(b"Type;Date\n\"a;b").as_deref(), Some("CSV!A2"));
        assert_eq!(read(&[0xFF, 0xFE, 0x00, 0xD8]).unwrap_err().rule.code, UNREADABLE.code);
    }
}
