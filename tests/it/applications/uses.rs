//! The use of keys is counted, stored at intervals, and shown by day.

use serde_json::json;

use super::{registered, text};
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp};
use crate::harness::database::each_engine;
use crate::harness::statement::Sheet;

#[tokio::test]
async fn calls_and_refusals_are_added_up_over_gateways_and_days() {
    each_engine(async |database| {
        let (app, other) = (TestApp::start(database).await, TestApp::start(database).await);
        let (administrator, path) = registered(&app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let key = text(&issued);
        let statements = format!("/creches/{CRECHE}/attendanceStatements/2026-09");
        for gateway in [&app, &other] {
            let key = gateway.bearer(&key);
            key.get("/caller").await.expect(200);
            key.put(&statements, json!({ "lines": [{}] })).await.expect(400);
            gateway.app.keys.flush_last_use(&gateway.app.db).await.unwrap();
        }
        app.bearer(&key).put(&statements, Sheet::of("2026-09").child(1, "1:P")).await.expect(201);
        let before = administrator.get(&path).await.expect(200);
        assert_eq!(
            before["uses"][29],
            json!({ "date": "2026-10-12", "calls": 4, "refusals": 2 }),
            "not yet written down"
        );
        app.app.keys.flush_last_use(&app.app.db).await.unwrap();
        app.app.keys.flush_last_use(&app.app.db).await.unwrap();
        app.travel("2026-10-13T00:00:00+02:00");
        app.bearer(&key).get("/caller").await.expect(200);
        app.app.keys.flush_last_use(&app.app.db).await.unwrap();
        let administrator = app.person(ADMINISTRATOR).await;
        let after = administrator.get(&path).await.expect(200);
        assert_eq!(after["uses"][28], json!({ "date": "2026-10-12", "calls": 5, "refusals": 2 }));
        assert_eq!(after["uses"][29], json!({ "date": "2026-10-13", "calls": 1, "refusals": 0 }));
        assert_eq!(after["lastUsedAt"], "2026-10-12T22:00:00Z");
        let browser = app.browser(ADMINISTRATOR).await;
        let page = browser.page(&format!("/console{path}")).await.expect(200);
        page.shows(&["<strong>6</strong>", "<strong>2</strong>", "height=\"80\"", "height=\"32\"", "height=\"16\""]);
        page.shows(&["12/10/2026</th><td class=\"number\">5</td><td class=\"number\">2</td>"]);
        app.travel("2026-11-12T12:00:00+01:00");
        let page = app.browser(ADMINISTRATOR).await.page(&format!("/console{path}")).await.expect(200);
        assert!(!page.text.contains("<svg"), "nothing in thirty days");
    })
    .await;
}

#[tokio::test]
async fn uses_that_could_not_be_stored_are_stored_the_next_time() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let (administrator, path) = registered(&app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        app.bearer(&text(&issued)).get("/caller").await.expect(200);
        let closed = passerelle::store::Db::connect(&database.url).await.unwrap();
        closed.close().await;
        assert!(app.app.keys.flush_last_use(&closed).await.is_err());
        assert!(app.app.keys.last_flush_failed());
        app.app.keys.flush_last_use(&app.app.db).await.unwrap();
        assert!(!app.app.keys.last_flush_failed());
        assert_eq!(administrator.get(&path).await["uses"][29]["calls"], 1);
    })
    .await;
}
