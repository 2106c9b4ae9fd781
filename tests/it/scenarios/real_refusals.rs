//! Refusals of scenarios beside the real ones: the same status, headers and members.

use std::collections::BTreeSet;

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{HEADER, MONTH, Stage, header, members};
use crate::harness::process::{Caller, answer};
use crate::worlds::autumn;

/// What is the same in every refusal of a kind: the status, the type, the members, the codes of the issues, the names of
/// the headers, and those of them that have no numbers.
#[derive(Debug, PartialEq)]
struct Refusal {
    status: u16,
    kind: Value,
    members: BTreeSet<String>,
    issues: Vec<Value>,
    headers: BTreeSet<String>,
    fixed: Vec<String>,
}

impl Refusal {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let names = response.headers().keys().map(ToString::to_string);
        let headers = names.filter(|name| name != HEADER && name != "content-length").collect();
        let fixed = ["www-authenticate", "ratelimit-policy", "accept", "content-type"];
        let fixed = fixed.iter().map(|name| header(&response, name).to_owned()).collect();
        let status = response.status().as_u16();
        let document: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        let issues = document["issues"].as_array().into_iter().flatten().map(|issue| issue["code"].clone()).collect();
        Self { status, kind: document["type"].clone(), members: members(&document), issues, headers, fixed }
    }
}

#[tokio::test]
async fn a_refusal_is_as_the_real_one() {
    let stage = Stage::start().await;
    let other = stage.client.make(autumn(2)).await;
    assert_eq!(answer(stage.deposit(MONTH)).await.unwrap().0, 201);
    let (vendor, month) = (stage.vendor(), stage.world.attendance(MONTH));
    let with_key = |key: &str| Caller::new(&vendor.api, key).get(&month);
    let as_text = || vendor.put(&month, "text/plain", stage.world.sheet(MONTH));
    let created = |name: &str| {
        let document = json!({ "url": "https://receiver.example/hook", "description": name });
        vendor.post("/webhookEndpoints", document.to_string()).header("idempotency-key", "one")
    };
    assert_eq!(answer(created("first")).await.unwrap().0, 201);
    let read = || vendor.get(&month);
    let change = || stage.change(MONTH, 1);
    let guarded = |version: &str| change().header("if-match", format!("\"{version}\""));
    let cases = [
        ("noAccessToken", stage.client.http.get(format!("{}{month}", vendor.api)), read()),
        ("invalidAccessToken", with_key(other.text("/organisers/0/applications/0/keys/0/key")), read()),
        ("keyExpired", with_key(stage.key("expired")), read()),
        ("missingScope", with_key(stage.key("events:read")), read()),
        ("badRequest", vendor.get("/caller?scenario=badRequest"), vendor.get("/caller")),
        ("resourceNotFound", vendor.get(&stage.world.attendance("2026-02")), read()),
        ("methodNotAllowed", vendor.post("/caller", String::new()), vendor.get("/caller")),
        ("notAcceptable", read().header("accept", "image/gif"), read()),
        ("unsupportedMediaType", as_text(), stage.deposit(MONTH)),
        ("preconditionRequired", change(), guarded("1")),
        ("preconditionFailed", guarded("9"), guarded("1")),
        ("staleEtag", guarded("9"), guarded("1")),
        ("afterFeedEnd", vendor.get("/events?after=999"), vendor.get("/events?after=0")),
        ("idempotencyKeyReused", created("second"), created("first")),
    ];
    for (code, genuine, played) in cases {
        let (expected, found) = (Refusal::of(genuine).await, Refusal::of(played.header(HEADER, code)).await);
        assert!(expected.status >= 400, "{code}: {expected:?}");
        assert_eq!(found, expected, "{code}");
    }
    assert_eq!(stage.stored(MONTH).await.1["revision"], 1);
}

#[tokio::test]
async fn the_key_of_the_agency_is_refused_in_its_own_words_and_open_operations_need_none() {
    let stage = Stage::start().await;
    let agency = Caller::new(&stage.vendor().api, stage.world.text("/agency/key"));
    for (code, kind, words) in [
        ("keyRevoked", "invalidAccessToken", "agency"),
        ("missingScope", "missingScope", "scope"),
        ("tooManyRequests", "tooManyRequests", "this key"),
    ] {
        let (_, problem) = answer(agency.get("/agency/claims").header(HEADER, code)).await.unwrap();
        assert_eq!(problem["type"], format!("urn:problem-type:belgif:{kind}"));
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
    for code in ["keyRevoked", "missingScope", "noAccessToken", "tooManyFailedRequests"] {
        let response = stage.vendor().get("/refData/rules").header(HEADER, code).send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, HEADER)), (200, ""), "{code}");
    }
    let (_, problem) = answer(stage.vendor().get("/refData/rules").header(HEADER, "tooManyRequests")).await.unwrap();
    assert!(problem["detail"].as_str().unwrap().contains("address"), "{problem}");
    let (_, missing) = answer(agency.get("/agency/claims").header(HEADER, "missingScope")).await.unwrap();
    assert_eq!(missing["requiredScopes"], json!(["claims:read"]));
}
