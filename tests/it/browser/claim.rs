//! A quarter, from the deposits to the answer of the agency: software deposits, the director completes and signs, an agent
//! returns the claim, software corrects, the director signs the difference, the agent accepts and records the payment, which the
//! director reads. The receipt is checked without the gateway, by the program and by a JOSE library.

use serde_json::{Value, json};

use super::{Stage, each_stage};
use crate::claims::{attendance, judged_by_jose, report};
use crate::harness::people::ssin;
use crate::harness::process::answer;
use crate::harness::statement::Sheet;

#[tokio::test]
async fn a_quarter_is_claimed_returned_corrected_and_accepted() {
    each_stage(390, async |stage| {
        stage.operator.run_with_input(&["admin", "agent", "add", "ONE-1207"], &ssin(7)).expect_success();
        deposit_quarter(stage).await;
        complete_and_sign(stage).await;
        answer_as_agent(stage, ("Renvoyer pour correction", "À corriger"), "Juillet compte un enfant de trop.").await;
        let july = format!("{}?correctionReason=agencyRequest", attendance("2026-07"));
        put(stage, &july, Sheet::of("2026-07").children(1, "1:P").into(), 200).await;
        sign_difference(stage).await;
        answer_as_agent(stage, ("Accepter", "Accepté"), "").await;
        record_payment(stage).await;
        read_the_answer(stage).await;
        read_payment(stage).await;
        check_receipt(stage).await;
    })
    .await;
}

async fn put(stage: &Stage, path: &str, body: Value, due: u16) {
    let request = stage.sandbox.vendor().put(path, "application/json", body.to_string()).header("if-match", "*");
    let (status, told) = answer(request).await.unwrap();
    assert_eq!(status, due, "{path}: {told}");
}

/// Everything but the opening hours.
async fn deposit_quarter(stage: &Stage) {
    let vendor = stage.sandbox.vendor();
    let deposit = async |path: String, body: Value| {
        let (status, told) = answer(vendor.put(&path, "application/json", body.to_string())).await.unwrap();
        assert_eq!(status, 201, "{path}: {told}");
    };
    for month in ["2026-07", "2026-08", "2026-09"] {
        deposit(attendance(month), Sheet::of(month).children(2, "1:P").into()).await;
        deposit(attendance(month).replace("attendance", "medical"), json!({ "lines": [] })).await;
    }
    let mut draft = crate::claims::draft(312_000);
    draft.as_object_mut().unwrap().remove("openingHours");
    deposit(report(""), draft).await;
}

async fn open_report(stage: &Stage) {
    stage.log_in("Anne Dubois").await;
    stage.browser.press("Rapports d’activités").await;
    stage.go(&crate::claims::page("")).await;
    stage.browser.shows("Ce que vous ajoutez").await;
}

async fn complete_and_sign(stage: &Stage) {
    open_report(stage).await;
    let page = &stage.browser;
    page.press("Signer et suivre le rapport").await;
    page.shows("ne peut pas encore être signé").await;
    page.press("Compléter le rapport").await;
    // What is typed into a field for a time depends on the country of the browser.
    let hours =
        "[['from', '07:00'], ['until', '18:00']].forEach(([id, time]) => document.getElementById(id).value = time)";
    page.run(hours, json!([])).await;
    page.press("Enregistrer le brouillon").await;
    page.shows("Le rapport est complet.").await;
    page.press("Signer et suivre le rapport").await;
    stage.sound("claim-sign", "Ce que vous signez").await;
    acknowledge_and_press(stage, "Signer").await;
    stage.sound("claim-signed", "Le rapport est signé.").await;
    leave(stage).await;
}

/// Gives a reason for each warning, whose number depends on the day of the test, and signs.
async fn acknowledge_and_press(stage: &Stage, button: &str) {
    let choose = "document.querySelectorAll('select[name^=\"warning.\"]').forEach(one => one.value = 'checked')";
    stage.browser.run(choose, json!([])).await;
    stage.browser.press(button).await;
}

async fn leave(stage: &Stage) {
    stage.browser.press("Se déconnecter").await;
    stage.browser.shows("Vous êtes déconnecté").await;
}

/// Takes the claim up and answers it: by this button, whereafter it is in this state.
async fn answer_as_agent(stage: &Stage, (button, due): (&str, &str), reason: &str) {
    stage.log_in_as(&ssin(7)).await;
    let page = &stage.browser;
    page.press("Demandes à traiter").await;
    page.press("Les P'tits Loups").await;
    stage.sound("claim-agent", "Ce qui est signé").await;
    page.press("Équipe et salaires").await;
    stage.sound("claim-agent-staff", "Lambrechts").await;
    page.press("Les P'tits Loups").await;
    page.press("Prendre en examen").await;
    page.shows("En examen").await;
    page.fill("Raison", reason).await;
    page.press(button).await;
    page.shows(due).await;
    leave(stage).await;
}

async fn sign_difference(stage: &Stage) {
    open_report(stage).await;
    stage.browser.press("Signer et suivre le rapport").await;
    stage.sound("claim-difference", "Juillet compte un enfant de trop.").await;
    stage.browser.shows("Modifié depuis la signature").await;
    acknowledge_and_press(stage, "Signer la différence").await;
    stage.browser.shows("Le rapport est signé.").await;
    leave(stage).await;
}

async fn read_the_answer(stage: &Stage) {
    open_report(stage).await;
    stage.browser.press("Signer et suivre le rapport").await;
    stage.sound("claim-accepted", "Accepté").await;
    stage.browser.shows("Télécharger le reçu").await;
}

async fn record_payment(stage: &Stage) {
    stage.log_in_as(&ssin(7)).await;
    let page = &stage.browser;
    page.press("Paiements").await;
    let typed = [
        ("Numéro ONE de la crèche", "63/25118/01"),
        ("Trimestre", "T3 2026"),
        ("Date de liquidation", "01/11/2026"),
        ("Montant", "12.345,67"),
        ("Solde de la demande", "0"),
        ("Référence", "ONE-2026-77"),
    ];
    for (label, text) in typed {
        page.fill(label, text).await;
    }
    page.click("select[name=type] option[value=subsidy]").await;
    page.press("Enregistrer un paiement").await;
    stage.sound("payment-recorded", "Le paiement est enregistré.").await;
    leave(stage).await;
}

/// The director finds the payment under her claim, and downloads it and the receipt.
async fn read_payment(stage: &Stage) {
    let page = &stage.browser;
    assert_eq!(downloaded(stage, "a[href$='/receipt.pdf']").await, "200 application/pdf %PDF-");
    page.press("Subsides").await;
    stage.sound("payment-read", "ONE-2026-77").await;
    page.shows("12\u{202f}345,67").await;
    page.shows("Accepté").await;
    assert_eq!(downloaded(stage, "a[href^='/console/subsidies/'][href$='/pdf']").await, "200 application/pdf %PDF-");
}

/// Status, type and beginning of the file that a link on the page leads to.
async fn downloaded(stage: &Stage, link: &str) -> String {
    let script = "const request = new XMLHttpRequest(); \
                  request.open('GET', document.querySelector(arguments[0]).href, false); request.send(); \
                  const kind = request.getResponseHeader('content-type'); \
                  return `${request.status} ${kind} ${request.responseText.slice(0, 5)}`";
    stage.browser.run(script, json!([link])).await.as_str().unwrap().to_owned()
}

async fn check_receipt(stage: &Stage) {
    let receipt = stage.sandbox.vendor().get(&report("/receipt")).send().await.unwrap().bytes().await.unwrap();
    let keys = format!("{}/.well-known/jwks.json", stage.sandbox.text("/baseUrl"));
    let keys = passerelle::outbound::client::loopback().build().unwrap().get(keys).send().await.unwrap();
    let keys = keys.bytes().await.unwrap();
    let published = stage.operator.file("jwks.json", &keys);
    let tampered = String::from_utf8_lossy(&receipt)
        .replace("\"value\":1,", "\"value\":2,")
        .replace("\"value\":1}", "\"value\":2}");
    assert_ne!(tampered.as_bytes(), &receipt[..]);
    let (genuine, altered) =
        (stage.operator.file("receipt.json", &receipt), stage.operator.file("altered.json", &tampered));
    let said = stage.operator.run(&["verify-receipt", &genuine, "--jwks", &published]).expect_success();
    assert!(said.starts_with("genuine: the report of 2026Q3") && said.contains("sandbox"), "{said}");
    stage.operator.run(&["verify-receipt", &genuine]).expect_success();
    let refused = stage.operator.run(&["verify-receipt", &altered, "--jwks", &published]);
    assert_eq!((refused.status, refused.out.contains("hash of the document")), (1, true), "{}", refused.out);
    let keys: Value = serde_json::from_slice(&keys).unwrap();
    for (text, expected) in [(receipt.to_vec(), "good"), (tampered.into_bytes(), "bad RangeError")] {
        let receipt: Value = serde_json::from_slice(&text).unwrap();
        judged_by_jose(&receipt, &keys, expected);
    }
}
