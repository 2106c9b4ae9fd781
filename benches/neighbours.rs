//! How long an organiser's small deposits take while another sends the largest documents: `cargo bench --bench
//! neighbours`. SQLite, real HTTP on loopback; the times are those of the client, since waiting is what is measured.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, dead_code, reason = "shared between benches")]

mod house;

use std::future::pending;
use std::time::Instant;

use house::figures::milliseconds;
use house::{Gateway, Tenant, World, client, documents, send};
use passerelle::ingest::workbook::XLSX;
use reqwest::Client;

/// The crèches of each of the two organisers.
const CRECHES: usize = 40;
/// The months of small deposits: one of each crèche alone, one while the neighbour is busy, and so on.
const MONTHS: [&str; 10] =
    ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10"];
/// The persons of the neighbour's register, and the children of its workbook.
const PERSONS: usize = 2_000;
const CHILDREN: usize = 500;
const JSON: &str = "application/json";

fn main() {
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let world = World::new(2, CRECHES).await;
    let gateway = world.serve();
    let bench = Bench { http: client(), gateway: &gateway, quiet: &world.tenants[0], busy: &world.tenants[1] };
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    bench.small(MONTHS[0], &mut Vec::new()).await;
    for months in MONTHS[2..].chunks(2) {
        bench.small(months[0], &mut alone).await;
        tokio::select! {
            () = bench.registers() => {}
            () = bench.workbooks(months) => {}
            () = bench.small(months[1], &mut beside) => {}
        }
    }
    println!("{:>22} {:>10} {:>10} {:>10}", "small deposits", "half", "99 of 100", "at most");
    show("alone", alone);
    show("beside the largest", beside);
}

fn show(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times[(times.len() - 1) * part / 100];
    println!("{what:>22} {:>7.1} ms {:>7.1} ms {:>7.1} ms", at(50), at(99), at(100));
}

struct Bench<'a> {
    http: Client,
    gateway: &'a Gateway,
    quiet: &'a Tenant,
    busy: &'a Tenant,
}

impl Bench<'_> {
    /// A small statement of each crèche for this month, one after the other, with the time that each took.
    async fn small(&self, month: &str, times: &mut Vec<f64>) {
        let body = documents::statement(month, 40, 20, 0);
        for creche in &self.quiet.creches {
            let path = format!("{}/creches/{creche}/attendanceStatements/{month}", self.gateway.api);
            let request = self.http.put(path).bearer_auth(&self.quiet.key).header("content-type", JSON);
            let begun = Instant::now();
            send(request.body(body.clone())).await;
            times.push(milliseconds(begun.elapsed()));
        }
    }

    /// The neighbour's register again and again, with a person that differs each time.
    async fn registers(&self) {
        let bodies = [0, 1].map(|edition| documents::register(&self.busy.creches[0].to_string(), 0..PERSONS, edition));
        for body in bodies.iter().cycle() {
            let request = self.http.put(format!("{}/staffRegister", self.gateway.api)).header("if-match", "*");
            let request = request.bearer_auth(&self.busy.key).header("content-type", JSON);
            send(request.body(body.clone())).await;
        }
    }

    /// The neighbour's largest workbooks, for each of its crèches and these months.
    async fn workbooks(&self, months: &[&str]) {
        for month in months {
            let body = documents::workbook(month, CHILDREN, 20);
            for creche in &self.busy.creches {
                let path = format!("{}/creches/{creche}/attendanceStatements/{month}", self.gateway.api);
                let request = self.http.put(path).bearer_auth(&self.busy.key).header("content-type", XLSX);
                send(request.body(body.clone())).await;
            }
        }
        println!("the neighbour had no workbook left: the times are too good");
        pending::<()>().await;
    }
}
