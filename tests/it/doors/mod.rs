//! One verdict by every door: each rule is broken and kept through JSON and through a workbook.

mod annotated;
mod catalogue;
mod corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::{Date, date};
use passerelle::clock::Clock as _;
use passerelle::domain::closure::Closure;
use passerelle::domain::creche::Places;
use passerelle::ids::CrecheId;
use passerelle::store;
use passerelle::store::creches::Record;
use serde::Deserialize;
use serde_json::Value;

use crate::harness::app::{TestApp, organiser};
use crate::harness::book::book;
use crate::harness::call::{JSON, Reply, XLSX};

/// The table of `sandbox/corpus`.
#[derive(Deserialize)]
struct Corpus {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    rule: String,
    context: Given,
    passing_context: Option<Given>,
    #[serde(default)]
    also: BTreeSet<String>,
    repeat: Option<BTreeMap<String, usize>>,
    failing: Option<Value>,
    failing_text: Option<String>,
    passing: Value,
    doors: Option<BTreeSet<String>>,
}

/// What the gateway knows besides the document.
#[derive(Deserialize)]
struct Given {
    month: String,
    today: Date,
    capacity: u32,
    closures: Vec<Closure>,
    subsidised: bool,
    latest: Option<Latest>,
}

/// What was deposited before.
#[derive(Deserialize)]
struct Latest {
    month: String,
    statement: Value,
}

fn cases() -> Vec<Case> {
    serde_json::from_str::<Corpus>(include_str!("../../../sandbox/corpus/attendance.json")).unwrap().cases
}

impl Case {
    /// Whether it can be told by this door.
    fn by(&self, door: &str) -> bool {
        self.doors.as_ref().is_none_or(|doors| doors.contains(door))
    }

    /// What its failing statement shows.
    fn shows(&self) -> BTreeSet<&str> {
        self.also.iter().chain([&self.rule]).map(String::as_str).collect()
    }

    fn failing(&self) -> Value {
        self.repeated("failing", self.failing.as_ref().expect("a case of a document"))
    }

    fn passing(&self) -> Value {
        self.repeated("passing", &self.passing)
    }

    fn passing_context(&self) -> &Given {
        self.passing_context.as_ref().unwrap_or(&self.context)
    }

    fn repeated(&self, which: &str, statement: &Value) -> Value {
        let Some(repeat) = &self.repeat else { return statement.clone() };
        let line = statement["lines"][0].to_string();
        let lines: Vec<_> = (1..=repeat[which]).map(|number| line.replace("{n}", &number.to_string())).collect();
        serde_json::from_str(&format!("{{\"lines\":[{}]}}", lines.join(","))).unwrap()
    }
}

impl Given {
    /// Makes it so, for a crèche of its own: the path of its statement.
    async fn prepare(&self, app: &TestApp) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let at = NEXT.fetch_add(1, Ordering::Relaxed);
        self.travel(app);
        let id: CrecheId = format!("019a5c00-0000-7000-8000-0000001{at:05}").parse().unwrap();
        let record = Record {
            id,
            name: format!("Crèche {at}"),
            one_number: format!("99/{at}"),
            subsidised: self.subsidised,
            authorised_from: date(2020, 1, 1),
            authorised_until: None,
            closures_version: 0,
            created_at: app.clock.now(),
        };
        let mut tx = app.app.db.write().await.unwrap();
        assert!(store::creches::insert(&mut tx, organiser(), &record).await.unwrap());
        let places = Places { from: date(2020, 1, 1), places: self.capacity };
        store::creches::set_places(&mut tx, organiser(), id, places).await.unwrap();
        store::closures::replace(&mut tx, organiser(), id, 0, &self.closures).await.unwrap();
        tx.commit().await.unwrap();
        if let Some(latest) = &self.latest {
            let path = format!("/creches/{id}/attendanceStatements/{}", latest.month);
            app.vendor().put(path, latest.statement.clone()).await.expect(201);
        }
        format!("/creches/{id}/attendanceStatements/{}", self.month)
    }

    /// Makes it today.
    fn travel(&self, app: &TestApp) {
        app.travel(&format!("{}T12:00:00Z", self.today));
    }
}

/// Sends a statement by a door.
async fn put(app: &TestApp, path: &str, door: &str, statement: &Value) -> Reply {
    let month = path.rsplit('/').next().unwrap();
    let (media, body) = match door {
        "json" => (JSON, statement.to_string().into_bytes()),
        _ => (XLSX, book(month, statement)),
    };
    app.vendor().call(axum::http::Method::PUT, path).body(media, body).if_none_match("*").await
}

/// The codes of everything found, warnings too.
fn found(reply: &Reply) -> BTreeSet<&str> {
    reply.codes("issues").into_iter().chain(reply.codes("warnings")).collect()
}
