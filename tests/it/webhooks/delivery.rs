//! Deliveries: made once or again, logged, replayed, and given up.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use passerelle::app::webhooks::Dispatcher;
use passerelle::outbound::guard::AddressGuard;
use passerelle::outbound::transport::HttpTransport;
use passerelle::store;
use passerelle::store::limited_delete::EVERY_ROW;
use serde_json::{Value, json};

use super::{deposit, numbers};
use crate::harness::app::{ADMINISTRATOR, BASE, CRECHE, SECOND, TestApp, each_app, organiser};
use crate::harness::database::each_engine;
use crate::harness::document::assert_members;
use crate::harness::receiver::{Receiver, deliver, endpoint, verified};
use crate::harness::statement::Sheet;

/// The log of an endpoint.
async fn log(app: &TestApp, path: &str) -> Value {
    app.vendor().get(format!("{path}/deliveries")).await.expect(200).json["items"].take()
}

/// The delivery of the event with this number.
fn numbered(log: &Value, number: u64) -> &Value {
    log.as_array().unwrap().iter().find(|item| item["number"] == number).unwrap()
}

#[tokio::test]
async fn an_event_is_sent_signed_without_content_and_is_the_same_in_the_feed() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, secret) = verified(&app.vendor(), &mut receiver, json!({})).await;
        deposit(app, 7).await;
        deliver(app).await;
        let arrived = receiver.next().await;
        assert!(arrived.is_signed_with(&secret));
        assert_eq!(arrived.header("content-type"), "application/cloudevents+json; charset=utf-8");
        let event = arrived.event();
        assert_eq!(arrived.header("webhook-id"), event["id"].as_str().unwrap());
        let feed = app.vendor().get("/events").await.expect(200);
        assert_eq!(feed["items"], json!([event]));
        let (_, exact) = std::str::from_utf8(&feed.bytes).unwrap().split_once("\"items\":[").unwrap();
        assert!(exact.as_bytes().starts_with(&arrived.body), "byte for byte");
        let log = log(app, &path).await;
        let told = numbered(&log, 1);
        assert_members(told, &json!({ "state": "delivered", "attemptCount": 1 }), "the delivery");
        let id = event["id"].as_str().unwrap();
        let logged = app.vendor().get(format!("{path}/deliveries/{id}")).await.expect(200);
        logged.has(&json!({ "event": event, "attempts/0/status": 204 }));
        deliver(app).await;
        assert!(receiver.arrived().is_empty(), "once is enough");
    })
    .await;
}

#[tokio::test]
async fn an_endpoint_is_sent_what_it_subscribed_to_within_the_reach_of_its_maker() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let wants = json!({ "eventTypes": ["attendanceStatement.deposited", "application.registered", "application.suspended"], "creches": [CRECHE] });
        verified(&app.vendor(), &mut receiver, wants).await;
        let administrator = app.person(ADMINISTRATOR).await;
        deposit(app, 7).await;
        app.vendor().put(format!("/creches/{SECOND}/attendanceStatements/2026-07"), Sheet::of("2026-07")).await.expect(201);
        app.vendor().put(format!("/creches/{CRECHE}/attendanceStatements/2026-08"), json!({ "lines": [{}] })).await.expect(400);
        administrator.post("/applications", json!({ "name": "A", "vendor": "V", "scopes": ["events:read"] })).await.expect(201);
        deliver(app).await;
        let told: Vec<_> = receiver.arrived().into_iter().map(|arrival| arrival.event()["type"].clone()).collect();
        assert_eq!(told, ["attendanceStatement.deposited"]);
        let application = "/applications/019a5c00-0000-7000-8000-000000000021";
        app.vendor().put(format!("/creches/{CRECHE}/attendanceStatements/2026-10"), Sheet::of("2026-10")).await.expect(201);
        administrator.patch(application, json!({ "state": "suspended" })).await.expect(200);
        administrator.put(format!("/creches/{CRECHE}/attendanceStatements/2026-09"), Sheet::of("2026-09")).await.expect(201);
        deliver(app).await;
        assert!(receiver.arrived().is_empty(), "whoever is suspended is told nothing, not even what was on its way");
        administrator.patch(application, json!({ "state": "active" })).await.expect(200);
        deliver(app).await;
        let told: Vec<_> = receiver.arrived().into_iter().map(|arrival| arrival.event()["data"]["period"].clone()).collect();
        assert_eq!(told, ["2026-10"], "what was on its way goes on");
    })
    .await;
}

#[tokio::test]
async fn a_failed_delivery_is_retried_by_the_schedule_and_delays_no_later_one() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        receiver.answer(|arrival| {
            let status =
                if arrival.event()["number"] == 1 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
            status.into_response()
        });
        deposit(app, 7).await;
        deposit(app, 8).await;
        deliver(app).await;
        assert_eq!(receiver.arrived().len(), 2);
        let told = log(app, &path).await;
        let (one, two) = (numbered(&told, 1), numbered(&told, 2));
        assert_eq!((&two["state"], &one["state"]), (&json!("delivered"), &json!("waiting")));
        assert!(one["nextAttemptAt"].as_str().unwrap() >= "2026-10-12T07:00:05");
        app.travel("2026-10-12T07:00:04Z");
        deliver(app).await;
        assert!(receiver.arrived().is_empty(), "not yet");
        receiver.status(204);
        app.travel("2026-10-12T07:00:07Z");
        deliver(app).await;
        assert_eq!(receiver.next().await.event()["number"], 1);
        let id = one["id"].as_str().unwrap();
        let logged = app.vendor().get(format!("{path}/deliveries/{id}")).await.expect(200);
        logged.has(&json!({ "attempts/0/failure": "status", "attempts/1/status": 204 }));
        assert_eq!(app.vendor().get(&path).await.expect(200)["failingSince"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn every_way_to_fail_is_named() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        let fails = async |failure: &str| {
            let test =
                app.vendor().post(format!("{path}/tests"), json!({ "type": "doctor.validated" })).await.expect(201);
            test.has(&json!({ "state": "failed", "attempts/0/failure": failure }));
            test
        };
        receiver.status(500);
        fails("status").await;
        receiver.status(307);
        fails("redirect").await;
        receiver.status(410);
        let gone = fails("gone").await;
        assert_eq!(app.vendor().get(&path).await.expect(200)["state"], "active", "a test disables nothing");
        let again =
            app.vendor().post(format!("{path}/deliveries/{}/replays", gone["id"].as_str().unwrap()), json!({})).await;
        assert_eq!(again.refused(400, "badRequest")["issues"][0]["code"], "webhook.testNotReplayed");
        let https = receiver.url().replace("http:", "https:");
        app.vendor().patch(&path, json!({ "url": https })).await.expect(200);
        fails("tls").await;
        app.vendor().patch(&path, json!({ "url": receiver.url() })).await.expect(200);
        drop(receiver);
        fails("unreachable").await;
    })
    .await;
}

#[tokio::test]
async fn retry_after_delays_an_endpoint_and_410_stops_it() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        receiver.answer(|_| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3600")]).into_response());
        deposit(app, 7).await;
        deliver(app).await;
        assert_eq!(receiver.arrived().len(), 1);
        deposit(app, 8).await;
        deliver(app).await;
        assert!(receiver.arrived().is_empty(), "it asked for an hour");
        receiver.status(410);
        app.travel("2026-10-12T10:00:00Z");
        deliver(app).await;
        assert!(!receiver.arrived().is_empty());
        let gone = app.vendor().get(&path).await.expect(200);
        assert_eq!((&gone["state"], &gone["reason"]), (&json!("disabled"), &json!("gone")));
        let events = app.vendor().get("/events?type=webhookEndpoint.disabled").await.expect(200);
        assert_eq!(events["items"][0]["data"]["id"], gone["id"]);
        deposit(app, 9).await;
        assert!(
            log(app, &path).await.as_array().unwrap().iter().all(|item| item["number"] != 4),
            "nothing more is written for it"
        );
    })
    .await;
}

#[tokio::test]
async fn after_five_days_of_failures_an_endpoint_is_paused_and_failed_deliveries_can_be_replayed() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        receiver.status(503);
        deposit(app, 7).await;
        for day in 12..=16 {
            for hour in 6..=22 {
                app.travel(&format!("2026-10-{day}T{hour:02}:30:00Z"));
                deliver(app).await;
            }
        }
        let tries = receiver.arrived().len();
        assert!((9..=10).contains(&tries), "{tries}");
        let told = log(app, &path).await;
        let first = numbered(&told, 1);
        assert_eq!((&first["state"], &first["nextAttemptAt"]), (&json!("failed"), &Value::Null));
        deposit(app, 8).await;
        app.travel("2026-10-17T07:30:00Z");
        deliver(app).await;
        let paused = app.vendor().get(&path).await.expect(200);
        assert_eq!((&paused["state"], &paused["reason"]), (&json!("paused"), &json!("failing")));
        let told = app.vendor().get("/events?type=webhookEndpoint.paused").await.expect(200);
        assert_eq!(numbers(&told["items"]), [3]);
        let seen = app.browser(ADMINISTRATOR).await.page("/console/webhooks").await.expect(200);
        seen.shows(&["n’est plus avertie de rien, après cinq jours d’échecs"]);
        deposit(app, 9).await;
        receiver.status(204);
        receiver.arrived();
        app.vendor().patch(&path, json!({ "state": "active" })).await.expect(200);
        app.travel("2026-10-17T08:30:00Z");
        deliver(app).await;
        let mut kept: Vec<_> =
            receiver.arrived().iter().map(|arrival| arrival.event()["number"].as_u64().unwrap()).collect();
        kept.sort_unstable();
        assert_eq!(kept, [2, 3, 4], "what happened meanwhile was kept");
        let failed = json!({ "from": "2026-10-12T00:00:00Z", "state": "failed" });
        let again = app.vendor().post(format!("{path}/replays"), failed).await.expect(202);
        assert_eq!(again["replayed"], 1);
        deliver(app).await;
        assert_eq!(receiver.next().await.event()["number"], 1);
        let all =
            app.vendor().post(format!("{path}/replays"), json!({ "from": "2026-10-12T00:00:00Z" })).await.expect(202);
        assert_eq!(all["replayed"], 4, "tests are not sent again");
        deliver(app).await;
        assert_eq!(receiver.arrived().len(), 4);
        let log = log(app, &path).await;
        let one = numbered(&log, 2);
        let replay = format!("{path}/deliveries/{}/replays", one["id"].as_str().unwrap());
        assert_eq!(app.vendor().call(axum::http::Method::POST, replay).await.expect(202)["state"], "waiting");
        deliver(app).await;
        assert_eq!(receiver.next().await.header("webhook-id"), one["id"].as_str().unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_test_of_every_type_holds_to_its_schema_and_is_in_no_feed() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, secret) = verified(&app.vendor(), &mut receiver, json!({})).await;
        for kind in passerelle::domain::event::EventType::all() {
            let test = app.vendor().post(format!("{path}/tests"), json!({ "type": kind.code() })).await.expect(201);
            let arrived = receiver.next().await;
            assert!(arrived.is_signed_with(&secret));
            assert_eq!((&test["event"], &test["state"]), (&arrived.event(), &json!("delivered")));
            assert!(test.header("location").ends_with(&format!("{path}/deliveries/{}", test["id"].as_str().unwrap())));
        }
        assert_eq!(app.vendor().get("/events").await.expect(200)["items"], json!([]));
        let mut page = app.vendor().get(format!("{path}/deliveries?state=delivered&pageSize=10")).await.expect(200);
        let mut seen = Vec::new();
        loop {
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            page = app.vendor().get(next.split("/creche/v1").nth(1).unwrap()).await.expect(200);
        }
        let whole = log(app, &path).await;
        assert_eq!(seen, whole.as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>());
        let some = app.vendor().get(format!("{path}/deliveries?type=doctor.validated")).await.expect(200);
        assert_eq!(some["items"].as_array().unwrap().len(), 1);
        // One of every type, and the one by which the endpoint was verified.
        let types = passerelle::domain::event::EventType::all().count() + 1;
        assert_eq!(log(app, &path).await.as_array().unwrap().len(), types);
    })
    .await;
}

#[tokio::test]
async fn of_a_long_response_only_the_beginning_is_read_and_stored() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        receiver.answer(|_| (StatusCode::OK, "all is well ".repeat(1_000_000)).into_response());
        let test = app.vendor().post(format!("{path}/tests"), json!({ "type": "key.issued" })).await.expect(201);
        let kept = test["attempts"][0]["answer"].as_str().unwrap();
        assert!(test["state"] == "delivered" && kept.starts_with("all is well all") && kept.len() <= 4096);
    })
    .await;
}

#[tokio::test]
async fn tests_are_limited_in_number() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        let test = || app.vendor().post(format!("{path}/tests"), json!({ "type": "key.issued" }));
        for _ in 1..60 {
            test().await.expect(201);
        }
        let refused = test().await.refused(429, "tooManyFailedRequests");
        assert_eq!((refused.header("retry-after"), receiver.arrived().len()), ("60", 59));
        app.vendor().post(format!("{path}/verifications"), json!({})).await.expect(429);
        app.travel("2026-10-12T07:01:01Z");
        test().await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_resolves_to_an_internal_address_is_never_called() {
    let post = HttpTransport::new(AddressGuard::allowing(Vec::new())).unwrap();
    let mut receiver = Receiver::start().await;
    for host in ["localhost", "127.0.0.1", "[::1]", "2130706433"] {
        let url = receiver.url().replace("127.0.0.1", host).replace("http:", "https:");
        let url = passerelle::domain::webhook::address(&url).unwrap();
        let outgoing = passerelle::app::webhook_transport::OutboundRequest {
            url,
            asks: false,
            headers: Vec::new(),
            body: Vec::new(),
        };
        let sent = passerelle::app::webhook_transport::WebhookTransport::send(&post, outgoing).await;
        assert_eq!(sent.answer.unwrap_err(), passerelle::app::webhook_transport::CallError::Forbidden);
    }
    assert!(receiver.arrived().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_does_not_respond_delays_no_other() {
    each_app(async |app| {
        // The system accepts connections, and no process ever reads from them.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut receiver = Receiver::start().await;
        let dead = endpoint(app, &format!("http://{}/hook", silent.local_addr().unwrap())).await;
        let mut tx = app.app.db.write().await.unwrap();
        store::webhooks::insert(&mut tx, organiser(), &dead).await.unwrap();
        app.commit(tx).await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        let (stop, done) = tokio::sync::watch::channel(());
        let dispatcher = tokio::spawn(Dispatcher::new(app.app.clone(), format!("{BASE}/creche/v1")).run(done));
        for month in 1..=9 {
            deposit(app, month).await;
        }
        let mut told = Vec::new();
        for _ in 1..=9 {
            told.push(receiver.next().await.event()["number"].as_u64().unwrap());
        }
        told.sort_unstable();
        assert_eq!(told, (1..=9).collect::<Vec<_>>());
        let waiting = log(app, &format!("/webhookEndpoints/{}", dead.id)).await;
        assert!(waiting.as_array().unwrap().iter().all(|item| item["attemptCount"] == 0), "nothing has ended there");
        drop(stop);
        dispatcher.await.unwrap();
        assert_eq!(numbered(&log(app, &path).await, 9)["state"], "delivered");
        // Deliveries in progress are due as before, and the lease is released.
        let mut tx = app.app.db.read().await.unwrap();
        let now = app.app.clocks.machine().now();
        let leased = store::webhooks::endpoints_with_due(&mut tx, "another", (now, now), 10).await;
        assert_eq!(leased.unwrap(), [store::webhooks::LeasedEndpoint { organiser: organiser(), endpoint: dead.id }]);
    })
    .await;
}

#[tokio::test]
async fn queued_deliveries_are_held_back_when_the_endpoint_is_paused() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({ "deliveriesPerSecond": 1 })).await;
        for month in 1..=9 {
            deposit(app, month).await;
        }
        let (stop, done) = tokio::sync::watch::channel(());
        let dispatcher = tokio::spawn(Dispatcher::new(app.app.clone(), format!("{BASE}/creche/v1")).run(done));
        receiver.next().await;
        app.vendor().patch(&path, json!({ "state": "paused" })).await.expect(200);
        database.until_none("select count(*) from webhook_endpoint where leased_by is not null").await;
        drop(stop);
        dispatcher.await.unwrap();
        assert!(receiver.arrived().len() < 8, "most of it is held back");
    })
    .await;
}

#[tokio::test]
async fn deliveries_past_their_period_are_removed_with_their_attempts() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        deposit(app, 7).await;
        deliver(app).await;
        let id = receiver.next().await.header("webhook-id").to_owned();
        let mut tx = app.app.db.write().await.unwrap();
        let later = app.app.clocks.machine().now() + jiff::SignedDuration::from_hours(1);
        assert_eq!(store::webhooks::remove_before(&mut tx, organiser(), later, EVERY_ROW).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(log(app, &path).await, json!([]));
        app.vendor().get(format!("{path}/deliveries/{id}")).await.refused(404, "resourceNotFound");
    })
    .await;
}
