//! The agency's feed: complete and in one order, from the beginning on, whatever is written at the same time.

use std::future::IntoFuture as _;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{bare_claim, changes, claim, software};
use crate::claims::{attendance, send_signature, signed};
use crate::harness::app::{CRECHE, FOREIGN, ORGANISER, OTHER, TestApp, UNSUBSIDISED, each_app};
use crate::harness::database::each_engine;
use crate::harness::statement::Sheet;

/// What the feed has, without its numbers.
fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everything_that_is_done_to_a_claim_is_in_the_feed() {
    each_app(async |app| {
        let director = signed(app).await;
        let reader = software(app).await;
        let act = async |document: Value| {
            reader.post(claim("/acts"), document).if_match("*").await.expect(200);
        };
        act(json!({ "act": "takeUp" })).await;
        act(json!({ "act": "return", "reason": "Juillet." })).await;
        let july = format!("{}?correctionReason=agencyRequest", attendance("2026-07"));
        app.vendor().put(july, Sheet::of("2026-07").children(1, "1:P")).if_match("*").await.expect(200);
        director.send(crate::claims::page("/message"), &[("message", "Corrigé.")]).await.expect(303);
        send_signature(&director).await.expect(303);
        act(json!({ "act": "takeUp" })).await;
        act(json!({ "act": "acceptWithRemarks", "reason": "Merci." })).await;
        let all = changes(&reader, 0).await;
        let report = |what: &str| format!("activityReport.{what}");
        let wanted = ["signed", "takenUp", "returned", "corrected", "messageWritten", "signed", "takenUp", "accepted"];
        assert_eq!(actions(&all), wanted.map(report));
        let numbers: Vec<_> = all.iter().map(|entry| entry["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
        assert_eq!((&all[0]["organiserId"], &all[0]["crecheId"]), (&json!(ORGANISER), &json!(CRECHE)));
        let page = reader.get("/agency/changes?after=2&pageSize=3").await.expect(200);
        assert_eq!((&page["upTo"], page["items"].as_array().unwrap().len()), (&json!(5), 3));
        assert!(page["next"].as_str().unwrap().ends_with("/agency/changes?after=5&pageSize=3"));
        let end = reader.get("/agency/changes?after=8").await.expect(200);
        assert_eq!((&end["upTo"], &end["items"]), (&json!(8), &json!([])));
        let beyond = reader.get("/agency/changes?after=9").await.refused(409, "afterFeedEnd");
        assert_eq!(beyond["upTo"], 8);
    })
    .await;
}

#[tokio::test]
async fn a_reader_misses_nothing_while_many_write() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let claims = [(ORGANISER, CRECHE), (ORGANISER, UNSUBSIDISED), (OTHER, FOREIGN)];
        for (organiser, creche) in claims {
            bare_claim(&app, organiser, creche, "2026Q2").await;
        }
        let reader = software(&app).await;
        let router = app.way_in();
        let key = super::issue(&app, "Écrivain", super::every_scope(), super::HERE).await;
        let mut writers = JoinSet::new();
        for turn in 0..60 {
            let (organiser, creche) = claims[turn % claims.len()];
            let (router, key) = (router.clone(), key.clone());
            writers.spawn(async move {
                let path = format!("/agency/claims/{organiser}/{creche}/2026Q2/acts");
                let writer = crate::harness::call::Persona::new(&router, Some(&key));
                let message = json!({ "act": "message", "text": format!("Message {turn}") });
                writer.post(path, message).into_future().await.expect(200);
            });
        }
        let (mut seen, mut finished) = (0, false);
        while !finished {
            finished = writers.is_empty();
            for entry in changes(&reader, seen).await {
                assert_eq!(entry["number"], seen + 1, "no entry appears before an earlier one");
                seen += 1;
            }
            if let Some(done) = writers.join_next().await {
                done.unwrap();
            }
        }
        assert_eq!(seen, 60);
    })
    .await;
}

#[tokio::test]
async fn what_was_done_before_the_feed_existed_is_in_it() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let _director = signed(&app).await;
        let reader = software(&app).await;
        reader.post(claim("/acts"), json!({ "act": "takeUp" })).if_match("*").await.expect(200);
        app.travel("2026-10-13T09:00:00+02:00");
        let july = format!("{}?correctionReason=other", attendance("2026-07"));
        app.vendor().put(july, Sheet::of("2026-07").children(1, "1:P")).if_match("*").await.expect(200);
        let before = changes(&reader, 0).await;
        assert_eq!(before.len(), 3);
        database.tamper("delete from claim_change").await;
        database.tamper("delete from agency_feed").await;
        let migration = include_str!("../../../migrations/0027_agency_api.sql");
        let (_, filling) = migration.split_once("-- What was done before").unwrap();
        let statements = filling.split_once('\n').unwrap().1.split(';').map(str::trim).filter(|one| !one.is_empty());
        for statement in statements {
            database.tamper(statement).await;
        }
        assert_eq!(changes(&reader, 0).await, before);
    })
    .await;
}
