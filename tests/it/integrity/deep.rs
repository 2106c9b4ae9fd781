//! A look at every row.

use axum::http::Method;
use passerelle::app::integrity::Forgery;
use passerelle::app::unsealing_check;
use serde_json::json;

use super::{RowSnapshot, deposit, each_world, endpoint, found, move_keys};
use crate::doctors::{agree, enter_doctor};
use crate::harness::app::{ADMINISTRATOR, CRECHE, OTHER, SECOND, TestApp};
use crate::harness::call::JSON;
use crate::harness::people::ssin;

/// What is in the world: an application's vendor key, a person with rights, a doctor, a statement, an endpoint.
async fn filled(app: &TestApp) -> (String, String) {
    deposit(app, "2026-07", 1).await;
    deposit(app, "2026-07", 2).await;
    let doctor = enter_doctor(app).await.rsplit('/').next().unwrap().to_owned();
    agree(&app.vendor(), &format!("/doctors/{doctor}")).await.expect(200);
    let endpoint = endpoint(app, "https://receiver.example/hook").await;
    app.appoint(&ssin(7)).await;
    let application = "019a5c00-0000-7000-8000-000000000021";
    let change = json!({ "name": "Présences" }).to_string();
    let path = format!("/applications/{application}");
    let _ = app.vendor().call(Method::PATCH, path).if_match("*").body(JSON, change).await;
    (doctor, endpoint)
}

#[tokio::test]
async fn a_database_that_only_the_gateway_wrote_is_sound() {
    each_world(async |app, _| {
        filled(app).await;
        assert_eq!(found(app).await, []);
        assert_eq!(app.app.db.integrity_alerts(), 0);
    })
    .await;
}

#[tokio::test]
async fn each_altered_row_is_found_and_named() {
    each_world(async |app, database| {
        let (doctor, endpoint) = filled(app).await;
        let one = |filter: &str| filter.to_owned();
        let a_key = "id = (select min(id) from api_key)";
        let person = "id = '019a5c00-0000-7000-8000-000000000034'";
        let revision = format!("creche_id = '{CRECHE}' and month = '2026-07' and revision = 2");
        let statement = format!("creche_id = '{CRECHE}' and month = '2026-07'");
        let application = "id = '019a5c00-0000-7000-8000-000000000021'";
        let cases: Vec<(&'static str, String, String, &[&str])> = vec![
            ("revision", revision.clone(), one("totals = '{}'"), &["totals"]),
            ("revision", revision, one("deposited_at = 1"), &["deposited_at"]),
            ("statement", statement.clone(), one("revision = 1"), &["revision"]),
            ("statement", statement, one("status = 'missing'"), &["status"]),
            (
                "doctor",
                format!("id = '{doctor}'"),
                one("decision = 'validated', decided_at = 1, decided_by = 'ONE-1207'"),
                &["decision", "decided_at", "decided_by"],
            ),
            ("api_key", one(a_key), one("all_creches = 1 - all_creches"), &["all_creches"]),
            (
                "api_key",
                one(a_key),
                one("expires_at = null, revoked_at = null, created_at = 1"),
                &["expires_at", "revoked_at", "created_at"],
            ),
            ("api_key", one(a_key), one("secret_hash = (select wrapped from data_key limit 1)"), &["secret_hash"]),
            ("application", one(application), one("all_scopes = 1"), &["all_scopes"]),
            ("application", one(application), one("all_creches = 0"), &["all_creches"]),
            ("application", one(application), one("suspended_at = 1"), &["suspended_at"]),
            ("app_user", one(person), one("profile = 'administrator'"), &["profile"]),
            ("app_user", one(person), one("deactivated_at = 1"), &["deactivated_at"]),
            ("webhook_endpoint", format!("id = '{endpoint}'"), one("allowed_rate = 60000"), &["allowed_rate"]),
            ("webhook_endpoint", format!("id = '{endpoint}'"), one("url_version = 7"), &["url_version"]),
            ("webhook_endpoint", format!("id = '{endpoint}'"), one("state = 'active'"), &["state"]),
            ("webhook_endpoint", format!("id = '{endpoint}'"), one("all_event_types = 0"), &["all_event_types"]),
            ("webhook_endpoint", format!("id = '{endpoint}'"), one("all_creches = 0"), &["all_creches"]),
            ("creche", format!("id = '{SECOND}'"), one("subsidised = 1 - subsidised"), &["subsidised"]),
            ("creche", format!("id = '{SECOND}'"), one("authorised_until = '2026-01-01'"), &["authorised_until"]),
            ("organiser", format!("id = '{OTHER}'"), one("enterprise_number = '0566988259'"), &["enterprise_number"]),
            ("agent", one("1 = 1"), one("name = 'ONE-1'"), &["name"]),
        ];
        for (table, filter, changes, columns) in cases {
            let snapshot = RowSnapshot::new(database, table, &filter).await;
            snapshot.forge(&changes).await;
            let named = found(app).await;
            let altered = |(row, forgery): &(String, Forgery)| {
                row.starts_with(&format!("{} ", in_the_trail(table))) && *forgery == Forgery::Altered
            };
            assert!(named.iter().any(altered), "{table} {changes}: {named:?}");
            snapshot.put_back(columns).await;
            assert_eq!(found(app).await, [], "{table} {changes}");
        }
    })
    .await;
}

#[tokio::test]
async fn rows_that_belong_to_another_are_covered_by_its_code() {
    each_world(async |app, database| {
        filled(app).await;
        let limits = json!({ "creches": [CRECHE, SECOND] });
        let administrator = app.person(ADMINISTRATOR).await;
        administrator.patch("/applications/019a5c00-0000-7000-8000-000000000021", limits).await.expect(200);
        app.limited_to(&[CRECHE]).await;
        let wants = json!({ "url": "https://receiver.example/limited", "creches": [CRECHE, SECOND],
            "eventTypes": ["closures.replaced", "attendanceStatement.deposited"] });
        app.vendor().post("/webhookEndpoints", wants).await.expect(201);
        let other = "(select max(c.id) from creche c where c.organiser_id = {part}.organiser_id)";
        let cases = [
            ("application", "application_scope", "scope", "'staff:write'"),
            ("application", "application_creche", "creche_id", other),
            ("api_key", "api_key_scope", "scope", "'staff:write'"),
            ("api_key", "api_key_creche", "creche_id", other),
            ("webhook_endpoint", "webhook_endpoint_event_type", "position", "7 - position"),
            ("webhook_endpoint", "webhook_endpoint_creche", "creche_id", other),
            ("creche", "capacity", "places", "places + 1"),
            ("creche", "closure", "end_date", "'2026-12-31'"),
            ("staff_member", "staff_post", "hundredths", "hundredths + 1"),
            ("app_user", "app_user_right", "scopes", "'staff:write'"),
            ("doctor", "doctor_agreement", "stored_at", "stored_at + 1"),
        ];
        for (table, part, column, value) in cases {
            for text in [
                format!("create table all_{part} as select * from {part}"),
                format!("update {part} set {column} = {}", value.replace("{part}", part)),
            ] {
                database.tamper(text).await;
            }
            let named = found(app).await;
            let altered = |(row, forgery): &(String, Forgery)| {
                row.starts_with(&format!("{} ", in_the_trail(table))) && *forgery == Forgery::Altered
            };
            assert!(!named.is_empty() && named.iter().all(altered), "{part}: {named:?}");
            database.tamper(format!("delete from {part}")).await;
            database.tamper(format!("insert into {part} select * from all_{part}")).await;
            assert_eq!(found(app).await, [], "{part}");
        }
        database.tamper("delete from closure").await;
        let named = found(app).await;
        assert!(!named.is_empty() && named.iter().all(|(row, _)| row.starts_with("creche ")), "{named:?}");
    })
    .await;
}

#[tokio::test]
async fn a_key_moved_to_another_organiser_is_found() {
    each_world(async |app, database| {
        let theirs = "019a5c00-0000-7000-8000-000000000022";
        let ours = format!("id = (select min(id) from api_key where organiser_id <> '{OTHER}')");
        move_keys(database, &ours, (OTHER, theirs)).await;
        let forgeries: Vec<_> = found(app).await.into_iter().map(|(_, forgery)| forgery).collect();
        assert!(forgeries.contains(&Forgery::Altered) && forgeries.contains(&Forgery::Removed), "{forgeries:?}");
    })
    .await;
}

#[tokio::test]
async fn inserted_and_removed_rows_are_found() {
    each_world(async |app, database| {
        database.tamper("insert into agent (ssin_hash, name, created_at) values ('00', 'ONE-9', 0)").await;
        let named = found(app).await;
        assert!(matches!(named.as_slice(), [(row, Forgery::NoCode)] if row.starts_with("agent ")), "{named:?}");
        database.tamper("delete from agent").await;
        for table in ["api_key_scope", "api_key_creche"] {
            database.tamper(format!("delete from {table} where key_id = (select max(id) from api_key)")).await;
        }
        database.tamper("delete from api_key where id = (select max(id) from api_key)").await;
        let named = found(app).await;
        assert!(matches!(named.as_slice(), [(row, Forgery::Removed)] if row.starts_with("api_key ")), "{named:?}");
    })
    .await;
}

#[tokio::test]
async fn documents_that_were_altered_or_moved_are_found() {
    each_world(async |app, database| {
        filled(app).await;
        let opened = async || unsealing_check::check_unsealing(&app.app.db, &app.app.vault).await.unwrap();
        let sound = opened().await;
        assert_eq!((sound.broken.len(), sound.documents > 1), (0, true));
        database.tamper("update revision set document = (select document from revision where revision = 2)").await;
        let moved = opened().await.broken;
        assert_eq!(moved.len() as u64, sound.documents - 1);
        assert!(moved.iter().any(|place| place.ends_with("/attendance/2026-07/1")), "{moved:?}");
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07/revisions/1");
        app.vendor().get(path).await.expect(500);
    })
    .await;
}

/// The name of a table in the audit trail: a renamed table has its first name there.
fn in_the_trail(table: &str) -> &str {
    if table == "app_user" { "person" } else { table }
}
