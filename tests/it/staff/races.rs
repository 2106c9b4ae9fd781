//! Requests during which another one writes the register.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use passerelle::app::Clocks;
use passerelle::clock::Clock;
use passerelle::store::DbOptions;
use serde_json::json;
use tokio::time::timeout;

use super::{contract, person, put};
use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::{Call, Reply};
use crate::harness::database::{Database, each_engine};

/// A clock that counts how often it was asked for the day: a request asks each time that it has read the register.
struct CountedDays {
    clock: Arc<dyn Clock>,
    asked: AtomicUsize,
}

impl CountedDays {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Clock for CountedDays {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn today(&self) -> Date {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.clock.today()
    }
}

/// A gateway, and the clock of its organisers.
async fn gateway(database: &Database) -> (TestApp, Arc<CountedDays>) {
    let mut days = None;
    let app = TestApp::of_parts(database, |parts| {
        let machine = parts.clocks.shared_machine();
        let counted = Arc::new(CountedDays { clock: Arc::clone(&machine), asked: AtomicUsize::new(0) });
        parts.clocks = Clocks::with_common_business_time(machine, counted.clone());
        days = Some(counted);
    })
    .await;
    (app, days.unwrap())
}

/// Runs a request until it has read the register once more, and leaves it there; the reply where it ends before.
async fn until_read(request: &mut <Call<'_> as IntoFuture>::IntoFuture, days: &CountedDays) -> Option<Reply> {
    let before = days.asked();
    poll_fn(|context| match request.as_mut().poll(context) {
        Poll::Ready(reply) => Poll::Ready(Some(reply)),
        Poll::Pending if days.asked() > before => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// How long a change waits at most for a request that was left. On a busy machine answers of the database may be there at
/// once, so that a request gets further than the read in one poll, to where it holds the organiser's turn.
const STUCK: Duration = Duration::from_secs(3);

/// Enters a person, whose path it returns.
async fn enter(app: &TestApp) -> String {
    let entered = app.vendor().post("/staffMembers", person("E-9", None, "Maes")).await.expect(201);
    format!("/staffMembers/{}", entered["id"].as_str().unwrap())
}

/// Writes the next revision of the register, in which this person works so many hundredths. It takes no permit for CPU
/// work: a request that was left may have one.
async fn change(app: &TestApp, path: &str, hundredths: u32) {
    let contracts = json!({ "contracts": [contract("C-1", CRECHE, hundredths)] });
    let changed = app.vendor().patch(path, contracts).if_match("*").await.expect(200);
    changed.has(&json!({ "written": true }));
}

#[tokio::test]
async fn a_revision_has_its_own_persons_although_the_next_one_is_written_meanwhile() {
    each_engine(async |database| {
        let (app, days) = gateway(database).await;
        let (vendor, path) = (app.vendor(), enter(&app).await);
        for hundredths in [40, 35, 30, 25, 20] {
            let number = vendor.get("/staffRegister").await.expect(200)["revision"].as_u64().unwrap();
            let current = format!("/staffRegister/revisions/{number}");
            let before = vendor.get(&current).await.expect(200);
            let mut request = vendor.get(&current).into_future();
            let early = until_read(&mut request, &days).await;
            assert!(early.is_none(), "answered before the next revision was written: {early:?}");
            let changed = timeout(STUCK, change(&app, &path, hundredths)).await;
            let read = request.await.expect(200);
            read.has(&json!({ "revision": number, "members": before["members"] }));
            if changed.is_ok() {
                let next = vendor.get(format!("/staffRegister/revisions/{}", number + 1)).await.expect(200);
                assert_ne!(next["members"], before["members"]);
                return;
            }
        }
        panic!("the request that was left held what the change needs, each time");
    })
    .await;
}

/// Four deposits of a client, a new person in each.
async fn deposit_four(app: &TestApp, client: u32) {
    for turn in 1..=4 {
        let one = person(&reference(client, turn), None, &format!("Exemple {client}{turn}"));
        put(app, &[one]).await.expect(200);
    }
}

fn reference(client: u32, turn: u32) -> String {
    format!("N-{client}{turn}")
}

/// Four clients at two gateways at once; the register afterwards. `None` without a server.
async fn at_two_gateways(client: impl AsyncFn(&TestApp, u32)) -> Option<Reply> {
    let database = Database::postgres().await?;
    let second = database.opened_with(DbOptions::default()).await;
    let (one, other) = (TestApp::start(&database).await, TestApp::start(&second).await);
    tokio::join!(client(&one, 1), client(&other, 2), client(&one, 3), client(&other, 4));
    let read = one.vendor().get("/staffRegister").await.expect(200);
    second.db.close().await;
    Some(read)
}

#[tokio::test]
async fn registers_of_four_clients_at_two_gateways_are_all_accepted_and_none_is_lost() {
    let Some(read) = at_two_gateways(deposit_four).await else { return };
    assert_eq!(read["revision"], 3 + 16);
    let found = read.each("members", "reference");
    let sent = (1..=4).flat_map(|client| (1..=4).map(move |turn| reference(client, turn)));
    let lost: Vec<_> = sent.filter(|one| !found.contains(&json!(one))).collect();
    assert!(lost.is_empty(), "{lost:?} of {found:?}");
}

/// Four persons of a client, each with more functions than are collected for the commit.
async fn enter_four(app: &TestApp, client: u32) {
    for turn in 1..=4 {
        let mut one = person(&reference(client, turn), None, &format!("Exemple {client}{turn}"));
        one["contracts"] = (1..=6).map(|number| contract(&format!("C-{number}"), CRECHE, 10)).collect();
        app.vendor().post("/staffMembers", one).await.expect(201);
    }
}

#[tokio::test]
async fn persons_with_many_functions_are_entered_at_two_gateways_at_once() {
    let Some(read) = at_two_gateways(enter_four).await else { return };
    assert_eq!((read["revision"].as_u64(), read["members"].as_array().unwrap().len()), (Some(3 + 16), 3 + 16));
}
