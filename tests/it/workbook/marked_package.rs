//! A refused workbook is returned as the sender's own package: parts without marks are unchanged byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use axum::http::Method;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, ExcelDateTime, Format, Formula, Note, Workbook,
};
use zip::ZipArchive;

use crate::harness::app::{CRECHE, TestApp, each_app};
use crate::harness::call::{Reply, XLSX};

use super::HEADERS;

/// The parts of a package by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut parts = BTreeMap::new();
    for name in names {
        let mut part = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut part).unwrap();
        parts.insert(name, String::from_utf8(part).unwrap());
    }
    parts
}

/// The text between two others, everywhere.
fn between<'a>(text: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(from).skip(1).filter_map(move |rest| rest.split_once(to).map(|(inner, _)| inner))
}

/// The cells that the rules of a sheet mark.
fn marked(sheet: &str) -> BTreeSet<&str> {
    let rules = between(sheet, "<conditionalFormatting ", "</conditionalFormatting>");
    let ours = rules.filter(|rule| rule.contains("Passerelle"));
    ours.flat_map(|rule| between(rule, "sqref=\"", "\"").flat_map(str::split_whitespace)).collect()
}

/// A sheet without the rules that mark it, and with the priority of its own rule as it was.
fn without_marks(sheet: &str) -> String {
    const END: &str = "</conditionalFormatting>";
    let mut sheet = sheet.to_owned();
    let rules: Vec<_> = between(&sheet, "<conditionalFormatting ", END).map(str::to_owned).collect();
    for rule in rules.iter().filter(|rule| rule.contains("Passerelle")) {
        sheet = sheet.replace(&format!("<conditionalFormatting {rule}{END}"), "");
    }
    sheet.replace("priority=\"2\"", "priority=\"1\"")
}

/// A month with a drop-down list, a hidden column, notes, colours, names, formulas, a frozen pane and a second sheet. One
/// code, the date of birth and the name of the first child are wrong.
fn decorated(codes: [&str; 3]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let own = workbook.add_worksheet().set_name("Tarifs").unwrap();
    own.write(0, 0, 12.5).unwrap().write(1, 0, Formula::new("=A1*2").set_result("25")).unwrap();
    own.insert_note(0, 0, &Note::new("depuis janvier")).unwrap().set_column_hidden(3).unwrap();
    let (date, bold) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_bold());
    let sheet = workbook.add_worksheet().set_name("Présences").unwrap().set_active(true);
    sheet.write_row_with_format(0, 0, HEADERS, &bold).unwrap().write_row(0, 7, [1, 2, 5]).unwrap();
    for (row, code) in (1..).zip(codes) {
        let name = ["Dubois", "Diallo", "Lambert"][row as usize - 1];
        sheet.write_row(row, 0, [format!("K-{row}").as_str(), name, "Léa"]).unwrap();
        let birth = ExcelDateTime::from_ymd(2025, 3, 12).unwrap();
        sheet.write_with_format(row, 3, birth, &date).unwrap().write(row, 7, code).unwrap();
    }
    sheet.insert_note(1, 0, &Note::new("fratrie").set_author("Direction")).unwrap();
    sheet.insert_note(2, 7, &Note::new("à revoir").set_author("Direction")).unwrap();
    let list = DataValidation::new().allow_list_strings(&["P", "AJ", "AI"]).unwrap();
    sheet
        .add_data_validation(1, 7, 40, 9, &list)
        .unwrap()
        .set_column_hidden(5)
        .unwrap()
        .set_freeze_panes(1, 3)
        .unwrap();
    let rule = ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::EqualTo("AJ")).set_format(bold);
    sheet.add_conditional_format(1, 7, 40, 9, &rule).unwrap().set_print_area(0, 0, 40, 9).unwrap();
    workbook.define_name("TarifDeBase", "=Tarifs!$A$1").unwrap();
    workbook.save_to_buffer().unwrap()
}

/// The marked workbook of a decorated month.
async fn marked_by(app: &TestApp, bytes: &[u8]) -> Reply {
    let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09");
    app.vendor().call(Method::PUT, &path).body(XLSX, bytes.to_vec()).accept(XLSX).await.expect(400)
}

#[tokio::test]
async fn everything_but_the_marks_is_as_it_was_sent() {
    each_app(async |app| {
        let sent = decorated(["P", "absent", "ZZ"]);
        let back = marked_by(app, &sent).await;
        let (sent, back) = (parts(&sent), parts(&back.bytes));
        let changed: Vec<_> =
            sent.iter().filter(|(name, part)| back.get(*name) != Some(part)).map(|(name, _)| name.as_str()).collect();
        let expected = [
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/comments2.xml",
            "xl/drawings/vmlDrawing2.vml",
            "xl/styles.xml",
            "xl/workbook.xml",
            "xl/worksheets/sheet2.xml",
        ];
        assert_eq!(changed, expected);
        let added: Vec<_> = back.keys().filter(|name| !sent.contains_key(*name)).collect();
        assert_eq!(added, ["xl/passerelleList1.xml"]);
        let sheet = &back["xl/worksheets/sheet2.xml"];
        assert_eq!(marked(sheet), BTreeSet::from(["E2", "E3", "E4", "H3", "H4"]));
        assert_eq!(without_marks(sheet), sent["xl/worksheets/sheet2.xml"]);
        // The sender's own notes are preserved, also on a marked cell.
        let notes = &back["xl/comments2.xml"];
        assert_eq!(between(notes, "ref=\"", "\"").collect::<Vec<_>>(), ["A2", "H3", "E2", "E3", "E4", "H4"]);
        assert!(notes.contains("fratrie") && notes.contains("à revoir"));
        let workbook = &back["xl/workbook.xml"];
        assert!(workbook.contains("activeTab=\"2\"") && workbook.contains("localSheetId=\"2\""), "{workbook}");
        assert!(workbook.contains("TarifDeBase") && workbook.find("corriger") < workbook.find("Tarifs"), "{workbook}");
    })
    .await;
}

#[tokio::test]
async fn earlier_marks_are_removed_when_the_cell_is_right() {
    each_app(async |app| {
        let once = marked_by(app, &decorated(["P", "absent", "ZZ"])).await.bytes;
        // The sender's program changes one of the two cells in the returned file.
        let strings = parts(&once)["xl/sharedStrings.xml"].replace(">ZZ<", ">AI<");
        let mended = with_part(&once, "xl/sharedStrings.xml", &strings);
        let again = marked_by(app, &mended).await.bytes;
        let parts_again = parts(&again);
        assert_eq!(marked(&parts_again["xl/worksheets/sheet2.xml"]), BTreeSet::from(["E2", "E3", "E4", "H3"]));
        let notes = &parts_again["xl/comments2.xml"];
        assert_eq!(between(notes, "ref=\"", "\"").collect::<Vec<_>>(), ["A2", "H3", "E2", "E3", "E4"]);
        assert_eq!(parts_again["xl/drawings/vmlDrawing2.vml"].matches("<x:Row>").count(), 5);
        assert_eq!(parts_again["xl/workbook.xml"].matches("corriger").count(), 1);
        let strings = strings.replace(">absent<", ">AJ<");
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09");
        let right = with_part(&again, "xl/sharedStrings.xml", &strings);
        app.vendor().call(Method::PUT, &path).body(XLSX, right).await.expect(201);
    })
    .await;
}

/// A package with another content of one part.
fn with_part(bytes: &[u8], name: &str, content: &str) -> Vec<u8> {
    let mut parts = parts(bytes);
    parts.insert(name.to_owned(), content.to_owned());
    let parts: Vec<_> = parts.iter().map(|(name, part)| (name.as_str(), part.as_bytes())).collect();
    super::parts(&parts)
}

/// A register of 40 persons with a contract and a function each. With `faults`, 13 persons have no family name, 13
/// contracts an unknown status, and 14 functions an unknown category.
fn register(faults: bool) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let persons = workbook.add_worksheet().set_name("Personnes").unwrap();
    persons.write_row(0, 0, ["Référence", "NISS", "Nom", "Prénom", "Date de naissance"]).unwrap();
    for row in 1..=40 {
        persons.write(row, 0, format!("R-{row}")).unwrap().write(row, 3, "Nadia").unwrap();
        if !faults || row > 13 {
            persons.write(row, 2, format!("Personne {}", "a".repeat(row as usize))).unwrap();
        }
        // A national number: date of birth, a number of the day, 97 less what remains of both.
        let number = 850_314_000 + u64::from(row);
        persons.write(row, 1, format!("{number}{:02}", 97 - number % 97)).unwrap();
    }
    let contracts = workbook.add_worksheet().set_name("Contrats").unwrap();
    contracts.write_row(0, 0, ["Personne", "Contrat", "Statut", "Début", "Fin"]).unwrap();
    for row in 1..=40 {
        let status = if faults && (14..=26).contains(&row) { "Intérimaire" } else { "Contractuel" };
        let start = ExcelDateTime::from_ymd(2023, 9, 1).unwrap();
        contracts.write_row(row, 0, [format!("R-{row}").as_str(), "C-1", status]).unwrap();
        contracts.write_with_format(row, 3, start, &date).unwrap();
    }
    let functions = workbook.add_worksheet().set_name("Fonctions").unwrap();
    functions.write_row(0, 0, ["Personne", "Contrat", "Crèche", "Catégorie", "ETP"]).unwrap();
    for row in 1..=40 {
        let category = if faults && row > 26 { "Jardinage" } else { "Accueil des enfants" };
        functions.write_row(row, 0, [format!("R-{row}").as_str(), "C-1", CRECHE, category]).unwrap();
        functions.write(row, 4, 0.5).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn forty_faults_in_three_sheets_are_forty_marks_and_none_once_they_are_mended() {
    each_app(async |app| {
        let put = |bytes| app.vendor().call(Method::PUT, "/staffRegister").body(XLSX, bytes).accept(XLSX).if_match("*");
        let sent = register(true);
        let back = put(sent.clone()).await.expect(400);
        let (sent, back) = (parts(&sent), parts(&back.bytes));
        let sheet = |number: u32| format!("xl/worksheets/sheet{number}.xml");
        let marks: Vec<usize> = (1..=3).map(|number| marked(&back[&sheet(number)]).len()).collect();
        // One more marks the header of the persons: some of those in the register are not in the file.
        assert_eq!(marks, [13 + 1, 13, 14]);
        assert!(back["xl/passerelleList1.xml"].contains("40 erreurs à corriger, 1 avertissement"));
        for number in 1..=3 {
            let (name, after) = (sheet(number), without_marks(&back[&sheet(number)]));
            let after = after.split("<legacyDrawing").next().unwrap().to_owned();
            assert!(sent[&name].starts_with(&after), "{name}");
        }
        put(register(false)).await.expect(200);
    })
    .await;
}
