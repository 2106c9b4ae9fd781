//! Figures as of an instant: what was answered then is answered again, whatever was changed since.

use axum::http::Method;
use jiff::SignedDuration;
use passerelle::app::doctors::decide;
use passerelle::app::{Precondition, figure_inputs};
use passerelle::clock::Clock as _;
use passerelle::domain::closure::{Closure, ClosureReason};
use passerelle::domain::creche::Places;
use passerelle::domain::doctor::Decision;
use passerelle::ids::DoctorId;
use passerelle::store::{self, WritePurpose};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, SECOND, TestApp, creche, each_app, organiser};
use crate::harness::call::JSON;
use crate::harness::database::each_engine;
use crate::harness::statement::Sheet;

/// The crèches in which something changes.
const CRECHES: [&str; 2] = [CRECHE, SECOND];

/// The answers that are compared.
const ANSWERS: [&str; 6] = [
    "/summaries/2026Q3",
    "/summaries/2026-09",
    "/creches/{creche}/summaries/2026Q3",
    "/creches/{creche}/summaries/2026-07",
    "/creches/{creche}/summaries/2026Q3/contributions",
    "/creches/{creche}/summaries/2026Q3/medicalContributions",
];

/// A change of something that figures depend on: which, of what, and to what.
type Change = (u8, usize, u8);

fn any_changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((0..10_u8, 0..2_usize, 1..20_u8), 30)
}

/// What the changes are made to besides crèches.
struct Subjects {
    doctor: String,
    persons: Vec<String>,
}

async fn make(app: &TestApp, subjects: &mut Subjects, (kind, at, value): Change) {
    let (vendor, creche_id) = (app.vendor(), CRECHES[at]);
    let month = ["2026-07", "2026-08", "2026-09"][usize::from(value % 3)];
    match kind {
        0 | 1 => {
            let sheet = Sheet::of(month).children(u32::from(value), "7:P 8:AJ 9:P/2+AI/2");
            let path = format!("/creches/{creche_id}/attendanceStatements/{month}");
            put(app, &path, sheet.into()).await;
        }
        2 => {
            let line = json!({ "date": format!("{month}-{:02}", value + 7), "arrival": "09:00", "departure": "11:30",
                "inami": "17385467004", "feeCents": u32::from(value) * 100 });
            put(app, &format!("/creches/{creche_id}/medicalStatements/{month}"), json!({ "lines": [line] })).await;
        }
        3 => replace_closures(app, creche_id, month, value).await,
        4 => {
            let mut tx = app.app.db.write().await.unwrap();
            let new = Places { from: format!("{month}-{value:02}").parse().unwrap(), places: 10 + u32::from(value) };
            assert!(store::creches::set_places(&mut tx, organiser(), creche(creche_id), new, now(app)).await.unwrap());
            app.commit(tx).await;
        }
        5 => {
            let decision = if value % 2 == 0 { Decision::Validated } else { Decision::Refused("Non.".to_owned()) };
            let id: DoctorId = subjects.doctor.rsplit('/').next().unwrap().parse().unwrap();
            crate::doctors::agree(&vendor, &subjects.doctor).await.expect(200);
            decide(&app.app, "ONE-1207", id, &Precondition::Any, &decision).await.unwrap();
        }
        6 => {
            let end = json!({ "endDate": format!("2026-{:02}-30", 9 + value % 3) });
            vendor.call(Method::PATCH, &subjects.doctor).if_match("*").body(JSON, end.to_string()).await.expect(200);
        }
        7 => {
            let person = person(creche_id, subjects.persons.len(), value);
            let entered = vendor.post("/staffMembers", person).await.expect(201);
            subjects.persons.push(entered["id"].as_str().unwrap().to_owned());
        }
        8 => {
            if let Some(id) = subjects.persons.get(usize::from(value) % subjects.persons.len().max(1)) {
                let contracts = json!({ "contracts": person(creche_id, 0, value)["contracts"] });
                let path = format!("/staffMembers/{id}");
                vendor.call(Method::PATCH, path).if_match("*").body(JSON, contracts.to_string()).await.expect(200);
            }
        }
        _ => {
            let (mut tx, name) = (app.app.db.write().await.unwrap(), format!("Nom {value}"));
            assert!(store::organisers::rename(&mut tx, organiser(), &name, now(app)).await.unwrap());
            let creche = creche(creche_id);
            assert!(store::creches::rename(&mut tx, organiser(), creche, &name, now(app)).await.unwrap());
            let subsidised = value % 2 == 0;
            store::creches::set_subsidised(&mut tx, organiser(), creche, subsidised, now(app)).await.unwrap();
            app.commit(tx).await;
        }
    }
}

async fn put(app: &TestApp, path: &str, document: Value) {
    let reply = app.vendor().put(path, document.clone()).if_match("*").await;
    if reply.status == 412 {
        app.vendor().put(path, document).await.expect(201);
    }
}

async fn replace_closures(app: &TestApp, id: &str, month: &str, day: u8) {
    let mut tx = app.app.db.write().await.unwrap();
    let found = store::creches::find(&mut tx, organiser(), creche(id)).await.unwrap().unwrap();
    let start = format!("{month}-{day:02}").parse().unwrap();
    let closures = [Closure::new(start, start, ClosureReason::Strike)];
    let version = found.closures_version;
    store::closures::replace(&mut tx, organiser(), found.id, version, &closures, now(app)).await.unwrap().unwrap();
    app.commit(tx).await;
}

fn person(creche: &str, number: usize, hundredths: u8) -> Value {
    json!({ "reference": format!("M-{number}"), "givenName": "Aline", "familyName": format!("Exemple {number}"),
        "birthDate": "1985-03-14", "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2024-09-01",
            "functions": [{ "crecheId": creche, "category": "childcare", "fteHundredths": hundredths }] }] })
}

fn now(app: &TestApp) -> jiff::Timestamp {
    app.clock.now()
}

/// The answers of now, or as of an instant, each with its path.
async fn answers(app: &TestApp, as_of: Option<jiff::Timestamp>) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let query = as_of.map_or_else(String::new, |at| format!("?asOf={at}"));
    for path in ANSWERS {
        for creche in if path.contains("{creche}") { &CRECHES[..] } else { &CRECHES[..1] } {
            let path = path.replace("{creche}", creche);
            let reply = app.vendor().get(format!("{path}{query}")).await.expect(200);
            found.push((path, reply.json.clone()));
        }
    }
    found
}

#[tokio::test]
async fn every_earlier_figure_is_returned_again_as_of_its_instant() {
    each_app(async |app| {
        let changes = any_changes().new_tree(&mut TestRunner::deterministic()).unwrap().current();
        let mut subjects = Subjects { doctor: crate::doctors::enter_doctor(app).await, persons: Vec::new() };
        let mut answered = Vec::new();
        for change in changes {
            make(app, &mut subjects, change).await;
            app.clock.advance(SignedDuration::from_mins(1));
            answered.push((now(app), answers(app, None).await));
            app.clock.advance(SignedDuration::from_hours(7));
        }
        let different: usize = answered.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
        assert!(different > 15, "the changes change figures: {different}");
        for (at, then) in answered {
            for ((path, then), (_, again)) in then.iter().zip(answers(app, Some(at)).await) {
                assert_eq!(*then, again, "{path} as of {at}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_instant_before_the_history_is_refused() {
    each_app(async |app| {
        let (malformed, future) = ("request.malformedParameter", "request.futureInstant");
        let before = "request.beforeHistory";
        for (at, rule) in [("soon", malformed), ("2031-01-01T00:00:00Z", future), ("2019-01-01T00:00:00Z", before)] {
            for path in ["/summaries/2026Q3", &format!("/creches/{CRECHE}/summaries/2026Q3/contributions")] {
                let refused = app.vendor().get(format!("{path}?asOf={at}")).await.refused(400, "badRequest");
                assert_eq!(
                    (refused.each("issues", "name"), refused.codes("issues")),
                    (vec!["asOf".into()], vec![rule])
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn data_of_an_earlier_version_has_a_history_from_the_first_start_on() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        let organisers = store::organisers::list(&mut app.app.db.read().await.unwrap()).await.unwrap();
        assert!(database.tamper("delete from input_revision").await > 0);
        app.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(figure_inputs::begin_histories(&app.app).await.unwrap(), organisers.len());
        assert_eq!(figure_inputs::begin_histories(&app.app).await.unwrap(), 0);
        let (beginning, then) = (now(app), answers(app, None).await);
        app.clock.advance(SignedDuration::from_hours(1));
        replace_closures(app, CRECHE, "2026-07", 7).await;
        assert_eq!(answers(app, Some(beginning)).await, then);
        assert_ne!(answers(app, None).await, then);
        let before = beginning - SignedDuration::from_secs(1);
        app.vendor().get(format!("/summaries/2026Q3?asOf={before}")).await.refused(400, "badRequest");
    })
    .await;
}

#[tokio::test]
async fn a_recent_instant_includes_the_write_that_was_open_when_it_was_asked_for() {
    each_app(async |app| {
        app.clock.advance(SignedDuration::from_mins(20));
        let vendor = app.vendor();
        let figures = |at: jiff::Timestamp| vendor.get(format!("/creches/{CRECHE}/summaries/2026-07?asOf={at}"));
        let before = figures(now(app)).await.expect(200);
        assert_eq!(before["placeDays"], 22 * 18);
        let mut open = app.app.db.write_for(organiser(), WritePurpose::Content).await.unwrap();
        let at = now(app);
        let new = Places { from: "2026-07-01".parse().unwrap(), places: 40 };
        assert!(store::creches::set_places(&mut open, organiser(), creche(CRECHE), new, at).await.unwrap());
        app.clock.advance(SignedDuration::from_mins(1));
        let mut asked = figures(at).into_future();
        let waits = async {
            while app.app.db.waiting_writes() == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            early = &mut asked => panic!("answered while a write is open: {:#}", early.json),
            () = waits => {}
        }
        // An instant longer ago than any write lasts waits for none.
        let earlier = figures(at - SignedDuration::from_mins(15)).await.expect(200);
        assert_eq!(earlier.json, before.json);
        app.commit(open).await;
        asked.await.expect(200).has(&json!({ "placeDays": 22 * 40 }));
        figures(at - SignedDuration::from_secs(1)).await.expect(200).has(&json!({ "placeDays": 22 * 18 }));
    })
    .await;
}
