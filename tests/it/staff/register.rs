//! The register as a whole: tried, deposited, read back, by JSON and by workbook.

use axum::http::Method;
use passerelle::app::integrity;
use serde_json::{Value, json};

use super::{contract, person, put};
use crate::harness::app::{CRECHE, SECOND, each_app};
use crate::harness::book::register;
use crate::harness::call::{JSON, Reply, XLSX};

#[tokio::test]
async fn a_register_is_tried_deposited_read_and_sent_back_without_loss() {
    each_app(async |app| {
        let vendor = app.vendor();
        let new = [person("E-9", Some("85031495345"), "Lambrechts"), person("E-10", None, "Claes")];
        let tried = vendor.put("/staffRegister?dryRun=true", json!({ "members": new })).await.expect(200);
        let added = json!(["E-9", "E-10"]);
        let left_out = json!(["E-1", "E-2", "E-3"]);
        let changes = json!({ "added": added, "changed": [], "ended": [], "leftOut": left_out, "unchanged": 0 });
        tried.has(&json!({ "changes": changes, "written": false, "revision": 3 }));
        vendor.put("/staffRegister", json!({ "members": new })).await.refused(428, "preconditionRequired");
        let done = put(app, &new).await.expect(200);
        done.has(&json!({ "written": true, "revision": 4 }));

        let read = vendor.get("/staffRegister").await.expect(200);
        assert_eq!(read["members"].as_array().unwrap().len(), 5);
        assert!(!read.json.to_string().contains("85031495345"));
        let back = put(app, read["members"].as_array().unwrap()).await.expect(200);
        back.has(&json!({ "written": false, "changes/unchanged": 5 }));
        let stale = vendor.call(Method::PUT, "/staffRegister").if_match("\"1\"");
        let other = json!({ "members": [person("E-11", None, "Wouters")] });
        stale.body(JSON, other.to_string()).await.refused(412, "preconditionFailed");

        let book = vendor.get("/staffRegister").accept(XLSX).await.expect(200).bytes;
        let again = vendor.call(Method::PUT, "/staffRegister").if_match("*").body(XLSX, book).await.expect(200);
        again.has(&json!({ "written": false, "changes/unchanged": 5 }));
    })
    .await;
}

#[tokio::test]
async fn endings_are_reported_and_change_the_figures() {
    each_app(async |app| {
        let vendor = app.vendor();
        let staffing = async |period: &str| {
            let summary = vendor.get(format!("/creches/{CRECHE}/summaries/{period}")).await.expect(200);
            summary["staffing"].clone()
        };
        let before = json!({ "childcare": 80, "management": 50 });
        assert_eq!(staffing("2026-07").await["hundredths"], before);
        let mut aline = json!({ "reference": "E-2", "givenName": "Aline", "familyName": "Lambrechts",
            "contracts": [contract("C-1", CRECHE, 80)] });
        aline["contracts"][0]["startDate"] = "2023-09-01".into();
        aline["contracts"][0]["endDate"] = "2026-08-15".into();
        let done = put(app, &[aline]).await.expect(200);
        assert_eq!(done["changes"]["ended"], json!([{ "reference": "E-2", "contract": "C-1" }]));
        assert_eq!(done.codes("warnings"), ["staff.leftOut"]);
        // 80 hundredths on 46 of 92 days.
        let quarter = staffing("2026Q3").await;
        assert_eq!(quarter["averageHundredths"], json!({ "childcare": 40, "management": 50 }));
        assert_eq!(quarter["hundredths"], json!({ "management": 50 }));
        let all = vendor.get("/summaries/2026-07").await.expect(200);
        assert_eq!(all["staffing"]["hundredths"], json!({ "childcare": 80, "management": 100 }));
        assert_eq!(
            vendor.get(format!("/creches/{SECOND}/summaries/2026-07")).await.expect(200)["staffing"]["hundredths"],
            json!({ "management": 50 })
        );
    })
    .await;
}

#[tokio::test]
async fn a_workbook_is_returned_marked_on_every_sheet() {
    each_app(async |app| {
        let mut wrong = person("E-9", Some("85031495345"), "Lambrechts");
        wrong["contracts"][0]["endDate"] = "2024-01-01".into();
        wrong["contracts"][0]["functions"][0]["fteHundredths"] = 150.into();
        wrong["absences"] = json!([{ "kind": "other", "startDate": "2026-05-02", "endDate": "2026-05-01" }]);
        let book = register(&json!({ "members": [wrong] }));
        let send = || app.vendor().call(Method::PUT, "/staffRegister").if_match("*").body(XLSX, book.clone());
        let refused = send().await.refused(400, "badRequest");
        let issues = refused["issues"].as_array().unwrap();
        let cells: Vec<_> = issues.iter().map(|issue| issue["cell"].as_str().unwrap()).collect();
        assert_eq!(cells, ["Fonctions!E2", "Contrats!E2", "Absences!D2"], "{:#}", refused.json);
        let events = app.events().await;
        assert_eq!(events.last().unwrap().1.kind.code(), "staffRegister.refused");
        let marked = send().accept(XLSX).await.expect(400);
        assert_eq!(marked.header("passerelle-error-count"), "3");
        // The marked workbook has the same findings when it is sent again.
        let again = app.vendor().call(Method::PUT, "/staffRegister").if_match("*").body(XLSX, marked.bytes).await;
        assert_eq!(again.refused(400, "badRequest").codes("issues"), refused.codes("issues"));
    })
    .await;
}

#[tokio::test]
async fn a_row_without_a_person_is_reported_at_its_cell() {
    each_app(async |app| {
        let mut stray = person("E-9", None, "Claes");
        let mut lost = contract("C-1", CRECHE, 50)["functions"][0].take();
        lost["@contract"] = "C-2".into();
        stray["contracts"][0]["functions"].as_array_mut().unwrap().push(lost);
        let book = register(&json!({ "members": [stray] }));
        let refused = app.vendor().call(Method::PUT, "/staffRegister?dryRun=true").body(XLSX, book).await;
        let refused = refused.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["workbook.ownerMissing"]);
        assert_eq!(refused["issues"][0]["cell"], "Fonctions!B3");
    })
    .await;
}

#[tokio::test]
async fn the_template_is_a_register_without_persons() {
    each_app(async |app| {
        let book = app.vendor().get("/staffRegister/template?lines=3").await.expect(200).bytes;
        let tried = app.vendor().call(Method::PUT, "/staffRegister?dryRun=true").body(XLSX, book).await.expect(200);
        assert_eq!((&tried["members"], &tried["changes"]["added"]), (&json!(0), &json!([])));
        assert_eq!(tried.codes("warnings"), ["staff.leftOut"]);
    })
    .await;
}

/// A person with two functions in the first crèche.
fn with_two_functions(number: usize, hundredths: u32) -> Value {
    let mut person = person(&format!("N-{number}"), None, &format!("Exemple {number}"));
    let functions = person["contracts"][0]["functions"].as_array_mut().unwrap();
    functions[0]["fteHundredths"] = hundredths.into();
    functions.push(json!({ "crecheId": CRECHE, "category": "logistics", "fteHundredths": 10 }));
    person
}

/// The functions of one of them in a register.
fn functions_of(register: &Reply, number: usize) -> Value {
    let reference = format!("N-{number}");
    let found = register["members"].as_array().unwrap().iter().find(|member| member["reference"] == reference);
    found.unwrap()["contracts"][0]["functions"].clone()
}

#[tokio::test]
async fn few_and_many_persons_are_changed_with_functions_history_and_codes() {
    each_app(async |app| {
        let vendor = app.vendor();
        let mut persons: Vec<_> = (0..23).map(|number| with_two_functions(number, 20)).collect();
        put(app, &persons).await.expect(200);
        for (hundredths, count) in [(21, 1), (22, 4), (23, 5), (24, 23)] {
            for (number, person) in persons.iter_mut().enumerate().take(count) {
                *person = with_two_functions(number, hundredths);
            }
            let done = put(app, &persons).await.expect(200);
            assert_eq!(done["changes"]["changed"].as_array().unwrap().len(), count);
            let read = vendor.get("/staffRegister").await.expect(200);
            let stored: Vec<_> = (0..persons.len()).map(|number| functions_of(&read, number)).collect();
            let sent: Vec<_> = persons.iter().map(|person| person["contracts"][0]["functions"].clone()).collect();
            assert_eq!(stored, sent);
            let sum: u64 = stored.iter().map(|functions| functions[0]["fteHundredths"].as_u64().unwrap()).sum();
            let summary = vendor.get(format!("/creches/{CRECHE}/summaries/2026-07")).await.expect(200);
            assert_eq!(summary["staffing"]["hundredths"]["logistics"], 230);
            assert_eq!(summary["staffing"]["hundredths"]["childcare"], 80 + sum);
        }
        for (revision, hundredths) in [(4, 20), (5, 21), (6, 22), (7, 23), (8, 24)] {
            let then = vendor.get(format!("/staffRegister/revisions/{revision}")).await.expect(200);
            assert_eq!(functions_of(&then, 0)[0]["fteHundredths"], hundredths);
        }
        let examined = integrity::verify_rows(&app.app.db, app.app.vault.index_key()).await.unwrap();
        assert_eq!((examined.broken.len(), examined.findings.len()), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn the_same_in_another_order_changes_nothing() {
    each_app(async |app| {
        let mut person = with_two_functions(1, 20);
        person["contracts"].as_array_mut().unwrap().push(contract("C-2", CRECHE, 5));
        put(app, std::slice::from_ref(&person)).await.expect(200);
        let contracts = person["contracts"].as_array_mut().unwrap();
        contracts.reverse();
        contracts[1]["functions"].as_array_mut().unwrap().reverse();
        let done = put(app, &[person]).await.expect(200);
        done.has(&json!({ "written": false, "changes/changed": [] }));
    })
    .await;
}
