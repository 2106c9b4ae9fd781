//! Bodies of calls in production: logged, masked, for the time that an administrator of the organiser allows.

use serde_json::Value;

use super::requests::{below_root, flush, marked, month};
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, TestApp};
use crate::harness::call::Persona;
use crate::harness::database::each_engine;

const APPLICATION: &str = "/console/applications/019a5c00-0000-7000-8000-000000000021";
const BODIES: &str = "/console/applications/019a5c00-0000-7000-8000-000000000021/bodies";

/// The logged body of a call that the software makes now.
async fn logged_body(app: &TestApp, vendor: &Persona<'_>, creche: &str) -> Option<Value> {
    vendor.put(month(creche, "2026-07") + "?dryRun=true", marked()).await.expect(200);
    flush(app).await;
    let listed = vendor.get("/requests?pageSize=1").await.expect(200);
    vendor.get(below_root(&listed["items"][0]["href"])).await.expect(200).json.get("body").cloned()
}

/// The actions of the audit trail on bodies, and what they say besides.
async fn recorded(app: &TestApp) -> Vec<(String, Option<String>)> {
    let entries = app.all_audit().await.into_iter().map(|link| link.entry);
    let about = entries.filter(|entry| entry.action.contains("bodyLogging"));
    about.map(|entry| (entry.action, entry.detail)).collect()
}

#[tokio::test]
async fn bodies_are_logged_masked_until_the_end_that_an_administrator_chose() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        assert_eq!(logged_body(&app, &app.vendor(), CRECHE).await, None, "by default they are not");
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(APPLICATION).await.expect(200).says(&["Garder le contenu", "Sept jours"]);
        let allowed = browser.send(BODIES, &[("time", "oneDay")]).await;
        let page = browser.follow(&allowed).await.expect(200);
        page.says(&["13/10/2026 09:00", "Ne plus le garder"]).keeps_silent(&["Sept jours"]);
        let body = logged_body(&app, &app.vendor(), CRECHE).await.expect("at once, without another key");
        let masked = body["masked"].as_str().unwrap();
        assert!(
            masked.contains("familyName") && !masked.contains("quixote") && !masked.contains("2025-02-03"),
            "{masked}"
        );
        assert_eq!(logged_body(&app, &app.other_organiser(), FOREIGN).await, None, "of another organiser");
        app.travel("2026-10-13T06:59:59Z");
        assert!(logged_body(&app, &app.vendor(), CRECHE).await.is_some());
        app.travel("2026-10-13T07:00:00Z");
        assert_eq!(logged_body(&app, &app.vendor(), CRECHE).await, None, "it ends by itself");
        app.browser(ADMINISTRATOR).await.page(APPLICATION).await.expect(200).says(&["Garder le contenu"]);
        let given = ("application.bodyLoggingAllowed".to_owned(), Some("2026-10-13T07:00:00Z".to_owned()));
        assert_eq!(recorded(&app).await, [given]);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_ends_it_at_once() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        let browser = app.browser(ADMINISTRATOR).await;
        browser.send(BODIES, &[]).await.expect(303);
        assert_eq!(recorded(&app).await, [], "there was nothing to end");
        browser.send(BODIES, &[("time", "sevenDays")]).await.expect(303);
        assert!(logged_body(&app, &app.vendor(), CRECHE).await.is_some());
        // A change of the description leaves it as it is.
        let suspended = format!("{APPLICATION}/suspend");
        browser.send(&suspended, &[]).await.expect(303);
        browser.send(format!("{APPLICATION}/resume"), &[]).await.expect(303);
        assert!(logged_body(&app, &app.vendor(), CRECHE).await.is_some());
        browser.send(BODIES, &[]).await.expect(303);
        assert_eq!(logged_body(&app, &app.vendor(), CRECHE).await, None);
        let actions: Vec<_> = recorded(&app).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["application.bodyLoggingAllowed", "application.bodyLoggingEnded"]);
    })
    .await;
}

#[tokio::test]
async fn others_than_administrators_cannot_allow_it() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        app.browser(DATA_MANAGER).await.send(BODIES, &[("time", "oneDay")]).await.expect(403);
        assert_eq!(logged_body(&app, &app.vendor(), CRECHE).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_time_that_was_written_into_the_database_is_refused() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        database.tamper("update application set logs_bodies_until = 9000000000000").await;
        app.app.keys.invalidate();
        app.vendor().get("/caller").await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_sandbox_offers_nothing_to_allow() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let page = app.browser(ADMINISTRATOR).await.page(APPLICATION).await.expect(200);
        page.keeps_silent(&["Garder le contenu"]);
    })
    .await;
}
