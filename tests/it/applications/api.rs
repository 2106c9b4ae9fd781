//! The operations of people who administer an organiser.

use passerelle::domain::audit::AuditChain;
use passerelle::store::audit;
use serde_json::{Value, json};

use super::{described, event_subjects, registered, text};
use crate::harness::app::{
    ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, OF_BOTH, OTHER, TestApp, USER_MANAGER, each_app, organiser,
};

#[tokio::test]
async fn an_application_is_registered_read_changed_and_listed() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let read = administrator.get(&path).await.expect(200);
        for (member, value) in described().as_object().unwrap() {
            assert_eq!(&read[member.as_str()], value, "{member}");
        }
        assert_eq!((&read["state"], read["uses"].as_array().unwrap().len()), (&"active".into(), 30));
        let members = json!({ "contact": { "phone": null }, "purpose": null, "creches": null, "name": "Agenda 2" });
        let changed = administrator.patch(&path, members).await.expect(200);
        let contact = json!({ "name": "Élise Desk", "email": "desk@sud.example" });
        assert_eq!((&changed["name"], &changed["contact"]), (&"Agenda 2".into(), &contact));
        assert_eq!((&changed["purpose"], &changed["creches"]), (&Value::Null, &Value::Null));
        let listed = administrator.get("/applications").await.expect(200);
        assert_eq!(listed["items"][1]["name"], "Agenda 2");
        assert_eq!(
            event_subjects(app).await.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(),
            ["application.registered"]
        );
    })
    .await;
}

/// A document that is refused, the place of its fault and the fault.
fn refused() -> [(Value, &'static str, &'static str); 10] {
    let with = |member: &str, value: Value| {
        let mut document = described();
        document[member] = value;
        document
    };
    [
        (with("name", json!(" ")), "/name", "input.malformed"),
        (with("scopes", json!([])), "/scopes", "input.malformed"),
        (with("scopes", json!(["attendance:delete"])), "/scopes/0", "input.malformed"),
        (with("creches", json!([])), "/creches", "input.malformed"),
        (with("creches", json!([CRECHE, FOREIGN])), "/creches/1", "application.unknownCreche"),
        (with("endsOn", json!("2026-10-11")), "/endsOn", "application.ended"),
        (with("contact", json!({ "name": "Élise" })), "/contact/email", "input.required"),
        (with("contact", json!({ "name": "Élise", "email": "elise" })), "/contact/email", "input.malformed"),
        (with("colour", json!("red")), "/colour", "input.unknownProperty"),
        (with("state", json!("ended")), "/state", "input.malformed"),
    ]
}

#[tokio::test]
async fn an_invalid_registration_is_refused_with_its_places() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        for (document, place, code) in refused() {
            let reply = administrator.post("/applications", document.clone()).await.refused(400, "badRequest");
            assert_eq!((&reply["issues"][0]["name"], reply.codes("issues")), (&place.into(), vec![code]));
            if code != "input.required" {
                // A patch of the contact completes it.
                let same = administrator.patch(&path, document).await.refused(400, "badRequest");
                assert_eq!(same["issues"], reply["issues"]);
            }
        }
        administrator.patch(&path, json!([])).await.refused(400, "badRequest");
        let twice = administrator.call(axum::http::Method::PATCH, &path);
        let twice = twice.body("application/json", "{\"name\":\"A\",\"name\":\"B\"}").await.expect(400);
        assert_eq!(twice.codes("issues"), ["json.duplicateProperty"]);
        assert_eq!(administrator.get(&path).await["name"], "Agenda", "nothing was changed");
        administrator.post("/applications", json!({ "name": "X", "vendor": "Y" })).await.expect(400);
        assert_eq!(administrator.get("/applications").await["items"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn keys_are_issued_shown_once_and_revoked() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let keys = format!("{path}/apiKeys");
        let first = administrator.post(&keys, json!({ "kind": "test" })).await.expect(201);
        assert_eq!(first.header("cache-control"), "no-store");
        assert_eq!(first.header("location"), first["href"]);
        assert_eq!(first["expiresAt"], "2026-12-31T23:00:00Z", "with its application");
        let sooner = json!({ "kind": "test", "scopes": ["attendance:read"], "expiresOn": "2026-11-30" });
        let second = administrator.post(&keys, sooner).await.expect(201);
        assert_eq!(
            (&second["expiresAt"], &second["scopes"]),
            (&"2026-11-30T23:00:00Z".into(), &json!(["attendance:read"]))
        );
        let later = administrator.post(&keys, json!({ "kind": "test", "expiresOn": "2027-11-30" })).await.expect(201);
        assert_eq!(later["expiresAt"], "2026-12-31T23:00:00Z", "never after it");
        let listed = administrator.get(&keys).await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        assert!(!listed.json.to_string().contains("crk_"), "no text of a key");
        for reply in [&first, &second] {
            app.bearer(&text(reply)).get("/caller").await.expect(200);
        }
        let one = format!("{keys}/{}", first["id"].as_str().unwrap());
        administrator.delete(&one).await.expect(204);
        administrator.delete(&one).await.expect(204);
        let told_why = app.bearer(&text(&first)).get("/caller").await.refused(401, "invalidAccessToken");
        assert_eq!(told_why["revokedAt"], "2026-10-12T07:00:00Z");
        assert_eq!(told_why["detail"], "The API key was revoked on 12 October 2026: ask your organiser for a new one.");
        app.bearer(&text(&second)).get("/caller").await.expect(200);
        let of_key: Vec<_> =
            event_subjects(app).await.into_iter().filter(|(_, subject)| first["id"] == **subject).collect();
        assert_eq!(of_key.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["key.issued", "key.revoked"]);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_its_application_may_not_have_is_refused_with_every_reason() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let keys = format!("{path}/apiKeys");
        let second = crate::harness::app::SECOND;
        let wanted = json!({
            "kind": "live", "scopes": ["staff:read", "attendance:read"], "creches": [second, FOREIGN],
            "expiresOn": "2026-10-11",
        });
        let reply = administrator.post(&keys, wanted).await.refused(400, "badRequest");
        let codes = [
            "application.unknownCreche",
            "key.crecheNotGranted",
            "key.expired",
            "key.scopeNotGranted",
            "key.wrongKind",
        ];
        assert_eq!(reply.codes("issues"), codes);
        let shapeless = administrator.post(&keys, json!({ "kind": "best", "creches": [] })).await.expect(400);
        assert_eq!(shapeless.each("issues", "name"), [json!("/creches"), json!("/kind")]);
        administrator.patch(&path, json!({ "state": "revoked" })).await.expect(200);
        let over = administrator.post(&keys, json!({ "kind": "test" })).await.expect(400);
        assert_eq!(over.codes("issues"), ["key.applicationOver"]);
    })
    .await;
}

#[tokio::test]
async fn a_concurrent_change_does_not_undo_a_revocation() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let key = app.bearer(&text(&issued));
        let state = async |wanted: &str| administrator.patch(&path, json!({ "state": wanted })).await;
        assert_eq!(state("suspended").await.expect(200)["suspendedAt"], "2026-10-12T07:00:00Z");
        let refused = key.get("/caller").await.refused(401, "invalidAccessToken");
        assert_eq!(refused["suspendedAt"], "2026-10-12T07:00:00Z");
        state("active").await.expect(200);
        key.get("/caller").await.expect(200);
        let revoke = || administrator.patch(&path, json!({ "state": "revoked" }));
        let (one, two) = tokio::join!(revoke(), revoke());
        assert_eq!((one.status, two.status), (200, 200));
        assert_eq!(one["revokedAt"], two["revokedAt"]);
        key.get("/caller").await.refused(401, "invalidAccessToken");
        for change in [json!({ "state": "active" }), json!({ "name": "Encore" })] {
            assert_eq!(administrator.patch(&path, change).await.expect(400).codes("issues"), ["application.revoked"]);
        }
        let id = path.rsplit('/').next().unwrap();
        let turns: Vec<_> = event_subjects(app).await.into_iter().filter(|(_, subject)| subject == id).collect();
        let turns: Vec<_> = turns.iter().map(|(kind, _)| kind.as_str()).collect();
        let each = ["registered", "suspended", "resumed", "revoked"].map(|turn| format!("application.{turn}"));
        assert_eq!(turns, each);
        let chain = AuditChain::Organiser(organiser());
        let trail = audit::after(&mut app.app.db.read().await.unwrap(), chain, 0, 1000).await.unwrap();
        let revocations = trail.iter().filter(|link| link.entry.action == "application.revoked");
        let by: Vec<_> = revocations.map(|link| link.entry.actor.kind.code()).collect();
        assert_eq!(by, ["person"]);
    })
    .await;
}

#[tokio::test]
async fn an_application_of_another_organiser_is_not_found() {
    each_app(async |app| {
        let (administrator, path) = registered(app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let key = format!("{path}/apiKeys/{}", issued["id"].as_str().unwrap());
        let theirs = app.person_at(OF_BOTH, OTHER).await;
        theirs.get(&path).await.refused(404, "resourceNotFound");
        theirs.patch(&path, json!({ "state": "revoked" })).await.refused(404, "resourceNotFound");
        theirs.delete(&key).await.refused(404, "resourceNotFound");
        theirs.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.refused(404, "resourceNotFound");
        let elsewhere = "/applications/019a5c00-0000-7000-8000-000000000021/apiKeys";
        let there = format!("{elsewhere}/{}", issued["id"].as_str().unwrap());
        administrator.delete(&there).await.refused(404, "resourceNotFound");
        for profile in [USER_MANAGER, DATA_MANAGER] {
            app.person(profile).await.get(&path).await.refused(403, "missingPermission");
        }
        assert_eq!(administrator.get(&path).await["state"], "active");
        app.bearer(&text(&issued)).get("/caller").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn neither_a_keys_text_nor_the_contact_is_stored_in_clear() {
    crate::harness::database::each_engine(async |database| {
        let app = TestApp::start(database).await;
        let (administrator, path) = registered(&app).await;
        let issued = administrator.post(format!("{path}/apiKeys"), json!({ "kind": "test" })).await.expect(201);
        let text = text(&issued);
        let secret = text.split('_').nth(3).unwrap();
        let dump = database.dump().await;
        let holds = |what: &str| dump.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(what));
        assert!(holds("Agenda"), "what is not secret is found");
        for what in [secret, "Élise Desk", "desk@sud.example", "555 01 23"] {
            assert!(!holds(what), "{what}");
        }
        assert_eq!(app.person(ADMINISTRATOR).await.get(&path).await["contact"]["name"], "Élise Desk");
    })
    .await;
}
