//! What a client sees of a cut connection, and what is stored then.

use std::io::{Error, ErrorKind};

use reqwest::Url;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{HEADER, Stage, header};
use crate::harness::process::answer;

/// Everything that arrives in answer to a request, and whether the connection ended with an error. The gateway ends it.
async fn exchange(stage: &Stage, (method, path): (&str, &str), headers: &str, body: &str) -> (Vec<u8>, Option<Error>) {
    let vendor = stage.vendor();
    let url: Url = format!("{}{path}", vendor.api).parse().unwrap();
    let address = url.socket_addrs(|| None).unwrap()[0];
    let (key, length) = (&vendor.key, body.len());
    let head = format!(
        "{method} {} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n\r\n",
        url.path()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut arrived = Vec::new();
    let ended = stream.read_to_end(&mut arrived).await.err();
    (arrived, ended)
}

/// The same of a deposit with a scenario.
async fn deposit(stage: &Stage, month: &str, code: &str) -> Vec<u8> {
    let path = stage.world.attendance(month);
    let asked = format!("{HEADER}: {code}");
    let (arrived, ended) = exchange(stage, ("PUT", &path), &asked, &stage.world.sheet(month)).await;
    assert!(ended.is_none_or(|error| error.kind() == ErrorKind::ConnectionReset), "{code}");
    arrived
}

/// Whether the scenario with this code has the effect that its entry promises.
pub(super) async fn has_its_effect(stage: &Stage, code: &str) {
    match code {
        "slow" => is_slow(stage).await,
        "answerLost" => is_lost(stage).await,
        "answerTruncated" => is_truncated(stage).await,
        "connectionCut" => is_cut(stage).await,
        _ => panic!("no effect of {code} is looked for"),
    }
}

/// The deposit is stored at once, and answered after much that was asked later.
async fn is_slow(stage: &Stage) {
    let slow = async {
        let response = stage.deposit("2026-01").header(HEADER, "slow").send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, HEADER)), (201, "slow"));
    };
    let stored_meanwhile = async {
        while stage.stored("2026-01").await.0 != 200 {}
        for _ in 0..20 {
            assert_eq!(stage.vendor().read("/caller").await.0, 200);
        }
    };
    let mut slow = std::pin::pin!(slow);
    tokio::select! {
        biased;
        () = &mut slow => panic!("it was answered like any other"),
        () = stored_meanwhile => {}
    }
    slow.await;
}

/// Nothing arrives, and everything is stored: the same again is answered as unchanged, a creation with its first answer.
async fn is_lost(stage: &Stage) {
    assert_eq!(deposit(stage, "2026-02", "answerLost").await, b"");
    assert_eq!(stage.stored("2026-02").await.1["revision"], 1);
    let (status, again) = answer(stage.deposit("2026-02")).await.unwrap();
    assert_eq!((status, &again["unchanged"], &again["revision"]), (200, &json!(true), &json!(1)), "{again}");
    let endpoint = json!({ "url": "https://receiver.example/lost" }).to_string();
    let asked = format!("{HEADER}: answerLost\r\nidempotency-key: lost");
    assert_eq!(exchange(stage, ("POST", "/webhookEndpoints"), &asked, &endpoint).await.0, b"");
    let repeat = stage.vendor().post("/webhookEndpoints", endpoint).header("idempotency-key", "lost");
    let (status, created) = answer(repeat).await.unwrap();
    assert_eq!(status, 201, "{created}");
    let (_, listed) = stage.vendor().read("/webhookEndpoints").await;
    let at = |item: &&Value| item["url"] == created["url"];
    let items: Vec<_> = listed["items"].as_array().unwrap().iter().filter(at).collect();
    assert_eq!((items.len(), &items[0]["id"]), (1, &created["id"]), "{listed}");
}

/// A head, half of the body, and the end of the connection.
async fn is_truncated(stage: &Stage) {
    let arrived = String::from_utf8(deposit(stage, "2026-03", "answerTruncated").await).unwrap();
    let (head, body) = arrived.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201 ") && head.contains("\r\npasserelle-scenario: answerTruncated"), "{head}");
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2, "{arrived}");
    assert!(!body.is_empty());
    assert_eq!(stage.stored("2026-03").await.1["revision"], 1);
    let compressed =
        stage.vendor().get("/refData/rules").header("accept-encoding", "gzip").header(HEADER, "answerTruncated");
    assert!(compressed.send().await.unwrap().bytes().await.is_err());
}

/// Nothing arrives, and nothing is stored.
async fn is_cut(stage: &Stage) {
    assert_eq!(deposit(stage, "2026-04", "connectionCut").await, b"");
    assert_eq!(stage.stored("2026-04").await.0, 404);
    assert!(stage.deposit("2026-04").header(HEADER, "connectionCut").send().await.is_err());
    assert_eq!(answer(stage.deposit("2026-04")).await.unwrap().0, 201);
}

#[tokio::test]
async fn a_cut_connection_leaves_others_alone() {
    let stage = Stage::start().await;
    let long = stage.vendor().get("/events?after=0&wait=20");
    let waiting = tokio::spawn(async move { long.send().await.unwrap().status().as_u16() });
    for code in ["connectionCut", "answerLost"] {
        assert_eq!(deposit(&stage, "2026-05", code).await, b"");
    }
    assert_eq!(waiting.await.unwrap(), 200, "it was answered when the deposit was stored");
}
