//! The salaries of a draft as a workbook: given to be filled in, read back, and refused at its cells.

use serde_json::json;

use super::{at, codes, third};
use crate::harness::app::{TestApp, each_app};
use crate::harness::book::{self, SALARY_HEADERS, SalaryRow};
use crate::harness::call::XLSX;

/// The person of the harness, with salaries.
const ALINE: SalaryRow<'_> = ("E-2", "Lambrechts Aline", "oui", ["3120", "3120,00 €", "3.120,00"]);

fn salaries(quarter: &str, rows: &[SalaryRow<'_>]) -> Vec<u8> {
    book::salaries(quarter, &SALARY_HEADERS, rows)
}

fn address(quarter: &str) -> String {
    format!("{}/salaries", at(quarter))
}

#[tokio::test]
async fn the_given_workbook_sent_back_changes_nothing() {
    each_app(async |app| {
        let vendor = app.vendor();
        vendor.put(at("2026Q3"), third()).await.expect(201);
        let given = vendor.get(address("2026Q3")).await.expect(200);
        assert_eq!(given.etag(), "\"1-xlsx\"");
        let read = app.audit().await.pop().unwrap().entry;
        assert_eq!(read.action, "activityReport.read");
        let back = vendor.put_workbook(address("2026Q3"), given.bytes).if_match("\"1\"").await.expect(200);
        assert_eq!((&back["unchanged"], &back["revision"]), (&json!(true), &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn salaries_replace_those_of_the_draft_and_nothing_else() {
    each_app(async |app| {
        let vendor = app.vendor();
        let mut draft = third();
        draft["staff"] = json!([
            { "reference": "E-1", "subsidised": true, "grossSalaries": [{ "month": "2026-07", "grossCents": 400_000 }] },
            { "reference": "E-2", "subsidised": false }
        ]);
        vendor.put(at("2026Q3"), draft.clone()).await.expect(201);
        let sent = salaries("3e trimestre 2026", &[ALINE]);
        vendor.put_workbook(address("2026Q3"), sent.clone()).await.refused(428, "preconditionRequired");
        let stored = vendor.put_workbook(address("2026Q3"), sent).if_match("\"1\"").await.expect(200);
        assert_eq!((&stored["revision"], &stored["figures"]["grossSalaryCents"]), (&json!(2), &json!(1_336_000)));
        let report = vendor.get(at("2026Q3")).await.expect(200);
        assert_eq!((&report["openingHours"], &report["costs"]), (&draft["openingHours"], &draft["costs"]));
        let mut persons = report["staff"].as_array().unwrap().clone();
        persons.sort_by_key(|person| person["reference"].to_string());
        assert_eq!(persons, [draft["staff"][0].clone(), third()["staff"][0].clone()]);
    })
    .await;
}

#[tokio::test]
async fn without_a_draft_one_begins_with_what_stays() {
    each_app(async |app| {
        let vendor = app.vendor();
        vendor.put(at("2026Q2"), json!({ "openingHours": { "from": "06:30", "until": "18:30" } })).await.expect(201);
        let tried = vendor.put_workbook(format!("{}?dryRun=true", address("2026Q3")), salaries("2026Q3", &[ALINE]));
        assert_eq!(tried.await.expect(200)["written"], false);
        vendor.get(at("2026Q3")).await.expect(404);
        let given = vendor.get(address("2026Q3")).await.expect(200);
        assert_eq!(given.etag(), "\"0-xlsx\"");
        let sent = vendor.put_workbook(address("2026Q3"), salaries("T3 2026", &[ALINE]));
        sent.if_match(&given.etag()).await.expect(201);
        let report = vendor.get(at("2026Q3")).await.expect(200);
        assert_eq!(report["openingHours"]["from"], "06:30");
        assert_eq!(report["staff"], third()["staff"]);
    })
    .await;
}

/// The codes of the refusal of a workbook, each with its cell.
async fn refusal(app: &TestApp, workbook: Vec<u8>) -> Vec<String> {
    let refused = app.vendor().put_workbook(address("2026Q3"), workbook).await.expect(400);
    let found = refused["issues"].as_array().unwrap().iter();
    let mut found: Vec<_> = found.map(|one| format!("{} {}", one["code"], one["cell"]).replace('"', "")).collect();
    found.sort_unstable();
    found
}

#[tokio::test]
async fn what_is_wrong_is_found_at_its_cell() {
    each_app(async |app| {
        let (reference, name, yes, amounts) = ALINE;
        for (rows, expected) in [
            (vec![(reference, "Janssens Nadia", yes, amounts)], vec!["workbook.personMismatch Salaires!B4"]),
            (vec![("E-77", name, yes, amounts)], vec!["report.personUnknown Salaires!A4"]),
            (vec![ALINE, ALINE], vec!["report.personTwice Salaires!A5"]),
            (vec![(reference, name, "non", ["3120", "", ""])], vec!["report.salaryNotClaimed Salaires!D4"]),
            (vec![(reference, name, "peut-être", amounts)], vec!["input.malformed Salaires!C4"]),
            (
                vec![(reference, name, yes, ["3120", "-5", "x"])],
                vec!["input.malformed Salaires!E4", "input.malformed Salaires!F4"],
            ),
            (vec![(reference, name, yes, ["3120,455", "", ""])], vec!["input.malformed Salaires!D4"]),
        ] {
            assert_eq!(refusal(app, salaries("2026Q3", &rows)).await, expected);
        }
        assert_eq!(refusal(app, salaries("2026Q2", &[ALINE])).await, ["workbook.quarterMismatch Salaires!B1"]);
        let headers = ["Référence", "Personne", "Subsidié", "Brut juillet", "Brut août", "Brut juin"];
        assert_eq!(
            refusal(app, book::salaries("2026Q3", &headers, &[ALINE])).await,
            ["report.salaryOutsideQuarter Salaires!F4", "workbook.headerMissing Salaires!C3"]
        );
        app.vendor().get(at("2026Q3")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_compared_as_people_write_it() {
    each_app(async |app| {
        for name in ["LAMBRECHTS, Aline", "Aline Lambrechts-Dubois", "a. lambrechts", ""] {
            let (reference, _, yes, amounts) = ALINE;
            let sent = salaries("2026Q3", &[(reference, name, yes, amounts)]);
            let tried = app.vendor().put_workbook(format!("{}?dryRun=true", address("2026Q3")), sent).await;
            assert_eq!(codes(&tried.expect(200)["issues"]), Vec::<&str>::new(), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn no_salary_is_quoted_and_the_marked_workbook_returns() {
    each_app(async |app| {
        let (reference, name, yes, _) = ALINE;
        let sent = salaries("2026Q3", &[(reference, name, yes, ["3177,171", "3177,17", ""])]);
        let refused = app.vendor().put_workbook(address("2026Q3"), sent.clone()).await.expect(400);
        assert!(!refused.json.to_string().contains("3177"), "{}", refused.json);
        let marked = app.vendor().put_workbook(address("2026Q3"), sent).accept(XLSX).await.expect(400);
        assert_eq!(marked.header("passerelle-error-count"), "1");
        assert!(marked.bytes.starts_with(b"PK"));
    })
    .await;
}
