//! Who signs a month, and when.

use passerelle::domain::doctor::Decision;
use serde_json::json;

use super::{deposit, deposit_validated, events, month, page, send_signature, signature, signed};
use crate::claims::{attendance, hidden, send_signature_of};
use crate::doctors::rule_on;
use crate::harness::app::{ADMINISTRATOR, CRECHE, UNSUBSIDISED, each_app};
use crate::harness::people::{new_user, ssin};
use crate::harness::statement::Sheet;

#[tokio::test]
async fn a_person_signs_a_month_of_consultations_alone() {
    each_app(async |app| {
        signed(app).await;
        let read = signature(app).await;
        assert_eq!(
            (&read["state"], &read["changed"], &read["month"]),
            (&json!("signed"), &json!(false), &json!("2026-09"))
        );
        assert_eq!((&read["acts"][0]["act"], &read["acts"][0]["by"]), (&json!("sign"), &json!("person")));
        assert!(read["page"].as_str().unwrap().ends_with(&page("")), "{}", read["page"]);
        assert_eq!(app.vendor().get(month("")).await.expect(200)["status"], "locked");
        // Its quarter is not signed by that, and its attendance stays open.
        assert_eq!(super::super::claim(app).await["state"], "draft");
        let september = attendance("2026-09");
        app.vendor().put(&september, Sheet::of("2026-09").children(1, "1:P")).await.expect(201);
        assert_eq!(app.vendor().get(&september).await.expect(200)["status"], "deposited");
        assert_eq!(events(app, "medicalStatement.s").await, ["medicalStatement.signed"]);
        assert_eq!(events(app, "activityReport").await, [""; 0]);
        let browser = app.browser(ADMINISTRATOR).await;
        let month = format!("/console/creches/{CRECHE}/medical/2026-09");
        browser.page(&month).await.expect(200).says(&["Les consultations de ce mois sont signées"]).shows(&[&page("")]);
    })
    .await;
}

#[tokio::test]
async fn a_key_learns_where_a_person_signs_a_month() {
    each_app(async |app| {
        deposit_validated(app).await;
        let refused = app.vendor().post(month("/signature"), json!(null)).await.refused(403, "signatureNeedsPerson");
        assert!(refused["page"].as_str().unwrap().ends_with(&page("")), "{}", refused["page"]);
        assert_eq!(signature(app).await["state"], "draft");
        app.vendor().get(month("/signature/receipt")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn consultations_of_a_doctor_who_is_not_validated_are_not_signed() {
    each_app(async |app| {
        let doctor = deposit(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let shown = browser.page(page("")).await.expect(200);
        shown.says(&["ne peuvent pas encore être signées", "d’un médecin que l’ONE n’a pas encore validé"]);
        browser.send(page(""), &[("shown", "0")]).await.expect(409).says(&["rien n’est signé"]);
        browser.page(page(".pdf")).await.expect(404);
        rule_on(app, &doctor, Decision::Refused("Le diplôme manque.".to_owned())).await;
        browser.send(page(""), &[("shown", "0")]).await.expect(409);
        assert_eq!(signature(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn a_decision_on_a_doctor_after_the_page_was_shown_is_not_signed_over() {
    each_app(async |app| {
        deposit_validated(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let token = hidden(&browser.page(page("")).await.expect(200), "shown");
        let doctors = app.vendor().get("/doctors").await.expect(200);
        let of_number = |doctor: &&serde_json::Value| doctor["inami"] == "17385467004";
        let doctor = doctors["items"].as_array().unwrap().iter().find(of_number).unwrap();
        let path = format!("/doctors/{}", doctor["id"].as_str().unwrap());
        crate::doctors::change(&app.vendor(), &path, json!({ "town": "Liège" })).await.expect(200);
        let fields =
            [("shown", token.as_str()), ("rule", "medical.closedDay"), ("warning.medical.closedDay", "checked")];
        browser.send(page(""), &fields).await.expect(409).says(&["a changé depuis"]);
        send_signature(&browser).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_deposited_not_over_or_not_subsidised_is_not_signed() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(page("")).await.expect(200).says(&["ne peuvent pas encore être signées"]);
        let other = |creche: &str, month: &str| format!("/console/creches/{creche}/medical/{month}/signature");
        for (creche, month, why) in
            [(CRECHE, "2026-10", "n’est pas terminé"), (UNSUBSIDISED, "2026-09", "n’est pas subsidiée")]
        {
            let path = format!("/creches/{creche}/medicalStatements/{month}");
            app.vendor().put(path, json!({ "lines": [] })).await.expect(201);
            browser.page(other(creche, month)).await.expect(200).says(&[why]);
            browser.send(other(creche, month), &[("shown", "0")]).await.expect(409).says(&["rien n’est signé"]);
        }
    })
    .await;
}

#[tokio::test]
async fn every_warning_of_a_month_needs_a_reason() {
    each_app(async |app| {
        deposit_validated(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let token = hidden(&browser.page(page("")).await.expect(200), "shown");
        let fields = [("shown", token.as_str()), ("rule", "medical.closedDay"), ("warning.medical.closedDay", "")];
        browser.send(page(""), &fields).await.expect(409).says(&["Indiquez une raison"]);
        assert_eq!(signature(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn reading_consultations_is_not_signing_them() {
    each_app(async |app| {
        deposit_validated(app).await;
        let administrator = app.person(ADMINISTRATOR).await;
        let mut clerk = new_user(31);
        clerk["profile"] = "dataManager".into();
        clerk["rights"] = json!([{ "crecheId": CRECHE, "scopes": ["medical:write"] }]);
        let user = administrator.post("/users", clerk).await.expect(201);
        let browser = app.browser(&ssin(31)).await;
        browser.page(page("")).await.expect(200).says(&["il faut le droit de signature"]);
        browser.send(page(""), &[("shown", "0")]).await.expect(403);
        let rights = json!({ "rights": [{ "crecheId": CRECHE, "scopes": ["medical:write", "reports:sign"] }] });
        let path = format!("/users/{}", user["id"].as_str().unwrap());
        administrator.patch(path, rights).if_match("*").await.expect(200);
        send_signature(&browser).await.expect(303);
        assert_eq!(signature(app).await["state"], "signed");
    })
    .await;
}

#[tokio::test]
async fn an_old_log_in_does_not_sign_a_month() {
    each_app(async |app| {
        deposit_validated(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let token = hidden(&browser.page(page("")).await.expect(200), "shown");
        app.travel("2026-10-12T07:16:00Z");
        let shown = browser.page(page("")).await.expect(200);
        shown.shows(&["/console/login/begin?again=1&", &page(""), "identifiez-vous de nouveau"]);
        let fields =
            [("shown", token.as_str()), ("rule", "medical.closedDay"), ("warning.medical.closedDay", "checked")];
        browser.send(page(""), &fields).await.expect(409).says(&["identifiez-vous de nouveau"]);
        assert_eq!(signature(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn of_two_signers_of_a_month_at_once_one_signs() {
    each_app(async |app| {
        deposit_validated(app).await;
        let (one, other) = (app.browser(ADMINISTRATOR).await, app.browser(ADMINISTRATOR).await);
        let path = page("");
        let shown = (one.page(&path).await.expect(200), other.page(&path).await.expect(200));
        let (one, other) =
            tokio::join!(send_signature_of(&one, &shown.0, &path), send_signature_of(&other, &shown.1, &path));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.text, other.text);
        assert_eq!(signature(app).await["acts"].as_array().unwrap().len(), 1);
    })
    .await;
}
