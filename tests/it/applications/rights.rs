//! What an application may do narrows what its keys may, here at once and elsewhere within seconds.

use jiff::SignedDuration;
use serde_json::json;

use super::{registered, text};
use crate::harness::app::{CRECHE, SECOND, TestApp, each_app};
use crate::harness::database::each_engine;

#[tokio::test]
async fn a_right_removed_from_an_application_is_removed_from_its_keys() {
    each_engine(async |database| {
        let (here, elsewhere) = (TestApp::start(database).await, TestApp::start(database).await);
        let (administrator, path) = registered(&here).await;
        administrator.patch(&path, json!({ "creches": [CRECHE, SECOND] })).await.expect(200);
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let key = text(&issued);
        let both = [here.bearer(&key), elsewhere.bearer(&key)];
        for key in &both {
            let caller = key.get("/caller").await.expect(200);
            assert_eq!(caller.each("creches", "id"), [json!(CRECHE), json!(SECOND)]);
        }
        let narrow = json!({ "scopes": ["attendance:read"], "creches": [SECOND] });
        administrator.patch(&path, narrow).await.expect(200);
        elsewhere.clock.advance(SignedDuration::from_secs(3));
        for key in &both {
            let caller = key.get("/caller").await.expect(200);
            assert_eq!(
                (caller.each("creches", "id"), &caller["scopes"]),
                (vec![json!(SECOND)], &json!(["attendance:read"]))
            );
            key.get(format!("/creches/{CRECHE}/closures")).await.refused(403, "missingPermission");
            let write = key.put(format!("/creches/{SECOND}/closures"), json!({ "items": [] })).await;
            write.refused(403, "missingScope");
        }
        let listed = administrator.get(format!("{path}/apiKeys")).await.expect(200);
        assert_eq!(listed["items"][0]["scopes"], json!(["attendance:read"]));
    })
    .await;
}

#[tokio::test]
async fn a_key_of_an_ended_application_is_refused_as_expired() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let key = app.bearer(&text(&issued));
        app.travel("2026-12-31T23:59:59.999+01:00");
        key.get("/caller").await.expect(200);
        app.travel("2027-01-01T00:00:00+01:00");
        let ended = key.get("/caller").language("fr").await.refused(401, "expiredAccessToken");
        assert_eq!(ended["expiredAt"], "2026-12-31T23:00:00Z");
        let detail = ended["detail"].as_str().unwrap();
        assert!(detail.contains("31/12/2026") && detail.contains("prolonger"), "{detail}");
        let (administrator, _) = (app.person(crate::harness::app::ADMINISTRATOR).await, administrator);
        assert_eq!(administrator.get(&path).await["state"], "ended");
        administrator.patch(&path, json!({ "purpose": "Fini" })).await.expect(200);
        let prolonged = administrator.patch(&path, json!({ "endsOn": "2027-06-30" })).await.expect(200);
        assert_eq!(prolonged["state"], "active");
        key.get("/caller").await.expect(200);
    })
    .await;
}
