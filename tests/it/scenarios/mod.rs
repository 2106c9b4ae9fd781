//! Scenarios of a sandbox: each entry of the catalogue has the effect that it promises, seen on the wire.

mod catalogue;
mod real_refusals;
mod settings;
mod webhooks;
mod wire;

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::process::{Caller, Sandbox};
use crate::worlds::{MadeWorld, WorldClient, autumn, started};

/// The header that asks for a scenario.
const HEADER: &str = "passerelle-scenario";
/// The month that the tests deposit.
const MONTH: &str = "2026-09";

/// A sandbox with a world.
struct Stage {
    client: WorldClient,
    world: MadeWorld,
    _sandbox: Sandbox,
    _home: TempDir,
}

impl Stage {
    async fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let sandbox = started(home.path());
        let client = WorldClient::of(&sandbox);
        let world = client.make(autumn(1)).await;
        Self { client, world, _sandbox: sandbox, _home: home }
    }

    fn vendor(&self) -> Caller {
        self.world.vendor()
    }

    /// The key of the first application that has this name.
    fn key(&self, name: &str) -> &str {
        let keys = self.world.0["organisers"][0]["applications"][0]["keys"].as_array().unwrap();
        keys.iter().find(|key| key["name"] == name).unwrap_or_else(|| panic!("no key {name}"))["key"].as_str().unwrap()
    }

    /// The request that deposits a month.
    fn deposit(&self, month: &str) -> RequestBuilder {
        self.vendor().put(&self.world.attendance(month), "application/json", self.world.sheet(month))
    }

    /// The request that changes it, after a revision: what is sent is never what is stored.
    fn change(&self, month: &str, revision: u64) -> RequestBuilder {
        let days = if revision.is_multiple_of(2) { "1:P 2:P" } else { "1:P" };
        self.vendor().put(&self.world.attendance(month), "application/json", self.world.sheet_of(month, days))
    }

    /// What is stored for a month: the status and the document.
    async fn stored(&self, month: &str) -> (u16, Value) {
        self.vendor().read(&self.world.attendance(month)).await
    }

    /// Every entry of the catalogue.
    async fn catalogue(&self) -> Vec<Value> {
        let listed = self.client.request(Method::GET, "/sandbox/scenarios").send().await.unwrap();
        assert_eq!(listed.status(), 200);
        let mut listed: Value = serde_json::from_slice(&listed.bytes().await.unwrap()).unwrap();
        listed["items"].take().as_array().unwrap().clone()
    }
}

/// A header of an answer, empty where it is missing.
fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The names of the members of a document.
fn members(document: &Value) -> BTreeSet<String> {
    document.as_object().unwrap().keys().cloned().collect()
}
