//! Every problem of the catalogue, met as a caller meets it. A kind for which no request is given does not compile.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use passerelle::domain::key::Deployment;
use passerelle::http::HttpConfig;
use passerelle::http::extract::BodyLimits;
use passerelle::http::limits::{LimitSettings, Limits, RateAllowance};
use passerelle::http::problem::ProblemType;
use passerelle::store::{self, DbOptions};
use serde_json::{Value, json};

use crate::agency_api::{HERE, bare_claim, every_scope, issue};
use crate::harness::app::{CRECHE, ORGANISER, SECOND, TestApp, organiser};
use crate::harness::call::{Call, Reply};
use crate::harness::database::{Database, each_engine};
use crate::harness::space::SimulatedSpace;
use crate::harness::statement::Sheet;

/// The gateways to which one can do wrong in every way.
struct Gateways<'a> {
    database: &'a Database,
    /// As most are.
    usual: TestApp,
    /// Its allowances are used up.
    sparing: TestApp,
    /// Accepts small bodies only, with a short time limit.
    hasty: TestApp,
    /// Its database is away.
    cut_off: TestApp,
    /// Its disk is nearly full.
    cramped: TestApp,
}

fn at(month: &str) -> String {
    format!("/creches/{CRECHE}/attendanceStatements/{month}")
}

/// Another statement than the one that is there.
fn new(month: &str) -> Sheet {
    Sheet::of(month).child(1, "2:P")
}

/// A gateway in other surroundings.
async fn gateway(database: &Database, change: impl FnOnce(&mut HttpConfig)) -> TestApp {
    TestApp::with(database, Deployment::Sandbox, change).await
}

/// Content with one call a minute.
fn sparing(around: &mut HttpConfig) {
    let one = NonZeroU32::MIN;
    let allowance = RateAllowance { per_minute: one, burst: one };
    around.limits = Arc::new(Limits::new(LimitSettings::uniform(allowance)));
}

/// What is to stay free.
const HEADROOM: u64 = 1_000_000;

/// A database whose free space the test sets.
fn measured_by(space: &SimulatedSpace) -> DbOptions {
    DbOptions { headroom_bytes: HEADROOM, free_space: Some(Arc::new(space.clone())), ..DbOptions::default() }
}

/// Impatient.
fn hasty(around: &mut HttpConfig) {
    let moment = Duration::from_millis(50);
    around.bodies = BodyLimits { accepted: 1000, drained: 2000, duration: moment, ..BodyLimits::default() };
}

/// Makes a webhook endpoint, with an idempotency key.
fn endpoint<'a>(app: &'a TestApp, key: &str, path: &str) -> Call<'a> {
    let endpoint = serde_json::json!({ "url": format!("https://creche.example/{path}") });
    app.vendor().post("/webhookEndpoints", endpoint).header("idempotency-key", key)
}

impl<'a> Gateways<'a> {
    /// A statement in July; allowances used up; a database lost.
    async fn start(database: &'a Database, other: &Database) -> Self {
        let usual = TestApp::start(database).await;
        usual.vendor().put(at("2026-07"), Sheet::of("2026-07").child(1, "1:P")).await.expect(201);
        let sparing = gateway(database, sparing).await;
        sparing.vendor().get("/caller").await.expect(200);
        sparing.anonymous().get("/caller").await.expect(401);
        let hasty = gateway(database, hasty).await;
        let cut_off = TestApp::start(other).await;
        other.db.close().await;
        let space = SimulatedSpace::of(HEADROOM);
        let cramped = TestApp::start(&database.opened_with(measured_by(&space)).await).await;
        space.set(HEADROOM - 1);
        Self { database, usual, sparing, hasty, cut_off, cramped }
    }

    /// A key of the agency's software with every scope.
    async fn agency_key(&self) -> String {
        let number = self.database.number("select count(*) from agency_key").await;
        issue(&self.usual, &format!("Clé {number}"), every_scope(), HERE).await
    }

    /// An act that does not follow the state of a claim.
    async fn impossible_act(&self) -> Call<'_> {
        let known = "select count(*) from claim where month = '2026-04'";
        if self.database.number(known).await == 0 {
            bare_claim(&self.usual, ORGANISER, CRECHE, "2026Q2").await;
        }
        let path = format!("/agency/claims/{ORGANISER}/{CRECHE}/2026Q2/acts");
        self.usual.bearer(&self.agency_key().await).post(path, json!({ "act": "accept" })).if_match("*")
    }

    /// The cancellation of a payment that is cancelled already.
    async fn second_cancellation(&self) -> Call<'_> {
        let key = self.agency_key().await;
        let payment = json!({ "oneNumber": "63/25118/01", "quarter": "2026Q2", "type": "adjustment",
            "paidOn": "2026-10-01", "amountCents": -100, "reference": key[..30] });
        let sent = json!({ "payments": [payment] });
        let recorded = self.usual.bearer(&key).post("/agency/subsidyPayments", sent).await.expect(201);
        let id = recorded["items"][0]["id"].as_str().unwrap();
        let path = format!("/agency/subsidyPayments/{ORGANISER}/{id}/cancellation");
        let cancel = || self.usual.bearer(&key).post(&path, json!({ "reason": "Erreur." }));
        cancel().await.expect(200);
        cancel()
    }

    /// The call that meets a problem of this kind.
    async fn call(&self, kind: ProblemType) -> Call<'_> {
        let Self { usual, sparing, hasty, cut_off, cramped, .. } = self;
        let vendor = usual.vendor();
        match kind {
            ProblemType::BadRequest => vendor.put(at("2026-08"), Sheet::of("2026-07").child(1, "1:P")),
            ProblemType::NoAccessToken => usual.anonymous().get("/caller"),
            ProblemType::InvalidAccessToken => usual.revoked().await.get("/caller"),
            ProblemType::ExpiredAccessToken => usual.expired().await.get("/caller"),
            ProblemType::WrongKeyKind => usual.live().await.get("/caller"),
            ProblemType::MissingScope => usual.with_scopes([]).await.get(at("2026-07")),
            ProblemType::MissingPermission => usual.limited_to(&[SECOND]).await.get(at("2026-07")),
            ProblemType::ResourceNotFound => usual.other_organiser().get(at("2026-07")),
            ProblemType::MethodNotAllowed => vendor.call(Method::DELETE, at("2026-07")),
            ProblemType::NotAcceptable => vendor.get(at("2026-07")).accept("application/pdf"),
            ProblemType::RequestTimeout => hasty.vendor().call(Method::PUT, at("2026-08")).stalled(),
            ProblemType::AfterFeedEnd => vendor.get("/events?after=1000000"),
            ProblemType::IdempotencyKeyInUse => {
                self.database.tamper("delete from idempotent_request").await;
                endpoint(usual, "busy", "hook").await.expect(201);
                self.database.tamper("update idempotent_request set answer = null").await;
                endpoint(usual, "busy", "hook")
            }
            ProblemType::SignatureNeedsPerson => {
                vendor.post(format!("/creches/{CRECHE}/activityReports/2026Q3/signature"), Value::Null)
            }
            ProblemType::StatementLocked => {
                self.database.tamper(format!("{FROZEN} on conflict do nothing")).await;
                vendor.put(at("2025-02"), new("2025-02"))
            }
            ProblemType::ClaimActNotPossible => self.impossible_act().await,
            ProblemType::SubsidyPaymentCancelled => self.second_cancellation().await,
            ProblemType::PreconditionFailed => vendor.put(at("2026-07"), new("2026-07")).if_match("\"99\""),
            ProblemType::PayloadTooLarge => hasty.vendor().put(at("2026-08"), Sheet::of("2026-08").children(20, "3:P")),
            ProblemType::UnsupportedMediaType => vendor.call(Method::PUT, at("2026-08")).body("text/csv", "K-1;P"),
            ProblemType::IdempotencyKeyReused => {
                self.database.tamper("delete from idempotent_request").await;
                endpoint(usual, "reused", "hook").await.expect(201);
                endpoint(usual, "reused", "other")
            }
            ProblemType::PreconditionRequired => vendor.put(at("2026-07"), new("2026-07")),
            ProblemType::TooManyRequests => sparing.vendor().get("/caller"),
            ProblemType::TooManyFailedRequests => sparing.anonymous().get("/caller"),
            ProblemType::InternalServerError => vendor.get("/creches"),
            ProblemType::ServiceUnavailable => cut_off.vendor().get("/creches"),
            ProblemType::InsufficientStorage => {
                cramped.vendor().put(at("2026-08"), Sheet::of("2026-08").child(1, "1:P"))
            }
        }
    }

    /// The problem of this kind, in a language.
    async fn provoke(&self, kind: ProblemType, language: &str) -> Reply {
        let call = self.call(kind).await.language(language);
        if kind != ProblemType::InternalServerError {
            return call.await;
        }
        self.database.tamper("alter table creche rename to hidden").await;
        let reply = call.await;
        self.database.tamper("alter table hidden rename to creche").await;
        reply
    }
}

/// The claim of a quarter, as the database has it once it is signed.
const FROZEN: &str = "insert into claim (organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, \
                      signed_act, updated_at) select organiser_id, id, '2025-01', '2025-03', 'signed', 1, 0, 1, 1, 0 \
                      from creche where id = '019a5c00-0000-7000-8000-000000000011'";

/// The problem is of its kind; gives its words.
fn check_problem(kind: ProblemType, language: &str, reply: &Reply) -> String {
    let entry = kind.entry();
    let actual = (reply.status, &reply["type"], &reply["title"], reply.header("content-language"));
    let due = (entry.status.as_u16(), &entry.urn().into(), &entry.title.into(), language);
    assert_eq!(actual, due, "{}: {:#}", entry.name, reply.json);
    let detail = reply["detail"].as_str().unwrap_or_default();
    assert!(detail.len() > 20 && !detail.contains('{'), "{}: {detail}", entry.name);
    detail.to_owned()
}

#[tokio::test]
async fn every_kind_of_problem_is_provoked_in_three_languages() {
    let (first, second) = (Database::on_each_engine().await, Database::on_each_engine().await);
    for (database, other) in first.iter().zip(&second) {
        println!("on {}", database.db.engine());
        let gateways = Gateways::start(database, other).await;
        for kind in ProblemType::ALL.iter().copied() {
            let mut details = BTreeSet::new();
            for language in ["fr", "nl", "en"] {
                details.insert(check_problem(kind, language, &gateways.provoke(kind, language).await));
            }
            assert_eq!(details.len(), 3, "{}: {details:?}", kind.entry().name);
        }
    }
}

#[tokio::test]
async fn a_write_that_waits_too_long_may_be_sent_again() {
    each_engine(async |database| {
        let patient = TestApp::start(database).await;
        let moment = Duration::from_millis(50);
        let hurried = gateway(database, |around| (around.patience, around.bodies.duration) = (moment, moment)).await;
        // Another write of this organiser takes long.
        let mut other = database.db.write().await.unwrap();
        store::organisers::lock(&mut other, organiser()).await.unwrap();
        for language in ["fr", "nl", "en"] {
            let reply = hurried.vendor().put(at("2026-07"), new("2026-07")).language(language).await;
            check_problem(ProblemType::ServiceUnavailable, language, &reply);
            assert_eq!((reply.header("retry-after"), &reply["retryAfterSec"]), ("5", &5.into()));
        }
        drop(other);
        patient.vendor().put(at("2026-07"), new("2026-07")).await.expect(201);
    })
    .await;
}
