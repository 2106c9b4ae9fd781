//! All requests of an address are counted: public operations, log-in, pages, and paths that do not exist.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use passerelle::domain::key::Deployment;
use passerelle::http::HttpConfig;
use passerelle::http::limits::{LimitSettings, Limits, RateAllowance};

use super::{KEY, Reply, send, shop, with_limits};
use crate::harness::app::TestApp;
use crate::harness::database::each_engine;

/// So many calls at once, one a minute.
fn calls(burst: u32) -> RateAllowance {
    RateAllowance { per_minute: NonZeroU32::MIN, burst: NonZeroU32::new(burst).unwrap() }
}

async fn ask(router: &Router, method: Method, path: &str, peer: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    send(router, request).await
}

const ATTACKER: &str = "127.0.0.2:1";
const OTHER: &str = "127.0.0.3:1";

/// Paths without a key, and the allowance that each is counted by.
const COUNTED: [(&str, &str, &str); 16] = [
    ("GET", "/creche/v1/health", "health"),
    ("POST", "/creche/v1/health", "open"),
    ("GET", "/creche/v1/doc/openapi.yaml", "open"),
    ("GET", "/creche/v1/refData/rules?unknown=1", "open"),
    ("GET", "/creche/v1/refData/none", "open"),
    ("DELETE", "/creche/v1/refData/rules", "open"),
    ("GET", "/creche/v1/things", "failures"),
    ("PATCH", "/creche/v1/things", "failures"),
    ("GET", "/creche/v1/nowhere", "open"),
    ("GET", "/creche/v1", "open"),
    ("GET", "/nowhere", "open"),
    ("GET", "/", "open"),
    ("GET", "/docs/swagger-ui-bundle.js", "open"),
    ("POST", "/docs", "open"),
    ("GET", "/console", "console"),
    ("GET", "/console/nowhere", "console"),
];

#[tokio::test]
async fn every_route_counts_by_address_also_those_that_lead_nowhere() {
    for (method, path, policy) in COUNTED {
        let shop = shop(with_limits(LimitSettings::uniform(calls(1))));
        let method: Method = method.parse().unwrap();
        let first = ask(&shop, method.clone(), path, ATTACKER, &[]).await;
        assert_ne!(first.status, 429, "{method} {path}");
        // Asking whether the gateway serves is counted apart, whatever the method.
        let policy = if path.ends_with("/health") { "health" } else { policy };
        assert_eq!(first.header("ratelimit-policy"), format!("\"{policy}\";q=1;w=60"), "{method} {path}");
        assert_eq!(first.header("ratelimit"), format!("\"{policy}\";r=0;t=60"), "{method} {path}");
        let second = ask(&shop, method.clone(), path, ATTACKER, &[]).await;
        assert_eq!(second.status, 429, "{method} {path}");
        assert_eq!(second.header("ratelimit-policy"), format!("\"{policy}\";q=1;w=60"), "{method} {path}");
        assert!(!second.header("retry-after").is_empty(), "{method} {path}");
        let other = ask(&shop, method, path, OTHER, &[]).await;
        assert_ne!(other.status, 429, "{path}: an address does not pay for another");
    }
}

#[tokio::test]
async fn a_refused_address_gets_the_reason_and_its_valid_keys_still_work() {
    let around = with_limits(LimitSettings { callers: calls(50), ..LimitSettings::uniform(calls(1)) });
    let metrics = Arc::clone(&around.metrics);
    let shop = shop(around);
    for path in ["/creche/v1/nowhere", "/creche/v1/nowhere", "/creche/v1/things", "/creche/v1/things"] {
        ask(&shop, Method::GET, path, ATTACKER, &[]).await;
    }
    let reply = ask(&shop, Method::GET, "/creche/v1/refData/rules", ATTACKER, &[("accept-language", "fr")]).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (429, "urn:problem-type:belgif:tooManyRequests"));
    let detail = reply.body["detail"].as_str().unwrap();
    assert!(detail.starts_with("Trop de demandes depuis votre adresse\u{a0}: réessayez dans "), "{detail}");
    let reply = ask(&shop, Method::GET, "/creche/v1/things", ATTACKER, &[]).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (429, "urn:problem-type:belgif:tooManyFailedRequests"));
    assert_eq!(ask(&shop, Method::GET, "/creche/v1/things", ATTACKER, &[KEY]).await.status, 200);
    assert_eq!(
        ask(&shop, Method::GET, "/creche/v1/health", ATTACKER, &[]).await.status,
        200,
        "health is counted apart"
    );
    let text = metrics.text().unwrap();
    for (policy, count) in [("open", 2), ("failures", 2)] {
        let line = format!("passerelle_requests_over_allowance_total{{policy=\"{policy}\"}} {count}");
        assert!(text.contains(&line), "{line} in {text}");
    }
}

#[tokio::test]
async fn people_are_refused_with_a_page() {
    each_engine(async |database| {
        let sparing = |around: &mut HttpConfig| {
            around.limits = Arc::new(Limits::new(LimitSettings::uniform(calls(2))));
        };
        let app = TestApp::with(database, Deployment::Sandbox, sparing).await;
        let router = app.way_in();
        for (peer, path, policy) in [
            ("127.0.0.2:1", "/console/login", "login"),
            ("127.0.0.3:1", "/console/login/begin", "login"),
            ("127.0.0.4:1", "/login/return?code=x&state=y", "login"),
            ("127.0.0.5:1", "/console", "console"),
            ("127.0.0.6:1", "/console/users", "console"),
            ("127.0.0.7:1", "/console.css", "console"),
            ("127.0.0.8:1", "/", "open"),
        ] {
            for _ in 0..2 {
                let reply = ask(&router, Method::GET, path, peer, &[]).await;
                assert_ne!(reply.status, 429, "{path}");
                assert!(reply.header("ratelimit-policy").starts_with(&format!("\"{policy}\"")), "{path}");
            }
            let reply = ask(&router, Method::GET, path, peer, &[("accept", "text/html,*/*;q=0.8")]).await;
            assert_eq!(reply.status, 429, "{path}");
            assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(!reply.header("retry-after").is_empty() && !reply.header("ratelimit").is_empty(), "{path}");
            let page = reply.body.as_str().unwrap();
            assert!(page.contains("<h1") && page.contains("Trop de demandes depuis votre adresse"), "{path}: {page}");
        }
    })
    .await;
}
