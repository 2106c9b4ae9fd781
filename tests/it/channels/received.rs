//! Files as other programs write them: read like any other, or refused at the cell in doubt, alike by the API and by
//! `passerelle check`.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::app::check::{CheckedKind, OfflineContext, check};
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::medical;
use passerelle::domain::statement::StatementKind;
use passerelle::ingest::workbook::xls::XlsReader;
use serde_json::Value;

use super::{Doctor, Given};
use crate::harness::app::{TestApp, each_app};
use crate::harness::call::{JSON, Reply, XLS, XLSX};

/// A file of `sandbox/cases` and what is right.
struct Received {
    file: &'static str,
    /// Rule and place of each error.
    errors: &'static [(&'static str, &'static str)],
    /// Rules of the warnings.
    warnings: &'static [&'static str],
    /// Whole and half days of presence, where the file is accepted; hundreds of cents of fees for consultations.
    present: Option<(u64, u64)>,
}

const fn read(file: &'static str, present: (u64, u64), warnings: &'static [&'static str]) -> Received {
    Received { file, errors: &[], warnings, present: Some(present) }
}

const fn refused(file: &'static str, errors: &'static [(&'static str, &'static str)]) -> Received {
    Received { file, errors, warnings: &[], present: None }
}

/// The three children of most files: 9 whole and 2 half days of presence.
const ALL: (u64, u64) = (9, 2);
const NO_NUMBER: &[&str] = &["attendance.ssinMissing"];

const ATTENDANCE: &[Received] = &[
    read("sheetjs/plain.xlsx", (2, 0), NO_NUMBER),
    read("day-headers/premier.xlsx", (8, 0), NO_NUMBER),
    refused("day-headers/blank-header.xlsx", &[("workbook.dayHeader", "Présences!J3")]),
    read("dates-with-a-time/seconds-before-midnight.xlsx", ALL, NO_NUMBER),
    refused(
        "dates-with-a-time/local-midnight-as-utc.xlsx",
        &[("workbook.dayHeader", "Présences!E3"), ("workbook.dateWithTime", "Présences!D4")],
    ),
    refused("merged-day-cells/merged.xlsx", &[("workbook.mergedCells", "Présences!J4")]),
    read("hidden-sheets/hidden.xlsx", ALL, &[]),
    read("hidden-sheets/hidden-prices.xlsx", ALL, &[]),
    refused(
        "text-columns/presences.xlsx",
        &[
            ("workbook.textBecameDate", "Présences!A4"),
            ("workbook.textBecameDate", "Présences!A5"),
            ("workbook.textBecameDate", "Présences!A6"),
        ],
    ),
    read("inline-strings/v-first.xlsx", ALL, &[]),
    refused("same-name-other-form/twins.json", &[("attendance.duplicateChild", "/lines/1/familyName")]),
    refused("same-name-other-form/twins.xlsx", &[("attendance.duplicateChild", "Présences!B5")]),
    read("spaces-and-signs/line-break-in-a-name.xlsx", ALL, &[]),
    read("spaces-and-signs/invisible-signs.xlsx", ALL, &[]),
    read("header-row/presences.xlsx", ALL, &[]),
    read("totals-row/presences.xlsx", ALL, &["workbook.totalsRow"]),
    read("embedded-documents/with-embedded-xlsm.xlsx", ALL, &[]),
    refused("embedded-documents/letter-with-a-chart.docx", &[("workbook.notAWorkbook", "")]),
    read("xls-code-pages/biff8-850.xls", ALL, &[]),
    read("xls-code-pages/biff5-850.xls", ALL, &[]),
    refused("default-password/protected.xlsx", &[("workbook.passwordProtected", "")]),
    refused("stray-cell/far.xls", &[("workbook.tooLarge", "Présences!IV60001")]),
    refused("json-encodings/utf8-bom.json", &[("json.byteOrderMark", "")]),
    refused("json-encodings/utf16le.json", &[("json.notUtf8", "")]),
];

const MEDICAL: &[Received] = &[
    refused("formulas-without-a-result/fees.xlsx", &[("workbook.errorCell", "Consultations!E4")]),
    refused("times-and-amounts/texts.xlsx", &[("input.malformed", "Consultations!B6")]),
];

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(format!("{}/sandbox/cases/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn october(doctors: Vec<Doctor>) -> Given {
    Given {
        month: "2026-10".to_owned(),
        today: "2026-11-10".parse().unwrap(),
        capacity: 100,
        closures: Vec::new(),
        subsidised: true,
        latest: None,
        doctors,
        elsewhere: None,
    }
}

/// Rule and cell, or pointer, of each finding that has an error's or a warning's place in the answer.
fn issues(reply: &Reply, list: &str) -> Vec<(String, String)> {
    let place = |finding: &Value| {
        let cell = finding["cell"].as_str().or_else(|| finding["name"].as_str());
        (finding["code"].as_str().unwrap_or_default().to_owned(), cell.unwrap_or_default().to_owned())
    };
    reply[list].as_array().into_iter().flatten().map(place).collect()
}

async fn deposit(app: &TestApp, kind: &str, received: &Received, given: &Given) {
    let path = given.prepare(app, kind).await;
    let media = match received.file.rsplit('.').next() {
        Some("json") => JSON,
        Some("xls") => XLS,
        _ => XLSX,
    };
    let reply = app.vendor().call(Method::PUT, &path).body(media, bytes(received.file)).await;
    let expected: Vec<_> = received.errors.iter().map(|(code, at)| ((*code).to_owned(), (*at).to_owned())).collect();
    assert_eq!(issues(&reply, "issues"), expected, "{}", received.file);
    if let Some((full, half)) = received.present {
        let reply = reply.expect(201);
        let present = &reply["totals"]["present"];
        assert_eq!((&present["fullDays"], &present["halfDays"]), (&full.into(), &half.into()), "{}", received.file);
        assert_eq!(reply.codes("warnings"), received.warnings, "{}", received.file);
    }
}

/// The off-line findings are the API's, except for the rules that are listed as not checked.
async fn checked_offline(kind: StatementKind, received: &Received) {
    let xls = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    let context = OfflineContext::default();
    let (document, month) = (CheckedKind::Statement(kind), "2026-10".parse().unwrap());
    let checked = check(document, &bytes(received.file), Some(month), &context, None, &xls).await.unwrap();
    let errors = checked.findings.iter().filter(|finding| finding.rule.severity.name() == "error").map(|finding| {
        let place = finding.place();
        (finding.rule.code, place.cell.clone().unwrap_or_else(|| place.pointer.clone()))
    });
    let expected: Vec<_> = received.errors.iter().map(|(code, at)| (*code, (*at).to_owned())).collect();
    assert_eq!(errors.collect::<Vec<_>>(), expected, "{} by check", received.file);
}

#[tokio::test]
async fn months_of_presences_are_read_or_refused_at_the_cell_in_doubt() {
    each_app(async |app| {
        for received in ATTENDANCE {
            deposit(app, "attendance", received, &october(Vec::new())).await;
        }
    })
    .await;
    for received in ATTENDANCE {
        checked_offline(attendance::KIND, received).await;
    }
}

#[tokio::test]
async fn consultations_are_read_or_refused_at_the_cell_in_doubt() {
    let doctor = || Doctor {
        inami: "19006951001".to_owned(),
        state: "validated".to_owned(),
        start_date: "2026-01-01".parse().unwrap(),
        here: true,
    };
    each_app(async |app| {
        for received in MEDICAL {
            deposit(app, "medical", received, &october(vec![doctor()])).await;
        }
    })
    .await;
    for received in MEDICAL {
        checked_offline(medical::KIND, received).await;
    }
}

#[tokio::test]
async fn a_refusal_of_a_register_names_the_field_and_what_it_expects() {
    each_app(async |app| {
        for (file, media) in
            [("register-says-which-field/s.json", JSON), ("register-says-which-field/status.xlsx", XLSX)]
        {
            let reply = app.vendor().call(Method::PUT, "/staffRegister").body(media, bytes(file)).await.expect(400);
            let details: Vec<_> = reply.each("issues", "detail");
            let details: BTreeSet<_> = details.iter().filter_map(|detail| detail.as_str()).collect();
            assert!(details.iter().any(|detail| detail.contains("“Status”")), "{details:?}");
            assert!(!details.iter().any(|detail| detail.contains("Expected: .")), "{details:?}");
        }
    })
    .await;
}
