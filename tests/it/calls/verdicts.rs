//! `GET /verdicts`: whose verdicts a caller sees, filters and pages.

use std::collections::BTreeMap;

use passerelle::app::keys::NewKey;
use passerelle::domain::key::Scope;
use passerelle::domain::kinds::{attendance, medical};
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, TestApp, creche, each_app};
use crate::harness::call::Persona;
use crate::harness::statement::Sheet;

fn month(creche: &str, month: &str) -> String {
    format!("/creches/{creche}/attendanceStatements/{month}")
}

/// An accepted month of each crèche and a refused one of the first.
async fn deposit(app: &TestApp) {
    let vendor = app.vendor();
    vendor.put(month(CRECHE, "2026-07"), Sheet::of("2026-07")).await.expect(201);
    app.travel("2026-10-12T09:00:01+02:00");
    vendor.put(month(CRECHE, "2026-08"), json!({ "lines": [{}, {}] })).await.expect(400);
    app.travel("2026-10-12T09:00:02+02:00");
    vendor.put(month(SECOND, "2026-07"), Sheet::of("2026-07")).await.expect(201);
}

/// The crèche and month of each verdict that the caller sees, the latest first.
async fn seen(caller: &Persona<'_>, query: &str) -> Vec<(String, String)> {
    let listed = caller.get(format!("/verdicts{query}")).await.expect(200);
    let text = |verdict: &Value, member: &str| verdict[member].as_str().unwrap_or_default().to_owned();
    let items = listed["items"].as_array().unwrap();
    items.iter().map(|verdict| (text(verdict, "crecheId"), text(verdict, "period"))).collect()
}

fn places(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(creche, period)| ((*creche).to_owned(), (*period).to_owned())).collect()
}

const BY_VENDOR: [(&str, &str); 3] = [(SECOND, "2026-07"), (CRECHE, "2026-08"), (CRECHE, "2026-07")];

#[tokio::test]
async fn a_verdict_has_counts_by_rule_and_nothing_of_the_document() {
    each_app(async |app| {
        deposit(app).await;
        let listed = app.vendor().get("/verdicts?outcome=refused").await.expect(200);
        let refused = &listed["items"][0];
        assert_eq!(refused["kind"], "attendance");
        assert_eq!(refused["channel"], "json");
        let findings = refused["findings"].as_array().unwrap();
        let counts =
            findings.iter().map(|finding| (finding["code"].as_str().unwrap(), finding["count"].as_u64().unwrap()));
        let counts: BTreeMap<_, _> = counts.collect();
        assert_eq!(counts, BTreeMap::from([("attendance.ssinMissing", 2), ("input.required", 10)]));
        assert_eq!((&refused["errorCount"], &refused["warningCount"]), (&json!(10), &json!(2)));
        assert_eq!(refused.get("revision"), None);
        let one = format!("/verdicts/{}", refused["id"].as_str().unwrap());
        assert_eq!(app.vendor().get(one).await.expect(200).json, *refused);
        let accepted = app.vendor().get("/verdicts?outcome=accepted&pageSize=1").await.expect(200);
        assert_eq!(accepted["items"][0]["revision"], 1);
    })
    .await;
}

#[tokio::test]
async fn filters_and_pages_lead_through_all_verdicts_once() {
    each_app(async |app| {
        let vendor = app.vendor();
        deposit(app).await;
        app.travel("2026-10-13T09:00:00+02:00");
        vendor.put(format!("{}?dryRun=true", month(CRECHE, "2026-09")), Sheet::of("2026-09")).await.expect(200);
        let (mut next, mut all) = (Some("/verdicts?pageSize=1&kind=attendance".to_owned()), Vec::new());
        while let Some(path) = next {
            let page = vendor.get(&path).await.expect(200);
            all.extend(
                page["items"].as_array().unwrap().iter().map(|verdict| verdict["period"].as_str().unwrap().to_owned()),
            );
            let address = page["next"].as_str().map(|next| next.split_once("/creche/v1").unwrap().1.to_owned());
            next = address;
        }
        assert_eq!(all, ["2026-09", "2026-07", "2026-08", "2026-07"]);
        let at = async |query: &str| seen(&vendor, query).await;
        assert_eq!(at("?outcome=dryRun").await, places(&[(CRECHE, "2026-09")]));
        assert_eq!(at(&format!("?creche={SECOND}")).await, places(&[(SECOND, "2026-07")]));
        assert_eq!(at("?period=2026-08").await, places(&[(CRECHE, "2026-08")]));
        assert_eq!(at("?from=2026-10-13T00:00:00Z").await, places(&[(CRECHE, "2026-09")]));
        assert_eq!(at("?until=2026-10-13T00:00:00Z").await, places(&BY_VENDOR));
        assert_eq!(at("?kind=staff").await, places(&[]));
        for wrong in ["?kind=cats", "?outcome=good", "?before=1", "?from=yesterday", "?pageSize=0", "?colour=red"] {
            vendor.get(format!("/verdicts{wrong}")).await.refused(400, "badRequest");
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_sees_its_own_verdicts_and_with_the_right_to_events_those_within_reach() {
    each_app(async |app| {
        deposit(app).await;
        let new = NewKey {
            scopes: [Scope::StatementsWrite(attendance::KIND)].into_iter().collect(),
            creches: Some(vec![creche(CRECHE)]),
            ..app.ours(app.writing())
        };
        let writer = app.issue(new).await;
        let writer = app.bearer(&writer);
        assert_eq!(seen(&writer, "").await, places(&[]), "what other keys deposited");
        writer.put(month(CRECHE, "2026-09"), Sheet::of("2026-09")).await.expect(201);
        assert_eq!(seen(&writer, "").await, places(&[(CRECHE, "2026-09")]));
        let second = app.limited_to(&[SECOND]).await;
        assert_eq!(seen(&second, "").await, places(&[(SECOND, "2026-07")]));
        assert_eq!(seen(&app.limited_to(&[]).await, "").await, places(&[]));
        let follower = app.with_scopes([Scope::EventsRead]).await;
        assert_eq!(seen(&follower, "").await.len(), 4);
        let medical = app.with_scopes([Scope::StatementsWrite(medical::KIND)]).await;
        assert_eq!(seen(&medical, "").await, places(&[]));
        let listed = follower.get(format!("/verdicts?creche={CRECHE}")).await.expect(200);
        let one = format!("/verdicts/{}", listed["items"][0]["id"].as_str().unwrap());
        follower.get(&one).await.expect(200);
        for other in [&second, &medical, &app.other_organiser()] {
            other.get(&one).await.refused(404, "resourceNotFound");
        }
    })
    .await;
}

#[tokio::test]
async fn verdicts_stay_within_organiser_and_application() {
    each_app(async |app| {
        deposit(app).await;
        assert_eq!(seen(&app.other_organiser(), "").await, places(&[]));
        let administrator = app.person(ADMINISTRATOR).await;
        let made = administrator
            .post(
                "/applications",
                json!({ "name": "Agenda", "vendor": "V", "scopes": ["attendance:write", "events:read"] }),
            )
            .await
            .expect(201);
        let application = made["id"].as_str().unwrap();
        let key = app.issue(NewKey { application: application.parse().unwrap(), ..app.ours(app.writing()) }).await;
        let other = app.bearer(&key);
        assert_eq!(seen(&other, "").await, places(&[]));
        other.put(month(SECOND, "2026-09"), Sheet::of("2026-09")).await.expect(201);
        assert_eq!(seen(&other, "").await, places(&[(SECOND, "2026-09")]));
        assert_eq!(seen(&app.vendor(), "").await, places(&BY_VENDOR));
        assert_eq!(seen(&app.vendor(), &format!("?application={application}")).await, places(&[]));
        assert_eq!(seen(&administrator, "").await.len(), 4);
        let of_other = seen(&administrator, &format!("?application={application}")).await;
        assert_eq!(of_other, places(&[(SECOND, "2026-09")]));
        app.person(DATA_MANAGER).await.get("/verdicts").await.refused(403, "missingPermission");
    })
    .await;
}

#[tokio::test]
async fn the_register_of_other_keys_is_for_keys_without_limit() {
    async fn staff(caller: &Persona<'_>) -> usize {
        seen(caller, "?kind=staff").await.len()
    }
    async fn each(app: &TestApp) {
        app.vendor().put("/staffRegister", json!({ "members": [{}] })).if_match("*").await.expect(400);
        assert_eq!(staff(&app.vendor()).await, 1);
        assert_eq!(staff(&app.with_scopes([Scope::EventsRead]).await).await, 1);
        assert_eq!(staff(&app.limited_to(&[CRECHE]).await).await, 0);
    }
    each_app(each).await;
}
