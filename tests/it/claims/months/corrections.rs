//! What is deposited after the signature of a month; the month beside its quarter.

use passerelle::app::claims::verify;
use serde_json::json;

use super::{consultations, events, month, page, send_signature, signature, signed};
use crate::claims;
use crate::claims::{attendance, keys, report};
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app};
use crate::harness::statement::Sheet;

/// One consultation less.
fn corrected() -> serde_json::Value {
    consultations(&[8_550])
}

async fn correct(app: &TestApp) {
    let with_reason = month("?correctionReason=encodingError");
    let accepted = app.vendor().put(with_reason, corrected()).if_match("*").await.expect(200);
    assert_eq!((&accepted["status"], &accepted["revision"]), (&json!("locked"), &json!(2)));
}

#[tokio::test]
async fn a_month_that_is_signed_alone_is_changed_with_a_reason_and_the_difference_is_signed() {
    each_app(async |app| {
        let browser = signed(app).await;
        let first = app.vendor().get(month("/signature/receipt")).await.expect(200);
        app.vendor().put(month(""), corrected()).if_match("*").await.refused(409, "statementLocked");
        let tried = app.vendor().put(month("?dryRun=true"), corrected()).await.expect(200);
        assert_eq!((&tried["status"], &tried["written"]), (&json!("locked"), &json!(false)));
        correct(app).await;
        let changed = signature(app).await;
        assert_eq!((&changed["state"], &changed["changed"]), (&json!("signed"), &json!(true)));
        assert_eq!(
            changed["changes"],
            json!([
                { "figure": "consultations", "month": "2026-09", "signed": 3, "now": 2 },
                { "figure": "feeCents", "month": "2026-09", "signed": 12_550, "now": 8_550 },
                { "figure": "travelCents", "month": "2026-09", "signed": 1_500, "now": 1_000 },
            ])
        );
        assert_eq!(events(app, "medicalStatement.c").await, ["medicalStatement.corrected"]);
        assert_eq!(events(app, "activityReport").await, [""; 0], "no report was signed");
        browser.page(page("")).await.expect(200).shows(&["Signer la différence", "Modifié depuis la signature"]);
        send_signature(&browser).await.expect(303);
        let second = app.vendor().get(month("/signature/receipt")).await.expect(200);
        assert_eq!((&second["document"]["previous"], &second["document"]["signature"]), (&first["sha256"], &json!(2)));
        let keys = keys(app).await;
        for receipt in [&first, &second] {
            verify(&receipt.bytes, &keys).unwrap();
        }
        assert_eq!(signature(app).await["changed"], false);
        browser.send(page(""), &[("shown", "0")]).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn a_person_corrects_a_signed_month_on_its_page_with_a_reason() {
    each_app(async |app| {
        let browser = signed(app).await;
        let upload = format!("/console/creches/{CRECHE}/medical/2026-09/upload");
        browser.page(upload).await.expect(200).shows(&["Raison de la correction", "Erreur d’encodage"]);
        browser.page("/console").await.expect(200).keeps_silent(&["signez la différence"]);
        app.travel("2026-10-12T07:01:00Z");
        correct(app).await;
        browser.page("/console").await.expect(200).says(&["signez la différence", "les consultations"]);
        let revisions = app.vendor().get(month("/revisions")).await.expect(200);
        assert!(revisions.each("items", "correctionReason").contains(&json!("encodingError")));
    })
    .await;
}

#[tokio::test]
async fn the_quarter_of_a_signed_month_is_signed_too_and_each_is_corrected() {
    each_app(async |app| {
        let browser = signed(app).await;
        for month in ["2026-07", "2026-08", "2026-09"] {
            app.vendor().put(attendance(month), Sheet::of(month).children(2, "1:P")).await.expect(201);
        }
        app.vendor().put(report(""), claims::draft(312_000)).await.expect(201);
        claims::send_signature(&browser).await.expect(303);
        assert_eq!(
            (&claims::claim(app).await["state"], &signature(app).await["state"]),
            (&json!("signed"), &json!("signed"))
        );
        correct(app).await;
        let corrected = [events(app, "activityReport.c").await, events(app, "medicalStatement.c").await].concat();
        assert_eq!(corrected, ["activityReport.corrected", "medicalStatement.corrected"]);
        assert_eq!(
            (&claims::claim(app).await["changed"], &signature(app).await["changed"]),
            (&json!(true), &json!(true))
        );
        // Each is signed by itself.
        send_signature(&browser).await.expect(303);
        assert_eq!(
            (&claims::claim(app).await["changed"], &signature(app).await["changed"]),
            (&json!(true), &json!(false))
        );
        claims::send_signature(&browser).await.expect(303);
        assert_eq!(claims::claim(app).await["changed"], false);
        // The quarter freezes the month also when its own signature is withdrawn, and the other way round.
        browser.send(page("/withdraw"), &[("reason", "Avec le trimestre.")]).await.expect(303);
        app.vendor().put(month(""), consultations(&[1])).if_match("*").await.refused(409, "statementLocked");
        browser.send(claims::page("/withdraw"), &[("reason", "Un mois est faux.")]).await.expect(303);
        app.vendor().put(month(""), consultations(&[1])).if_match("*").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_signature_of_a_month_is_withdrawn_with_a_reason() {
    each_app(async |app| {
        let browser = signed(app).await;
        browser.send(page("/withdraw"), &[("reason", " ")]).await.expect(409).says(&["Indiquez une raison"]);
        let receipt = app.vendor().get(month("/signature/receipt")).await.expect(200);
        browser.send(page("/withdraw"), &[("reason", "Un jour est faux.")]).await.expect(303);
        let code = format!("/receipts/{}", receipt["document"]["code"].as_str().unwrap());
        assert_eq!(app.anonymous().get(&code).await.expect(200)["standing"], "withdrawn");
        let withdrawn = signature(app).await;
        assert_eq!((&withdrawn["state"], withdrawn.get("signature")), (&json!("withdrawn"), None));
        assert_eq!(events(app, "medicalStatement.w").await, ["medicalStatement.withdrawn"]);
        app.vendor().put(month(""), corrected()).if_match("*").await.expect(200);
        let browser = app.browser(ADMINISTRATOR).await;
        send_signature(&browser).await.expect(303);
        assert_eq!(app.vendor().get(month("/signature/receipt")).await.expect(200)["document"]["signature"], 2);
    })
    .await;
}
