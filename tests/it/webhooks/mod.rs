//! Webhook endpoints and the feed of events.

mod console;
mod delivery;
mod endpoints;
mod feed;
pub(crate) mod foreign;
mod hosts;
mod poison;
pub(crate) mod polls;
mod replays;
mod sealed;

use serde_json::Value;

use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::Reply;
use crate::harness::statement::Sheet;

/// Deposits a statement of our first crèche for this month of 2026.
async fn deposit(app: &TestApp, month: u8) -> Reply {
    let month = format!("2026-{month:02}");
    app.vendor().put(format!("/creches/{CRECHE}/attendanceStatements/{month}"), Sheet::of(&month)).await.expect(201)
}

/// The numbers of events.
fn numbers(events: &Value) -> Vec<u64> {
    events.as_array().unwrap().iter().map(|event| event["number"].as_u64().unwrap()).collect()
}
