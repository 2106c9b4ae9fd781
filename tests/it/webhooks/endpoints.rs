//! Making, verifying, changing and removing endpoints.

use std::collections::HashSet;

use axum::http::{Method, StatusCode};
use axum::response::IntoResponse as _;
use base64::prelude::{BASE64_STANDARD as STANDARD, Engine as _};
use passerelle::domain::key::Scope;
use serde_json::{Value, json};

use super::deposit;
use crate::harness::app::{ADMINISTRATOR, CRECHE, FOREIGN, SECOND, TestApp, each_app};
use crate::harness::database::each_engine;
use crate::harness::receiver::{Receiver, deliver, verified};

#[tokio::test]
async fn an_endpoint_is_made_verified_read_changed_and_deleted() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let vendor = app.vendor();
        let document = json!({ "url": receiver.url(), "description": "Comptabilité", "creches": [CRECHE],
            "eventTypes": ["attendanceStatement.deposited"], "headers": [{ "name": "X-Tenant", "value": "loups 21030512385" }],
            "deliveriesPerSecond": 7 });
        let made = vendor.post("/webhookEndpoints", document).await.expect(201);
        made.has(&json!({ "state": "pending", "headers": [{ "name": "X-Tenant" }] }));
        let path = format!("/webhookEndpoints/{}", made["id"].as_str().unwrap());
        assert!(made.header("location").ends_with(&path));
        let secret = made["secret"].as_str().unwrap();

        deposit(app, 7).await;
        deliver(app).await;
        assert!(receiver.arrived().is_empty(), "nothing is told before the verification");

        let done = vendor.post(format!("{path}/verifications"), json!({})).await.expect(200);
        done.has(&json!({ "verified": true, "attempt/status": 204 }));
        let test = receiver.next().await;
        assert!(test.is_signed_with(secret) && test.header("x-tenant") == "loups 21030512385");
        assert_eq!((test.method.clone(), &test.event()["number"]), (Method::POST, &json!(0)));

        let read = vendor.get(&path).await.expect(200);
        read.has(&json!({ "state": "active", "secret": null, "deliveriesPerSecond": 7 }));
        let changed = vendor.patch(&path, json!({ "description": null, "headers": null, "state": "paused" })).await.expect(200);
        changed.has(&json!({ "state": "paused", "reason": "person", "written": true, "description": null, "headers": [] }));
        let other = vendor.patch(&path, json!({ "signing": "v1a" })).await.refused(400, "badRequest");
        assert_eq!(other["issues"][0]["code"], "webhook.signingFixed");
        let same = vendor.patch(&path, json!({ "state": "paused" })).await.expect(200);
        assert_eq!(same["written"], false);
        assert_eq!(vendor.get("/webhookEndpoints").await.expect(200)["items"][0]["id"], made["id"]);

        vendor.delete(&path).await.expect(204);
        vendor.get(&path).await.refused(404, "resourceNotFound");
        let deeds: Vec<_> = app.audit().await.into_iter().map(|link| link.entry.action).filter(|deed| deed.starts_with("webhook")).collect();
        let expected = ["created", "tested", "verified", "changed", "deleted"].map(|deed| format!("webhookEndpoint.{deed}"));
        assert_eq!(deeds, expected);
    })
    .await;
}

#[tokio::test]
async fn an_invalid_endpoint_is_refused_with_its_places() {
    each_app(async |app| {
        let url = |url: &str| json!({ "url": url });
        let with = |member: &str, value: Value| {
            let mut document = url("https://creche.example/hook");
            document[member] = value;
            document
        };
        let header = |name: &str| with("headers", json!([{ "name": name, "value": "x" }]));
        for (document, place, code) in [
            (json!({}), "/url", "input.required"),
            (url(" https://creche.example"), "/url", "input.malformed"),
            (url("creche.example"), "/url", "webhook.unusableUrl"),
            (url("ftp://creche.example"), "/url", "webhook.unusableUrl"),
            (url("https://creche.example/#here"), "/url", "webhook.unusableUrl"),
            (url("https://creche.example:0/"), "/url", "webhook.unusableUrl"),
            (url("https://me:secret@creche.example/"), "/url", "webhook.credentialsInUrl"),
            (url("https://me@creche.example/"), "/url", "webhook.credentialsInUrl"),
            (url("http://creche.example/"), "/url", "webhook.notEncrypted"),
            (url("https://10.0.0.7/"), "/url", "webhook.internalAddress"),
            (url("https://169.254.169.254/latest/meta-data"), "/url", "webhook.internalAddress"),
            (url("https://[::ffff:10.0.0.7]/"), "/url", "webhook.internalAddress"),
            (with("eventTypes", json!([])), "/eventTypes", "input.malformed"),
            (with("eventTypes", json!(["child.born"])), "/eventTypes/0", "input.malformed"),
            (with("creches", json!([CRECHE, FOREIGN])), "/creches/1", "application.unknownCreche"),
            (with("signing", json!("v2")), "/signing", "input.malformed"),
            (with("deliveriesPerSecond", json!(0)), "/deliveriesPerSecond", "input.malformed"),
            (with("deliveriesPerSecond", json!(1001)), "/deliveriesPerSecond", "input.malformed"),
            (with("state", json!("active")), "/state", "webhook.notVerified"),
            (with("colour", json!("red")), "/colour", "input.unknownProperty"),
            (header("Webhook-Id"), "/headers/0/name", "webhook.reservedHeader"),
            (header("content-type"), "/headers/0/name", "webhook.reservedHeader"),
            (header("X Y"), "/headers/0/name", "input.malformed"),
        ] {
            let refused = app.vendor().post("/webhookEndpoints", document.clone()).await.refused(400, "badRequest");
            println!("{document}");
            refused.has(&json!({ "issues/0/name": place, "issues/0/code": code }));
            assert_eq!(refused["issues"].as_array().unwrap().len(), 1, "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_endpoint_that_refuses_the_test_remains_unverified() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let vendor = app.vendor();
        let made = vendor.post("/webhookEndpoints", json!({ "url": receiver.url() })).await.expect(201);
        let path = format!("/webhookEndpoints/{}", made["id"].as_str().unwrap());
        receiver.answer(|_| (StatusCode::FORBIDDEN, "unknown child 21030512385").into_response());
        let failed = vendor.post(format!("{path}/verifications"), json!({ "method": "test" })).await.expect(200);
        failed.has(&json!({
            "verified": false, "webhookEndpoint/state": "pending",
            "attempt/failure": "status", "attempt/answer": "unknown child •••",
        }));
        let refused = vendor.patch(&path, json!({ "state": "active" })).await.refused(400, "badRequest");
        assert_eq!(refused["issues"][0]["code"], "webhook.notVerified");

        let handshake = json!({ "method": "handshake" });
        let silent = vendor.post(format!("{path}/verifications"), handshake.clone()).await.expect(200);
        assert_eq!(silent["attempt"]["failure"], "noConsent");
        receiver.arrived();
        receiver.answer(|_| {
            let consent = [("webhook-allowed-origin", "passerelle.example"), ("webhook-allowed-rate", "120")];
            (StatusCode::IM_A_TEAPOT, consent).into_response()
        });
        let consents = vendor.post(format!("{path}/verifications"), handshake).await.expect(200);
        // It allows 120 a minute.
        consents.has(&json!({
            "verified": true, "webhookEndpoint/state": "active", "webhookEndpoint/deliveriesPerSecond": 2,
        }));
        let asked = receiver.next().await;
        assert_eq!(
            (asked.method.clone(), asked.header("webhook-request-origin")),
            (Method::OPTIONS, "passerelle.example")
        );

        let moved = vendor.patch(&path, json!({ "url": format!("{}/elsewhere", receiver.url()) })).await.expect(200);
        assert_eq!(moved["state"], "pending", "another address is verified anew");
    })
    .await;
}

#[tokio::test]
async fn an_application_sees_its_own_endpoints_and_within_its_crèches_a_person_all() {
    each_app(async |app| {
        let receiver = Receiver::start().await;
        let document = |creches: Value| json!({ "url": receiver.url(), "creches": creches });
        let administrator = app.person(ADMINISTRATOR).await;
        let by_person = administrator.post("/webhookEndpoints", document(json!([CRECHE]))).await.expect(201);
        let by_vendor = app.vendor().post("/webhookEndpoints", document(json!([CRECHE]))).await.expect(201);
        let listed = async |reply: crate::harness::call::Call<'_>| {
            let items = reply.await.expect(200).json["items"].take();
            items.as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<HashSet<_>>()
        };
        let (none, own) = (HashSet::new(), HashSet::from([by_vendor["id"].clone()]));
        let both = HashSet::from([by_person["id"].clone(), by_vendor["id"].clone()]);
        assert_eq!(listed(administrator.get("/webhookEndpoints")).await, both);
        assert_eq!(listed(app.vendor().get("/webhookEndpoints")).await, own);
        assert_eq!(listed(app.other_organiser().get("/webhookEndpoints")).await, none);
        let limited = app.limited_to(&[SECOND]).await;
        assert_eq!(listed(limited.get("/webhookEndpoints")).await, none);
        let wide = limited.post("/webhookEndpoints", json!({ "url": receiver.url() })).await.refused(400, "badRequest");
        assert_eq!(wide["issues"][0]["code"], "webhook.beyondReach");
        limited.post("/webhookEndpoints", document(json!([CRECHE]))).await.refused(400, "badRequest");
        limited.post("/webhookEndpoints", document(json!([SECOND]))).await.expect(201);
        app.with_scopes([Scope::EventsRead]).await.get("/webhookEndpoints").await.refused(403, "missingScope");
    })
    .await;
}

#[tokio::test]
async fn a_change_that_the_contract_forbids_is_refused() {
    each_app(async |app| {
        let made = app.vendor().post("/webhookEndpoints", json!({ "url": "https://creche.example/hook" })).await.expect(201);
        let path = format!("/webhookEndpoints/{}?dryRun=true", made["id"].as_str().unwrap());
        let schema = "/components/schemas/WebhookEndpointPatch";
        let many: Vec<_> = (0..11).map(|at| json!({ "name": format!("x-{at}"), "value": "1" })).collect();
        for wrong in [
            json!({ "colour": "red" }),
            json!({ "signing": "v1a" }),
            json!({ "url": "" }),
            json!({ "url": null }),
            json!({ "description": "x".repeat(201) }),
            json!({ "description": 7 }),
            json!({ "eventTypes": [] }),
            json!({ "eventTypes": ["child born"] }),
            json!({ "creches": [] }),
            json!({ "creches": ["here"] }),
            json!({ "headers": many }),
            json!({ "deliveriesPerSecond": 0 }),
            json!({ "deliveriesPerSecond": 1001 }),
            json!({ "deliveriesPerSecond": "10" }),
            json!({ "state": "pending" }),
        ] {
            let found = crate::harness::contract::faults(schema, &wrong);
            let status = app.vendor().patch(&path, wrong.clone()).await.status;
            assert_eq!((found.is_empty(), status), (false, 400), "{wrong}");
        }
        for right in [
            json!({}),
            json!({ "description": null, "eventTypes": null, "creches": null, "headers": null, "deliveriesPerSecond": null, "state": null }),
            json!({ "deliveriesPerSecond": 1000, "state": "paused", "headers": [{ "name": "x-a", "value": "1" }] }),
        ] {
            let found = crate::harness::contract::faults(schema, &right);
            assert_eq!(found, [""; 0], "{right}");
            app.vendor().patch(&path, right).await.expect(200);
        }
    })
    .await;
}

#[tokio::test]
async fn an_organiser_has_fifty_endpoints_at_most_and_a_trial_key_only_tries() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        let (live, trial) = (app.live().await, app.trial().await);
        let document = json!({ "url": "https://creche.example/hook" });
        let tried = trial.post("/webhookEndpoints", document.clone()).await.expect(200);
        assert_eq!((&tried["written"], &tried["secret"]), (&json!(false), &Value::Null));
        let dry = live.post("/webhookEndpoints?dryRun=true", document.clone()).await.expect(200);
        assert_eq!(dry["written"], false);
        let made = live.post("/webhookEndpoints", document.clone()).await.expect(201);
        let path = format!("/webhookEndpoints/{}", made["id"].as_str().unwrap());
        assert_eq!(trial.patch(&path, json!({ "description": "Essai" })).await.expect(200)["written"], false);
        trial.delete(&path).await.refused(403, "missingPermission");
        for _ in 1..50 {
            live.post("/webhookEndpoints", document.clone()).await.expect(201);
        }
        let refused = live.post("/webhookEndpoints", document).await.refused(400, "badRequest");
        assert_eq!(refused["issues"][0]["code"], "webhook.tooMany");
    })
    .await;
}

#[tokio::test]
async fn an_endpoint_with_a_public_key_is_changed_and_its_key_rotated_like_any_other() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let vendor = app.vendor();
        let types = json!({ "signing": "v1a", "eventTypes": ["attendanceStatement.deposited", "doctor.validated"] });
        let (path, secret) = verified(&vendor, &mut receiver, types).await;
        assert!(secret.is_empty());
        let changed = vendor.patch(&path, json!({ "description": "Compta", "state": "paused" })).await.expect(200);
        assert_eq!((&changed["signing"], &changed["state"]), (&json!("v1a"), &json!("paused")));
        let key = changed["publicKey"].as_str().unwrap().to_owned();
        let rotated = vendor.post(format!("{path}/secrets"), json!({})).await.expect(201);
        assert!(rotated["publicKey"].as_str().unwrap().starts_with("whpk_") && rotated["secret"].is_null());
        let read = vendor.get(&path).await.expect(200);
        assert!(read["publicKey"] == rotated["publicKey"] && read["publicKey"] != key.as_str());
        vendor.patch(&path, json!({ "state": "active" })).await.expect(200);
        deposit(app, 7).await;
        deliver(app).await;
        let signatures = receiver.next().await.header("webhook-signature").to_owned();
        assert_eq!(signatures.split(' ').filter(|signature| signature.starts_with("v1a,")).count(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_replaces_the_old_one_and_both_sign_for_a_while() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let vendor = app.vendor();
        let (path, former) = verified(&vendor, &mut receiver, json!({})).await;
        let rotated = vendor.post(format!("{path}/secrets"), json!({ "overlapHours": 2 })).await.expect(201);
        let secret = rotated["secret"].as_str().unwrap().to_owned();
        assert_eq!(rotated["formerEndsAt"], "2026-10-12T09:00:00Z");
        let received_about = async |receiver: &mut Receiver, month| {
            deposit(app, month).await;
            deliver(app).await;
            receiver.next().await
        };
        let both = received_about(&mut receiver, 7).await;
        assert!(both.is_signed_with(&former) && both.is_signed_with(&secret));
        app.travel("2026-10-12T09:00:00Z");
        let one = received_about(&mut receiver, 8).await;
        assert!(!one.is_signed_with(&former) && one.is_signed_with(&secret));
        vendor.post(format!("{path}/secrets"), json!({ "overlapHours": 169 })).await.refused(400, "badRequest");
        let at_once = vendor.post(format!("{path}/secrets"), json!({ "overlapHours": 0 })).await.expect(201);
        let last = received_about(&mut receiver, 9).await;
        assert!(!last.is_signed_with(&secret) && last.is_signed_with(at_once["secret"].as_str().unwrap()));
    })
    .await;
}

#[tokio::test]
async fn neither_secrets_nor_personal_data_in_responses_are_stored_in_clear() {
    each_engine(async |database| {
        let (app, mut receiver) = (TestApp::start(database).await, Receiver::start().await);
        let headers = json!({ "headers": [{ "name": "X-Api-Key", "value": "sesame-of-loups" }] });
        let (path, secret) = verified(&app.vendor(), &mut receiver, headers).await;
        receiver.answer(|_| (StatusCode::OK, "child 21.03.05-123.85 of nadia@exemple.be").into_response());
        deposit(&app, 7).await;
        deliver(&app).await;
        receiver.next().await;
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let kept = database.dump().await;
        let holds = |needle: &[u8]| kept.iter().any(|(_, cell)| cell.windows(needle.len()).any(|part| part == needle));
        for needle in
            [&bytes[..], secret.as_bytes(), b"sesame-of-loups", receiver.url().as_bytes(), b"123.85", b"nadia@"]
        {
            assert!(!holds(needle), "{:?}", String::from_utf8_lossy(needle));
        }
        assert!(holds("child ••• of •••".as_bytes()), "the rest is there");
        let said = app.vendor().get(&path).await.expect(200);
        assert!(!String::from_utf8_lossy(&said.bytes).contains("sesame"));
    })
    .await;
}
