//! Every page in the states that follow an action: filled in, with faults, with a confirmation, refused.

use passerelle::outbound::client;
use serde_json::{Value, json};

use super::{CONSULTATIONS, JULY, Stage, one_stage};

use crate::harness::book::{self, book};
use crate::harness::process::answer;
use crate::harness::receiver::Receiver;

#[tokio::test]
async fn every_state_is_sound_on_a_desk() {
    one_stage(1280, async |stage| walk(stage, "wide").await).await;
}

#[tokio::test]
async fn every_state_is_sound_on_a_telephone() {
    one_stage(390, async |stage| walk(stage, "narrow").await).await;
}

async fn walk(stage: &Stage, width: &str) {
    let sound = async |name: &str, says: &str| stage.sound(&format!("{name}-{width}"), says).await;
    csam(stage, &sound).await;
    stage.log_in("Anne Dubois").await;
    users(stage, &sound).await;
    applications(stage, &sound).await;
    webhooks(stage, &sound).await;
    statements(stage, &sound).await;
    consultations(stage, &sound).await;
    doctors(stage, &sound).await;
    refusals(stage, &sound).await;
}

/// The pages of the simulated CSAM, and the way back from them without a person.
async fn csam(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    stage.go("/console/login").await;
    page.press("Se connecter avec eID ou itsme").await;
    sound("csam", "Qui êtes-vous ?").await;
    let address = page.address().await;
    let (nowhere, _) = address.split_once('?').unwrap();
    page.click("input[value=other]").await;
    page.click("button[value=allow]").await;
    sound("csam-faults", "Écrivez un prénom").await;
    page.click("button[value=refuse]").await;
    sound("login-refused", "Recommencer avec eID ou itsme").await;
    page.go(&format!("{nowhere}?ui_locales=fr")).await;
    sound("csam-nowhere", "Cette demande ne peut pas être traitée").await;
}

async fn users(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    stage.go("/console/users/new").await;
    page.press("Ajouter").await;
    sound("user-new-faults", "À corriger").await;
    stage.go("/console/users").await;
    page.press("Dubois Anne").await;
    sound("user-own", "Personne ne change son propre profil").await;
    stage.go("/console/users").await;
    page.press("Peeters Sofie").await;
    sound("user", "Un numéro valable est enregistré").await;
    page.fill("Nom", "").await;
    page.press("Enregistrer").await;
    sound("user-faults", "À corriger").await;
    page.press("Désactiver").await;
    sound("user-deactivated", "Réactiver").await;
    page.press("Réactiver").await;
    page.shows("Désactiver").await;
    page.press("Supprimer cet utilisateur").await;
    sound("user-delete", "Supprimer définitivement").await;
}

async fn applications(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    stage.go("/console/applications/new").await;
    page.press("Enregistrer").await;
    sound("application-faults", "Rien n’est enregistré").await;
    page.press("Annuler").await;
    page.press("CrècheSoft").await;
    sound("application", "Clés").await;
    page.press("Limiter cette clé").await;
    page.press("Créer la clé").await;
    sound("key", "Copiez-la maintenant.").await;
    page.press("J’ai noté la clé").await;
    page.press("Ce que ce logiciel a envoyé").await;
    sound("deposits-empty", "encore rien envoyé").await;
    page.press("← CrècheSoft").await;
    for (act, says) in
        [("edit", "Modifier CrècheSoft"), ("suspend", "Suspendre"), ("revoke", "Révoquer définitivement")]
    {
        page.click(&format!("a[href$='/{act}'].button")).await;
        sound(&format!("application-{act}"), says).await;
        page.press("Annuler").await;
    }
    page.click("td a[href$='/revoke']").await;
    sound("key-revoke", "Révoquer la clé").await;
    page.press("Révoquer la clé").await;
    sound("application-key-revoked", "La clé est révoquée.").await;
}

/// An address is added, put in use, tried and watched.
async fn webhooks(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let (page, receiver) = (&stage.browser, Receiver::start().await);
    stage.go("/console/webhooks/new").await;
    page.press("Enregistrer").await;
    sound("webhook-faults", "Rien n’est enregistré").await;
    page.fill("Adresse", &receiver.url()).await;
    page.press("Enregistrer").await;
    sound("webhook-secret", "Copiez-le maintenant.").await;
    page.press("C’est noté : aller à l’adresse").await;
    sound("webhook-pending", "À vérifier").await;
    receiver.status(503);
    page.press("Envoyer un essai et mettre en service").await;
    sound("webhook-refused", "L’adresse n’a pas reçu l’essai").await;
    receiver.status(204);
    page.press("Envoyer un essai et mettre en service").await;
    sound("webhook-active", "elle est en service").await;
    page.press("Envoyer").await;
    sound("webhook-delivery", "C’est un essai").await;
    page.click("main p a[href^='/console/webhooks/']").await;
    page.click("a[href$='/delete'].button").await;
    sound("webhook-delete", "Supprimer l’adresse").await;
    page.press("Annuler").await;
    stage.go("/sandbox/receiver").await;
    sound("receiver", "Test receiver").await;
    let mine = format!("{}/sandbox/receiver/mine", stage.sandbox.text("/baseUrl"));
    let letter = client::loopback().build().unwrap().post(&mine).body("{\"type\": \"doctor.validated\"}");
    letter.send().await.unwrap();
    stage.go("/sandbox/receiver/mine").await;
    sound("receiver-box", "Not checked").await;
    stage.go("/console/webhooks").await;
    page.click("th a").await;
    page.press("Mettre en pause").await;
    sound("webhook-paused", "ce qui se passe est gardé pour elle").await;
}

/// A month is typed in and sent as a workbook over what software deposited.
async fn statements(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    let july = format!("/creches/{}/attendanceStatements/2026-07", stage.creche());
    let (status, told) = answer(stage.sandbox.vendor().put(&july, "application/json", JULY)).await.unwrap();
    assert_eq!(status, 201, "{told}");
    let month = format!("/console/creches/{}/attendance/2026-07", stage.creche());
    stage.go(&format!("{month}/upload")).await;
    sound("upload", "Envoyer un classeur").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("juillet.xlsx");
    let mut good: Value = serde_json::from_str(JULY).unwrap();
    good["lines"].as_array_mut().unwrap().pop();
    std::fs::write(&file, book("2026-07", &good)).unwrap();
    page.attach("#file", &file).await;
    page.press("Déposer").await;
    sound("upload-blocked", "une révision est en place").await;
    let mut faulty = good;
    faulty["lines"][0]["days"][0]["status"] = "X".into();
    faulty["lines"][1]["birthDate"] = "hier".into();
    std::fs::write(&file, book("2026-07", &faulty)).unwrap();
    page.attach("#file", &file).await;
    page.press("Déposer").await;
    sound("upload-findings", "il contient des erreurs").await;
    stage.go(&format!("{month}/table")).await;
    page.press("Commencer").await;
    sound("table-filled", "Déposer").await;
    let typed = "const all = [...document.querySelectorAll('[name=c]')]; all[3].value = 'hier'; all[7].value = 'X'";
    page.run(typed, json!([])).await;
    page.press("Enregistrer et vérifier").await;
    sound("table-findings", "Erreur").await;
    page.press("Déposer").await;
    sound("table-refused", "il contient des erreurs").await;
    stage.go("/console/closures").await;
    page.press("Ajouter").await;
    sound("closures-faults", "fermeture").await;
    stage.go("/console/applications").await;
    page.press("CrècheSoft").await;
    sound("application-used", "Les 30 derniers jours").await;
    page.press("Ce que ce logiciel a envoyé").await;
    sound("deposits", "Accepté").await;
}

/// Consultations are corrected in a table, compared, and sent with a fault.
async fn consultations(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    let july = format!("/creches/{}/medicalStatements/2026-07", stage.creche());
    let (status, told) = answer(stage.sandbox.vendor().put(&july, "application/json", CONSULTATIONS)).await.unwrap();
    assert_eq!(status, 201, "{told}");
    let month = format!("/console/creches/{}/medical/2026-07", stage.creche());
    stage.go(&format!("{month}/table")).await;
    page.press("Commencer").await;
    sound("consultations-table", "Déposer").await;
    page.run("document.querySelectorAll('[name=c]')[4].value = 'beaucoup'", json!([])).await;
    page.press("Enregistrer et vérifier").await;
    sound("consultations-table-findings", "Erreur").await;
    page.run("document.querySelectorAll('[name=c]')[4].value = '95,00'", json!([])).await;
    page.click("#replace").await;
    page.press("Déposer").await;
    sound("consultations-corrected", "Le relevé est déposé.").await;
    page.press("Comparer").await;
    sound("consultations-changes", "90,00\u{a0}€").await;
    stage.go(&month).await;
    page.press("Signer et soumettre ce mois").await;
    sound("consultations-to-sign", "Ce que vous signez").await;
    page.press("Signer").await;
    sound("consultations-unacknowledged", "Indiquez une raison pour chaque avertissement").await;
    stage.go(&format!("{month}/upload")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("consultations.xlsx");
    let mut faulty: Value = serde_json::from_str(CONSULTATIONS).unwrap();
    faulty["lines"][0]["inami"] = "19006952001".into();
    std::fs::write(&file, book::consultations(&faulty)).unwrap();
    page.attach("#file", &file).await;
    page.press("Déposer").await;
    sound("consultations-upload-findings", "il contient des erreurs").await;
}

/// A doctor is entered with faults, changed, and given an agreement that is none.
async fn doctors(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    stage.go("/console/doctors/new").await;
    page.press("Enregistrer").await;
    sound("doctor-new-faults", "À corriger").await;
    stage.go("/console/doctors").await;
    page.press("Claire Maes").await;
    sound("doctor", "Convention").await;
    page.press("Modifier la fiche").await;
    sound("doctor-edit", "Modifier Claire Maes").await;
    page.fill("Nom", "Autre").await;
    page.press("Enregistrer").await;
    sound("doctor-awaiting", "En attente de validation").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("convention.pdf");
    std::fs::write(&file, "une convention").unwrap();
    page.attach("#file", &file).await;
    page.press("Déposer la convention").await;
    sound("doctor-agreement-fault", "ni un PDF ni une image").await;
}

/// What one may not see.
async fn refusals(stage: &Stage, sound: &impl AsyncFn(&str, &str)) {
    let page = &stage.browser;
    page.press("Se déconnecter").await;
    page.shows("Vous êtes déconnecté").await;
    stage.log_in("Sofie Peeters").await;
    stage.go("/console/users").await;
    sound("forbidden", "Accès refusé").await;
}
