//! A refused workbook that is returned: the sender's own values, the faults marked, the same verdict when it is sent again.

use passerelle::domain::finding::{Finding, Findings, Param};
use passerelle::domain::rules::workbook::UNREADABLE;
use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::attendance::sheet::read;
use passerelle::ingest::workbook::table::Value;
use passerelle::ingest::workbook::{Table, annotate};
use passerelle::words::Language;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{HEADERS, codes, expected, lines_of, reading, refusal, table};

/// A workbook with something of everything in it.
fn faulty(third_header: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Présences d'été").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    sheet.write_row(0, 0, ["Mois", "2026-09"]).unwrap().write(0, 4, "attendance/1").unwrap();
    sheet.write_row(3, 1, HEADERS).unwrap().write_row(3, 8, [1, 2, 5]).unwrap().write(3, 3, third_header).unwrap();
    sheet.write_row(5, 1, ["K-1", "Dubois", "Léa"]).unwrap().write(5, 8, "XX").unwrap().write(5, 9, true).unwrap();
    sheet.write_with_format(5, 4, ExcelDateTime::from_ymd(2024, 3, 12).unwrap(), &date).unwrap();
    sheet.write(5, 5, 2_071_996_837_u32).unwrap();
    sheet.write(5, 10, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(6, 2, "=cmd()").unwrap();
    workbook.define_name("PasserelleModel", "='Présences d''été'!$E$1").unwrap();
    workbook.save_to_buffer().unwrap()
}

/// Every cell of a sheet with its address.
fn values(table: &Table) -> Vec<(u32, u16, String)> {
    let shown = |value: Value<'_>| format!("{value:?}");
    table.cells().iter().map(|cell| (cell.row, cell.column, shown(table.value(cell)))).collect()
}

fn annotated(bytes: &[u8]) -> (Vec<u8>, Vec<String>) {
    let table = table(bytes);
    let reading = read(&table, &expected()).unwrap();
    let rules = Findings::from_iter([Finding::new(
        &UNREADABLE,
        passerelle::domain::finding::FindingPlace::at("/lines/0/days/0/status"),
    )
    .with("x", Param::Count(1))]);
    let findings = reading.map_findings(rules).folded();
    let back = annotate::write(bytes, &[(&MODEL, &table)], &findings, Language::Fr).unwrap();
    (back, codes(&reading.findings))
}

#[test]
fn the_senders_values_are_returned_at_their_addresses_with_the_same_verdict() {
    for header in ["Prénom", "Prenoms"] {
        let sent = faulty(header);
        let (back, found) = annotated(&sent);
        assert!(!found.is_empty());
        assert_eq!(values(&table(&back)), values(&table(&sent)));
        assert_eq!(table(&back).sheet, "Présences d'été");
        assert_eq!(table(&back).named_version().as_deref(), Some("attendance/1"));
        let again = reading(&back);
        assert_eq!(codes(&again.findings), found);
        assert_eq!(again.document, reading(&sent).document);
        assert_eq!(lines_of(&again).len(), 2);
    }
}

#[test]
fn an_annotated_workbook_annotated_again_is_the_same() {
    let (once, first) = annotated(&faulty("Prénom"));
    let (_, second) = annotated(&once);
    assert_eq!(first, second);
}

#[test]
fn an_unreadable_file_is_returned_as_the_list_alone_and_refused_again() {
    let finding = super::workbook("Feuil1", |_| Ok(()));
    let findings = Findings::from_iter(passerelle::ingest::workbook::read_xlsx(&finding, &MODEL).err());
    let back = annotate::write(&finding, &[], &findings, Language::Fr).unwrap();
    assert_eq!(refusal(&back), "workbook.sheetMissing");
}

#[test]
fn notes_are_words_and_the_list_has_the_codes_last() {
    let (back, _) = annotated(&faulty("Prénom"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(back)).unwrap();
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut part = |name: &String| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    let (notes, others): (Vec<_>, Vec<_>) = names
        .iter()
        .filter(|name| std::path::Path::new(name).extension().is_some_and(|end| end == "xml"))
        .partition(|name| name.contains("Notes"));
    assert!(notes.iter().any(|name| part(name).contains("formule en erreur")));
    assert!(!notes.iter().any(|name| part(name).contains("workbook.")));
    let listed = |name: &&String| part(name).contains("Code (pour le fournisseur)");
    assert!(others.iter().any(listed));
}
