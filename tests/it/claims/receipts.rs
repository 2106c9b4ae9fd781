//! Receipts: read, checked by code, checked without the gateway.

use std::process::Command;

use passerelle::app::claims::{ReceiptFault, TrustedKey, verify};
use passerelle::domain::actor::Actor;
use passerelle::seal::PublicReceiptKey;
use serde_json::{Value, json};

use super::{deposit_quarter, keys, page, report, signed};
use crate::harness::app::{ADMINISTRATOR, CRECHE, each_app};
use crate::webhooks::foreign::tool;

#[tokio::test]
async fn a_receipt_has_the_figures_and_no_salary_and_no_name() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200);
        let document = &receipt["document"];
        assert_eq!((&document["deployment"], &document["signature"]), (&json!("sandbox"), &json!(1)));
        assert_eq!(document["warnings"], json!([{ "rule": "report.medicalMissing", "count": 1, "reason": "checked" }]));
        let figures = document["figures"].as_array().unwrap();
        let july = json!({ "figure": "presentFullDays", "month": "2026-07", "value": 2 });
        assert!(figures.contains(&july), "{figures:?}");
        let resources: Vec<_> = document["inputs"].as_array().unwrap().iter().map(|one| &one["resource"]).collect();
        assert!(resources.contains(&&json!("activityReports")) && resources.contains(&&json!("staffRegister")));
        let text = String::from_utf8(receipt.bytes.to_vec()).unwrap();
        for secret in ["312000", "936000", "Prénom", "Nom", "E-2"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        let downloaded = app.browser(ADMINISTRATOR).await.page(page("/receipt")).await.expect(200);
        assert_eq!(downloaded.bytes, receipt.bytes);
    })
    .await;
}

#[tokio::test]
async fn one_altered_byte_is_found() {
    each_app(async |app| {
        signed(app).await;
        let (receipt, keys) = (app.vendor().get(report("/receipt")).await.expect(200).bytes.to_vec(), keys(app).await);
        verify(&receipt, &keys).unwrap();
        for at in 0..receipt.len() {
            for by in [1, 0x20] {
                let mut altered = receipt.clone();
                altered[at] ^= by;
                assert!(verify(&altered, &keys).is_err(), "byte {at}: {}", String::from_utf8_lossy(&altered));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_receipt_is_said() {
    each_app(async |app| {
        signed(app).await;
        let (receipt, keys) = (app.vendor().get(report("/receipt")).await.expect(200), keys(app).await);
        let fault = |receipt: &Value, keys: &[TrustedKey]| verify(receipt.to_string().as_bytes(), keys).unwrap_err();
        let mut altered = receipt.json.clone();
        altered["document"]["quarter"] = "2026Q2".into();
        assert_eq!(fault(&altered, &keys), ReceiptFault::Hash);
        assert!(matches!(fault(&receipt.json, &[]), ReceiptFault::UnknownKey(_)));
        let other = PublicReceiptKey(vec![7; 32]);
        let impostor = [TrustedKey { id: keys[0].id.clone(), key: other }];
        assert_eq!(fault(&receipt.json, &impostor), ReceiptFault::Signature);
        let mut unreadable = receipt.json.clone();
        unreadable["more"] = 1.into();
        assert!(matches!(fault(&unreadable, &keys), ReceiptFault::Unreadable(_)));
    })
    .await;
}

#[tokio::test]
async fn anybody_can_ask_whether_a_code_is_genuine() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200);
        let code = receipt["document"]["code"].as_str().unwrap();
        for copied in [code.to_owned(), code.to_uppercase(), code.replace('-', "")] {
            let genuine = app.anonymous().get(format!("/receipts/{copied}")).await.expect(200);
            let expected = json!({ "genuine": true, "standing": "current", "signedAt": receipt["document"]["signedAt"],
                "sha256": receipt["sha256"] });
            assert_eq!(genuine.json, expected);
        }
        app.anonymous().get("/receipts/0000-0000-0000-0000-000000").await.refused(400, "badRequest");
        let unknown = passerelle::domain::claim::ReceiptCode::from_random([9; 16]);
        let answer = app.anonymous().get(format!("/receipts/{unknown}")).await.expect(200);
        assert_eq!(answer.json, json!({ "genuine": false }));
    })
    .await;
}

#[tokio::test]
async fn a_person_who_opens_the_address_of_a_receipt_reads_a_page() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200);
        let (code, sha256) = (receipt["document"]["code"].as_str().unwrap(), receipt["sha256"].as_str().unwrap());
        let page = async |code: &str| {
            let accepted = "text/html,application/xhtml+xml,*/*;q=0.8";
            let page = app.anonymous().get(format!("/receipts/{code}")).accept(accepted).await.expect(200);
            assert_eq!(
                (page.header("content-type"), page.header("cache-control")),
                ("text/html; charset=utf-8", "no-store")
            );
            String::from_utf8(page.bytes.to_vec()).unwrap()
        };
        let genuine = page(code).await;
        let said = [
            "Ce reçu est authentique",
            "Dit ontvangstbewijs is echt",
            "This receipt is genuine",
            sha256,
            "12/10/2026 09:00",
            "Bac à sable",
        ];
        assert!(said.iter().all(|said| genuine.contains(said)), "{genuine}");
        for secret in ["Loups", "Petits Pas", CRECHE, "2026Q3", "trimestre", "37,20"] {
            assert!(!genuine.contains(secret), "{secret} is in {genuine}");
        }
        let unknown = page(&passerelle::domain::claim::ReceiptCode::from_random([9; 16]).to_string()).await;
        assert!(unknown.contains("Ce reçu n’est pas authentique") && unknown.contains("not genuine"), "{unknown}");
        let mistyped = page("0000-0000-0000-0000-000000").await;
        assert!(mistyped.contains("Ce code n’est pas celui d’un reçu"), "{mistyped}");
    })
    .await;
}

#[tokio::test]
async fn a_key_that_was_rotated_away_is_still_published() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200).bytes;
        let before = keys(app).await;
        let operator = Actor::operator("operator");
        let id = passerelle::app::claims::rotate(app.app.acting_as(&operator)).await.unwrap();
        let after = keys(app).await;
        assert_eq!((before.len(), after.len()), (1, 2));
        assert!(after.iter().any(|key| key.id == id) && before[0].id != id);
        verify(&receipt, &after).unwrap();
        let published = app.browser(ADMINISTRATOR).await.page("/.well-known/jwks.json").await.expect(200);
        let published: Value = serde_json::from_str(&published.text).unwrap();
        let ids: Vec<_> = published["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect();
        assert!(after.iter().all(|key| ids.contains(&json!(key.id))), "{ids:?}");
    })
    .await;
}

#[tokio::test]
async fn a_person_keeps_the_receipt_as_a_pdf() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200);
        let pdf = app.vendor().get(report("/receipt")).accept("application/pdf").await.expect(200);
        assert_eq!(pdf.header("content-type"), "application/pdf");
        let page = app.browser(ADMINISTRATOR).await.page(page("/receipt.pdf")).await.expect(200);
        assert!(page.header("content-disposition").ends_with("filename=\"receipt-2026Q3-1.pdf\""));
        let Some(text) = text_of(&page.bytes) else { return };
        let (code, sha256) = (receipt["document"]["code"].as_str().unwrap(), receipt["sha256"].as_str().unwrap());
        for wanted in [code, sha256, "Les P'tits Loups", "3e trimestre 2026", "37,20", "Bac à sable"] {
            assert!(text.contains(wanted), "{wanted} is not in {text}");
        }
        assert!(!text.contains("360,00"), "{text}");
    })
    .await;
}

/// The text of a PDF as another program reads it, where the machine has that program.
pub(crate) fn text_of(pdf: &[u8]) -> Option<String> {
    let tool = tool("PASSERELLE_TEST_PDFTOTEXT")?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).unwrap();
    let text = Command::new(tool).arg("-layout").arg(&file).arg("-").output().unwrap();
    Some(String::from_utf8(text.stdout).unwrap())
}

#[tokio::test]
async fn a_person_reads_what_is_signed_as_a_pdf_before_signing() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let before = app.all_audit().await.len();
        let pdf = browser.page(page("/claim.pdf")).await.expect(200);
        assert_eq!(app.all_audit().await.len(), before + 1, "reading it is recorded");
        assert!(pdf.header("content-disposition").ends_with("filename=\"report-2026Q3.pdf\""));
        let shown = browser.page(page("/claim")).await.expect(200);
        shown.shows(&[&page("/claim.pdf"), "Lambrechts Aline", "3\u{202f}120,00", "12,40"]);
        // Every figure leads to what it is made of.
        shown.shows(&[
            &format!("href=\"{}#costs\"", page("")),
            &format!("/console/creches/{CRECHE}/attendance/2026-07"),
        ]);
        let Some(text) = text_of(&pdf.bytes) else { return };
        for wanted in [
            "Les P'tits Loups",
            "3e trimestre 2026",
            "37,20",
            "9 360,00",
            "Il n’est pas",
            "Lambrechts Aline",
            "3 120,00",
            "12,40",
        ] {
            assert!(text.contains(wanted), "{wanted} is not in {text}");
        }
    })
    .await;
}
