//! Persons one by one: known or unknown, entered, corrected, filtered; never a number, and diplomas only with the right.

use axum::http::Method;
use passerelle::domain::key::Scope;
use serde_json::{Value, json};

use super::{contract, person, put};
use crate::harness::app::{CRECHE, FOREIGN, SECOND, TestApp, each_app};
use crate::harness::call::{JSON, Persona, Reply};
use crate::harness::database::each_engine;
use crate::harness::people;

const SSIN: &str = "85031495345";

async fn change(who: &Persona<'_>, id: &Value, change: Value) -> Reply {
    let path = format!("/staffMembers/{}", id.as_str().unwrap());
    who.call(Method::PATCH, path).if_match("*").body(JSON, change.to_string()).await
}

async fn ask(who: &Persona<'_>, question: Value) -> Reply {
    who.post("/staffMembers/query", question).await
}

fn names(list: &Reply) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["reference"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_person_is_looked_up_entered_and_then_confirmed_to_all_by_the_right_name() {
    each_app(async |app| {
        let (ours, theirs) = (app.vendor(), app.other_organiser());
        assert_eq!(
            ask(&ours, json!({ "ssin": SSIN })).await.expect(200).json,
            json!({ "known": false, "familyNameRequired": false })
        );
        let entered = ours.post("/staffMembers", person("E-9", Some(SSIN), "De Smet-Lefèvre")).await.expect(201);
        assert_eq!((&entered["ssinPresent"], &entered["contractStatus"]), (&json!(true), &json!("current")));
        assert!(!entered.json.to_string().contains(SSIN));

        assert_eq!(ask(&theirs, json!({ "ssin": SSIN })).await.expect(200)["familyNameRequired"], true);
        let wrong = ask(&theirs, json!({ "ssin": SSIN, "familyName": "Dupont" })).await.refused(400, "badRequest");
        assert_eq!(wrong.codes("issues"), ["staff.familyNameMismatch"]);
        assert!(wrong["issues"][0]["detail"].as_str().unwrap().contains("02/542.14.45"));
        let right = ask(&theirs, json!({ "ssin": SSIN, "familyName": "DE SMET LEFEVRE" })).await.expect(200);
        assert_eq!(right.json, json!({ "known": true, "familyNameRequired": false }));
        let mut known = person("X-1", Some(SSIN), "De Smet Lefevre");
        known["contracts"] = json!([contract("C-1", FOREIGN, 20)]);
        theirs.post("/staffMembers", known).await.expect(201);

        let again = ours.post("/staffMembers", person("E-10", Some(SSIN), "De Smet-Lefèvre")).await;
        let again = again.refused(400, "badRequest");
        assert_eq!(again.codes("issues"), ["staff.known"]);
        let existing = &again["issues"][0]["existing"];
        assert_eq!(existing["id"], entered["id"]);
        assert!(
            existing["href"].as_str().unwrap().ends_with(&format!("/staffMembers/{}", entered["id"].as_str().unwrap()))
        );
        let twin = ours.post("/staffMembers", person("E-9", None, "Autre")).await;
        assert_eq!(twin.refused(400, "badRequest").codes("issues"), ["staff.known"]);
    })
    .await;
}

#[tokio::test]
async fn guesses_of_names_and_numbers_are_limited() {
    each_app(async |app| {
        let (ours, theirs) = (app.vendor(), app.other_organiser());
        ours.post("/staffMembers", person("E-9", Some(SSIN), "Lambrechts")).await.expect(201);
        for name in ["Dupont", "Durand", "Martin"] {
            ask(&theirs, json!({ "ssin": SSIN, "familyName": name })).await.refused(400, "badRequest");
        }
        let slowed = ask(&theirs, json!({ "ssin": SSIN, "familyName": "Lambrechts-Maes" })).await;
        let slowed = slowed.refused(429, "tooManyFailedRequests");
        assert_eq!(slowed.header("retry-after"), "3600");
        // Nor by any other channel; and none of it is stored.
        let mut other = person("X-1", Some(SSIN), "Maes");
        other["contracts"] = json!([contract("C-1", FOREIGN, 20)]);
        theirs.post("/staffMembers", other.clone()).await.refused(429, "tooManyFailedRequests");
        theirs.put("/staffRegister", json!({ "members": [other] })).await.refused(429, "tooManyFailedRequests");
        assert_eq!(names(&theirs.get("/staffMembers").await.expect(200)), [""; 0]);
        // Nor is the right name distinguished from a wrong one; and the two organisers are counted separately.
        ask(&theirs, json!({ "ssin": SSIN, "familyName": "Lambrechts" })).await.refused(429, "tooManyFailedRequests");
        app.travel("2026-10-12T10:00:01+02:00");
        ask(&theirs, json!({ "ssin": SSIN, "familyName": "Dupont" })).await.refused(400, "badRequest");
        for number in 1..=100 {
            ask(&ours, json!({ "ssin": people::ssin(number) })).await.expect(200);
        }
        ask(&ours, json!({ "ssin": people::ssin(100) })).await.expect(200);
        ask(&ours, json!({ "ssin": people::ssin(101) })).await.refused(429, "tooManyFailedRequests");
    })
    .await;
}

#[tokio::test]
async fn a_spelling_may_be_corrected_but_not_replaced_by_another_person() {
    each_app(async |app| {
        let ours = app.vendor();
        let id = ours.post("/staffMembers", person("E-9", Some(SSIN), "Lambrechts")).await.expect(201)["id"].clone();
        let corrected = change(&ours, &id, json!({ "familyName": "Lambrecht" })).await.expect(200);
        assert_eq!((&corrected["familyName"], &corrected["written"]), (&json!("Lambrecht"), &json!(true)));
        let same = change(&ours, &id, json!({ "familyName": "Lambrecht" })).await.expect(200);
        assert_eq!(same["written"], false);
        let other = change(&ours, &id, json!({ "familyName": "Vandenbroucke" })).await.refused(400, "badRequest");
        assert_eq!(other.codes("issues"), ["staff.anotherPerson"]);
        let number = change(&ours, &id, json!({ "ssin": "79091195351" })).await.refused(400, "badRequest");
        assert_eq!(number.codes("issues"), ["staff.anotherPerson"]);
        let taken = change(&ours, &id, json!({ "reference": "E-1" })).await.refused(400, "badRequest");
        assert_eq!(taken.codes("issues"), ["staff.duplicateReference"]);
        let path = format!("/staffMembers/{}", id.as_str().unwrap());
        let stale = ours.call(Method::PATCH, path).if_match("\"1\"").body(JSON, r#"{"givenName":"Alin"}"#);
        stale.await.refused(412, "preconditionFailed");
        // The agency's record has the corrected spelling.
        let reply = ask(&app.other_organiser(), json!({ "ssin": SSIN, "familyName": "Lambrecht" })).await;
        assert_eq!(reply.expect(200)["known"], true);
    })
    .await;
}

#[tokio::test]
async fn persons_without_contract_are_listed_only_when_asked_for() {
    each_app(async |app| {
        let ours = app.vendor();
        let mut none = person("E-8", None, "Sans");
        none["contracts"] = json!([]);
        ours.post("/staffMembers", none).await.expect(201);
        let mut later = person("E-9", None, "Tard");
        later["contracts"][0]["startDate"] = "2027-01-01".into();
        ours.post("/staffMembers", later).await.expect(201);
        let list = async |query: &str| ours.get(format!("/staffMembers{query}")).await.expect(200);
        assert_eq!(names(&list("").await), ["E-3", "E-1", "E-2", "E-9"]);
        assert_eq!(names(&list("?contractStatus=noContract").await), ["E-8"]);
        assert_eq!(names(&list("?contractStatus=ended&contractStatus=notStarted").await), ["E-3", "E-9"]);
        assert_eq!(names(&list("?severalPlaces=true").await), ["E-1"]);
        assert_eq!(names(&list(&format!("?crecheId={SECOND}")).await), ["E-3", "E-1"]);
        ours.get("/staffMembers?contractStatus=gone").await.refused(400, "badRequest");
    })
    .await;
}

#[tokio::test]
async fn diplomas_need_a_right_and_other_callers_do_not_remove_them() {
    each_app(async |app| {
        let scopes = [Scope::StaffRead, Scope::StaffWrite];
        let (all, plain) = (app.vendor(), app.with_scopes(scopes).await);
        let path = "/staffMembers/019a5c00-0000-7000-8000-000000000051";
        assert_eq!(all.get(path).await.expect(200)["trainings"].as_array().unwrap().len(), 1);
        let seen = plain.get(path).await.expect(200);
        assert!(seen["trainings"].is_null() && seen["documents"].is_null(), "{}", seen.json);
        let id = seen["id"].clone();
        change(&plain, &id, json!({ "givenName": "Nadja" })).await.expect(200);
        let refused = change(&plain, &id, json!({ "trainings": [] })).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["staff.documentsNotGranted"]);
        let whole = all.get(path).await.expect(200);
        assert_eq!((&whole["givenName"], whole["trainings"].as_array().unwrap().len()), (&json!("Nadja"), 1));
    })
    .await;
}

#[tokio::test]
async fn a_key_for_one_creche_reads_and_changes_its_staff_only() {
    each_app(async |app: &TestApp| {
        let here = app.limited_to(&[CRECHE]).await;
        assert_eq!(names(&here.get("/staffMembers").await.expect(200)), ["E-1", "E-2"]);
        here.get("/staffMembers/019a5c00-0000-7000-8000-000000000053").await.refused(404, "resourceNotFound");
        let mut there = person("E-9", None, "Ailleurs");
        there["contracts"] = json!([contract("C-1", SECOND, 50)]);
        let refused = here.post("/staffMembers", there).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["staff.unknownCreche"]);
        here.get("/staffRegister").await.refused(403, "missingPermission");
        // A person who works here only may be corrected; one who also works elsewhere, only by a caller who reaches both
        // crèches.
        let id = json!("019a5c00-0000-7000-8000-000000000052");
        change(&here, &id, json!({ "givenName": "Aline-Marie" })).await.expect(200);
        let id = json!("019a5c00-0000-7000-8000-000000000051");
        let refused = change(&here, &id, json!({ "givenName": "Nadja" })).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["staff.sharedBeyondReach"]);
    })
    .await;
}

#[tokio::test]
async fn one_person_is_changed_without_opening_the_others() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let added = app.vendor().post("/staffMembers", person("X-1", None, "Maes")).await.expect(201);
        let id = added["id"].as_str().unwrap();
        // No other person could be opened.
        let broken = if database.db.is_a_file() { "x'00'" } else { "'\\x00'::bytea" };
        let others = format!("update staff_member set sealed = {broken} where id <> '{id}'");
        assert!(database.tamper(others).await > 0);
        let path = format!("/staffMembers/{id}");
        app.vendor().get(&path).await.expect(200);
        let changed = app.vendor().patch(&path, json!({ "givenName": "Alix" })).if_match(&added.etag()).await;
        assert_eq!(changed.expect(200)["givenName"], "Alix");
        assert_eq!(app.vendor().post("/staffMembers", person("X-2", None, "Peeters")).await.status, 500);
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_number_is_found_without_opening_other_persons() {
    each_app(async |app| {
        app.vendor().post("/staffMembers", person("X-1", Some("85031497721"), "Maes")).await.expect(201);
        let second = app.vendor().post("/staffMembers", person("X-2", None, "Peeters")).await.expect(201);
        let path = format!("/staffMembers/{}", second["id"].as_str().unwrap());
        let clash = app.vendor().patch(&path, json!({ "ssin": "85031497721" })).if_match("*").await.expect(400);
        assert!(clash.codes("issues").contains(&"staff.duplicateSsin"), "{}", clash.json);
        let clash = app.vendor().patch(&path, json!({ "reference": "X-1" })).if_match("*").await.expect(400);
        assert!(clash.codes("issues").contains(&"staff.duplicateReference"), "{}", clash.json);
    })
    .await;
}

#[tokio::test]
async fn a_register_of_many_persons_is_written_whole() {
    each_app(async |app| {
        let many = |family: &str| -> Vec<_> { (0..250).map(|at| person(&format!("M-{at}"), None, family)).collect() };
        put(app, &many("Maes")).await.expect(200);
        put(app, &many("Maas")).await.expect(200);
        let read = app.vendor().get("/staffRegister").await.expect(200);
        let named = read.each("members", "familyName").into_iter().filter(|name| name == "Maas").count();
        assert_eq!(named, 250);
        let functions = read.each("members", "contracts").into_iter();
        assert!(functions.filter(Value::is_array).count() >= 250);
    })
    .await;
}

#[tokio::test]
async fn a_probable_duplicate_without_a_number_has_a_warning_with_the_other_person() {
    each_app(async |app| {
        let ours = app.vendor();
        let born = |reference: &str, ssin: Option<&str>, family_name: &str| {
            let mut person = person(reference, ssin, family_name);
            person["birthDate"] = "1985-03-14".into();
            person
        };
        let first = ours.post("/staffMembers", born("E-9", None, "De Smet-Lefèvre")).await.expect(201);
        let again = ours.post("/staffMembers", born("E-10", Some(SSIN), "DE SMET LEFEVRE")).await.expect(201);
        assert!(again.codes("warnings").contains(&"staff.samePersonTwice"), "{}", again.json);
        let warning =
            again["warnings"].as_array().unwrap().iter().find(|warning| warning["code"] == "staff.samePersonTwice");
        assert_eq!(warning.unwrap()["existing"]["id"], first["id"]);
        assert!(warning.unwrap()["detail"].as_str().unwrap().contains("“E-9”"), "{again:?}");
        let read = ours.get("/staffRegister").await.expect(200);
        assert_eq!(read.codes("warnings").iter().filter(|code| **code == "staff.samePersonTwice").count(), 1);
        // Once both have a number, they are two.
        let other = change(&ours, &first["id"], json!({ "ssin": "85031495444" })).await.expect(200);
        assert!(!other.codes("warnings").contains(&"staff.samePersonTwice"), "{}", other.json);
        // A name that is changed into another person's: no other person is opened for that, but the register finds it.
        let third = ours.post("/staffMembers", born("E-11", None, "Smets")).await.expect(201);
        assert!(!third.codes("warnings").contains(&"staff.samePersonTwice"), "{}", third.json);
        change(&ours, &third["id"], json!({ "familyName": "De Smet-Lefevre" })).await.expect(200);
        let read = ours.get("/staffRegister").await.expect(200);
        assert!(read.codes("warnings").contains(&"staff.samePersonTwice"), "{}", read.json);
    })
    .await;
}
