//! The last evening before the deadline: 1 600 crèches deposit the presences and consultations of the three months of a quarter
//! at once, and their organisers their registers, and nothing is lost. On the way: how soon the gateway starts, and how much
//! memory it takes. `cargo bench --bench rush`; with `PASSERELLE_BENCH_ENGINE=postgres` on a server, and with `-- 2` two
//! gateways answer. The deposits of an organiser come at the same moment; with `-- apart` each sender serves one
//! organiser at a time, as software does that deposits one document after another.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, dead_code, reason = "shared between benches")]

mod house;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use house::figures::{middle, milliseconds, processor_ms, processor_ms_of_all};
use house::postgres::PostgresDatabase;
use house::{Gateway, Tenant, World, client, documents, send};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

const ORGANISERS: usize = 400;
const CRECHES: usize = 4;
const MONTHS: [&str; 3] = ["2026-07", "2026-08", "2026-09"];
/// The consultations of a month of a crèche, and the persons of a register.
const CONSULTATIONS: usize = 12;
const PERSONS: usize = 25;
/// How many deposit at the same time.
const AT_ONCE: usize = 32;

fn main() {
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1);
    let world = World::on_chosen_engine(ORGANISERS, CRECHES).await;
    println!("{count} gateway(s), {}", world.engine());
    starts(&world);
    let gateway = world.serve();
    let others: Vec<_> = (1..count).map(|_| world.serve()).collect();
    let gateways: Vec<_> = std::iter::once(&gateway).chain(&others).collect();
    let http = client();
    let health = http.get(format!("{}/health", gateway.api)).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("resident memory, idle: {:.1} MiB", gateway.memory().0);
    enter_doctors(&world, &gateways, &http).await;
    rush(&world, &gateways, &http).await;
    println!("resident memory after the rush: {:.1} MiB, at most {:.1} MiB", gateway.memory().0, gateway.memory().1);
    verify(&world, &gateway, &http).await;
    drop((gateway, others));
    let gateway = world.serve();
    println!("killed and started again in {:.0} ms; every figure is read once more", milliseconds(gateway.started_in));
    verify(&world, &gateway, &http).await;
    largest(&world, &gateway, &http).await;
    println!("resident memory after the largest: {:.1} MiB, at most {:.1} MiB", gateway.memory().0, gateway.memory().1);
    drop(gateway);
    world.remove().await;
}

/// From the start of the process to the first accepted request.
fn starts(world: &World) {
    let times = (0..11).map(|_| milliseconds(world.serve().started_in));
    let [quarter, half, three] = middle(times);
    println!("start: {half:.0} ms (middle half {quarter:.0} to {three:.0} ms)");
}

/// A deposit of the rush.
struct Deposit {
    address: String,
    key: String,
    body: Bytes,
}

/// Every month of every kind, what an organiser deposits of a month together: presences and consultations of each crèche, and
/// its register; each at the next gateway.
fn deposits(world: &World, gateways: &[&Gateway]) -> Vec<Vec<Deposit>> {
    let consultations = |month: &str| {
        let of = |doctor| Bytes::from(documents::consultations(month, &documents::inami(doctor), CONSULTATIONS));
        (0..CRECHES).map(of).collect::<Vec<_>>()
    };
    let mut turns = gateways.iter().cycle();
    let mut all = Vec::new();
    for (edition, month) in MONTHS.iter().enumerate() {
        let presences = Bytes::from(documents::statement(month, 40, 21, 0));
        let consultations = consultations(month);
        for (number, Tenant { creches, key, .. }) in world.tenants.iter().enumerate() {
            let mut deposit = |path: String, body| {
                let address = format!("{}{path}", turns.next().unwrap().api);
                Deposit { address, key: key.clone(), body }
            };
            let mut of_tenant = Vec::new();
            for (creche, consultations) in creches.iter().zip(&consultations) {
                for (kind, body) in [("attendance", &presences), ("medical", consultations)] {
                    of_tenant.push(deposit(format!("/creches/{creche}/{kind}Statements/{month}"), body.clone()));
                }
            }
            let persons = number * PERSONS..(number + 1) * PERSONS;
            let register = documents::register(&creches[0].to_string(), persons, edition);
            of_tenant.push(deposit("/staffRegister".to_owned(), register.into()));
            all.push(of_tenant);
        }
    }
    all
}

/// Sends deposits one after another: the milliseconds that each took.
async fn send_all(http: &Client, deposits: Vec<Deposit>) -> Vec<f64> {
    let mut times = Vec::new();
    for Deposit { address, key, body } in deposits {
        let register = address.ends_with("Register");
        let request = http.put(address).bearer_auth(key).header("content-type", "application/json").body(body);
        let request = if register { request.header("if-match", "*") } else { request };
        let begun = Instant::now();
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        times.push(milliseconds(begun.elapsed()));
    }
    times
}

/// A doctor of each crèche, at each gateway in turn.
async fn enter_doctors(world: &World, gateways: &[&Gateway], http: &Client) {
    for Tenant { creches, key, .. } in &world.tenants {
        for (number, creche) in creches.iter().enumerate() {
            let doctor = documents::doctor(&documents::inami(number), &[*creche]);
            let gateway = gateways[number % gateways.len()];
            let request = http.post(format!("{}/doctors", gateway.api)).bearer_auth(key).body(doctor);
            send(request.header("content-type", "application/json")).await;
        }
    }
}

/// Sends everything, so many at once, and measures.
async fn rush(world: &World, gateways: &[&Gateway], http: &Client) {
    let servers = || {
        let own: f64 = gateways.iter().map(|gateway| processor_ms(gateway.process())).sum();
        let server = if world.server_url().is_some() { processor_ms_of_all("postgres") } else { 0.0 };
        (own, server)
    };
    let mut deposits = deposits(world, gateways);
    if !std::env::args().any(|word| word == "apart") {
        deposits = deposits.into_iter().flatten().map(|deposit| vec![deposit]).collect();
    }
    let deposits = Arc::new(Mutex::new(deposits.into_iter()));
    let (stop, stopped) = oneshot::channel();
    let mut locks = JoinSet::new();
    if let Some(url) = world.server_url() {
        locks.spawn(PostgresDatabase::watch_locks(url, stopped));
    }
    let before = servers();
    let (mut senders, begun) = (JoinSet::new(), Instant::now());
    for _ in 0..AT_ONCE {
        let (http, deposits) = (http.clone(), Arc::clone(&deposits));
        senders.spawn(async move {
            let mut times = Vec::new();
            while let Some(next) = { deposits.lock().unwrap().next() } {
                times.extend(send_all(&http, next).await);
            }
            times
        });
    }
    let times = senders.join_all().await.concat();
    let (count, took) = (u32::try_from(times.len()).unwrap(), begun.elapsed());
    // The log of the last calls is written after their answers.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = servers();
    let mut sorted = times;
    sorted.sort_by(f64::total_cmp);
    println!(
        "rush: {count} deposits in {:.1} s, {:.0} a second, {AT_ONCE} at once",
        took.as_secs_f64(),
        f64::from(count) / took.as_secs_f64()
    );
    let [own, server] = [after.0 - before.0, after.1 - before.1].map(|spent| spent / f64::from(count));
    println!(
        "  {:.2} ms of processor time for each, {own:.2} of the gateways and {server:.2} of the server",
        own + server
    );
    drop(stop);
    if let Some(seen) = locks.join_next().await {
        let (open, waiting) = seen.unwrap();
        println!(
            "  {waiting} of {open} transactions that were seen open waited for a lock; waits without a connection are not seen"
        );
    }
    let at = |share: usize| sorted[(sorted.len() - 1) * share / 100];
    println!("  answered in {:.0} ms (half), {:.0} ms (95 of 100), {:.0} ms (all)", at(50), at(95), at(100));
}

/// Every deposit that was accepted is there, once.
async fn verify(world: &World, gateway: &Gateway, http: &Client) {
    let mut found = 0;
    for Tenant { creches, key, .. } in &world.tenants {
        for creche in creches {
            for (kind, lines) in [("attendance", 40), ("medical", CONSULTATIONS)] {
                let list = read(gateway, http, key, &format!("/creches/{creche}/{kind}Statements")).await;
                let whole = |item: &&Value| item["revision"] == 1 && item["lines"] == lines;
                found += list["items"].as_array().unwrap().iter().filter(whole).count();
            }
        }
        let revisions = read(gateway, http, key, "/staffRegister/revisions").await;
        found += revisions["items"].as_array().unwrap().len();
        // The last edition, with everybody in it.
        let register = read(gateway, http, key, "/staffRegister").await;
        let full_time = |person: &&Value| person["contracts"][0]["functions"][0]["fteHundredths"] == 100;
        let persons = register["members"].as_array().unwrap().iter().filter(full_time).count();
        assert_eq!(persons, PERSONS, "persons of a register");
    }
    let wanted = ORGANISERS * (2 * CRECHES + 1) * MONTHS.len();
    println!("  {found} of {wanted} deposits found afterwards, {} lost", wanted - found);
    assert_eq!(found, wanted);
}

async fn read(gateway: &Gateway, http: &Client, key: &str, path: &str) -> Value {
    let answer = http.get(format!("{}{path}", gateway.api)).bearer_auth(key).send().await.unwrap();
    answer.error_for_status().unwrap().json().await.unwrap()
}

/// The largest statements, many at once: what memory does then.
async fn largest(world: &World, gateway: &Gateway, http: &Client) {
    let body = documents::statement("2026-07", 500, 23, 0);
    let (mut tasks, begun) = (JoinSet::new(), Instant::now());
    for tenant in world.tenants.iter().take(AT_ONCE) {
        for creche in &tenant.creches {
            let address = format!("{}/creches/{creche}/attendanceStatements/2026-07", gateway.api);
            let request = http.put(address).bearer_auth(&tenant.key).header("content-type", "application/json");
            let request = request.header("if-match", "\"1\"").body(body.clone());
            tasks.spawn(async move {
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
            });
        }
    }
    let count = tasks.join_all().await.len();
    println!("the largest: {count} statements of 500 × 23 at once, in {:.1} s", begun.elapsed().as_secs_f64());
}
