//! What is forged has no effect where it is used.

use jiff::SignedDuration;
use passerelle::app::sessions;
use passerelle::domain::key::KeyKind;
use serde_json::json;

use super::{deposit, each_world, move_keys};
use crate::harness::app::{ADMINISTRATOR, CRECHE, OTHER, TestApp, organiser};
use crate::harness::receiver::{Receiver, deliver, verified};

/// Lets the caches of gateways, which last a minute, expire.
fn later(app: &TestApp) {
    app.travel(&(app.app.clocks.machine().now() + SignedDuration::from_secs(61)).to_string());
}

#[tokio::test]
async fn a_forged_key_is_an_unknown_one() {
    each_world(async |app, database| {
        deposit(app, "2026-07", 1).await;
        let vendor = app.vendor();
        let read = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        vendor.get(&read).await.expect(200);
        let ours = "019a5c00-0000-7000-8000-000000000021";
        for (table, column, value) in [
            ("api_key", "all_creches", "0"),
            ("api_key", "expires_at", "9999999999999"),
            ("application", "all_scopes", "1"),
            ("application", "ends_at", "9999999999999"),
        ] {
            database.tamper(format!("create table kept as select id, {column} as kept from {table}")).await;
            database.tamper(format!("update {table} set {column} = {value}")).await;
            later(app);
            let before = app.app.db.integrity_alerts();
            vendor.get(&read).await.refused(401, "invalidAccessToken");
            assert!(app.app.db.integrity_alerts() > before, "it is counted");
            let kept = format!("(select kept from kept where kept.id = {table}.id)");
            database.tamper(format!("update {table} set {column} = {kept}")).await;
            database.tamper("drop table kept").await;
            later(app);
            vendor.get(&read).await.expect(200);
        }
        for table in ["api_key_scope", "application_scope"] {
            database.tamper(format!("create table kept as select * from {table}")).await;
            database.tamper(format!("update {table} set scope = 'staff:write' where position > 0")).await;
            later(app);
            vendor.get(&read).await.refused(401, "invalidAccessToken");
            database.tamper(format!("delete from {table}")).await;
            database.tamper(format!("insert into {table} select * from kept")).await;
            database.tamper("drop table kept").await;
            later(app);
            vendor.get(&read).await.expect(200);
        }
        // A key of the other organiser, moved to ours, reads nothing of ours.
        let stranger = app.other_organiser();
        move_keys(database, &format!("organiser_id = '{OTHER}'"), (&organiser().to_string(), ours)).await;
        later(app);
        stranger.get(&read).await.refused(401, "invalidAccessToken");
    })
    .await;
}

#[tokio::test]
async fn a_change_by_the_gateway_gives_a_forged_row_no_valid_code() {
    each_world(async |app, database| {
        let key = app.issue(app.ours(KeyKind::Test)).await;
        database.tamper("update application_scope set scope = 'staff:write'").await;
        let forged = super::found(app).await;
        assert!(!forged.is_empty());
        // The organiser's administrator changes the application: the gateway itself writes the row.
        let administrator = app.person(ADMINISTRATOR).await;
        let path = "/applications/019a5c00-0000-7000-8000-000000000021";
        administrator
            .call(axum::http::Method::PATCH, path)
            .if_match("*")
            .body(crate::harness::call::JSON, json!({ "name": "Autre nom" }).to_string())
            .await
            .expect(200);
        assert_eq!(super::found(app).await, forged);
        later(app);
        app.bearer(&key).get("/creches").await.refused(401, "invalidAccessToken");
    })
    .await;
}

#[tokio::test]
async fn forged_totals_are_not_returned() {
    each_world(async |app, database| {
        deposit(app, "2026-07", 1).await;
        let summary = format!("/creches/{CRECHE}/summaries/2026-07");
        let before = app.vendor().get(&summary).await.expect(200);
        database.tamper("create table kept as select totals from revision").await;
        assert_eq!(database.tamper("update revision set totals = replace(totals, '1', '9')").await, 1);
        later(app);
        app.vendor().get(&summary).await.expect(500);
        database.tamper("update revision set totals = (select totals from kept)").await;
        assert_eq!(app.vendor().get(&summary).await.expect(200).json, before.json);
    })
    .await;
}

#[tokio::test]
async fn forged_rights_and_sessions_are_refused() {
    each_world(async |app, database| {
        let (secret, _) = app.log_in(ADMINISTRATOR).await;
        assert!(sessions::resume(&app.app, &secret).await.unwrap().is_some());
        database.tamper("update session set assurance = 'none'").await;
        assert!(sessions::resume(&app.app, &secret).await.unwrap().is_none());
        database.tamper("update session set assurance = 'eid'").await;
        assert!(sessions::resume(&app.app, &secret).await.unwrap().is_some());
        database.tamper("update app_user set profile = 'dataManager'").await;
        let resumed = sessions::resume(&app.app, &secret).await.unwrap();
        assert!(resumed.is_none_or(|visitor| visitor.acting.is_none()));
    })
    .await;
}

#[tokio::test]
async fn a_forged_decision_on_a_doctor_is_not_returned() {
    each_world(async |app, database| {
        let path = crate::doctors::enter_doctor(app).await;
        app.vendor().get(&path).await.expect(200);
        let id = path.rsplit('/').next().unwrap();
        let forge = "update doctor set decision = 'validated', decided_at = 1, decided_by = 'ONE-1' where id = ";
        database.tamper(format!("{forge}'{id}'")).await;
        app.vendor().get(&path).await.expect(500);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sent_to_a_forged_address() {
    each_world(async |app, database| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        database.tamper("update webhook_endpoint set url_version = url_version + 1").await;
        app.vendor().post(format!("{path}/verifications"), json!({})).await.expect(500);
        assert!(receiver.arrived().is_empty());
        database.tamper("update webhook_endpoint set url_version = url_version - 1").await;
        deposit(app, "2026-07", 1).await;
        deliver(app).await;
        assert!(!receiver.arrived().is_empty());
    })
    .await;
}
