//! Requests that wait for events: how many there may be, and that they end with their credential.

use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use passerelle::app::keys;
use passerelle::app::sessions;
use passerelle::domain::actor::Actor;
use passerelle::domain::key::{Deployment, KeyText, Scope};
use passerelle::http::limits::{LimitSettings, Limits, PollCaps, RateAllowance};
use passerelle::http::metrics::Metrics;
use serde_json::json;

use super::{deposit, numbers};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, organiser};
use crate::harness::call::{Persona, Reply};
use crate::harness::database::{Database, each_engine};
use crate::harness::statement::Sheet;

/// The application of our organiser with its keys.
const APPLICATION: &str = "019a5c00-0000-7000-8000-000000000021";
/// How long a test waits for what should come at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A sandbox with these caps, and its figures.
pub(crate) async fn sandbox(database: &Database, polls: PollCaps) -> (TestApp, Arc<Metrics>) {
    let many = NonZeroU32::new(1_000_000).unwrap();
    let allowance = RateAllowance { per_minute: many, burst: many };
    let mut metrics = Arc::default();
    let app = TestApp::with(database, Deployment::Sandbox, |around| {
        metrics = Arc::clone(&around.metrics);
        around.limits = Arc::new(Limits::new(LimitSettings { polls, ..LimitSettings::uniform(allowance) }));
    })
    .await;
    (app, metrics)
}

pub(crate) const WIDE: PollCaps = PollCaps { per_caller: 9, per_address: 9, in_all: 9 };

/// Waits until so many requests wait.
pub(crate) async fn until_waiting(metrics: &Metrics, polls: u32) {
    let line = format!("passerelle_event_polls_waiting {polls}\n");
    while !metrics.text().unwrap().contains(&line) {
        tokio::task::yield_now().await;
    }
}

/// A request that waits for a deposit.
fn poll<'a>(caller: &Persona<'a>) -> Pin<Box<dyn Future<Output = Reply> + Send + 'a>> {
    caller.get("/events?type=attendanceStatement.deposited&wait=30").into_future()
}

/// What happens while a request waits.
pub(crate) type Meanwhile<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// What a request that waits is answered when something happens meanwhile.
async fn answered(metrics: &Metrics, caller: &Persona<'_>, happens: Meanwhile<'_>) -> Reply {
    let poll = async { caller.get("/events?type=attendanceStatement.missing&wait=30").await };
    let meanwhile = async {
        until_waiting(metrics, 1).await;
        happens.await;
    };
    let both = async { tokio::join!(poll, meanwhile).0 };
    tokio::time::timeout(PATIENCE, both).await.expect("it does not wait to the end")
}

#[tokio::test]
async fn one_poll_too_many_has_the_oldest_answered_at_once_and_the_others_wait_on() {
    for (caps, same) in [
        (PollCaps { per_caller: 2, ..WIDE }, true),
        (PollCaps { per_address: 2, ..WIDE }, false),
        (PollCaps { in_all: 2, ..WIDE }, false),
    ] {
        each_engine(async |database| {
            let (app, metrics) = sandbox(database, caps).await;
            let key = || async { if same { app.vendor() } else { app.with_scopes([Scope::EventsRead]).await } };
            let (one, two, three) = (key().await, key().await, key().await);
            let (mut one, mut two) = (poll(&one), poll(&two));
            let first_two = async {
                tokio::select! {
                    _ = &mut one => panic!("one is answered although there is room"),
                    _ = &mut two => panic!("two is answered although there is room"),
                    () = until_waiting(&metrics, 2) => {}
                }
            };
            tokio::time::timeout(PATIENCE, first_two).await.expect("two wait");
            let mut three = poll(&three);
            let recalled = async {
                tokio::select! {
                    told = &mut one => (told, two),
                    told = &mut two => (told, one),
                    _ = &mut three => panic!("the newest is answered"),
                }
            };
            let (told, other) = tokio::time::timeout(PATIENCE, recalled).await.expect("the oldest is answered");
            assert_eq!((&told["items"], told.header("content-type")), (&json!([]), "application/json"), "{caps:?}");
            let both = async { tokio::join!(other, three, deposit(&app, 7)) };
            let (other, three, _) = tokio::time::timeout(PATIENCE, both).await.expect("they are told");
            assert_eq!((numbers(&other["items"]).len(), numbers(&three["items"]).len()), (1, 1), "{caps:?}");
            until_waiting(&metrics, 0).await;
        })
        .await;
    }
}

#[tokio::test]
async fn the_poll_of_a_revoked_key_ends_at_once() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        let key = app.issue(app.ours(app.writing())).await;
        let id = KeyText::parse(&key).unwrap().id();
        let revoke = Box::pin(async {
            let (actor, application) = (Actor::operator("tests"), APPLICATION.parse().unwrap());
            assert!(keys::revoke(&app.app, &actor, organiser(), application, id).await.unwrap());
        });
        let told = answered(&metrics, &app.bearer(&key), revoke).await.refused(401, "invalidAccessToken");
        assert!(told["revokedAt"].is_string(), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn the_poll_of_a_suspended_or_narrowed_application_ends_at_once() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        let administrator = app.person(ADMINISTRATOR).await;
        let change = async |document: serde_json::Value| {
            let path = format!("/applications/{APPLICATION}");
            let known = administrator.get(&path).await.expect(200);
            administrator.patch(&path, document).if_match(&known.etag()).await.expect(200);
        };
        let scopes = administrator.get(format!("/applications/{APPLICATION}")).await.expect(200)["scopes"].clone();
        let narrowed = Box::pin(change(json!({ "scopes": ["attendance:read"] })));
        answered(&metrics, &app.vendor(), narrowed).await.refused(403, "missingScope");
        change(json!({ "scopes": scopes })).await;
        let suspended = Box::pin(change(json!({ "state": "suspended" })));
        let told = answered(&metrics, &app.vendor(), suspended).await.refused(401, "invalidAccessToken");
        assert!(told["suspendedAt"].is_string(), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_crèche_removed_from_a_waiting_key_is_no_longer_in_its_events() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        let administrator = app.person(ADMINISTRATOR).await;
        let vendor = app.vendor();
        let poll = async { vendor.get("/events?type=attendanceStatement.deposited&wait=30").await.expect(200) };
        let meanwhile = async {
            until_waiting(&metrics, 1).await;
            let path = format!("/applications/{APPLICATION}");
            let etag = administrator.get(&path).await.expect(200).etag();
            administrator.patch(&path, json!({ "creches": [SECOND] })).if_match(&etag).await.expect(200);
            for creche in [CRECHE, SECOND] {
                let path = format!("/creches/{creche}/attendanceStatements/2026-07");
                administrator.put(path, Sheet::of("2026-07")).await.expect(201);
            }
        };
        let both = async { tokio::join!(poll, meanwhile).0 };
        let told = tokio::time::timeout(PATIENCE, both).await.expect("it is told");
        let creches = told.each("items", "data/crecheId");
        assert_eq!(creches, [json!(SECOND)]);
    })
    .await;
}

#[tokio::test]
async fn the_poll_of_a_session_that_has_ended_ends_at_once() {
    each_engine(async |database| {
        let (app, metrics) = sandbox(database, WIDE).await;
        let person = app.person(ADMINISTRATOR).await;
        let end = Box::pin(async {
            let (_, other) = app.log_in(ADMINISTRATOR).await;
            for session in sessions::list(&app.app, &other).await.unwrap() {
                sessions::end_other(&app.app, &other, &session.id).await.unwrap();
            }
        });
        answered(&metrics, &person, end).await.refused(401, "noAccessToken");
    })
    .await;
}
