//! Every rule of the catalogue has a case that breaks it and one that meets it, over HTTP. Those of statements are in the
//! corpus; here are those of files as files, of bytes as JSON, and of closures. The `request` family is about requests and
//! `user` about people, `staff` about the register and `report` about reports, which have corpora of their own; they have
//! their own tests.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::domain::rule_catalogue;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::{cases, found};
use crate::harness::app::{CRECHE, each_app};
use crate::harness::book::COLUMNS;
use crate::harness::call::{JSON, XLSX};
use crate::workbook::{package, parts};

/// Reported only when the gateway itself is at fault, and in worlds of a sandbox (`worlds::ssins`): no document that is sent
/// here causes them.
const UNREACHED: [&str; 2] = ["input.notUnderstood", "input.ssinNotInvented"];

/// Families about other things than deposited documents, tested elsewhere.
const ELSEWHERE: [&str; 20] = [
    "file.",
    "signature.",
    "report.",
    "webhook.",
    "request.",
    "registry.",
    "user.",
    "application.",
    "key.",
    "doctor.",
    "staff.",
    "organiser.",
    "payment.",
    "workbook.ownerMissing",
    "workbook.quarterMismatch",
    "workbook.modelSuperseded",
    "workbook.personMismatch",
    "workbook.timeOfAnotherDay",
    "medical.doctorRefusedLater",
    "medical.doctorChangedLater",
];
/// Rules of the files that an operator imports, besides the `registry` family: reported at the command line.
const IMPORTED: [&str; 4] =
    ["closure.ambiguousCreche", "closure.unknownCreche", "input.unclosedQuote", "input.tooManyFields"];

/// A document that breaks a rule, one that meets it, and where both are sent.
struct Pair {
    rule: &'static str,
    path: String,
    media: &'static str,
    failing: Vec<u8>,
    passing: Vec<u8>,
}

const MONTH: &str = "2026-09";

fn statement(rule: &'static str, media: &'static str, failing: Vec<u8>, passing: Vec<u8>) -> Pair {
    Pair { rule, path: format!("/creches/{CRECHE}/attendanceStatements/{MONTH}"), media, failing, passing }
}

fn texts() -> Vec<Pair> {
    let json = |rule, failing, passing: &str| statement(rule, JSON, failing, passing.as_bytes().to_vec());
    let empty = "{\"lines\":[]}";
    let many = format!("{{\"lines\":[{}]}}", vec!["0"; 300_001].join(","));
    vec![
        json("json.notUtf8", b"{\"lines\":[\"\xff\"]}".to_vec(), empty),
        json("json.tooManyValues", many.into(), empty),
    ]
}

fn closures() -> Vec<Pair> {
    let pair = |rule, failing: (&str, &str, &str), passing: (&str, &str, &str)| {
        let document = |(start, end, reason)| {
            let item = serde_json::json!({ "startDate": start, "endDate": end, "reason": reason });
            serde_json::json!({ "items": [item] }).to_string().into_bytes()
        };
        let path = format!("/creches/{CRECHE}/closures");
        Pair { rule, path, media: JSON, failing: document(failing), passing: document(passing) }
    };
    vec![
        pair(
            "closure.endBeforeStart",
            ("2026-07-20", "2026-07-10", "annualClosure"),
            ("2026-07-20", "2026-07-31", "annualClosure"),
        ),
        pair(
            "closure.unlistedHoliday",
            ("2026-09-28", "2026-09-28", "publicHoliday"),
            ("2026-07-21", "2026-07-21", "publicHoliday"),
        ),
        pair(
            "closure.dateOutside",
            ("2026-12-25", "2030-01-01", "annualClosure"),
            ("2026-12-25", "2027-01-01", "annualClosure"),
        ),
        pair("closure.long", ("2026-07-01", "2026-10-01", "other"), ("2026-07-01", "2026-09-30", "other")),
    ]
}

/// A sound sheet of the model.
fn sound(sheet: &mut Worksheet, name: &str) {
    sheet.set_name(name).unwrap();
    sheet.write_row(0, 0, ["Mois", MONTH]).unwrap().write_row(1, 0, ["Crèche", "Les P'tits Loups"]).unwrap();
    sheet.write(0, 4, "attendance/1").unwrap();
    sheet.write_row(3, 0, COLUMNS.map(|(header, _)| header)).unwrap().write_row(3, 7, [7, 8, 9]).unwrap();
    sheet.write_row(4, 0, ["K-1", "Maes", "Zoé", "2024-02-17", "24021795156", "", "", "P"]).unwrap();
}

/// A sound workbook, changed.
fn model(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sound(sheet, "Présences");
    change(sheet);
    workbook.define_name("PasserelleModel", "='Présences'!$E$1").unwrap();
    workbook.save_to_buffer().unwrap()
}

fn workbooks() -> Vec<Pair> {
    let good = model(|_| {});
    let pair = |rule, failing| statement(rule, XLSX, failing, good.clone());
    let changed = |rule, change: fn(&mut Worksheet)| pair(rule, model(change));
    let bomb = format!("<worksheet><sheetData>{}</sheetData></worksheet>", "<row><c/></row>".repeat(4_000_000));
    let mut two = Workbook::new();
    two.add_worksheet().set_name("Présences A").unwrap();
    two.add_worksheet().set_name("Présences B").unwrap();
    let mut hidden = Workbook::new();
    hidden.add_worksheet().set_name("Notes").unwrap();
    sound(hidden.add_worksheet().set_hidden(true), "Présences");
    let mut beside = Workbook::new();
    sound(beside.add_worksheet(), "Présences");
    sound(beside.add_worksheet(), "Octobre");
    let mut blank = Workbook::new();
    blank.add_worksheet().set_name("Présences").unwrap();
    sound(blank.add_worksheet(), "Feuil2");
    let mut encrypted = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    encrypted.resize(1024, 0);
    encrypted.extend("EncryptedPackage\0".encode_utf16().flat_map(u16::to_le_bytes));
    encrypted.resize(2048, 0);
    vec![
        pair("workbook.notAWorkbook", b"Nom;Pr\xe9nom\nMaes;Zo\xe9\n".to_vec()),
        pair("workbook.passwordProtected", encrypted),
        pair("workbook.macros", parts(&[("xl/vbaProject.bin", b"")])),
        pair("workbook.unreadable", good[..good.len() / 2].to_vec()),
        pair("workbook.tooLarge", package(&bomb, "<sst/>")),
        changed("workbook.sheetMissing", |sheet| {
            sheet.set_name("Feuil1").unwrap();
        }),
        pair("workbook.sheetAmbiguous", two.save_to_buffer().unwrap()),
        changed("workbook.headerRowMissing", |sheet| {
            sheet.write_row(3, 0, ["Enfant", "Son nom", "Son prénom", "Né le", "N°", "Du", "Au"]).unwrap();
        }),
        changed("workbook.headerMissing", |sheet| {
            sheet.clear_cell(3, 2).clear_cell(4, 2);
        }),
        changed("workbook.headerDuplicate", |sheet| {
            sheet.write(3, 8, 7).unwrap();
        }),
        changed("workbook.versionUnsupported", |sheet| {
            sheet.write(0, 4, "attendance/0").unwrap();
        }),
        changed("workbook.monthMismatch", |sheet| {
            sheet.write(0, 1, "2026-08").unwrap();
        }),
        changed("workbook.crecheMismatch", |sheet| {
            sheet.write(1, 1, "Les Lutins").unwrap();
        }),
        pair("workbook.sheetNotRead", beside.save_to_buffer().unwrap()),
        pair("workbook.tableElsewhere", blank.save_to_buffer().unwrap()),
        pair("workbook.sheetHidden", hidden.save_to_buffer().unwrap()),
        changed("workbook.errorCell", |sheet| {
            sheet.write(4, 8, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        }),
    ]
}

/// Cells that the reader would pass over, or take for something else.
fn cells() -> Vec<Pair> {
    let good = model(|_| {});
    let changed = |rule, change: fn(&mut Worksheet)| statement(rule, XLSX, model(change), good.clone());
    vec![
        changed("workbook.columnNotRead", |sheet| {
            sheet.write(3, 12, "Remarque").unwrap().write(4, 12, "à revoir").unwrap();
        }),
        changed("workbook.dayHeader", |sheet| {
            sheet.write(3, 12, "Lundi").unwrap().write(4, 12, "AJ").unwrap();
        }),
        changed("workbook.mergedCells", |sheet| {
            sheet.merge_range(4, 7, 4, 9, "AJ", &Format::new()).unwrap();
        }),
        changed("workbook.textBecameDate", |sheet| {
            let date = ExcelDateTime::from_ymd(2026, 12, 3).unwrap();
            sheet.write_with_format(4, 0, date, &Format::new().set_num_format("d-m")).unwrap();
        }),
        changed("workbook.dateWithTime", |sheet| {
            let moment = ExcelDateTime::from_ymd(2024, 2, 16).unwrap().and_hms(22, 0, 0).unwrap();
            sheet.write_with_format(4, 3, moment, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        }),
        changed("workbook.absenceKind", |sheet| {
            sheet.write(4, 8, "absent").unwrap();
        }),
        changed("workbook.dayTimes", |sheet| {
            sheet.write(4, 8, "P 07:30-24:00").unwrap();
        }),
        changed("workbook.weekdayDiffers", |sheet| {
            sheet.write(3, 8, "lu 8").unwrap();
        }),
        changed("workbook.yearAlone", |sheet| {
            sheet.write(4, 5, 2025).unwrap();
        }),
        changed("workbook.dateImplausible", |sheet| {
            sheet.write(4, 5, 99_999).unwrap();
        }),
        changed("workbook.totalsRow", |sheet| {
            sheet.write(5, 0, "TOTAL").unwrap().write(5, 7, 1).unwrap();
        }),
    ]
}

fn pairs() -> Vec<Pair> {
    texts().into_iter().chain(closures()).chain(workbooks()).chain(cells()).collect()
}

#[test]
fn no_rule_of_the_catalogue_is_without_a_case() {
    let (cases, pairs) = (cases(), pairs());
    let reported: BTreeSet<_> =
        cases.iter().map(|(_, case)| case.rule.as_str()).chain(pairs.iter().map(|pair| pair.rule)).collect();
    let elsewhere = |code: &str| ELSEWHERE.iter().any(|family| code.starts_with(family)) || IMPORTED.contains(&code);
    let all: BTreeSet<_> = rule_catalogue::all().map(|rule| rule.code).filter(|code| !elsewhere(code)).collect();
    let all: BTreeSet<_> = all.into_iter().filter(|code| !UNREACHED.contains(code)).collect();
    assert_eq!(reported, all);
}

#[tokio::test]
async fn each_rule_is_broken_and_met_over_http() {
    each_app(async |app| {
        for Pair { rule, path, media, failing, passing } in pairs() {
            let tried = |body| app.vendor().call(Method::PUT, format!("{path}?dryRun=true")).body(media, body);
            let broken = tried(failing).await;
            assert_eq!(found(&broken), BTreeSet::from([rule]), "{}", broken.json);
            let severity = rule_catalogue::find(rule).unwrap().severity.name();
            assert_eq!(broken.status, if severity == "error" { 400 } else { 200 }, "{rule}");
            let accepted = tried(passing).await.expect(200);
            assert!(!found(&accepted).contains(rule), "{rule}: {}", accepted.json);
        }
    })
    .await;
}
