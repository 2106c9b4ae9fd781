//! The caps of an organiser: one more is refused with a finding, existing ones can be changed.

use axum::http::Method;
use passerelle::domain::caps::Caps;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp};
use crate::harness::call::Reply;
use crate::harness::database::{Database, each_engine};
use crate::harness::file::pdf;
use crate::harness::people::new_user;
use crate::harness::statement::Sheet;

async fn capped(database: &Database, change: impl FnOnce(&mut Caps)) -> TestApp {
    TestApp::of_parts(database, |parts| change(&mut parts.caps)).await
}

/// It is refused because there would be too many.
#[track_caller]
fn full(reply: Reply) {
    assert_eq!(reply.expect(400).codes("issues"), ["organiser.capReached"]);
}

fn person(reference: &str) -> Value {
    json!({ "reference": reference, "givenName": "Aline", "familyName": "Maes", "birthDate": "1985-03-14",
        "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2024-09-01",
            "functions": [{ "crecheId": CRECHE, "category": "childcare", "fteHundredths": 80 }] }] })
}

#[tokio::test]
async fn the_staff_register_is_capped_in_persons() {
    each_engine(async |database| {
        // The invented world has three.
        let app = capped(database, |caps| caps.staff_members = 4).await;
        let vendor = app.vendor();
        let added = vendor.post("/staffMembers", person("X-1")).await.expect(201);
        full(vendor.post("/staffMembers", person("X-2")).await);
        full(vendor.post("/staffMembers?dryRun=true", person("X-2")).await);
        let two = json!({ "members": [person("X-1"), person("X-2")] });
        full(vendor.put("/staffRegister", two).if_match("*").await);
        let path = format!("/staffMembers/{}", added["id"].as_str().unwrap());
        let changed = vendor.patch(path, json!({ "givenName": "Alix" })).if_match("*").await.expect(200);
        assert_eq!(changed["givenName"], "Alix");
        let mut changed = person("X-1");
        changed["givenName"] = "Alex".into();
        vendor.put("/staffRegister", json!({ "members": [changed] })).if_match("*").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_statement_is_capped_in_revisions() {
    each_engine(async |database| {
        let app = capped(database, |caps| caps.revisions_per_statement = 2).await;
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        let put = async |query: &str, children| {
            let sheet = Sheet::of("2026-07").children(children, "3:P");
            app.vendor().put(format!("{path}{query}"), sheet).if_match("*").await
        };
        app.vendor().put(&path, Sheet::of("2026-07").children(1, "3:P")).await.expect(201);
        put("", 2).await.expect(200);
        full(put("", 3).await);
        full(put("?dryRun=true", 3).await);
        assert_eq!(put("", 2).await.expect(200)["revision"], 2, "the same content is no further revision");
    })
    .await;
}

#[tokio::test]
async fn doctors_and_agreements_are_capped() {
    each_engine(async |database| {
        // The invented world has some, all with an agreement.
        let known = TestApp::start(database).await.vendor().get("/doctors").await.expect(200);
        let known = u32::try_from(known["items"].as_array().unwrap().len()).unwrap();
        let app = capped(database, |caps| (caps.doctors, caps.agreements) = (known + 1, known)).await;
        let doctor = |inami: &str| {
            json!({ "inami": inami, "givenName": "Youssef", "familyName": "Exemple", "street": "Rue des Tilleuls",
                "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
                "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example", "function": "paediatrician",
                "startDate": "2026-09-01", "crecheIds": [CRECHE] })
        };
        let entered = app.vendor().post("/doctors", doctor("17385467004")).await.expect(201);
        let path = format!("/doctors/{}/agreement", entered["id"].as_str().unwrap());
        let agreement = app.vendor().call(Method::PUT, path).if_match("*").body("application/pdf", pdf("Convention"));
        full(agreement.await);
        for (inami, rule) in [("10000135004", "organiser.capReached"), ("19006951001", "doctor.known")] {
            let refused = app.vendor().post("/doctors?dryRun=true", doctor(inami)).await.expect(400);
            assert_eq!(refused.codes("issues"), [rule]);
        }
    })
    .await;
}

#[tokio::test]
async fn users_applications_keys_and_endpoints_are_capped() {
    each_engine(async |database| {
        let app = capped(database, |caps| {
            (caps.users, caps.applications, caps.keys, caps.webhook_endpoints) = (0, 0, 0, 0);
        })
        .await;
        let administrator = app.person(ADMINISTRATOR).await;
        full(administrator.post("/users", new_user(1)).await);
        let application = json!({ "name": "Agenda", "vendor": "Sud", "scopes": ["attendance:read"] });
        full(administrator.post("/applications", application).await);
        let key = json!({ "kind": "test", "scopes": ["attendance:read"] });
        let path = "/applications/019a5c00-0000-7000-8000-000000000021/apiKeys";
        full(administrator.post(path, key).await);
        let endpoint = app.vendor().post("/webhookEndpoints", json!({ "url": "https://creche.example/hook" })).await;
        assert_eq!(endpoint.expect(400).codes("issues"), ["webhook.tooMany"]);
    })
    .await;
}
