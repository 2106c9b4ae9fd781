//! One cause with hundreds of consequences is one finding with its count, by every way in and of every kind.

use axum::http::Method;
use passerelle::app::check::{CheckedKind, OfflineContext, check};
use passerelle::domain::kinds::attendance;
use passerelle::domain::rule_catalogue;
use passerelle::ingest::workbook::xls::XlsReader;
use serde_json::{Value, json};

use super::workbook;
use crate::harness::app::{CRECHE, each_app};
use crate::harness::book::register;
use crate::harness::call::{JSON, Reply, XLSX};
use crate::harness::statement::Sheet;

const LINES: u32 = 300;

/// A month of many children, changed.
fn month(change: impl Fn(usize, &mut Value)) -> Value {
    let mut statement: Value = Sheet::of("2026-09").children(LINES, "1:P 2:P").into();
    for (at, line) in statement["lines"].as_array_mut().unwrap().iter_mut().enumerate() {
        change(at, line);
    }
    statement
}

/// A name of the case, its statement, the rule, how often it is reported.
fn months() -> Vec<(&'static str, Value, &'static str, u32)> {
    vec![
        (
            "every child without a number",
            month(|_, line| drop(line.as_object_mut().unwrap().remove("ssin"))),
            "attendance.ssinMissing",
            LINES,
        ),
        (
            "another wrong code in the same column of every row",
            month(|at, line| line["days"][0]["status"] = format!("z{at}").into()),
            "attendance.unknownStatus",
            LINES,
        ),
        (
            "another wrong day in the same column of every row",
            month(|at, line| line["startDate"] = format!("31/02/{}", 2000 + at).into()),
            "input.malformed",
            LINES,
        ),
        (
            "a wrong year in every birth date",
            month(|_, line| line["birthDate"] = "2031-03-04".into()),
            "attendance.birthAfterMonth",
            LINES,
        ),
        (
            "the month itself in every birth date",
            month(|_, line| line["birthDate"] = "2026-09-30".into()),
            "attendance.dayBeforeBirth",
            2 * LINES,
        ),
    ]
}

/// How often each finding of a rule counts.
fn counts(reply: &Reply, rule: &str) -> Vec<u64> {
    let lists = ["issues", "warnings"].map(|list| reply.json[list].as_array().cloned().unwrap_or_default());
    let findings = lists.concat();
    let owner = rule_catalogue::find(rule).unwrap().owner.name();
    assert!(findings.iter().filter(|one| one["code"] == rule).all(|one| one["owner"] == owner), "{rule}");
    findings.iter().filter(|one| one["code"] == rule).map(|one| one["count"].as_u64().unwrap_or(1)).collect()
}

#[tokio::test]
async fn a_month_with_one_cause_has_one_finding() {
    let reader = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    each_app(async |app| {
        for (name, statement, rule, count) in months() {
            let book = workbook("attendance", "2026-09", &statement);
            for (media, bytes) in [(JSON, statement.to_string().into_bytes()), (XLSX, book)] {
                let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09?dryRun=true");
                let reply = app.vendor().call(Method::PUT, path).body(media, bytes.clone()).await;
                assert_eq!(counts(&reply, rule), [u64::from(count)], "{name} by {media}: {:#}", reply.json);
                let (document, month) = (CheckedKind::Statement(attendance::KIND), "2026-09".parse().unwrap());
                let checked =
                    check(document, &bytes, Some(month), &OfflineContext::default(), None, &reader).await.unwrap();
                let reported: Vec<_> =
                    checked.findings.iter().filter(|one| one.rule.code == rule).map(|one| one.count).collect();
                assert_eq!(reported, [count as usize], "{name} off-line");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_register_with_one_cause_has_one_finding() {
    let person = |at: u32| {
        let contract = |reference: &str| {
            json!({ "reference": reference, "status": "contractual", "startDate": format!("{}-01-01", 1990 + at % 30),
                "functions": [{ "crecheId": CRECHE, "category": "childcare", "fteHundredths": 100 }] })
        };
        json!({ "reference": format!("R-{at}"), "givenName": "Aline", "familyName": "Claes", "birthDate": "1960-03-14",
            "contracts": [contract("C-1"), contract("C-2")] })
    };
    let document = json!({ "members": (0..100).map(person).collect::<Vec<_>>() });
    each_app(async |app| {
        for (media, bytes) in [(JSON, document.to_string().into_bytes()), (XLSX, register(&document))] {
            let call = app.vendor().call(Method::PUT, "/staffRegister?dryRun=true");
            let reply = call.body(media, bytes).await.expect(200);
            assert_eq!(counts(&reply, "staff.workingTimeHigh"), [100], "{media}: {:#}", reply.json);
            assert_eq!(counts(&reply, "staff.ssinMissing"), [100], "{media}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_month_of_consultations_with_one_cause_has_one_finding() {
    let line = |at: u32| {
        json!({ "inami": "19006951001", "date": format!("2031-01-{:02}", at % 28 + 1), "arrival": "09:00",
            "departure": "10:00", "feeCents": 5700 })
    };
    let statement = json!({ "lines": (0..200).map(line).collect::<Vec<_>>() });
    each_app(async |app| {
        let book = workbook("medical", "2026-09", &statement);
        for (media, bytes) in [(JSON, statement.to_string().into_bytes()), (XLSX, book)] {
            let path = format!("/creches/{CRECHE}/medicalStatements/2026-09?dryRun=true");
            let reply = app.vendor().call(Method::PUT, path).body(media, bytes).await.expect(400);
            assert_eq!(counts(&reply, "medical.dateOutsideMonth"), [200], "{media}: {:#}", reply.json);
        }
    })
    .await;
}
