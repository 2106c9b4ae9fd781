//! Floods of requests: thousands of query names, log-ins that lead nowhere, and requests that wait for events. Each runs
//! until it is dropped, from loopback addresses of its own, and counts what it was answered.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use passerelle::outbound::client;
use reqwest::{Client, RequestBuilder};
use tokio::task::JoinSet;

/// How many query names the flood sends: as many as the head of a request holds.
const NAMES: u32 = 8_300;
/// How many connections a flood uses, each from an address of its own.
const CONNECTIONS: u8 = 8;
/// How many requests wait for events.
const POLLS: u32 = 500;

/// A flood that goes on until it is dropped.
pub struct Flood {
    answers: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Flood {
    /// Sends what `request` makes, over and over, `at_once` of them at a time.
    fn start(at_once: u32, request: impl Fn(&Client) -> RequestBuilder + Clone + Send + 'static) -> Self {
        let (answers, mut tasks) = (Arc::new(AtomicU64::new(0)), JoinSet::new());
        for number in 0..at_once {
            let last = 2 + u8::try_from(number % u32::from(CONNECTIONS)).unwrap_or(0);
            let (http, request, answers) = (attacker(last), request.clone(), Arc::clone(&answers));
            tasks.spawn(async move {
                loop {
                    if let Ok(answer) = request(&http).send().await {
                        drop(answer.bytes().await);
                        answers.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        Self { answers, _tasks: tasks }
    }

    /// How many answers came so far.
    pub fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }
}

/// A client at 127.0.0.`last`.
fn attacker(last: u8) -> Client {
    let address = IpAddr::from(Ipv4Addr::new(127, 0, 0, last));
    client::loopback().local_address(address).timeout(Duration::from_mins(1)).build().expect("a client")
}

/// Asks an open operation of the API at `api` for 8 300 parameters that it does not have.
pub fn query_names(api: &str) -> Flood {
    let names: Vec<_> = (0..NAMES).map(|name| format!("{name:x}")).collect();
    let address = format!("{api}/health?{}", names.join("&"));
    Flood::start(CONNECTIONS.into(), move |http| http.get(&address))
}

/// Begins log-ins at the gateway at `origin` and comes back from none.
pub fn log_ins(origin: &str) -> Flood {
    let address = format!("{origin}/console/login/begin?to=/console/board");
    Flood::start(CONNECTIONS.into(), move |http| http.get(&address))
}

/// Waits for events of the API at `api` with one key, 500 times at once.
pub fn polls(api: &str, key: &str) -> Flood {
    let (address, key) = (format!("{api}/events?after=1000000&wait=30"), key.to_owned());
    Flood::start(POLLS, move |http| http.get(&address).bearer_auth(&key))
}
