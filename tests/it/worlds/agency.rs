//! The simulated agency of a world.

use reqwest::Method;
use serde_json::{Value, json};

use super::{MadeWorld, WorldClient, autumn, started};
use crate::cli::poll_until;
use crate::harness::file::pdf;
use crate::harness::process::answer;

impl WorldClient {
    async fn policy(&self, world: &MadeWorld, policy: Value) -> (u16, Value) {
        let request = self.request(Method::PUT, &world.path("/agency")).bearer_auth(world.secret());
        answer(request.json(&policy)).await.unwrap()
    }
}

/// A doctor who is entered, with an agreement; the doctor's path.
async fn enters_a_doctor(world: &MadeWorld) -> String {
    let vendor = world.vendor();
    let (_, known) = vendor.read("/doctors").await;
    let mut doctor = known["items"][0].clone();
    for read_only in ["href", "id", "state", "decidedAt", "agreementStoredAt", "createdAt", "written"] {
        doctor.as_object_mut().unwrap().remove(read_only);
    }
    doctor["inami"] = json!("17385467004");
    doctor["familyName"] = json!("Exemple");
    let (status, entered) = answer(vendor.post("/doctors", doctor.to_string())).await.unwrap();
    assert_eq!(status, 201, "{entered}");
    let path = format!("/doctors/{}", entered["id"].as_str().unwrap());
    let put = vendor.put(&format!("{path}/agreement"), "application/pdf", pdf("Convention")).header("if-match", "*");
    let (status, stored) = answer(put).await.unwrap();
    assert_eq!((status, &stored["state"]), (200, &json!("awaitingValidation")), "{stored}");
    path
}

#[tokio::test]
async fn a_policy_is_stored_and_what_cannot_be_read_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(1)).await;
    let policy = json!({ "claims": "returnOnce", "claimsAfterDays": 3, "doctorsAfterDays": 0, "rateTables": false });
    assert_eq!(client.policy(&world, policy.clone()).await, (200, policy.clone()));
    let shown = async || client.call(Method::GET, &world.path("/agency"), world.secret()).await.1;
    assert_eq!(shown().await, policy);
    let (status, problem) = client.policy(&world, json!({ "claims": "maybe", "claimsAfterDays": -1, "x": 1 })).await;
    assert_eq!((status, problem["issues"].as_array().unwrap().len()), (400, 3), "{problem}");
    assert_eq!(shown().await, policy);
    assert_eq!(client.call(Method::DELETE, &world.path("/agency"), world.secret()).await.0, 204);
    assert_eq!(shown().await["claims"], Value::Null);
}

#[tokio::test]
async fn doctors_are_decided_on_at_once_or_after_some_days() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    for (seed, decision, state) in [(1, "validate", "validated"), (2, "refuse", "refused")] {
        let world = client.make(autumn(seed)).await;
        let path = enters_a_doctor(&world).await;
        let shown = async || world.vendor().read(&path).await.1["state"].clone();
        client.policy(&world, json!({ "doctors": decision, "doctorsAfterDays": 10 })).await;
        client.moved(&world, json!({ "by": "P9D" })).await;
        assert_eq!(shown().await, "awaitingValidation");
        client.moved(&world, json!({ "by": "P2D" })).await;
        assert_eq!(shown().await, state);
    }
    let world = client.make(autumn(3)).await;
    client.policy(&world, json!({ "doctors": "validate" })).await;
    let path = enters_a_doctor(&world).await;
    // Without any move of the clock.
    poll_until(async || world.vendor().read(&path).await.1["state"] == "validated").await;
}

#[tokio::test]
async fn a_table_of_rates_is_published_for_each_quarter_once() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(1)).await;
    let before = world.vendor().read("/communications").await.1["items"].as_array().unwrap().len();
    client.policy(&world, json!({ "rateTables": true })).await;
    client.moved(&world, json!({ "by": "P6M" })).await;
    let (_, listed) = world.vendor().read("/communications").await;
    let titles: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["title"].to_string()).collect();
    assert_eq!(titles.len(), before + 3, "{titles:?}");
    for quarter in ["4e trimestre 2026", "1er trimestre 2027", "2e trimestre 2027"] {
        assert_eq!(titles.iter().filter(|title| title.contains(quarter)).count(), 1, "{quarter} in {titles:?}");
    }
    let (_, feed) = world.vendor().read("/events?after=0").await;
    assert!(feed.to_string().matches("communication.published").count() >= 3, "{feed}");
}
