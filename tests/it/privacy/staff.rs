//! The same for an organiser's staff: personal data is stored nowhere in clear, nor repeated by a refusal.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Needle, needles, tells_nothing};
use crate::harness::app::{CRECHE, TestApp};
use crate::harness::book::register;
use crate::harness::call::XLSX;
use crate::harness::database::each_engine;

const FAMILY: &str = "Vermeulebroucke";
const GIVEN: &str = "Quetzaline";
const SSIN: &str = "85031495345";
const DIPLOMA: &str = "Diplôme de Zwaenepoelaert";

fn person() -> Value {
    json!({ "reference": "E-9", "ssin": SSIN, "givenName": GIVEN, "familyName": FAMILY,
        "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2024-09-01",
            "functions": [{ "crecheId": CRECHE, "category": "childcare", "fteHundredths": 80 }] }],
        "trainings": [{ "kind": "diploma", "title": DIPLOMA, "date": "2012-06-30" }] })
}

fn personal() -> Vec<Needle> {
    [FAMILY, GIVEN, SSIN, "850314-953", "1985-03-14", DIPLOMA].into_iter().flat_map(needles).collect()
}

#[tokio::test]
async fn the_database_and_the_refusals_reveal_nothing_of_the_staff() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let needles = personal();
        let ours = app.vendor();
        ours.post("/staffMembers", person()).await.expect(201);
        let mut wrong = person();
        wrong["contracts"][0]["startDate"] = FAMILY.into();
        wrong["ssin"] = "85031495346".into();
        wrong["birthDate"] = GIVEN.into();
        wrong["contracts"][0]["functions"][0]["crecheId"] = FAMILY.into();
        for refused in [
            ours.post("/staffMembers", wrong.clone()).await.expect(400),
            ours.put("/staffRegister", json!({ "members": [wrong, person(), person()] })).await.expect(400),
            app.other_organiser()
                .post("/staffMembers/query", json!({ "ssin": SSIN, "familyName": "Dupont" }))
                .await
                .expect(400),
            ours.call(Method::PUT, "/staffRegister")
                .body(XLSX, register(&json!({ "members": [wrong.clone(), person()] })))
                .await
                .expect(400),
        ] {
            tells_nothing(&refused.call, &refused.bytes, &needles);
        }
        ours.put("/staffRegister", json!({ "members": [person()] })).if_match("*").await.expect(200);
        for (place, bytes) in database.dump().await {
            tells_nothing(&place, &bytes, &needles);
        }
    })
    .await;
}
