//! The socket side: accepts connections within limits, and finishes the requests in progress on shutdown.

mod connection_slots;
mod connection_threads;
mod cut;
mod stream;
mod unreadable;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

pub(super) use self::connection_slots::ConnectionHandle;
use self::connection_slots::{ConnectionSlot, ConnectionSlots};
pub use self::connection_threads::ConnectionThreads;
pub use self::cut::ConnectionCut;
use self::stream::ConnectionStream;
use super::metrics::ConnectionFigures;
use crate::config::Config;
use crate::network::Network;

/// The limits of connections.
#[derive(Debug, Clone)]
pub struct ConnectionSettings {
    /// How many may be open at once; the last quarter only for addresses with a valid credential.
    pub most: usize,
    /// How many of one address may be open at once.
    pub per_address: usize,
    /// Networks of trusted proxies: not limited by address.
    pub proxies: Arc<[Network]>,
    /// How long the head of a request may take to arrive, and how long an idle connection stays open.
    pub head: Duration,
    /// How long the first request may take until it is answered or has shown a valid credential.
    pub first_request: Duration,
    /// How long the write of a response may make no progress.
    pub write: Duration,
    /// How long shutdown waits for requests in progress.
    pub shutdown_timeout: Duration,
    /// Where connections are counted.
    pub figures: ConnectionFigures,
    /// The threads that serve them; without any, the runtime that accepts them does.
    pub threads: Option<Arc<ConnectionThreads>>,
}

impl Default for ConnectionSettings {
    /// The shipped defaults.
    fn default() -> Self {
        Self {
            most: 2048,
            per_address: 256,
            proxies: Arc::default(),
            head: Duration::from_secs(10),
            first_request: Duration::from_secs(30),
            write: Duration::from_secs(15),
            shutdown_timeout: Duration::from_secs(25),
            figures: ConnectionFigures::default(),
            threads: None,
        }
    }
}

impl ConnectionSettings {
    /// The limits of `config`; connections are served on these threads, or by the runtime that accepts them.
    pub fn new(config: &Config, figures: ConnectionFigures, threads: Option<Arc<ConnectionThreads>>) -> Self {
        let (limits, seconds) = (&config.limits, Duration::from_secs);
        Self {
            most: limits.connections,
            per_address: limits.connections_per_address,
            proxies: config.trusted_proxies.clone().into(),
            head: seconds(limits.head_seconds),
            first_request: seconds(limits.first_request_seconds),
            write: seconds(limits.write_seconds),
            shutdown_timeout: seconds(config.shutdown_seconds),
            figures,
            threads,
        }
    }
}

/// The most headers of a request.
const MAX_HEADERS: usize = 64;
/// The largest head of a request, and the read buffer of a connection, in bytes.
const MAX_HEAD: usize = 32 * 1024;
/// The pause after a failed accept: the system may be out of sockets.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);
/// How long the abort of the remaining connections may take.
const CUT_OFF: Duration = Duration::from_secs(1);

/// The send buffer of a connection in the kernel, in bytes, for data that its peer has not read. The system's default grows
/// to megabytes.
const SEND_BUFFER: u32 = 256 * 1024;
/// How many connections the kernel queues until they are accepted.
const BACKLOG: u32 = 1024;

/// A listener for [`serve`].
///
/// # Errors
/// When the address cannot be bound.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `router` on `listener` until `shutdown` resolves, then finishes the requests in progress, within
/// `shutdown_timeout`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: ConnectionSettings,
    shutdown: impl Future<Output = ()> + Send,
) {
    let (graceful, mut tasks) = (GracefulShutdown::new(), JoinSet::new());
    let (slots, shutdown_timeout) = (ConnectionSlots::new(&connections), connections.shutdown_timeout);
    let server = Server { router, connections };
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = tasks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(slot) = slots.take_slot(peer.ip()) {
                    server.begin_connection(&mut tasks, (stream, peer), slot, graceful.watcher());
                }
            }
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                slots.close_idle();
                tokio::time::sleep(ACCEPT_BACKOFF).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(shutdown_timeout, graceful.shutdown()).await.is_err() {
        tracing::warn!(waited_s = shutdown_timeout.as_secs(), "requests were still under way at shutdown");
    }
    // The remaining connections make no progress; a task that does not end is abandoned.
    let _ = tokio::time::timeout(CUT_OFF, tasks.shutdown()).await;
}

/// What every connection shares.
#[derive(Clone)]
struct Server {
    router: Router,
    connections: ConnectionSettings,
}

impl Server {
    /// Begins to serve a connection, on the thread with the fewest of them.
    fn begin_connection(
        &self,
        tasks: &mut JoinSet<()>,
        (stream, peer): (TcpStream, SocketAddr),
        slot: ConnectionSlot,
        watcher: Watcher,
    ) {
        let server = self.clone();
        let Some((runtime, place)) = self.connections.threads.as_deref().and_then(ConnectionThreads::take_place) else {
            tasks.spawn(server.serve_connection(stream, peer, slot, watcher));
            return;
        };
        let stream = stream.into_std();
        let serve = async move {
            // The thread that serves it is the one that is told when it is readable.
            match stream.and_then(TcpStream::from_std) {
                Ok(stream) => server.serve_connection(stream, peer, slot, watcher).await,
                Err(error) => tracing::warn!(%error, "a connection could not be given to its thread"),
            }
            drop(place);
        };
        tasks.spawn_on(serve, runtime);
    }

    /// Serves one connection to its end.
    async fn serve_connection(self, stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot, watcher: Watcher) {
        let Self { router, connections } = self;
        // Responses are small and written as a whole: Nagle's algorithm would only delay them.
        let _ = stream.set_nodelay(true);
        let handle = slot.handle();
        let service = {
            let handle = handle.clone();
            service_fn(move |request| answer(router.clone(), request, peer, handle.clone()))
        };
        let stream = ConnectionStream::new(stream, connections.write, handle.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(connections.head)
            // A client that has closed its sending side still gets the response.
            .half_close(true)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            ended = watcher.watch(connection) => if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke off");
            },
            () = handle.replaced() => connections.figures.close("replaced"),
            () = handle.first_request_overdue(connections.first_request) => connections.figures.close("firstRequest"),
        }
        drop(slot);
    }
}

/// The request as it would have come over its connection to another path: without what a router has attached to it. The path
/// is without a query; that of the request is kept.
#[cfg(feature = "sandbox")]
pub(crate) fn at_path(request: axum::extract::Request, path: &str) -> Option<axum::extract::Request> {
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let (mut parts, body) = request.into_parts();
    parts.uri = target.parse().ok()?;
    let mut fresh = axum::http::Extensions::new();
    if let Some(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        fresh.insert(*peer);
    }
    if let Some(handle) = parts.extensions.get::<ConnectionHandle>() {
        fresh.insert(handle.clone());
    }
    parts.extensions = fresh;
    Some(axum::extract::Request::from_parts(parts, body))
}

/// Passes one request of a connection to the router. An error ends the connection without a response.
async fn answer(
    router: Router,
    mut request: hyper::Request<Incoming>,
    peer: SocketAddr,
    handle: ConnectionHandle,
) -> Result<axum::response::Response, cut::CutOnPurpose> {
    let _busy = handle.busy();
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(handle.clone());
    let response = router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {});
    cut::as_marked(response)
}
