//! `passerelle listen`: what happens in a sandbox arrives on a developer's machine.

use std::process::Command;

use passerelle::domain::key::{KeyId, KeyKind, KeyText};
use serde_json::json;

use crate::harness::app::CRECHE;
use crate::harness::call::JSON;
use crate::harness::process::{Process, Sandbox, answer, command, sandbox};
use crate::harness::receiver::Receiver;
use crate::harness::statement::Sheet;

fn listen(sandbox: &Sandbox, key: &str, to: &str) -> Command {
    let url = sandbox.text("/baseUrl").to_owned();
    let mut command = command(["listen", "--api", &url, "--type", "attendanceStatement.deposited", to]);
    command.env("PASSERELLE_KEY", key);
    command
}

#[tokio::test]
async fn what_happens_is_forwarded_as_it_is_in_the_feed_and_signed() {
    let (sandbox, mut receiver) = (Sandbox::start(&mut sandbox(None, None)), Receiver::start().await);
    let vendor = sandbox.vendor();
    let listening = Process::start(&mut listen(&sandbox, &vendor.key, &receiver.url()), "Verify with the secret ");
    let secret = listening.line_after("Verify with the secret ").to_owned();
    receiver.status(500);
    for month in ["2026-07", "2026-08"] {
        let path = format!("/creches/{CRECHE}/attendanceStatements/{month}");
        let (status, created) =
            answer(vendor.put(&path, JSON, serde_json::Value::from(Sheet::of(month)).to_string())).await.unwrap();
        assert_eq!(status, 201, "{created}");
    }
    let (one, two) = (receiver.next().await, receiver.next().await);
    assert!(one.is_signed_with(&secret) && two.is_signed_with(&secret));
    let (_, feed) = vendor.read("/events?type=attendanceStatement.deposited").await;
    assert_eq!(feed["items"], json!([one.event(), two.event()]));
    assert_eq!(one.header("webhook-id"), one.event()["id"].as_str().unwrap());
    assert_eq!(one.header("content-type"), "application/cloudevents+json; charset=utf-8");
    let end = listening.stop();
    let number = two.event()["number"].clone();
    assert_eq!(end.status, Some(0));
    assert!(end.out.contains(&format!("{number} attendanceStatement.deposited → 500")), "{}", end.out);
}

#[tokio::test]
async fn a_key_without_the_right_is_refused_in_a_sentence() {
    let (sandbox, receiver) = (Sandbox::start(&mut sandbox(None, None)), Receiver::start().await);
    let key_text = |kind| KeyText::new(kind, KeyId::from_random([7; 12]), [7; 32]);
    for (key, says) in [
        (key_text(KeyKind::Test).expose(), "The API key is not valid"),
        (key_text(KeyKind::Live).expose(), "sandboxes only"),
        ("crk_test_nonsense", "not a whole API key"),
    ] {
        let end = listen(&sandbox, key, &receiver.url()).output().unwrap();
        let stderr = String::from_utf8(end.stderr).unwrap();
        assert!(end.status.code() == Some(2) && stderr.contains(says), "{key}: {stderr}");
    }
}

#[test]
fn a_missing_sandbox_is_reported_with_its_address() {
    let key = KeyText::new(KeyKind::Test, KeyId::from_random([7; 12]), [7; 32]);
    let words = ["listen", "--api", "http://127.0.0.1:1", "http://127.0.0.1:2"];
    let end = command(words).env("PASSERELLE_API_KEY", key.expose()).output().unwrap();
    let stderr = String::from_utf8(end.stderr).unwrap();
    assert_eq!(end.status.code(), Some(2));
    assert!(stderr.contains("no gateway at 127.0.0.1:1") && stderr.contains("--api"), "{stderr}");
}
