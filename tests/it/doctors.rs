//! Doctors: entered, agreed with, decided on, changed; by every caller only what is within reach.

use axum::http::Method;
use passerelle::app::Precondition;
use passerelle::app::doctors::decide;
use passerelle::domain::doctor::Decision;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, SECOND, TestApp, UNSUBSIDISED, each_app, organiser};
use crate::harness::call::{JSON, Persona, Reply};
use crate::harness::file::pdf;

const PDF: &str = "application/pdf";

fn sheet(creches: &[&str]) -> Value {
    json!({ "inami": "17385467004", "givenName": "Youssef", "familyName": "Exemple", "street": "Rue des Tilleuls",
        "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
        "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example", "function": "paediatrician",
        "startDate": "2026-09-01", "crecheIds": creches })
}

pub(crate) async fn change(vendor: &Persona<'_>, path: &str, change: Value) -> Reply {
    vendor.call(Method::PATCH, path).if_match("*").body(JSON, change.to_string()).await
}

/// Stores an agreement with a doctor.
pub(crate) async fn agree(vendor: &Persona<'_>, path: &str) -> Reply {
    vendor.call(Method::PUT, format!("{path}/agreement")).if_match("*").body(PDF, pdf("convention")).await
}

/// Enters a new doctor for our first crèche; the path.
pub(crate) async fn enter_doctor(app: &TestApp) -> String {
    let entered = app.vendor().post("/doctors", sheet(&[CRECHE])).await.expect(201);
    format!("/doctors/{}", entered["id"].as_str().unwrap())
}

/// The agency decides on a doctor.
pub(crate) async fn rule_on(app: &TestApp, path: &str, decision: Decision) {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    decide(&app.app, "ONE-1207", id, &Precondition::Any, &decision).await.unwrap();
}

#[tokio::test]
async fn a_doctor_awaits_a_decision_with_the_agreement_and_again_after_a_change_of_person() {
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
            events.iter().map(|(_, event)| event.kind.code()).filter(|kind| kind.starts_with("doctor.")).collect();
        let changed = "doctor.changed";
        assert_eq!(
            kinds,
            ["doctor.entered", changed, "doctor.refused", changed, "doctor.validated", changed, changed, changed]
        );
    })
    .await;
}

#[tokio::test]
async fn an_agreement_is_returned_unchanged_and_another_file_is_refused() {
    each_app(async |app| {
        let vendor = app.vendor();
        let path =
            format!("/doctors/{}", vendor.post("/doctors", sheet(&[CRECHE])).await.expect(201)["id"].as_str().unwrap());
        vendor.get(format!("{path}/agreement")).await.refused(404, "resourceNotFound");
        let put = |media: &str, bytes: Vec<u8>| {
            vendor.call(Method::PUT, format!("{path}/agreement")).if_match("*").body(media, bytes)
        };
        for (media, bytes) in [(PDF, b"PK\x03\x04".to_vec()), ("image/png", pdf("")), (PDF, b"<html>".to_vec())] {
            put(media, bytes).await.refused(415, "unsupportedMediaType");
        }
        for (bytes, rule) in [
            (Vec::new(), "file.empty"),
            (b"%PDF-1.7\n1 0 obj".to_vec(), "file.incomplete"),
            (b"%PDF-1.7\n<</S/JavaScript/JS(1)>>\nstartxref\n9\n%%EOF".to_vec(), "file.activeContent"),
        ] {
            let refused = put(PDF, bytes).await.refused(400, "badRequest");
            assert_eq!(refused.each("issues", "code"), [rule]);
        }
        put(PDF, [b"%PDF-1.4".to_vec(), vec![0; 5_000_000]].concat()).await.refused(413, "payloadTooLarge");
        agree(&vendor, &path).await.expect(200);
        let back = vendor.get(format!("{path}/agreement")).await.expect(200);
        assert_eq!((&*back.bytes, back.header("content-type")), (&pdf("convention")[..], PDF));
        let stale = vendor.call(Method::PUT, format!("{path}/agreement")).if_match("\"1\"").body(PDF, pdf("")).await;
        stale.refused(412, "preconditionFailed");
    })
    .await;
}

#[tokio::test]
async fn a_number_has_one_sheet_and_callers_are_limited_to_their_creches() {
    each_app(async |app| {
        let (vendor, second) = (app.vendor(), app.limited_to(&[SECOND]).await);
        let twice = vendor.post("/doctors", json!({ "inami": "19006951001" })).await.expect(400);
        assert!(twice.codes("issues").contains(&"input.required"), "{}", twice.json);
        let mut known = sheet(&[CRECHE]);
        known["inami"] = "19006951001".into();
        let known = vendor.post("/doctors", known).await.expect(400);
        assert_eq!(known.codes("issues"), ["doctor.known"]);
        let there = vendor.get("/doctors").await.expect(200);
        let there = there["items"].as_array().unwrap().iter().find(|doctor| doctor["inami"] == "19006951001").unwrap();
        assert_eq!(known["issues"][0]["existing"]["id"], there["id"]);
        assert!(known["issues"][0]["existing"]["href"].as_str().unwrap().ends_with(there["id"].as_str().unwrap()));
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
async fn nothing_of_a_doctor_is_stored_in_clear() {
    each_app(async |app| {
        let vendor = app.vendor();
        let entered = vendor.post("/doctors", sheet(&[CRECHE])).await.expect(201);
        agree(&vendor, &format!("/doctors/{}", entered["id"].as_str().unwrap())).await.expect(200);
        let rows = passerelle::store::doctors::list(&mut app.app.db.read().await.unwrap(), organiser()).await.unwrap();
        let rows_text = format!("{rows:?}");
        assert!(rows.len() == 2 && !rows_text.contains("17385467004") && !rows_text.contains("Exemple"), "{rows_text}");
    })
    .await;
}

#[tokio::test]
async fn the_agency_decides_on_the_current_version_with_a_reason() {
    each_app(async |app| {
        let agent = app.agent().await;
        let path = enter_doctor(app).await;
        let validation = format!("{path}/validation");
        let put = |tag: &str, document: Value| {
            let call = agent.call(Method::PUT, &validation).body(JSON, document.to_string());
            if tag.is_empty() { call } else { call.if_match(tag) }
        };
        let (yes, no) = (json!({ "decision": "validated" }), json!({ "decision": "refused", "reason": "Page 2." }));
        assert_eq!(agent.get(&validation).await.expect(200)["state"], "incomplete");
        put("*", yes.clone()).await.refused(404, "resourceNotFound");
        agree(&app.vendor(), &path).await.expect(200);

        let seen = agent.get(&validation).await.expect(200);
        let tag = seen.etag();
        assert_eq!((&seen["state"], tag.as_str()), (&json!("awaitingValidation"), "\"2\""));
        for wrong in [json!({ "decision": "refused" }), json!({ "decision": "validated", "reason": "Oui." })] {
            assert_eq!(put(&tag, wrong).await.expect(400).codes("issues"), ["doctor.reasonMisplaced"]);
        }
        for wrong in [json!({}), json!({ "decision": "perhaps" }), json!({ "decision": "refused", "reason": " " })] {
            put(&tag, wrong).await.refused(400, "badRequest");
        }
        let forged = put(&tag, yes.clone()).header("sec-fetch-site", "cross-site").await;
        forged.refused(403, "missingPermission");
        put("", yes.clone()).await.refused(428, "preconditionRequired");
        agree(&app.vendor(), &path).await.expect(200);
        put(&tag, yes.clone()).await.refused(412, "preconditionFailed");
        let tag = agent.get(&validation).await.etag();
        let refused = put(&tag, no.clone()).await.expect(200);
        assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("Page 2.")));
        let again = put("", no).await.expect(200);
        assert_eq!((again.etag(), &again["decidedAt"]), (refused.etag(), &refused["decidedAt"]));
        assert_eq!(put(&refused.etag(), yes).await.expect(200)["state"], "validated");
        assert_eq!(app.vendor().get(&path).await.expect(200)["state"], "validated");
        let unknown = "/doctors/019a5c00-0000-7000-8000-000000000099/validation";
        agent.get(unknown).await.refused(404, "resourceNotFound");
        app.vendor().get(&validation).await.refused(403, "missingPermission");
    })
    .await;
}

#[tokio::test]
async fn a_limited_key_does_not_change_what_counts_in_another_creche() {
    each_app(async |app| {
        let (here, all) = (app.limited_to(&[CRECHE]).await, app.vendor());
        let claire = "/doctors/019a5c00-0000-7000-8000-000000000041";
        assert_eq!(here.get(claire).await.expect(200)["crecheIds"], json!([CRECHE]));
        let send = async |change: Value| {
            let call = here.call(Method::PATCH, claire).if_match("*").body(JSON, change.to_string());
            call.await
        };
        assert_eq!(send(json!({ "crecheIds": [CRECHE] })).await.expect(200)["written"], false);
        let named = send(json!({ "crecheIds": [CRECHE, SECOND] })).await.refused(400, "badRequest");
        assert_eq!(named.codes("issues"), ["doctor.unknownCreche"]);
        for change in
            [json!({ "endDate": "2026-12-31" }), json!({ "familyName": "Maas" }), json!({ "inami": "10000135004" })]
        {
            let refused = send(change).await.refused(400, "badRequest");
            assert_eq!(refused.codes("issues"), ["doctor.sharedBeyondReach"]);
        }
        let agreement = here.call(Method::PUT, format!("{claire}/agreement")).if_match("*");
        let refused = agreement.body("application/pdf", pdf("")).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["doctor.sharedBeyondReach"]);
        assert_eq!(send(json!({ "town": "Dinant" })).await.expect(200)["town"], "Dinant");
        let whole = all.get(claire).await.expect(200);
        assert_eq!((&whole["crecheIds"], &whole["familyName"]), (&json!([CRECHE, SECOND]), &json!("Maes")));
    })
    .await;
}

#[tokio::test]
async fn a_doctor_of_another_creche_is_entered_like_any_other() {
    each_app(async |app| {
        let (third, all) = (app.limited_to(&[UNSUBSIDISED]).await, app.vendor());
        let claire = "019a5c00-0000-7000-8000-000000000041";
        let stored = all.get(format!("/doctors/{claire}")).await.expect(200);
        let mut new = stored.json.clone();
        for name in ["href", "id", "state", "decidedAt", "agreementStoredAt", "createdAt"] {
            new.as_object_mut().unwrap().remove(name);
        }
        (new["crecheIds"], new["town"]) = (json!([UNSUBSIDISED]), json!("Liège"));
        let known = third.post("/doctors?dryRun=true", new.clone()).await.expect(200);
        let mut nobody = new.clone();
        nobody["inami"] = "10000135004".into();
        let unknown = third.post("/doctors?dryRun=true", nobody).await.expect(200);
        let plain = |reply: &Reply| {
            let mut json = reply.json.clone();
            for name in ["id", "href", "inami"] {
                json.as_object_mut().unwrap().remove(name);
            }
            json
        };
        assert_eq!(plain(&known), plain(&unknown));
        let mut other = new.clone();
        other["familyName"] = "Autre".into();
        let refused = third.post("/doctors", other).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["doctor.nameDiffers"]);
        // A doctor out of reach is treated as unknown.
        let lines = json!({ "lines": [{ "date": "2026-07-01", "arrival": "09:00", "departure": "10:00",
            "inami": new["inami"], "feeCents": 1 }] });
        let path = format!("/creches/{UNSUBSIDISED}/medicalStatements/2026-07");
        let refused = third.put(&path, lines.clone()).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["medical.doctorUnknown"]);

        let entered = third.post("/doctors", new).await.expect(201);
        assert_eq!((&entered["id"], &entered["crecheIds"]), (&json!(claire), &json!([UNSUBSIDISED])));
        let whole = all.get(format!("/doctors/{claire}")).await.expect(200);
        assert_eq!(whole["crecheIds"], json!([CRECHE, SECOND, UNSUBSIDISED]));
        assert_eq!((&whole["town"], &whole["state"]), (&stored["town"], &stored["state"]));
        third.put(&path, lines).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn null_removes_an_optional_member() {
    each_app(async |app| {
        let (vendor, path) = (app.vendor(), enter_doctor(app).await);
        let sent = json!({ "endDate": "2027-08-31", "box": "3", "country": "FR" });
        let changed = change(&vendor, &path, sent).await.expect(200);
        assert_eq!((&changed["endDate"], &changed["box"]), (&json!("2027-08-31"), &json!("3")));
        let none = json!({ "endDate": null, "box": null, "country": null });
        let changed = change(&vendor, &path, none).await.expect(200);
        assert_eq!((changed.json.get("endDate"), changed.json.get("box")), (None, None));
        assert_eq!(changed["country"], "BE");
        let refused = change(&vendor, &path, json!({ "town": null })).await.refused(400, "badRequest");
        assert_eq!(
            (refused.codes("issues"), refused.each("issues", "name")),
            (vec!["input.malformed"], vec![json!("/town")])
        );
        let none = change(&vendor, &path, json!({ "crecheIds": [] })).await.refused(400, "badRequest");
        assert!(none["issues"][0]["detail"].as_str().unwrap().contains("at least one"), "{}", none.json);
    })
    .await;
}
