//! The socket side: accepts connections, bounds what each may cost, and on shutdown finishes what was begun.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt as _;

use crate::config::Config;

/// What connections may cost.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// How many may be open at once; further ones wait to be accepted.
    pub most: usize,
    /// How long the head of a request may take, and how long an idle connection is kept.
    pub head: Duration,
    /// How long shutdown waits for requests under way.
    pub farewell: Duration,
}

impl Connections {
    /// As `config` has them.
    pub const fn new(config: &Config) -> Self {
        Self {
            most: config.limits.connections,
            head: Duration::from_secs(config.limits.head_seconds),
            farewell: Duration::from_secs(config.shutdown_seconds),
        }
    }
}

/// The most headers of a request.
const MAX_HEADERS: usize = 64;
/// The largest head of a request, and the read buffer of a connection.
const MAX_HEAD: usize = 32 * 1024;
/// How long to rest when the system has no more sockets to give.
const BREATH: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `shutdown` resolves, then finishes the requests under way, within bounds.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: Connections,
    shutdown: impl Future<Output = ()> + Send,
) {
    let graceful = GracefulShutdown::new();
    let seats = Arc::new(Semaphore::new(connections.most));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &seats) => accepted,
        };
        match accepted {
            Some((stream, peer, seat)) => converse(stream, peer, seat, router.clone(), connections, &graceful),
            None => tokio::time::sleep(BREATH).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(connections.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!(waited_s = connections.farewell.as_secs(), "requests were still under way at shutdown");
    }
}

/// The next connection, once there is room for it; nothing when the system cannot give one now.
async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, seat)),
        Err(error) => {
            tracing::warn!(%error, "could not accept a connection");
            None
        }
    }
}

/// Serves one connection in a task of its own.
fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    seat: OwnedSemaphorePermit,
    router: Router,
    connections: Connections,
    graceful: &GracefulShutdown,
) {
    // Answers are small and written whole: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(connections.head)
        // A sender that has said all it wants still hears the answer, and what it began is finished.
        .half_close(true)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke off");
        }
        drop(seat);
    });
}
