//! What a report lacks.

use serde_json::{Value, json};

use super::{at, codes, third};
use crate::harness::app::{CRECHE, TestApp, each_app};
use crate::harness::statement::Sheet;

async fn completeness(app: &TestApp, quarter: &str) -> Value {
    app.vendor().get(format!("{}/completeness", at(quarter))).await.expect(200).json
}

/// A step's state, and the codes of its findings.
fn step<'a>(found: &'a Value, name: &str) -> (&'a str, Vec<&'a str>) {
    let step = found["steps"].as_array().unwrap().iter().find(|step| step["step"] == name).unwrap();
    (step["state"].as_str().unwrap(), codes(&step["findings"]))
}

/// Deposits the months of the third quarter.
async fn deposit_months(app: &TestApp, kind: &str, months: &[&str]) {
    for month in months {
        let body = if kind == "attendance" { Value::from(Sheet::of(month)) } else { json!({ "lines": [] }) };
        app.vendor().put(format!("/creches/{CRECHE}/{kind}Statements/{month}"), body).await.expect(201);
    }
}

#[tokio::test]
async fn a_quarter_becomes_complete_step_by_step() {
    each_app(async |app| {
        let found = completeness(app, "2026Q3").await;
        assert_eq!((&found["complete"], &found["revision"]), (&json!(false), &Value::Null));
        assert_eq!(found["deadline"], "2026-12-31");
        assert_eq!(step(&found, "quarter"), ("incomplete", vec!["report.draftMissing"]));
        assert_eq!((step(&found, "attendance").0, step(&found, "information").0), ("incomplete", "incomplete"));
        app.vendor().put(at("2026Q3"), json!({})).await.expect(201);
        let found = completeness(app, "2026Q3").await;
        assert_eq!(step(&found, "quarter"), ("complete", vec![]));
        assert_eq!(step(&found, "staff"), ("toCheck", vec!["report.nobodyClaimed"]));
        assert_eq!(step(&found, "information"), ("incomplete", vec!["report.hoursMissing"]));
        app.vendor().put(at("2026Q3"), third()).if_match("*").await.expect(200);
        deposit_months(app, "attendance", &["2026-07", "2026-08"]).await;
        let found = completeness(app, "2026Q3").await;
        assert_eq!(step(&found, "information"), ("complete", vec![]));
        assert_eq!(step(&found, "attendance"), ("incomplete", vec!["report.attendanceMissing"]));
        assert_eq!(found["complete"], false);
        deposit_months(app, "attendance", &["2026-09"]).await;
        let found = completeness(app, "2026Q3").await;
        // Consultations are not refunded where they were not deposited: a warning, no error.
        assert_eq!(step(&found, "medical"), ("toCheck", vec!["report.medicalMissing"; 3]));
        assert_eq!(found["complete"], true);
        deposit_months(app, "medical", &["2026-07", "2026-08", "2026-09"]).await;
        assert_eq!(step(&completeness(app, "2026Q3").await, "medical"), ("complete", vec![]));
    })
    .await;
}

/// A draft stores what is there, and says what lacks.
#[tokio::test]
async fn entries_that_were_begun_are_stored_and_named() {
    each_app(async |app| {
        let mut begun = third();
        begun["openingHours"] = json!({ "from": "07:00" });
        begun["costs"] =
            json!({ "clerkIndemnity": { "unitCents": 1_240 }, "supplies": [{}, { "date": "2026-09-01" }] });
        app.vendor().put(at("2026Q3"), begun.clone()).await.expect(201);
        let stored = app.vendor().get(at("2026Q3")).await.expect(200);
        assert_eq!((&stored["openingHours"], &stored["costs"]), (&begun["openingHours"], &begun["costs"]));
        let found = completeness(app, "2026Q3").await;
        assert_eq!(step(&found, "information"), ("incomplete", vec!["report.fieldMissing"]));
        assert_eq!(step(&found, "costs"), ("incomplete", vec!["report.fieldMissing"; 4]));
        assert_eq!(found["complete"], false);
    })
    .await;
}

#[tokio::test]
async fn a_quarter_that_runs_is_prepared_but_not_complete() {
    each_app(async |app| {
        let stored =
            app.vendor().put(at("2026Q4"), json!({ "openingHours": { "from": "07:00", "until": "18:00" } })).await;
        assert_eq!(codes(&stored.expect(201)["warnings"]), ["report.quarterNotEnded"]);
        let found = completeness(app, "2026Q4").await;
        assert_eq!(
            (step(&found, "quarter"), &found["complete"]),
            (("toCheck", vec!["report.quarterNotEnded"]), &json!(false))
        );
        let refused = app.vendor().put(at("2027Q1"), json!({})).await.expect(400);
        assert_eq!(codes(&refused["issues"]), ["report.quarterInFuture"]);
    })
    .await;
}

#[tokio::test]
async fn what_changed_in_the_register_since_is_found() {
    each_app(async |app| {
        app.vendor().put(at("2026Q3"), third()).await.expect(201);
        let persons = app.vendor().get("/staffMembers").await.expect(200);
        let person = persons["items"].as_array().unwrap().iter().find(|one| one["reference"] == "E-2").unwrap();
        let (path, mut contract) =
            (format!("/staffMembers/{}", person["id"].as_str().unwrap()), person["contracts"][0].clone());
        contract["endDate"] = "2026-06-30".into();
        app.vendor().patch(&path, json!({ "contracts": [contract] })).if_match("*").await.expect(200);
        let found = completeness(app, "2026Q3").await;
        assert_eq!(step(&found, "staff"), ("incomplete", vec!["report.noContract"]));
        // Another reference of the same person is no change of the report.
        app.vendor().patch(&path, json!({ "reference": "E-2000" })).if_match("*").await.expect(200);
        let read = app.vendor().get(at("2026Q3")).await.expect(200);
        assert_eq!(read["staff"][0]["reference"], "E-2000");
    })
    .await;
}
