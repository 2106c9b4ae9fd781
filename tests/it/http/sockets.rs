//! Tests that need a real connection.

use std::net::SocketAddr;
use std::time::Duration;

use passerelle::http::server::{ConnectionSettings, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{BEGUN, HttpConfig, LIMIT, RELEASED, THING, served_shop, surroundings};

pub(super) struct Served {
    pub(super) address: SocketAddr,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) done: JoinHandle<()>,
}

/// A server that gives up nothing within the time of a test.
async fn served() -> Served {
    served_with(surroundings(50), patient()).await
}

/// Connections with more time than any test takes.
pub(super) fn patient() -> ConnectionSettings {
    let long = Duration::from_mins(10);
    ConnectionSettings {
        head: long,
        first_request: long,
        write: long,
        shutdown_timeout: long,
        ..ConnectionSettings::default()
    }
}

pub(super) async fn served_with(around: HttpConfig, connections: ConnectionSettings) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move { drop(stopped.await) };
    let done = tokio::spawn(serve(listener, served_shop(around), connections, shutdown));
    Served { address, stop, done }
}

pub(super) async fn open(served: &Served, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(head.replace('\n', "\r\n").as_bytes()).await.unwrap();
    stream
}

pub(super) async fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    String::from_utf8(text).unwrap()
}

pub(super) fn put(more: &str) -> String {
    format!(
        "PUT /creche/v1{THING} HTTP/1.1\nhost: x\nauthorization: Bearer good\ncontent-type: application/json\n{more}\n\n"
    )
}

/// The status of an answer, and the codes and names of its issues.
fn parse_response(text: &str) -> (u16, Vec<(String, String)>) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let issues = body["issues"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |issue: &serde_json::Value, member: &str| issue[member].as_str().unwrap().to_owned();
    let issues = issues.iter().map(|issue| (text(issue, "code"), text(issue, "name"))).collect();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), issues)
}

#[tokio::test]
async fn a_request_whose_frame_is_ambiguous_is_refused_and_counted() {
    let issue = |code: &str, name: &str| (format!("request.{code}"), name.to_owned());
    let cases = [
        ("HTTP/1.1\n", vec![issue("missingHeader", "Host")]),
        ("HTTP/1.1\nhost: x\nhost: y\n", vec![issue("repeatedHeader", "Host")]),
        ("HTTP/1.1\nhost: x y\n", vec![issue("malformedHeader", "Host")]),
        ("HTTP/1.1\nhost: me@x\n", vec![issue("malformedHeader", "Host")]),
        ("HTTP/1.1\nhost:\n", vec![issue("malformedHeader", "Host")]),
        (
            "HTTP/1.1\nhost: x\nauthorization: Bearer good\nauthorization: Bearer good\n",
            vec![issue("repeatedHeader", "Authorization")],
        ),
        (
            "HTTP/1.1\nauthorization: a\nauthorization: b\ncontent-type: a\ncontent-type: b\n",
            vec![
                issue("repeatedHeader", "Authorization"),
                issue("repeatedHeader", "Content-Type"),
                issue("missingHeader", "Host"),
            ],
        ),
    ];
    for (head, issues) in cases {
        for path in ["/creche/v1/health", "/creche/v1/things", "/console", "/nowhere"] {
            let served = served().await;
            let mut stream = open(&served, &format!("GET {path} {head}connection: close\n\n")).await;
            let text = answer(&mut stream).await;
            assert!(text.contains("content-type: application/problem+json") || path == "/console", "{text}");
            assert!(text.contains("ratelimit-policy: \"failures\""), "{text}");
            let (status, found) = parse_response(&text);
            assert_eq!(status, 400, "{path} {head}");
            assert!(path == "/console" || found == issues, "{path} {head}: {found:?}");
        }
    }
    let served = served().await;
    for head in
        ["HTTP/1.0\n", "HTTP/1.1\nhost: [::1]:8080\nconnection: close\n", "HTTP/1.1\nhost: x\nconnection: close\n"]
    {
        let mut stream = open(&served, &format!("GET /creche/v1/health {head}\n")).await;
        assert_eq!(parse_response(&answer(&mut stream).await).0, 200, "{head}");
    }
}

#[tokio::test]
async fn a_head_with_a_control_character_is_refused_with_a_problem() {
    for head in [
        "GET /creche/v1/health HTTP/1.1\nhost: x\nauthorization: Bearer good\u{1}\n\n",
        "GET /creche/v1/health HTTP/1.1\nhost: x\naccept: \u{7f}\n\n",
        "GET /creche/v1/health HTTP/1.1\nhost: x\nbad name: x\n\n",
    ] {
        let served = served().await;
        let mut stream = open(&served, head).await;
        let text = answer(&mut stream).await;
        assert!(text.contains("content-type: application/problem+json"), "{text}");
        let body: serde_json::Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!((&body["status"], &body["type"]), (&400.into(), &"urn:problem-type:belgif:badRequest".into()));
        assert!(body["detail"].as_str().unwrap().contains("control character"), "{body}");
        assert!(body["instance"].as_str().unwrap().starts_with("urn:uuid:"), "{body}");
        assert!(!text.contains("good"), "{text}");
    }
}

#[tokio::test]
async fn the_sender_of_too_much_can_read_why() {
    let served = served().await;
    for head in [put("content-length: 1500000"), put("transfer-encoding: chunked")] {
        let mut stream = open(&served, &head).await;
        let chunked = head.contains("chunked");
        let piece = vec![b' '; 50_000];
        for _ in 0..30 {
            if chunked {
                stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await.unwrap();
            }
            stream.write_all(&piece).await.unwrap();
            if chunked {
                stream.write_all(b"\r\n").await.unwrap();
            }
        }
        if chunked {
            stream.write_all(b"0\r\n\r\n").await.unwrap();
        }
        stream.shutdown().await.unwrap();
        let text = answer(&mut stream).await;
        assert!(text.starts_with("HTTP/1.1 413") && text.contains(&format!("\"limit\":{LIMIT}")), "{text}");
    }
}

#[tokio::test]
async fn what_is_far_too_large_is_refused_without_being_read() {
    let served = served().await;
    let mut stream = open(&served, &put("content-length: 900000000")).await;
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 413") && text.contains("connection: close"), "{text}");
}

#[tokio::test]
async fn a_sender_that_expects_100_continue_is_refused_before_the_body() {
    let served = served().await;
    let mut stream = open(&served, &put("content-length: 200000\nexpect: 100-continue")).await;
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 413"), "{text}");
}

#[tokio::test]
async fn a_refusal_without_a_credential_is_readable_despite_a_body() {
    let served = served().await;
    let head = put("content-length: 1000000").replace("authorization: Bearer good\n", "");
    let mut stream = open(&served, &head).await;
    stream.write_all(&vec![b' '; 1_000_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 401"), "{text}");
}

#[tokio::test]
async fn a_body_that_is_too_slow_is_given_up() {
    let mut around = surroundings(50);
    around.bodies.duration = Duration::from_millis(50);
    let served = served_with(around, patient()).await;
    let mut stream = open(&served, &put("content-length: 1000")).await;
    stream.write_all(b" ").await.unwrap();
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
}

#[tokio::test]
async fn an_endless_head_is_given_up() {
    let served =
        served_with(surroundings(50), ConnectionSettings { head: Duration::from_millis(50), ..patient() }).await;
    let mut stream = open(&served, "GET / HTTP/1.1\nhost: x\n").await;
    answer(&mut stream).await;
}

#[tokio::test]
async fn a_stop_finishes_requests_in_progress_and_accepts_no_new_ones() {
    let served = served().await;
    let mut busy = open(&served, "GET /creche/v1/waits HTTP/1.1\nhost: x\n\n").await;
    let _idle = TcpStream::connect(served.address).await.unwrap();
    BEGUN.notified().await;
    served.stop.send(()).unwrap();
    RELEASED.notify_one();
    let text = answer(&mut busy).await;
    assert!(text.contains("\"waited\":true"), "{text}");
    served.done.await.unwrap();
    assert!(TcpStream::connect(served.address).await.is_err());
}

#[tokio::test]
async fn a_truncated_body_is_not_accepted() {
    let served = served().await;
    let mut stream = open(&served, &put("content-length: 1000")).await;
    stream.write_all(b"{}").await.unwrap();
    stream.shutdown().await.unwrap();
    let text = answer(&mut stream).await;
    assert!(!text.starts_with("HTTP/1.1 2"), "{text}");
}
