//! Doctors: entered, agreed with, decided on, changed; by every caller only what is within reach.

use axum::http::Method;
use passerelle::app::doctors::decide;
use passerelle::domain::doctor::Decision;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, SECOND, TestApp, each_app, organiser};
use crate::harness::call::{JSON, Persona, Reply};

const PDF: &str = "application/pdf";

fn sheet(creches: &[&str]) -> Value {
    json!({ "inami": "17385467004", "givenName": "Youssef", "familyName": "Exemple", "street": "Rue des Tilleuls",
        "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
        "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example", "function": "paediatrician",
        "startDate": "2026-09-01", "crecheIds": creches })
}

async fn change(vendor: &Persona<'_>, path: &str, change: Value) -> Reply {
    vendor.call(Method::PATCH, path).if_match("*").body(JSON, change.to_string()).await
}

async fn agree(vendor: &Persona<'_>, path: &str) -> Reply {
    vendor.call(Method::PUT, format!("{path}/agreement")).if_match("*").body(PDF, "%PDF-1.4 convention").await
}

async fn rule_on(app: &TestApp, path: &str, decision: Decision) {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    decide(&app.app, "ONE-1207", organiser(), id, &decision).await.unwrap();
}

#[tokio::test]
async fn a_doctor_is_put_to_the_agency_with_the_agreement_and_again_when_it_is_somebody_else() {
    each_app(async |app| {
        let vendor = app.vendor();
        let tried = vendor.post("/doctors?dryRun=true", sheet(&[CRECHE])).await.expect(200);
        assert_eq!((&tried["written"], &tried["state"]), (&json!(false), &json!("incomplete")));
        let entered = vendor.post("/doctors", sheet(&[CRECHE])).await.expect(201);
        assert_eq!((&entered["state"], &entered["country"]), (&json!("incomplete"), &json!("BE")));
        let path = format!("/doctors/{}", entered["id"].as_str().unwrap());
        let state = async || vendor.get(&path).await.expect(200)["state"].clone();

        assert_eq!(agree(&vendor, &path).await.expect(200)["state"], "awaitingValidation");
        rule_on(app, &path, Decision::Refused("Le diplôme manque.".to_owned())).await;
        let refused = vendor.get(&path).await.expect(200);
        assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("Le diplôme manque.")));
        agree(&vendor, &path).await.expect(200);
        rule_on(app, &path, Decision::Validated).await;
        assert_eq!(change(&vendor, &path, json!({ "town": "Liège" })).await.expect(200)["state"], "validated");
        assert_eq!(
            change(&vendor, &path, json!({ "familyName": "Autre" })).await.expect(200)["state"],
            "awaitingValidation"
        );
        change(&vendor, &path, json!({ "endDate": "2026-10-01" })).await.expect(200);
        assert_eq!(state().await, "ended");
        let events = app.events().await;
        let kinds: Vec<_> =
            events.iter().map(|(_, event)| &*event.kind).filter(|kind| kind.starts_with("doctor.")).collect();
        let changed = "doctor.changed";
        assert_eq!(
            kinds,
            ["doctor.entered", changed, "doctor.refused", changed, "doctor.validated", changed, changed, changed]
        );
    })
    .await;
}

#[tokio::test]
async fn an_agreement_comes_back_as_it_went_in_and_what_is_none_is_refused() {
    each_app(async |app| {
        let vendor = app.vendor();
        let path =
            format!("/doctors/{}", vendor.post("/doctors", sheet(&[CRECHE])).await.expect(201)["id"].as_str().unwrap());
        vendor.get(format!("{path}/agreement")).await.refused(404, "resourceNotFound");
        let put = |media: &str, bytes: Vec<u8>| {
            vendor.call(Method::PUT, format!("{path}/agreement")).if_match("*").body(media, bytes)
        };
        for (media, bytes) in [(PDF, b"PK\x03\x04".to_vec()), ("image/png", b"%PDF-1.4".to_vec()), (PDF, Vec::new())] {
            put(media, bytes).await.refused(415, "unsupportedMediaType");
        }
        put(PDF, [b"%PDF-1.4".to_vec(), vec![0; 5_000_000]].concat()).await.refused(413, "payloadTooLarge");
        agree(&vendor, &path).await.expect(200);
        let back = vendor.get(format!("{path}/agreement")).await.expect(200);
        assert_eq!((&*back.bytes, back.header("content-type")), (&b"%PDF-1.4 convention"[..], PDF));
        let stale = vendor.call(Method::PUT, format!("{path}/agreement")).if_match("\"1\"").body(PDF, "%PDF-1.4").await;
        stale.refused(412, "preconditionFailed");
    })
    .await;
}

#[tokio::test]
async fn one_number_has_one_sheet_and_nobody_reaches_beyond_their_creches() {
    each_app(async |app| {
        let (vendor, second) = (app.vendor(), app.limited_to(&[SECOND]).await);
        let twice = vendor.post("/doctors", json!({ "inami": "19006951001" })).await.expect(400);
        assert!(twice.codes("issues").contains(&"input.required"), "{}", twice.json);
        let mut known = sheet(&[CRECHE]);
        known["inami"] = "19006951001".into();
        assert_eq!(vendor.post("/doctors", known).await.expect(400).codes("issues"), ["doctor.known"]);
        let mut wrong = sheet(&[CRECHE]);
        (wrong["inami"], wrong["endDate"]) = ("19006952001".into(), "2026-08-31".into());
        let codes = vendor.post("/doctors", wrong).await.expect(400);
        assert_eq!(codes.codes("issues"), ["doctor.endBeforeStart", "doctor.inamiInvalid"]);
        let reply = second.post("/doctors", sheet(&[CRECHE])).await.expect(400);
        assert_eq!(reply.codes("issues"), ["doctor.unknownCreche"]);

        let entered = vendor.post("/doctors", sheet(&[CRECHE])).await.expect(201);
        let path = format!("/doctors/{}", entered["id"].as_str().unwrap());
        second.get(&path).await.refused(404, "resourceNotFound");
        assert_eq!(second.get("/doctors").await.expect(200)["items"].as_array().unwrap().len(), 1);
        change(&vendor, &path, json!({ "crecheIds": [CRECHE, SECOND] })).await.expect(200);
        second.get(&path).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_doctor_lies_open_in_the_database() {
    each_app(async |app| {
        let vendor = app.vendor();
        let entered = vendor.post("/doctors", sheet(&[CRECHE])).await.expect(201);
        agree(&vendor, &format!("/doctors/{}", entered["id"].as_str().unwrap())).await.expect(200);
        let rows = passerelle::store::doctors::list(&mut app.app.db.read().await.unwrap(), organiser()).await.unwrap();
        let kept = format!("{rows:?}");
        assert!(rows.len() == 2 && !kept.contains("17385467004") && !kept.contains("Exemple"), "{kept}");
    })
    .await;
}
