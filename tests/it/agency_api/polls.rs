//! Requests that wait for the agency's feed: answered at once by what is written, and ended with their credential.

use passerelle::app::{agency_keys, agents};
use passerelle::domain::actor::Actor;
use passerelle::domain::agency_key::{AgencyKeyText, AgencyScope};
use serde_json::json;

use super::{HERE, bare_claim, every_scope, issue};
use crate::harness::app::{FOREIGN, ORGANISER, OTHER, SECOND};
use crate::harness::call::{Persona, Reply};
use crate::harness::database::each_engine;
use crate::webhooks::polls::{Meanwhile, PATIENCE, WIDE, sandbox, until_waiting};

/// What a request that waits for the feed is answered when something happens meanwhile.
async fn answered(metrics: &passerelle::http::metrics::Metrics, reader: &Persona<'_>, happens: Meanwhile<'_>) -> Reply {
    let poll = async { reader.get("/agency/changes?wait=30").await };
    let meanwhile = async {
        until_waiting(metrics, 1).await;
        happens.await;
    };
    let both = async { tokio::join!(poll, meanwhile).0 };
    tokio::time::timeout(PATIENCE, both).await.expect("it does not wait to the end")
}

#[tokio::test]
async fn what_is_done_for_any_organiser_answers_a_waiting_reader() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        bare_claim(&app, OTHER, FOREIGN, "2026Q2").await;
        bare_claim(&app, ORGANISER, SECOND, "2026Q2").await;
        let key = issue(&app, "Suivi", every_scope(), HERE).await;
        let (reader, writer) = (app.bearer(&key), app.bearer(&key));
        let act = Box::pin(async {
            let path = format!("/agency/claims/{OTHER}/{FOREIGN}/2026Q2/acts");
            let sent = json!({ "act": "message", "text": "Merci." });
            writer.post(path, sent).if_match("*").await.expect(200);
        });
        let told = answered(&metrics, &reader, act).await.expect(200);
        assert_eq!(told["items"][0]["action"], "activityReport.messageWritten");
        assert_eq!((&told["items"][0]["organiserId"], &told["upTo"]), (&json!(OTHER), &json!(1)));
        until_waiting(&metrics, 0).await;
        reader.get("/agency/changes?wait=31").await.refused(400, "badRequest");
    })
    .await;
}

#[tokio::test]
async fn a_reader_of_payments_waits_on_when_something_is_done_to_a_claim() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        bare_claim(&app, ORGANISER, SECOND, "2026Q2").await;
        let writer = app.bearer(&issue(&app, "Écrivain", every_scope(), HERE).await);
        let scopes = [AgencyScope::PaymentsRead].into_iter().collect();
        let reader = app.bearer(&issue(&app, "Paiements", scopes, HERE).await);
        let both = Box::pin(async {
            let path = format!("/agency/claims/{ORGANISER}/{SECOND}/2026Q2/acts");
            writer.post(path, json!({ "act": "takeUp" })).if_match("*").await.expect(200);
            let payment = json!({ "oneNumber": "63/25118/01", "quarter": "2026Q2", "type": "subsidy",
                "paidOn": "2026-10-01", "amountCents": 100, "reference": "ONE-1" });
            writer.post("/agency/subsidyPayments", json!({ "payments": [payment] })).await.expect(201);
        });
        let told = answered(&metrics, &reader, both).await.expect(200);
        let actions = told.each("items", "action");
        assert_eq!((actions, &told["upTo"]), (vec![json!("subsidyPayment.recorded")], &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn the_poll_of_a_revoked_key_ends() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        let key = issue(&app, "Suivi", every_scope(), HERE).await;
        let id = AgencyKeyText::parse(&key).unwrap().id();
        let revoke = Box::pin(async {
            let actor = Actor::operator("tests");
            assert!(agency_keys::revoke(app.app.acting_as(&actor), id).await.unwrap().1);
        });
        let told = answered(&metrics, &app.bearer(&key), revoke).await.refused(401, "invalidAccessToken");
        assert!(told["revokedAt"].is_string(), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn the_poll_of_an_agent_who_is_removed_ends() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        let agent = app.agent().await;
        let remove = Box::pin(async {
            let actor = Actor::operator("tests");
            agents::remove(app.app.acting_as(&actor), "ONE-1207").await.unwrap();
        });
        answered(&metrics, &agent, remove).await.refused(401, "noAccessToken");
    })
    .await;
}
