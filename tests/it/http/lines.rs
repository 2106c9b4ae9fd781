//! What the log and the metrics contain about a request, and what they never contain.

use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::sync::{Arc, Once};
use std::time::Duration;

use axum::http::Method;
use passerelle::domain::deposit::DepositOutcome;
use passerelle::http::limits::{LimitSettings, RateAllowance};
use passerelle::http::metrics;

use super::{KEY, THING, request, send, shop, surroundings, with_limits};

thread_local! {
    /// The log lines of the test that runs on this thread.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts to store the log lines of this thread. One subscriber serves all tests: scoped ones would interfere with each
/// other.
fn keep_lines() {
    static START: Once = Once::new();
    START.call_once(|| tracing_subscriber::fmt().json().flatten_event(true).with_writer(|| Sink).init());
    LINES.take();
}

/// Sends one request and returns its log lines.
async fn send_and_log(path: &str, headers: &[(&str, &str)]) -> (super::Reply, String) {
    keep_lines();
    let reply = send(&shop(surroundings(50)), request(Method::GET, path, headers)).await;
    (reply, String::from_utf8(LINES.take()).unwrap())
}

#[tokio::test]
async fn a_request_leaves_one_line_with_ids_and_without_secrets() {
    let path = THING.replace("2026-07", "2026-08");
    let (_, text) = send_and_log(&path, &[KEY, ("user-agent", "Noémie"), ("belgov-trace-id", "abc-1")]).await;
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["path"], "/creches/{crecheId}/things/{month}");
    assert_eq!((&line["method"], &line["status"]), (&"GET".into(), &200.into()));
    assert_eq!((&line["operation"], &line["level"]), (&"getThing".into(), &"INFO".into()));
    assert!(line["duration_ms"].as_f64().unwrap() >= 0.0);
    assert!(line["organiser"].is_string() && line["application"].is_string() && line["key"].is_string());
    for secret in ["good", "Noémie", "2026-08", "0198c5a0"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_failure_is_logged_with_its_cause_under_the_instance_that_the_caller_sees() {
    let (reply, text) = send_and_log("/breaks", &[]).await;
    assert!(text.contains(reply.body["instance"].as_str().unwrap()), "{text}");
    assert!(text.contains("refused by db.internal"), "{text}");
}

#[tokio::test]
async fn a_panics_message_is_neither_sent_nor_logged() {
    let (_, text) = send_and_log("/panics", &[]).await;
    assert!(text.contains("\"status\":500") && !text.contains("Dupont"), "{text}");
}

#[tokio::test]
async fn query_values_are_not_logged() {
    let (_, text) = send_and_log("/things?from=85031497721&name=Dupont", &[KEY]).await;
    assert!(text.contains("\"status\":400") && !text.contains("8503") && !text.contains("Dupont"), "{text}");
}

#[tokio::test]
async fn a_flood_of_refusals_leaves_a_few_lines_and_one_that_says_how_many_were_left_out() {
    keep_lines();
    let many = NonZeroU32::new(1_000_000).unwrap();
    let allowance = RateAllowance { per_minute: many, burst: many };
    let around = with_limits(LimitSettings { refusal_lines_per_second: 3, ..LimitSettings::uniform(allowance) });
    let metrics = Arc::clone(&around.metrics);
    let shop = shop(around);
    for _ in 0..200 {
        assert_eq!(send(&shop, request(Method::GET, "/things", &[])).await.status, 401);
        assert_eq!(send(&shop, request(Method::GET, "/things?form=1", &[KEY])).await.status, 400);
    }
    let counted = |metrics: &str| -> u64 {
        let line = metrics.lines().find(|line| line.starts_with("passerelle_log_lines_left_out_total{status=\"401\"}"));
        line.and_then(|line| line.rsplit(' ').next()).map_or(0, |count| count.parse().unwrap())
    };
    let text = metrics.text().unwrap();
    let left_out = counted(&text);
    assert!(text.contains("passerelle_requests_total{operation=\"listThings\",status=\"4xx\"} 400"), "{text}");
    let mut seen = String::new();
    let said = |seen: &str| -> u64 {
        let lines = seen.lines().filter(|line| line.contains("lines of refused requests were left out"));
        let lines = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.map(|line| line["left_out"].as_u64().unwrap()).sum()
    };
    let ends = async {
        while said(&seen) < left_out {
            tokio::task::yield_now().await;
            seen.push_str(&String::from_utf8(LINES.take()).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ends).await.expect("what was left out is said");
    let lines = |status: &str| {
        let answered = seen.lines().filter(|line| line.contains("request answered") && line.contains(status));
        u64::try_from(answered.count()).unwrap()
    };
    assert_eq!(lines("\"status\":401") + left_out, 200);
    assert!(left_out > 100, "{left_out}");
    assert_eq!(lines("\"status\":400"), 200, "what a valid key sends is not left out");
}

#[tokio::test]
async fn every_answer_has_an_identifier_of_ours_and_repeats_the_callers() {
    let shop = shop(surroundings(50));
    let reply = send(&shop, request(Method::GET, "/nowhere", &[("belgov-trace-id", "abc-1")])).await;
    assert_eq!(reply.header("belgov-trace-id").len(), 36);
    assert_eq!(reply.header("belgov-related-trace-id"), "abc-1");
    let long = "a".repeat(37);
    for strange in [long.as_str(), "a b", "<script>"] {
        let reply = send(&shop, request(Method::GET, "/nowhere", &[("belgov-trace-id", strange)])).await;
        assert_eq!(reply.header("belgov-related-trace-id"), "", "{strange}");
    }
}

#[tokio::test]
async fn figures_count_requests_and_deposits() {
    let around = surroundings(50);
    let metrics = Arc::clone(&around.metrics);
    send(&shop(around), request(Method::GET, "/refused", &[])).await;
    metrics.deposit("attendance", DepositOutcome::Accepted);
    let text = metrics.text().unwrap();
    for line in [
        "passerelle_requests_total{operation=\"getRefused\",status=\"4xx\"} 1",
        "passerelle_request_duration_seconds_count{operation=\"getRefused\"} 1",
        "passerelle_deposits_total{kind=\"attendance\",outcome=\"accepted\"} 1",
        "passerelle_requests_underway 0",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[tokio::test]
async fn figures_are_served_apart() {
    let reply = super::plain(&metrics::router(Arc::default()), "/metrics").await;
    assert!(reply.header("content-type").starts_with("application/openmetrics-text"));
    assert!(reply.body.as_str().unwrap().ends_with("# EOF\n"));
    assert_eq!(super::plain(&shop(surroundings(50)), "/metrics").await.status, 404);
}
