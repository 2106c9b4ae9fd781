//! The list of findings as a sheet's part.

use std::fmt::Write as _;

use super::list::{self, FindingEntry};
use super::styles::ListFormats;
use super::xml::escaped;
use crate::domain::finding::Findings;
use crate::domain::rule::Severity;
use crate::words::Language;

/// The part, whose texts are in the cells themselves. `main` is the namespace of the sender's sheets.
pub(super) fn part(findings: &Findings, language: Language, formats: ListFormats, main: &str) -> String {
    let (header, below) = (list::HEADER_ROW + 1, list::HEADER_ROW + 2);
    let mut rows = row(1, 26, &text("A", 1, formats.title, list::TITLE));
    rows.push_str(&row(2, 0, &text("A", 2, formats.quiet, &list::summary(findings))));
    let names = list::COLUMNS.iter().zip("ABCDE".chars());
    let names: String =
        names.map(|((name, _), column)| text(column.encode_utf8(&mut [0; 4]), header, formats.header, name)).collect();
    rows.push_str(&row(header, 0, &names));
    let mut links = String::new();
    for (number, entry) in (below..).zip(list::entries(findings, language)) {
        rows.push_str(&row(number, entry.height(), &cells(number, &entry, formats)));
        if let Some((sheet, address)) = entry.cell.and_then(|cell| cell.rsplit_once('!')) {
            let target = escaped(&format!("'{}'!{address}", sheet.replace('\'', "''")));
            let _ = write!(links, "<hyperlink ref=\"B{number}\" location=\"{target}\" display=\"{target}\"/>");
        }
    }
    let mut columns = String::new();
    for (at, (_, width)) in (1..).zip(list::COLUMNS) {
        let _ = write!(columns, "<col min=\"{at}\" max=\"{at}\" width=\"{width}\" customWidth=\"1\"/>");
    }
    let links = if links.is_empty() { links } else { format!("<hyperlinks>{links}</hyperlinks>") };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{main}\">\
         <sheetPr><tabColor rgb=\"FFB3261E\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>\
         <sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"{header}\" topLeftCell=\"A{below}\" \
         activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>{columns}</cols>\
         <sheetData>{rows}</sheetData>{links}<pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>"
    )
}

fn cells(row: u32, entry: &FindingEntry<'_>, formats: ListFormats) -> String {
    let severity = match entry.severity {
        Severity::Error => formats.error,
        Severity::Warning => formats.warning,
    };
    let place = match entry.cell {
        Some(cell) => text("B", row, formats.link, cell),
        None => text("B", row, formats.text, list::WHOLE_FILE),
    };
    let count = format!("<c r=\"C{row}\" s=\"{}\"><v>{}</v></c>", formats.count, entry.count);
    [
        text("A", row, severity, entry.severity_name),
        place,
        count,
        text("D", row, formats.text, &entry.words),
        text("E", row, formats.code, entry.code),
    ]
    .concat()
}

fn text(column: &str, row: u32, format: usize, text: &str) -> String {
    let text = escaped(text);
    format!("<c r=\"{column}{row}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
}

/// A row; without a height it has that of its text.
fn row(number: u32, height: u32, cells: &str) -> String {
    let height = if height > 0 { format!(" ht=\"{height}\" customHeight=\"1\"") } else { String::new() };
    format!("<row r=\"{number}\"{height}>{cells}</row>")
}
