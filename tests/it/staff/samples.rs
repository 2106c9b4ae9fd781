//! The samples of `sandbox/samples`: accepted as they are, and alike in every form.

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, each_app};
use crate::harness::call::{JSON, XLSX};

const XLS: &str = "application/vnd.ms-excel";

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/sandbox/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[tokio::test]
async fn the_sample_register_is_accepted_in_every_form() {
    each_app(async |app| {
        let mut seen: Vec<Value> = Vec::new();
        for (name, media) in [("staff.json", JSON), ("staff.xlsx", XLSX), ("staff.xls", XLS)] {
            let tried = app.vendor().call(Method::PUT, "/staffRegister?dryRun=true").body(media, sample(name));
            let tried = tried.await.expect(200);
            let changes = if seen.is_empty() {
                json!({ "added": ["E-4", "E-5"], "changed": ["E-2"], "ended": [], "leftOut": ["E-3"], "unchanged": 1 })
            } else {
                json!({ "added": [], "changed": [], "ended": [], "leftOut": ["E-3"], "unchanged": 4 })
            };
            assert_eq!(tried["changes"], changes, "{name}: {:#}", tried.json);
            let mut warned = tried.codes("warnings");
            warned.sort_unstable();
            assert_eq!(warned, ["staff.leftOut", "staff.ssinMissing"], "{name}: {:#}", tried.json);
            let put = app.vendor().call(Method::PUT, "/staffRegister").if_match("*").body(media, sample(name));
            put.await.expect(200);
            seen.push(app.vendor().get("/staffRegister").await.expect(200)["members"].clone());
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    })
    .await;
}

#[tokio::test]
async fn the_sample_consultations_are_accepted_in_every_form() {
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/medicalStatements/2026-07");
        let mut turn = 0;
        for (name, media) in [("consultations.json", JSON), ("consultations.xlsx", XLSX), ("consultations.xls", XLS)] {
            turn += 1;
            let put = app.vendor().call(Method::PUT, &path).body(media, sample(name)).await;
            let put = put.expect(if turn == 1 { 201 } else { 200 });
            let totals = &put["totals"];
            assert_eq!(
                (&totals["feeCents"], &totals["minutes"]),
                (&json!(27075), &json!(285)),
                "{name}: {:#}",
                put.json
            );
            assert_eq!((&put["warnings"], &put["revision"]), (&json!([]), &json!(1)), "{name}: {:#}", put.json);
        }
    })
    .await;
}
