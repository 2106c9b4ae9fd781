//! How soon and how fast webhooks are delivered, and that none is lost with two of three gateways. `cargo bench --bench
//! webhooks`; the last part wants `PASSERELLE_TEST_POSTGRES_URL`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, reason = "shared between files of the bench")]

mod hooks;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use hooks::gateways::Gateways;
use hooks::receiver::Receiver;
use hooks::world::{HooksWorld, happen};
use passerelle::app::webhooks::Dispatcher;
use tokio::sync::watch;

/// Where the gateway would be, for the addresses in what is told.
const ROOT: &str = "https://passerelle.example/creche/v1";

fn main() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        soon().await;
        fast().await;
        kept().await;
    });
}

/// 100 endpoints of 100 organisers, 200 events a second: from the commit to the arrival.
async fn soon() {
    const SECONDS: u32 = 15;
    let mut receiver = Receiver::start().await;
    let world = HooksWorld::new(100, 1, &receiver.url()).await;
    let (stop, done) = watch::channel(());
    let dispatcher = passerelle::runtime::spawn(Dispatcher::new(world.app.clone(), ROOT.to_owned()).run(done));
    let (mut interval, mut committed) = (tokio::time::interval(Duration::from_millis(5)), HashMap::new());
    for turn in 0..SECONDS * 200 {
        interval.tick().await;
        let organiser = world.organisers[turn as usize % world.organisers.len()];
        let ids = happen(&world.app.db, organiser, 1).await;
        committed.insert(ids[0].to_string(), Instant::now());
    }
    let mut waits = Vec::new();
    while waits.len() < committed.len() {
        let (id, at) = receiver.next().await;
        waits.push(at.saturating_duration_since(committed[&id]).as_secs_f64() * 1000.0);
    }
    drop(stop);
    dispatcher.await.unwrap();
    waits.sort_by(f64::total_cmp);
    let at = |share: usize| waits[(waits.len() - 1) * share / 100];
    println!("100 endpoints, 200 events a second for {SECONDS} s, from commit to arrival:");
    println!("  {:.1} ms (half), {:.1} ms (99 of 100), {:.1} ms (all)", at(50), at(99), at(100));
}

/// 20 endpoints with a thousand deliveries each, against the same letters posted by a bare client.
async fn fast() {
    const ENDPOINTS: usize = 20;
    const EVENTS: usize = 1000;
    let mut receiver = Receiver::start().await;
    let bare = receiver.bare(ENDPOINTS * EVENTS).await;
    let world = HooksWorld::new(1, ENDPOINTS, &receiver.url()).await;
    happen(&world.app.db, world.organisers[0], EVENTS).await;
    let begun = Instant::now();
    Dispatcher::deliver_all_due(world.app.clone(), ROOT.to_owned()).await.unwrap();
    let took = begun.elapsed();
    let arrived = receiver.arrived();
    assert_eq!(arrived, ENDPOINTS * EVENTS);
    let rate = |took: Duration| f64::from(u32::try_from(arrived).unwrap()) / took.as_secs_f64();
    println!("{arrived} deliveries to {ENDPOINTS} endpoints on this machine:");
    println!(
        "  {:.0} a second, each signed, logged and kept; a bare client posts {:.0} a second: ratio {:.2}",
        rate(took),
        rate(bare),
        took.as_secs_f64() / bare.as_secs_f64()
    );
}

/// 100 000 deliveries wait, three gateways deliver over PostgreSQL, two are killed.
async fn kept() {
    const ENDPOINTS: usize = 20;
    const EVENTS: usize = 5000;
    let Ok(server) = std::env::var("PASSERELLE_TEST_POSTGRES_URL") else {
        println!("PASSERELLE_TEST_POSTGRES_URL is not set: nobody is killed");
        return;
    };
    let mut receiver = Receiver::start().await;
    let mut gateways = Gateways::over(&server, 1).await;
    let organiser = gateways.endpoints(ENDPOINTS, &receiver.url()).await;
    receiver.arrived();
    gateways.kill(1);
    happen(&gateways.db, organiser, EVENTS).await;
    gateways.start(3).await;
    let begun = Instant::now();
    let (mut arrived, mut all, wanted) = (HashSet::new(), 0, ENDPOINTS * EVENTS);
    while arrived.len() < wanted {
        arrived.insert(receiver.whom().await);
        all += 1;
        if all == wanted / 4 {
            println!(
                "{all} of {wanted} have arrived after {:.1} s: two of three gateways are killed",
                begun.elapsed().as_secs_f64()
            );
            gateways.kill(2);
        }
    }
    let took = begun.elapsed().as_secs_f64();
    println!("  every one of {wanted} has arrived after {took:.1} s, {} of them twice", all - wanted);
    gateways.end().await;
}
