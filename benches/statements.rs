//! What one request costs, next to the least that it could cost: `cargo bench --bench statements`.
//!
//! Real HTTP on loopback, durable commits on SQLite, one request at a time, gateway and floor in turn. Measured is the
//! processor time of the two processes, from the kernel's account: what the client spends is in neither.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, dead_code, reason = "shared between benches")]

mod house;

use house::figures::{Contender, compare, head};
use house::floor::{self, Floor};
use house::{Gateway, Tenant, World, client, documents, send};
use passerelle::ids::CrecheId;
use passerelle::ingest::workbook::XLSX;
use reqwest::Client;

/// The organisers of the world and the crèches of each.
const ORGANISERS: usize = 50;
const CRECHES: usize = 4;
/// The persons of each register.
const REGISTER: usize = 100;
/// The months that are deposited: a first deposit each time, of another crèche or month.
const MONTHS: [&str; 12] = [
    "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10",
    "2025-11", "2025-12",
];
/// Those of them without a public holiday.
const WITHOUT_HOLIDAYS: [&str; 4] = ["2025-02", "2025-03", "2025-09", "2025-10"];
const JSON: &str = "application/json";

fn main() {
    if floor::play_role() {
        return;
    }
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let world = World::new(ORGANISERS, CRECHES).await;
    let gateway = world.serve();
    let floor = Floor::start(world.folder());
    let bench = Bench { http: client(), world: &world, gateway: &gateway, floor: &floor };
    bench.enter_doctors().await;
    head();
    let attendance = |path, media| Kind { path, media, collection: "attendanceStatements", creches: CRECHES };
    let medical = Kind { path: "medical", media: JSON, collection: "medicalStatements", creches: 1 };
    let json = |children| move |month: &str| documents::statement(month, children, 20, 0);
    let xlsx = |children| move |month: &str| documents::workbook(month, children, 20);
    // Each case has months of its own.
    bench.deposits("JSON, 40 × 20", attendance("attendance", JSON), &MONTHS[..5], json(40)).await;
    bench.deposits("JSON, 500 × 20", attendance("attendance", JSON), &MONTHS[5..7], json(500)).await;
    bench.deposits("xlsx, 40 × 20", attendance("workbook", XLSX), &MONTHS[7..10], xlsx(40)).await;
    bench.deposits("xlsx, 500 × 20", attendance("workbook", XLSX), &MONTHS[10..], xlsx(500)).await;
    let consultations = |month: &str| documents::consultations(month, &documents::inami(0), 60);
    bench.deposits("medical month of 60", medical, &WITHOUT_HOLIDAYS, consultations).await;
    bench.register("register of 100 persons").await;
    bench.readings("statement", "row", |at| format!("/creches/{at}/attendanceStatements/2025-02")).await;
    bench.readings("quarter's summary", "row", |at| format!("/creches/{at}/summaries/2025Q1")).await;
    bench.readings("page of events", "page", |_| "/events?pageSize=100".to_owned()).await;
}

/// What is deposited: where at the floor, as what, and where at the gateway.
struct Kind {
    path: &'static str,
    media: &'static str,
    collection: &'static str,
    /// Of so many crèches of each organiser: a doctor cannot be in two at once.
    creches: usize,
}

struct Bench<'a> {
    http: Client,
    world: &'a World,
    gateway: &'a Gateway,
    floor: &'a Floor,
}

impl Bench<'_> {
    /// Registers a doctor at every organiser.
    async fn enter_doctors(&self) {
        for tenant in &self.world.tenants {
            let doctor = documents::doctor(&documents::inami(0), &tenant.creches);
            let request = self.http.post(format!("{}/doctors", self.gateway.api)).bearer_auth(&tenant.key);
            send(request.header("content-type", JSON).body(doctor)).await;
        }
    }

    /// A request to the floor with this body.
    async fn put_floor(&self, path: &str, body: &[u8]) {
        send(self.http.put(format!("{}/{path}", self.floor.url)).body(body.to_vec())).await;
    }

    /// First deposits: each of these months, for every crèche.
    async fn deposits(&self, what: &str, kind: Kind, months: &[&str], body: impl Fn(&str) -> Vec<u8>) {
        let Kind { path, media, collection, creches } = kind;
        let bodies: Vec<Vec<u8>> = months.iter().map(|month| body(month)).collect();
        let floor = async |number: usize| self.put_floor(path, &bodies[number % bodies.len()]).await;
        let gateway = async |number: usize| {
            let (creche, at) = (number / bodies.len(), number % bodies.len());
            let tenant = &self.world.tenants[creche / creches];
            let creche = tenant.creches[creche % creches];
            let address = format!("{}/creches/{creche}/{collection}/{}", self.gateway.api, months[at]);
            let request = self.http.put(address).bearer_auth(&tenant.key).header("content-type", media);
            send(request.body(bodies[at].clone())).await;
        };
        self.compare(what, bodies.len() * ORGANISERS * creches, floor, gateway).await;
    }

    /// The register of each organiser, in which one person differs each time.
    async fn register(&self, what: &str) {
        let bodies = |edition| {
            let register = |(number, tenant): (usize, &Tenant)| {
                let persons = number * REGISTER..(number + 1) * REGISTER;
                documents::register(&tenant.creches[0].to_string(), persons, edition)
            };
            self.world.tenants.iter().enumerate().map(register).collect::<Vec<_>>()
        };
        let bodies = [bodies(0), bodies(1)];
        let floor = async |number: usize| self.put_floor("register", &bodies[0][number % ORGANISERS]).await;
        let gateway = async |number: usize| {
            let (edition, at) = (number / ORGANISERS % 2, number % ORGANISERS);
            let request = self.http.put(format!("{}/staffRegister", self.gateway.api)).header("if-match", "*");
            let request = request.bearer_auth(&self.world.tenants[at].key).header("content-type", JSON);
            send(request.body(bodies[edition][at].clone())).await;
        };
        self.compare(what, 6 * ORGANISERS, floor, gateway).await;
    }

    /// Readings at this path, of another crèche each time.
    async fn readings(&self, what: &str, floor: &str, path: impl Fn(CrecheId) -> String) {
        let floor = async |_| send(self.http.get(format!("{}/{floor}", self.floor.url))).await;
        let gateway = async |number: usize| {
            let tenant = &self.world.tenants[number / CRECHES % ORGANISERS];
            let path = path(tenant.creches[number % CRECHES]);
            send(self.http.get(format!("{}{path}", self.gateway.api)).bearer_auth(&tenant.key)).await;
        };
        self.compare(what, 4_000, floor, gateway).await;
    }

    async fn compare(&self, what: &str, times: usize, floor: impl AsyncFnMut(usize), gateway: impl AsyncFnMut(usize)) {
        let floor = Contender { process: self.floor.process(), send: floor };
        let gateway = Contender { process: self.gateway.process(), send: gateway };
        compare(what, times, floor, gateway).await;
    }
}
