//! Workbooks: from all programs that write them, written, returned annotated, and malicious ones.

mod annotated;
mod findings;
mod hostile;
mod marked_package;
mod no_cell_ignored;
mod programs;
mod quote_prefix;
mod reading;
mod refused;
mod reports;
mod round_trip;
mod unread_sheets;
mod xls;

use std::io::{Cursor, Write as _};

use passerelle::domain::finding::{Finding, Findings};
use passerelle::domain::kinds::attendance::raw::{RawDay, RawLine, RawStatement};
use passerelle::domain::raw::Field;
use passerelle::ingest::attendance::sheet::read;
use passerelle::ingest::workbook::parsed_workbook::ExpectedHead;

use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::workbook::{Table, read_xlsx};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

type ParsedAttendance = passerelle::ingest::workbook::parsed_workbook::ParsedWorkbook<RawStatement>;

/// The headers before the days.
const HEADERS: [&str; 7] = ["Référence", "Nom", "Prénom", "Date de naissance", "NISS", "Entrée", "Sortie"];

/// What the workbooks of these tests are sent for.
fn expected() -> ExpectedHead {
    ExpectedHead { period: "2026-10".parse().unwrap(), creche: vec!["Les Lutins".into(), "L-0042".into()] }
}

/// A workbook with one sheet, made by `fill`.
pub(crate) fn workbook(name: &str, fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).unwrap();
    fill(sheet).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// A workbook of texts, row by row, below the model's headers and three days.
fn rows(rows: &[&[&str]]) -> Vec<u8> {
    workbook("Présences", |sheet| {
        sheet.write_row(0, 0, HEADERS)?;
        sheet.write_row(0, 7, [1, 2, 5])?;
        for (row, cells) in (1..).zip(rows) {
            sheet.write_row(row, 0, cells.iter().copied())?;
        }
        Ok(())
    })
}

/// An `.xlsx` whose sheet is this XML.
pub(crate) fn package(sheet: &str, strings: &str) -> Vec<u8> {
    parts(&[("xl/worksheets/sheet1.xml", sheet.as_bytes()), ("xl/sharedStrings.xml", strings.as_bytes())])
}

/// An `.xlsx` with these parts besides the usual ones, which they replace.
pub(crate) fn parts(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let usual: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", br#"<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#),
        ("_rels/.rels", br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Présences\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>".as_bytes()),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships><Relationship Id="r1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://x/relationships/styles" Target="styles.xml"/></Relationships>"#),
    ];
    let replaced = |name: &str| parts.iter().any(|(other, _)| *other == name);
    let kept = usual.iter().filter(|(name, _)| !replaced(name));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in kept.chain(parts) {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(part).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The cells of a workbook.
fn table(bytes: &[u8]) -> Table {
    read_xlsx(bytes, &MODEL).unwrap_or_else(|finding| panic!("{}", finding.rule.code))
}

/// A workbook read as October's statement.
fn reading(bytes: &[u8]) -> ParsedAttendance {
    read(&table(bytes), &expected()).unwrap_or_else(|finding| panic!("{}", finding.rule.code))
}

/// A workbook read without complaint.
fn lines(bytes: &[u8]) -> Vec<RawLine> {
    let reading = reading(bytes);
    assert_eq!(codes(&reading.findings), Vec::<String>::new());
    lines_of(&reading)
}

fn lines_of(reading: &ParsedAttendance) -> Vec<RawLine> {
    reading.document.lines.get().unwrap().0.iter().map(|line| line.get().unwrap().clone()).collect()
}

/// A line's days in short: `2026-10-01 present full`.
fn days(line: &RawLine) -> Vec<String> {
    let says = |day: &RawDay| {
        let status = match &day.status {
            Field::Present(status) => status.code().to_owned(),
            Field::Malformed(text) => format!("?{text}"),
            Field::Absent => String::new(),
        };
        let duration = day.duration.get().unwrap().code();
        let reason = match &day.reason {
            Field::Present(reason) => format!(" {}", reason.code()),
            Field::Malformed(text) => format!(" ?{text}"),
            Field::Absent => String::new(),
        };
        format!("{} {status} {duration}{reason}", day.date.get().unwrap())
    };
    line.days.get().unwrap().0.iter().map(|day| says(day.get().unwrap())).collect()
}

/// Findings in short: `workbook.headerMissing Présences!B1`.
fn codes(findings: &Findings) -> Vec<String> {
    let says = |finding: &Finding| {
        let cell = finding.place().cell.clone().map(|cell| format!(" {cell}")).unwrap_or_default();
        format!("{}{cell}", finding.rule.code)
    };
    findings.iter().map(says).collect()
}

/// The code of the finding that refuses a workbook as a whole.
fn refusal(bytes: &[u8]) -> &'static str {
    match passerelle::ingest::workbook::detect_format(bytes).and_then(|_| read_xlsx(bytes, &MODEL)) {
        Err(finding) => finding.rule.code,
        Ok(table) => read(&table, &expected()).err().map_or("", |finding| finding.rule.code),
    }
}
