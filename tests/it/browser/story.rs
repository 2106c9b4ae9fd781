//! The first hour of an administrator, by clicks: a colleague is added, and the crèche's software is given a key, which is
//! used and revoked.

use serde_json::{Value, json};

use super::{JULY, Stage, each_stage};
use crate::harness::people::ssin;
use crate::harness::process::{Caller, answer};

#[tokio::test]
async fn an_administrator_adds_and_removes_users_and_software() {
    each_stage(1280, async |stage| {
        stage.log_in("Anne Dubois").await;
        invite(stage).await;
        register(stage).await;
        let vendor = take_key(stage).await;
        deposit(stage, &vendor).await;
        revoke(stage, &vendor).await;
    })
    .await;
}

/// A colleague may write the attendance of one crèche, and nothing else.
async fn invite(stage: &Stage) {
    let page = &stage.browser;
    page.press("Utilisateurs").await;
    page.press("Ajouter un utilisateur").await;
    page.shows("il n’y a pas de mot de passe à lui donner").await;
    page.fill("Prénom", "Ysaline").await;
    page.fill("Nom", "Vandeputte").await;
    page.fill("E-mail", "ysaline.vandeputte@petits-pas.example").await;
    page.fill("NISS", &ssin(7)).await;
    page.tick("Gestionnaire des données").await;
    page.click(&format!("select[name='right.{}.0'] option[value=write]", stage.creche())).await;
    page.tick("Je certifie").await;
    page.press("Ajouter").await;
    page.press("Vandeputte Ysaline").await;
    page.shows("Un numéro valable est enregistré").await;
    let chosen = "return [...document.querySelectorAll('.rights select')].map(one => one.value).filter(Boolean)";
    assert_eq!(page.run(chosen, json!([])).await, json!(["write"]));
}

async fn register(stage: &Stage) {
    let page = &stage.browser;
    page.press("Applications externes").await;
    page.press("Enregistrer une application").await;
    page.fill("Nom du logiciel", "Doudou").await;
    page.fill("Fournisseur", "Exemple Logiciels SRL").await;
    page.tick("Déposer les présences").await;
    page.press("Enregistrer").await;
    page.shows("Aucune clé : le logiciel ne peut encore rien faire.").await;
}

/// The key, which the page shows once.
async fn take_key(stage: &Stage) -> Caller {
    let page = &stage.browser;
    page.press("Créer la clé").await;
    page.shows("Copiez-la maintenant.").await;
    let key = page.text_of("#key").await;
    page.press("J’ai noté la clé").await;
    page.shows("En service").await;
    assert!(!page.text().await.contains(&key), "a key is shown once");
    Caller::new(stage.sandbox.text("/apiUrl"), &key)
}

async fn deposit(stage: &Stage, vendor: &Caller) {
    let page = &stage.browser;
    let (status, told) = send_july(stage, vendor).await;
    assert_eq!(status, 201, "{told}");
    page.press("Ce que ce logiciel a envoyé").await;
    page.press("Les P'tits Loups, ").await;
    page.shows("Doudou").await;
    page.is_at(&format!("/console/creches/{}/attendance/2026-07", stage.creche())).await;
}

/// The next call is refused with the reason.
async fn revoke(stage: &Stage, vendor: &Caller) {
    let page = &stage.browser;
    page.press("Applications externes").await;
    page.press("Doudou").await;
    page.click("td a[href$='/revoke']").await;
    page.press("Révoquer la clé").await;
    page.shows("La clé est révoquée.").await;
    let (status, told) = send_july(stage, vendor).await;
    assert_eq!(status, 401, "{told}");
    assert_eq!(told["type"], "urn:problem-type:belgif:invalidAccessToken");
    let detail = told["detail"].as_str().unwrap();
    assert!(told["revokedAt"].is_string() && detail.contains("The API key was revoked"), "{told}");
}

async fn send_july(stage: &Stage, vendor: &Caller) -> (u16, Value) {
    let path = format!("/creches/{}/attendanceStatements/2026-07", stage.creche());
    answer(vendor.put(&path, "application/json", JULY)).await.unwrap()
}
