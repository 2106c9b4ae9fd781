//! The proxies of others in front of the gateway, with the configurations that are shipped in `docs/deploy`. The programs are
//! named in `PASSERELLE_TEST_PROXIES` (`nginx,caddy,haproxy`); a test whose program is not named says that it skips, and
//! where `PASSERELLE_TEST_REQUIRE` has `proxies` it fails.

mod front;

use serde_json::json;

use self::front::{Client, Front, Program};
use crate::cli::{Operator, World, attendance_document, poll_until};
use crate::harness::database::Database;

/// A gateway that trusts this machine as its proxy and lets an address fail twice, a proxy in front of it, and its
/// database.
struct Stage {
    front: Front,
    world: World,
    _gateway: crate::cli::Serving,
    _operator: Operator,
    _database: Database,
}

impl Stage {
    async fn start(program: Program) -> Option<Self> {
        program.is_there().then_some(())?;
        let database = Database::sqlite().await;
        let operator = Operator::at(&database);
        let world = operator.register_world();
        operator.configure(&database.url, "trustedProxies = [\"127.0.0.1\"]");
        operator.configure_more("[limits]\nfailuresPerMinute = 1\nfailuresBurst = 2\n");
        let gateway = operator.serve();
        let front = Front::start(program, gateway.address());
        let nobody = front.client([127, 0, 0, 9], "");
        poll_until(async || nobody.reaches().await).await;
        Some(Self { front, world, _gateway: gateway, _operator: operator, _database: database })
    }

    /// A client with the key, at an address of its own.
    fn vendor(&self) -> Client {
        self.front.client([127, 0, 0, 4], &self.world.key)
    }
}

/// A client that pretends to be another one with every request is counted by the address that it really has.
async fn nobody_hides(stage: &Stage) {
    let attacker = stage.front.client([127, 0, 0, 2], "");
    for (turn, expected) in [401, 401, 429].into_iter().enumerate() {
        let invented = format!("198.51.100.{turn}");
        let request = attacker.get("/caller").header("x-forwarded-for", &invented);
        let request = request.header("forwarded", format!("for={invented}")).header("x-real-ip", invented);
        let (status, told) = Client::answer(request).await;
        assert_eq!(status, expected, "{told}");
    }
    let other = stage.front.client([127, 0, 0, 3], "");
    let (status, told) = Client::answer(other.get("/caller").header("x-forwarded-for", "127.0.0.2")).await;
    assert_eq!(status, 401, "{told}");
    let (status, told) = Client::answer(stage.vendor().get("/caller")).await;
    assert_eq!(status, 200, "{told}");
}

/// The largest body arrives, and who sends too much reads the gateway's answer.
async fn large_bodies_go_through(stage: &Stage) {
    let path = format!("/creches/{}/attendanceStatements/2026-07", stage.world.creche);
    for (size, status, kind) in [(9_900_000, 400, "badRequest"), (12_000_000, 413, "payloadTooLarge")] {
        let (got, told) = Client::answer(stage.vendor().put(&path, " ".repeat(size))).await;
        assert_eq!(got, status, "{told}");
        assert_eq!(told["type"].as_str().and_then(|kind| kind.rsplit(':').next()), Some(kind), "{told}");
    }
}

/// A request that waits for events is answered when there is one.
async fn waiting_goes_through(stage: &Stage) {
    let vendor = stage.vendor();
    let path = format!("/creches/{}/attendanceStatements/2026-06", stage.world.creche);
    let poll = Client::answer(vendor.get("/events?type=attendanceStatement.deposited&wait=30"));
    let deposit = Client::answer(vendor.put(&path, attendance_document("2026-06").to_string()));
    let ((status, told), (deposited, _)) = tokio::join!(poll, deposit);
    assert_eq!((status, deposited), (200, 201), "{told}");
    assert_eq!(told["items"][0]["type"], json!("attendanceStatement.deposited"), "{told}");
}

async fn check_proxy(program: Program) {
    let Some(stage) = Stage::start(program).await else { return };
    nobody_hides(&stage).await;
    large_bodies_go_through(&stage).await;
    waiting_goes_through(&stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_as_shipped_names_the_client_and_lets_bodies_and_polls_through() {
    check_proxy(Program::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_as_shipped_names_the_client_and_lets_bodies_and_polls_through() {
    check_proxy(Program::Caddy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_as_shipped_names_the_client_and_lets_bodies_and_polls_through() {
    check_proxy(Program::Haproxy).await;
}
