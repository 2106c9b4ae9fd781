//! Further responses in the examples' data. Ids, instants and addresses are random in it, so that the members with them are
//! compared by their kind.

use passerelle::domain::key::Scope;
use serde_json::{Value, json};

use super::answers::Given;
use super::{examples, operations};
use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::{JSON, Reply};
use crate::harness::receiver::{Receiver, deliver};

/// The first example of the operation's request.
fn request(id: &str) -> Value {
    let operation = operations().find(|operation| operation.id() == id).expect("it is there");
    examples(&operation.node.child("requestBody").expect("a body")).swap_remove(0).2
}

/// What any caller may read; the examples show a part of it.
pub(super) async fn publish(app: &TestApp, given: &mut Given) {
    let get = async |path: &str| app.anonymous().get(path).await.expect(200).json;
    given.insert("getOpenApiJson part", get("/doc/openapi.json").await);
    given.insert("getBundledOpenApiJson part", get("/doc/openapi.bundled.json").await);
    given.insert("getVendorOpenApiJson part", get("/doc/openapi.vendor.json").await);
    given.insert("getRuleCases part", get("/ruleCases/staff").await);
    given.insert("getSchema part", get("/schemas/attendance-statement.schema.json").await);
    given.insert("getEventSchema part", get("/schemas/events/statement-event.schema.json").await);
}

/// A doctor is entered, agreed with and moves.
pub(super) async fn doctors(app: &TestApp, given: &mut Given) {
    let vendor = app.vendor();
    given.insert("listDoctors one", vendor.get("/doctors").await.expect(200).json);
    let tried = vendor.post("/doctors?dryRun=true", request("addDoctor")).await.expect(200);
    given.insert("addDoctor tried", tried.json);
    let entered = vendor.post("/doctors", request("addDoctor")).await.expect(201);
    let path = format!("/doctors/{}", entered["id"].as_str().unwrap());
    given.insert("addDoctor entered", entered.json);
    given.insert("getDoctor incomplete", vendor.get(&path).await.expect(200).json);
    given.insert("putDoctorAgreement stored", crate::doctors::agree(&vendor, &path).await.expect(200).json);
    let change = vendor.patch(&path, request("changeDoctor")).if_match("*").await;
    given.insert("changeDoctor ended", change.expect(200).json);
}

/// A person joins the staff and is validated with the others.
pub(super) async fn staff(app: &TestApp, given: &mut Given) {
    let vendor = app.vendor();
    // The register is in the order in which persons were entered, to the millisecond.
    app.travel("2026-11-03T08:12:46Z");
    let mut person = request("addStaffMember");
    person["reference"] = "E-80".into();
    person["familyName"] = "Verlinden".into();
    person["birthDate"] = "1985-03-14".into();
    person.as_object_mut().unwrap().remove("ssin");
    let tried = vendor.post("/staffMembers?dryRun=true", person.clone()).await.expect(200);
    given.insert("addStaffMember tried", tried.json);
    let entered = vendor.post("/staffMembers", person).await.expect(201);
    let path = format!("/staffMembers/{}", entered["id"].as_str().unwrap());
    given.insert("getStaffMember one", vendor.get(&path).await.expect(200).json);
    let change = vendor.patch(&path, json!({ "givenName": "Maryse" })).if_match("*").await;
    given.insert("changeStaffMember renamed", change.expect(200).json);
    given.insert("getStaffRegister whole", vendor.get("/staffRegister").await.expect(200).json);
    given.insert("getStaffRegisterRevision seventh", vendor.get("/staffRegister/revisions/7").await.expect(200).json);
    let revisions = vendor.get("/staffRegister/revisions?pageSize=2").await.expect(200).json;
    given.insert("listStaffRegisterRevisions two", revisions);
    let refused = vendor.put("/staffRegister", json!({ "members": [{ "reference": "E-1" }] })).if_match("*").await;
    given.insert("putStaffRegister refused", refused.expect(400).json);
    let path = format!("/creches/{CRECHE}/staffValidations");
    let tried = vendor.post(format!("{path}?dryRun=true"), request("validateStaff")).await.expect(200);
    given.insert("validateStaff tried", tried.json);
    let validated = vendor.post(&path, request("validateStaff")).await.expect(201);
    given.insert("validateStaff validated", validated.json);
    given.insert("listStaffValidations one", vendor.get(&path).await.expect(200).json);
}

/// An endpoint is verified, paused, sent a test and sent an event again.
pub(super) async fn webhooks(app: &TestApp, given: &mut Given) {
    let (mut receiver, vendor) = (Receiver::start().await, app.with_scopes(Scope::ALL.iter().copied()).await);
    let tried = vendor.post("/webhookEndpoints?dryRun=true", request("createWebhookEndpoint")).await.expect(200);
    given.insert("createWebhookEndpoint tried", tried.json);
    let document = json!({ "url": receiver.url(), "eventTypes": ["attendanceStatement.refused"] });
    let new_endpoint = vendor.post("/webhookEndpoints", document).await.expect(201);
    let path = format!("/webhookEndpoints/{}", new_endpoint["id"].as_str().unwrap());
    let act = async |rest: &str, document: Value| -> Reply { vendor.post(format!("{path}{rest}"), document).await };
    given.insert("verifyWebhookEndpoint verified", act("/verifications", json!({})).await.expect(200).json);
    receiver.next().await;
    given.insert("getWebhookEndpoint active", vendor.get(&path).await.expect(200).json);
    let paused = vendor.call(axum::http::Method::PATCH, &path).body(JSON, json!({ "state": "paused" }).to_string());
    given.insert("patchWebhookEndpoint paused", paused.await.expect(200).json);
    given.insert("rotateWebhookSecret rotated", act("/secrets", request("rotateWebhookSecret")).await.expect(201).json);
    vendor.patch(&path, json!({ "state": "active" })).await.expect(200);
    given.insert(
        "testWebhookEndpoint delivered",
        act("/tests", json!({ "type": "doctor.validated" })).await.expect(201).json,
    );
    let wrong = format!("/creches/{CRECHE}/attendanceStatements/2026-09");
    vendor.put(wrong, json!({ "lines": [{}] })).await.expect(400);
    deliver(app).await;
    let mut listed = vendor.get(format!("{path}/deliveries")).await.expect(200).json;
    // Those of tests have no number of their own.
    listed["items"].as_array_mut().unwrap().retain(|delivery| delivery["number"] != 0);
    let logged = format!("{path}/deliveries/{}", listed["items"][0]["id"].as_str().unwrap());
    given.insert("listDeliveries one", listed);
    given.insert("getDelivery delivered", vendor.get(&logged).await.expect(200).json);
    let again = vendor.call(axum::http::Method::POST, format!("{logged}/replays")).await.expect(202);
    given.insert("replayDelivery waiting", again.json);
    let window = json!({ "from": "2026-11-01T00:00:00+01:00", "state": "failed" });
    given.insert("replayDeliveries none", act("/replays", window).await.expect(202).json);
    let mut endpoints = vendor.get("/webhookEndpoints").await.expect(200).json;
    endpoints["items"].as_array_mut().unwrap().retain(|endpoint| endpoint["id"] == new_endpoint["id"]);
    given.insert("listWebhookEndpoints one", endpoints);
}
