//! Neither an endpoint's response nor an invalid row ever prevents other deliveries from being stored or sent.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use passerelle::app::webhooks::Dispatcher;
use passerelle::http::metrics::Metrics;
use passerelle::store;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::deposit;
use crate::harness::app::{BASE, TestApp, each_app, organiser};
use crate::harness::database::each_engine;
use crate::harness::receiver::{Receiver, deliver, endpoint, verified};

/// The deliveries to an endpoint in the log, by their numbers.
async fn states(app: &TestApp, path: &str) -> Vec<(u64, String)> {
    let log = app.vendor().get(format!("{path}/deliveries")).await.expect(200);
    let items = log["items"].as_array().unwrap().iter();
    let mut states: Vec<_> =
        items.map(|item| (item["number"].as_u64().unwrap(), item["state"].as_str().unwrap().to_owned())).collect();
    states.sort();
    states
}

fn delivered(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, String)> {
    numbers.into_iter().map(|number| (number, "delivered".to_owned())).collect()
}

#[tokio::test]
async fn a_response_with_nul_is_stored_masked_and_stops_no_delivery() {
    each_app(async |app| {
        let (mut hostile, mut other) = (Receiver::start().await, Receiver::start().await);
        let (poisoned, _) = verified(&app.vendor(), &mut hostile, json!({})).await;
        let (path, _) = verified(&app.vendor(), &mut other, json!({})).await;
        hostile.answer(|_| (StatusCode::OK, &b"a\x00b\x1b[2J\xff\xc2\x85"[..]).into_response());
        for month in 1..=3 {
            deposit(app, month).await;
        }
        deliver(app).await;
        assert_eq!((hostile.arrived().len(), other.arrived().len()), (3, 3));
        for path in [&poisoned, &path] {
            assert_eq!(states(app, path).await, delivered([0, 1, 2, 3]));
        }
        let log = app.vendor().get(format!("{poisoned}/deliveries")).await.expect(200);
        // Made in the same millisecond, the test of the verification may come before the events.
        let event = log["items"].as_array().unwrap().iter().find(|item| item["number"] != 0).unwrap();
        let id = event["id"].as_str().unwrap().to_owned();
        let logged = app.vendor().get(format!("{poisoned}/deliveries/{id}")).await.expect(200);
        assert_eq!(logged["attempts"][0]["answer"], "a\u{fffd}b\u{fffd}[2J\u{fffd}\u{fffd}");
        let test = app.vendor().post(format!("{poisoned}/tests"), json!({ "type": "key.issued" })).await.expect(201);
        assert_eq!(test["state"], "delivered");
        hostile.answer(|_| (StatusCode::IM_A_TEAPOT, vec![0; 5000]).into_response());
        let failed = app.vendor().post(format!("{poisoned}/verifications"), json!({})).await.expect(200);
        assert_eq!(failed["verified"], false);
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_cannot_be_stored_is_set_aside_and_counted_and_delays_no_other() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        let (mut one, mut other) = (Receiver::start().await, Receiver::start().await);
        let (poisoned, _) = verified(&app.vendor(), &mut one, json!({})).await;
        let (path, _) = verified(&app.vendor(), &mut other, json!({})).await;
        for month in 1..=4 {
            deposit(app, month).await;
        }
        // One more attempt than the column can count: on both engines, the outcome cannot be stored.
        let endpoint = poisoned.rsplit('/').next().unwrap();
        let most = i64::MAX;
        let of = format!("endpoint_id = '{endpoint}' and number = 2");
        assert_eq!(database.tamper(format!("update delivery set attempts = {most} where {of}")).await, 1);
        let metrics = Metrics::default();
        let (stop, done) = tokio::sync::watch::channel(());
        let dispatcher = Dispatcher::new(app.app.clone(), format!("{BASE}/creche/v1"));
        let dispatcher = dispatcher.with_skipped_counter(metrics.webhook_entries_set_aside());
        let dispatcher = tokio::spawn(dispatcher.run(done));
        database.until_none("select count(*) from delivery where due_at is not null").await;
        drop(stop);
        dispatcher.await.unwrap();
        assert_eq!(states(app, &path).await, delivered([0, 1, 2, 3, 4]));
        let stored = "select count(*) from delivery where state = 'delivered' and endpoint_id =";
        assert_eq!(database.number(format!("{stored} '{endpoint}'")).await, 4, "the test and three of four");
        let given_up = format!("select count(*) from delivery where state = 'failed' and {of}");
        assert_eq!(database.number(given_up).await, 1, "the one at fault is marked");
        assert_eq!(one.arrived().iter().filter(|arrival| arrival.event()["number"] == 2).count(), 1, "once");
        assert_eq!(other.arrived().len(), 4);
        let text = metrics.text().unwrap();
        assert!(text.contains("passerelle_webhook_entries_set_aside_total 1"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_delivery_that_cannot_be_read_is_given_up_and_the_others_are_made() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        for month in 1..=3 {
            deposit(app, month).await;
        }
        database.tamper("update event set type = 'child.born' where number = 2").await;
        deliver(app).await;
        let mut told: Vec<_> =
            receiver.arrived().iter().map(|arrival| arrival.event()["number"].as_u64().unwrap()).collect();
        told.sort_unstable();
        assert_eq!(told, [1, 3]);
        let endpoint = path.rsplit('/').next().unwrap();
        let given_up = format!("select count(*) from delivery where state = 'failed' and endpoint_id = '{endpoint}'");
        assert_eq!(database.number(given_up).await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_endpoint_with_unreadable_ids_delays_no_other() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        let mut receiver = Receiver::start().await;
        let broken = endpoint(app, &receiver.url()).await;
        let mut tx = app.app.db.write().await.unwrap();
        store::webhooks::insert(&mut tx, organiser(), &broken).await.unwrap();
        app.commit(tx).await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        deposit(app, 7).await;
        let broken = broken.id;
        database.tamper(format!("delete from webhook_secret where endpoint_id = '{broken}'")).await;
        database.tamper(format!("update webhook_endpoint set state = 'paused' where id = '{broken}'")).await;
        database.tamper(format!("insert into webhook_endpoint (id, organiser_id, url, description, signing, rate, state, \
            created_at) select 'no id', organiser_id, '', '', 'v1', 1, 'active', 0 from webhook_endpoint where id = '{broken}'")).await;
        database.tamper(format!("update delivery set endpoint_id = 'no id' where endpoint_id = '{broken}'")).await;
        deliver(app).await;
        assert_eq!(receiver.next().await.event()["number"], 1);
        assert_eq!(states(app, &path).await, delivered([0, 1]));
    })
    .await;
}

#[tokio::test]
async fn the_dispatcher_stops_even_when_nothing_can_be_stored() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let waiting = endpoint(app, &format!("http://{}/hook", listener.local_addr().unwrap())).await;
        let mut tx = app.app.db.write().await.unwrap();
        store::webhooks::insert(&mut tx, organiser(), &waiting).await.unwrap();
        app.commit(tx).await;
        deposit(app, 7).await;
        let (stop, done) = tokio::sync::watch::channel(());
        let dispatcher = Dispatcher::new(app.app.clone(), format!("{BASE}/creche/v1"));
        let dispatcher = tokio::spawn(dispatcher.run(done));
        let (mut stream, _) = listener.accept().await.unwrap();
        // From here on no outcome can be stored: the endpoint's row is locked, in SQLite the whole file.
        let mut holding = app.app.db.write().await.unwrap();
        let now = app.app.clocks.machine().now();
        store::webhooks::record_failure(&mut holding, organiser(), waiting.id, now, None).await.unwrap();
        stream.write_all(b"HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        drop(stop);
        tokio::time::timeout(Duration::from_secs(40), dispatcher).await.expect("it ends within a bound").unwrap();
        drop(holding);
    })
    .await;
}
