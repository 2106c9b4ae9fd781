//! Failures of webhooks, at a receiver that verifies what it gets.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::{HEADER, Stage, header};
use crate::cli::poll_until;
use crate::harness::process::{Caller, Sandbox, answer};
use crate::harness::receiver::{Arrival, Receiver};
use crate::worlds::started;

/// An endpoint of the world at a receiver.
struct Endpoint {
    receiver: Receiver,
    path: String,
    secret: String,
}

impl Endpoint {
    /// One that was verified. Addresses of the sandbox's own host are not called by worlds: it is at another one.
    async fn verified(vendor: &Caller) -> Self {
        let mut receiver = Receiver::start_at("127.0.0.2").await;
        let document = json!({ "url": receiver.url(), "eventTypes": ["attendanceStatement.deposited"] });
        let (status, created) = answer(vendor.post("/webhookEndpoints", document.to_string())).await.unwrap();
        assert_eq!(status, 201, "{created}");
        let path = format!("/webhookEndpoints/{}", created["id"].as_str().unwrap());
        let (status, verified) = answer(vendor.post(&format!("{path}/verifications"), "{}".to_owned())).await.unwrap();
        assert_eq!((status, &verified["verified"]), (200, &json!(true)), "{verified}");
        receiver.arrived();
        let secret = created["secret"].as_str().unwrap().to_owned();
        Self { receiver, path, secret }
    }

    /// Refuses what is not signed rightly.
    fn verify(&self) {
        let secret = self.secret.clone();
        self.receiver.answer(move |arrival| {
            let status =
                if arrival.is_signed_with(&secret) { StatusCode::NO_CONTENT } else { StatusCode::UNAUTHORIZED };
            status.into_response()
        });
    }

    /// The months of the next messages.
    async fn months(&mut self, count: usize) -> Vec<String> {
        let mut months = Vec::new();
        for _ in 0..count {
            months.push(month(&self.receiver.next().await));
        }
        months
    }

    /// Waits until the delivery about a month is in this state; returns it.
    async fn delivery(&self, vendor: &Caller, month: &str, state: &str) -> Value {
        let found = async || {
            let (_, feed) = vendor.read("/events?after=0&pageSize=500").await;
            let about = |event: &&Value| event["data"]["period"] == month;
            let event = feed["items"].as_array().unwrap().iter().rfind(about).expect("it is in the feed").clone();
            vendor.read(&format!("{}/deliveries/{}", self.path, event["id"].as_str().unwrap())).await.1
        };
        poll_until(async || found().await["state"] == state).await;
        found().await
    }
}

fn month(arrival: &Arrival) -> String {
    arrival.event()["data"]["period"].as_str().unwrap().to_owned()
}

/// Deposits a month with a scenario.
async fn deposit(stage: &Stage, month: &str, code: &str) {
    let response = stage.deposit(month).header(HEADER, code).send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, HEADER)), (201, code));
}

async fn deposit_as_usual(stage: &Stage, month: &str) {
    assert_eq!(answer(stage.deposit(month)).await.unwrap().0, 201);
}

/// Whether the scenario with this code has the effect that its entry promises.
pub(super) async fn has_its_effect(stage: &Stage, code: &str) {
    let mut endpoint = Endpoint::verified(&stage.vendor()).await;
    match code {
        "webhookDoubled" => is_doubled(stage, &mut endpoint).await,
        "webhookDelayed" => is_overtaken(stage, &mut endpoint, code, ["2025-11", "2025-12"]).await,
        "webhookOutOfOrder" => is_overtaken(stage, &mut endpoint, code, ["2026-06", "2026-07"]).await,
        "webhookLost" => is_lost(stage, &mut endpoint).await,
        "webhookWronglySigned" => is_wrongly_signed(stage, &mut endpoint).await,
        _ => panic!("no effect of {code} is looked for"),
    }
    let removed = stage.client.http.delete(format!("{}{}", stage.vendor().api, endpoint.path));
    assert_eq!(answer(removed.bearer_auth(&stage.vendor().key)).await.unwrap().0, 204);
}

async fn is_doubled(stage: &Stage, endpoint: &mut Endpoint) {
    deposit(stage, "2025-05", "webhookDoubled").await;
    let (first, second) = (endpoint.receiver.next().await, endpoint.receiver.next().await);
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert!(first.is_signed_with(&endpoint.secret) && second.is_signed_with(&endpoint.secret));
    let delivery = endpoint.delivery(&stage.vendor(), "2025-05", "delivered").await;
    assert_eq!(delivery["attempts"].as_array().unwrap().len(), 1, "{delivery}");
    deposit_as_usual(stage, "2025-06").await;
    deposit_as_usual(stage, "2025-07").await;
    assert_eq!(endpoint.months(2).await.len(), 2, "others come once");
}

/// The message of the first month arrives after that of the second.
async fn is_overtaken(stage: &Stage, endpoint: &mut Endpoint, code: &str, [first, second]: [&str; 2]) {
    deposit(stage, first, code).await;
    deposit_as_usual(stage, second).await;
    assert_eq!(endpoint.months(2).await, [second, first], "{code}");
    endpoint.delivery(&stage.vendor(), first, "delivered").await;
}

async fn is_lost(stage: &Stage, endpoint: &mut Endpoint) {
    deposit(stage, "2025-08", "webhookLost").await;
    let delivery = endpoint.delivery(&stage.vendor(), "2025-08", "delivered").await;
    assert_eq!(delivery["attempts"][0]["status"], 204, "{delivery}");
    deposit_as_usual(stage, "2025-09").await;
    assert_eq!(endpoint.months(1).await, ["2025-09"]);
    assert!(endpoint.receiver.arrived().is_empty());
}

async fn is_wrongly_signed(stage: &Stage, endpoint: &mut Endpoint) {
    endpoint.verify();
    deposit(stage, "2025-10", "webhookWronglySigned").await;
    let wrong = endpoint.receiver.next().await;
    assert!(!wrong.is_signed_with(&endpoint.secret) && wrong.header("webhook-signature").starts_with("v1,"));
    let right = endpoint.receiver.next().await;
    assert!(right.is_signed_with(&endpoint.secret), "the next attempt");
    assert_eq!(right.header("webhook-id"), wrong.header("webhook-id"));
    let delivery = endpoint.delivery(&stage.vendor(), "2025-10", "delivered").await;
    assert_eq!((&delivery["attempts"][0]["status"], delivery["attempts"].as_array().unwrap().len()), (&json!(401), 2));
}

#[tokio::test]
async fn messages_have_a_scenario_that_is_set_and_those_of_others_have_not() {
    let stage = Stage::start().await;
    let mut endpoint = Endpoint::verified(&stage.vendor()).await;
    let wish = json!({ "scenario": "webhookLost", "after": 1, "calls": 1 });
    let set = stage.client.request(Method::PUT, &stage.world.path("/scenario")).bearer_auth(stage.world.secret());
    assert_eq!(answer(set.json(&wish)).await.unwrap().0, 200);
    deposit_as_usual(&stage, "2026-01").await;
    assert_eq!(endpoint.months(1).await, ["2026-01"]);
    deposit_as_usual(&stage, "2026-02").await;
    endpoint.delivery(&stage.vendor(), "2026-02", "delivered").await;
    deposit_as_usual(&stage, "2026-03").await;
    assert_eq!(endpoint.months(1).await, ["2026-03"], "the second was lost");
    // A request that causes nothing leaves the next one alone, and its answer does not say that anything was played.
    for idle in [stage.vendor().get("/caller"), stage.deposit("2026-03").header("if-match", "\"1\"")] {
        let response = idle.header(HEADER, "webhookLost").send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, HEADER)), (200, ""));
    }
    deposit_as_usual(&stage, "2026-04").await;
    assert_eq!(endpoint.months(1).await, ["2026-04"]);
    // A test message is one of what its request causes.
    let wish = json!({ "type": "doctor.validated" }).to_string();
    let test = stage.vendor().post(&format!("{}/tests", endpoint.path), wish);
    let response = test.header(HEADER, "webhookDoubled").send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, HEADER)), (201, "webhookDoubled"));
    let (one, two) = (endpoint.receiver.next().await, endpoint.receiver.next().await);
    assert_eq!(one.body, two.body);
}

/// Deposits an empty month of the first crèche of an organiser of the sandbox around, with a scenario where one is asked for.
async fn deposit_at_root(sandbox: &Sandbox, organiser: usize, vendor: &Caller, code: Option<&str>) {
    let creche = sandbox.text(&format!("/organisers/{organiser}/creches/0/id"));
    let path = format!("/creches/{creche}/attendanceStatements/2026-07");
    let request = vendor.put(&path, "application/json", r#"{"lines": []}"#);
    let request = code.into_iter().fold(request, |request, code| request.header(HEADER, code));
    let response = request.send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, HEADER)), (201, code.unwrap_or_default()));
}

#[tokio::test]
async fn a_scenario_of_one_organiser_leaves_the_messages_of_another_alone() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let key = |organiser| sandbox.text(&format!("/organisers/{organiser}/applications/0/keys/0/key")).to_owned();
    let vendors = [0, 1].map(|organiser| Caller::new(sandbox.text("/apiUrl"), &key(organiser)));
    let mut endpoints = [Endpoint::verified(&vendors[0]).await, Endpoint::verified(&vendors[1]).await];
    deposit_at_root(&sandbox, 0, &vendors[0], Some("webhookLost")).await;
    deposit_at_root(&sandbox, 1, &vendors[1], None).await;
    assert_eq!(endpoints[1].months(1).await, ["2026-07"]);
    endpoints[0].delivery(&vendors[0], "2026-07", "delivered").await;
    assert!(endpoints[0].receiver.arrived().is_empty());
    assert!(endpoints[1].receiver.arrived().is_empty());
}
