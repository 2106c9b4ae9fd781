//! Every failure is a problem document, in the reader's language, and gives nothing away.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::http::problem::ProblemType;
use passerelle::words::Language;
use serde_json::json;

use super::{KEY, THING, get_with, request, send, shop, surroundings};
use crate::harness::document::assert_members;

#[test]
fn the_catalogue_has_unique_names_and_three_languages() {
    let names: BTreeSet<_> = ProblemType::ALL.iter().map(|kind| kind.entry().name).collect();
    assert_eq!(names.len(), ProblemType::ALL.len());
    for entry in ProblemType::ALL.iter().map(|kind| kind.entry()) {
        assert!(entry.status.is_client_error() || entry.status.is_server_error(), "{}", entry.name);
        for language in [Language::Fr, Language::Nl, Language::En] {
            assert!(!entry.meaning.get(language).is_empty(), "{} in {language:?}", entry.name);
        }
    }
}

#[tokio::test]
async fn a_refusal_names_places_and_repairs_in_the_readers_language() {
    let mut details = BTreeSet::new();
    for (accepted, spoken) in [("nl-BE, fr;q=0.5", "nl"), ("fr", "fr"), ("de", "en"), ("", "en")] {
        let reply = get_with("/refused", &[("accept-language", accepted)]).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.header("content-language"), spoken);
        assert_eq!(reply.header("vary"), "accept-language");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.kind(), "urn:problem-type:belgif:badRequest");
        let expected = json!({
            "title": "Bad Request",
            "status": 400,
            "issues/0/type": "urn:problem-type:belgif:input-validation:schemaViolation",
            "issues/0/code": "input.required",
            "issues/0/in": "body",
            "issues/0/name": "/lines/0/birthDate",
            "issues/0/href": "https://passerelle.example/creche/v1/refData/rules/input.required",
            "issues/0/count": 2,
            "issues/0/places/1/name": "/lines/4/birthDate",
        });
        assert_members(&reply.body, &expected, accepted);
        details.insert(format!("{} {}", reply.body["detail"], reply.body["issues"][0]["detail"]));
    }
    assert_eq!(details.len(), 3);
}

#[tokio::test]
async fn every_problem_has_an_instance_of_its_own() {
    let (one, two) = (get_with("/refused", &[]).await, get_with("/refused", &[]).await);
    assert!(one.body["instance"].as_str().unwrap().starts_with("urn:uuid:"));
    assert_ne!(one.body["instance"], two.body["instance"]);
}

#[tokio::test]
async fn an_internal_error_reveals_no_internals() {
    for path in ["/panics", "/breaks"] {
        let reply = get_with(path, &[]).await;
        assert_eq!(reply.status, 500);
        assert_eq!(reply.kind(), "urn:problem-type:belgif:internalServerError");
        let text = reply.body.to_string();
        assert!(!text.contains("hunter2") && !text.contains("Dupont") && !text.contains("8503"), "{text}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let reply = get_with("/nowhere", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (404, "urn:problem-type:belgif:resourceNotFound"));
    assert!(reply.body.get("issues").is_none());

    let shop = shop(surroundings(50));
    let reply = send(&shop, request(Method::DELETE, THING, &[KEY])).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (405, "urn:problem-type:passerelle:methodNotAllowed"));
    let allowed: BTreeSet<_> = reply.header("allow").split(',').map(str::trim).collect();
    assert_eq!(allowed, BTreeSet::from(["GET", "HEAD", "PUT"]));

    let reply = send(&shop, request(Method::DELETE, THING, &[])).await;
    assert_eq!(reply.status, 401, "strangers learn nothing about guarded paths");
}

#[tokio::test]
async fn a_request_that_timed_out_may_be_retried() {
    let mut around = surroundings(50);
    around.patience = std::time::Duration::from_millis(50);
    let reply = send(&shop(around), request(Method::GET, "/neverEnds", &[])).await;
    assert_eq!((reply.status.as_u16(), reply.header("retry-after")), (503, "5"));
    assert_eq!(reply.body["retryAfterSec"], 5);
}
