//! Copies of a database at work, and one put back.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::Value;

use super::{Operator, Serving, World, attendance_document};
use crate::harness::database::Database;

/// Three years of months.
fn months() -> Vec<String> {
    (2023..=2025).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).collect()
}

fn path(world: &World, month: &str) -> String {
    format!("/creches/{}/attendanceStatements/{month}", world.creche)
}

async fn deposit(gateway: &Serving, world: &World, month: &str) -> Value {
    let (status, body) = gateway.put(&path(world, month), &world.key, &attendance_document(month)).await;
    assert_eq!(status, 201, "{body}");
    gateway.get(&path(world, month), &world.key).await.1
}

#[tokio::test]
async fn a_backup_made_during_deposits_has_all_that_were_answered_before_it() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    let world = operator.register_world();
    let gateway = operator.serve();
    let mut answered = Vec::new();
    let (mut backing_up, mut before) = (None, 0);
    for (index, month) in months().iter().enumerate() {
        if index == 12 {
            before = answered.len();
            backing_up = Some(operator.command(&["admin", "backup", "copy.db"]).stdout(Stdio::null()).spawn().unwrap());
        }
        answered.push((month.clone(), deposit(&gateway, &world, month).await));
    }
    assert!(backing_up.unwrap().wait().unwrap().success());
    let mode = std::fs::metadata(operator.path("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(operator.run(&["admin", "backup", "copy.db"]).refused().contains("exists already and is left as it is"));

    let restore = ["admin", "restore", "copy.db", "--replace"];
    assert!(operator.run(&restore).refused().contains("is in use: stop every gateway"));
    assert_eq!(gateway.stop(), Some(0));
    database.db.close().await;
    assert!(operator.run(&restore[..3]).refused().contains("with --replace it is kept aside"));
    let restored = operator.admin_json(&restore[1..]);
    assert_eq!(restored["pendingMigrations"], Value::Array(Vec::new()));
    assert!(std::path::Path::new(restored["keptAside"].as_str().unwrap()).is_file(), "{restored}");
    assert!(operator.run(&["admin", "audit", "verify"]).expect_success().contains("are intact"));
    let acts = operator.admin_json(&["audit", "list"]);
    assert_eq!(
        (&acts["items"][0]["action"], &acts["items"][1]["action"]),
        (&"database.restored".into(), &"database.backedUp".into())
    );

    let gateway = operator.serve();
    for (index, (month, body)) in answered.iter().enumerate() {
        let (status, found) = gateway.get(&path(&world, month), &world.key).await;
        assert!(status == 200 || index >= before, "{month} was answered before the backup and is gone");
        if status == 200 {
            let of = |body: &Value| (body["lines"].clone(), body["revision"].clone(), body["totals"].clone());
            assert_eq!(of(&found), of(body), "{month}");
        }
    }
    deposit(&gateway, &world, "2026-01").await;
}

#[tokio::test]
async fn a_file_that_is_no_backup_of_this_gateway_is_not_restored() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    operator.register_world();
    operator.admin_json(&["backup", "copy.db"]);
    database.tamper("update _sqlx_migrations set version = 9999 where version = 1").await;
    database.db.backup(&operator.path("newer.db")).await.unwrap();
    let whole = std::fs::read(operator.path("copy.db")).unwrap();
    operator.file("cut.db", &whole[..whole.len() / 2]);
    let elsewhere = format!("sqlite:{}", operator.path("elsewhere.db").display());
    operator.configure(&elsewhere, "");
    let say = |file: &str| operator.run(&["admin", "restore", file]).refused();
    assert!(say("newer.db").contains("migration 9999"));
    assert!(say("cut.db").contains("is not a sound backup"));
    assert!(say("none.db").contains("none.db"));
    let stranger = Operator::at(&database);
    stranger.configure(&elsewhere, "");
    let copy = operator.path("copy.db").display().to_string();
    assert!(stranger.run(&["admin", "restore", &copy]).refused().contains("is sealed under master key"));
    assert!(!operator.path("elsewhere.db").exists(), "nothing was put there");
    let left = std::fs::read_dir(operator.path("")).unwrap().count();
    operator.admin_json(&["restore", "copy.db"]);
    assert_eq!(std::fs::read_dir(operator.path("")).unwrap().count(), left + 1, "nothing else is left behind");
    assert_eq!(operator.admin_json(&["organiser", "list"])["items"][0]["legalName"], "Les Lucioles");
}

#[tokio::test]
async fn a_server_is_backed_up_with_its_own_tools() {
    let Some(database) = Database::postgres().await else { return };
    let operator = Operator::at(&database);
    operator.file("copy.db", "");
    for words in [["admin", "backup", "new.db"], ["admin", "restore", "copy.db"]] {
        assert!(operator.run(&words).refused().contains("pg_dump"));
    }
    assert_eq!(operator.admin_json(&["audit", "list"])["items"], Value::Array(Vec::new()));
}
