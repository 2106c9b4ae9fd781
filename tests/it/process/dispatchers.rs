//! Gateways are killed while they deliver: those that are left, or come next, deliver the rest, and nothing is lost.

use std::collections::BTreeSet;
use std::path::Path;

use passerelle::clock::{Clock as _, System};
use passerelle::domain::event::{Event, EventType};
use passerelle::ids::EventId;
use passerelle::store;
use serde_json::json;

use crate::cli::poll_until;
use crate::harness::app::organiser;
use crate::harness::database::{Database, each_engine};
use crate::harness::process::{Caller, Sandbox, answer, sandbox};
use crate::harness::receiver::Receiver;

const ENDPOINTS: usize = 6;
const EVENTS: u64 = 300;
/// How much is delivered before gateways are killed, at least.
const BEFORE: usize = 200;

/// Endpoints for events about revoked keys, each under its own path.
async fn endpoints(vendor: &Caller, receiver: &mut Receiver) {
    for at in 0..ENDPOINTS {
        let document = json!({ "url": format!("{}/{at}", receiver.url()), "eventTypes": ["key.revoked"],
            "headers": [{ "name": "X-Endpoint", "value": at.to_string() }] });
        let (status, made) = answer(vendor.post("/webhookEndpoints", document.to_string())).await.unwrap();
        assert_eq!(status, 201, "{made}");
        let path = format!("/webhookEndpoints/{}/verifications", made["id"].as_str().unwrap());
        let (_, done) = answer(vendor.post(&path, "{}".to_owned())).await.unwrap();
        assert_eq!(done["verified"], true, "{done}");
        receiver.next().await;
    }
}

/// So many things happen; their numbers.
async fn happen(database: &Database) -> BTreeSet<u64> {
    let mut numbers = BTreeSet::new();
    for _ in 0..EVENTS / 50 {
        let mut tx = database.db.write().await.unwrap();
        store::organisers::lock(&mut tx, organiser()).await.unwrap();
        for _ in 0..50 {
            let event = Event::new(EventId::new(&System), EventType::KeyRevoked, System.now()).about("0123456789ab");
            store::events::append(&mut tx, organiser(), &event, event.at);
            numbers.insert(store::events::last_number(&mut tx, organiser()).await.unwrap());
        }
        tx.commit().await.unwrap();
    }
    numbers
}

/// Receives messages until that many have arrived.
async fn take(receiver: &mut Receiver, arrived: &mut BTreeSet<(String, u64)>, much: usize) {
    while arrived.len() < much {
        let arrival = receiver.next().await;
        let number = arrival.event()["number"].as_u64().unwrap();
        arrived.insert((arrival.header("x-endpoint").to_owned(), number));
    }
}

fn start(home: &Path, database: &Database) -> Sandbox {
    Sandbox::start(&mut sandbox(Some(home), Some(database)))
}

#[tokio::test]
async fn deliveries_of_killed_gateways_are_made_by_the_others() {
    each_engine(async |database| {
        let (home, mut receiver) = (tempfile::tempdir().unwrap(), Receiver::start().await);
        let mut gateways = vec![start(home.path(), database)];
        endpoints(&gateways[0].vendor(), &mut receiver).await;
        let numbers = happen(database).await;
        if !database.db.is_a_file() {
            gateways.extend([start(home.path(), database), start(home.path(), database)]);
        }
        let (mut arrived, all) = (BTreeSet::new(), ENDPOINTS * numbers.len());
        take(&mut receiver, &mut arrived, BEFORE).await;
        // Two of three, or the only one.
        for gateway in gateways.drain(..gateways.len().min(2)) {
            gateway.process.kill();
        }
        if gateways.is_empty() {
            gateways.push(start(home.path(), database));
        }
        take(&mut receiver, &mut arrived, all).await;
        let expected: BTreeSet<_> =
            (0..ENDPOINTS).flat_map(|at| numbers.iter().map(move |number| (at.to_string(), *number))).collect();
        assert_eq!(arrived, expected, "every event, to every endpoint");
        // All received deliveries are recorded as delivered.
        poll_until(async || database.number("select count(*) from delivery where due_at is not null").await == 0).await;
        assert_eq!(database.number("select count(*) from delivery where state <> 'delivered'").await, 0);
    })
    .await;
}
