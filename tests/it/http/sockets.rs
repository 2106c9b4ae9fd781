//! What only a real connection shows.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use passerelle::http::server::{Connections, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{LIMIT, Surroundings, THING, shop, surroundings};

pub(super) struct Served {
    pub(super) address: SocketAddr,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) done: JoinHandle<()>,
}

async fn served() -> Served {
    let (head, farewell) = (Duration::from_millis(300), Duration::from_secs(2));
    served_with(surroundings(50), Connections { head, farewell, ..Connections::default() }).await
}

pub(super) async fn served_with(around: Surroundings, connections: Connections) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move { drop(stopped.await) };
    let done = tokio::spawn(serve(listener, shop(around), connections, shutdown));
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
async fn a_sender_who_asks_leave_is_refused_before_it_sends() {
    let served = served().await;
    let mut stream = open(&served, &put("content-length: 200000\nexpect: 100-continue")).await;
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 413"), "{text}");
}

#[tokio::test]
async fn strangers_can_read_their_refusal_although_they_sent_a_body() {
    let served = served().await;
    let head = put("content-length: 1000000").replace("authorization: Bearer good\n", "");
    let mut stream = open(&served, &head).await;
    stream.write_all(&vec![b' '; 1_000_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 401"), "{text}");
}

#[tokio::test]
async fn a_body_that_dribbles_and_a_head_that_never_ends_are_given_up() {
    let served = served().await;
    let mut stream = open(&served, &put("content-length: 1000")).await;
    stream.write_all(b" ").await.unwrap();
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");

    let began = Instant::now();
    let mut stream = open(&served, "GET / HTTP/1.1\nhost: x\n").await;
    answer(&mut stream).await;
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn stopping_finishes_what_was_begun_and_takes_nothing_new() {
    let served = served().await;
    let mut busy = open(&served, "GET /creche/v1/sleeps HTTP/1.1\nhost: x\n\n").await;
    let _idle = TcpStream::connect(served.address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    served.stop.send(()).unwrap();
    let text = answer(&mut busy).await;
    assert!(text.contains("\"slept\":true"), "{text}");
    served.done.await.unwrap();
    assert!(TcpStream::connect(served.address).await.is_err());
}

#[tokio::test]
async fn a_body_that_is_cut_short_is_not_taken_for_whole() {
    let served = served().await;
    let mut stream = open(&served, &put("content-length: 1000")).await;
    stream.write_all(b"{}").await.unwrap();
    stream.shutdown().await.unwrap();
    let text = answer(&mut stream).await;
    assert!(!text.starts_with("HTTP/1.1 2"), "{text}");
}
