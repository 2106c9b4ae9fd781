//! Data with which every page has content.

use axum::http::Method;
use passerelle::app::Precondition;
use passerelle::app::doctors::decide;
use passerelle::app::keys::NewKey;
use passerelle::app::subsidies;
use passerelle::domain::actor::Actor;
use passerelle::domain::doctor::Decision;
use passerelle::domain::key::{KeyKind, KeyText, Scope};
use passerelle::domain::kinds::attendance;
use passerelle::domain::subsidy::RawPayment;
use serde_json::json;

use crate::claims::send_signature_at;
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, UNSUBSIDISED, creche, organiser};
use crate::harness::book::book;
use crate::harness::file::pdf;
use crate::harness::people::{self, new_user};
use crate::harness::receiver::{Receiver, deliver, verified};
use crate::harness::statement::Sheet;

/// Texts that people and software have entered, as the pages show them.
pub(super) const ENTERED: [&str; 5] =
    ["Forfaits 2026", "Les P'tits Loups", "whsec_", "ysaline.1@petits-pas.example", "X-Api-Key"];

/// Fills the world; the receiver of its notifications.
pub(super) async fn fill(app: &TestApp) -> Receiver {
    statements(app).await;
    doctors(app).await;
    keys(app).await;
    let browser = app.browser(ADMINISTRATOR).await;
    app.person(ADMINISTRATOR).await.post("/users", new_user(1)).await.expect(201);
    let closures = json!({ "items": [{ "startDate": "2026-11-02", "endDate": "2026-11-03", "reason": "strike" }] });
    let closed = app.vendor().put(format!("/creches/{UNSUBSIDISED}/closures"), closures).if_match("*").await;
    assert!(closed.status < 300, "{:?}", closed.json);
    let validated = app.vendor().post(format!("/creches/{CRECHE}/staffValidations"), json!({ "year": 2026 })).await;
    validated.expect(201);
    let begun = browser
        .send(format!("/console/creches/{CRECHE}/attendance/2026-08/table/begin"), &[("start", "previous")])
        .await;
    begun.goes_to();
    let receiver = notifications(app).await;
    claim(app).await;
    month_alone(app).await;
    payment(app).await;
    communications(app).await;
    app.app.requests.flush(&app.app.db, &app.app.vault).await.unwrap();
    receiver
}

/// A draft, a published one and a withdrawn one.
async fn communications(app: &TestApp) {
    let agent = crate::communications::agent_named(app, &people::ssin(8), "ONE-1208").await;
    for acts in [&[][..], &["publish"], &["publish", "withdraw"]] {
        let page = crate::communications::draft(&agent, &[("title", "Forfaits 2026")]).await;
        for act in acts {
            agent.send(&page, &[("act", act), ("reason", "Table 1")]).await.expect(303);
        }
    }
}

/// The second quarter is signed.
async fn claim(app: &TestApp) {
    let june = format!("/creches/{CRECHE}/attendanceStatements/2026-06");
    app.vendor().put(june, Sheet::of("2026-06").child(1, "1:P")).await.expect(201);
    let hours = json!({ "openingHours": { "from": "07:00", "until": "18:00" } });
    app.vendor().put(format!("/creches/{CRECHE}/activityReports/2026Q2"), hours).await.expect(201);
    let attachments = format!("/creches/{CRECHE}/activityReports/2026Q2/attachments");
    let lease =
        app.vendor().call(Method::POST, attachments).header("content-disposition", "attachment; filename=Bail.pdf");
    lease.body("application/octet-stream", pdf("Bail")).await.expect(201);
    let page = format!("/console/creches/{CRECHE}/report/2026Q2/claim");
    send_signature_at(&app.browser(ADMINISTRATOR).await, &page).await.goes_to();
}

/// August is signed alone, without consultations.
async fn month_alone(app: &TestApp) {
    let august = format!("/creches/{CRECHE}/medicalStatements/2026-08");
    app.vendor().put(august, json!({ "lines": [] })).await.expect(201);
    let page = format!("/console/creches/{CRECHE}/medical/2026-08/signature");
    send_signature_at(&app.browser(ADMINISTRATOR).await, &page).await.goes_to();
}

/// Something is paid for the quarter.
async fn payment(app: &TestApp) {
    let payment = RawPayment::written(|field| match field {
        "creche" => "63/25118/01",
        "quarter" => "2026Q2",
        "type" => "subsidy",
        "paidOn" => "01/10/2026",
        "amount" => "1.234,56",
        "balance" => "0",
        _ => "ONE-1",
    });
    subsidies::record(&app.app, &Actor::agent("ONE-1207"), &[payment], false).await.unwrap();
}

/// Months with warnings, of two revisions, refused, locked and only tried, and consultations.
async fn statements(app: &TestApp) {
    let path = |creche: &str, kind: &str, month: &str| format!("/creches/{creche}/{kind}Statements/{month}");
    let vendor = app.vendor();
    let july = || Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2 3:AI 21:P").child(2, "1:AJ:medicalCertificate 2:P");
    vendor.put(path(CRECHE, "attendance", "2026-07"), july()).await.expect(201);
    let corrected = Sheet::of("2026-07").child(1, "1:AI 2:P/2+AJ/2 21:P").child(3, "4:P").without("ssin");
    let replaced = vendor.put(path(CRECHE, "attendance", "2026-07"), corrected).if_match("\"1\"").await;
    assert!(replaced.status < 300, "{:?}", replaced.json);
    let faulty = july().with("birthDate", "hier");
    vendor.put(path(CRECHE, "attendance", "2026-08"), faulty.clone()).await.expect(400);
    vendor.put(path(SECOND, "attendance", "2026-06"), Sheet::of("2026-06").child(1, "1:P")).await.expect(201);
    vendor.put(path(SECOND, "attendance", "2026-07"), Sheet::of("2026-07")).await.expect(201);
    let tried = Sheet::of("2026-09").child(1, "1:P");
    app.trial().await.put(path(CRECHE, "attendance", "2026-09"), tried).await;
    let line = |day: &str, fee: u32| {
        json!({ "date": day, "arrival": "09:00", "departure": "10:30",
        "inami": "19006951001", "feeCents": fee, "travelCents": 1250 })
    };
    let consultations = |fee| json!({ "lines": [line("2026-07-06", fee), line("2026-07-21", 9000)] });
    vendor.put(path(CRECHE, "medical", "2026-07"), consultations(9000)).await.expect(201);
    let replaced = vendor.put(path(CRECHE, "medical", "2026-07"), consultations(9500)).if_match("\"1\"").await;
    assert!(replaced.status < 300, "{:?}", replaced.json);
    let browser = app.browser(ADMINISTRATOR).await;
    let upload = format!("/console/creches/{CRECHE}/attendance/2026-09/upload");
    let good = book("2026-09", &Sheet::of("2026-09").child(1, "1:P 2:P").into());
    browser.upload(upload, &[("action", "deposit")], &good).await.goes_to();
}

/// One who awaits the agency, one who is refused.
async fn doctors(app: &TestApp) {
    let path = crate::doctors::enter_doctor(app).await;
    crate::doctors::agree(&app.vendor(), &path).await.expect(200);
    let sheet = json!({ "inami": "19006951001", "givenName": "Claire", "familyName": "Autre" });
    let known = app.vendor().get("/doctors").await.expect(200);
    let claire = known["items"].as_array().unwrap().iter().find(|doctor| doctor["inami"] == "19006951001").unwrap();
    let path = format!("/doctors/{}", claire["id"].as_str().unwrap());
    app.vendor().call(Method::PATCH, &path).if_match("*").body("application/json", sheet.to_string()).await.expect(200);
    crate::doctors::agree(&app.vendor(), &path).await.expect(200);
    let id = claire["id"].as_str().unwrap().parse().unwrap();
    decide(&app.app, "ONE-1207", id, &Precondition::Any, &Decision::Refused("Signature manquante.".to_owned()))
        .await
        .unwrap();
}

/// A key of every kind and state, and an application that is suspended.
async fn keys(app: &TestApp) {
    let ours = app.ours(app.writing());
    let ends = Some("2026-12-31T23:00:00Z".parse().unwrap());
    let limited = NewKey {
        scopes: [Scope::StatementsRead(attendance::KIND), Scope::SummariesRead].into_iter().collect(),
        creches: Some(vec![creche(CRECHE)]),
        expires_at: ends,
        ..ours.clone()
    };
    for key in [app.ours(KeyKind::Trial), app.ours(KeyKind::Live), limited] {
        app.issue(key).await;
    }
    let revoked = KeyText::parse(&app.issue(ours).await).unwrap().id();
    let actor = Actor::operator("tests");
    assert!(app.app.keys.revoke(app.app.acting_as(&actor), organiser(), revoked).await.unwrap());
    app.expired().await;
    app.suspended().await.get("/caller").await.expect(401);
}

/// An endpoint that accepts messages, then fails; and one that waits for verification.
async fn notifications(app: &TestApp) -> Receiver {
    let mut receiver = Receiver::start().await;
    let more = json!({ "eventTypes": ["attendanceStatement.deposited", "doctor.changed"] });
    verified(&app.vendor(), &mut receiver, more).await;
    let path = format!("/creches/{CRECHE}/attendanceStatements/2026-05");
    app.vendor().put(&path, Sheet::of("2026-05").child(1, "4:P")).await.expect(201);
    deliver(app).await;
    receiver.status(503);
    let path = format!("/creches/{CRECHE}/attendanceStatements/2026-04");
    app.vendor().put(&path, Sheet::of("2026-04").child(1, "1:P")).await.expect(201);
    deliver(app).await;
    app.vendor().post("/webhookEndpoints", json!({ "url": receiver.url() + "/waiting" })).await.expect(201);
    receiver
}
