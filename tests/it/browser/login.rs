//! Coming in, staying out, leaving.

use super::each_stage;

#[tokio::test]
async fn an_administrator_comes_in_and_leaves() {
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
async fn whoever_works_for_two_organisers_chooses_one() {
    each_stage(390, async |stage| {
        stage.log_in("Luc Lambert").await;
        stage.sound("organisers", "Pour qui travaillez-vous maintenant").await;
        stage.browser.press("Commune de Val-Bruyère").await;
        stage.browser.is_at("/console/board").await;
        stage.go("/console/sessions").await;
        stage.sound("sessions-narrow", "Cette session").await;
    })
    .await;
}
