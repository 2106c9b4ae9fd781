//! Who signs what, and when.

use passerelle::domain::user::Profile;
use serde_json::json;

use super::{attendance, claim, deposit_quarter, hidden, page, report, send_signature, send_signature_of, signed};
use crate::harness::app::{ADMINISTRATOR, CRECHE, each_app};
use crate::harness::people::{new_user, ssin};
use crate::harness::statement::Sheet;

#[tokio::test]
async fn a_person_signs_what_software_deposited() {
    each_app(async |app| {
        signed(app).await;
        let claim = claim(app).await;
        assert_eq!((&claim["state"], &claim["changed"]), (&json!("signed"), &json!(false)));
        assert_eq!((&claim["acts"][0]["act"], &claim["acts"][0]["by"]), (&json!("sign"), &json!("person")));
        assert_eq!(claim["signature"]["number"], 1);
        assert_eq!(app.vendor().get(report("")).await.expect(200)["state"], "signed");
        assert_eq!(app.vendor().get(attendance("2026-07")).await.expect(200)["status"], "locked");
        let events: Vec<_> = app.events().await.into_iter().map(|(_, event)| event.kind.code()).collect();
        assert_eq!(events.iter().filter(|code| **code == "activityReport.signed").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_learns_where_a_person_signs() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let refused = app.vendor().post(report("/signature"), json!(null)).await.expect(403);
        assert_eq!(refused.kind(), "signatureNeedsPerson");
        assert!(refused["page"].as_str().unwrap().ends_with(&page("/claim")), "{}", refused["page"]);
        assert_eq!(claim(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_complete_is_not_signed() {
    each_app(async |app| {
        app.vendor().put(report(""), json!({})).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(page("/claim")).await.expect(200).says(&["ne peut pas encore être signé"]);
        let refused = browser.send(page("/claim"), &[("shown", "0")]).await.expect(409);
        refused.says(&["rien n’est signé"]);
        assert_eq!(claim(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn every_warning_needs_a_reason() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let shown = browser.page(page("/claim")).await.expect(200);
        let token = hidden(&shown, "shown");
        let rule = ("rule", "report.medicalMissing");
        for reason in ["", "whatever"] {
            let fields = [("shown", token.as_str()), rule, ("warning.report.medicalMissing", reason)];
            browser.send(page("/claim"), &fields).await.expect(409).says(&["Indiquez une raison"]);
        }
        assert_eq!(claim(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn what_has_changed_since_it_was_shown_is_not_signed() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let token = hidden(&browser.page(page("/claim")).await.expect(200), "shown");
        let other = Sheet::of("2026-08").children(2, "1:P");
        app.vendor().put(attendance("2026-08"), other).if_match("*").await.expect(200);
        let rule = ("rule", "report.medicalMissing");
        let fields = [("shown", token.as_str()), rule, ("warning.report.medicalMissing", "checked")];
        browser.send(page("/claim"), &fields).await.expect(409).says(&["a changé depuis"]);
        assert_eq!(claim(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn writing_is_not_signing() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let mut clerk = new_user(31);
        clerk["profile"] = "dataManager".into();
        let administrator = app.person(ADMINISTRATOR).await;
        clerk["rights"] = json!([{ "crecheId": CRECHE, "scopes": ["reports:write"] }]);
        let user = administrator.post("/users", clerk).await.expect(201);
        let browser = app.browser(&ssin(31)).await;
        browser.page(page("/claim")).await.expect(200).says(&["il faut le droit de signature"]);
        browser.send(page("/claim"), &[("shown", "0")]).await.expect(403);
        let rights = json!({ "rights": [{ "crecheId": CRECHE, "scopes": ["reports:sign"] }] });
        let path = format!("/users/{}", user["id"].as_str().unwrap());
        administrator.patch(path, rights).if_match("*").await.expect(200);
        send_signature(&browser).await.expect(303);
        assert_eq!(claim(app).await["state"], "signed");
        app.add_user(32, Profile::UserManager).await;
        app.browser(&ssin(32)).await.page(page("/claim")).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn an_old_log_in_does_not_sign() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let token = hidden(&browser.page(page("/claim")).await.expect(200), "shown");
        app.travel("2026-10-12T07:16:00Z");
        let shown = browser.page(page("/claim")).await.expect(200);
        shown.shows(&["/console/login/begin?again=1&", "identifiez-vous de nouveau"]);
        let rule = ("rule", "report.medicalMissing");
        let fields = [("shown", token.as_str()), rule, ("warning.report.medicalMissing", "checked")];
        browser.send(page("/claim"), &fields).await.expect(409).says(&["identifiez-vous de nouveau"]);
        assert_eq!(claim(app).await["state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn of_two_signers_at_once_one_signs() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let (one, other) = (app.browser(ADMINISTRATOR).await, app.browser(ADMINISTRATOR).await);
        let path = page("/claim");
        let shown = (one.page(&path).await.expect(200), other.page(&path).await.expect(200));
        let (one, other) =
            tokio::join!(send_signature_of(&one, &shown.0, &path), send_signature_of(&other, &shown.1, &path));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.text, other.text);
        assert_eq!(claim(app).await["acts"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_signature_is_withdrawn_until_an_agent_takes_it_up() {
    each_app(async |app| {
        let browser = signed(app).await;
        browser.send(page("/withdraw"), &[("reason", " ")]).await.expect(409).says(&["Indiquez une raison"]);
        let validations = format!("/creches/{CRECHE}/staffValidations");
        let years = async || app.vendor().get(&validations).await.expect(200).each("items", "year");
        assert_eq!(years().await, [2026], "the staff is validated by the same act");
        let receipt = app.vendor().get(report("/receipt")).await.expect(200);
        browser.send(page("/withdraw"), &[("reason", "Un mois est faux.")]).await.expect(303);
        assert_eq!(years().await, [0; 0]);
        let code = format!("/receipts/{}", receipt["document"]["code"].as_str().unwrap());
        assert_eq!(app.anonymous().get(&code).await.expect(200)["standing"], "withdrawn");
        let withdrawn = claim(app).await;
        assert_eq!((&withdrawn["state"], withdrawn.get("signature")), (&json!("withdrawn"), None));
        assert_eq!(withdrawn["acts"][1]["reason"], "Un mois est faux.");
        let open = Sheet::of("2026-07").children(2, "1:P");
        app.vendor().put(attendance("2026-07"), open).if_match("*").await.expect(200);
        send_signature(&browser).await.expect(303);
        assert_eq!(claim(app).await["signature"]["number"], 2);
        assert_eq!(app.anonymous().get(&code).await.expect(200)["standing"], "replaced");
        let long = "x".repeat(2_001);
        browser.send(page("/withdraw"), &[("reason", &long)]).await.expect(409).says(&["dépasse", &long]);
    })
    .await;
}

#[tokio::test]
async fn reading_the_page_of_a_claim_is_recorded() {
    each_app(async |app| {
        deposit_quarter(app).await;
        app.browser(ADMINISTRATOR).await.page(page("/claim")).await.expect(200);
        let actions = app.all_audit().await.into_iter().map(|link| link.entry.action);
        assert_eq!(actions.filter(|action| action == "claim.read").count(), 1);
    })
    .await;
}
