//! The health of an application, under faults of its database.

use std::sync::Arc;
use std::time::Duration;

use passerelle::app::health::{Health, check_database};
use passerelle::store::DbOptions;

use crate::harness::app::{CRECHE, TestApp};
use crate::harness::database::{Database, each_engine};
use crate::harness::space::{SimulatedSpace, SmallDisk};
use crate::harness::statement::Sheet;

const PATIENCE: Duration = Duration::from_secs(10);

fn at(month: &str) -> String {
    format!("/creches/{CRECHE}/attendanceStatements/{month}")
}

#[tokio::test]
async fn uses_that_cannot_be_stored_degrade_it_until_they_are() {
    each_engine(async |database| {
        let test = TestApp::start(database).await;
        let app = &test.app;
        app.authenticate(&test.issue(test.ours(test.writing())).await).await.unwrap();
        let health = async || check_database(app, Duration::from_secs(10)).await;
        assert_eq!(health().await, Health::Up);
        database.tamper("alter table api_key rename to hidden").await;
        assert!(app.keys.flush_last_use(&app.db).await.is_err());
        assert_eq!(health().await, Health::Degraded);
        database.tamper("alter table hidden rename to api_key").await;
        app.keys.flush_last_use(&app.db).await.unwrap();
        assert_eq!(health().await, Health::Up);
    })
    .await;
}

#[tokio::test]
async fn a_blocked_writer_degrades_it_and_a_lost_database_takes_it_down() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await.app;
        database.tamper("alter table data_key rename to hidden").await;
        assert_eq!(check_database(app, Duration::from_secs(10)).await, Health::Down, "nothing can be read");
        database.tamper("alter table hidden rename to data_key").await;
        let hold = database.hold_writes().await;
        assert_eq!(check_database(app, Duration::from_millis(50)).await, Health::Degraded);
        drop(hold);
        assert_eq!(check_database(app, Duration::from_secs(10)).await, Health::Up);
        app.db.close().await;
        assert_eq!(check_database(app, Duration::from_secs(10)).await, Health::Down);
    })
    .await;
}

#[tokio::test]
async fn writes_that_fail_for_longer_than_configured_take_it_down_but_it_is_alive() {
    each_engine(async |database| {
        for (tolerated, then) in [(Duration::from_hours(1), Health::Degraded), (Duration::ZERO, Health::Down)] {
            let space = SimulatedSpace::of(1000);
            let options =
                DbOptions { headroom_bytes: 1000, free_space: Some(Arc::new(space.clone())), ..DbOptions::default() };
            let database = database.opened_with(options).await;
            let test = TestApp::of_parts(&database, |parts| parts.failing_writes = tolerated).await;
            assert_eq!(check_database(&test.app, PATIENCE).await, Health::Up);
            space.set(999);
            assert_eq!(check_database(&test.app, PATIENCE).await, then);
            let status = if then == Health::Down { 503 } else { 200 };
            test.anonymous().get("/health").await.expect(status);
            assert_eq!(test.anonymous().get("/health/live").await.expect(200)["status"], "UP");
            space.set(1000);
            assert_eq!(check_database(&test.app, PATIENCE).await, Health::Up);
            database.db.close().await;
            assert_eq!(test.anonymous().get("/health/live").await.expect(200)["status"], "UP");
        }
    })
    .await;
}

#[tokio::test]
async fn below_the_headroom_deposits_are_refused_and_reading_deleting_and_logging_in_are_not() {
    each_engine(async |database| {
        let space = SimulatedSpace::of(1000);
        let options =
            DbOptions { headroom_bytes: 1000, free_space: Some(Arc::new(space.clone())), ..DbOptions::default() };
        let database = database.opened_with(options).await;
        let app = TestApp::start(&database).await;
        let sheet = || Sheet::of("2026-07").child(1, "1:P");
        app.vendor().put(at("2026-07"), sheet()).await.expect(201);
        let user = app.person(crate::harness::app::ADMINISTRATOR).await;
        let added = user.post("/users", crate::harness::people::new_user(1)).await.expect(201);
        space.set(999);
        for language in ["fr", "nl", "en"] {
            let refused =
                app.vendor().put(at("2026-08"), Sheet::of("2026-08").child(1, "1:P")).language(language).await;
            let refused = refused.refused(507, "insufficientStorage");
            assert_eq!((refused.header("retry-after"), &refused["retryAfterSec"]), ("60", &60.into()));
        }
        app.vendor().get(at("2026-07")).await.expect(200);
        let user = app.person(crate::harness::app::ADMINISTRATOR).await;
        let path = format!("/users/{}", added["id"].as_str().unwrap());
        user.delete(&path).if_match(&added.etag()).await.expect(204);
        space.set(1000);
        app.vendor().put(at("2026-08"), Sheet::of("2026-08").child(1, "1:P")).await.expect(201);
        database.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_disk_that_was_full_is_written_to_again_once_there_is_space() {
    let Some(disk) = SmallDisk::mount(24) else { return };
    let database = Database::sqlite_in(disk.path(), DbOptions::default()).await;
    let test = TestApp::of_parts(&database, |parts| parts.failing_writes = Duration::ZERO).await;
    let app = &test.app;
    let put = async |month: &str| test.vendor().put(at(month), Sheet::of(month).children(40, "3:P")).await;
    put("2026-01").await.expect(201);
    assert_eq!(check_database(app, PATIENCE).await, Health::Up);
    for (month, next) in [("2026-02", "2026-03"), ("2026-04", "2026-05")] {
        let ballast = disk.fill(0);
        for _ in 0..3 {
            put(month).await.refused(507, "insufficientStorage");
        }
        test.vendor().get(at("2026-01")).await.refused(507, "insufficientStorage");
        test.vendor().get("/creches").await.expect(200);
        assert_eq!(check_database(app, PATIENCE).await, Health::Down);
        std::fs::remove_file(ballast).unwrap();
        assert_eq!(check_database(app, PATIENCE).await, Health::Up);
        put(month).await.expect(201);
        put(next).await.expect(201);
    }
    let statements = test.vendor().get(format!("/creches/{CRECHE}/attendanceStatements")).await.expect(200);
    assert_eq!(statements.each("items", "month"), ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]);
    database.db.close().await;
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_not_filled_up() {
    const HEADROOM: u64 = 8_000_000;
    let Some(disk) = SmallDisk::mount(24) else { return };
    let options = DbOptions { headroom_bytes: HEADROOM, ..DbOptions::default() };
    let database = Database::sqlite_in(disk.path(), options).await;
    let test = TestApp::start(&database).await;
    let put = async |month: &str| test.vendor().put(at(month), Sheet::of(month).child(1, "1:P")).await;
    put("2026-01").await.expect(201);
    let ballast = disk.fill(HEADROOM - 4096);
    put("2026-02").await.refused(507, "insufficientStorage");
    test.vendor().get(at("2026-01")).await.expect(200);
    std::fs::remove_file(ballast).unwrap();
    put("2026-02").await.expect(201);
    database.db.close().await;
}

#[tokio::test]
async fn a_server_whose_disk_is_full_is_reported_as_such_and_recovers() {
    let Some(database) = Database::postgres().await else { return };
    let test = TestApp::start(&database).await;
    let put = async || test.vendor().put(at("2026-07"), Sheet::of("2026-07").child(1, "1:P")).await;
    // As PostgreSQL reports it: class 53, insufficient resources.
    let full = "create function pretend_full() returns trigger language plpgsql as \
                $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$";
    database.tamper(full).await;
    database.tamper("create trigger pretend_full before insert on revision execute function pretend_full()").await;
    let (refused, health) = (put().await, check_database(&test.app, PATIENCE).await);
    database.tamper("drop trigger pretend_full on revision").await;
    database.tamper("drop function pretend_full").await;
    refused.refused(507, "insufficientStorage");
    // What health itself wrote could be written.
    assert_eq!(health, Health::Up);
    put().await.expect(201);
}
