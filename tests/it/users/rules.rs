//! Every rule of users is broken once and met once over HTTP.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::domain::rule_catalogue;
use passerelle::domain::user::Profile;
use serde_json::{Value, json};

use super::administrator;
use crate::harness::app::{CRECHE, FOREIGN, TestApp, USER_MANAGER, each_app};
use crate::harness::call::{JSON, MERGE_PATCH, Persona, Reply};
use crate::harness::people::{new_user, ssin, user_manager};

const LUC: &str = "/users/019a5c00-0000-7000-8000-000000000032";
const ANNE: &str = "/users/019a5c00-0000-7000-8000-000000000031";
const KARIM: &str = "/users/019a5c00-0000-7000-8000-000000000033";

/// A new user with one field changed.
fn with(number: u32, field: &str, value: impl Into<Value>) -> Value {
    let mut new = new_user(number);
    new[field] = value.into();
    new
}

/// A new user without this.
fn without(number: u32, field: &str) -> Value {
    let mut new = new_user(number);
    new.as_object_mut().unwrap().remove(field);
    new
}

/// The reply breaks these rules, one a place.
#[track_caller]
fn breaks(reply: &Reply, expected: &[(&str, &str)]) {
    let issues = reply["issues"].as_array().cloned().unwrap_or_default();
    let found: BTreeSet<_> =
        issues.iter().map(|issue| (issue["code"].as_str().unwrap(), issue["name"].as_str().unwrap())).collect();
    assert_eq!((reply.status, found), (400, expected.iter().copied().collect()), "{}", reply.json);
}

#[tokio::test]
async fn a_new_user_needs_all_members() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let broken = [
            (with(1, "ssin", "85031497722"), "user.ssinInvalid", "/ssin"),
            (with(1, "ssin", "99123100395"), "user.ssinInvalid", "/ssin"),
            (with(1, "ssin", "85.03.14-977.21"), "input.malformed", "/ssin"),
            (with(1, "consentCertified", false), "user.consentMissing", "/consentCertified"),
            (without(1, "consentCertified"), "user.consentMissing", "/consentCertified"),
            (without(1, "rights"), "user.noRights", "/rights"),
            (with(1, "rights", json!([{ "crecheId": CRECHE, "scopes": [] }])), "user.noRights", "/rights"),
            (
                with(1, "rights", json!([{ "crecheId": FOREIGN, "scopes": ["staff:read"] }])),
                "user.unknownCreche",
                "/rights/0/crecheId",
            ),
            (
                with(1, "rights", json!([{ "crecheId": CRECHE, "scopes": ["events:read"] }])),
                "input.malformed",
                "/rights/0/scopes/0",
            ),
            (with(1, "email", "ysaline@nowhere"), "input.malformed", "/email"),
            (with(1, "email", "two words@petits-pas.example"), "input.malformed", "/email"),
            (with(1, "givenName", " "), "input.malformed", "/givenName"),
            (without(1, "familyName"), "input.required", "/familyName"),
            (with(1, "profile", "boss"), "input.malformed", "/profile"),
            (with(1, "active", true), "input.unknownProperty", "/active"),
        ];
        for (new, code, place) in broken {
            let refused = anne.post("/users", new).await;
            let also = if code == "input.malformed" && place.ends_with("scopes/0") {
                vec![("user.noRights", "/rights")]
            } else {
                vec![]
            };
            breaks(&refused, &[&[(code, place)][..], &also].concat());
        }
        let all = json!({ "ssin": "85031497722", "email": "x", "profile": "administrator" });
        let refusal = anne.post("/users", all).await;
        assert_eq!(refusal["issues"].as_array().unwrap().len(), 5, "all at once: {}", refusal.json);
        let first = anne.post("/users", new_user(1)).await.expect(201);
        let again = anne.post("/users", new_user(1)).await;
        breaks(&again, &[("user.alreadyLetIn", "/ssin")]);
        assert_eq!(again["issues"][0]["existing"]["id"], first["id"]);
        let text = format!("{{\"ssin\": \"{}\",", ssin(9));
        breaks(&anne.call(Method::POST, "/users").body(JSON, text).await, &[("json.malformed", "")]);
        anne.call(Method::PATCH, LUC)
            .body("application/json-patch+json", "[]")
            .await
            .refused(415, "unsupportedMediaType");
    })
    .await;
}

async fn change(who: &Persona<'_>, user: &str, change: Value) -> Reply {
    who.patch(user, change).if_match("*").await
}

#[tokio::test]
async fn users_do_not_remove_their_own_access_or_extend_it() {
    each_app(async |app| {
        let (anne, karim) = (administrator(app).await, app.person(USER_MANAGER).await);
        for (who, own) in [(&anne, ANNE), (&karim, KARIM)] {
            breaks(
                &change(
                    who,
                    own,
                    json!({ "profile": "dataManager", "rights": [{ "crecheId": CRECHE, "scopes": ["staff:read"] }] }),
                )
                .await,
                &[("user.ownProfile", "/profile"), ("user.ownRights", "/rights")],
            );
            breaks(&change(who, own, json!({ "active": false })).await, &[("user.ownAccess", "/active")]);
            breaks(&who.delete(own).if_match("*").await, &[("user.ownAccess", "userId")]);
            change(who, own, json!({ "email": "moi@petits-pas.example" })).await.expect(200);
        }
        // Not even to a profile that they may not give.
        breaks(&change(&karim, KARIM, json!({ "profile": "administrator" })).await, &[("user.ownProfile", "/profile")]);
    })
    .await;
}

#[tokio::test]
async fn a_user_manager_may_not_change_administrators() {
    each_app(async |app| {
        let karim = app.person(USER_MANAGER).await;
        for way in [
            json!({ "email": "x@petits-pas.example" }),
            json!({ "active": false }),
            json!({ "profile": "userManager" }),
        ] {
            change(&karim, ANNE, way).await.refused(403, "missingPermission");
        }
        let refused = karim.delete(ANNE).if_match("*").language("fr").await.refused(403, "missingPermission");
        assert!(refused["detail"].as_str().unwrap().starts_with("Seul un administrateur"), "{}", refused.json);
        karim.get(ANNE).await.expect(200);
        breaks(
            &karim.post("/users", with(5, "profile", "administrator")).await,
            &[("user.administratorReserved", "/profile")],
        );
        let new = karim.post("/users", user_manager(5)).await.expect(201);
        let at = super::path(&new);
        breaks(
            &change(&karim, &at, json!({ "profile": "administrator" })).await,
            &[("user.administratorReserved", "/profile")],
        );
        breaks(&change(&karim, &at, json!({ "profile": "dataManager" })).await, &[("user.noRights", "/rights")]);
        let signs = json!({ "profile": "dataManager", "rights": [{ "crecheId": CRECHE, "scopes": ["reports:sign"] }] });
        breaks(&change(&karim, &at, signs.clone()).await, &[("user.signingReserved", "/rights")]);
        change(&administrator(app).await, &at, signs).await.expect(200);
        karim.delete(&at).if_match("*").await.expect(204);
    })
    .await;
}

/// Deactivates the second administrator.
async fn alone(app: &TestApp) -> Persona<'_> {
    let anne = administrator(app).await;
    change(&anne, LUC, json!({ "active": false })).await.expect(200);
    anne
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    each_app(async |app| {
        let anne = administrator(app).await;
        assert_eq!(anne.get("/users").await.expect(200).codes("warnings"), [""; 0]);
        let anne = alone(app).await;
        assert_eq!(anne.get("/users").await.expect(200).codes("warnings"), ["user.fewAdministrators"]);
        breaks(
            &change(&anne, ANNE, json!({ "profile": "userManager" })).await,
            &[("user.lastAdministrator", "/profile")],
        );
        breaks(&change(&anne, ANNE, json!({ "active": false })).await, &[("user.lastAdministrator", "/active")]);
        breaks(&anne.delete(ANNE).if_match("*").await, &[("user.lastAdministrator", "userId")]);
        // A deactivated administrator does not count as the last one.
        anne.delete(LUC).if_match("*").await.expect(204);
        let second = app.add_user(6, Profile::Administrator).await;
        let other = app.person(&ssin(6)).await;
        change(&other, ANNE, json!({ "profile": "userManager" })).await.expect(200);
        breaks(
            &other.delete(format!("/users/{}", second.id)).if_match("*").await,
            &[("user.lastAdministrator", "userId")],
        );
    })
    .await;
}

#[tokio::test]
async fn an_invalid_change_is_refused_with_all_faults_and_changes_nothing() {
    each_app(async |app| {
        let anne = administrator(app).await;
        let before = anne.get(KARIM).await.expect(200);
        let wrong = json!({ "email": "x", "givenName": null, "ssin": ssin(8), "rights": [{ "crecheId": FOREIGN, "scopes": ["staff:read"] }] });
        let expected = [
            ("input.malformed", "/email"),
            ("input.malformed", "/givenName"),
            ("input.unknownProperty", "/ssin"),
            ("user.unknownCreche", "/rights/0/crecheId"),
        ];
        breaks(&change(&anne, KARIM, wrong).await, &expected);
        assert_eq!(anne.get(KARIM).await.expect(200).json, before.json);
        let duplicate = r#"{"email":"a@petits-pas.example","email":"b@petits-pas.example"}"#;
        let call = anne.call(Method::PATCH, KARIM).body(MERGE_PATCH, duplicate).if_match("*");
        breaks(&call.await, &[("json.duplicateProperty", "/email")]);
    })
    .await;
}

/// The tests above break and meet them all.
#[test]
fn no_rule_of_users_is_without_a_case() {
    let here = include_str!("rules.rs");
    let family = rule_catalogue::all().map(|rule| rule.code).filter(|code| code.starts_with("user."));
    let missing: Vec<_> = family.filter(|code| !here.contains(&format!("\"{code}\""))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
