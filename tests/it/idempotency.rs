//! Creations that are sent again with their `Idempotency-Key`.

use std::future::IntoFuture as _;

use passerelle::app::retention::RetentionJob;
use passerelle::domain::retention::Retention;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app};
use crate::harness::call::{Call, Persona, Reply};
use crate::harness::database::each_engine;

const KEY: &str = "3f0b6d9e-5a5e-4a59-9a0c-0a9b2f6c7d11";

fn sheet(family_name: &str) -> Value {
    json!({ "inami": "17385467004", "givenName": "Youssef", "familyName": family_name, "street": "Rue des Tilleuls",
        "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
        "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example", "function": "paediatrician",
        "startDate": "2026-09-01", "crecheIds": [CRECHE] })
}

fn add<'a>(who: &Persona<'a>, key: &str, document: Value) -> Call<'a> {
    who.post("/doctors", document).header("idempotency-key", key)
}

fn apply<'a>(who: &Persona<'a>, key: &str, name: &str) -> Call<'a> {
    let application = json!({ "name": name, "vendor": "Exemple", "scopes": ["events:read"] });
    who.post("/applications", application).header("idempotency-key", key)
}

async fn count(who: &Persona<'_>, path: &str) -> usize {
    who.get(path).await.expect(200)["items"].as_array().unwrap().len()
}

fn response_parts(reply: &Reply) -> (u16, Vec<u8>, String, String) {
    let header = |name| reply.header(name).to_owned();
    (reply.status, reply.bytes.to_vec(), header("location"), header("content-type"))
}

#[tokio::test]
async fn the_same_creation_again_gets_the_first_answer_and_creates_nothing() {
    each_app(async |app| {
        let (vendor, before) = (app.vendor(), count(&app.vendor(), "/doctors").await);
        let first = add(&vendor, KEY, sheet("Exemple")).await.expect(201);
        assert!(!first.header("location").is_empty());
        for key in [KEY, &format!("\"{KEY}\""), &format!(" {KEY} ")] {
            assert_eq!(response_parts(&add(&vendor, key, sheet("Exemple")).await), response_parts(&first), "{key}");
        }
        assert_eq!(count(&vendor, "/doctors").await, before + 1);
        let again = vendor.post("/doctors", sheet("Exemple")).await;
        again.refused(400, "badRequest");
    })
    .await;
}

#[tokio::test]
async fn the_same_key_with_something_else_is_refused() {
    each_app(async |app| {
        let vendor = app.vendor();
        add(&vendor, KEY, sheet("Exemple")).await.expect(201);
        add(&vendor, KEY, sheet("Autre")).await.refused(422, "idempotencyKeyReused");
        vendor
            .post("/staffMembers", json!({}))
            .header("idempotency-key", KEY)
            .await
            .refused(422, "idempotencyKeyReused");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_does_not_use_the_key() {
    each_app(async |app| {
        let vendor = app.vendor();
        for _ in 0..2 {
            let tried = vendor.post("/doctors?dryRun=true", sheet("Exemple")).header("idempotency-key", KEY).await;
            tried.expect(200);
        }
        add(&vendor, KEY, sheet("Exemple")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_its_caller() {
    each_app(async |app| {
        let (vendor, person) = (app.vendor(), app.person(ADMINISTRATOR).await);
        add(&vendor, KEY, sheet("Exemple")).await.expect(201);
        let other = app.other_organiser();
        assert_ne!(add(&other, KEY, sheet("Autre")).await.status, 422);
        let made = apply(&person, KEY, "Une").await.expect(201);
        assert_eq!(response_parts(&apply(&person, KEY, "Une").await), response_parts(&made));
    })
    .await;
}

#[tokio::test]
async fn a_refused_request_may_be_corrected_under_the_same_key() {
    each_app(async |app| {
        let vendor = app.vendor();
        let mut wrong = sheet("Exemple");
        wrong["inami"] = json!("1");
        add(&vendor, KEY, wrong).await.refused(400, "badRequest");
        add(&vendor, KEY, sheet("Exemple")).await.expect(201);
        for key in ["", "\"\"", &"x".repeat(256)] {
            let refused = add(&vendor, key, sheet("Exemple")).await;
            assert_eq!(refused["issues"][0]["code"], "request.malformedIdempotencyKey");
            refused.refused(400, "badRequest");
        }
        let twice = add(&vendor, "a", sheet("Exemple")).header("idempotency-key", "b").await;
        assert_eq!(twice["issues"][0]["code"], "request.repeatedHeader");
    })
    .await;
}

#[tokio::test]
async fn of_two_concurrent_requests_one_creates() {
    each_app(async |app| {
        let person = app.person(ADMINISTRATOR).await;
        let before = count(&person, "/applications").await;
        let both = tokio::join!(apply(&person, KEY, "Une").into_future(), apply(&person, KEY, "Une").into_future());
        let (first, second) = if both.0.status == 201 { both } else { (both.1, both.0) };
        let first = first.expect(201);
        match second.status {
            409 => drop(second.refused(409, "idempotencyKeyInUse")),
            _ => assert_eq!(response_parts(&second), response_parts(&first)),
        }
        assert_eq!(count(&person, "/applications").await, before + 1);
        assert_eq!(response_parts(&apply(&person, KEY, "Une").await), response_parts(&first));
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_returned_again_to_its_creator() {
    each_app(async |app| {
        let person = app.person(ADMINISTRATOR).await;
        let application = apply(&person, KEY, "Une").await.expect(201);
        let path = format!("/applications/{}/apiKeys", application["id"].as_str().unwrap());
        let issue = || person.post(&path, json!({ "kind": "test" })).header("idempotency-key", "other");
        let issued = issue().await.expect(201);
        assert_eq!(issue().await.expect(201)["key"], issued["key"]);
        assert_eq!(count(&person, &path).await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day_sealed_and_then_removed() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let person = app.person(ADMINISTRATOR).await;
        app.travel("2026-10-12T09:00:00+02:00");
        apply(&person, KEY, "Une").await.expect(201);
        add(&app.vendor(), KEY, sheet("Introuvable")).await.expect(201);
        let clear = format!(
            "update idempotent_request set at = at where key_hash like '%{KEY}%' or request_hash like '%Introuvable%'"
        );
        assert_eq!(database.tamper(clear).await, 0);
        assert_eq!(database.tamper("update idempotent_request set at = at where answer is not null").await, 2);
        assert!(!sealed(database).await.windows(11).any(|part| part == b"Introuvable"));
        assert_eq!(database.tamper("update idempotent_request set answer = null").await, 2);
        apply(&person, KEY, "Une").await.refused(409, "idempotencyKeyInUse");

        let mut daily = RetentionJob::new(Retention { statement_years: 10, staff_years: 5, technical_months: 13 });
        app.travel("2026-10-13T08:59:00+02:00");
        assert_eq!(daily.run_if_due(&app.app).await.unwrap().unwrap().total().answers, 0);
        app.travel("2026-10-14T09:00:01+02:00");
        let person = app.person(ADMINISTRATOR).await;
        let before = count(&person, "/applications").await;
        apply(&person, KEY, "Autre").await.expect(201);
        assert_eq!(count(&person, "/applications").await, before + 1);
        assert_eq!(daily.run_if_due(&app.app).await.unwrap().unwrap().total().answers, 1);
    })
    .await;
}

/// Every stored response, as it is in the database.
async fn sealed(database: &crate::harness::database::Database) -> Vec<u8> {
    use passerelle::store::EngineTx;
    const ALL: &str = "select answer from idempotent_request";
    let mut tx = database.db.read().await.unwrap();
    let rows: Vec<(Vec<u8>,)> = match &mut tx.on {
        EngineTx::Sqlite(tx) => sqlx::query_as(ALL).fetch_all(&mut **tx).await.unwrap(),
        EngineTx::Postgres(tx) => sqlx::query_as(ALL).fetch_all(&mut **tx).await.unwrap(),
        _ => unreachable!("it has begun"),
    };
    rows.into_iter().flat_map(|row| row.0).collect()
}
