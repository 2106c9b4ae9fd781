//! Workbooks of other libraries' public bug reports, rebuilt: read as spreadsheet programs display them, or refused.

use super::{days, lines_of, parts, reading, refusal};

/// A child with these day cells on the 1st and the 2nd, and these shared texts.
fn book(cells: &str, strings: &str) -> Vec<u8> {
    let headers = ["Référence", "Nom", "Prénom", "Date de naissance", "1", "2"];
    let row = |number: u32, texts: &[&str]| {
        let cell = |(column, text): (char, &&str)| {
            format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        ('A'..).zip(texts).map(cell).collect::<String>()
    };
    let sheet = format!(
        "<worksheet><sheetData><row r=\"1\">{}</row><row r=\"2\">{}{cells}</row></sheetData></worksheet>",
        row(1, &headers),
        row(2, &["K-1", "Dubois", "Léa", "12/03/2024"])
    );
    let strings = format!("<sst>{strings}</sst>");
    parts(&[("xl/worksheets/sheet1.xml", sheet.as_bytes()), ("xl/sharedStrings.xml", strings.as_bytes())])
}

/// A cell that names a shared text.
fn shared(column: char, index: &str) -> String {
    format!("<c r=\"{column}2\" t=\"s\"><v>{index}</v></c>")
}

#[test]
fn shared_texts_are_those_that_spreadsheet_programs_show() {
    const PRESENT: &str = "2026-10-01 present full";
    const JUSTIFIED: &str = "2026-10-02 justifiedAbsence full";
    let table: [(String, &str, &[&str]); 6] = [
        // calamine 607: a reference without a number was the first text of the file.
        (
            format!("<c r=\"E2\" t=\"s\"><v/></c>{}", shared('F', "1")),
            "<si><t>P</t></si><si><t>AJ</t></si>",
            &[JUSTIFIED],
        ),
        // openai/codex 38118: an empty text was its own number.
        (shared('E', "1") + &shared('F', "0"), "<si><t>AJ</t></si><si><t/></si>", &[JUSTIFIED]),
        // calamine 573: a text without an element for it moved those behind it.
        (shared('E', "0") + &shared('F', "2"), "<si><t>P</t></si><si></si><si><t>AJ</t></si>", &[PRESENT, JUSTIFIED]),
        // EPPlus 1530: a part of a text with no properties was left out.
        (shared('F', "0"), "<si><r><rPr/><t>A</t></r><r><t>J</t></r></si>", &[JUSTIFIED]),
        // Readings for the pronunciation are no part of the text.
        (shared('E', "0"), "<si><t>P</t><rPh sb=\"0\" eb=\"1\"><t>AJ</t></rPh></si>", &[PRESENT]),
        // Spaces at either end of a text that is a formula's result.
        ("<c r=\"F2\" t=\"str\"><v> AJ </v></c>".to_owned(), "", &[JUSTIFIED]),
    ];
    for (cells, strings, expected) in table {
        assert_eq!(days(&lines_of(&reading(&book(&cells, strings)))[0]), expected, "{cells} {strings}");
    }
}

#[test]
fn a_reference_to_no_shared_text_is_never_another_text() {
    // GDKsoftware/OfficeXML4D 6: empty texts were written as number -1.
    let found = reading(&book(&shared('E', "-1"), "<si><t>P</t></si>"));
    assert_eq!(super::codes(&found.findings), ["workbook.errorCell Présences!E2"]);
    assert_eq!(refusal(&book(&shared('E', "7"), "<si><t>P</t></si>")), "workbook.unreadable");
}
