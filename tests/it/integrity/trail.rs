//! An older version of a row that is put back has a valid code: by the audit trail it is not the latest.

use axum::http::Method;
use passerelle::app::integrity::Forgery;
use serde_json::json;

use super::{RowSnapshot, deposit, each_world, found};
use crate::doctors::enter_doctor;
use crate::harness::app::CRECHE;
use crate::harness::call::JSON;

#[tokio::test]
async fn an_older_sealed_row_that_is_put_back_is_found_also_when_the_gateway_goes_on_with_it() {
    each_world(async |app, database| {
        let path = enter_doctor(app).await;
        let id = path.rsplit('/').next().unwrap();
        let snapshot = RowSnapshot::new(database, "doctor", &format!("id = '{id}'")).await;
        let change = async |change: serde_json::Value| {
            app.vendor().call(Method::PATCH, &path).if_match("*").body(JSON, change.to_string()).await.expect(200);
        };
        change(json!({ "town": "Liège" })).await;
        assert_eq!(found(app).await, []);
        snapshot.put_back(&["sealed", "version", "mac"]).await;
        assert_eq!(found(app).await, [(format!("doctor {id}"), Forgery::PutBack)]);
        // Its code is valid: the gateway accepts it and changes it.
        change(json!({ "town": "Mons" })).await;
        let named = found(app).await;
        assert!(matches!(named.as_slice(), [(row, Forgery::ChangedFromOther(_))] if row.ends_with(id)), "{named:?}");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_that_is_put_back_and_a_statement_put_back_to_an_earlier_revision_are_found() {
    each_world(async |app, database| {
        let month = format!("creche_id = '{CRECHE}' and month = '2026-07'");
        deposit(app, "2026-07", 1).await;
        let snapshot = RowSnapshot::new(database, "statement", &month).await;
        deposit(app, "2026-07", 2).await;
        snapshot.put_back(&["revision", "updated_at", "revision_mac", "mac"]).await;
        let statement = format!("statement {CRECHE}/attendance/2026-07");
        let named = found(app).await;
        assert_eq!(named.len(), 2, "{named:?}");
        assert!(named.contains(&(statement.clone(), Forgery::PutBack)), "{named:?}");
        assert!(named.contains(&(statement.clone(), Forgery::Revisions)), "{named:?}");
        // Also when the later revision is taken away, so that all that is there fits together.
        database.tamper("delete from revision where revision = 2").await;
        assert_eq!(found(app).await, [(statement, Forgery::PutBack)]);
    })
    .await;
}

#[tokio::test]
async fn a_user_that_was_deleted_and_is_put_back_is_found() {
    each_world(async |app, database| {
        let user = app.add_user(5, passerelle::domain::user::Profile::DataManager).await;
        let id = user.id.to_string();
        let snapshot = RowSnapshot::new(database, "app_user", &format!("id = '{id}'")).await;
        let administrator = app.person(crate::harness::app::ADMINISTRATOR).await;
        administrator.call(Method::DELETE, format!("/users/{id}")).if_match("*").await.expect(204);
        assert_eq!(found(app).await, []);
        let rights = "insert into app_user_right (organiser_id, user_id, creche_id, scopes) \
                      select organiser_id, id, '{creche}', 'attendance:read' from kept";
        snapshot.database.tamper("insert into app_user select * from kept").await;
        snapshot.database.tamper(rights.replace("{creche}", CRECHE)).await;
        assert_eq!(found(app).await, [(format!("person {id}"), Forgery::NotRecorded)]);
    })
    .await;
}
