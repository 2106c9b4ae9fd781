//! Pages of what was not possible.

use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, each_app};

const NOBODY: &str = "019a5c00-0000-7000-8000-00000000dead";

/// Names of the API that mean nothing to a director.
const CODES: [&str; 8] = ["crecheId", "userId", "doctorId", "keyId", "applicationId", "«", "issues", "ETag"];

#[tokio::test]
async fn a_failure_page_has_the_frame_of_every_page_and_names_things_in_words() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let month = format!("/console/creches/{CRECHE}/attendance");
        for (path, status, words) in [
            ("/console/nowhere".to_owned(), 404, "Il n’y a pas de page à cette adresse."),
            (format!("/console/creches/{NOBODY}/attendance/2026-07"), 404, "Cette crèche n’existe pas"),
            (format!("{month}/2026-07/download"), 404, "Ce relevé n’existe pas"),
            (format!("{month}/2026-07?revision=9"), 404, "Cette version n’existe pas"),
            (format!("{month}/2026-13"), 400, "L’adresse de cette page contient une faute"),
            (format!("/console/users/{NOBODY}"), 404, "Cet utilisateur n’existe pas"),
            (format!("/console/doctors/{NOBODY}"), 404, "Ce médecin n’existe pas"),
            (format!("/console/staff/{NOBODY}"), 404, "Ce membre du personnel n’existe pas"),
            (format!("/console/applications/{NOBODY}"), 404, "Cette application n’existe pas"),
            (format!("/console/webhooks/{NOBODY}"), 404, "Cette adresse de notification n’existe pas"),
        ] {
            let page = browser.page(&path).await.expect(status).says(&[words]).keeps_silent(&CODES);
            assert!(page.reads("ASBL Les Petits Pas Changer"), "{path}: {}", page.words());
            let links = page.tags("a");
            for to in ["/console/board", "/console/users", "/console/sessions"] {
                assert!(links.iter().any(|link| link.attribute("href") == to), "{path}: no {to}");
            }
            assert!(page.tags("form").iter().any(|form| form.attribute("action") == "/console/logout"), "{path}");
            let [token] = &page.input_values("csrf")[..] else { panic!("{path}: one token") };
            assert_eq!(token.rsplit('.').next(), browser.csrf.rsplit('.').next(), "{path}");
        }
        let manager = app.browser(DATA_MANAGER).await;
        let refused = manager.page("/console/users").await.expect(403).says(&["Accès refusé", "Vos droits"]);
        assert!(refused.tags("a").iter().any(|link| link.attribute("href") == "/console/board"));
    })
    .await;
}

#[tokio::test]
async fn a_failure_page_names_things_in_the_language_of_the_reader() {
    each_app(async |app| {
        let path = format!("/console/users/{NOBODY}");
        let browser = app.browser(ADMINISTRATOR).await;
        let dutch = browser.clone().speaking("nl").page(&path).await.expect(404);
        dutch.says(&["Deze gebruiker bestaat niet", "Referentie voor de helpdesk: "]);
        browser.clone().speaking("en").page(&path).await.expect(404).says(&["This user does not exist"]);
        browser.page(&path).await.expect(404).says(&["Référence pour l’assistance\u{a0}: "]);
    })
    .await;
}

#[tokio::test]
async fn without_a_session_or_a_database_the_page_has_the_bare_frame() {
    each_app(async |app| {
        let mut unknown = app.browser(ADMINISTRATOR).await;
        let browser = unknown.clone();
        unknown.secret = "0".repeat(64);
        let bare = unknown.page("/console/nowhere").await.expect(404);
        assert!(!bare.has_field("csrf") && !bare.text.contains("<nav"), "{}", bare.text);
        app.app.db.close().await;
        for (path, status) in [("/console/board", 503), ("/console/nowhere", 404)] {
            let bare = browser.page(path).await.expect(status);
            assert!(!bare.has_field("csrf") && !bare.text.contains("<nav"), "{path}: {}", bare.text);
        }
    })
    .await;
}
