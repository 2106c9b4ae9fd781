//! Every write of the register leaves its verdict, as deposits of statements do: accepted, refused, tried and unchanged.

use std::sync::Arc;

use axum::http::Method;
use passerelle::domain::deposit::{DepositOutcome, DepositSubject};
use passerelle::domain::key::Deployment;
use serde_json::{Value, json};

use super::person;
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp};
use crate::harness::call::{JSON, Persona, Reply};
use crate::harness::database::each_engine;

async fn patch(who: &Persona<'_>, id: &str, change: Value, more: &str) -> Reply {
    let path = format!("/staffMembers/{id}{more}");
    who.call(Method::PATCH, path).if_match("*").body(JSON, change.to_string()).await
}

/// A verdict in short: how it ended, errors, warnings, revision.
type Short = (DepositOutcome, u32, u32, Option<u32>);

async fn left(app: &TestApp) -> Vec<Short> {
    let verdicts = app.verdicts().await;
    assert!(verdicts.iter().all(|verdict| verdict.subject == DepositSubject::StaffRegister && verdict.key.is_some()));
    let mut short: Vec<_> = verdicts.iter().map(|one| (one.outcome, one.errors, one.warnings, one.revision)).collect();
    short.sort_by_key(|(outcome, errors, warnings, revision)| (outcome.code(), *errors, *warnings, *revision));
    short
}

/// What was left since `before`.
async fn since(app: &TestApp, before: &mut Vec<Short>) -> Vec<Short> {
    let now = left(app).await;
    let mut new = now.clone();
    for old in before.iter() {
        new.remove(new.iter().position(|one| one == old).expect("verdicts stay"));
    }
    *before = now;
    new
}

#[tokio::test]
async fn every_write_records_its_verdict_and_is_counted() {
    each_engine(async |database| {
        let mut metrics = None;
        let app =
            TestApp::with(database, Deployment::Sandbox, |around| metrics = Some(Arc::clone(&around.metrics))).await;
        let vendor = app.vendor();
        let mut before = Vec::new();
        let (accepted, refused, tried) = (DepositOutcome::Accepted, DepositOutcome::Refused, DepositOutcome::DryRun);

        let ann = || person("E-77", None, "Claes");
        let entered = vendor.post("/staffMembers", ann()).await.expect(201);
        let id = entered["id"].as_str().unwrap();
        let first = since(&app, &mut before).await;
        assert_eq!(first.len(), 1);
        let revision = first[0].3.expect("a revision");
        assert_eq!(first, [(accepted, 0, 1, Some(revision))]);

        vendor.post("/staffMembers", ann()).await.expect(400);
        assert_eq!(since(&app, &mut before).await, [(refused, 1, 0, None)]);
        vendor.post("/staffMembers?dryRun=true", ann()).await.expect(400);
        assert_eq!(since(&app, &mut before).await, [(tried, 1, 0, None)]);
        vendor.post("/staffMembers?dryRun=true", person("E-78", None, "Adam")).await.expect(200);
        assert_eq!(since(&app, &mut before).await, [(tried, 0, 1, None)]);

        patch(&vendor, id, json!({ "familyName": "Claesen" }), "").await.expect(200);
        assert_eq!(since(&app, &mut before).await, [(accepted, 0, 1, Some(revision + 1))]);
        patch(&vendor, id, json!({ "familyName": "Claesen" }), "").await.expect(200);
        assert_eq!(since(&app, &mut before).await, [(DepositOutcome::Unchanged, 0, 1, Some(revision + 1))]);
        patch(&vendor, id, json!({ "familyName": "Claesens" }), "?dryRun=true").await.expect(200);
        patch(&vendor, id, json!({ "familyName": 7 }), "").await.expect(400);
        assert_eq!(since(&app, &mut before).await, [(tried, 0, 1, None), (refused, 1, 1, None)]);

        let stored = vendor.get("/staffRegister").await.expect(200)["members"].clone();
        let put = |document: Value, more: &'static str| {
            let call = vendor.call(Method::PUT, format!("/staffRegister{more}")).if_match("*");
            call.body(JSON, document.to_string())
        };
        put(json!({ "members": stored }), "").await.expect(200);
        let unchanged = since(&app, &mut before).await;
        assert_eq!((unchanged[0].0, unchanged[0].3), (DepositOutcome::Unchanged, Some(revision + 1)));
        put(json!({ "members": [{}] }), "").await.expect(400);
        put(json!({ "members": [person("E-79", None, "Adam")] }), "?dryRun=true").await.expect(200);
        put(json!({ "members": [person("E-79", None, "Adam")] }), "").await.expect(200);
        let outcomes: Vec<_> = since(&app, &mut before).await.iter().map(|one| (one.0, one.3)).collect();
        assert_eq!(outcomes, [(accepted, Some(revision + 2)), (tried, None), (refused, None)]);

        let validations = format!("/creches/{CRECHE}/staffValidations");
        vendor.post(&validations, json!({ "year": 2026 })).await.expect(201);
        vendor.post(&validations, json!({ "year": 1999 })).await.expect(400);
        let outcomes: Vec<_> = since(&app, &mut before).await.iter().map(|one| one.0).collect();
        assert_eq!(outcomes, [accepted, refused]);

        // A write that is not validated, because of a conflict or an unknown person, has no verdict.
        let stale = vendor.call(Method::PATCH, format!("/staffMembers/{id}")).if_match("\"99\"");
        stale.body(JSON, json!({ "familyName": "Autre" }).to_string()).await.expect(412);
        assert_eq!(since(&app, &mut before).await, []);

        app.app.keys.flush_last_use(&app.app.db).await.unwrap();
        let application = format!("/applications/{}", "019a5c00-0000-7000-8000-000000000021");
        let uses = app.person(ADMINISTRATOR).await.get(&application).await.expect(200)["uses"].clone();
        assert_eq!(uses[29]["refusals"], 4, "{uses:#}");
        let text = metrics.unwrap().text().unwrap();
        for (outcome, count) in [("accepted", 4), ("unchanged", 2), ("dryRun", 3), ("refused", 5)] {
            let line = format!("passerelle_deposits_total{{kind=\"staff\",outcome=\"{outcome}\"}} {count}");
            assert!(text.contains(&line), "{line} in {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_software_sent_lists_the_register() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        app.vendor().post("/staffMembers", person("E-77", None, "Claes")).await.expect(201);
        app.vendor().post("/staffMembers", person("E-77", None, "Claes")).await.expect(400);
        let browser = app.browser(ADMINISTRATOR).await;
        let list = "/console/applications/019a5c00-0000-7000-8000-000000000021/deposits";
        let page = browser.page(list).await.expect(200);
        page.shows(&["<a href=\"/console/staff\">Registre du personnel</a>", "Accepté", "Refusé"]);
        page.says(&["Cette personne est déjà dans votre registre."]);
        let one = browser.page(&format!("{list}?outcome=refused&q=registre")).await.expect(200);
        assert_eq!(one.text.matches("Registre du personnel</a>").count(), 1);
        let none = browser.page(&format!("{list}?creche={CRECHE}")).await.expect(200);
        assert!(!none.text.contains("Registre du personnel</a>"));
    })
    .await;
}

#[tokio::test]
async fn a_write_in_the_console_records_its_verdict_too() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let fields = [("ssin", ""), ("familyName", "Claes"), ("givenName", "Ann"), ("birthDate", "1985-03-14")];
        let fields = [&fields[..], &[("reference", "E-77")]].concat();
        browser.send("/console/staff/create", &fields).await.expect(303);
        let verdicts = app.verdicts().await;
        let listed: Vec<_> = verdicts.iter().map(|one| (one.outcome, one.channel.code(), one.application)).collect();
        assert_eq!(listed, [(DepositOutcome::Accepted, "console", None)]);
    })
    .await;
}
