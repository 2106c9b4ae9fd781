//! What worlds may take at most: rows, and messages to other machines, each of one world and of all.

use std::path::PathBuf;

use passerelle::store::{Db, row_count};
use reqwest::Method;
use serde_json::{Value, json};

use super::{MadeWorld, WorldClient, autumn};
use crate::cli::{Operator, Serving, poll_until};
use crate::harness::database::Database;
use crate::harness::process::answer;
use crate::harness::receiver::Receiver;

/// A sandbox whose caps are configured anew with each start.
struct Hosted {
    operator: Operator,
}

impl Hosted {
    async fn new() -> Self {
        Self { operator: Operator::at(&Database::sqlite().await) }
    }

    fn worlds(&self) -> PathBuf {
        self.operator.path("worlds")
    }

    /// Starts it with these caps.
    fn serve(&self, caps: &str) -> (Serving, WorldClient) {
        self.operator.configure("sqlite:hosted.db", "deployment = \"sandbox\"");
        let directory = self.worlds().display().to_string();
        self.operator.configure_more("[webhooks]\nallowedNetworks = [\"127.0.0.0/8\"]\n");
        self.operator.configure_more(&format!("[worlds]\ndirectory = \"{directory}\"\n{caps}"));
        self.operator.run(&["migrate"]).expect_success();
        let serving = self.operator.serve();
        let client = WorldClient::at(&format!("http://{}", serving.address()));
        (serving, client)
    }

    /// The rows of a database of a world.
    async fn rows(&self, world: &MadeWorld, file: &str) -> u64 {
        let file = self.worlds().join(world.text("/id")).join(file);
        let db = Db::connect(&format!("sqlite:{}", file.display())).await.unwrap();
        let rows = row_count::count_rows(&mut db.read().await.unwrap()).await.unwrap();
        db.close().await;
        rows
    }
}

impl WorldClient {
    /// The same world after another start: opened, with the addresses of now.
    async fn again(&self, world: &MadeWorld) -> MadeWorld {
        let (status, mut shown) = self.call(Method::GET, &world.path(""), world.secret()).await;
        assert_eq!(status, 200, "{shown}");
        shown["secret"] = world.secret().into();
        MadeWorld(shown)
    }

    async fn reset(&self, world: &MadeWorld) {
        let (status, problem) = self.call(Method::POST, &world.path("/reset"), world.secret()).await;
        assert_eq!(status, 200, "{problem}");
    }
}

/// The months of a year.
fn months() -> impl Iterator<Item = String> {
    (1..=9).map(|month| format!("2026-{month:02}"))
}

/// Deposits every month.
async fn fill(world: &MadeWorld) {
    for month in months() {
        assert_eq!(world.deposit(&month).await.0, 201);
    }
}

/// A deposit is refused because there is no room.
async fn is_full(world: &MadeWorld) {
    let (status, problem) = world.deposit("2025-12").await;
    let expected = json!("urn:problem-type:passerelle:insufficientStorage");
    assert_eq!((status, &problem["type"]), (507, &expected), "{problem}");
    assert_eq!(world.vendor().read("/caller").await.0, 200, "it is still read");
}

#[tokio::test]
async fn a_world_with_all_its_rows_takes_content_again_after_a_reset() {
    let hosted = Hosted::new().await;
    let (serving, client) = hosted.serve("");
    let (full, other) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    fill(&full).await;
    assert_eq!(serving.stop(), Some(0));
    let (most, first) = (hosted.rows(&full, "passerelle.db").await, hosted.rows(&full, "beginning.db").await);
    assert!(most > first + 20, "{most} after {first}");
    let (_serving, client) = hosted.serve(&format!("rowsEach = {most}\n"));
    let (full, other) = (client.again(&full).await, client.again(&other).await);
    is_full(&full).await;
    assert_eq!(other.deposit("2026-09").await.0, 201, "another world has rows left");
    client.reset(&full).await;
    assert_eq!(full.deposit("2026-09").await.0, 201);
}

#[tokio::test]
async fn rows_of_all_worlds_are_added_up() {
    let hosted = Hosted::new().await;
    let (serving, client) = hosted.serve("");
    let (one, two) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    fill(&one).await;
    fill(&two).await;
    assert_eq!(serving.stop(), Some(0));
    let most = hosted.rows(&one, "passerelle.db").await + hosted.rows(&two, "passerelle.db").await;
    let (_serving, client) = hosted.serve(&format!("rowsInAll = {most}\n"));
    let one = client.again(&one).await;
    assert_eq!(one.deposit("2025-12").await.0, 201, "one alone is within the total");
    let two = client.again(&two).await;
    is_full(&two).await;
    client.reset(&two).await;
    assert_eq!(two.deposit("2026-09").await.0, 201);
}

/// An endpoint of a world, verified, which took one message.
async fn endpoint(world: &MadeWorld) -> (Receiver, String) {
    let mut receiver = Receiver::start().await;
    let document = json!({ "url": receiver.url(), "eventTypes": ["attendanceStatement.deposited"] });
    let (status, created) = answer(world.vendor().post("/webhookEndpoints", document.to_string())).await.unwrap();
    assert_eq!(status, 201, "{created}");
    let path = format!("/webhookEndpoints/{}", created["id"].as_str().unwrap());
    let verification = world.vendor().post(&format!("{path}/verifications"), "{}".to_owned());
    let (status, verified) = answer(verification).await.unwrap();
    assert_eq!((status, &verified["verified"]), (200, &json!(true)), "{verified}");
    assert_eq!(receiver.arrived().len(), 1);
    (receiver, path)
}

/// The months of the next messages, in their order.
async fn told(receiver: &mut Receiver, count: usize) -> Vec<String> {
    let mut months = Vec::new();
    for _ in 0..count {
        months.push(receiver.next().await.event()["data"]["period"].as_str().unwrap().to_owned());
    }
    months.sort();
    months
}

/// Waits until the message about a month was tried in vain.
async fn is_tried_in_vain(world: &MadeWorld, path: &str, month: &str) {
    let vendor = world.vendor();
    let feed = vendor.read("/events?after=0&pageSize=500").await.1;
    let about = |event: &&Value| event["data"]["period"] == month;
    let id = feed["items"].as_array().unwrap().iter().rfind(about).unwrap()["id"].as_str().unwrap().to_owned();
    let failure = async || {
        let delivery = vendor.read(&format!("{path}/deliveries/{id}")).await.1;
        delivery["attempts"].as_array().is_some_and(|tried| tried.iter().any(|one| one["failure"] == "unreachable"))
    };
    poll_until(failure).await;
}

#[tokio::test]
async fn messages_beyond_the_cap_of_a_world_are_sent_later_and_do_not_count_for_others() {
    let hosted = Hosted::new().await;
    let (serving, client) = hosted.serve("messagesEach = 3\nmessagesInAll = 6\n");
    let (one, two) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    let (mut receiver, path) = endpoint(&one).await;
    for month in ["2026-06", "2026-07"] {
        assert_eq!(one.deposit(month).await.0, 201);
    }
    assert_eq!(told(&mut receiver, 2).await, ["2026-06", "2026-07"]);
    for month in ["2026-08", "2026-09"] {
        assert_eq!(one.deposit(month).await.0, 201, "the deposit itself is accepted");
        is_tried_in_vain(&one, &path, month).await;
    }
    let (mut other, _) = endpoint(&two).await;
    assert_eq!(two.deposit("2026-09").await.0, 201);
    assert_eq!(told(&mut other, 1).await, ["2026-09"]);
    assert!(receiver.arrived().is_empty(), "what is beyond the cap is not sent");
    assert_eq!(serving.stop(), Some(0));
    let (_serving, client) = hosted.serve("");
    let one = client.again(&one).await;
    client.moved(&one, json!({ "by": "P1D" })).await;
    assert_eq!(told(&mut receiver, 2).await, ["2026-08", "2026-09"]);
    assert!(receiver.arrived().is_empty() && other.arrived().is_empty(), "each is sent once");
}

#[tokio::test]
async fn messages_of_all_worlds_are_added_up() {
    let hosted = Hosted::new().await;
    let (serving, client) = hosted.serve("messagesInAll = 3\n");
    let (one, two) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    let (mut first, _) = endpoint(&one).await;
    let (mut second, path) = endpoint(&two).await;
    assert_eq!(one.deposit("2026-09").await.0, 201);
    assert_eq!(told(&mut first, 1).await, ["2026-09"]);
    assert_eq!(two.deposit("2026-09").await.0, 201);
    is_tried_in_vain(&two, &path, "2026-09").await;
    assert!(second.arrived().is_empty());
    assert_eq!(serving.stop(), Some(0));
    let (_serving, client) = hosted.serve("");
    let two = client.again(&two).await;
    client.moved(&two, json!({ "by": "P1D" })).await;
    assert_eq!(told(&mut second, 1).await, ["2026-09"]);
}
