//! Public operations and pages.

use axum::http::Method;
use passerelle::domain::rule_catalogue;
use passerelle::http::problem::ProblemType;
use tower::ServiceExt as _;

use crate::harness::app::{ADMINISTRATOR, SESSION_COOKIE, each_app};

use super::{get_with, plain, request, send, shop, surroundings};

#[tokio::test]
async fn health_needs_no_key() {
    let reply = get_with("/health", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.body), (200, serde_json::json!({"status": "DEGRADED"})));
}

#[tokio::test]
async fn the_contract_is_served_in_both_forms_and_cached() {
    let yaml = get_with("/doc/openapi.yaml", &[("accept", "application/json")]).await;
    assert_eq!((yaml.status.as_u16(), yaml.header("content-type")), (200, "application/yaml"));
    for name in ["openapi", "openapi.bundled", "openapi.vendor"] {
        let yaml = get_with(&format!("/doc/{name}.yaml"), &[]).await;
        let json = get_with(&format!("/doc/{name}.json"), &[]).await;
        let text = std::fs::read_to_string(format!("{}/schemas/{name}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert_eq!((json.status.as_u16(), json.header("content-type")), (200, "application/json"), "{name}");
        assert_eq!(serde_saphyr::from_str::<serde_json::Value>(&text).unwrap(), json.body, "{name}");
        assert_eq!((yaml.status.as_u16(), yaml.header("content-type")), (200, "application/yaml"), "{name}");
    }
    let json = get_with("/doc/openapi.json", &[]).await;
    assert!(json.body["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(json.header("cache-control"), "public, max-age=3600");
    let again = get_with("/doc/openapi.json", &[("if-none-match", json.header("etag"))]).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn schemas_are_served_by_the_names_of_their_files() {
    let reply = get_with("/schemas/finding.schema.json", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/schema+json"));
    assert_eq!(reply.body["title"], "Finding");
    assert_eq!(get_with("/schemas/none", &[]).await.status, 404);
}

#[tokio::test]
async fn every_rule_and_problem_type_has_its_page() {
    let shop = shop(surroundings(50));
    let rules = rule_catalogue::all().map(|rule| format!("/refData/rules/{}", rule.code));
    let kinds = ProblemType::ALL.iter().map(|kind| format!("/refData/problemTypes/{}", kind.entry().name));
    for path in rules.chain(kinds) {
        let reply = send(&shop, request(Method::GET, &path, &[])).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.body["href"], format!("https://passerelle.example/creche/v1{path}"));
        for language in ["fr", "nl", "en"] {
            assert!(reply.body["description"][language].is_string(), "{path} in {language}");
        }
    }
    for path in ["/refData/rules/none", "/refData/none"] {
        assert_eq!(send(&shop, request(Method::GET, path, &[])).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_browser_gets_a_list_as_a_page_that_leads_to_its_codes() {
    let page = browsed("/refData/rules").await;
    for words in ["/creche/v1/refData/rules/attendance.unknownStatus\"", "Ce code de jour", "This day code"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// The page that a browser gets.
async fn browsed(path: &str) -> String {
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let request = request(Method::GET, path, &[("accept", accept)]);
    let response = shop(surroundings(50)).oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(response.headers()["vary"], "accept");
    let page = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(page.to_vec()).unwrap()
}

#[tokio::test]
async fn a_program_that_names_html_first_and_takes_anything_gets_json() {
    let java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
    for accept in [java, "text/html, */*", "text/html;q=0.9,*/*;Q=0.1"] {
        for path in ["/refData/rules", "/refData/rules/attendance.unknownStatus", "/health", "/doc/openapi.json"] {
            let reply = get_with(path, &[("accept", accept)]).await;
            let got = (reply.status.as_u16(), reply.header("content-type"));
            assert!(matches!(got, (200 | 503, "application/json")), "{path} {accept}: {got:?}");
        }
        let reply = get_with("/nothing", &[("accept", accept)]).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (404, "application/problem+json"));
    }
    for headers in
        [&[("accept", "text/html")][..], &[("accept", "text/html, */*;q=0.8"), ("sec-fetch-dest", "document")]]
    {
        let response = shop(surroundings(50)).oneshot(request(Method::GET, "/refData/rules", headers)).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    }
}

/// What a router answers at an address outside the API.
async fn outside(path: &str, headers: &[(&str, &str)]) -> axum::response::Response {
    let mut request = axum::http::Request::get(path).header("host", "passerelle.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    shop(surroundings(50)).oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn addresses_that_people_type_lead_somewhere() {
    for (path, target) in
        [("/docs/", "/docs"), ("/console/", "/console"), ("/creche/v1", "/docs"), ("/creche/v1/", "/docs")]
    {
        let response = outside(path, &[]).await;
        assert!(response.status().is_redirection(), "{path}: {}", response.status());
        assert_eq!(response.headers()["location"], target, "{path}");
    }
    let icon = outside("/favicon.ico", &[]).await;
    assert_eq!((icon.status().as_u16(), &icon.headers()["content-type"]), (200, &"image/x-icon".parse().unwrap()));
}

#[tokio::test]
async fn what_is_public_is_compressed_for_those_who_take_it() {
    let gzip = &[("accept-encoding", "gzip, deflate, br")][..];
    for path in
        ["/creche/v1/refData/rules", "/creche/v1/doc/openapi.yaml", "/docs/swagger-ui-bundle.js", "/landing.css", "/"]
    {
        let (plain, packed) = (outside(path, &[]).await, outside(path, gzip).await);
        for response in [&plain, &packed] {
            let vary = response.headers().get_all("vary").iter().any(|vary| vary == "accept-encoding");
            assert!(vary && response.status() == 200, "{path}: {:?}", response.headers());
        }
        assert!(plain.headers().get("content-encoding").is_none(), "{path}");
        assert_eq!(packed.headers()["content-encoding"], "gzip", "{path}");
        let whole = axum::body::to_bytes(plain.into_body(), 1 << 23).await.unwrap();
        let small = axum::body::to_bytes(packed.into_body(), 1 << 23).await.unwrap();
        assert!(
            small.len() * 4 < whole.len() * 3 && small.starts_with(&[0x1f, 0x8b]),
            "{path}: {} of {}",
            small.len(),
            whole.len()
        );
    }
    for path in ["/creche/v1/health", "/favicon.ico"] {
        assert!(outside(path, gzip).await.headers().get("content-encoding").is_none(), "{path}");
    }
}

#[tokio::test]
async fn pages_of_a_session_and_answers_with_secrets_are_not_compressed() {
    each_app(async |app| {
        let router = app.way_in();
        let (secret, _) = app.log_in(ADMINISTRATOR).await;
        let session = format!("{SESSION_COOKIE}={secret}");
        let headers = |request: axum::http::request::Builder| {
            request.header("host", "passerelle.example").header("accept-encoding", "gzip")
        };
        let page = |path: &str| {
            let request = headers(axum::http::Request::get(path)).header("cookie", &session);
            request.body(axum::body::Body::empty()).unwrap()
        };
        for path in ["/console/users", "/console/sessions"] {
            let response = router.clone().oneshot(page(path)).await.unwrap();
            assert!(response.headers().get("content-encoding").is_none(), "{path}");
            let whole = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
            assert!(whole.len() > 1024 && String::from_utf8_lossy(&whole).contains("name=\"csrf\""), "{path}");
        }
        let document = serde_json::json!({ "url": "https://creche.example/hook", "description": "x".repeat(200),
            "eventTypes": ["attendanceStatement.deposited", "attendanceStatement.refused", "doctor.entered"],
            "headers": (0..10).map(|at| serde_json::json!({ "name": format!("x-{at}-{}", "y".repeat(80)), "value": "1" }))
                .collect::<Vec<_>>() });
        let created = app.vendor().post("/webhookEndpoints", document).header("accept-encoding", "gzip").await.expect(201);
        assert!(created.bytes.len() > 1024 && created.header("content-encoding").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_browser_gets_the_page_of_a_rule_in_three_languages() {
    let page = browsed("/refData/rules/attendance.unknownStatus").await;
    for words in ["Ce code de jour", "Deze dagcode", "This day code", "&#34;status&#34;"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn lists_of_codes_are_collections() {
    let reply = get_with("/refData/absenceReasons", &[]).await;
    assert_eq!(reply.body["self"], "https://passerelle.example/creche/v1/refData/absenceReasons");
    assert_eq!(reply.body["items"][0]["code"], "medicalCertificate");
    assert_eq!(reply.body["items"][0]["description"]["nl"], "Medisch attest");
    for list in ["rules", "problemTypes", "closureReasons", "dayCodes"] {
        let reply = get_with(&format!("/refData/{list}"), &[]).await;
        assert!(!reply.body["items"].as_array().unwrap().is_empty(), "{list}");
    }
}

#[tokio::test]
async fn lists_say_what_their_codes_stand_for() {
    let half = get_with("/refData/dayCodes", &[]).await.body["items"][3].take();
    assert_eq!((&half["code"], &half["status"]), (&"AJ/2".into(), &"justifiedAbsence".into()));
    assert_eq!(half["duration"], "half");
    let holidays = get_with("/refData/publicHolidays", &[]).await.body;
    assert_eq!(holidays["items"].as_array().unwrap().len(), 30);
    let easter = get_with("/refData/publicHolidays/2026-04-06", &[]).await.body;
    assert_eq!((&easter["date"], &easter["code"]), (&"2026-04-06".into(), &"2026-04-06".into()));
    let rule = get_with("/refData/rules/request.unknownParameter", &[]).await.body;
    assert_eq!(
        (&rule["severity"], &rule["owner"], &rule["need"]),
        (&"error".into(), &"vendor".into(), &"nothing".into())
    );
    assert_eq!(rule["example"]["right"], "?dryRun=true");
}

#[tokio::test]
async fn pages_carry_all_they_need_and_no_inline_script() {
    let landing_page = plain(&shop(surroundings(50)), "/").await;
    for words in ["consultations", "registre du personnel", "webhooks", "sandbox.json", "openapi.vendor.yaml"] {
        assert!(landing_page.body.as_str().unwrap().contains(words), "{words}");
    }
    let docs = plain(&shop(surroundings(50)), "/docs/start.js").await;
    assert!(docs.body.as_str().unwrap().contains("showExtensions: true"), "who may call is not shown");
    for path in ["/", "/docs", "/docs/api"] {
        let shop = shop(surroundings(50));
        let page = plain(&shop, path).await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        let html = page.body.as_str().unwrap().to_owned();
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src 'self' 'unsafe"), "{policy}");
        assert!(!html.contains("<style") && !html.contains("<script>") && !html.contains("{api}"), "{path}");
        for link in html.split('"').filter(|text| text.starts_with('/')) {
            let reply = plain(&shop, link).await;
            assert_eq!(reply.status, 200, "{link} on {path}");
        }
    }
}

#[tokio::test]
async fn responses_have_the_security_headers() {
    let reply = get_with("/health", &[]).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
}
