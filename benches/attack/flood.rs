//! Floods of requests, each client at a loopback address of its own: thousands of query names, log-ins that lead nowhere,
//! and requests that wait for events.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use tokio::task::JoinSet;

use crate::target::Target;

/// How many query names one request has: as many as its head holds.
const NAMES: u32 = 8_300;
/// How many clients send one request after the other.
const CLIENTS: usize = 8;
/// How many requests wait for events.
const POLLS: usize = 500;
/// How long such a request is not sent again after its answer.
const PAUSE: Duration = Duration::from_secs(1);

/// An open operation, asked for 8 300 parameters that it does not have.
pub fn query_names(target: &Arc<Target>) -> JoinSet<()> {
    let names: Vec<_> = (0..NAMES).map(|name| format!("{name:x}")).collect();
    let address = format!("{}/health?{}", target.api(), names.join("&"));
    begin(CLIENTS, Duration::ZERO, move |http| http.get(&address))
}

/// Log-ins that nobody comes back from.
pub fn log_ins(target: &Arc<Target>) -> JoinSet<()> {
    let address = format!("http://{}/console/login/begin?to=/console", target.address);
    begin(CLIENTS, Duration::ZERO, move |http| http.get(&address))
}

/// With one key, 500 requests that wait for events; each that was answered waits a little before it is sent again: a flood
/// of requests is another attack.
pub fn polls(target: &Arc<Target>) -> JoinSet<()> {
    let (address, key) = (format!("{}/events?wait=30", target.api()), target.keys[0].0.clone());
    begin(POLLS, PAUSE, move |http| http.get(&address).bearer_auth(&key))
}

/// So many clients, from eight addresses, which send what `request` makes over and over.
fn begin(
    clients: usize,
    pause: Duration,
    request: impl Fn(&Client) -> RequestBuilder + Clone + Send + 'static,
) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for number in 0..clients {
        let (http, request) = (client(number % CLIENTS), request.clone());
        attackers.spawn(async move {
            loop {
                if let Ok(answer) = request(&http).send().await {
                    drop(answer.bytes().await);
                }
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
        });
    }
    attackers
}

/// A client at an attacker's address.
pub fn client(attacker: usize) -> Client {
    let host = u8::try_from(2 + attacker % 250).unwrap();
    let client = passerelle::outbound::client::loopback().local_address(Some(Ipv4Addr::new(127, 0, 0, host).into()));
    client.timeout(Duration::from_mins(2)).build().unwrap()
}
