//! A user is added, read, changed, deactivated and deleted.

use serde_json::json;

use super::{add, administrator, last_deeds, path};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, each_app};
use crate::harness::people::{new_user, ssin};

const ANNE: &str = "019a5c00-0000-7000-8000-000000000031";

#[tokio::test]
async fn a_new_user_can_log_in_and_use_the_given_rights() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let user = add(&anne, new_user(1)).await;
        assert_eq!(user.header("location"), user["self"].as_str().unwrap());
        assert_eq!(
            (user.etag(), &user["ssinPresent"], &user["active"]),
            ("\"1\"".to_owned(), &json!(true), &json!(true))
        );
        assert_eq!(user["consent"], json!({ "certifiedAt": "2026-10-12T07:00:00Z", "certifiedBy": ANNE }));
        let id = user["id"].as_str().unwrap();
        assert_eq!(
            last_deeds(app, 2).await,
            [
                ("user.created".to_owned(), format!("{id} dataManager")),
                ("user.rightsChanged".to_owned(), format!("{id} attendance:read")),
            ]
        );
        let new = app.person(&ssin(1)).await;
        new.get(format!("/creches/{CRECHE}/attendanceStatements")).await.expect(200);
        new.get(format!("/creches/{SECOND}/attendanceStatements")).await.refused(403, "missingPermission");
        let seen = anne.get(path(&user)).await.expect(200);
        assert_eq!(seen["lastLoginAt"], "2026-10-12T07:00:00Z");
        assert_eq!(last_deeds(app, 1).await, [("users.read".to_owned(), id.to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn users_are_listed_by_name_and_the_reading_is_recorded() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let all = anne.get("/users").await.expect(200);
        assert_eq!(all.each("items", "familyName"), ["Benali", "Dubois", "Lambert", "Peeters"]);
        assert_eq!(last_deeds(app, 1).await, [("users.read".to_owned(), String::new())]);
        let some = anne.get("/users?profile=administrator&active=true").await.expect(200);
        assert_eq!(some.each("items", "familyName"), ["Dubois", "Lambert"]);
        assert!(some["self"].as_str().unwrap().ends_with("/users?profile=administrator&active=true"));
        assert_eq!(anne.get("/users?active=false").await.expect(200)["items"], json!([]));
        anne.get("/users?q=Benali").await.refused(400, "badRequest");
        assert_eq!(anne.get("/users?profile=boss").await.refused(400, "badRequest").codes("issues").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_change_needs_the_version_and_records_fields_but_not_values() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let user = add(&anne, new_user(2)).await;
        let (at, id) = (path(&user), user["id"].as_str().unwrap());
        let married = json!({ "familyName": "De Smet", "email": "y.desmet@petits-pas.example" });
        let refusal = anne.patch(&at, married.clone()).await.refused(428, "preconditionRequired");
        assert_eq!(refusal["currentEtag"], "\"1\"");
        let changed = anne.patch(&at, married.clone()).if_match("\"1\"").await.expect(200);
        assert_eq!((changed.etag().as_str(), &changed["familyName"]), ("\"2\"", &json!("De Smet")));
        assert_eq!(last_deeds(app, 1).await, [("user.changed".to_owned(), format!("{id} familyName email"))]);
        anne.patch(&at, married).await.expect(200);
        assert_eq!(last_deeds(app, 1).await[0].0, "user.changed", "nothing changed, nothing recorded");
        anne.patch(&at, json!({ "givenName": "Yse" })).if_match("\"1\"").await.refused(412, "preconditionFailed");
        let rights = json!([
            { "crecheId": SECOND, "scopes": ["medical:read", "medical:write"] },
            { "crecheId": CRECHE, "scopes": [] },
        ]);
        let moved = anne.patch(&at, json!({ "rights": rights })).if_match("\"2\"").await.expect(200);
        assert_eq!(moved["rights"], json!([{ "crecheId": SECOND, "scopes": ["medical:write"] }]));
        assert_eq!(
            last_deeds(app, 2).await,
            [
                ("user.rightsChanged".to_owned(), id.to_owned()),
                ("user.rightsChanged".to_owned(), format!("{id} medical:write")),
            ]
        );
        anne.get(&at).if_none_match("\"3\"").await.expect(304);
    })
    .await;
}

#[tokio::test]
async fn a_deactivated_or_deleted_user_is_refused_from_the_next_request() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let user = add(&anne, new_user(3)).await;
        let at = path(&user);
        let session = app.person(&ssin(3)).await;
        session.get("/creches").await.expect(200);
        let deactivated = anne.patch(&at, json!({ "active": false })).if_match("*").await.expect(200);
        assert_eq!(
            (&deactivated["active"], &deactivated["deactivatedAt"]),
            (&json!(false), &json!("2026-10-12T07:00:00Z"))
        );
        session.get("/creches").await.refused(401, "noAccessToken");
        anne.patch(&at, json!({ "active": true })).if_match("*").await.expect(200);
        session.get("/creches").await.refused(401, "noAccessToken");
        let again = app.person(&ssin(3)).await;
        again.get("/creches").await.expect(200);
        anne.delete(&at).await.refused(428, "preconditionRequired");
        anne.delete(&at).if_match("\"3\"").await.expect(204);
        again.get("/creches").await.refused(401, "noAccessToken");
        anne.get(&at).await.refused(404, "resourceNotFound");
        let actions: Vec<_> = last_deeds(app, 3).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["user.reactivated", "session.begun", "user.deleted"]);
        add(&anne, new_user(3)).await;
    })
    .await;
}

#[tokio::test]
async fn the_users_of_another_organiser_are_not_found() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let foreign = "/users/019a5c00-0000-7000-8000-000000000035";
        anne.get(foreign).await.refused(404, "resourceNotFound");
        anne.patch(foreign, json!({ "active": false })).if_match("*").await.refused(404, "resourceNotFound");
        anne.delete(foreign).if_match("*").await.refused(404, "resourceNotFound");
        // A user of another organiser can be added here.
        let anne_again = app.person(ADMINISTRATOR).await;
        anne_again.delete("/users/019a5c00-0000-7000-8000-000000000032").if_match("*").await.expect(204);
        let mut luc = new_user(4);
        luc["ssin"] = crate::harness::app::OF_BOTH.into();
        add(&anne, luc).await;
    })
    .await;
}
