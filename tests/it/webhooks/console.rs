//! The pages of webhook endpoints.

use serde_json::json;

use super::deposit;
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, OF_BOTH, OTHER, each_app};
use crate::harness::page::Page;
use crate::harness::receiver::{Receiver, deliver, verified};

const LIST: &str = "/console/webhooks";

/// The value of a hidden field of a page.
fn hidden(page: &Page, name: &str) -> String {
    let (_, rest) = page.text.split_once(&format!("name=\"{name}\" value=\"")).expect("the field is there");
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn an_administrator_adds_an_address_puts_it_in_use_and_watches_what_is_sent() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(LIST).await.expect(200).shows(&["Aucune adresse n’est avertie"]);
        let form = browser.page(&format!("{LIST}/new")).await.expect(200);
        let (once, url) = (hidden(&form, "once"), receiver.url());
        let fields = [
            ("once", once.as_str()),
            ("url", url.as_str()),
            ("description", "Compta <b>"),
            ("tell", "some"),
            ("eventTypes", "attendanceStatement.deposited"),
            ("reach", "some"),
            ("creches", CRECHE),
            ("header/name", "X-Api-Key"),
            ("header/value", "sésame"),
            ("deliveriesPerSecond", "7"),
        ];
        let refused = browser.send(LIST, &fields).await.expect(400);
        refused.shows(&["Compta &#60;b&#62;", "1000 caractères au plus, sans accents"]);
        let fields = fields.map(|(name, value)| if name == "header/value" { (name, "sesame") } else { (name, value) });
        let made = browser.send(LIST, &fields).await.expect(200);
        made.shows(&["whsec_", "Copiez-le maintenant."]);
        let path = format!("{LIST}/{once}");
        assert_eq!(browser.send(LIST, &fields).await.goes_to(), path, "sent twice, it is made once");
        let page = browser.page(&path).await.expect(200);
        page.shows(&["À vérifier", "Les P'tits Loups", "X-Api-Key", "Relevé de présences déposé"]);
        assert!(!page.text.contains("sesame") && !page.text.contains("whsec_"));

        receiver.status(500);
        let failed = browser.send(&format!("{path}/verify"), &[("method", "test")]).await.expect(400);
        failed.shows(&["L’adresse n’a pas reçu l’essai\u{a0}: réponse d’erreur."]);
        receiver.status(204);
        let said = browser.send(&format!("{path}/verify"), &[("method", "test")]).await.goes_to();
        browser.page(&said).await.expect(200).shows(&["elle est en service", "En service"]);
        receiver.arrived();

        deposit(app, 7).await;
        deliver(app).await;
        let arrived = receiver.next().await;
        assert_eq!(arrived.header("x-api-key"), "sesame");
        let page = browser.page(&path).await.expect(200);
        page.shows(&["n° 1", "Durée moyenne des envois", "Remis\u{a0}: 2", "Échoué\u{a0}: 1"]);
        let delivery = format!("{path}/deliveries/{}", arrived.header("webhook-id"));
        browser.page(&delivery).await.expect(200).shows(&["HTTP 204", "&#34;number&#34;: 1"]);
        let said = browser.send(&format!("{delivery}/replay"), &[]).await.goes_to();
        browser.page(&said).await.expect(200).shows(&["C’est en route à nouveau."]);
        deliver(app).await;
        assert_eq!(receiver.next().await.body, arrived.body);
        let again = [("from", "2026-10-12"), ("state", "all")];
        browser.send_on(&format!("{path}/replay"), &again).await.shows(&["C’est en route à nouveau."]);
        let test = browser.send(&format!("{path}/test"), &[("type", "key.expiring")]).await.goes_to();
        browser.page(&test).await.expect(200).shows(&["C’est un essai", "Reçu"]);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_changed_paused_given_another_secret_and_deleted() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let administrator = app.person(ADMINISTRATOR).await;
        let headers = json!({ "headers": [{ "name": "X-Api-Key", "value": "sesame" }] });
        let (path, former) = verified(&administrator, &mut receiver, headers).await;
        let (browser, path) = (app.browser(ADMINISTRATOR).await, path.replace("/webhookEndpoints", LIST));
        let form = browser.page(&format!("{path}/edit")).await.expect(200);
        form.shows(&["Les en-têtes enregistrés restent", &receiver.url()]);
        let url = receiver.url();
        let fields = [("url", url.as_str()), ("description", "Compta"), ("tell", "all"), ("reach", "all")];
        browser.send_on(&format!("{path}/edit"), &fields).await.shows(&["Les changements sont enregistrés."]);
        browser.page(LIST).await.expect(200).shows(&["Compta", "En service"]);
        browser.send_on(&format!("{path}/pause"), &[]).await.shows(&["L’adresse est en pause"]);
        deposit(app, 7).await;
        deliver(app).await;
        assert!(receiver.arrived().is_empty());
        browser.send_on(&format!("{path}/resume"), &[]).await.shows(&["L’adresse est à nouveau en service."]);
        browser
            .send(&format!("{path}/secret"), &[])
            .await
            .expect(200)
            .shows(&["whsec_", "chaque envoi porte les deux signatures"]);
        deliver(app).await;
        let arrived = receiver.next().await;
        assert!(arrived.is_signed_with(&former) && arrived.header("x-api-key") == "sesame");
        let forget = [fields[0], fields[2], fields[3], ("forgetHeaders", "yes")];
        browser.send_on(&format!("{path}/edit"), &forget).await.shows(&["Les changements sont enregistrés."]);
        deposit(app, 8).await;
        deliver(app).await;
        assert_eq!(receiver.next().await.header("x-api-key"), "");
        browser.page(&format!("{path}/delete")).await.expect(200).shows(&["avertie de rien"]);
        assert_eq!(browser.send(&format!("{path}/delete"), &[]).await.goes_to(), LIST);
        browser.page(&path).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn the_pages_of_endpoints_need_the_right() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.person(ADMINISTRATOR).await, &mut receiver, json!({})).await;
        let path = path.replace("/webhookEndpoints", LIST);
        let stranger = app.browser(DATA_MANAGER).await;
        for page in [LIST, &path, &format!("{LIST}/new"), &format!("{path}/edit"), &format!("{path}/delete")] {
            stranger.page(page).await.expect(403);
        }
        let neighbour = app.browser_at(OF_BOTH, OTHER).await;
        for page in [path.clone(), format!("{path}/edit"), format!("{path}/delete")] {
            neighbour.page(&page).await.expect(404);
        }
        for act in ["verify", "pause", "resume", "secret", "test", "replay", "delete", "edit"] {
            let fields = [("type", "key.issued"), ("from", "2026-10-12"), ("url", "https://creche.example")];
            stranger.send(&format!("{path}/{act}"), &fields).await.expect(403);
            neighbour.send(&format!("{path}/{act}"), &fields).await.expect(404);
        }
        assert!(receiver.arrived().is_empty());
    })
    .await;
}
