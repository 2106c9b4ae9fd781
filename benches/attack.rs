//! How soon an honest sender is answered while the gateway is attacked. `cargo bench --bench attack`, or some of the
//! attacks: `cargo bench --bench attack -- --only idle,announced`. On SQLite; on PostgreSQL with
//! `PASSERELLE_BENCH_ENGINE=postgres` and `PASSERELLE_TEST_POSTGRES_URL`.
//!
//! The gateway has its default limits, but for the caps on what is stored, and the honest sender keeps to them: ten
//! deposits a second. The attackers come from 127.0.0.2 and up, the honest sender from 127.0.0.1. A further attack is a module with a
//! `begin` and a line in [`ATTACKS`].

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, dead_code, reason = "shared between benches")]

#[path = "attack/announced.rs"]
mod announced;
#[path = "attack/flood.rs"]
mod flood;
#[path = "attack/honest.rs"]
mod honest;
mod house;
#[path = "attack/idle.rs"]
mod idle;
#[path = "attack/never_reading.rs"]
mod never_reading;
#[path = "attack/register.rs"]
mod register;
#[path = "attack/slow.rs"]
mod slow;
#[path = "attack/target.rs"]
mod target;

use std::sync::Arc;
use std::time::Duration;

use honest::Honest;
use house::World;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use target::Target;
use tokio::task::JoinSet;

/// Begins an attack, which lasts until the tasks are dropped.
type Begin = fn(&Arc<Target>) -> JoinSet<()>;

/// Every attack by its name.
const ATTACKS: [(&str, Begin); 9] = [
    ("announced", announced::anonymous),
    ("announcedWithKey", announced::with_key),
    ("slowWithKeys", slow::begin),
    ("idle", idle::begin),
    ("neverReading", never_reading::begin),
    ("queryNames", flood::query_names),
    ("logIns", flood::log_ins),
    ("register", register::begin),
    ("polls", flood::polls),
];

/// How long an attack stands before it is measured.
const SETTLE: Duration = Duration::from_secs(2);

fn main() {
    // Thousands of sockets here, and as many in the gateway, which inherits the limit.
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let only = only();
    let world = World::on_chosen_engine(8, 2).await;
    let gateway = world.serve_with(&[
        ("PASSERELLE_CAPS__STAFF_MEMBERS", "100000"),
        ("PASSERELLE_CAPS__REVISIONS_PER_STATEMENT", "100000"),
    ]);
    let target = Arc::new(Target::new(&gateway.api, &world.tenants[1..]));
    let honest = Honest::new(&gateway.api, &world.tenants[0]).await;
    println!(
        "{:<18} {:>9} {:>9} {:>9} {:>8}   honest deposits on {}",
        "attack",
        "p50",
        "p99",
        "max",
        "count",
        world.engine()
    );
    honest.measure("none").await;
    register::fill(&target).await;
    for (name, begin) in ATTACKS.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|only| only == name)) {
        let mut attackers = begin(&target);
        tokio::time::sleep(SETTLE).await;
        honest.measure(name).await;
        attackers.shutdown().await;
    }
    println!("resident memory at most {:.1} MiB", gateway.memory().1);
    drop(gateway);
    world.remove().await;
}

/// The attacks that were asked for; none for all.
fn only() -> Vec<String> {
    let mut words = std::env::args().skip_while(|word| word != "--only");
    let names = words.nth(1).unwrap_or_default();
    let names: Vec<String> = names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let known = |name: &String| ATTACKS.iter().any(|(known, _)| known == name);
    assert!(names.iter().all(known), "the attacks are {:?}", ATTACKS.map(|(name, _)| name));
    names
}
