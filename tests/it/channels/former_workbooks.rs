//! Workbooks of the version before the present one: read with a warning, and refused from the announced day on.

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, TestApp, each_app};
use crate::harness::call::{Reply, XLSX};

/// The rule.
const SUPERSEDED: &str = "workbook.modelSuperseded";
/// A template that the gateway wrote when `medical/1` was the present version, filled in; and a workbook of the same headers that
/// names no version. Each with the cells of the headers that have another name today.
const FORMER: [(&[u8], [&str; 2]); 2] = [
    (include_bytes!("../../../sandbox/samples/medical-1.xlsx"), ["Consultations!E6", "Consultations!F6"]),
    (include_bytes!("../../../sandbox/samples/consultations-1.xlsx"), ["Consultations!E3", "Consultations!F3"]),
];

async fn put(app: &TestApp, workbook: &[u8], query: &str) -> Reply {
    let path = format!("/creches/{CRECHE}/medicalStatements/2026-07{query}");
    app.vendor().call(Method::PUT, path).body(XLSX, workbook.to_vec()).await
}

/// The cells of the finding on the version.
fn cells(finding: &Value) -> Vec<&str> {
    finding["places"].as_array().unwrap().iter().map(|place| place["cell"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_former_workbook_is_read_with_a_warning_until_its_day() {
    each_app(async |app| {
        for (workbook, places) in FORMER {
            app.travel("2027-06-30T23:59:00+02:00");
            let tried = put(app, workbook, "?dryRun=true").await.expect(200);
            assert_eq!(tried["totals"]["feeCents"], 27075);
            let warning = tried["warnings"].as_array().unwrap().iter().find(|warning| warning["code"] == SUPERSEDED);
            let warning = warning.unwrap_or_else(|| panic!("{:#}", tried.json));
            assert_eq!(cells(warning), places);
            assert_eq!(warning["announced"], json!({ "severity": "error", "from": "2027-07-01" }));
            assert!(warning["detail"].as_str().unwrap().contains("Honoraires (€), Déplacement (€)"), "{warning:#}");
            let next = put(app, workbook, "?dryRun=true&rules=next").await.refused(400, "badRequest");
            assert_eq!(next.codes("issues"), [SUPERSEDED]);
            app.travel("2027-07-01T00:00:00+02:00");
            let refused = put(app, workbook, "").await.refused(400, "badRequest");
            assert_eq!(refused.codes("issues"), [SUPERSEDED]);
            assert_eq!(cells(&refused["issues"][0]), places);
        }
    })
    .await;
}

#[tokio::test]
async fn a_present_workbook_has_no_such_finding() {
    each_app(async |app| {
        let present = include_bytes!("../../../sandbox/samples/consultations.xlsx");
        assert_eq!(put(app, present, "").await.expect(201)["warnings"], json!([]));
    })
    .await;
}
