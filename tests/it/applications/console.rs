//! The pages.

use serde_json::json;

use super::{hidden, registered, shown, text};
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, OF_BOTH, SECOND, USER_MANAGER, each_app};
use crate::harness::statement::Sheet;

const LIST: &str = "/console/applications";

#[tokio::test]
async fn an_administrator_registers_an_application_issues_a_key_and_revokes_it() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(&format!("{LIST}/new")).await.expect(200).shows(&["Enregistrer une application externe"]);
        let fields = [
            ("name", "Agenda <b>"),
            ("vendor", "Sud & Fils"),
            ("contact/name", "Élise"),
            ("contact/email", "elise@sud.example"),
            ("scopes", "attendance:write"),
            ("reach", "some"),
            ("creches", CRECHE),
        ];
        let page = browser.send(LIST, &fields).await.goes_to();
        let path = page.as_str();
        let one = browser.page(&page).await.expect(200);
        one.shows(&[
            "L’application est enregistrée.",
            "Agenda &#60;b&#62;",
            "elise@sud.example",
            "Les P'tits Loups",
            "Aucune clé",
        ]);
        let edited = [
            fields[0],
            ("vendor", "Nord"),
            ("scopes", "attendance:read"),
            ("scopes", "attendance:write"),
            ("reach", "all"),
        ];
        browser
            .page(&format!("{path}/edit"))
            .await
            .expect(200)
            .shows(&["value=\"Sud &#38; Fils\"", "value=\"elise@sud.example\""]);
        browser.send_on(&format!("{path}/edit"), &edited).await.shows(&["Les changements sont enregistrés."]);
        let one = browser.page(path).await.expect(200);
        assert!(one.text.contains("<dd>Nord</dd>") && !one.text.contains("elise@sud.example"));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_shown_once_and_an_application_is_switched_off() {
    each_app(async |app| {
        let (_, path) = registered(app).await;
        let (browser, path) = (app.browser(ADMINISTRATOR).await, format!("/console{path}"));
        let page = browser.page(&path).await.expect(200);
        let once = hidden(&page, "once");
        let wanted = [("once", once.as_str()), ("kind", "test"), ("expiresOn", "2026-12-31")];
        let issued = browser.send(&format!("{path}/keys"), &wanted).await.expect(200);
        assert_eq!(issued.header("cache-control"), "no-store");
        let key = shown(&issued);
        assert!(key.starts_with(&format!("crk_test_{once}_")));
        app.bearer(&key).get("/caller").await.expect(200);
        let again = browser.send(&format!("{path}/keys"), &wanted).await.expect(412);
        again.shows(&["a déjà été créée"]);
        let page = browser.page(&path).await.expect(200);
        assert!(page.text.contains(&once) && !page.text.contains("crk_"), "never again");

        browser.page(&format!("{path}/keys/{once}/revoke")).await.expect(200).shows(&["pour toujours"]);
        browser.send(&format!("{path}/keys/{once}/revoke"), &[]).await.goes_to();
        app.bearer(&key).get("/caller").await.refused(401, "invalidAccessToken");
        for (act, done) in [
            ("suspend", "L’application est suspendue."),
            ("resume", "L’application est à nouveau en service."),
            ("revoke", "L’application est révoquée."),
        ] {
            browser.page(&format!("{path}/{act}")).await.expect(200).shows(&["Annuler"]);
            browser.send_on(&format!("{path}/{act}"), &[]).await.shows(&[done]);
        }
        let over = browser.page(&path).await.expect(200);
        over.shows(&["Révoquée"]);
        assert!(!over.text.contains("Créer une clé") && !over.text.contains("/edit"));
        browser.page(LIST).await.expect(200).shows(&["Agenda", "CrècheSoft", "Révoquée"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_is_shown_again_with_its_values_and_errors() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let wrong = [
            ("name", "Agenda"),
            ("contact/email", "x@y"),
            ("contact/phone", "poste 9"),
            ("endsOn", "2020-01-01"),
            ("reach", "some"),
        ];
        let page = browser.send(LIST, &wrong).await.expect(400);
        page.shows(&[
            "value=\"Agenda\"",
            "value=\"x@y\"",
            "value=\"2020-01-01\"",
            "id=\"vendor-error\"",
            "id=\"endsOn-error\"",
        ]);
        page.shows(&[
            "id=\"scopes-error\"",
            "id=\"creches-error\"",
            "id=\"contact/name-error\"",
            "id=\"contact/email-error\"",
            "id=\"contact/phone-error\"",
        ]);
        assert_eq!(app.person(ADMINISTRATOR).await.get("/applications").await["items"].as_array().unwrap().len(), 1);
        let (_, path) = registered(app).await;
        let page = browser.page(&format!("/console{path}")).await.expect(200);
        let once = hidden(&page, "once");
        let wrong = [("once", once.as_str()), ("kind", "test"), ("expiresOn", "2020-01-01")];
        let page = browser.send(&format!("/console{path}/keys"), &wrong).await.expect(400);
        page.shows(&["La clé n’est pas créée", "id=\"expiresOn-error\"", "value=\"2020-01-01\""]);
    })
    .await;
}

#[tokio::test]
async fn the_text_of_a_key_is_downloaded_as_a_file_only() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let (browser, text) = (app.browser(ADMINISTRATOR).await, text(&issued));
        let file = browser.send(&format!("/console{path}/env"), &[("key", &text)]).await.expect(200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"passerelle.env\"");
        assert_eq!(file.header("cache-control"), "no-store");
        let id = issued["id"].as_str().unwrap();
        let lines = format!(
            "# Agenda (Logiciels du Sud): test key {id}\nPASSERELLE_URL=https://passerelle.example/creche/v1\nPASSERELLE_API_KEY={text}\n"
        );
        assert_eq!(file.text, lines);
        for other in ["", "anything", app.vendor_key()] {
            browser.send(&format!("/console{path}/env"), &[("key", other)]).await.expect(404);
        }
    })
    .await;
}

#[tokio::test]
async fn what_software_sent_is_shown_filtered_searched_and_paged() {
    each_app(async |app| {
        let path = format!("{LIST}/019a5c00-0000-7000-8000-000000000021/deposits");
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(&path).await.expect(200).shows(&["encore rien envoyé"]);
        let statement = |creche: &str, month: &str| format!("/creches/{creche}/attendanceStatements/{month}");
        let vendor = app.vendor();
        vendor.put(statement(CRECHE, "2026-07"), Sheet::of("2026-07").child(1, "1:P")).await.expect(201);
        vendor.put(statement(SECOND, "2026-08"), Sheet::of("2026-08").child(1, "40:P")).await.expect(400);
        let all = browser.page(&path).await.expect(200);
        all.shows(&["Accepté", "Refusé", "Les P'tits Loups, juillet 2026", "Le Jardin des Lutins, août 2026", "× 1"]);
        assert!(!all.text.contains("{month}"), "no hole of a sentence is left open");
        for (query, shown, hidden) in [
            ("?outcome=refused", "août 2026</a>", "juillet 2026</a>"),
            (&*format!("?creche={CRECHE}"), "juillet 2026</a>", "août 2026</a>"),
            ("?month=2026-08", "août 2026</a>", "juillet 2026</a>"),
            ("?q=LUTINS", "août 2026</a>", "juillet 2026</a>"),
        ] {
            let page = browser.page(&format!("{path}{query}")).await.expect(200);
            assert!(page.text.contains(shown) && !page.text.contains(hidden), "{query}");
        }
        browser.page(&format!("{path}?q=nowhere")).await.expect(200).shows(&["Rien ne correspond"]);
        for _ in 0..25 {
            let dry = format!("{}?dryRun=true", statement(CRECHE, "2026-09"));
            vendor.put(dry, Sheet::of("2026-09").child(1, "1:P")).await.expect(200);
        }
        let first = browser.page(&path).await.expect(200);
        assert_eq!(first.text.matches("scope=\"row\"").count(), 25);
        let (_, rest) = first.text.split_once("rel=\"next\" href=\"").unwrap();
        let next = rest.split_once('"').unwrap().0.replace("&#38;", "&");
        let second = browser.page(&next).await.expect(200);
        assert_eq!(second.text.matches("scope=\"row\"").count(), 2);
        assert!(!second.text.contains("rel=\"next\""));
    })
    .await;
}

#[tokio::test]
async fn only_administrators_of_the_organiser_may_open_the_pages_and_submit_the_forms() {
    each_app(async |app| {
        let (_, path) = registered(app).await;
        let path = format!("/console{path}");
        let pages = ["", "/edit", "/deposits", "/suspend", "/resume", "/revoke"].map(|rest| format!("{path}{rest}"));
        for profile in [USER_MANAGER, DATA_MANAGER] {
            let browser = app.browser(profile).await;
            for page in pages.iter().map(String::as_str).chain([LIST, "/console/applications/new"]) {
                browser.page(page).await.expect(403).shows(&["Accès refusé"]);
            }
            for form in ["/edit", "/suspend", "/resume", "/revoke", "/keys", "/env"] {
                browser.send(&format!("{path}{form}"), &[]).await.expect(403);
            }
            browser.send(LIST, &[("name", "A"), ("vendor", "B"), ("scopes", "events:read")]).await.expect(403);
        }
        let theirs = format!("{LIST}/019a5c00-0000-7000-8000-000000000022");
        let browser = app.browser(OF_BOTH).await;
        for rest in ["", "/edit", "/deposits", "/suspend", "/revoke"] {
            browser.page(&format!("{theirs}{rest}")).await.expect(404);
        }
        for form in ["/suspend", "/revoke", "/edit", "/keys", "/env"] {
            browser.send(&format!("{theirs}{form}"), &[]).await.expect(404);
            browser.send_as_is(&format!("{path}{form}"), &[("csrf", "made up")]).await.expect(403);
        }
        assert_eq!(app.person(ADMINISTRATOR).await.get(path.trim_start_matches("/console")).await["state"], "active");
    })
    .await;
}
