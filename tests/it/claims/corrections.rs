//! What is deposited after the signature.

use serde_json::json;

use super::{attendance, claim, draft, keys, page, report, send_signature, signed};
use crate::harness::app::{ADMINISTRATOR, each_app};
use crate::harness::statement::Sheet;
use passerelle::app::claims::verify;

/// One child less in July.
fn corrected() -> Sheet {
    Sheet::of("2026-07").children(1, "1:P 2:P/2")
}

#[tokio::test]
async fn a_signed_month_is_changed_with_a_reason_only() {
    each_app(async |app| {
        signed(app).await;
        let july = attendance("2026-07");
        let refused = app.vendor().put(&july, corrected()).if_match("*").await.expect(409);
        assert_eq!(refused.kind(), "statementLocked");
        assert_eq!(refused["correctionReasons"], json!(["encodingError", "lateInformation", "agencyRequest", "other"]));
        let tried = app.vendor().put(format!("{july}?dryRun=true"), corrected()).await.expect(200);
        assert_eq!((&tried["status"], &tried["written"]), (&json!("locked"), &json!(false)));
        let unknown = format!("{july}?correctionReason=because");
        app.vendor().put(unknown, corrected()).if_match("*").await.refused(400, "badRequest");
        // The same content changes nothing.
        app.vendor().put(&july, Sheet::of("2026-07").children(2, "1:P 2:P/2")).await.expect(200);
        let with_reason = format!("{july}?correctionReason=encodingError");
        let accepted = app.vendor().put(with_reason, corrected()).if_match("*").await.expect(200);
        assert_eq!((&accepted["status"], &accepted["revision"]), (&json!("locked"), &json!(2)));
        let claim = claim(app).await;
        assert_eq!((&claim["state"], &claim["changed"]), (&json!("signed"), &json!(true)));
        assert_eq!(
            claim["changes"],
            json!([
                { "figure": "presentFullDays", "month": "2026-07", "signed": 2, "now": 1 },
                { "figure": "presentHalfDays", "month": "2026-07", "signed": 2, "now": 1 },
            ])
        );
        let events: Vec<_> = app.events().await.into_iter().map(|(_, event)| event.kind.code()).collect();
        assert!(events.contains(&"activityReport.corrected"));
    })
    .await;
}

#[tokio::test]
async fn a_month_that_was_missing_at_the_signature_is_frozen_too() {
    each_app(async |app| {
        signed(app).await;
        let july = format!("/creches/{}/medicalStatements/2026-07", crate::harness::app::CRECHE);
        app.vendor().put(&july, json!({ "lines": [] })).await.expect(409);
        let late = format!("{july}?correctionReason=lateInformation");
        app.vendor().put(late, json!({ "lines": [] })).await.expect(201);
        // Other quarters stay open.
        app.vendor().put(attendance("2026-10"), Sheet::of("2026-10").children(1, "1:P")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn the_difference_is_signed_and_what_was_signed_stays() {
    each_app(async |app| {
        let browser = signed(app).await;
        let first = app.vendor().get(report("/receipt")).await.expect(200);
        browser.send(page("/claim"), &[("shown", "0")]).await.expect(409);
        let salary = format!("{}?correctionReason=other", report(""));
        app.vendor().put(salary, draft(320_000)).if_match("*").await.expect(200);
        let changed = claim(app).await;
        assert_eq!((&changed["salariesChanged"], &changed["changes"]), (&json!(true), &json!([])));
        let salary = &changed["salaryChanges"][0];
        assert_eq!(
            (&salary["month"], &salary["signedCents"], &salary["nowCents"]),
            (&json!("2026-07"), &json!(312_000), &json!(320_000))
        );
        assert_eq!(changed["salaryChanges"].as_array().unwrap().len(), 3);
        let shown = browser.page(page("/claim")).await.expect(200);
        shown.shows(&["Lambrechts Aline, juillet 2026", "3\u{202f}120,00", "3\u{202f}200,00"]);
        let july = format!("{}?correctionReason=encodingError", attendance("2026-07"));
        app.vendor().put(july, corrected()).if_match("*").await.expect(200);
        browser.page(page("/claim")).await.expect(200).shows(&["Signer la différence", "Modifié depuis la signature"]);
        send_signature(&browser).await.expect(303);
        let second = app.vendor().get(report("/receipt")).await.expect(200);
        assert_eq!(second["document"]["previous"], first["sha256"]);
        assert_eq!(second["document"]["signature"], 2);
        let keys = keys(app).await;
        for receipt in [&first, &second] {
            verify(&receipt.bytes, &keys).unwrap();
        }
        let claim = claim(app).await;
        assert_eq!((&claim["changed"], &claim["changes"]), (&json!(false), &json!([])));
    })
    .await;
}

#[tokio::test]
async fn a_person_corrects_a_signed_month_with_a_reason() {
    each_app(async |app| {
        signed(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let typed = page("");
        let shown = browser.page(&typed).await.expect(200);
        shown.shows(&["Raison de la correction", "Erreur d’encodage"]);
        let fields = [("version", "1"), ("from", "08:00"), ("until", "18:00")];
        browser.send(&typed, &fields).await.expect(400).says(&["choisissez la raison"]);
        let with_reason = [("version", "1"), ("from", "08:00"), ("until", "18:00"), ("correctionReason", "other")];
        browser.send(&typed, &with_reason).await.expect(303);
        assert_eq!(claim(app).await["changed"], true);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_changed_by_the_signature_is_read_anew() {
    each_app(async |app| {
        let july = attendance("2026-07");
        super::deposit_quarter(app).await;
        let open = app.vendor().get(&july).await.expect(200).etag();
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        let locked = app.vendor().get(&july).if_none_match(&open).await.expect(200);
        assert_eq!((&locked["status"], locked.etag().as_str()), (&json!("locked"), "\"1-locked\""));
        app.vendor().get(&july).if_none_match(&locked.etag()).await.expect(304);
        let signed = app.vendor().get(report("")).if_none_match("\"1\"").await.expect(200);
        assert_eq!(signed.etag(), "\"1-signed\"");
        // What was read is what is replaced.
        let with_reason = format!("{july}?correctionReason=encodingError");
        app.vendor().put(with_reason, corrected()).if_match(&locked.etag()).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_same_figures_in_another_revision_are_to_be_signed_and_the_reason_is_shown() {
    each_app(async |app| {
        let browser = signed(app).await;
        let july = attendance("2026-07");
        let other = Sheet::of("2026-07").child(3, "1:P 2:P/2").child(4, "1:P 2:P/2");
        app.vendor().put(format!("{july}?correctionReason=encodingError"), other).if_match("*").await.expect(200);
        let changed = claim(app).await;
        assert_eq!((&changed["changed"], &changed["changes"]), (&json!(true), &json!([])));
        let revisions = app.vendor().get(format!("{july}/revisions")).await.expect(200);
        let reasons: Vec<_> = revisions.each("items", "correctionReason");
        assert!(reasons.contains(&json!("encodingError")), "{reasons:?}");
        let month = format!("/console/creches/{}/attendance/2026-07", crate::harness::app::CRECHE);
        browser.page(month).await.expect(200).shows(&["Erreur d’encodage"]);
        browser.page(page("/claim")).await.expect(200).shows(&["avec les mêmes chiffres", "Signer la différence"]);
        send_signature(&browser).await.expect(303);
        assert_eq!(claim(app).await["changed"], false);
    })
    .await;
}
