//! Receivers of others: the official libraries of Standard Webhooks, and the loops that the documentation shows, against the
//! program itself. `PASSERELLE_TEST_HOOKS_PYTHON` names a Python that has `standardwebhooks` and `cryptography`,
//! `PASSERELLE_TEST_HOOKS_NODE` a folder whose `node_modules` has `standardwebhooks` and `tsx`; without them the tests say that
//! they skip, and where `PASSERELLE_TEST_REQUIRE` has `hooks` they fail.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::harness::process::{Caller, Sandbox, answer, sandbox};
use crate::harness::receiver::{Arrival, Receiver};

/// A tool that the machine may have.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os(name).map(PathBuf::from);
    if found.is_none() {
        let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("hooks"));
        assert!(!required, "foreign programs are required: set {name}");
        let said = format!("SKIPPED: the programs of others, because {name} is not set\n");
        std::io::stderr().write_all(said.as_bytes()).expect("standard error can be written");
    }
    found
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

async fn post(vendor: &Caller, path: &str, document: Value, due: u16) -> Value {
    let (status, told) = answer(vendor.post(path, document.to_string())).await.unwrap();
    assert_eq!(status, due, "{told}");
    told
}

/// A delivery as a receiver has it: what it verifies with, the headers, and the text.
fn delivery(key: &str, arrival: &Arrival) -> Value {
    let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: serde_json::Map<_, _> =
        headers.iter().map(|name| ((*name).to_owned(), arrival.header(name).into())).collect();
    json!([key, headers, std::str::from_utf8(&arrival.body).unwrap()])
}

/// The results of a foreign script about what it is given, a line each.
pub(crate) fn judged(command: &mut Command, deliveries: &Value) -> Vec<String> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(deliveries.to_string().as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn signatures_verify_with_the_official_libraries() {
    let tools = (tool("PASSERELLE_TEST_HOOKS_PYTHON"), tool("PASSERELLE_TEST_HOOKS_NODE"));
    let (Some(python), Some(node)) = tools else { return };
    let (sandbox, mut receiver) = (Sandbox::start(&mut sandbox(None, None)), Receiver::start().await);
    let vendor = sandbox.vendor();
    let mut deliveries = Vec::new();
    for signing in ["v1", "v1a"] {
        let made = post(&vendor, "/webhookEndpoints", json!({ "url": receiver.url(), "signing": signing }), 201).await;
        let path = format!("/webhookEndpoints/{}", made["id"].as_str().unwrap());
        let key = made["secret"].as_str().or(made["publicKey"].as_str()).unwrap().to_owned();
        let verified = post(&vendor, &format!("{path}/verifications"), json!({}), 200).await;
        assert_eq!(verified["verified"], true, "{verified}");
        let test = receiver.next().await;
        deliveries.push(delivery(&key, &test));
        let mut changed = test.clone();
        changed.body = String::from_utf8_lossy(&test.body).replace("2026-09", "2026-10").into();
        deliveries.push(delivery(&key, &changed));
        if signing == "v1" {
            let rotated = post(&vendor, &format!("{path}/secrets"), json!({}), 201).await;
            post(&vendor, &format!("{path}/tests"), json!({ "type": "key.expiring" }), 201).await;
            let both = receiver.next().await;
            deliveries.extend([delivery(&key, &both), delivery(rotated["secret"].as_str().unwrap(), &both)]);
        }
    }
    let deliveries = Value::from(deliveries);
    let by_python = judged(Command::new(python).arg(here("tests/it/webhooks/verify.py")), &deliveries);
    let expected = ["good", "bad WebhookVerificationError", "good", "good", "good", "bad InvalidSignature"];
    assert_eq!(by_python, expected);
    let by_node = judged(Command::new("node").arg(here("tests/it/webhooks/verify.mjs")).arg(node), &deliveries);
    let expected = ["good", "bad WebhookVerificationError", "good", "good", "good", "bad Error"];
    assert_eq!(by_node, expected);
}

/// A loop of the documentation that runs.
struct Loop {
    child: Child,
    out: BufReader<ChildStdout>,
    hook: String,
}

impl Loop {
    fn start(command: &mut Command, vendor: &Caller) -> Self {
        command.env("PASSERELLE_URL", &vendor.api).env("PASSERELLE_API_KEY", &vendor.key).env("PATIENCE", "0.3");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut this = Self { out: BufReader::new(child.stdout.take().unwrap()), child, hook: String::new() };
        let line = this.line();
        let port = line.strip_prefix("listening ").expect("it says where it listens");
        this.hook = format!("http://127.0.0.1:{port}/");
        this
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.out.read_line(&mut line).unwrap() > 0, "it has ended");
        line.trim().to_owned()
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The code of the documentation in this language.
fn shown(language: &str) -> String {
    let text = std::fs::read_to_string(here("docs/webhooks.md")).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("it is shown");
    rest.split_once("```").unwrap().0.to_owned()
}

/// Some messages are lost, some duplicated, and all shuffled.
fn through_chaos(arrived: &[Arrival], seed: &mut u64) -> Vec<Arrival> {
    let mut chance = |below: u64| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % below
    };
    let mut passed = Vec::new();
    for arrival in arrived {
        let copies = match chance(100) {
            0..30 => 0,
            30..60 => 2,
            _ => 1,
        };
        passed.extend(std::iter::repeat_n(arrival.clone(), copies));
    }
    for at in (1..passed.len()).rev() {
        passed.swap(at, usize::try_from(chance(at as u64 + 1)).unwrap());
    }
    passed
}

/// The loops of the documentation as programs, in Python and in TypeScript, with the folder that they are in; none
/// where the tools are not there.
fn loops() -> Option<(TempDir, [Command; 2])> {
    let tools = (tool("PASSERELLE_TEST_HOOKS_PYTHON"), tool("PASSERELLE_TEST_HOOKS_NODE"));
    let (Some(python), Some(node)) = tools else { return None };
    let folder = tempfile::tempdir().unwrap();
    let (py, ts) = (folder.path().join("loop.py"), folder.path().join("loop.mts"));
    std::fs::write(&py, shown("python")).unwrap();
    std::fs::write(&ts, shown("ts")).unwrap();
    let loader = format!("file://{}", node.join("node_modules/tsx/dist/loader.mjs").display());
    let (mut of_python, mut of_node) = (Command::new(python), Command::new("node"));
    of_python.arg(py);
    of_node.arg("--import").arg(loader).arg(ts);
    Some((folder, [of_python, of_node]))
}

#[tokio::test]
async fn the_loops_of_the_documentation_miss_nothing_when_webhooks_are_lost_doubled_and_shuffled() {
    let Some((_folder, [mut python, mut node])) = loops() else { return };
    let (sandbox, mut receiver) = (Sandbox::start(&mut sandbox(None, None)), Receiver::start().await);
    let vendor = sandbox.vendor();
    let made = post(&vendor, "/webhookEndpoints", json!({ "url": receiver.url(), "eventTypes": [REFUSED] }), 201).await;
    post(&vendor, &format!("/webhookEndpoints/{}/verifications", made["id"].as_str().unwrap()), json!({}), 200).await;
    receiver.next().await;
    // A process of its own, and none below it that would outlive it.
    let mut loops = [Loop::start(&mut python, &vendor), Loop::start(&mut node, &vendor)];
    let (mut seed, mut told, mut happened) = (42, BTreeSet::new(), 0);
    let http = passerelle::outbound::client::loopback().build().unwrap();
    for year in 2021..=2025 {
        for month in 1..=12 {
            let path = format!(
                "/creches/{}/attendanceStatements/{year}-{month:02}",
                sandbox.text("/organisers/0/creches/0/id")
            );
            let (status, said) = answer(vendor.put(&path, "application/json", "{\"lines\": [{}]}")).await.unwrap();
            assert_eq!(status, 400, "{said}");
            happened += 1;
        }
        let mut arrived = Vec::new();
        for _ in 0..12 {
            arrived.push(receiver.next().await);
        }
        told.extend(arrived.iter().map(|arrival| arrival.event()["number"].as_u64().unwrap()));
        for arrival in through_chaos(&arrived, &mut seed) {
            for each in &loops {
                let sent = http.post(&each.hook).body(arrival.body.clone()).send().await.unwrap();
                assert_eq!(sent.status(), 204);
            }
        }
    }
    let (_, feed) = vendor.read("/events?pageSize=500").await;
    let feed: Vec<_> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["number"].as_u64().unwrap(), event["type"].as_str().unwrap()))
        .collect();
    let refused: BTreeSet<_> = feed.iter().filter(|(_, kind)| *kind == REFUSED).map(|(number, _)| *number).collect();
    assert_eq!((refused.len(), &told), (happened, &refused), "the gateway itself told everything");
    for each in &mut loops {
        let lines: Vec<_> = feed.iter().map(|_| each.line()).collect();
        let expected: Vec<_> = feed.iter().map(|(number, kind)| format!("{number} {kind}")).collect();
        assert_eq!(lines, expected, "each once, in order");
    }
}

/// The responses of a failing gateway, one connection after the other; further ones are empty. Returns its address and the
/// numbers in the requests.
async fn troubled(answers: Vec<Vec<u8>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let asked_there = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        let mut last = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
            let head = String::from_utf8(head).unwrap();
            let after = head.split_once("after=").and_then(|(_, rest)| rest.split_once(' ')).unwrap().0.to_owned();
            last = after.parse().unwrap_or(last);
            asked_there.lock().unwrap().push(after);
            let answer = answers.next().unwrap_or_else(|| page(200, &json!({ "items": [], "upTo": last })));
            let _ = stream.write_all(&answer).await;
        }
    });
    (format!("http://{address}/creche/v1"), asked)
}

fn page(status: u16, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nretry-after: 0\r\n");
    format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

/// Busy, cut off before and within the answer, then an event, a reset, and an event of the world after it.
fn troubles() -> Vec<Vec<u8>> {
    let happened = |number: u64, kind: &str| {
        page(200, &json!({ "items": [{ "id": "e", "number": number, "type": kind, "data": {} }], "upTo": number }))
    };
    let mut half = happened(7, "statement.half");
    half.truncate(half.len() - 9);
    let ended = json!({ "type": "urn:problem-type:passerelle:afterFeedEnd", "upTo": 1, "detail": "It ends." });
    let busy = |status| page(status, &json!({ "detail": "Not now." }));
    vec![busy(503), busy(429), Vec::new(), half, happened(7, "before"), page(409, &ended), happened(1, "after.reset")]
}

#[tokio::test]
async fn the_loops_of_the_documentation_survive_a_gateway_that_is_busy_cut_off_and_reset() {
    let Some((_folder, [mut python, mut node])) = loops() else { return };
    for command in [&mut python, &mut node] {
        let (api, asked) = troubled(troubles()).await;
        let caller = Caller::new(&api, "none");
        let mut each = Loop::start(command, &caller);
        let lines = tokio::task::spawn_blocking(move || [each.line(), each.line()]).await.unwrap();
        assert_eq!(lines, ["7 before", "1 after.reset"]);
        assert_eq!(asked.lock().unwrap()[..7], ["0", "0", "0", "0", "0", "7", "0"]);
    }
}

/// What happens in the test of the loops.
const REFUSED: &str = "attendanceStatement.refused";
