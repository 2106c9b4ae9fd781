//! An orderly end: what was begun is finished.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::app::CRECHE;
use crate::harness::process::{Sandbox, sandbox};
use crate::harness::statement::Sheet;

/// Reads until the text ends with `end`.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let byte = stream.read_u8().await.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&read)));
        read.push(byte);
    }
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn on_sigterm_it_accepts_nothing_new_and_finishes_the_deposit_in_progress() {
    let home = tempfile::tempdir().unwrap();
    let started = Sandbox::start(&mut sandbox(Some(home.path()), None));
    let vendor = started.vendor();
    let path = format!("/creches/{CRECHE}/attendanceStatements/2026-01");
    let body = Value::from(Sheet::of("2026-01").child(30, "5:P 6:AJ")).to_string();
    let address = started.text("/baseUrl").trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "PUT /creche/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        vendor.key,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The handler has begun to read: the request is under way.
    assert!(read_until(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 100"));
    started.process.terminate();
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let end = started.process.wait_for_end();
    assert_eq!(end.status, Some(0), "{}", end.errors);
    assert!(end.errors.contains("the gateway has stopped"), "{}", end.errors);
    let again = Sandbox::start(&mut sandbox(Some(home.path()), None));
    assert_eq!(again.vendor().read(&path).await.0, 200);
}
