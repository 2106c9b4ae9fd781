//! Coming in, staying out, leaving.

use serde_json::json;

use super::each_stage;

#[tokio::test]
async fn an_administrator_logs_in_and_out() {
    each_stage(1280, async |stage| {
        stage.go("/console/login").await;
        stage.sound("login", "Votre espace Passerelle").await;
        stage.go("/console/users").await;
        stage.browser.is_at("/console/login?to=/console/users").await;
        stage.log_in("Anne Dubois").await;
        stage.go("/console/sessions").await;
        stage.sound("sessions", "Cette session").await;
        stage.browser.press("Nederlands").await;
        stage.sound("sessions-nl", "Mijn sessies").await;
        stage.browser.press("Afmelden").await;
        stage.sound("left", "U bent afgemeld").await;
        stage.go("/console/sessions").await;
        stage.browser.is_at("/console/login").await;
    })
    .await;
}

#[tokio::test]
async fn a_user_of_two_organisers_chooses_one() {
    each_stage(390, async |stage| {
        stage.log_in("Luc Lambert").await;
        stage.sound("organisers", "Pour qui travaillez-vous maintenant").await;
        stage.browser.press("Commune de Val-Bruyère").await;
        stage.sound("home-narrow", "À faire").await;
        stage.go("/console/sessions").await;
        stage.sound("sessions-narrow", "Cette session").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_when_the_session_ended_is_resumed_after_the_log_in() {
    each_stage(1280, async |stage| {
        let page = &stage.browser;
        stage.log_in("Anne Dubois").await;
        stage.go("/console/closures").await;
        let day = "const day = new Date().getFullYear() + '-12-10'; document.getElementById('start').value = day;";
        page.run(day, json!([])).await;
        page.click("#creches input").await;
        assert!(stage.database.tamper("update session set ended_at = created_at").await > 0);
        page.press("Ajouter").await;
        page.shows("Ce que vous aviez saisi est gardé pendant une demi-heure").await;
        stage.identify("Anne Dubois").await;
        stage.sound("typed", "Voici ce que vous aviez saisi. Rien n’est encore enregistré.").await;
        page.press("Reprendre la saisie").await;
        page.shows("La fermeture est ajoutée.").await;
        page.shows("10/12/").await;
        stage.go("/console/typed").await;
        page.shows("Cette saisie n’existe pas").await;
    })
    .await;
}
