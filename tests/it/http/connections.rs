//! The limits of connections: number, time, and responses that are not read.

use std::sync::Arc;
use std::time::Duration;

use passerelle::http::metrics::Metrics;
use passerelle::http::server::ConnectionSettings;
use passerelle::network::Network;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::bodies::until;
use super::sockets::{Served, answer, open, patient, put, served_with};
use super::surroundings;

const GET: &[u8] = b"GET /creche/v1/health HTTP/1.1\r\nhost: x\r\n\r\n";
const GET_WITH_KEY: &[u8] = b"GET /creche/v1/things HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\n\r\n";

/// A server of the shop, and its figures.
async fn served(connections: ConnectionSettings) -> (Served, Arc<Metrics>) {
    let around = surroundings(50);
    let metrics = Arc::clone(&around.metrics);
    let connections = ConnectionSettings { figures: metrics.connections(), ..connections };
    (served_with(around, connections).await, metrics)
}

/// A connection from a loopback address of its own.
async fn from(host: u8, served: &Served) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("127.0.0.{host}:0").parse().unwrap()).unwrap();
    socket.connect(served.address).await.unwrap()
}

/// Whether a request is answered on it; the connection stays open.
async fn is_served(stream: &mut TcpStream, request: &[u8]) -> bool {
    let mut begin = [0; 12];
    stream.write_all(request).await.is_ok()
        && stream.read_exact(&mut begin).await.is_ok_and(|_| begin == *b"HTTP/1.1 200")
}

/// Waits until the server has closed it.
async fn is_closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

/// An anonymous request that is being answered for as long as its body does not come.
async fn busy(host: u8, served: &Served) -> TcpStream {
    let mut stream = from(host, served).await;
    let head = put("content-length: 1000").replace("authorization: Bearer good\n", "").replace('\n', "\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_given_up() {
    let (served, metrics) = served(ConnectionSettings { write: Duration::from_millis(50), ..patient() }).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(served.address).await.unwrap();
    let request = b"GET /creche/v1/doc/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(&request.repeat(100)).await.unwrap();
    until(&metrics, "passerelle_connections_closed_total{reason=\"writeTimeout\"} 1").await;
    until(&metrics, "passerelle_connections_open 0").await;
}

#[tokio::test]
async fn a_first_request_that_does_not_come_is_given_up_and_one_with_a_key_is_not() {
    let limit = Duration::from_secs(1);
    let (served, metrics) = served(ConnectionSettings { first_request: limit, ..patient() }).await;
    let mut deposit = open(&served, &put("content-length: 10\nconnection: close")).await;
    until(&metrics, "passerelle_requests_underway 1").await;
    let (mut half_a_head, mut without_key) = (open(&served, "PUT /creche/v1/").await, busy(1, &served).await);
    tokio::join!(is_closed(&mut half_a_head), is_closed(&mut without_key));
    until(&metrics, "passerelle_connections_closed_total{reason=\"firstRequest\"} 2").await;
    deposit.write_all(b"0123456789").await.unwrap();
    let text = answer(&mut deposit).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_others_have_theirs() {
    let proxies = Arc::from(["127.0.0.3".parse::<Network>().unwrap()]);
    let (served, metrics) = served(ConnectionSettings { per_address: 2, proxies, ..patient() }).await;
    let mut idle = from(2, &served).await;
    let (mut first, mut second) = (from(2, &served).await, from(2, &served).await);
    is_closed(&mut idle).await;
    assert!(is_served(&mut first, GET_WITH_KEY).await, "a new one has the seat of one that was idle");
    assert!(is_served(&mut second, GET_WITH_KEY).await);
    let mut third = from(2, &served).await;
    is_closed(&mut third).await;
    until(&metrics, "passerelle_connections_refused_total{reason=\"perAddress\"} 1").await;
    assert!(is_served(&mut from(1, &served).await, GET).await);
    let mut through = Vec::new();
    for _ in 0..4 {
        let mut stream = from(3, &served).await;
        assert!(is_served(&mut stream, GET_WITH_KEY).await, "a proxy has as many as there are");
        through.push(stream);
    }
}

#[tokio::test]
async fn the_last_seats_are_kept_for_addresses_with_a_valid_key() {
    let (served, metrics) = served(ConnectionSettings { most: 4, ..patient() }).await;
    assert!(is_served(&mut from(1, &served).await, GET_WITH_KEY).await);
    until(&metrics, "passerelle_connections_open 0").await;
    let _busy = [busy(2, &served).await, busy(3, &served).await, busy(4, &served).await];
    until(&metrics, "passerelle_requests_underway 3").await;
    is_closed(&mut from(5, &served).await).await;
    until(&metrics, "passerelle_connections_refused_total{reason=\"full\"} 1").await;
    assert!(is_served(&mut from(1, &served).await, GET).await);
}

#[tokio::test]
async fn an_idle_anonymous_connection_is_closed_for_a_new_one_and_one_with_a_key_is_not() {
    let (served, metrics) = served(ConnectionSettings { most: 4, ..patient() }).await;
    let mut keyed = from(1, &served).await;
    assert!(is_served(&mut keyed, GET_WITH_KEY).await);
    let idle = [from(2, &served).await, from(2, &served).await];
    until(&metrics, "passerelle_connections_open 3").await;
    let mut new = Vec::new();
    for (mut idle, host) in idle.into_iter().zip([3, 4]) {
        let mut stream = from(host, &served).await;
        is_closed(&mut idle).await;
        assert!(is_served(&mut stream, GET).await);
        new.push(stream);
    }
    keyed.write_all(b"GET /creche/v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let text = answer(&mut keyed).await;
    assert!(text.contains("HTTP/1.1 200"), "{text}");
}

#[tokio::test]
async fn a_stop_ends_although_a_connection_hangs() {
    let shutdown_timeout = Duration::from_millis(50);
    let (served, metrics) = served(ConnectionSettings { shutdown_timeout, ..patient() }).await;
    let mut hanging = open(&served, &put("content-length: 10")).await;
    until(&metrics, "passerelle_requests_underway 1").await;
    served.stop.send(()).unwrap();
    served.done.await.unwrap();
    is_closed(&mut hanging).await;
    until(&metrics, "passerelle_requests_underway 0").await;
}
