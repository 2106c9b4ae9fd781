//! Somebody who takes everything at once and tells what arrived when.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

/// What arrived: the path, the id, and when.
type Arrival = (String, String, Instant);

pub struct Receiver {
    url: String,
    arrivals: UnboundedReceiver<Arrival>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (arrived, arrivals) = unbounded_channel();
        let router = Router::new().route("/{*path}", any(take)).with_state(arrived);
        passerelle::runtime::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, arrivals }
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The id of the next that arrives, and when it did.
    pub async fn next(&mut self) -> (String, Instant) {
        let (_, id, at) = self.arrivals.recv().await.unwrap();
        (id, at)
    }

    /// The path and the id of the next that arrives.
    pub async fn whom(&mut self) -> (String, String) {
        let (path, id, _) = self.arrivals.recv().await.unwrap();
        (path, id)
    }

    /// How many have arrived since the last time.
    pub fn arrived(&mut self) -> usize {
        std::iter::from_fn(|| self.arrivals.try_recv().ok()).count()
    }

    /// How long it takes to post that many letters with nothing but the client, 64 at once.
    pub async fn bare(&mut self, letters: usize) -> Duration {
        let http = passerelle::outbound::client::loopback().build().unwrap();
        let (begun, mut under_way) = (Instant::now(), JoinSet::new());
        for _ in 0..letters {
            if under_way.len() == 64 {
                under_way.join_next().await.unwrap().unwrap();
            }
            let letter = http.post(&self.url).header("webhook-id", "bare").body(vec![b'x'; 600]);
            under_way.spawn(async move { assert!(letter.send().await.unwrap().status().is_success()) });
        }
        under_way.join_all().await;
        let took = begun.elapsed();
        assert_eq!(self.arrived(), letters);
        took
    }
}

async fn take(State(arrived): State<UnboundedSender<Arrival>>, uri: Uri, headers: HeaderMap, _: Bytes) -> StatusCode {
    let at = Instant::now();
    let id = headers.get("webhook-id").map(|id| id.to_str().unwrap().to_owned()).unwrap_or_default();
    let _ = arrived.send((uri.path().to_owned(), id, at));
    StatusCode::NO_CONTENT
}
