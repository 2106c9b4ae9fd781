//! A draft is deposited like a statement.

use passerelle::domain::deposit::DepositOutcome;
use serde_json::{Value, json};

use super::{at, codes, third};
use crate::harness::app::{CRECHE, SECOND, TestApp, UNSUBSIDISED, each_app};

/// What of a report is sent back to change it.
fn document(report: &Value) -> Value {
    let members = ["staff", "openingHours", "childrenOn15January", "costs"];
    members
        .into_iter()
        .filter(|name| !report[name].is_null())
        .map(|name| (name.to_owned(), report[name].clone()))
        .collect()
}

#[tokio::test]
async fn a_draft_is_stored_read_edited_and_sent_back() {
    each_app(async |app| {
        let vendor = app.vendor();
        vendor.get(at("2026Q3")).await.expect(404);
        let first = vendor.put(at("2026Q3"), third()).await.expect(201);
        let figures = json!({
            "subsidisedPersons": 1, "grossSalaryCents": 936_000, "clerkIndemnityCents": 3_720, "premisesIndemnityCents": 0,
            "suppliesCents": 0, "socialStaffTravelCents": 0, "educationalSessionsCents": 0, "parentActivitiesCents": 0,
            "doctorTrainingsCents": 0, "costsCents": 3_720
        });
        assert_eq!((&first["revision"], &first["figures"], &first["written"]), (&json!(1), &figures, &json!(true)));
        let read = vendor.get(at("2026Q3")).await.expect(200);
        assert_eq!(document(&read.json), third());
        let same = vendor.put(at("2026Q3"), document(&read.json)).await.expect(200);
        assert_eq!((&same["revision"], &same["unchanged"]), (&json!(1), &json!(true)));
        let mut edited = document(&read.json);
        edited["openingHours"]["until"] = "18:30".into();
        vendor.put(at("2026Q3"), edited.clone()).await.expect(428);
        vendor.put(at("2026Q3"), edited.clone()).if_match("\"7\"").await.expect(412);
        assert_eq!(vendor.put(at("2026Q3"), edited.clone()).if_match("\"1\"").await.expect(200)["revision"], 2);
        assert_eq!(document(&vendor.get(format!("{}/revisions/1", at("2026Q3"))).await.expect(200).json), third());
        let revisions = vendor.get(format!("{}/revisions", at("2026Q3"))).await.expect(200);
        let numbers: Vec<_> = revisions["items"].as_array().unwrap().iter().map(|one| &one["revision"]).collect();
        assert_eq!(numbers, [2, 1]);
        let listed = vendor.get(format!("/creches/{CRECHE}/activityReports")).await.expect(200);
        assert_eq!((&listed["items"][0]["quarter"], &listed["items"][0]["revision"]), (&json!("2026Q3"), &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn the_order_of_persons_salaries_and_expenses_is_no_change() {
    each_app(async |app| {
        let (first, second) = (
            json!({ "date": "2026-07-01", "description": "A", "amountCents": 1 }),
            json!({ "date": "2026-08-01", "description": "B", "amountCents": 2 }),
        );
        let mut report = third();
        report["costs"]["supplies"] = json!([first, second]);
        app.vendor().put(at("2026Q3"), report.clone()).await.expect(201);
        report["costs"]["supplies"] = json!([second, first]);
        report["staff"][0]["grossSalaries"].as_array_mut().unwrap().reverse();
        assert_eq!(app.vendor().put(at("2026Q3"), report).await.expect(200)["unchanged"], true);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_and_a_trial_key_write_nothing() {
    each_app(async |app| {
        let tried = app.vendor().put(format!("{}?dryRun=true", at("2026Q3")), third()).await.expect(200);
        assert_eq!((&tried["written"], &tried["figures"]["grossSalaryCents"]), (&json!(false), &json!(936_000)));
        app.vendor().get(at("2026Q3")).await.expect(404);
        assert!(app.events().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_refusal_has_all_findings_and_leaves_a_verdict_and_an_event() {
    each_app(async |app| {
        let mut wrong = third();
        wrong["staff"][0]["reference"] = "E-404".into();
        wrong["openingHours"]["until"] = "06:00".into();
        wrong["costs"]["socialStaffTravelCents"] = json!(45.5);
        wrong["childrenOn15January"] = json!(12);
        let refused = app.vendor().put(at("2026Q3"), wrong).await.expect(400);
        let expected =
            ["input.malformed", "report.childrenOutsideFirstQuarter", "report.hoursReversed", "report.personUnknown"];
        assert_eq!(codes(&refused["issues"]), expected);
        let outcomes: Vec<_> = app.verdicts().await.iter().map(|one| (one.outcome, one.errors)).collect();
        assert_eq!(outcomes, [(DepositOutcome::Refused, 4)]);
        let events: Vec<_> = app.events().await.iter().map(|(_, event)| event.kind.code()).collect();
        assert_eq!(events, ["activityReport.rejected"]);
    })
    .await;
}

#[tokio::test]
async fn events_and_verdicts_name_the_quarter() {
    each_app(async |app| {
        app.vendor().put(at("2026Q3"), third()).await.expect(201);
        app.vendor().put(at("2026Q3"), json!({})).if_match("*").await.expect(200);
        let feed = app.vendor().get("/events?after=0").await.expect(200);
        let told: Vec<_> = feed["items"].as_array().unwrap().iter().map(|one| (&one["type"], &one["data"])).collect();
        let [(saved, data), (replaced, _)] = told[..] else { panic!("{told:?}") };
        assert_eq!((saved, replaced), (&json!("activityReport.saved"), &json!("activityReport.replaced")));
        assert_eq!(data["period"], "2026Q3");
        assert!(data["href"].as_str().unwrap().ends_with(&at("2026Q3")));
        assert!(app.verdicts().await.iter().all(|one| one.subject.place().unwrap().1.to_string() == "2026Q3"));
    })
    .await;
}

#[tokio::test]
async fn only_subsidised_creches_within_reach_have_reports() {
    each_app(async |app| {
        let of = |creche: &str| format!("/creches/{creche}/activityReports/2026Q3");
        let refused = app.vendor().put(of(UNSUBSIDISED), json!({})).await.expect(400);
        assert_eq!(codes(&refused["issues"]), ["report.notSubsidised"]);
        let limited = app.limited_to(&[SECOND]).await;
        limited.put(of(CRECHE), json!({})).await.expect(403);
        limited.put(of(SECOND), json!({})).await.expect(201);
        app.other_organiser().get(of(CRECHE)).await.expect(404);
        app.vendor().put(of(CRECHE).replace("Q3", "Q5"), json!({})).await.expect(400);
    })
    .await;
}

/// Deposits a report for `E-1`, who works in two crèches.
async fn claim_for_both(app: &TestApp, creche: &str) -> Value {
    let report = json!({ "staff": [{ "reference": "E-1", "subsidised": true }] });
    app.vendor().put(format!("/creches/{creche}/activityReports/2026Q3"), report).await.expect(201).json
}

#[tokio::test]
async fn a_person_who_is_claimed_for_in_two_creches_is_a_warning() {
    each_app(async |app| {
        assert_eq!(claim_for_both(app, CRECHE).await["hasWarnings"], false);
        assert_eq!(codes(&claim_for_both(app, SECOND).await["warnings"]), ["report.claimedElsewhere"]);
        // The first report has the warning as well when it is read now.
        let read = app.vendor().get(at("2026Q3")).await.expect(200);
        assert_eq!(codes(&read["warnings"]), ["report.claimedElsewhere"]);
    })
    .await;
}

#[tokio::test]
async fn a_limited_key_reads_and_sends_back_a_draft_with_a_person_out_of_its_reach() {
    each_app(async |app| {
        let path = format!("/creches/{SECOND}/activityReports/2026Q3");
        // E-2 works in the first crèche alone.
        let draft = json!({ "staff": [{ "reference": "E-2", "subsidised": false }] });
        app.vendor().put(&path, draft.clone()).await.expect(201);
        let limited = app.limited_to(&[SECOND]).await;
        let read = limited.get(&path).await.expect(200);
        assert_eq!(document(&read.json), draft);
        assert_eq!(limited.put(&path, document(&read.json)).await.expect(200)["unchanged"], true);
        // In a draft that does not name the person, the reference is unknown to it.
        limited.put(&path, json!({})).if_match("*").await.expect(200);
        assert_eq!(
            codes(&limited.put(&path, draft).if_match("*").await.expect(400)["issues"]),
            ["report.personUnknown"]
        );
        // And it is not told what crèches out of its reach claim.
        claim_for_both(app, CRECHE).await;
        let claim = json!({ "staff": [{ "reference": "E-1", "subsidised": true }] });
        assert_eq!(codes(&limited.put(&path, claim).if_match("*").await.expect(200)["warnings"]), [""; 0]);
    })
    .await;
}
