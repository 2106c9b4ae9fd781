//! Sheets with the model's table that are not read: named, and an error where the model's own sheet is empty.

use axum::http::Method;
use passerelle::app::check::{CheckedKind, OfflineContext, check};
use passerelle::domain::kinds::attendance;
use passerelle::ingest::workbook::xls::XlsReader;
use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::json;

use super::HEADERS;
use crate::harness::app::{CRECHE, TestApp, each_app};
use crate::harness::book::register;
use crate::harness::call::XLSX;
use crate::harness::database::Database;
use crate::harness::legacy::legacy;

fn table(sheet: &mut Worksheet, name: &str, children: usize) {
    sheet.set_name(name).unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap().write(0, 7, 1).unwrap();
    for (row, child) in (1..).zip(["Zoé", "Lou"]).take(children) {
        sheet.write_row(row, 0, [child, "Maes", child, "12/03/2024"]).unwrap().write(row, 7, "P").unwrap();
    }
}

/// A workbook of sheets by name and number of children; `None` is a sheet without anything.
fn book(sheets: &[(&str, Option<usize>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, children) in sheets {
        let sheet = workbook.add_worksheet();
        match children {
            Some(children) => table(sheet, name, *children),
            None => drop(sheet.set_name(*name).unwrap()),
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// The findings of one family, each with the sheet that it names.
async fn finding_texts(app: &TestApp, media: &'static str, bytes: Vec<u8>) -> Vec<(String, String)> {
    let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09?dryRun=true");
    let reply = app.vendor().call(Method::PUT, path).body(media, bytes).await;
    let lists = ["issues", "warnings"].map(|list| reply.json[list].as_array().cloned().unwrap_or_default());
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let finding_texts = lists.concat().iter().map(|one| (text(&one["code"]), text(&one["cell"]))).collect::<Vec<_>>();
    finding_texts.into_iter().filter(|(code, _)| code.starts_with("workbook.")).collect()
}

const XLS: &str = "application/vnd.ms-excel";
const NOT_READ: &str = "workbook.sheetNotRead";
const ELSEWHERE: &str = "workbook.tableElsewhere";

#[tokio::test]
async fn a_visible_table_that_is_not_read_is_named() {
    type Sheets = &'static [(&'static str, Option<usize>)];
    let cases: [(Sheets, &[(&str, &str)]); 7] = [
        (&[("Présences", Some(2)), ("Octobre", Some(1))], &[(NOT_READ, "Octobre!A1")]),
        (&[("Présences (2)", Some(1)), ("Présences", Some(1))], &[(NOT_READ, "Présences (2)!A1")]),
        (&[("Présences", Some(1)), ("Copie", Some(0)), ("Notes", None)], &[]),
        (&[("Présences", Some(1)), ("Légende", Some(1)), ("À corriger", Some(1))], &[]),
        (&[("Présences", Some(0)), ("Feuil2", Some(2))], &[(ELSEWHERE, "Feuil2!A1")]),
        (&[("Présences", None), ("Feuil2", Some(2))], &[(ELSEWHERE, "")]),
        (&[("Présences", None), ("Feuil2", None)], &[("workbook.headerRowMissing", "")]),
    ];
    each_app(async |app| {
        for (sheets, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(code, at)| ((*code).to_owned(), (*at).to_owned())).collect();
            assert_eq!(finding_texts(app, XLSX, book(sheets)).await, expected, "{sheets:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_legacy_workbook_has_the_same_findings() {
    let sheets = [("Présences", Some(1)), ("Feuil2", Some(1)), ("Notes", None)];
    let Some(books) = legacy(&[book(&sheets)]) else { return };
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    assert_eq!(finding_texts(&app, XLS, books[0].clone()).await, [(NOT_READ.to_owned(), "Feuil2!A1".to_owned())]);
}

#[tokio::test]
async fn the_check_names_it_too() {
    let xls = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    let (kind, month) = (CheckedKind::Statement(attendance::KIND), "2026-09".parse().unwrap());
    let bytes = book(&[("Présences", Some(1)), ("Feuil2", Some(1))]);
    let checked = check(kind, &bytes, Some(month), &OfflineContext::default(), None, &xls).await.unwrap();
    assert!(checked.findings.iter().any(|finding| finding.rule.code == NOT_READ));
}

#[tokio::test]
async fn no_sheet_of_a_register_is_confused_with_another() {
    let person = json!({ "reference": "R-1", "givenName": "Aline", "familyName": "Claes", "birthDate": "1960-03-14",
        "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2020-01-01",
            "functions": [{ "crecheId": CRECHE, "category": "childcare", "fteHundredths": 80 }] }],
        "trainings": [{ "kind": "diploma", "title": "Puériculture", "date": "2010-06-30" }],
        "documents": [{ "kind": "other", "date": "2024-08-20" }],
        "absences": [{ "kind": "parentalLeave", "startDate": "2026-01-05" }] });
    each_app(async |app| {
        let call = app.vendor().call(Method::PUT, "/staffRegister?dryRun=true");
        let reply = call.body(XLSX, register(&json!({ "members": [person] }))).await.expect(200);
        assert!(!reply.codes("warnings").contains(&NOT_READ), "{}", reply.json);
    })
    .await;
}
