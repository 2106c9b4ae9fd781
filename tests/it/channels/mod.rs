//! One verdict by every channel: each rule is broken and met through JSON and through a workbook.

mod annotated;
mod catalogue;
mod cells;
mod corpus;
mod former_workbooks;
mod legacy;
mod offline;
mod one_cause;
pub(crate) mod places;
mod received;
mod typed;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Method;
use jiff::civil::{Date, date};
use passerelle::api::rule_cases::CASES;
use passerelle::app::doctors;
use passerelle::domain::closure::Closure;
use passerelle::domain::creche::Places;
use passerelle::domain::doctor::Decision;
use passerelle::domain::statement::StatementKind;
use passerelle::ids::CrecheId;
use passerelle::store;
use passerelle::store::creches::CrecheRecord;
use passerelle::store::limited_delete::EVERY_ROW;
use serde::Deserialize;
use serde_json::Value;

use crate::harness::app::{TestApp, organiser};
use crate::harness::book::{book, consultations};
use crate::harness::call::{JSON, Reply, XLSX};
use crate::harness::file::pdf;

/// The table of `sandbox/corpus`.
#[derive(Deserialize)]
struct Corpus {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    rule: String,
    title: String,
    context: Given,
    passing_context: Option<Given>,
    #[serde(default)]
    also: BTreeSet<String>,
    repeat: Option<BTreeMap<String, usize>>,
    failing: Option<Value>,
    failing_text: Option<String>,
    passing: Value,
    #[serde(rename = "doors")]
    channels: Option<BTreeSet<String>>,
}

/// The stored data that the document is validated against.
#[derive(Clone, Deserialize)]
struct Given {
    month: String,
    today: Date,
    capacity: u32,
    closures: Vec<Closure>,
    subsidised: bool,
    latest: Option<Latest>,
    #[serde(default)]
    doctors: Vec<Doctor>,
    elsewhere: Option<Value>,
}

/// A doctor of the organiser.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Doctor {
    inami: String,
    state: String,
    start_date: Date,
    here: bool,
}

/// What was deposited before.
#[derive(Clone, Deserialize)]
struct Latest {
    month: String,
    statement: Value,
}

/// Every case with its kind.
fn cases() -> Vec<(&'static str, Case)> {
    let of = |(kind, text): &(&'static str, &str)| {
        let kind = *kind;
        let cases = serde_json::from_str::<Corpus>(text).unwrap().cases;
        cases.into_iter().map(move |case| (kind, case))
    };
    let of_statements =
        CASES.iter().filter(|(kind, _)| StatementKind::MONTHLY.iter().any(|known| known.name() == *kind));
    of_statements.flat_map(of).collect()
}

impl Case {
    /// Whether this channel can express it.
    fn by(&self, channel: &str) -> bool {
        self.channels.as_ref().is_none_or(|channels| channels.contains(channel))
    }

    /// The rules that its failing statement breaks.
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
    async fn prepare(&self, app: &TestApp, kind: &str) -> String {
        self.travel(app);
        // Consultations are validated across crèches: statements of an earlier case are removed.
        let mut tx = app.app.db.write().await.unwrap();
        store::statements::remove_before(&mut tx, organiser(), "2099-01".parse().unwrap(), EVERY_ROW).await.unwrap();
        app.commit(tx).await;
        let (id, other) = (self.creche(app).await, self.creche(app).await);
        for doctor in &self.doctors {
            doctor.enter(app, if doctor.here { vec![id, other] } else { vec![other] }).await;
        }
        let path = |id: CrecheId, month: &str| format!("/creches/{id}/{kind}Statements/{month}");
        if let Some(latest) = &self.latest {
            app.vendor().put(path(id, &latest.month), latest.statement.clone()).await.expect(201);
        }
        if let Some(lines) = &self.elsewhere {
            app.vendor().put(path(other, &self.month), serde_json::json!({ "lines": lines })).await.expect(201);
        }
        path(id, &self.month)
    }

    /// A crèche as it should be.
    async fn creche(&self, app: &TestApp) -> CrecheId {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let at = NEXT.fetch_add(1, Ordering::Relaxed);
        let id: CrecheId = format!("019a5c00-0000-7000-8000-0000001{at:05}").parse().unwrap();
        let record = CrecheRecord {
            id,
            name: format!("Crèche {at}"),
            one_number: format!("99/{at}"),
            subsidised: self.subsidised,
            authorised_from: date(2020, 1, 1),
            authorised_until: None,
            closures_version: 0,
            created_at: app.app.clocks.machine().now(),
        };
        let mut tx = app.app.db.write().await.unwrap();
        assert!(store::creches::insert(&mut tx, organiser(), &record).await.unwrap());
        let places = Places { from: date(2020, 1, 1), places: self.capacity };
        store::creches::set_places(&mut tx, organiser(), id, places, app.app.clocks.machine().now()).await.unwrap();
        store::closures::replace(&mut tx, organiser(), id, 0, &self.closures, app.app.clocks.machine().now())
            .await
            .unwrap();
        app.commit(tx).await;
        id
    }

    /// Makes it today.
    fn travel(&self, app: &TestApp) {
        app.travel(&format!("{}T12:00:00Z", self.today));
    }
}

impl Doctor {
    /// Makes it so: enters the doctor, or changes the one who has the number.
    async fn enter(&self, app: &TestApp, creches: Vec<CrecheId>) {
        let sheet = serde_json::json!({ "inami": self.inami, "givenName": "Claire", "familyName": "Maes",
            "street": "Rue des Tilleuls", "houseNumber": "12", "postcode": "5000", "town": "Namur",
            "mobile": "+32 470 00 00 02", "officePhone": "+32 81 00 00 02", "email": "claire.maes@cabinet.example",
            "function": "generalPractitioner", "startDate": self.start_date, "crecheIds": creches });
        let listed = app.vendor().get("/doctors").await.expect(200);
        let listed = listed["items"].as_array().unwrap().iter().find(|doctor| doctor["inami"] == *self.inami);
        let entered = match listed {
            Some(listed) => {
                let path = format!("/doctors/{}", listed["id"].as_str().unwrap());
                app.vendor().call(Method::PATCH, path).if_match("*").body(JSON, sheet.to_string()).await.expect(200)
            }
            None => app.vendor().post("/doctors", sheet).await.expect(201),
        };
        let id = entered["id"].as_str().unwrap();
        if self.state == "incomplete" {
            return;
        }
        let put = app.vendor().call(Method::PUT, format!("/doctors/{id}/agreement")).if_match("*");
        put.body("application/pdf", pdf("Convention")).await.expect(200);
        let decision = match self.state.as_str() {
            "validated" => Decision::Validated,
            "refused" => Decision::Refused("Diplôme manquant".to_owned()),
            _ => return,
        };
        doctors::decide(&app.app, "ONE-1207", id.parse().unwrap(), &passerelle::app::Precondition::Any, &decision)
            .await
            .unwrap();
    }
}

/// The workbook that a user would fill in by hand.
fn workbook(kind: &str, month: &str, statement: &Value) -> Vec<u8> {
    if kind == "medical" { consultations(statement) } else { book(month, statement) }
}

/// Sends a statement by a channel.
async fn put(app: &TestApp, path: &str, channel: &str, statement: &Value) -> Reply {
    let month = path.rsplit('/').next().unwrap();
    let (media, body) = if channel == "json" {
        (JSON, statement.to_string().into_bytes())
    } else {
        let kind = StatementKind::MONTHLY.iter().find(|kind| path.contains(kind.collection())).unwrap();
        (XLSX, workbook(kind.name(), month, statement))
    };
    app.vendor().call(Method::PUT, path).body(media, body).if_none_match("*").await
}

/// The codes of everything found, warnings too.
fn found(reply: &Reply) -> BTreeSet<&str> {
    reply.codes("issues").into_iter().chain(reply.codes("warnings")).collect()
}
