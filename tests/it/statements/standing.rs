//! Warnings about something else than the statement: they end, come back and change with what they are about.

use axum::http::Method;
use passerelle::app::Precondition;
use passerelle::app::doctors::decide;
use passerelle::domain::doctor::Decision;
use serde_json::{Value, json};

use super::at;
use crate::doctors::{agree, enter_doctor};
use crate::harness::app::{CRECHE, TestApp, UNSUBSIDISED, each_app};
use crate::harness::call::JSON;
use crate::harness::statement::{Sheet, ssin};

/// The codes of the warnings of a statement, and whether the list, the revisions, the summary of the crèche and that of the
/// organiser indicate any.
async fn warnings(app: &TestApp, kind: &str, month: &str) -> (Vec<String>, [bool; 4]) {
    let (vendor, all) = (app.vendor(), format!("/creches/{CRECHE}/{kind}Statements"));
    let read = vendor.get(format!("{all}/{month}")).await.expect(200);
    let says = |one: &Value| one["hasWarnings"].as_bool().unwrap();
    let list = vendor.get(&all).await.expect(200);
    let listed = list["items"].as_array().unwrap().iter().find(|item| item["month"] == month).unwrap().clone();
    let revisions = vendor.get(format!("{all}/{month}/revisions")).await.expect(200);
    let newest = revisions["items"].as_array().unwrap().last().unwrap().clone();
    let summary = vendor.get(format!("/creches/{CRECHE}/summaries/{month}")).await.expect(200);
    let whole = vendor.get(format!("/summaries/{month}")).await.expect(200);
    let part = |summary: &Value| if kind == "medical" { says(&summary["medical"]) } else { says(summary) };
    let said = [says(&listed), says(&newest), part(&summary.json), part(&whole.json)];
    assert_eq!(says(&read.json), !read["warnings"].as_array().unwrap().is_empty());
    let codes = read.each("warnings", "code");
    (codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect(), said)
}

async fn decided(app: &TestApp, path: &str, decision: Decision) {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    decide(&app.app, "ONE-1207", id, &Precondition::Any, &decision).await.unwrap();
}

#[tokio::test]
async fn a_warning_about_a_doctor_follows_the_decision_of_the_agency() {
    each_app(async |app| {
        let doctor = enter_doctor(app).await;
        let inami = app.vendor().get(&doctor).await.expect(200)["inami"].clone();
        let line =
            json!({ "date": "2026-09-01", "arrival": "09:00", "departure": "10:00", "inami": inami, "feeCents": 1 });
        let path = format!("/creches/{CRECHE}/medicalStatements/2026-09");
        let put = app.vendor().put(&path, json!({ "lines": [line] })).await.expect(201);
        assert_eq!(put.codes("warnings"), ["medical.doctorIncomplete"]);
        let found = async || warnings(app, "medical", "2026-09").await;
        agree(&app.vendor(), &doctor).await.expect(200);
        assert_eq!(found().await, (vec!["medical.doctorAwaitsValidation".to_owned()], [true; 4]));

        decided(app, &doctor, Decision::Validated).await;
        assert_eq!(found().await, (vec![], [false; 4]));
        agree(&app.vendor(), &doctor).await.expect(200);
        assert_eq!(found().await.1, [true; 4]);
        decided(app, &doctor, Decision::Refused("Page 2.".to_owned())).await;
        assert_eq!(found().await, (vec!["medical.doctorRefusedLater".to_owned()], [true; 4]));
        let read = app.vendor().get(&path).await.expect(200);
        assert_eq!(read.each("warnings", "name"), ["/lines/0/inami"]);
    })
    .await;
}

#[tokio::test]
async fn a_warning_about_closures_ends_when_they_are_sent() {
    each_app(async |app| {
        let closed = async |items: Value| {
            let call = app.vendor().call(Method::PUT, format!("/creches/{CRECHE}/closures")).if_match("*");
            call.body(JSON, json!({ "items": items }).to_string()).await.expect(200);
        };
        let august = json!([{ "startDate": "2026-08-01", "endDate": "2026-08-31", "reason": "annualClosure" }]);
        let empty = app.vendor().put(at("2026-08"), json!({ "lines": [] })).await.expect(201);
        assert_eq!(empty.codes("warnings"), ["attendance.emptyStatement"]);
        let found = async || warnings(app, "attendance", "2026-08").await;
        closed(august.clone()).await;
        assert_eq!(found().await, (vec![], [false; 4]));

        let replaced = app.vendor().call(Method::PUT, at("2026-08")).if_match("\"1\"");
        let present = Sheet::of("2026-08").child(1, "3:P 4:P").child(2, "3:P");
        let replaced = replaced.body(JSON, Value::from(&present).to_string()).await.expect(200);
        let on_closure = "attendance.presenceOnClosure".to_owned();
        assert_eq!(replaced.each("warnings", "code").iter().filter(|code| **code == on_closure).count(), 2);
        assert_eq!(found().await.0.iter().filter(|code| **code == on_closure).count(), 2);
        let one = json!([{ "startDate": "2026-08-04", "endDate": "2026-08-04", "reason": "annualClosure" }]);
        closed(one).await;
        assert_eq!(found().await.0.iter().filter(|code| **code == on_closure).count(), 1);
        closed(json!([])).await;
        assert_eq!(found().await.0.iter().filter(|code| **code == on_closure).count(), 0);

        let september = Sheet::of("2026-09").child(1, "2:P").with("ssin", ssin(1));
        app.vendor().put(at("2026-09"), &september).await.expect(201);
        let found = async || warnings(app, "attendance", "2026-09").await;
        assert_eq!(found().await, (vec![], [false; 4]));
        closed(json!([{ "startDate": "2026-09-02", "endDate": "2026-09-02", "reason": "other" }])).await;
        assert_eq!(found().await, (vec![on_closure], [true; 4]));
    })
    .await;
}

#[tokio::test]
async fn a_months_warnings_follow_the_doctors_sheet() {
    each_app(async |app| {
        let doctor = enter_doctor(app).await;
        agree(&app.vendor(), &doctor).await.expect(200);
        decided(app, &doctor, Decision::Validated).await;
        let inami = app.vendor().get(&doctor).await.expect(200)["inami"].clone();
        let line =
            json!({ "date": "2026-09-03", "arrival": "09:00", "departure": "10:00", "inami": inami, "feeCents": 1 });
        let path = format!("/creches/{CRECHE}/medicalStatements/2026-09");
        app.vendor().put(&path, json!({ "lines": [line] })).await.expect(201);
        let found = async || warnings(app, "medical", "2026-09").await;
        assert_eq!(found().await, (vec![], [false; 4]));
        let change = async |change: Value| {
            let call = app.vendor().call(Method::PATCH, &doctor).if_match("*");
            call.body(JSON, change.to_string()).await.expect(200);
        };
        let changed = (vec!["medical.doctorChangedLater".to_owned()], [true; 4]);
        change(json!({ "endDate": "2026-09-02" })).await;
        assert_eq!(found().await, changed);
        change(json!({ "endDate": "2026-09-03" })).await;
        assert_eq!(found().await, (vec![], [false; 4]));
        change(json!({ "crecheIds": [UNSUBSIDISED] })).await;
        assert_eq!(found().await, changed);
        change(json!({ "crecheIds": [CRECHE], "inami": "17385467004" })).await;
        let read = app.vendor().get(&path).await.expect(200);
        assert_eq!(read["lines"][0]["inami"], "17385467004", "the number of today");
    })
    .await;
}
