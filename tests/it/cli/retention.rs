//! What is past its period is removed, at the operator's word and by every gateway.

use serde_json::{Value, json};

use super::{Operator, World, attendance_document, each_operator, poll_until};
use crate::harness::database::{Database, each_engine};
use crate::harness::process::{Sandbox, sandbox};

/// Deposits a month, and makes it and the answer to it older than every period.
async fn grow_old(operator: &Operator, database: &Database, world: &World, month: &str) {
    let gateway = operator.serve();
    let path = format!("/creches/{}/attendanceStatements/{month}", world.creche);
    assert_eq!(gateway.put(&path, &world.key, &attendance_document(month)).await.0, 201);
    assert_eq!(gateway.stop(), Some(0));
    for table in ["statement", "revision"] {
        database.tamper(format!("update {table} set month = '2001-01'")).await;
    }
    database.tamper("update verdict set at = 0").await;
}

async fn stored_rows(database: &Database) -> [i64; 3] {
    let count = async |table: &str| database.number(format!("select count(*) from {table}")).await;
    [count("statement").await, count("revision").await, count("verdict").await]
}

fn latest(operator: &Operator, world: &World) -> Value {
    operator.admin_json(&["audit", "list", "--organiser", &world.organiser])["items"][0].take()
}

#[tokio::test]
async fn a_purge_is_counted_first_then_done_and_recorded() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        grow_old(operator, database, &world, "2026-10").await;
        let counts = json!([{ "id": world.organiser, "statements": 1, "revisions": 1, "doctors": 0, "staff": 0, "users": 0,
            "verdicts": 1, "keys": 0, "keyDays": 0, "drafts": 0, "claims": 0, "payments": 0,
            "deliveries": 0, "answers": 0, "files": 0, "requests": 0 }]);
        let counted = operator.admin_json(&["purge", "--dry-run"]);
        assert_eq!((&counted["removed"], &counted["organisers"]), (&json!(false), &counts));
        let output = operator.run(&["admin", "purge", "--dry-run"]).expect_success();
        assert!(output.contains("nothing is removed") && output.contains("1 statement(s) with 1 revision(s)"), "{output}");
        assert_eq!(stored_rows(database).await, [1, 1, 1]);

        let purged = operator.admin_json(&["purge", "--as", "Anne de la Cellule"]);
        assert_eq!((&purged["removed"], &purged["organisers"]), (&json!(true), &counts));
        assert_eq!(stored_rows(database).await, [0, 0, 0]);
        let entry = latest(operator, &world);
        assert_eq!((&entry["action"], &entry["actor"]), (&json!("retention.applied"), &json!("Anne de la Cellule")));
        let summary = "1 statement(s) with 1 revision(s), 0 doctor(s), 0 member(s) of staff, 0 user(s), 0 draft(s), 0 claim(s), 0 payment(s), 1 verdict(s), 0 key(s), 0 day(s) of figures, 0 delivered event(s), 0 kept answer(s), 0 file(s), 0 logged call(s)";
        assert_eq!(entry["detail"], summary);
        assert!(operator.run(&["admin", "purge"]).expect_success().contains("nothing is past its period"));
        assert_eq!(latest(operator, &world), entry, "nothing was done");
    })
    .await;
}

#[tokio::test]
async fn periods_are_configured() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    let default = operator.admin_json(&["purge", "--dry-run"]);
    operator.configure(&database.url, "retention = { statementYears = 20, staffYears = 5, technicalMonths = 1 }");
    let longer = operator.admin_json(&["purge", "--dry-run"]);
    assert!(longer["statementsBefore"].as_str() < default["statementsBefore"].as_str());
    assert!(longer["technicalBefore"].as_str() > default["technicalBefore"].as_str());
    operator.configure(&database.url, "retention = { statementYears = 0, staffYears = 5, technicalMonths = 1 }");
    assert!(operator.run(&["admin", "purge"]).refused().contains("retention.statementYears is no period"));
}

#[tokio::test]
async fn a_gateway_purges_when_it_starts() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        grow_old(operator, database, &world, "2026-10").await;
        let gateway = operator.serve();
        poll_until(async || stored_rows(database).await == [0, 0, 0]).await;
        assert_eq!(gateway.stop(), Some(0));
        let entry = latest(operator, &world);
        assert_eq!(
            (&entry["action"], &entry["actorKind"], &entry["actor"]),
            (&json!("retention.applied"), &json!("system"), &json!("retention"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_sandbox_purges_when_it_starts() {
    each_engine(async |database: &Database| {
        let home = tempfile::tempdir().unwrap();
        let start = || Sandbox::start(&mut sandbox(Some(home.path()), Some(database)));
        assert_eq!(start().process.stop().status, Some(0));
        assert!(database.tamper("update api_key set expires_at = 0 where expires_at is not null").await > 0);
        let again = start();
        poll_until(async || database.number("select count(*) from api_key where expires_at = 0").await == 0).await;
        assert_eq!(again.process.stop().status, Some(0));
    })
    .await;
}
