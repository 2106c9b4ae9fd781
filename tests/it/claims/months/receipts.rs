//! Receipts of months: read, checked by code, by the program, by another library, and as a PDF.

use std::process::Command;

use passerelle::app::claims::{ReceiptFault, verify};
use serde_json::{Value, json};

use super::{deposit_validated, month, page, signed};
use crate::claims::{judged_by_jose, keys, text_of};
use crate::harness::app::{ADMINISTRATOR, each_app};
use crate::harness::process::PROGRAM;

#[tokio::test]
async fn the_receipt_of_a_month_has_its_figures_and_doctors_and_no_name() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(month("/signature/receipt")).await.expect(200);
        let document = &receipt["document"];
        assert_eq!((&document["quarter"], &document["month"]), (&json!("2026Q3"), &json!("2026-09")));
        let figure = |name: &str, value: u64| json!({ "figure": name, "month": "2026-09", "value": value });
        let figures = json!([figure("consultations", 3), figure("feeCents", 12_550), figure("travelCents", 1_500)]);
        assert_eq!(document["figures"], figures);
        assert_eq!(document["inputs"], json!([{ "resource": "medicalStatements", "month": "2026-09", "revision": 1 }]));
        assert_eq!((&document["doctors"][0]["state"], document.get("salaries")), (&json!("validated"), None));
        assert_eq!(document["warnings"], json!([{ "rule": "medical.closedDay", "count": 1, "reason": "checked" }]));
        let text = String::from_utf8(receipt.bytes.to_vec()).unwrap();
        for secret in ["Youssef", "Exemple", "17385467004"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        let downloaded = app.browser(ADMINISTRATOR).await.page(page("/receipt")).await.expect(200);
        assert_eq!(downloaded.bytes, receipt.bytes);
    })
    .await;
}

#[tokio::test]
async fn the_receipt_of_a_month_is_checked_by_its_code_and_without_the_gateway() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(month("/signature/receipt")).await.expect(200);
        let code = receipt["document"]["code"].as_str().unwrap();
        let genuine = app.anonymous().get(format!("/receipts/{code}")).await.expect(200);
        let expected = json!({ "genuine": true, "standing": "current", "signedAt": receipt["document"]["signedAt"],
            "sha256": receipt["sha256"] });
        assert_eq!(genuine.json, expected);
        let keys = keys(app).await;
        verify(&receipt.bytes, &keys).unwrap();
        let mut altered = receipt.json.clone();
        altered["document"]["doctors"][0]["state"] = "awaitingValidation".into();
        assert_eq!(verify(altered.to_string().as_bytes(), &keys).unwrap_err(), ReceiptFault::Hash);
        let published = app.browser(ADMINISTRATOR).await.page("/.well-known/jwks.json").await.expect(200);
        let jwks: Value = serde_json::from_str(&published.text).unwrap();
        judged_by_jose(&receipt.json, &jwks, "good");
        judged_by_jose(&altered, &jwks, "bad RangeError");
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (set, sound) = (file("jwks.json", &published.text), String::from_utf8(receipt.bytes.to_vec()).unwrap());
        let said = |receipt: &std::path::Path| {
            let mut program = Command::new(PROGRAM);
            let output = program.arg("verify-receipt").arg(receipt).arg("--jwks").arg(&set).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        let (status, text) = said(&file("receipt.json", &sound));
        assert_eq!(status, Some(0), "{text}");
        assert!(text.contains("genuine: the statement of consultations of 2026-09 for Les P'tits Loups"), "{text}");
        let (status, text) = said(&file("altered.json", &altered.to_string()));
        assert_eq!(status, Some(1), "{text}");
        assert!(text.contains("hash of the document"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_person_reads_a_month_as_a_pdf_before_and_after_signing() {
    each_app(async |app| {
        deposit_validated(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let before = browser.page(page(".pdf")).await.expect(200);
        assert!(before.header("content-disposition").ends_with("filename=\"medical-2026-09.pdf\""));
        super::send_signature(&browser).await.expect(303);
        let receipt = app.vendor().get(month("/signature/receipt")).await.expect(200);
        let after = browser.page(page("/receipt.pdf")).await.expect(200);
        assert!(after.header("content-disposition").ends_with("filename=\"receipt-2026-09-1.pdf\""));
        let by_api = app.vendor().get(month("/signature/receipt")).accept("application/pdf").await.expect(200);
        assert_eq!(by_api.header("content-type"), "application/pdf");
        let (Some(before), Some(after)) = (text_of(&before.bytes), text_of(&after.bytes)) else { return };
        for wanted in ["Consultations d’un mois à signer", "septembre 2026", "125,50", "Il n’est pas"] {
            assert!(before.contains(wanted), "{wanted} is not in {before}");
        }
        let (code, sha256) = (receipt["document"]["code"].as_str().unwrap(), receipt["sha256"].as_str().unwrap());
        for wanted in [code, sha256, "Les P'tits Loups", "septembre 2026", "125,50", "Bac à sable"] {
            assert!(after.contains(wanted), "{wanted} is not in {after}");
        }
    })
    .await;
}
