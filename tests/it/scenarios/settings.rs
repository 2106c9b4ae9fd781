//! A scenario that is set for the next calls of a world.

use reqwest::Method;
use serde_json::{Value, json};

use super::{HEADER, MONTH, Stage, header};
use crate::harness::process::{Caller, answer};
use crate::worlds::{MadeWorld, autumn};

impl Stage {
    /// Sets a scenario on a world; what is answered.
    async fn set(&self, world: &MadeWorld, wish: Value) -> (u16, Value) {
        let request = self.client.request(Method::PUT, &world.path("/scenario")).bearer_auth(world.secret());
        answer(request.json(&wish)).await.unwrap()
    }

    /// What is set on its world.
    async fn setting(&self) -> Value {
        self.client.call(Method::GET, &self.world.path("/scenario"), self.world.secret()).await.1
    }
}

/// The statuses of calls one after the other.
async fn statuses(vendor: &Caller, paths: &[&str]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for path in paths {
        statuses.push(vendor.read(path).await.0);
    }
    statuses
}

#[tokio::test]
async fn it_is_for_the_next_calls_of_its_world_alone() {
    let stage = Stage::start().await;
    let other = stage.client.make(autumn(1)).await;
    let (status, set) = stage.set(&stage.world, json!({ "scenario": "serviceUnavailable", "calls": 2 })).await;
    assert_eq!(status, 200);
    assert_eq!(set, json!({ "scenario": "serviceUnavailable", "after": 0, "calls": 2, "operation": null }));
    assert_eq!(statuses(&other.vendor(), &["/caller", "/caller"]).await, [200, 200]);
    // Neither a refused call nor a health check is counted.
    let stranger = Caller::new(&stage.vendor().api, &other.vendor().key);
    assert_eq!(statuses(&stranger, &["/caller", "/health"]).await, [401, 200]);
    assert_eq!(statuses(&stage.vendor(), &["/caller"]).await, [503]);
    assert_eq!(stage.setting().await["calls"], 1);
    assert_eq!(statuses(&stage.vendor(), &["/creches", "/caller"]).await, [503, 200]);
    assert_eq!(stage.setting().await, json!({ "scenario": null, "after": 0, "calls": 0, "operation": null }));
}

#[tokio::test]
async fn it_waits_for_its_operation_and_gives_way_to_the_header() {
    let stage = Stage::start().await;
    let wish = json!({ "scenario": "internalServerError", "after": 1, "operation": "putAttendanceStatement" });
    assert_eq!(stage.set(&stage.world, wish).await.0, 200);
    assert_eq!(statuses(&stage.vendor(), &["/caller"]).await, [200]);
    assert_eq!(answer(stage.deposit("2026-07")).await.unwrap().0, 201);
    let asked = stage.deposit("2026-08").header(HEADER, "tooManyRequests").send().await.unwrap();
    assert_eq!((asked.status().as_u16(), header(&asked, HEADER)), (429, "tooManyRequests"));
    let set = stage.deposit("2026-08").send().await.unwrap();
    assert_eq!((set.status().as_u16(), header(&set, HEADER)), (500, "internalServerError"));
    assert_eq!(answer(stage.deposit("2026-08")).await.unwrap().0, 201);
    // Only a request with an entity tag can have a stale one.
    assert_eq!(stage.set(&stage.world, json!({ "scenario": "staleEtag" })).await.0, 200);
    assert_eq!(answer(stage.deposit(MONTH)).await.unwrap().0, 201);
    let guarded = stage.change(MONTH, 1).header("if-match", "\"1\"");
    let (status, problem) = answer(guarded.try_clone().unwrap()).await.unwrap();
    assert_eq!((status, &problem["currentEtag"]), (412, &json!("\"1\"")));
    assert_eq!(answer(guarded).await.unwrap().0, 200);
}

#[tokio::test]
async fn it_is_taken_back_and_ends_with_a_reset() {
    let stage = Stage::start().await;
    for (method, below, due) in [(Method::DELETE, "/scenario", 204), (Method::POST, "/reset", 200)] {
        assert_eq!(stage.set(&stage.world, json!({ "scenario": "notAcceptable", "calls": 9 })).await.0, 200);
        assert_eq!(statuses(&stage.vendor(), &["/caller"]).await, [406]);
        assert_eq!(stage.client.call(method, &stage.world.path(below), stage.world.secret()).await.0, due);
        assert_eq!(statuses(&stage.vendor(), &["/caller"]).await, [200]);
    }
}

#[tokio::test]
async fn a_wrong_wish_is_refused_with_its_place_and_changes_nothing() {
    let stage = Stage::start().await;
    let sound = json!({ "scenario": "slow", "calls": 5 });
    assert_eq!(stage.set(&stage.world, sound.clone()).await.0, 200);
    for (wish, place) in [
        (json!({}), "/scenario"),
        (json!({ "scenario": 3 }), "/scenario"),
        (json!({ "scenario": "slower" }), "/scenario"),
        (json!({ "scenario": " slow" }), "/scenario"),
        (json!({ "scenario": "slow", "calls": 0 }), "/calls"),
        (json!({ "scenario": "slow", "calls": 1001 }), "/calls"),
        (json!({ "scenario": "slow", "after": -1 }), "/after"),
        (json!({ "scenario": "slow", "operation": "putEverything" }), "/operation"),
        (json!({ "scenario": "webhookLost", "operation": "putAttendanceStatement" }), "/operation"),
        (json!({ "scenario": "slow", "call": 1 }), "/call"),
    ] {
        let (status, problem) = stage.set(&stage.world, wish.clone()).await;
        assert_eq!(status, 400, "{wish}: {problem}");
        assert_eq!(problem["issues"][0]["name"], place, "{wish}: {problem}");
    }
    let (_, problem) = stage.set(&stage.world, json!({ "scenario": "slower" })).await;
    assert_eq!(problem["scenarios"].as_array().unwrap().len(), stage.catalogue().await.len());
    assert_eq!(stage.setting().await["calls"], 5);
}

#[tokio::test]
async fn only_the_secret_of_the_world_sets_it() {
    let stage = Stage::start().await;
    let other = stage.client.make(autumn(2)).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = || stage.client.request(method.clone(), &stage.world.path("/scenario")).body("{}");
        assert_eq!(answer(request()).await.unwrap().0, 401, "{method}");
        assert_eq!(answer(request().bearer_auth(other.secret())).await.unwrap().0, 404, "{method}");
    }
}
