//! Callers who do not reach every crèche: what they can read of a person who also works elsewhere, and what they cannot
//! change.

use axum::http::Method;
use serde_json::{Value, json};

use super::{contract, person};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, UNSUBSIDISED, each_app};
use crate::harness::call::{JSON, Persona, Reply};

/// Works in both crèches, under one contract.
const SHARED: &str = "019a5c00-0000-7000-8000-000000000051";
/// An unused number.
const SSIN: &str = "85031495345";

async fn change(who: &Persona<'_>, id: &str, change: Value) -> Reply {
    let path = format!("/staffMembers/{id}");
    who.call(Method::PATCH, path).if_match("*").body(JSON, change.to_string()).await
}

/// The contracts of a person as returned to a caller: reference, last day, and the crèche and time of each function.
async fn contracts(who: &Persona<'_>, id: &str) -> Value {
    who.get(format!("/staffMembers/{id}")).await.expect(200)["contracts"].clone()
}

fn function(creche: &str, hundredths: u32) -> Value {
    json!({ "crecheId": creche, "category": "management", "fteHundredths": hundredths })
}

fn terms(functions: &Value) -> Value {
    json!({ "reference": "C-1", "status": "statutory", "startDate": "2019-01-01", "functions": functions })
}

#[tokio::test]
async fn functions_in_other_creches_are_not_shown() {
    each_app(async |app| {
        let here = app.limited_to(&[CRECHE]).await;
        assert_eq!(contracts(&here, SHARED).await, json!([terms(&json!([function(CRECHE, 50)]))]));
        let list = here.get("/staffMembers").await.expect(200);
        assert!(!list.json.to_string().contains(SECOND), "{:#}", list.json);
        assert_eq!(here.get("/staffMembers?severalPlaces=true").await.expect(200)["items"], json!([]));
        let there = here.get(format!("/staffMembers?crecheId={SECOND}")).await.expect(200);
        assert_eq!(there["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn functions_in_other_creches_are_preserved_by_every_write() {
    each_app(async |app: &TestApp| {
        let (here, all) = (app.limited_to(&[CRECHE]).await, app.vendor());
        let there = function(SECOND, 50);
        // What was seen and is sent back changes nothing.
        let seen = contracts(&here, SHARED).await;
        assert_eq!(change(&here, SHARED, json!({ "contracts": seen })).await.expect(200)["written"], false);
        // The caller's own function is changed, the other one is preserved.
        let sent = json!({ "contracts": [terms(&json!([function(CRECHE, 40)]))] });
        let done = change(&here, SHARED, sent).await.expect(200);
        assert_eq!(
            (&done["written"], &done["contracts"][0]["functions"]),
            (&json!(true), &json!([function(CRECHE, 40)]))
        );
        assert_eq!(contracts(&all, SHARED).await, json!([terms(&json!([function(CRECHE, 40), there]))]));
        // Naming the other crèche is refused, as if there were none such.
        for functions in [json!([function(CRECHE, 40), function(SECOND, 10)]), json!([there])] {
            let refused = change(&here, SHARED, json!({ "contracts": [terms(&functions)] })).await;
            assert_eq!(refused.refused(400, "badRequest").codes("issues"), ["staff.unknownCreche"]);
        }
        // The terms of a shared contract and the reference also count there.
        let mut ended = terms(&json!([function(CRECHE, 40)]));
        ended["endDate"] = "2026-12-31".into();
        let others = [
            json!({ "contracts": [ended] }),
            json!({ "reference": "X-1" }),
            json!({ "givenName": "Anouk" }),
            json!({ "birthDate": "1999-01-01" }),
        ];
        for sent in others {
            let refused = change(&here, SHARED, sent).await.refused(400, "badRequest");
            assert_eq!(refused.codes("issues"), ["staff.sharedBeyondReach"]);
        }
        // Without contracts the person works there alone, and is out of sight.
        change(&here, SHARED, json!({ "contracts": [] })).await.expect(200);
        assert_eq!(contracts(&all, SHARED).await, json!([terms(&json!([there]))]));
        here.get(format!("/staffMembers/{SHARED}")).await.refused(404, "resourceNotFound");
    })
    .await;
}

#[tokio::test]
async fn a_contract_of_another_creche_is_neither_removed_nor_revealed_by_its_reference() {
    each_app(async |app| {
        let (here, all) = (app.limited_to(&[CRECHE]).await, app.vendor());
        let mut both = person("E-9", None, "Claes");
        both["contracts"] = json!([contract("C-1", SECOND, 30), contract("C-2", CRECHE, 20)]);
        let id = all.post("/staffMembers", both).await.expect(201)["id"].as_str().unwrap().to_owned();
        assert_eq!(contracts(&here, &id).await, json!([contract("C-2", CRECHE, 20)]));
        // A contract that has the name of one out of sight gets another.
        let sent = json!({ "contracts": [contract("C-1", CRECHE, 10)] });
        let expected = json!([contract("C-1-2", CRECHE, 10)]);
        assert_eq!(change(&here, &id, sent.clone()).await.expect(200)["contracts"], expected);
        assert_eq!(change(&here, &id, sent).await.expect(200)["written"], false);
        assert_eq!(contracts(&all, &id).await, json!([contract("C-1", SECOND, 30), contract("C-1-2", CRECHE, 10)]));
    })
    .await;
}

#[tokio::test]
async fn a_person_of_another_creche_is_entered_like_a_new_one() {
    each_app(async |app| {
        let (here, all) = (app.limited_to(&[CRECHE]).await, app.vendor());
        let mut there = person("E-9", Some(SSIN), "Lambrechts");
        there["contracts"] = json!([contract("C-1", SECOND, 30)]);
        there["absences"] = json!([{ "kind": "other", "startDate": "2026-05-01" }]);
        let id = all.post("/staffMembers", there).await.expect(201)["id"].clone();
        let path = format!("/staffMembers/{}", id.as_str().unwrap());
        here.get(&path).await.refused(404, "resourceNotFound");

        // In a dry run it is like an unused number: same response, same form.
        let new = |ssin, reference| person(reference, Some(ssin), "Lambrechts");
        let known = here.post("/staffMembers?dryRun=true", new(SSIN, "X-9")).await.expect(200);
        let unknown = here.post("/staffMembers?dryRun=true", new("79091195351", "X-9")).await.expect(200);
        let plain = |reply: &Reply| {
            let mut json = reply.json.clone();
            for name in ["id", "href", "warnings"] {
                json.as_object_mut().unwrap().remove(name);
            }
            json
        };
        assert_eq!((plain(&known), known["id"] == id), (plain(&unknown), false));
        assert_eq!(known.codes("warnings"), [""; 0]);
        // Under another name the response is the same for every caller.
        let wrong = here.post("/staffMembers", person("X-9", Some(SSIN), "Dupont")).await.refused(400, "badRequest");
        assert_eq!(wrong.codes("issues"), ["staff.familyNameMismatch"]);

        let entered = here.post("/staffMembers", new(SSIN, "X-9")).await.expect(201);
        assert_eq!((&entered["id"], &entered["contracts"][0]["functions"][0]["crecheId"]), (&id, &json!(CRECHE)));
        let whole = all.get(&path).await.expect(200);
        assert_eq!((&whole["reference"], &whole["absences"].as_array().unwrap().len()), (&json!("E-9"), &1));
        let references: Vec<_> = whole.each("contracts", "reference");
        assert_eq!(references, ["C-1", "C-1-2"], "{:#}", whole.json);
        // References are unique in the register: the finding says that it is taken, and nothing more.
        let taken = here.post("/staffMembers", person("E-3", None, "Wouters")).await.refused(400, "badRequest");
        assert_eq!(taken.codes("issues"), ["staff.referenceTaken"]);
    })
    .await;
}

#[tokio::test]
async fn the_console_preserves_what_the_user_may_not_read() {
    each_app(async |app| {
        // Reads the staff of both crèches, changes that of the first.
        let administrator = app.person(ADMINISTRATOR).await;
        let ssin = crate::harness::people::ssin(77);
        let user = json!({ "givenName": "Ine", "familyName": "Exemple", "email": "ine@petits-pas.example",
            "ssin": ssin, "profile": "dataManager", "consentCertified": true, "rights": [
                { "crecheId": CRECHE, "scopes": ["staff:read"] }, { "crecheId": SECOND, "scopes": ["staff:write"] },
                { "crecheId": UNSUBSIDISED, "scopes": ["attendance:read"] }] });
        administrator.post("/users", user).await.expect(201);
        let all = app.vendor();
        let mut both = person("E-9", None, "Claes");
        both["contracts"] = json!([contract("C-1", CRECHE, 30), contract("C-2", SECOND, 20)]);
        let id = all.post("/staffMembers", both).await.expect(201)["id"].as_str().unwrap().to_owned();
        let browser = app.browser(&ssin).await;
        let sheet = format!("/console/staff/{id}");
        // The second contract is the first that may be changed.
        let (first, second) = (format!("{sheet}/contracts/1"), format!("{sheet}/contracts/2"));
        browser.page(&sheet).await.expect(200).says(&[first.as_str()]).keeps_silent(&[second.as_str()]);
        browser.page(&first).await.expect(200).says(&["C-2"]).keeps_silent(&[CRECHE]);
        let fields = [
            ("reference", "C-2"),
            ("status", "contractual"),
            ("startDate", "2024-09-01"),
            ("creche1", SECOND),
            ("category1", "childcare"),
            ("time1", "25"),
            ("version", "1"),
        ];
        browser.send(&first, &fields).await.goes_to();
        let now = json!([contract("C-1", CRECHE, 30), contract("C-2", SECOND, 25)]);
        assert_eq!(contracts(&all, &id).await, now);
    })
    .await;
}

#[tokio::test]
async fn records_of_a_person_with_another_creche_are_added_and_not_removed() {
    each_app(async |app| {
        let (here, all) = (app.limited_to(&[CRECHE]).await, app.vendor());
        let (diploma, course) = (
            json!({ "kind": "diploma", "title": "Puériculture", "date": "2010-06-30" }),
            json!({ "kind": "certificate", "title": "Secourisme", "date": "2026-03-02" }),
        );
        change(&all, SHARED, json!({ "trainings": [diploma] })).await.expect(200);
        for taken in [json!([]), json!([course])] {
            let refused = change(&here, SHARED, json!({ "trainings": taken })).await.refused(400, "badRequest");
            assert_eq!(refused.codes("issues"), ["staff.sharedBeyondReach"]);
        }
        change(&here, SHARED, json!({ "trainings": [diploma, course] })).await.expect(200);
        let stored = all.get(format!("/staffMembers/{SHARED}")).await.expect(200);
        assert_eq!(stored["trainings"], json!([diploma, course]));
    })
    .await;
}
