//! What the announced rules would have refused of what software deposited.

use passerelle::domain::key::Scope;
use passerelle::domain::kinds::attendance;
use serde_json::{Value, json};

use super::announced_rules::faults;
use super::{at, july};
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, TestApp, each_app};
use crate::harness::call::Persona;

const REPLAY: &str = "/announcedRules/replay";

async fn replayed(caller: &Persona<'_>, query: &str) -> Value {
    caller.get(format!("{REPLAY}{query}")).await.expect(200).json
}

fn counts(report: &Value) -> (u64, u64) {
    (report["revisionCount"].as_u64().unwrap(), report["refusedCount"].as_u64().unwrap())
}

/// A month with faults, one without, the first one repaired, and one of the second crèche.
async fn deposit(app: &TestApp) {
    let vendor = app.vendor();
    vendor.put(at("2026-07"), faults("2026-07")).await.expect(201);
    vendor.put(at("2026-08"), crate::harness::statement::Sheet::of("2026-08").child(1, "3:P")).await.expect(201);
    vendor.put(at("2026-07"), july()).if_match("\"1\"").await.expect(200);
    let elsewhere = format!("/creches/{SECOND}/attendanceStatements/2026-07");
    vendor.put(elsewhere, faults("2026-07")).await.expect(201);
    vendor.put(at("2026-09"), json!({ "lines": [{}] })).await.expect(400);
}

#[tokio::test]
async fn every_revision_is_replayed_and_only_counted() {
    each_app(async |app| {
        deposit(app).await;
        let before = app.audit().await.len();
        let report = replayed(&app.vendor(), "").await;
        assert_eq!(counts(&report), (4, 2));
        let finding = |at: usize| {
            let finding = &report["findings"][at];
            json!([finding["code"], finding["name"], finding["count"], finding["revisionCount"]])
        };
        assert_eq!(finding(0), json!(["attendance.durationDisagrees", "/lines/*/days/*/duration", 2, 2]));
        assert_eq!(finding(1), json!(["attendance.reasonWithoutAbsence", "/lines/*/days/*/reason", 2, 2]));
        assert_eq!(report["findings"].as_array().unwrap().len(), 2);
        let audit = app.audit().await;
        assert_eq!(audit.len(), before + 1, "one entry for all");
        let entry = &audit.last().unwrap().entry;
        assert_eq!((entry.action.as_str(), entry.detail.as_deref()), ("revisions.replayed", Some("4")));
        assert_eq!(app.verdicts().await.len(), 5, "a replay is no deposit");
        for personal in ["Exemple", "K-0001", CRECHE] {
            assert!(!report.to_string().contains(personal), "{personal}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_add_up_to_the_whole() {
    each_app(async |app| {
        deposit(app).await;
        let (mut next, mut sums, mut pages) = (Some("?pageSize=3".to_owned()), (0, 0), 0);
        while let Some(query) = next {
            let report = replayed(&app.vendor(), &query).await;
            let (revisions, refused) = counts(&report);
            (sums, pages) = ((sums.0 + revisions, sums.1 + refused), pages + 1);
            next = report["next"].as_str().map(|next| next.split_once(REPLAY).unwrap().1.to_owned());
        }
        assert_eq!((sums, pages), ((4, 2), 2));
        for query in ["pageSize=0", "pageSize=501", "after=x", "application=x"] {
            app.vendor().get(format!("{REPLAY}?{query}")).await.refused(400, "badRequest");
        }
    })
    .await;
}

#[tokio::test]
async fn the_reach_is_that_of_the_verdicts_and_the_period_ends() {
    each_app(async |app| {
        deposit(app).await;
        let writer = app.with_scopes([Scope::StatementsWrite(attendance::KIND)]).await;
        assert_eq!(counts(&replayed(&writer, "").await), (0, 0), "another key, without events:read");
        assert_eq!(counts(&replayed(&app.limited_to(&[SECOND]).await, "").await), (1, 1));
        assert_eq!(counts(&replayed(&app.other_organiser(), "").await), (0, 0));
        assert_eq!(counts(&replayed(&app.person(ADMINISTRATOR).await, "").await), (4, 2));
        app.person(DATA_MANAGER).await.get(REPLAY).await.refused(403, "missingPermission");
        app.travel("2027-01-09T09:00:00+01:00");
        assert_eq!(counts(&replayed(&app.vendor(), "").await), (4, 2), "89 days later");
        app.travel("2027-01-11T09:00:00+01:00");
        assert_eq!(counts(&replayed(&app.vendor(), "").await), (0, 0), "91 days later");
    })
    .await;
}
