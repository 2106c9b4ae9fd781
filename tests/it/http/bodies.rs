//! Memory for bodies is given for what has arrived, and no organiser has so much of it that others have none.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use passerelle::http::HttpConfig;
use passerelle::http::metrics::Metrics;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use super::sockets::{Served, answer, open, patient, put, served_with};
use super::{LIMIT, THING, surroundings};
use crate::harness::app::each_app;

/// A server of the shop, and its figures.
async fn served(change: impl FnOnce(&mut HttpConfig)) -> (Served, Arc<Metrics>) {
    let mut around = surroundings(50);
    change(&mut around);
    let metrics = Arc::clone(&around.metrics);
    (served_with(around, patient()).await, metrics)
}

/// Waits until the figures have this line.
pub(super) async fn until(metrics: &Metrics, line: &str) {
    let appears = async {
        while !metrics.text().unwrap().lines().any(|known| known == line) {
            tokio::task::yield_now().await;
        }
    };
    let appeared = tokio::time::timeout(Duration::from_mins(1), appears).await;
    assert!(appeared.is_ok(), "no “{line}”: {}", metrics.text().unwrap());
}

/// Two bodies of one organiser have its whole share of the pool for bodies of this size.
fn little_memory(around: &mut HttpConfig) {
    around.bodies.memory = 12_000_000;
}

/// One body of an organiser has its whole share.
fn one_body_each(around: &mut HttpConfig) {
    around.bodies.memory = 6_000_000;
}

fn whole(key: &str) -> String {
    put(&format!("content-length: {LIMIT}\nconnection: close")).replace("good", key)
}

/// A body of which this much was sent.
async fn begun(served: &Served, key: &str, sent: usize) -> TcpStream {
    let mut stream = open(served, &whole(key)).await;
    stream.write_all(&vec![b' '; sent]).await.unwrap();
    stream
}

async fn finish(stream: &mut TcpStream, rest: usize) -> String {
    stream.write_all(&vec![b' '; rest]).await.unwrap();
    answer(stream).await
}

#[tokio::test]
async fn announced_bodies_reserve_no_memory() {
    let (served, metrics) = served(little_memory).await;
    let mut announced = Vec::new();
    for _ in 0..40 {
        announced.push(open(&served, &whole("other")).await);
    }
    until(&metrics, "passerelle_requests_underway 40").await;
    until(&metrics, "passerelle_body_reserved_bytes 0").await;
    let text = finish(&mut open(&served, &whole("good")).await, LIMIT).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}

#[tokio::test]
async fn an_organiser_with_its_share_waits_while_others_are_served() {
    let (served, metrics) = served(little_memory).await;
    let (mut first, _second) = (begun(&served, "other", 70_000).await, begun(&served, "otherToo", 70_000).await);
    until(&metrics, "passerelle_body_reserved_bytes 200000").await;
    let mut third = begun(&served, "other", 70_000).await;
    until(&metrics, "passerelle_bodies_waiting 1").await;
    let text = finish(&mut open(&served, &whole("good")).await, LIMIT).await;
    assert!(text.starts_with("HTTP/1.1 200"), "another caller is served: {text}");
    until(&metrics, "passerelle_bodies_waiting 1").await;
    let text = finish(&mut first, LIMIT - 70_000).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    let text = finish(&mut third, LIMIT - 70_000).await;
    assert!(text.starts_with("HTTP/1.1 200"), "it has the room of the first: {text}");
    until(&metrics, "passerelle_bodies_waiting 0").await;
}

#[tokio::test]
async fn a_body_that_waits_too_long_for_memory_may_be_sent_again() {
    let (served, metrics) = served(|around| {
        around.bodies.duration = Duration::from_secs(1);
        one_body_each(around);
    })
    .await;
    let mut worked_on = open(&served, &whole("good").replace(THING, "/holds")).await;
    worked_on.write_all(&vec![b' '; LIMIT]).await.unwrap();
    until(&metrics, "passerelle_body_reserved_bytes 100000").await;
    let text = answer(&mut begun(&served, "good", 70_000).await).await;
    assert!(text.starts_with("HTTP/1.1 503") && text.contains("retry-after: 5"), "{text}");
    until(&metrics, "passerelle_bodies_refused_total{reason=\"noMemory\"} 1").await;
}

#[tokio::test]
async fn a_body_slower_than_the_least_rate_is_given_up() {
    let (served, metrics) = served(|around| around.bodies.rate_window = Duration::from_millis(50)).await;
    let text = answer(&mut begun(&served, "good", 100).await).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    until(&metrics, "passerelle_bodies_refused_total{reason=\"tooSlow\"} 1").await;
}

#[tokio::test]
async fn a_slow_body_is_given_up_once_others_wait_for_its_room() {
    let (served, metrics) = served(|around| {
        one_body_each(around);
        around.bodies.least_rate = 0;
        around.bodies.rate_window = Duration::from_millis(50);
    })
    .await;
    let mut holder = begun(&served, "other", 70_000).await;
    until(&metrics, "passerelle_body_reserved_bytes 100000").await;
    let mut waiting = begun(&served, "other", 70_000).await;
    let text = answer(&mut holder).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    let text = finish(&mut waiting, LIMIT - 70_000).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}

#[tokio::test]
async fn without_a_valid_key_the_answer_comes_before_the_body() {
    let (served, _) = served(|_| {}).await;
    let anonymous = |more: &str| put(more).replace("authorization: Bearer good\n", "");
    let text = answer(&mut open(&served, &anonymous("content-length: 1000000")).await).await;
    assert!(text.starts_with("HTTP/1.1 401") && text.contains("connection: close"), "{text}");
    let mut endless = open(&served, &anonymous("transfer-encoding: chunked")).await;
    for _ in 0..7 {
        endless.write_all(b"2710\r\n").await.unwrap();
        endless.write_all(&[b' '; 10_000]).await.unwrap();
        endless.write_all(b"\r\n").await.unwrap();
    }
    let text = answer(&mut endless).await;
    assert!(text.starts_with("HTTP/1.1 401") && text.contains("connection: close"), "{text}");
}

#[tokio::test]
async fn a_form_without_a_session_is_small() {
    each_app(async |test| {
        let send = async |bytes: usize| {
            let request = Request::builder().method(Method::POST).uri("/console/language");
            let form = format!("language=nl&more={}", "x".repeat(bytes));
            test.way_in().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap().status().as_u16()
        };
        assert_eq!((send(60_000).await, send(65_536).await), (303, 413));
    })
    .await;
}
