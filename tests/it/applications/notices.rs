//! A key that is about to end is spoken of: to its organiser once each time, to its vendor on every answer.

use passerelle::app::keys;
use serde_json::json;

use super::{event_subjects, registered, text};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app};
use crate::harness::database::each_engine;

/// How many notices the organiser got.
async fn notices(app: &TestApp) -> usize {
    event_subjects(app).await.iter().filter(|(kind, _)| kind == "key.expiring").count()
}

#[tokio::test]
async fn each_notice_is_sent_once_over_all_gateways() {
    each_engine(async |database| {
        let (app, other) = (TestApp::start(database).await, TestApp::start(database).await);
        let (administrator, path) = registered(&app).await;
        let keys_of = format!("{path}/apiKeys");
        let issued =
            administrator.post(&keys_of, json!({ "kind": "test", "expiresOn": "2026-11-30" })).await.expect(201);
        let days = [
            "2026-10-31",
            "2026-11-01",
            "2026-11-16",
            "2026-11-17",
            "2026-11-23",
            "2026-11-24",
            "2026-11-30",
            "2026-12-01",
        ];
        let given = [0, 1, 1, 2, 2, 3, 4, 4];
        for (day, expected) in days.into_iter().zip(given) {
            for app in [&app, &other] {
                app.travel(&format!("{day}T00:00:00+01:00"));
            }
            let (one, two) = tokio::join!(keys::notices(&app.app), keys::notices(&other.app));
            let (one, two) = (one.unwrap(), two.unwrap());
            keys::notices(&app.app).await.unwrap();
            assert_eq!(notices(&app).await, expected, "{day}: {one} and {two}");
        }
        let about = event_subjects(&app)
            .await
            .into_iter()
            .filter(|(kind, _)| kind == "key.expiring")
            .map(|(_, subject)| subject);
        assert!(about.into_iter().all(|subject| issued["id"] == *subject));
    })
    .await;
}

#[tokio::test]
async fn only_the_nearest_of_missed_notices_is_sent_and_a_new_end_restarts_them() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let revoked = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        administrator.delete(format!("{path}/apiKeys/{}", revoked["id"].as_str().unwrap())).await.expect(204);
        app.travel("2026-12-28T09:00:00+01:00");
        assert_eq!(keys::notices(&app.app).await.unwrap(), 1, "of 30, 14 and 7 days only the last");
        assert_eq!(keys::notices(&app.app).await.unwrap(), 0);
        let administrator = app.person(ADMINISTRATOR).await;
        administrator.patch(&path, json!({ "endsOn": "2027-01-05" })).await.expect(200);
        assert_eq!(keys::notices(&app.app).await.unwrap(), 1, "another end");
        administrator.patch(&path, json!({ "endsOn": null })).await.expect(200);
        assert_eq!((keys::notices(&app.app).await.unwrap(), notices(app).await), (0, 2));
    })
    .await;
}

#[tokio::test]
async fn every_response_announces_the_end_of_a_key_from_thirty_days_before() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let wanted = json!({ "kind": "test", "expiresOn": "2026-11-30" });
        let issued = administrator.post(format!("{path}/apiKeys"), wanted).await.expect(201);
        let key = app.bearer(&text(&issued));
        app.travel("2026-10-31T23:59:59+01:00");
        let caller = key.get("/caller").await.expect(200);
        assert_eq!(
            (caller.header("passerelle-key-expires"), &caller["key"]["expiresInDays"]),
            ("", &serde_json::Value::Null)
        );
        app.travel("2026-11-01T00:00:00+01:00");
        let caller = key.get("/caller").await.expect(200);
        assert_eq!(caller.header("passerelle-key-expires"), "2026-11-30T23:00:00Z");
        assert_eq!(caller["key"]["expiresInDays"], 30);
        let failed = key.get("/creches/nowhere").await.expect(404);
        assert_eq!(failed.header("passerelle-key-expires"), "2026-11-30T23:00:00Z");
        assert_eq!(app.vendor().get("/caller").await.header("passerelle-key-expires"), "", "each key its own");
        let page = app.browser(ADMINISTRATOR).await.page("/console/applications").await.expect(200);
        page.shows(&["30/11/2026, dans 30 jours", issued["id"].as_str().unwrap()]);
    })
    .await;
}
