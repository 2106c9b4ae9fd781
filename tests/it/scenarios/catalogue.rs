//! The whole catalogue: an entry without an effect that is seen fails.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{HEADER, MONTH, Stage, header, webhooks, wire};
use crate::harness::contract;
use crate::harness::process::answer;

#[tokio::test]
async fn every_entry_has_the_effect_that_it_promises() {
    let stage = Stage::start().await;
    assert_eq!(answer(stage.deposit(MONTH)).await.unwrap().0, 201);
    let catalogue = stage.catalogue().await;
    assert!(catalogue.len() > 40, "{}", catalogue.len());
    for entry in &catalogue {
        let code = entry["code"].as_str().unwrap();
        assert!(["fr", "nl", "en"].iter().all(|language| !entry["description"][language].as_str().unwrap().is_empty()));
        match (entry["appliesTo"].as_str().unwrap(), &entry["problem"]) {
            ("request", problem @ Value::Object(_)) => is_refused(&stage, code, problem).await,
            ("request", _) => wire::has_its_effect(&stage, code).await,
            ("webhook", _) => webhooks::has_its_effect(&stage, code).await,
            other => panic!("{code}: {other:?}"),
        }
    }
    let codes: BTreeSet<_> = catalogue.iter().map(|entry| entry["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), catalogue.len());
    let of_world = format!("{}/sandbox/scenarios", stage.world.text("/baseUrl"));
    assert_eq!(answer(stage.client.http.get(of_world)).await.unwrap().1["items"], json!(catalogue));
    let kinds = passerelle::http::problem::ProblemType::ALL.iter().map(|kind| kind.entry().name);
    assert!(kinds.into_iter().all(|name| codes.contains(name)), "a refusal of every kind");
}

/// Headers that a refusal with this status has.
fn required_headers(status: u64) -> &'static [&'static str] {
    match status {
        401 => &["www-authenticate"],
        405 => &["allow"],
        412 | 428 => &["etag"],
        429 | 503 | 507 => &["retry-after"],
        _ => &[],
    }
}

/// A change is refused as promised, in the language of the request; nothing is written, and it goes through right after.
async fn is_refused(stage: &Stage, code: &str, problem: &Value) {
    let revision = stage.stored(MONTH).await.1["revision"].as_u64().unwrap();
    let change = || stage.change(MONTH, revision).header("if-match", format!("\"{revision}\""));
    let response = change().header("accept-language", "nl").header(HEADER, code).send().await.unwrap();
    let status = u64::from(response.status().as_u16());
    assert_eq!(status, problem["status"], "{code}");
    for name in ["content-type", HEADER, "ratelimit", "belgov-trace-id"].iter().chain(required_headers(status)) {
        assert!(!header(&response, name).is_empty(), "{code} has no {name}");
    }
    assert_eq!((header(&response, HEADER), header(&response, "content-language")), (code, "nl"));
    let document: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!((&document["type"], &document["status"]), (&problem["type"], &problem["status"]), "{code}");
    let faults = contract::faults("/components/schemas/Problem", &document);
    assert!(faults.is_empty(), "{code}: {faults:?} in {document}");
    assert!(!document["detail"].as_str().unwrap().contains(['{', '}']), "{code}: {document}");
    assert_eq!(stage.stored(MONTH).await.1["revision"], json!(revision), "{code}");
    let again = change().send().await.unwrap();
    assert_eq!((again.status().as_u16(), header(&again, HEADER)), (200, ""), "{code}");
    assert_eq!(stage.stored(MONTH).await.1["revision"], json!(revision + 1), "{code}");
}

#[tokio::test]
async fn an_unknown_name_is_refused_with_the_list_in_the_language_of_the_reader() {
    let stage = Stage::start().await;
    let codes: Vec<_> = stage.catalogue().await.iter().map(|entry| entry["code"].clone()).collect();
    for (language, words) in [("fr", "un de ceux-ci"), ("nl", "een van deze"), ("en", "one of")] {
        for unknown in ["answerlost", "", "é"] {
            let request = stage.deposit(MONTH).header(HEADER, unknown).header("accept-language", language);
            let (status, problem) = answer(request).await.unwrap();
            assert_eq!((status, &problem["type"]), (400, &json!("urn:problem-type:belgif:badRequest")), "{problem}");
            assert_eq!(problem["scenarios"], json!(codes));
            let issue = &problem["issues"][0];
            assert_eq!((&issue["in"], &issue["name"]), (&json!("header"), &json!("Passerelle-Scenario")));
            let detail = issue["detail"].as_str().unwrap();
            assert!(detail.contains(words) && detail.contains("answerLost, "), "{detail}");
        }
    }
    let twice = stage.deposit(MONTH).header(HEADER, "slow").header(HEADER, "slow");
    assert_eq!(answer(twice).await.unwrap().1["issues"][0]["code"], "request.repeatedHeader");
    assert_eq!(stage.stored(MONTH).await.0, 404, "nothing was carried out");
}
