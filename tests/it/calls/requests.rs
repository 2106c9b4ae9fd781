//! `GET /requests`: what is logged of a call, who sees it, filters, pages and the feed.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::app::keys::NewKey;
use passerelle::app::retention;
use passerelle::domain::actor::Actor;
use passerelle::domain::key::Scope;
use passerelle::domain::kinds::attendance;
use passerelle::domain::retention::Retention;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, TestApp, each_app, organiser};
use crate::harness::call::{Persona, Reply};
use crate::harness::database::{Database, each_engine};
use crate::harness::statement::Sheet;

pub(super) fn month(creche: &str, month: &str) -> String {
    format!("/creches/{creche}/attendanceStatements/{month}")
}

/// Writes the calls that were made.
pub(super) async fn flush(app: &TestApp) {
    app.app.requests.flush(&app.app.db, &app.app.vault).await.unwrap();
}

/// The address below the root of the API.
pub(super) fn below_root(address: &Value) -> String {
    address.as_str().unwrap().split_once("/creche/v1").unwrap().1.to_owned()
}

/// Method and path of each call that the caller sees.
async fn seen(caller: &Persona<'_>, query: &str) -> Vec<String> {
    calls(&caller.get(format!("/requests{query}")).await.expect(200))
}

fn calls(reply: &Reply) -> Vec<String> {
    let items = reply["items"].as_array().unwrap();
    let text = |item: &Value| format!("{} {}", item["method"].as_str().unwrap(), item["path"].as_str().unwrap());
    items.iter().map(text).collect()
}

#[tokio::test]
async fn a_refused_deposit_is_logged_with_its_verdict_under_its_trace_id() {
    each_app(async |app| {
        let vendor = app.vendor();
        let refused = vendor.put(month(CRECHE, "2026-07"), json!({ "lines": [{}] })).await.expect(400);
        assert_eq!(seen(&vendor, "").await, [""; 0], "it is not written yet");
        flush(app).await;
        let listed = vendor.get("/requests").await.expect(200);
        let call = &listed["items"][0];
        assert_eq!(call["id"], refused.header("belgov-trace-id"));
        let expected = json!({ "number": 1, "at": "2026-10-12T07:00:00Z", "operationId": "putAttendanceStatement",
            "method": "PUT", "path": month(CRECHE, "2026-07"), "status": 400, "contentType": "application/json",
            "problemType": "urn:problem-type:belgif:badRequest", "crecheId": CRECHE, "bodyBytes": 14 });
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(call[member], *value, "{member}");
        }
        let verdict = vendor.get("/verdicts").await.expect(200)["items"][0].clone();
        assert_eq!(call["verdict"], verdict);
        assert_eq!(call["keyId"], verdict["keyId"]);
        let mut one = vendor.get(below_root(&call["href"])).await.expect(200).json;
        let body = one.as_object_mut().unwrap().remove("body");
        assert_eq!((one, body), (call.clone(), Some(json!({ "masked": "{\"lines\":[{}]}", "isCut": false }))));
        let unknown = "/requests/019a5c00-0000-7000-8000-0000000000d2";
        vendor.get(unknown).await.refused(404, "resourceNotFound");
    })
    .await;
}

#[tokio::test]
async fn calls_of_keys_are_logged_and_nothing_else() {
    each_app(async |app| {
        let vendor = app.vendor();
        vendor.get("/caller").await.expect(200);
        vendor.call(Method::PUT, "/caller").await.expect(405);
        app.with_scopes([]).await.get("/events").await.expect(403);
        app.revoked().await.get("/caller").await.expect(401);
        app.anonymous().get("/caller").await.expect(401);
        app.vendor().get("/refData/rules").await.expect(200);
        app.person(ADMINISTRATOR).await.get("/creches").await.expect(200);
        vendor.get("/requests").await.expect(200);
        flush(app).await;
        assert_eq!(seen(&vendor, "?after=0").await, ["GET /caller", "PUT /caller", "GET /events"]);
        let listed = vendor.get("/requests?status=4xx").await.expect(200);
        assert_eq!(calls(&listed), ["GET /events", "PUT /caller"]);
        assert_eq!(listed["items"][1].get("operationId"), None);
        assert_eq!(listed["items"][0]["problemType"], "urn:problem-type:belgif:missingScope");
    })
    .await;
}

#[tokio::test]
async fn nothing_of_an_address_is_stored_that_may_be_personal() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let vendor = app.vendor();
        vendor.get("/staffMembers/85031495246").await.expect(404);
        vendor.get("/staffMembers?crecheId=Claes&name=Claes").await.expect(400);
        vendor.get("/creches/Claes/attendanceStatements/2026-07").await.expect(404);
        flush(&app).await;
        let stored: Vec<(String,)> = database.rows("select path from api_request order by number").await;
        let paths: Vec<_> = stored.iter().map(|(path,)| path.as_str()).collect();
        let expected = [
            "/staffMembers/{staffMemberId}",
            "/staffMembers?crecheId=…&…",
            "/creches/{crecheId}/attendanceStatements/2026-07",
        ];
        assert_eq!(paths, expected);
    })
    .await;
}

#[tokio::test]
async fn a_key_sees_its_own_calls_and_with_the_right_to_events_those_within_reach() {
    each_app(async |app| {
        app.vendor().get("/caller").await.expect(200);
        for creche in [CRECHE, SECOND] {
            app.vendor().get(month(creche, "2026-07")).await.expect(404);
        }
        let reader = app.with_scopes([Scope::StatementsRead(attendance::KIND)]).await;
        reader.get("/creches").await.expect(200);
        app.other_organiser().get("/caller").await.expect(200);
        flush(app).await;
        assert_eq!(seen(&reader, "").await, ["GET /creches"]);
        let [first, second] = [month(CRECHE, "2026-07"), month(SECOND, "2026-07")].map(|path| format!("GET {path}"));
        assert_eq!(seen(&app.limited_to(&[SECOND]).await, "").await, std::slice::from_ref(&second));
        assert_eq!(seen(&app.limited_to(&[]).await, "").await, [""; 0]);
        let all = ["GET /creches", &second, &first, "GET /caller"];
        assert_eq!(seen(&app.with_scopes([Scope::EventsRead]).await, "").await, all);
        assert_eq!(seen(&app.person(ADMINISTRATOR).await, "").await, all);
        assert_eq!(seen(&app.other_organiser(), "").await, ["GET /caller"]);
        app.person(DATA_MANAGER).await.get("/requests").await.refused(403, "missingPermission");
        let listed = app.vendor().get("/requests?pageSize=1&before=2").await.expect(200);
        let one = below_root(&listed["items"][0]["href"]);
        app.vendor().get(&one).await.expect(200);
        app.person(ADMINISTRATOR).await.get(&one).await.expect(200);
        for other in [&reader, &app.limited_to(&[SECOND]).await, &app.other_organiser()] {
            other.get(&one).await.refused(404, "resourceNotFound");
        }
    })
    .await;
}

#[tokio::test]
async fn another_application_sees_nothing() {
    each_app(async |app| {
        app.vendor().get("/caller").await.expect(200);
        flush(app).await;
        let administrator = app.person(ADMINISTRATOR).await;
        let made = administrator
            .post("/applications", json!({ "name": "Agenda", "vendor": "V", "scopes": ["events:read"] }))
            .await
            .expect(201);
        let application = made["id"].as_str().unwrap().parse().unwrap();
        let other = app.issue(NewKey { application, ..app.ours(app.writing()) }).await;
        assert_eq!(seen(&app.bearer(&other), "").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn filters_and_pages_lead_through_all_calls_once() {
    each_app(async |app| {
        let vendor = app.vendor();
        for path in ["/caller", "/creches", "/events", "/events?after=99"] {
            vendor.get(path).await;
        }
        app.travel("2026-10-13T09:00:00+02:00");
        vendor.get("/caller").await.expect(200);
        flush(app).await;
        let all = ["GET /caller", "GET /creches", "GET /events", "GET /events?after=99", "GET /caller"];
        for (start, backwards) in [("/requests?pageSize=2", true), ("/requests?pageSize=2&after=0", false)] {
            let (mut next, mut found) = (Some(start.to_owned()), Vec::new());
            while let Some(path) = next {
                let page = vendor.get(path).await.expect(200);
                found.extend(calls(&page));
                next = page.json.get("next").map(below_root);
            }
            if backwards {
                found.reverse();
            }
            assert_eq!(found, all);
        }
        assert_eq!(seen(&vendor, "?operation=getCaller&until=2026-10-12T23:00:00Z").await, ["GET /caller"]);
        assert_eq!(seen(&vendor, "?from=2026-10-13T00:00:00Z").await, ["GET /caller"]);
        assert_eq!(seen(&vendor, "?status=2xx").await.len(), 4);
        assert_eq!(seen(&vendor, "?status=5xx").await, [""; 0]);
        for wrong in [
            "?status=6xx",
            "?status=404",
            "?before=2&after=1",
            "?wait=31",
            "?pageSize=101",
            "?from=now",
            "?operation=nope",
        ] {
            vendor.get(format!("/requests{wrong}")).await.refused(400, "badRequest");
        }
    })
    .await;
}

#[tokio::test]
async fn the_feed_waits_for_the_next_call() {
    each_app(async |app| {
        let vendor = app.vendor();
        vendor.get("/caller").await.expect(200);
        flush(app).await;
        let up_to = vendor.get("/requests?pageSize=1").await.expect(200)["upTo"].as_u64().unwrap();
        assert_eq!(up_to, 1);
        let nothing = vendor.get("/requests?after=1").await.expect(200);
        assert_eq!((calls(&nothing), nothing["upTo"].as_u64()), (Vec::new(), Some(1)));
        let waiting = async { vendor.get("/requests?after=1&wait=30").await.expect(200) };
        let calling = async {
            vendor.get("/creches").await.expect(200);
            flush(app).await;
        };
        let (found, ()) = tokio::join!(waiting, calling);
        assert_eq!((calls(&found), found["upTo"].as_u64()), (vec!["GET /creches".to_owned()], Some(2)));
        let beyond = vendor.get("/requests?after=3&wait=30").await.refused(409, "afterFeedEnd");
        assert_eq!(beyond["upTo"], 2);
    })
    .await;
}

#[tokio::test]
async fn two_gateways_number_calls_without_holes() {
    each_engine(async |database| {
        let (app, other) = (TestApp::start(database).await, TestApp::start(database).await);
        for turn in 0..3 {
            for gateway in [&app, &other] {
                gateway.bearer(app.vendor_key()).get("/caller").await.expect(200);
            }
            if turn == 1 {
                let (one, two) = tokio::join!(
                    app.app.requests.flush(&app.app.db, &app.app.vault),
                    other.app.requests.flush(&other.app.db, &other.app.vault)
                );
                assert!(one.is_ok() && two.is_ok());
            }
        }
        flush(&app).await;
        flush(&other).await;
        let listed = app.vendor().get("/requests?after=0").await.expect(200);
        let numbers: Vec<_> = listed["items"].as_array().unwrap().iter().map(|call| call["number"].clone()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
        let ids: BTreeSet<_> = listed["items"].as_array().unwrap().iter().map(|call| call["id"].to_string()).collect();
        assert_eq!(ids.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn calls_that_could_not_be_written_are_written_the_next_time() {
    each_engine(async |database: &Database| {
        let app = TestApp::start(database).await;
        app.vendor().get("/caller").await.expect(200);
        let closed = passerelle::store::Db::connect(&database.url).await.unwrap();
        closed.close().await;
        assert!(app.app.requests.flush(&closed, &app.app.vault).await.is_err());
        app.vendor().get("/creches").await.expect(200);
        flush(&app).await;
        flush(&app).await;
        assert_eq!(seen(&app.vendor(), "?after=0").await, ["GET /caller", "GET /creches"]);
        assert_eq!(app.app.requests.take_left_out(), 0);
    })
    .await;
}

#[tokio::test]
async fn calls_are_removed_after_thirty_days_without_an_entry_in_the_history() {
    each_app(async |app| {
        app.vendor().get("/caller").await.expect(200);
        flush(app).await;
        let removed = async |dry_run| {
            let retention = Retention { statement_years: 10, staff_years: 5, technical_months: 13 };
            let actor = Actor::operator("tests");
            let report = retention::apply(app.app.acting_as(&actor), retention, dry_run).await.unwrap();
            report.organisers.iter().find(|(id, _)| *id == organiser()).map_or(0, |(_, removed)| removed.requests)
        };
        app.travel("2026-11-11T23:59:59+01:00");
        assert_eq!(removed(false).await, 0);
        app.vendor().get("/creches").await.expect(200);
        flush(app).await;
        app.travel("2026-11-12T00:00:00+01:00");
        let before = app.person(ADMINISTRATOR).await.get("/auditEntries?pageSize=1").await.expect(200);
        assert_eq!(removed(true).await, 1);
        assert_eq!(removed(false).await, 1);
        assert_eq!(seen(&app.vendor(), "").await, ["GET /creches"]);
        assert_eq!(app.vendor().get("/requests").await.expect(200)["upTo"], 2, "numbers go on");
        let after = app.person(ADMINISTRATOR).await.get("/auditEntries?pageSize=2").await.expect(200);
        assert!(after["items"].as_array().unwrap().iter().all(|entry| entry["action"] != "retention.applied"));
        assert_eq!(before["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

/// A month with a child whose names, number and reference are marks.
pub(super) fn marked() -> Value {
    let mut statement = Value::from(Sheet::of("2026-07").child(1, "1:P"));
    let line = statement["lines"][0].as_object_mut().unwrap();
    line.insert("familyName".to_owned(), "Vanderquixote".into());
    line.insert("reference".to_owned(), "K-quixote".into());
    line.insert("birthDate".to_owned(), "2025-02-03".into());
    statement
}

#[tokio::test]
async fn a_sandbox_keeps_bodies_masked_and_sealed_for_the_key_that_sent_them() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let vendor = app.vendor();
        for query in ["?dryRun=true", ""] {
            let sent = vendor.put(month(CRECHE, "2026-07") + query, marked()).await;
            assert!(sent.status < 300, "{}", sent.json);
        }
        vendor.get("/caller").await.expect(200);
        flush(&app).await;
        let listed = vendor.get("/requests?after=0").await.expect(200);
        let mut bodies = Vec::new();
        for call in listed["items"].as_array().unwrap() {
            assert_eq!(call.get("body"), None, "of a call that is read alone");
            let one = below_root(&call["href"]);
            let read = vendor.get(&one).await.expect(200);
            bodies.push(read.json.get("body").cloned());
            assert_eq!(app.with_scopes([Scope::EventsRead]).await.get(&one).await.expect(200).json.get("body"), None);
            let person = app.person(ADMINISTRATOR).await.get(&one).await.expect(200);
            assert_eq!(person.json.get("body"), read.json.get("body"));
        }
        assert_eq!(bodies[2], None, "it had none");
        assert_eq!(bodies[0], bodies[1], "the same text has the same pseudonym");
        let body = bodies.swap_remove(0).unwrap();
        assert_eq!(body["isCut"], false);
        let masked: Value = serde_json::from_str(body["masked"].as_str().unwrap()).unwrap();
        assert_eq!(masked["lines"][0]["days"], marked()["lines"][0]["days"]);
        let text = masked.to_string();
        for mark in ["quixote", "2025-02-03"] {
            assert!(!text.contains(mark), "{text}");
        }
        assert!(masked["lines"][0]["familyName"].as_str().unwrap().starts_with('~'));
        let stored: Vec<(Vec<u8>,)> =
            database.rows("select body from api_request where body is not null order by number").await;
        assert_eq!(stored.len(), 2);
        for (sealed,) in stored {
            assert!(!String::from_utf8_lossy(&sealed).contains("familyName"), "it is sealed");
        }
    })
    .await;
}

#[tokio::test]
async fn production_keeps_no_body() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        app.vendor().put(month(CRECHE, "2026-07"), marked()).await.expect(201);
        flush(&app).await;
        let listed = app.vendor().get("/requests").await.expect(200);
        let one = app.vendor().get(below_root(&listed["items"][0]["href"])).await.expect(200);
        assert_eq!((one["operationId"].as_str(), one.json.get("body")), (Some("putAttendanceStatement"), None));
        assert_eq!(database.number("select count(*) from api_request where body is not null").await, 0);
    })
    .await;
}

#[tokio::test]
async fn other_organisers_have_other_pseudonyms() {
    each_app(async |app| {
        let query = json!({ "ssin": "85031495246" });
        let mut bodies = Vec::new();
        for caller in [app.vendor(), app.other_organiser()] {
            caller.post("/staffMembers/query", query.clone()).await;
            flush(app).await;
            let listed = caller.get("/requests").await.expect(200);
            bodies
                .push(caller.get(below_root(&listed["items"][0]["href"])).await.expect(200)["body"]["masked"].clone());
        }
        assert!(bodies.iter().all(|body| body.as_str().unwrap().starts_with("{\"ssin\":\"~")), "{bodies:?}");
        assert_ne!(bodies[0], bodies[1]);
    })
    .await;
}
