//! Reading of sheets, whatever their layout.

use passerelle::domain::finding::{Finding, FindingPlace, Findings};
use passerelle::domain::kinds::attendance::rules::{DUPLICATE_DAY, PRESENCE_ON_WEEKEND};
use passerelle::domain::raw::Field;
use passerelle::domain::rules::workbook::UNREADABLE;
use passerelle::ingest::attendance::sheet::{read, stated_month};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use super::{HEADERS, codes, days, expected, lines, lines_of, package, reading, rows, table, workbook};

const LEA: [&str; 5] = ["K-1", "Dubois", "Léa", "2024-03-12", "24031295194"];

#[test]
fn a_plain_sheet_is_read() {
    let line = [&LEA[..], &["2024-09-01", "", "P", "aj/2:medicalCertificate + p½", "AI"]].concat();
    let read = lines(&rows(&[&line]));
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].family_name.get().unwrap().0, "Dubois");
    assert_eq!(read[0].birth_date.get().unwrap().to_string(), "2024-03-12");
    assert_eq!(read[0].ssin.get().unwrap().0, "24031295194");
    assert_eq!(read[0].start_date.get().unwrap().to_string(), "2024-09-01");
    assert!(read[0].end_date.is_absent());
    assert_eq!(
        days(&read[0]),
        [
            "2026-10-01 present full",
            "2026-10-02 justifiedAbsence half medicalCertificate",
            "2026-10-02 present half",
            "2026-10-05 unjustifiedAbsence full"
        ]
    );
}

#[test]
fn columns_come_in_any_order_under_headers_of_any_spelling_among_others() {
    let bytes = workbook(" PRESENCES", |sheet| {
        sheet.write(2, 1, "Relevé de Nominations")?;
        sheet.write_row(
            6,
            3,
            ["2", "PRÉNOM", "Total", "\u{a0}nom ", "date  de\u{a0}naissance :", "01/10/2026", "Reference"],
        )?;
        sheet.write_row(7, 3, ["P", "Léa", "99", "Dubois\u{a0}", "12/03/2024", "AJ", "K-1"])?;
        sheet.write(9, 5, "une note à part")?;
        sheet.write_row(12, 3, ["\u{a0}", "Noah", "", "Lambert", "2.11.2024", " ", "K-2"])?;
        Ok(())
    });
    let reading = reading(&bytes);
    assert_eq!(codes(&reading.findings), ["workbook.columnNotRead  PRESENCES!F7"]);
    let read = lines_of(&reading);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].family_name.get().unwrap().0, "Dubois");
    assert_eq!(read[1].birth_date.get().unwrap().to_string(), "2024-11-02");
    assert_eq!(days(&read[0]), ["2026-10-02 present full", "2026-10-01 justifiedAbsence full"]);
    let cell = |pointer| reading.cells.cell(pointer).unwrap();
    assert_eq!(cell(""), " PRESENCES!G7");
    assert_eq!(cell("/lines/1"), " PRESENCES!J13");
    assert_eq!(cell("/lines/1/givenName"), " PRESENCES!E13");
    assert_eq!(cell("/lines/0/days/1/reason"), " PRESENCES!I8");
    assert_eq!(cell("/lines/0/ssin"), " PRESENCES!J8");
    assert_eq!(cell("/controlTotals"), " PRESENCES!G7");
    assert_eq!(cell("/lines/7/ssin"), " PRESENCES!G7");
}

#[test]
fn numbers_and_dates_are_read_in_every_representation() {
    let bytes = workbook("Présences", |sheet| {
        let date = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_row(0, 0, HEADERS)?;
        for (column, day) in (7..).zip(1..=3) {
            sheet.write_with_format(0, column, ExcelDateTime::from_ymd(2026, 10, day)?, &date)?;
        }
        sheet.write_row(1, 0, [12, 7])?;
        sheet.write(1, 2, "Léa")?.write(1, 3, 45_363)?.write(1, 4, 2_071_996_837_u32)?;
        sheet.write_with_format(1, 5, ExcelDateTime::from_ymd(2024, 9, 1)?, &date)?;
        sheet.write(1, 7, "P")?;
        sheet.write(1, 8, 1)?.write(1, 9, true)?;
        sheet.write_row(2, 0, ["13", "Diallo", "Aïcha", "20240312", "connu"])?;
        Ok(())
    });
    let read = lines(&bytes);
    assert_eq!(read[0].reference.get().unwrap().0, "12");
    assert_eq!(read[0].family_name.get().unwrap().0, "7");
    assert_eq!(read[0].birth_date.get().unwrap().to_string(), "2024-03-12");
    assert_eq!(read[0].ssin.get().unwrap().0, "02071996837");
    assert_eq!(read[0].start_date.get().unwrap().to_string(), "2024-09-01");
    assert_eq!(days(&read[0]), ["2026-10-01 present full", "2026-10-02 ?1 full", "2026-10-03 ?VRAI full"]);
    assert_eq!(read[1].birth_date, Field::malformed("20240312"));
    assert_eq!((&read[1].ssin, &read[1].ssin_present), (&Field::Absent, &Field::Present(true)));
}

#[test]
fn days_counted_from_1904_are_the_same_days() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Référence</t></is></c><c r="B1" t="inlineStr"><is><t>Nom</t></is></c><c r="C1" t="inlineStr"><is><t>Prénom</t></is></c><c r="D1" t="inlineStr"><is><t>Date de naissance</t></is></c><c r="E1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="D2" s="1"><v>43901</v></c></row></sheetData></worksheet>"#;
    let bytes = super::parts(&[
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/styles.xml", br#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#),
        ("xl/workbook.xml", "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"Pr\u{e9}sences\" r:id=\"r1\"/></sheets></workbook>".as_bytes()),
    ]);
    assert_eq!(lines(&bytes)[0].birth_date.get().unwrap().to_string(), "2024-03-12");
}

#[test]
fn missing_and_repeated_headers_are_found_once_and_explain_what_follows() {
    let bytes = workbook("Présences", |sheet| {
        sheet.write_row(0, 0, ["Référence", "Nom", "Prenoms", "Nom", "Date de naissance", "1", "2", "01/10/2026"])?;
        sheet.write_row(1, 0, ["K-1", "Dubois", "Léa", "Autre", "12/03/2024", "P"])?;
        Ok(())
    });
    let reading = reading(&bytes);
    assert_eq!(
        codes(&reading.findings),
        [
            "workbook.headerDuplicate Présences!D1",
            "workbook.headerMissing Présences!B1",
            "workbook.headerDuplicate Présences!H1",
            "workbook.columnNotRead Présences!C1",
            "workbook.columnNotRead Présences!D1"
        ]
    );
    let found = |pointer: &str| Finding::new(&UNREADABLE, FindingPlace::at(pointer));
    let settled = reading.map_findings(Findings::from_iter([
        found("/lines/0/givenName"),
        found("/lines/0/birthDate"),
        found("/lines/0/days/0/status"),
    ]));
    assert_eq!(codes(&settled)[5..], ["workbook.unreadable Présences!E2", "workbook.unreadable Présences!F2"]);
}

#[test]
fn a_day_that_the_month_does_not_have_is_found_only_where_it_is_filled() {
    let bytes = workbook("Présences", |sheet| {
        sheet.write_row(0, 0, HEADERS)?;
        sheet.write_row(0, 7, [30, 31])?;
        sheet.write_row(1, 0, ["K-1", "Dubois", "Léa", "12/03/2024", "", "", "", "P", "P"])?;
        sheet.write_row(2, 0, ["K-2", "Diallo", "Aïcha", "12/03/2024", "", "", "", "P"])?;
        Ok(())
    });
    let mut june = expected();
    june.period = "2026-06".parse().unwrap();
    let reading = read(&table(&bytes), &june).unwrap();
    assert_eq!(codes(&reading.findings), ["attendance.dateOutsideMonth Présences!I2"]);
    assert_eq!(days(&lines_of(&reading)[0]), ["2026-06-30 present full"]);
}

#[test]
fn error_cells_are_found_where_they_matter_and_nothing_else_is_said_of_them() {
    let bytes = workbook("Présences", |sheet| {
        let error = |text: &str| Formula::new("=1/0").set_result(text);
        sheet.write_row(0, 0, HEADERS)?;
        sheet.write(0, 7, 1)?.write(0, 8, 2)?.write(0, 9, "Remarque")?;
        sheet.write_row(1, 0, ["K-1", "Dubois", "Léa"])?;
        sheet.write(1, 3, error("#REF!"))?.write(1, 7, "P")?.write(1, 8, error("#N/A"))?.write(1, 9, error("#NUM!"))?;
        Ok(())
    });
    let reading = reading(&bytes);
    let expected =
        ["workbook.columnNotRead Présences!J1", "workbook.errorCell Présences!D2", "workbook.errorCell Présences!I2"];
    assert_eq!(codes(&reading.findings), expected);
    let found = |pointer: &str| Finding::new(&UNREADABLE, FindingPlace::at(pointer));
    let repeated = Findings::from_iter([found("/lines/0/birthDate"), found("/lines/0/days/1/status")]);
    assert_eq!(codes(&reading.map_findings(repeated)), expected);
}

#[test]
fn the_marker_of_a_stored_number_is_in_the_column_of_numbers() {
    let reading = reading(&rows(&[&["K-1", "Dubois", "Léa", "2024-03-12", "connu"]]));
    let cell = |pointer| reading.cells.cell(pointer).unwrap();
    assert_eq!(cell("/lines/0/ssinPresent"), cell("/lines/0/ssin"));
    assert_ne!(cell("/lines/0/ssinPresent"), cell("/lines/0"));
}

#[test]
fn formulas_without_a_cached_value_are_not_empty_cells() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c><c r="B1"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="2"><c r="A2" t="str"><v>Dubois</v></c><c r="B2"><f>IF(1,"P","")</f><v></v></c><c r="C2" t="str"><f>IF(1,"","P")</f><v></v></c></row></sheetData></worksheet>"#;
    let found = codes(&reading(&package(sheet, "<sst/>")).findings);
    assert!(found.contains(&"workbook.errorCell Présences!B2".to_owned()), "{found:?}");
    assert!(!found.contains(&"workbook.errorCell Présences!C2".to_owned()), "{found:?}");
}

#[test]
fn errors_of_newer_programs_do_not_hide_the_rest() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>Dubois</v></c><c r="B2" t="e"><v>#SPILL!</v></c></row><row r="3"><c r="A3" t="e"><v>#CALC!</v></c></row></sheetData></worksheet>"#;
    let found = codes(&reading(&package(sheet, "<sst/>")).findings);
    assert!(found.contains(&"workbook.errorCell Présences!B2".to_owned()), "{found:?}");
    assert!(found.contains(&"workbook.errorCell Présences!A3".to_owned()), "{found:?}");
}

#[test]
fn month_and_creche_are_compared_when_the_sheet_names_them() {
    let with = |month: &str, creche: &str| {
        workbook("Présences", |sheet| {
            sheet.write_row(0, 0, ["Mois :", month])?.write_row(1, 0, ["Crèche", creche])?;
            sheet.write_row(3, 0, HEADERS)?.write(3, 7, 1)?;
            Ok(())
        })
    };
    for (month, creche) in [
        ("2026-10", "Les Lutins (L-0042)"),
        ("octobre 2026", "les lutins"),
        ("10/2026", "L-0042"),
        ("", ""),
        ("01/10/2026", "Nouveau nom (l-0042)"),
    ] {
        assert_eq!(codes(&reading(&with(month, creche)).findings), Vec::<String>::new(), "{month} {creche}");
    }
    assert_eq!(
        codes(&reading(&with("2026-09", "Les Coccinelles (L-0043)")).findings),
        ["workbook.monthMismatch Présences!B1", "workbook.crecheMismatch Présences!B2"]
    );
    let astray = reading(&with("2026-09", ""));
    let day = || FindingPlace::at("/lines/0/days/0/date");
    let found = Findings::from_iter([Finding::new(&PRESENCE_ON_WEEKEND, day()), Finding::new(&DUPLICATE_DAY, day())]);
    assert_eq!(
        codes(&astray.map_findings(found)),
        ["workbook.monthMismatch Présences!B1", "attendance.duplicateDay Présences!B4"],
        "what is a weekend in one month is none in the other"
    );
    assert_eq!(stated_month(&table(&with("septembre 2026", ""))).unwrap().to_string(), "2026-09");
    let dated = workbook("Présences", |sheet| {
        sheet.write_row(0, 0, HEADERS)?.write(0, 7, "03/11/2026")?;
        Ok(())
    });
    assert_eq!(stated_month(&table(&dated)).unwrap().to_string(), "2026-11");
}

#[test]
fn more_than_five_hundred_lines_are_read_far_enough_to_say_so() {
    let bytes = workbook("Présences", |sheet| {
        sheet.write_row(0, 0, HEADERS)?.write(0, 7, 1)?;
        for row in 1..=1200 {
            sheet.write_row(row, 0, ["K", "Dubois", "Léa"])?;
        }
        Ok(())
    });
    let reading = reading(&bytes);
    assert_eq!((reading.lines, lines_of(&reading).len()), (1200, 501));
}
