//! Numbers that are new to their sender are look-ups, by every channel; past the hour's allowance (here a hundred look-ups
//! and three wrong names) known and unknown numbers get the same response.

use axum::http::Method;
use serde_json::{Value, json};

use super::{contract, person};
use crate::harness::app::{ADMINISTRATOR, CRECHE, FOREIGN, SECOND, TestApp, each_app};
use crate::harness::book::register;
use crate::harness::call::{JSON, Persona, Reply, XLSX};
use crate::harness::database::each_engine;
use crate::harness::people;

/// A number that the other organiser has entered, under the name Lambrechts.
const KNOWN: &str = "85031495345";

/// A new person with the invented number `number`.
fn new_person(number: u32) -> Value {
    let mut new = person(&format!("N-{number}"), Some(&people::ssin(number)), "Exemple");
    new.as_object_mut().unwrap().remove("birthDate");
    new
}

/// The other organiser has entered a person.
async fn enter_known(app: &TestApp) {
    let mut other = person("X-1", Some(KNOWN), "Lambrechts");
    other["contracts"] = json!([contract("C-1", FOREIGN, 20)]);
    app.other_organiser().post("/staffMembers", other).await.expect(201);
}

/// Uses the hour's questions up, by a register that is only tried.
async fn used_up(who: &Persona<'_>) {
    let members: Vec<_> = (1..=100).map(new_person).collect();
    let tried = who.put("/staffRegister?dryRun=true", json!({ "members": members })).await.expect(200);
    assert_eq!(tried.codes("warnings"), ["staff.leftOut"], "{:#}", tried.json);
}

/// An answer without what differs from one to the next.
fn plain(reply: &Reply) -> (u16, Value) {
    let mut json = reply.json.clone();
    for name in ["id", "href", "instance", "birthDate"] {
        json.as_object_mut().unwrap().remove(name);
    }
    (reply.status, json)
}

#[tokio::test]
async fn past_the_allowance_a_dry_run_does_not_reveal_whether_a_person_is_known() {
    each_app(async |app| {
        enter_known(app).await;
        let (all, here) = (app.vendor(), app.limited_to(&[CRECHE]).await);
        let unknown = "85031495246";
        let one = |ssin: &str| person("N-1", Some(ssin), "Dupont");
        // Until then they are distinguished.
        let refused = all.post("/staffMembers?dryRun=true", one(KNOWN)).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["staff.familyNameMismatch"]);
        app.travel("2026-10-12T10:00:01+02:00");
        used_up(&all).await;
        let tried = async |who: &Persona<'_>, ssin: &str| who.post("/staffMembers?dryRun=true", one(ssin)).await;
        let accepted = tried(&all, KNOWN).await.expect(200);
        assert_eq!(plain(&accepted), plain(&tried(&all, unknown).await));
        assert!(accepted.codes("warnings").contains(&"staff.numberNotCompared"));
        // A caller who enters persons one by one must wait.
        assert_eq!(
            plain(&tried(&here, KNOWN).await.refused(429, "tooManyFailedRequests")),
            plain(&tried(&here, unknown).await)
        );
        for question in [json!({ "ssin": KNOWN }), json!({ "ssin": unknown, "familyName": "Dupont" })] {
            all.post("/staffMembers/query", question).await.refused(429, "tooManyFailedRequests");
        }
        // It was not compared, and an hour later it is.
        app.travel("2026-10-12T11:00:02+02:00");
        tried(&all, KNOWN).await.refused(400, "badRequest");
    })
    .await;
}

#[tokio::test]
async fn a_first_register_is_accepted_past_the_allowance_without_comparing_the_rest() {
    each_app(async |app| {
        enter_known(app).await;
        let all = app.vendor();
        let with = |last: Value| (1..=149).map(new_person).chain([last]).collect::<Vec<_>>();
        let (known, unknown) =
            (with(person("N-K", Some(KNOWN), "Dupont")), with(person("N-K", Some("85031495246"), "Dupont")));
        let mut answers = Vec::new();
        for members in [&known, &unknown] {
            let document = json!({ "members": members });
            let json = all.put("/staffRegister?dryRun=true", document.clone()).await.expect(200);
            let book =
                all.call(Method::PUT, "/staffRegister?dryRun=true").body(XLSX, register(&document)).await.expect(200);
            let warning = |reply: &Reply| {
                let warnings = reply["warnings"].as_array().unwrap().iter();
                warnings
                    .filter(|one| one["code"] == "staff.numberNotCompared")
                    .map(|one| one["detail"].clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!((warning(&json).len(), warning(&json)), (1, warning(&book)));
            assert!(warning(&json)[0].as_str().unwrap().contains(": 50;"), "{:#}", json.json);
            answers.push(json.json["changes"].clone());
        }
        assert_eq!(answers[0], answers[1]);
        let done = all.put("/staffRegister", json!({ "members": known })).if_match("*").await.expect(200);
        assert_eq!((&done["written"], &done["members"]), (&json!(true), &json!(150)));
        // The agency's record is unchanged.
        app.travel("2026-10-12T10:00:01+02:00");
        let right = json!({ "ssin": KNOWN, "familyName": "Lambrechts" });
        app.other_organiser().post("/staffMembers/query", right).await.expect(200);
        // A corrected name does not replace the agency's record of a person entered under another.
        let found = all.get("/staffMembers").await.expect(200);
        let stored = found["items"].as_array().unwrap().iter().find(|one| one["reference"] == "N-K").unwrap();
        let path = format!("/staffMembers/{}", stored["id"].as_str().unwrap());
        let change = all.call(Method::PATCH, path).if_match("*").body(JSON, r#"{"familyName":"Dupond"}"#);
        change.await.expect(200);
        let right = json!({ "ssin": KNOWN, "familyName": "Lambrechts" });
        app.other_organiser().post("/staffMembers/query", right).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn every_channel_counts_once_for_each_number_also_when_refused() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let all = app.vendor();
        let count = async || database.number("select count(*) from staff_probe where kind = 'question'").await;
        let members = json!({ "members": [new_person(1), new_person(2)] });
        all.put("/staffRegister?dryRun=true", members.clone()).await.expect(200);
        assert_eq!(count().await, 2);
        // The same numbers are the same questions.
        let book = register(&members);
        all.call(Method::PUT, "/staffRegister?dryRun=true").body(XLSX, book).await.expect(200);
        all.post("/staffMembers/query", json!({ "ssin": people::ssin(1) })).await.expect(200);
        assert_eq!(count().await, 2);
        // Blocked, malformed or by a form: each counts as a look-up.
        all.put("/staffRegister", json!({ "members": [new_person(3)] })).await.refused(428, "preconditionRequired");
        assert_eq!(count().await, 3);
        let mut wrong = new_person(4);
        wrong["contracts"][0]["endDate"] = "1999-01-01".into();
        all.post("/staffMembers", wrong).await.refused(400, "badRequest");
        assert_eq!(count().await, 4);
        let browser = app.browser(ADMINISTRATOR).await;
        browser.send("/console/staff/new", &[("ssin", &people::ssin(5))]).await.expect(200);
        assert_eq!(count().await, 5);
        let fields = [("action", "try"), ("revision", "3")];
        browser
            .upload("/console/staff/register", &fields, &register(&json!({ "members": [new_person(6)] })))
            .await
            .expect(200);
        assert_eq!(count().await, 6);
        let path = "/staffMembers/019a5c00-0000-7000-8000-000000000053";
        let number = json!({ "ssin": people::ssin(7) }).to_string();
        all.call(Method::PATCH, path).body(JSON, number).await.refused(428, "preconditionRequired");
        assert_eq!(count().await, 7);
        // Who is in one's own register is no question.
        all.post("/staffMembers/query", json!({ "ssin": "91062295151" })).await.expect(200);
        assert_eq!(count().await, 7);
    })
    .await;
}

#[tokio::test]
async fn past_the_wrong_names_no_name_is_confirmed_or_refused() {
    each_app(async |app| {
        enter_known(app).await;
        let all = app.vendor();
        for name in ["Dupont", "Durand", "Martin"] {
            let query_reply = all.post("/staffMembers/query", json!({ "ssin": KNOWN, "familyName": name })).await;
            query_reply.refused(400, "badRequest");
        }
        for (ssin, name) in [(KNOWN, "Lambrechts"), (KNOWN, "Petit"), (people::ssin(9).as_str(), "Petit")] {
            let question = json!({ "ssin": ssin, "familyName": name });
            all.post("/staffMembers/query", question).await.refused(429, "tooManyFailedRequests");
            let one = person("N-1", Some(ssin), name);
            all.post("/staffMembers?dryRun=true", one.clone()).await.refused(429, "tooManyFailedRequests");
            let document = json!({ "members": [one] });
            all.put("/staffRegister?dryRun=true", document).await.refused(429, "tooManyFailedRequests");
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_entered_without_comparison_is_looked_up_in_the_own_register_alone() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        enter_known(&app).await;
        let (all, unknown) = (app.vendor(), "85031495246");
        used_up(&all).await;
        let new = [person("N-K", Some(KNOWN), "Dupont"), person("N-U", Some(unknown), "Dupont")];
        let done = all.put("/staffRegister", json!({ "members": new })).if_match("*").await.expect(200);
        assert!(done.codes("warnings").contains(&"staff.numberNotCompared"), "{:#}", done.json);
        let ask = async |ssin: &str, name: &str| {
            all.post("/staffMembers/query", json!({ "ssin": ssin, "familyName": name })).await
        };
        let count = async || database.number("select count(*) from staff_probe").await;
        let before = count().await;
        // The name under which it was entered is the right one, whatever name the agency has.
        let entered = ask(KNOWN, "Dupont").await.expect(200);
        assert_eq!(entered.json, json!({ "known": true, "familyNameRequired": false }));
        assert_eq!(plain(&entered), plain(&ask(unknown, "Dupont").await));
        // Any other is a wrong one, that of the agency too; more of them than the hour's wrong names tell nothing.
        for name in ["Lambrechts", "Durand", "Martin", "Petit", "Lambrechts"] {
            let wrong = ask(KNOWN, name).await.refused(400, "badRequest");
            assert_eq!(wrong.codes("issues"), ["staff.familyNameMismatch"]);
            assert_eq!(plain(&wrong), plain(&ask(unknown, name).await));
        }
        assert_eq!(count().await, before, "one's own numbers are no questions");
        // For a caller who does not see the person it is a question, and there are none left.
        let elsewhere = app.limited_to(&[SECOND]).await;
        let question = json!({ "ssin": KNOWN, "familyName": "Lambrechts" });
        elsewhere.post("/staffMembers/query", question).await.refused(429, "tooManyFailedRequests");
        // An hour later it is still not compared.
        app.travel("2026-10-12T10:00:01+02:00");
        ask(KNOWN, "Dupont").await.expect(200);
        ask(KNOWN, "Lambrechts").await.refused(400, "badRequest");
    })
    .await;
}
