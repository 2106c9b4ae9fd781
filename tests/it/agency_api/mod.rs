//! The agency's own API: its keys, claims read and answered by software, the feed, on both engines.

mod answers;
mod feed;
mod keys;
mod payments;
mod polls;
mod reading;

use jiff::ToSpan as _;
use passerelle::app::agency_keys::{self, NewAgencyKey};
use passerelle::domain::actor::Actor;
use passerelle::domain::agency_key::{AgencyKeyKind, AgencyScope, AgencyScopes};
use passerelle::domain::claim::{ClaimAct, ClaimStanding, ClaimState};
use passerelle::domain::period::Quarter;
use passerelle::ids::{CrecheId, OrganiserId};
use passerelle::store;
use passerelle::store::claims::{ActRecord, ClaimKey, ClaimRecord};
use serde_json::Value;

use crate::harness::app::{CRECHE, ORGANISER, TestApp};
use crate::harness::call::Persona;

/// The name of the key of most tests.
pub(crate) const NAME: &str = "Back-office subsides";
/// The address of the tests' requests: they have no connection.
pub(crate) const HERE: &str = "0.0.0.0";

/// A key of the agency with these scopes that works from an address.
pub(crate) async fn issue(app: &TestApp, name: &str, scopes: AgencyScopes, from: &str) -> String {
    let actor = Actor::operator("tests");
    let last_day = app.app.clocks.machine().today().saturating_add(60.days());
    let new = NewAgencyKey { name: name.to_owned(), scopes, networks: vec![from.to_owned()], last_day };
    let kind = AgencyKeyKind::of(app.app.deployment);
    agency_keys::issue(app.app.acting_as(&actor), kind, new).await.unwrap().0.expose().to_owned()
}

/// Every scope.
pub(crate) fn every_scope() -> AgencyScopes {
    AgencyScope::ALL.iter().copied().collect()
}

/// Software of the agency that may do everything.
pub(crate) async fn software(app: &TestApp) -> Persona<'_> {
    app.bearer(&issue(app, NAME, every_scope(), HERE).await)
}

/// The claim of our first crèche in the API, with what follows its address.
pub(crate) fn claim(rest: &str) -> String {
    format!("/agency/claims/{ORGANISER}/{CRECHE}/2026Q3{rest}")
}

/// A claim that was signed, as far as its acts go: without a receipt.
pub(crate) async fn bare_claim(app: &TestApp, organiser: &str, creche: &str, quarter: &str) {
    let (organiser, creche): (OrganiserId, CrecheId) = (organiser.parse().unwrap(), creche.parse().unwrap());
    let key = ClaimKey::new(organiser, creche, quarter.parse::<Quarter>().unwrap());
    let at = app.app.clocks.machine().now();
    let standing = ClaimStanding { state: ClaimState::Signed, was_taken_up: false };
    let record = ClaimRecord { key, standing, acts: 1, signed_act: 1, updated_at: at };
    let (act, actor) = (ClaimAct::Sign, Actor::system("tests"));
    let act = ActRecord { number: 1, act, state: standing.state, actor, at, reason: None, details: None };
    let mut tx = app.app.db.write().await.unwrap();
    store::claims::act(&mut tx, &record, &act).await.unwrap();
    app.commit_for(organiser, tx).await;
}

/// The entries of the feed after a number.
async fn changes(reader: &Persona<'_>, after: u64) -> Vec<Value> {
    let page = reader.get(format!("/agency/changes?after={after}&pageSize=500")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}
