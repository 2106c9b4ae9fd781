//! The notice at the top of a page about the last action.

use std::time::Duration;

use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, each_app};

const ADD: [(&str, &str); 3] = [("start", "2026-11-12"), ("reason", "other"), ("creches", SECOND)];
const ADDED: &str = "La fermeture est ajoutée.";
const CLOSURES: &str = "/console/closures";

#[tokio::test]
async fn a_notice_is_shown_once_in_the_language_of_the_reader() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let done = browser.send("/console/closures/add", &ADD).await.goes_to();
        assert!(!done.contains("said"), "{done}");
        browser.page(&done).await.expect(200).says(&[ADDED]);
        browser.page(&done).await.expect(200).keeps_silent(&[ADDED]);
        browser.page("/console/closures?said=added").await.expect(200).keeps_silent(&[ADDED]);
        let dutch = browser.clone().speaking("nl");
        dutch.send_on("/console/closures/add", &ADD).await.says(&["De sluiting is toegevoegd."]);
    })
    .await;
}

#[tokio::test]
async fn a_page_that_a_redirect_passes_or_a_script_fetches_does_not_use_the_notice_up() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.send("/console/closures/add", &ADD).await.expect(303);
        let begin = format!("/console/creches/{CRECHE}/attendance/2026-08/table/begin");
        browser.send(begin, &[("start", "empty")]).await.expect(303);
        browser.fetch("/console/sessions").await.expect(200);
        browser.page("/console.css").await.expect(200);
        // The next page has it, even an error page.
        browser.page("/console/nowhere").await.expect(404).says(&[ADDED]);
        browser.page(CLOSURES).await.expect(200).keeps_silent(&[ADDED]);
    })
    .await;
}

#[tokio::test]
async fn another_session_does_not_get_the_notice() {
    each_app(async |app| {
        let (here, elsewhere) = (app.browser(ADMINISTRATOR).await, app.browser(ADMINISTRATOR).await);
        here.send("/console/closures/add", &ADD).await.expect(303);
        elsewhere.page(CLOSURES).await.expect(200).keeps_silent(&[ADDED]);
        here.page(CLOSURES).await.expect(200).says(&[ADDED]);
    })
    .await;
}

/// Whether a page is served while the database is locked for writing.
async fn is_shown_without_writing(app: &TestApp, path: &str) -> bool {
    let browser = app.browser(ADMINISTRATOR).await;
    let writing = app.app.db.write().await.unwrap();
    let page = tokio::time::timeout(Duration::from_secs(20), browser.page(path)).await;
    drop(writing);
    page.is_ok_and(|page| page.status == 200)
}

#[tokio::test]
async fn a_page_without_a_notice_writes_nothing() {
    each_app(async |app| {
        for path in [CLOSURES, "/console/board", "/console/sessions"] {
            assert!(is_shown_without_writing(app, path).await, "{path}");
        }
    })
    .await;
}
