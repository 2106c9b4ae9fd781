//! Formulas that nobody has worked out. A program that writes a file without calculating it leaves their results out,
//! and a reader takes such a cell for an empty one: a day would be lost without a word. Here it is made to show an error.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::parts::raw;
use super::table::MAX_CELLS;

/// The error of a value that is not available.
const NOT_AVAILABLE: &str = "#N/A";

/// The sheet, with an error in every cell whose formula has no result.
pub(super) fn worked_out(sheet: Vec<u8>) -> Vec<u8> {
    if !sheet.windows(2).any(|pair| pair == b"f>") {
        return sheet;
    }
    let (mut edited, mut from) = (Vec::with_capacity(sheet.len()), 0);
    for Unworked { cell, address } in unworked(&sheet) {
        edited.extend_from_slice(&sheet[from..cell.start]);
        let address = address.map_or_else(String::new, |address| format!(" r=\"{address}\""));
        edited.extend_from_slice(format!("<c{address} t=\"e\"><v>{NOT_AVAILABLE}</v></c>").as_bytes());
        from = cell.end;
    }
    edited.extend_from_slice(&sheet[from..]);
    edited
}

/// A cell whose formula has no result.
struct Unworked {
    cell: Range<usize>,
    address: Option<String>,
}

/// The cell that is being read.
struct Open {
    start: usize,
    address: Option<String>,
    /// Whether its value is text: then an empty one is a result.
    text: bool,
    formula: bool,
    result: bool,
}

impl Open {
    fn of(tag: &BytesStart<'_>, start: usize) -> Self {
        let address = raw(tag, "r").filter(|address| address.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let text = matches!(raw(tag, "t"), Some("str" | "inlineStr"));
        Self { start, address: address.map(ToOwned::to_owned), text, formula: false, result: false }
    }
}

/// Every such cell. What is not XML ends the search, and so do more cells than a sheet may fill: the reader refuses both.
fn unworked(sheet: &[u8]) -> Vec<Unworked> {
    let mut reader = Reader::from_reader(sheet);
    reader.config_mut().check_end_names = false;
    let (mut found, mut open, mut in_value): (_, Option<Open>, _) = (Vec::new(), None, false);
    loop {
        let Some(start) = position(&reader).filter(|_| found.len() <= MAX_CELLS) else { return found };
        match reader.read_event() {
            Err(_) | Ok(Event::Eof) => return found,
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "c" => open = Some(Open::of(&tag, start)),
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = tag.local_name();
                in_value = matches!(name.as_ref(), "v" | "is");
                if let Some(cell) = &mut open {
                    cell.formula |= name.as_ref() == "f";
                    cell.result |= in_value && cell.text;
                }
            }
            Ok(Event::End(tag)) => match (tag.local_name().as_ref(), position(&reader)) {
                ("c", Some(end)) => found.extend(
                    open.take()
                        .filter(|cell| cell.formula && !cell.result)
                        .map(|cell| Unworked { cell: cell.start..end, address: cell.address }),
                ),
                ("v", _) => in_value = false,
                _ => {}
            },
            Ok(_) => {
                if let Some(cell) = &mut open {
                    cell.result |= in_value;
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
    use super::*;

    fn edited(cell: &str) -> String {
        String::from_utf8(worked_out(format!("<row>{cell}<c><f>1</f><v>1</v></c></row>").into())).unwrap()
    }

    #[test]
    fn a_formula_without_a_result_shows_an_error() {
        for cell in [
            "<c r=\"H8\" s=\"4\"><f>1+1</f><v></v></c>",
            "<c r=\"H8\"><f>1+1</f><v/></c>",
            "<c r=\"H8\"><f t=\"shared\" si=\"0\"/></c>",
            "<c r=\"H8\" t=\"str\"><f>\"P\"</f></c>",
        ] {
            let shown = "<row><c r=\"H8\" t=\"e\"><v>#N/A</v></c><c><f>1</f><v>1</v></c></row>";
            assert_eq!(edited(cell), shown, "{cell}");
        }
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
            assert_eq!(edited(cell), format!("<row>{cell}<c><f>1</f><v>1</v></c></row>"));
        }
    }
}
