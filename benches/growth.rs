//! What requests cost as the database grows: `cargo bench --bench growth`, or with other sizes `-- 1000 1000000`.
//!
//! The statements are written through the store's own functions, sealed and authenticated as always, in one transaction an
//! organiser. Measured is the processor time of the gateway, from the kernel's account of the process.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, dead_code, reason = "shared between benches")]

mod house;

use std::time::Instant;

use house::figures::processor_ms;
use house::growth::{self, CRECHES, PER_ORGANISER};
use house::{Gateway, World, client, documents, send};
use passerelle::ids::CrecheId;
use reqwest::{Client, Method};

/// The numbers of statements without an argument.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// The organisers that send and read.
const BUSY: usize = 7;
/// How many deposits are measured at each size: most months of their crèches.
const DEPOSITS: usize = 240;
/// How many readings of each kind.
const READINGS: usize = 600;
/// The months that are deposited while it is measured: none of those that are there already.
const MONTHS: [&str; 9] =
    ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09"];

fn main() {
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let sizes: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    println!(
        "{:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
        "statements", "deposit", "summary", "list", "read", "feed page"
    );
    for size in if sizes.is_empty() { SIZES.to_vec() } else { sizes } {
        let organisers = size.div_ceil(PER_ORGANISER).max(BUSY);
        let world = World::on_chosen_engine(organisers, CRECHES).await;
        let begun = Instant::now();
        let written = growth::fill(&world, size).await;
        println!("{written} statements written in {:.0} s on {}", begun.elapsed().as_secs_f64(), world.engine());
        let gateway = world.serve();
        gateway.is_idle().await;
        let figures = Figures { world: &world, gateway: &gateway, http: client() };
        let [summary, list, read, feed] = [
            figures.reading(|at| format!("/creches/{at}/summaries/2025Q3")).await,
            figures.reading(|at| format!("/creches/{at}/attendanceStatements?from=2025-01&to=2025-12")).await,
            figures.reading(|at| format!("/creches/{at}/attendanceStatements/2025-09")).await,
            figures.reading(|_| "/events?pageSize=100".to_owned()).await,
        ];
        let deposit = figures.deposits().await;
        println!("{written:>10} {deposit:>7.3} ms {summary:>7.3} ms {list:>7.3} ms {read:>7.3} ms {feed:>7.3} ms");
        drop(gateway);
        world.remove().await;
    }
}

struct Figures<'a> {
    world: &'a World,
    gateway: &'a Gateway,
    http: Client,
}

impl Figures<'_> {
    /// A crèche and its key, another one each time. They are those of a few organisers all over the database, as many at
    /// every size: what differs is the size, not how much is in memory.
    fn seat(&self, turn: usize) -> (CrecheId, &str) {
        let tenants = &self.world.tenants;
        let tenant = &tenants[turn / CRECHES % BUSY * (tenants.len() / BUSY)];
        (tenant.creches[turn % CRECHES], &tenant.key)
    }

    /// Milliseconds of processor time for one reading at this path.
    async fn reading(&self, path: impl Fn(CrecheId) -> String) -> f64 {
        let read = async |turn: usize| {
            let (creche, key) = self.seat(turn);
            let request = self.http.get(format!("{}{}", self.gateway.api, path(creche)));
            send(request.bearer_auth(key)).await;
        };
        for turn in 0..READINGS / 10 {
            read(turn).await;
        }
        let before = processor_ms(self.gateway.process());
        for turn in 0..READINGS {
            read(turn).await;
        }
        (processor_ms(self.gateway.process()) - before) / f64::from(u32::try_from(READINGS).unwrap())
    }

    /// The same for one first deposit of a statement of 40 × 20.
    async fn deposits(&self) -> f64 {
        let bodies = MONTHS.map(|month| documents::statement(month, 40, 20, 0));
        let mut before = 0.0;
        for turn in 0..DEPOSITS {
            if turn == DEPOSITS / 10 {
                before = processor_ms(self.gateway.process());
            }
            let ((creche, key), month) = (self.seat(turn), turn / (BUSY * CRECHES));
            let path = format!("{}/creches/{creche}/attendanceStatements/{}", self.gateway.api, MONTHS[month]);
            let request = self.http.request(Method::PUT, path).bearer_auth(key).body(bodies[month].clone());
            send(request.header("content-type", "application/json")).await;
        }
        (processor_ms(self.gateway.process()) - before) / f64::from(u32::try_from(DEPOSITS - DEPOSITS / 10).unwrap())
    }
}
