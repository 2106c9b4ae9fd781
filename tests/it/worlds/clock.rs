//! The clock of a world: read, moved, and what happens on the way.

use reqwest::Method;
use serde_json::{Value, json};

use super::{MadeWorld, WorldClient, autumn, started};
use crate::cli::poll_until;
use crate::harness::process::{Caller, answer};

impl WorldClient {
    /// Moves the clock of a world; what is answered.
    async fn moves(&self, world: &MadeWorld, to: Value) -> (u16, Value) {
        let request = self.request(Method::POST, &world.path("/clock")).bearer_auth(world.secret());
        answer(request.json(&to)).await.unwrap()
    }

    /// Moves the clock of a world, until everything that fell due is done.
    pub(super) async fn moved(&self, world: &MadeWorld, to: Value) -> Value {
        let (status, clock) = self.moves(world, to).await;
        assert_eq!((status, &clock["advance"]["state"]), (200, &json!("settled")), "{clock}");
        clock
    }

    /// Moves it by a duration.
    async fn later(&self, world: &MadeWorld, by: &str) -> Value {
        self.moved(world, json!({ "by": by })).await
    }
}

/// The types of the events of a move, with their days.
fn events(clock: &Value) -> Vec<(String, String)> {
    let event = |event: &Value| {
        let [kind, at] = ["type", "at"].map(|name| event[name].as_str().unwrap().to_owned());
        (kind, at[..10].to_owned())
    };
    clock["advance"]["events"].as_array().unwrap().iter().map(event).collect()
}

#[tokio::test]
async fn a_clock_is_moved_forward_within_bounds_and_never_back() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let (world, other) = (client.make(autumn(1)).await, client.make(autumn(1)).await);
    let clock = async |world: &MadeWorld| client.call(Method::GET, &world.path("/clock"), world.secret()).await.1;
    let before = clock(&world).await;
    assert_eq!((&before["today"], &before["advance"]), (&json!("2026-10-12"), &Value::Null));
    assert_eq!(client.later(&world, "P1D").await["today"], "2026-10-13");
    assert_eq!(client.later(&world, "P1W").await["today"], "2026-10-20");
    let eight = client.moved(&world, json!({ "to": "2026-10-25T08:00:00+01:00" })).await;
    assert!(eight["now"].as_str().unwrap().starts_with("2026-10-25T07:00:0"), "{eight}");
    for (milestone, today) in
        [("endOfMonth", "2026-11-01"), ("quarterClose", "2027-01-01"), ("deadlinePassed", "2027-04-01")]
    {
        assert_eq!(client.moved(&world, json!({ "milestone": milestone })).await["today"], today);
    }
    for (refused, place) in [
        (json!({ "to": "2026-10-25T08:00:00+01:00" }), "to"),
        (json!({ "by": "PT0S" }), "by"),
        (json!({ "by": "P401D" }), "by"),
        (json!({ "by": "-P1D" }), "by"),
        (json!({ "by": "1 day" }), "by"),
        (json!({ "to": "tomorrow" }), "to"),
        (json!({ "milestone": "christmas" }), "milestone"),
        (json!({ "by": "P1D", "milestone": "endOfMonth" }), ""),
        (json!({}), ""),
        (json!({ "days": 3 }), "days"),
    ] {
        let (status, problem) = client.moves(&world, refused.clone()).await;
        let at = problem["issues"][0]["in"].as_str().unwrap_or_default().to_owned();
        let name = problem["issues"][0]["name"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{refused}: {problem}");
        assert!(place.is_empty() || format!("{at} {name}").contains(place), "{refused}: {problem}");
    }
    assert_eq!(clock(&world).await["today"], "2027-04-01");
    assert_eq!(clock(&other).await["today"], "2026-10-12", "another world has its own");
    assert_eq!(client.call(Method::GET, &world.path("/clock"), other.secret()).await.0, 404);
    // A reset is the way back.
    assert_eq!(client.call(Method::POST, &world.path("/reset"), world.secret()).await.0, 200);
    assert_eq!(clock(&world).await["today"], "2026-10-12");
}

#[tokio::test]
async fn what_falls_due_on_the_way_happens_in_order() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(2)).await;
    let clock = client.moved(&world, json!({ "milestone": "deadlinePassed" })).await;
    assert_eq!(clock["today"], "2027-01-01");
    let happened = events(&clock);
    let days = |kind: &str| {
        let of_kind = happened.iter().filter(|(found, _)| found == kind);
        of_kind.map(|(_, day)| day.as_str()).collect::<Vec<_>>()
    };
    // The notices before the deadline of the third quarter, at midnight in Brussels.
    assert_eq!(days("activityReport.due"), ["2026-11-30", "2026-12-16", "2026-12-23", "2026-12-29"]);
    // That of the month before was noticed when the world was opened, or in the first step.
    let missing: Vec<_> = days("attendanceStatement.missing").into_iter().filter(|day| *day != "2026-10-12").collect();
    assert_eq!(missing, ["2026-11-09", "2026-12-09"]);
    let mut sorted = happened.clone();
    sorted.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(happened, sorted);
    let (status, feed) = world.vendor().read("/events?after=0").await;
    assert!(status == 200 && feed.to_string().contains("activityReport.due"), "{feed}");
}

#[tokio::test]
async fn attempts_to_deliver_follow_the_clock() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(3)).await;
    let url = format!("{}/sandbox/receiver/fails?status=503", world.text("/baseUrl"));
    let vendor = world.vendor();
    let new = json!({ "url": url, "description": "It fails", "eventTypes": ["attendanceStatement.deposited"] });
    let (status, endpoint) = answer(vendor.post("/webhookEndpoints", new.to_string())).await.unwrap();
    assert_eq!(status, 201, "{endpoint}");
    let verification = format!("/webhookEndpoints/{}/verifications", endpoint["id"].as_str().unwrap());
    let (_, verified) = answer(vendor.post(&verification, json!({ "method": "handshake" }).to_string())).await.unwrap();
    assert_eq!(verified["verified"], true, "{verified}");
    assert_eq!(world.deposit("2026-09").await.0, 201);
    let path = format!("/webhookEndpoints/{}/deliveries", endpoint["id"].as_str().unwrap());
    let state = async || vendor.read(&path).await.1["items"][0]["state"].clone();
    poll_until(async || client.later(&world, "PT1S").await["advance"]["deliveriesWaiting"] == 1).await;
    assert_eq!(state().await, "waiting");
    // Ten attempts in three days, and then no more.
    let clock = client.later(&world, "P4D").await;
    assert!(clock["advance"]["deliveryAttempts"].as_u64().unwrap() >= 8, "{clock}");
    assert_eq!(clock["advance"]["deliveriesWaiting"], 0);
    assert_eq!(state().await, "failed");
}

#[tokio::test]
async fn a_key_ends_when_its_last_day_is_over() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(4)).await;
    let agency = Caller::new(world.text("/apiUrl"), world.text("/agency/key"));
    client.later(&world, "P365D").await;
    assert_eq!(agency.read("/agency/claims").await.0, 200);
    client.later(&world, "P1D").await;
    let (status, problem) = agency.read("/agency/claims").await;
    assert_eq!((status, &problem["type"]), (401, &json!("urn:problem-type:belgif:expiredAccessToken")), "{problem}");
}

#[tokio::test]
async fn a_move_that_was_interrupted_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(5)).await;
    client.later(&world, "P1D").await;
    sandbox.process.kill();
    // What a move writes before each step.
    let file = home.path().join("worlds").join(world.text("/id")).join("clock.json");
    let mut stored: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    stored["moving"] = json!({ "from": "2026-10-13T08:00:00Z", "to": "2027-01-01T08:00:00Z" });
    std::fs::write(&file, stored.to_string()).unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let clock = async || client.call(Method::GET, &world.path("/clock"), world.secret()).await.1;
    poll_until(async || clock().await["advance"]["state"] == "settled").await;
    let clock = clock().await;
    assert_eq!((&clock["today"], &clock["advance"]["from"]), (&json!("2027-01-01"), &json!("2026-10-13T08:00:00Z")));
    assert!(clock["advance"]["events"].to_string().contains("activityReport.due"), "{clock}");
}
