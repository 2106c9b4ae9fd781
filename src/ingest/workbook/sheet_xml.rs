//! Prepares a sheet's XML for the reader: makes visible what the reader would ignore silently.
//!
//! - A formula without a certain result becomes an error: a program that writes a file without calculating leaves the
//!   results out or stores placeholders, and a reader takes such a cell for an empty one or for a zero.
//! - An inline string is reduced to its text: some programs store a second value beside it, which the reader
//!   would prefer.
//! - A reference to a shared text that is no number becomes an error: the reader would use the first text of the file.
//! - Merged cells are listed: only the first of them has a value, which is displayed for all of them.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::parts::raw;
use super::table::{MAX_CELLS, MergedCells};

/// The error of a value that is not available.
const NOT_AVAILABLE: &str = "#N/A";
/// The most merged ranges that are listed; more than the rows and columns of the largest statement.
const MAX_MERGED: usize = 10_000;

/// The sheet for the reader, and its merged cells. `recalculates`: the workbook requests that its formulas are
/// calculated when it is opened, so that no stored result is final.
pub(super) fn prepare_for_reader(sheet: &[u8], recalculates: bool) -> (Cow<'_, [u8]>, Vec<MergedCells>) {
    let found = look_through(sheet, recalculates);
    if found.replaced.is_empty() {
        return (sheet.into(), found.merged);
    }
    let (mut edited, mut from) = (Vec::with_capacity(sheet.len()), 0);
    for (range, text) in found.replaced {
        edited.extend_from_slice(&sheet[from..range.start]);
        edited.extend_from_slice(text.as_bytes());
        from = range.end;
    }
    edited.extend_from_slice(&sheet[from..]);
    (edited.into(), found.merged)
}

/// The merged cells that the end of a sheet lists.
pub(super) fn merged_cells(end: &[u8]) -> Vec<MergedCells> {
    if memmem::find(end, b"mergeCell").is_some() { look_through(end, false).merged } else { Vec::new() }
}

/// The results of scanning a sheet.
#[derive(Default)]
struct SheetScan {
    /// Ranges of bytes and their replacements, in order.
    replaced: Vec<(Range<usize>, String)>,
    merged: Vec<MergedCells>,
}

/// The cell that is being read.
struct OpenCell {
    start: usize,
    address: Option<String>,
    /// Whether its value is text: then an empty one is a result.
    text: bool,
    /// Whether its value is the number of a shared text, and is one.
    shared: Option<bool>,
    has_formula: bool,
    has_result: bool,
    /// The value, and where the inline string beside it begins.
    value: Option<Range<usize>>,
    inline_start: Option<usize>,
}

impl OpenCell {
    fn of(tag: &BytesStart<'_>, start: usize) -> Self {
        let address = raw(tag, "r").filter(|address| address.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let text = matches!(raw(tag, "t"), Some("str" | "inlineStr"));
        Self {
            start,
            address: address.map(ToOwned::to_owned),
            text,
            shared: (raw(tag, "t") == Some("s")).then_some(true),
            has_formula: false,
            has_result: false,
            value: None,
            inline_start: None,
        }
    }

    /// The replacement of the cell, or of a part of it.
    fn replacement(self, end: usize, recalculates: bool) -> Option<(Range<usize>, String)> {
        if self.shared == Some(false) || (self.has_formula && (recalculates || !self.has_result)) {
            let address = self.address.map_or_else(String::new, |address| format!(" r=\"{address}\""));
            return Some((self.start..end, format!("<c{address} t=\"e\"><v>{NOT_AVAILABLE}</v></c>")));
        }
        self.value.filter(|_| self.inline_start.is_some()).map(|value| (value, String::new()))
    }
}

/// Scans a sheet for these cases. What is not XML ends the scan, and so do more cells than a sheet may fill:
/// the reader refuses both.
fn look_through(sheet: &[u8], recalculates: bool) -> SheetScan {
    let mut reader = Reader::from_reader(sheet);
    reader.config_mut().check_end_names = false;
    let (mut found, mut open, mut in_value): (SheetScan, Option<OpenCell>, _) = (SheetScan::default(), None, false);
    loop {
        let Some(start) = position(&reader).filter(|_| found.replaced.len() <= MAX_CELLS) else { return found };
        match reader.read_event() {
            Err(_) | Ok(Event::Eof) => return found,
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "c" => open = Some(OpenCell::of(&tag, start)),
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = tag.local_name();
                in_value = matches!(name.as_ref(), "v" | "is");
                if name.as_ref() == "mergeCell" && found.merged.len() < MAX_MERGED {
                    found.merged.extend(raw(&tag, "ref").and_then(MergedCells::parse));
                }
                if let Some(cell) = &mut open {
                    cell.has_formula |= name.as_ref() == "f";
                    cell.has_result |= in_value && cell.text;
                    if name.as_ref() == "is" {
                        cell.inline_start = Some(start);
                    }
                    if name.as_ref() == "v" {
                        cell.value = position(&reader).map(|end| start..end);
                    }
                }
            }
            Ok(Event::End(tag)) => match (tag.local_name().as_ref(), position(&reader)) {
                ("c", Some(end)) => {
                    found.replaced.extend(open.take().and_then(|cell| cell.replacement(end, recalculates)));
                }
                ("v", Some(end)) => {
                    in_value = false;
                    if let Some(value) = open.as_mut().and_then(|cell| cell.value.as_mut()) {
                        value.end = end;
                    }
                }
                _ => {}
            },
            Ok(event) => {
                if let Some(cell) = open.as_mut().filter(|_| in_value) {
                    cell.has_result = true;
                    let is_number =
                        matches!(&event, Event::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()));
                    cell.shared = cell.shared.map(|so_far| so_far && is_number);
                }
            }
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> Option<usize> {
    usize::try_from(reader.buffer_position()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::table::CellAddress;
    use super::*;

    fn edited(cell: &str, recalculates: bool) -> String {
        let sheet = format!("<row>{cell}</row>");
        String::from_utf8(prepare_for_reader(sheet.as_bytes(), recalculates).0.into_owned()).unwrap()
    }

    const ERROR: &str = "<row><c r=\"H8\" t=\"e\"><v>#N/A</v></c></row>";

    #[test]
    fn a_formula_without_a_result_shows_an_error() {
        for cell in [
            "<c r=\"H8\" s=\"4\"><f>1+1</f><v></v></c>",
            "<c r=\"H8\"><f>1+1</f><v/></c>",
            "<c r=\"H8\"><f t=\"shared\" si=\"0\"/></c>",
            "<c r=\"H8\" t=\"str\"><f>\"P\"</f></c>",
        ] {
            assert_eq!(edited(cell, false), ERROR, "{cell}");
        }
    }

    #[test]
    fn a_stored_result_is_not_final_when_the_workbook_asks_to_be_recalculated() {
        let cell = "<c r=\"H8\"><f>1+1</f><v>0</v></c>";
        assert_eq!(edited(cell, true), ERROR);
        assert_eq!(
            edited("<c r=\"H8\"><v>2</v></c><c><is/></c>", true),
            "<row><c r=\"H8\"><v>2</v></c><c><is/></c></row>"
        );
    }

    #[test]
    fn results_and_cells_without_formula_stay_as_they_are() {
        for cell in [
            "<c r=\"H8\" s=\"4\"/>",
            "<c r=\"H8\"><v></v></c>",
            "<c r=\"H8\" t=\"str\"><f>\"\"</f><v></v></c>",
            "<c r=\"H8\"><f>1+1</f><v>2</v></c>",
            "<c r=\"H8\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>",
        ] {
            assert_eq!(edited(cell, false), format!("<row>{cell}</row>"));
        }
    }

    #[test]
    fn an_inline_string_loses_the_value_beside_it() {
        let cell = "<c t=\"inlineStr\"><v>P</v><is><t>AJ</t></is></c>";
        assert_eq!(edited(cell, false), "<row><c t=\"inlineStr\"><is><t>AJ</t></is></c></row>");
        let cell = "<c t=\"inlineStr\"><is><t>AJ</t></is><v>P</v></c>";
        assert_eq!(edited(cell, false), "<row><c t=\"inlineStr\"><is><t>AJ</t></is></c></row>");
    }

    #[test]
    fn a_reference_to_a_shared_text_is_a_number() {
        for value in ["-1", "x", "1.0", " 1"] {
            assert_eq!(edited(&format!("<c r=\"H8\" t=\"s\"><v>{value}</v></c>"), false), ERROR, "{value}");
        }
        for cell in ["<c t=\"s\"><v>12</v></c>", "<c t=\"s\"><v/></c>", "<c><v>-1.5</v></c>", "<c t=\"s\"/>"] {
            assert_eq!(edited(cell, false), format!("<row>{cell}</row>"));
        }
    }

    #[test]
    fn merged_cells_are_listed() {
        let sheet = b"<sheetData/><mergeCells><mergeCell ref=\"J4:N4\"/><mergeCell ref=\"x\"/></mergeCells>";
        let (_, merged) = prepare_for_reader(sheet, false);
        let at = |text| CellAddress::parse(text).unwrap();
        assert_eq!(merged, [MergedCells { first: at("J4"), last: at("N4") }]);
    }
}
