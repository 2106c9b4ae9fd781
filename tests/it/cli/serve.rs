//! A gateway that cannot start prints why; one that runs reports its health.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Operator, each_operator, poll_until};
use crate::harness::database::Database;

#[tokio::test]
async fn a_gateway_that_cannot_work_does_not_start() {
    each_operator(async |operator, database| {
        operator.register_world();
        let serve = || operator.run(&["serve"]).refused();
        operator.configure(&database.url, "listen = 8080");
        let output = serve();
        assert!(output.contains("the configuration cannot be used") && output.contains("listen"), "{output}");
        std::fs::write(&operator.config, format!("[database]\nurl = {}\n", json!(database.url))).unwrap();
        let output = serve();
        assert!(output.contains("security.masterKey is missing") && output.contains("generate-master-key"), "{output}");
        operator.configure_keys(&database.url, "c2hvcnQ=", None);
        assert!(serve().contains("a master key is 32 bytes in base64"));
        let stranger = Operator::at(database);
        assert!(stranger.run(&["serve"]).refused().contains("is sealed under master key"));

        operator.configure(&database.url, "");
        database.tamper("update _sqlx_migrations set version = 9999 where version = 1").await;
        assert!(serve().contains("migration 9999, which this version does not know"));
        database.tamper("delete from _sqlx_migrations").await;
        let output = serve();
        let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
        assert!(output.contains(&format!("lacks {migrations} migration(s)")), "{output}");
        assert!(output.contains("passerelle migrate"), "{output}");
    })
    .await;
}

#[tokio::test]
async fn a_missing_database_is_not_created_implicitly() {
    let operator = Operator::at(&Database::sqlite().await);
    operator.configure("sqlite:nowhere.db", "");
    for words in [&["serve"][..], &["admin", "organiser", "list"]] {
        let output = operator.run(words).refused();
        assert!(
            output.contains("there is no database at nowhere.db") && output.contains("passerelle migrate"),
            "{output}"
        );
    }
    assert!(!operator.path("nowhere.db").exists());
    assert!(operator.run(&["migrate"]).expect_success().contains("0001 init"));
    operator.admin_json(&["organiser", "add", "Les Lucioles"]);
    let mode = std::fs::metadata(operator.path("nowhere.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "its owner's alone");
    assert!(!operator.path("nowhere.db-wal").exists(), "left whole");
}

#[tokio::test]
async fn a_gateway_that_cannot_write_is_degraded_until_it_can() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        let gateway = operator.serve();
        let health = async || gateway.get("/health", &world.key).await;
        assert_eq!(health().await, (200, json!({"status": "UP"})));
        let hold = database.hold_writes().await;
        poll_until(async || health().await == (200, json!({"status": "DEGRADED"}))).await;
        drop(hold);
        poll_until(async || health().await == (200, json!({"status": "UP"}))).await;
    })
    .await;
}

#[tokio::test]
async fn a_stop_is_bounded_although_a_connection_hangs_and_nothing_can_be_written() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        operator.configure(&database.url, "shutdownSeconds = 1");
        let gateway = operator.serve();
        assert_eq!(gateway.get("/creches", &world.key).await.0, 200);
        let address = gateway.api.trim_start_matches("http://").trim_end_matches("/creche/v1");
        let mut hanging = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "PUT /creche/v1/creches/{}/closures HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n",
            world.creche, world.key
        );
        hanging.write_all(head.as_bytes()).await.unwrap();
        let mut leave = [0; 12];
        hanging.read_exact(&mut leave).await.unwrap();
        assert_eq!(leave, *b"HTTP/1.1 100", "its body is being waited for");
        let hold = database.hold_writes().await;
        let end = gateway.process.stop();
        drop(hold);
        assert_eq!(end.status, Some(0), "{}", end.errors);
        assert!(end.errors.contains("requests were still under way at shutdown"), "{}", end.errors);
        let written = !database.db.is_a_file()
            || end.errors.contains("the last use of keys and the last calls could not be written down");
        assert!(written, "{}", end.errors);
    })
    .await;
}
