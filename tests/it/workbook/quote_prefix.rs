//! Texts that a spreadsheet program could take for a formula are marked as text in every workbook that is written.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use passerelle::domain::calendar::Calendar;
use passerelle::domain::finding::Findings;
use passerelle::domain::kinds::attendance::raw::{RawLine, Reference};
use passerelle::domain::person::Name;
use passerelle::domain::raw::{Field, List};
use passerelle::domain::staff::raw::{RawMember, RawRegister};
use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::attendance::form as attendance;
use passerelle::ingest::attendance::sheet::read;
use passerelle::ingest::workbook::template::staff;
use passerelle::ingest::workbook::{Table, annotate};
use passerelle::words::Language;
use zip::ZipArchive;

use super::{expected, lines, rows, table};

/// What begins like a formula, and what does not.
const DANGEROUS: [&str; 5] = ["=1+1", "+32 470", "-1", "@SUM(A1)", "＝1+1"];
const HARMLESS: [&str; 4] = ["Léa", "1=1", "a@b", "P/2+AJ/2"];

fn part(book: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(book.to_vec())).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The value of an attribute in the tag that begins here.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// Whether each text of a sheet is marked as text.
fn marks(book: &[u8], sheet: &str) -> BTreeMap<String, bool> {
    let styles = part(book, "xl/styles.xml");
    let formats = styles.split_once("<cellXfs").unwrap().1.split_once("</cellXfs>").unwrap().0;
    let marked: Vec<_> =
        formats.split("<xf ").skip(1).map(|xf| attribute(&format!(" {xf}"), "quotePrefix") == Some("1")).collect();
    let shared = part(book, "xl/sharedStrings.xml");
    let texts: Vec<_> = shared
        .split("<si>")
        .skip(1)
        .map(|item| item.split("</t>").next().unwrap().rsplit('>').next().unwrap())
        .collect();
    let cells = part(book, sheet);
    let of = |cell: &str| {
        (attribute(cell, "t")? == "s").then_some(())?;
        let text: usize = cell.split_once("<v>")?.1.split_once("</v>")?.0.parse().ok()?;
        let style: usize = attribute(cell, "s").map_or(0, |style| style.parse().unwrap());
        Some((texts[text].to_owned(), marked[style]))
    };
    cells.split("<c ").skip(1).filter_map(|cell| of(&format!(" {cell}"))).collect()
}

#[track_caller]
fn marks_what_is_dangerous(book: &[u8], sheet: &str) {
    let marks = marks(book, sheet);
    for (texts, marked) in [(&DANGEROUS[..], true), (&HARMLESS[..], false)] {
        for text in texts {
            assert_eq!(marks.get(*text), Some(&marked), "{text} in {sheet}: {marks:?}");
        }
    }
}

fn all() -> impl Iterator<Item = String> {
    DANGEROUS.into_iter().chain(HARMLESS).map(str::to_owned)
}

#[test]
fn a_statement_and_a_template_begun_with_its_children() {
    let line = |text: String| RawLine {
        reference: Field::Present(Reference(text.clone())),
        family_name: Field::Present(Name(text.clone())),
        given_name: Field::Present(Name(text)),
        birth_date: Field::Present(jiff::civil::Date::constant(2024, 3, 12)),
        days: Field::Present(List(Vec::new())),
        ..RawLine::default()
    };
    let children: Vec<_> = all().map(line).collect();
    let calendar = Calendar::default();
    let month = "2026-10".parse().unwrap();
    let form = attendance::AttendanceForm {
        creche: "=cmd()",
        one_number: "1",
        month,
        calendar: &calendar,
        lines: &children,
        rows: 1,
    };
    let book = attendance::write(&form).unwrap();
    marks_what_is_dangerous(&book, "xl/worksheets/sheet1.xml");
    assert!(marks(&book, "xl/worksheets/sheet1.xml")["=cmd() (1)"]);
    let form = attendance::AttendanceForm { creche: "Les Lutins", one_number: "L-0042", ..form };
    assert_eq!(lines(&attendance::write(&form).unwrap()), children, "the values are the same");
}

#[test]
fn a_staff_register() {
    let member = |text: String| {
        let name = Field::Present(Name(text));
        Field::Present(RawMember { family_name: name.clone(), given_name: name, ..RawMember::default() })
    };
    let register = RawRegister { members: Field::Present(List(all().map(member).collect())), unknown: false };
    let day = jiff::civil::Date::constant(2026, 10, 12);
    let book = staff::write(&register, "@Organisme", day, 1, false).unwrap();
    marks_what_is_dangerous(&book, "xl/worksheets/sheet1.xml");
    assert!(marks(&book, "xl/worksheets/sheet1.xml")["@Organisme"]);
}

#[test]
fn a_workbook_that_is_handed_back() {
    let texts: Vec<_> = all().collect();
    let children: Vec<Vec<&str>> = texts.iter().map(|text| vec![text.as_str(), text, "Léa"]).collect();
    let sent = rows(&children.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let sheet: Table = table(&sent);
    let findings = read(&sheet, &expected()).unwrap().map_findings(Findings::default()).folded();
    let back = annotate::write(b"", &[(&MODEL, &sheet)], &findings, Language::Fr).unwrap();
    marks_what_is_dangerous(&back, "xl/worksheets/sheet2.xml");
}
