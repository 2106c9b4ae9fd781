//! The organiser's users: who may be added, changed and deactivated, by whom, and what is recorded.

mod agreement;
mod history;
mod lifecycle;
mod limits;
mod rules;

use passerelle::domain::audit::{AuditChain, AuditFilter};
use passerelle::store::audit::{self, ChainLink};
use serde_json::Value;

use crate::harness::app::{ADMINISTRATOR, TestApp, organiser};
use crate::harness::call::{Persona, Reply};

/// What was recorded of our organiser, the last first.
async fn recorded(app: &TestApp) -> Vec<ChainLink> {
    let chain = AuditChain::Organiser(organiser());
    audit::before(&mut app.app.db.read().await.unwrap(), chain, &AuditFilter::default(), 1000).await.unwrap()
}

/// The last actions, in order, with their details.
async fn last_deeds(app: &TestApp, count: usize) -> Vec<(String, String)> {
    let links = recorded(app).await.into_iter().take(count);
    let mut deeds: Vec<_> = links.map(|link| (link.entry.action, link.entry.detail.unwrap_or_default())).collect();
    deeds.reverse();
    deeds
}

/// Adds a user and returns the response.
async fn add(who: &Persona<'_>, new: Value) -> Reply {
    who.post("/users", new).await.expect(201)
}

fn path(user: &Reply) -> String {
    format!("/users/{}", user["id"].as_str().unwrap())
}

async fn administrator(app: &TestApp) -> Persona<'_> {
    app.person(ADMINISTRATOR).await
}
