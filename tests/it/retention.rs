//! What is past its period is removed, and nothing else.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use passerelle::app::retention::{self, PurgeReport, RemovedCounts, RetentionJob};
use passerelle::app::{audit, keys};
use passerelle::clock::Clock as _;
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::key::{DailyUses, KeyText};
use passerelle::domain::kinds::attendance;
use passerelle::domain::period::Month;
use passerelle::domain::retention::Retention;
use passerelle::domain::statement::{StatementFilter, StatementKey};
use passerelle::ids::UserId;
use passerelle::store::drafts::DraftRecord;
use passerelle::store::key_notices::KeyNotice;
use passerelle::store::limited_delete::EVERY_ROW;
use passerelle::store::{self, Db};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, creche, each_app, organiser};
use crate::harness::database::{Database, each_engine};
use crate::harness::statement::Sheet;

const RETENTION: Retention = Retention { statement_years: 10, staff_years: 5, technical_months: 13 };

fn at(creche: &str, month: &str) -> String {
    format!("/creches/{creche}/attendanceStatements/{month}")
}

fn sheet(month: &str) -> Sheet {
    Sheet::of(month).child(1, "1:P 2:P")
}

/// What is removed today of our organiser.
async fn purge(app: &TestApp, dry_run: bool) -> RemovedCounts {
    let actor = Actor::operator("tests");
    let all = retention::apply(app.app.acting_as(&actor), RETENTION, dry_run).await.unwrap();
    all.organisers.into_iter().find(|(id, _)| *id == organiser()).map(|(_, removed)| removed).unwrap_or_default()
}

/// The entries of our organiser's chain about removals; the chain is intact.
async fn recorded(app: &TestApp) -> Vec<AuditEntry> {
    let (db, chain) = (&app.app.db, AuditChain::Organiser(organiser()));
    assert!(audit::verify_whole(db, app.app.vault.index_key(), chain).await.unwrap().is_ok());
    let links = audit::list(db, chain, None, 1000).await.unwrap();
    links.into_iter().map(|link| link.entry).filter(|entry| entry.action == "retention.applied").collect()
}

/// The months that our organiser has statements of, crèche by crèche.
async fn months(db: &Db) -> Vec<Month> {
    let filter = StatementFilter::of(attendance::KIND);
    let found = store::statements::list(&mut db.read().await.unwrap(), organiser(), filter).await.unwrap();
    found.into_iter().map(|current| current.revision.month).collect()
}

#[tokio::test]
async fn verdicts_and_ended_keys_are_kept_for_their_months_and_no_day_longer() {
    each_app(async |app| {
        app.vendor().put(at(CRECHE, "2026-07"), sheet("2026-07")).await.expect(201);
        app.vendor().put(format!("{}?dryRun=true", at(CRECHE, "2026-08")), sheet("2026-08")).await.expect(200);
        app.revoked().await;
        let keys = async || keys_of(app).await;
        let all = keys().await;
        app.travel("2027-11-12T23:59:59+01:00");
        assert_eq!(purge(app, false).await, RemovedCounts::default());
        assert_eq!((app.verdicts().await.len(), keys().await, recorded(app).await.len()), (2, all, 0));

        app.travel("2027-11-13T00:00:00+01:00");
        let counted = purge(app, true).await;
        assert_eq!((counted.verdicts, counted.statements, counted.revisions), (2, 0, 0));
        assert!(counted.keys >= 2, "the one of the world that had expired, and the one that was revoked");
        assert_eq!((app.verdicts().await.len(), keys().await, recorded(app).await.len()), (2, all, 0), "a dry run");
        assert_eq!(purge(app, false).await, counted);
        assert_eq!((app.verdicts().await.len(), keys().await), (0, all - usize::try_from(counted.keys).unwrap()));
        app.vendor().get(at(CRECHE, "2026-07")).await.expect(200);

        let removals = recorded(app).await;
        assert_eq!((removals.len(), removals[0].detail.clone()), (1, Some(counted.to_string())));
        assert_eq!((removals[0].creche, removals[0].period, &*removals[0].actor.name), (None, None, "tests"));
        assert_eq!(purge(app, false).await, RemovedCounts::default());
        assert_eq!(recorded(app).await.len(), 1, "nothing was done");
    })
    .await;
}

async fn keys_of(app: &TestApp) -> usize {
    keys::list(&app.app.db, organiser()).await.unwrap().len()
}

#[tokio::test]
async fn figures_notices_drafts_and_sessions_are_removed_with_their_owners() {
    each_app(async |app| {
        let key = KeyText::parse(&app.issue(app.ours(app.writing())).await).unwrap().id();
        assert!(app.app.keys.revoke(app.app.acting_as(&Actor::operator("tests")), organiser(), key).await.unwrap());
        app.vendor().put(at(CRECHE, "2026-07"), sheet("2026-07")).await.expect(201);
        app.app.keys.flush_last_use(&app.app.db).await.unwrap();
        let (now, slot) = (
            app.clock.now(),
            StatementKey { creche: creche(CRECHE), kind: attendance::KIND, month: "2026-07".parse().unwrap() },
        );
        let mut tx = app.app.db.write().await.unwrap();
        let (day, uses) = (app.clock.today(), DailyUses { calls: 1, refusals: 0 });
        assert!(store::key_uses::add(&mut tx, organiser(), key, day, uses).await.unwrap());
        let notice = KeyNotice { key, end: now, days: 7 };
        assert!(store::key_notices::insert(&mut tx, organiser(), &notice, now).await.unwrap());
        let draft =
            DraftRecord { person: UserId::new(app.app.clocks.machine()), sealed: vec![1], saved_at: now, version: 1 };
        assert!(store::drafts::save(&mut tx, organiser(), slot, &draft).await.unwrap());
        tx.commit().await.unwrap();
        app.person(ADMINISTRATOR).await;

        let actor = Actor::operator("tests");
        assert_eq!(
            retention::apply(app.app.acting_as(&actor), RETENTION, false).await.unwrap(),
            PurgeReport::default()
        );
        app.travel("2027-11-13T00:00:00+01:00");
        let swept = retention::apply(app.app.acting_as(&actor), RETENTION, false).await.unwrap();
        let removed = swept.organisers.iter().find(|(id, _)| *id == organiser()).unwrap().1;
        assert_eq!((swept.sessions, removed.drafts), (1, 1));
        assert!(removed.keys >= 1 && removed.key_days >= 1, "{removed}");
        let tx = &mut app.app.db.write().await.unwrap();
        assert!(!store::key_uses::add(tx, organiser(), key, day, uses).await.unwrap(), "the key is no more");
        assert!(!store::key_notices::record_notice(tx, organiser(), &notice).await.unwrap());
        assert_eq!(store::drafts::find(tx, organiser(), slot).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn many_rows_are_removed_in_parts_each_with_its_entry() {
    each_app(async |app| {
        let key = KeyText::parse(&app.issue(app.ours(app.writing())).await).unwrap().id();
        let days = app.clock.today().series(jiff::Span::new().days(1)).take(240);
        let mut tx = app.app.db.write().await.unwrap();
        for day in days {
            let uses = DailyUses { calls: 1, refusals: 0 };
            assert!(store::key_uses::add(&mut tx, organiser(), key, day, uses).await.unwrap());
        }
        tx.commit().await.unwrap();
        app.travel("2029-11-13T00:00:00+01:00");
        let counted = purge(app, true).await;
        assert_eq!((counted.key_days, recorded(app).await.len()), (240, 0));
        assert_eq!(purge(app, false).await, counted);
        assert_eq!(recorded(app).await.len(), 5);
        assert!(purge(app, false).await.is_nothing());
    })
    .await;
}

#[tokio::test]
async fn statements_are_kept_for_their_years_and_then_removed_whole() {
    each_app(async |app| {
        let july = at(CRECHE, "2026-07");
        app.vendor().put(&july, sheet("2026-07")).await.expect(201);
        app.vendor().put(&july, sheet("2026-07").child(2, "3:P")).if_match("\"1\"").await.expect(200);
        app.vendor().put(at(CRECHE, "2026-08"), sheet("2026-08")).await.expect(201);
        app.vendor().put(at(SECOND, "2026-07"), sheet("2026-07")).await.expect(201);
        let events = app.events().await;
        app.travel("2036-07-31T23:59:59+02:00");
        let removed = purge(app, false).await;
        assert_eq!((removed.statements, removed.revisions), (0, 0));
        app.vendor().get(&july).await.expect(200);

        app.travel("2036-08-01T00:00:00+02:00");
        let removed = purge(app, false).await;
        assert_eq!((removed.statements, removed.revisions), (2, 3));
        for gone in [july.clone(), format!("{july}/revisions/1"), format!("{july}/revisions/2")] {
            app.vendor().get(&gone).await.expect(404);
        }
        let slot = StatementKey { creche: creche(CRECHE), kind: attendance::KIND, month: "2026-07".parse().unwrap() };
        for revision in [1, 2] {
            let tx = &mut app.app.db.read().await.unwrap();
            assert_eq!(store::statements::document(tx, organiser(), slot, revision).await.unwrap(), None);
        }
        let summary = app.vendor().get(format!("/creches/{CRECHE}/summaries/2026Q3")).await.expect(200);
        assert_eq!(summary.each("missing", "month"), ["2026-07", "2026-09"]);
        assert_eq!(
            app.vendor().get(format!("/creches/{CRECHE}/summaries/2026-07")).await.expect(200)["status"],
            "missing"
        );
        app.vendor().get(at(CRECHE, "2026-08")).await.expect(200);
        assert_eq!(app.events().await, events, "events stay");
        assert_eq!(recorded(app).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn doctors_are_removed_with_their_statements_and_users_with_the_technical_rows() {
    each_app(async |app| {
        let vendor = app.vendor();
        let doctor = crate::doctors::enter_doctor(app).await;
        crate::doctors::agree(&vendor, &doctor).await.expect(200);
        vendor.patch(&doctor, json!({ "endDate": "2026-10-31" })).if_match("*").await.expect(200);
        let administrator = app.person(ADMINISTRATOR).await;
        let users = administrator.get("/users?profile=dataManager").await.expect(200);
        let user = format!("/users/{}", users["items"][0]["id"].as_str().unwrap());
        administrator.patch(&user, json!({ "active": false })).if_match("*").await.expect(200);

        app.travel("2027-11-12T23:59:59+01:00");
        assert_eq!(purge(app, false).await.users, 0);
        app.travel("2027-11-13T00:00:00+01:00");
        assert_eq!(purge(app, true).await.users, 1, "a dry run");
        assert_eq!((purge(app, false).await.users, purge(app, false).await.users), (1, 0));
        app.person(ADMINISTRATOR).await.get(&user).await.expect(404);
        app.travel("2036-10-31T23:59:59+01:00");
        assert_eq!(purge(app, false).await.doctors, 0);
        vendor.get(&doctor).await.expect(200);
        app.travel("2036-11-01T00:00:00+01:00");
        assert_eq!((purge(app, false).await.doctors, purge(app, false).await.doctors), (1, 0));
        vendor.get(&doctor).await.expect(404);
        let mut tx = app.app.db.read().await.unwrap();
        let history = store::doctors::list_as_of(&mut tx, organiser(), app.app.clocks.machine().now()).await.unwrap();
        assert!(history.iter().all(|known| !doctor.ends_with(&known.id.to_string())), "{history:?}");
        drop(tx);
        recorded(app).await;
    })
    .await;
}

/// A day of the two years in which what the test deposits passes its periods.
fn days() -> Vec<Date> {
    let technical = (0..420_i64).prop_map(|day| Date::constant(2027, 10, 1).saturating_add(day.days()));
    let statements = (0..420_i64).prop_map(|day| Date::constant(2035, 12, 1).saturating_add(day.days()));
    let some = |strategy: BoxedStrategy<Date>| prop::collection::vec(strategy, 4);
    let both = (some(technical.boxed()), some(statements.boxed()));
    let (mut days, more) = both.new_tree(&mut TestRunner::default()).unwrap().current();
    days.extend(more);
    days.sort_unstable();
    days
}

#[tokio::test]
async fn nothing_younger_is_ever_touched() {
    each_app(async |app| {
        let mut deposited = Vec::new();
        for number in 1..=9 {
            let month = format!("2026-{number:02}");
            app.vendor().put(at(CRECHE, &month), sheet(&month)).await.expect(201);
            deposited.push(month.parse::<Month>().unwrap());
            app.clock.advance(jiff::SignedDuration::from_hours(24 * 31));
        }
        let answered: Vec<Timestamp> = app.verdicts().await.iter().map(|verdict| verdict.at).collect();
        let zone = jiff::tz::Offset::constant(1);
        for today in days() {
            app.travel(&format!("{today}T12:00:00+01:00"));
            purge(app, false).await;
            let kept = |month: &&Month| today <= month.last_day().saturating_add(10.years()).last_of_month();
            let expected: Vec<_> = deposited.iter().filter(kept).copied().collect();
            assert_eq!(months(&app.app.db).await, expected, "on {today}");
            let left: Vec<_> = app.verdicts().await.iter().map(|verdict| verdict.at).collect();
            let kept = |at: &&Timestamp| today <= zone.to_datetime(**at).date().saturating_add(13.months());
            let expected: Vec<_> = answered.iter().filter(kept).copied().collect();
            assert!(expected.iter().all(|at| left.contains(at)), "on {today}: {left:?}");
            assert!(left.len() <= expected.len() + 1, "on {today}: {left:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_gateways_at_once_one_removes_and_records() {
    each_engine(async |database: &Database| {
        let (one, other) = (TestApp::start(database).await, TestApp::start(database).await);
        one.vendor().put(at(CRECHE, "2026-07"), sheet("2026-07")).await.expect(201);
        for app in [&one, &other] {
            app.travel("2036-08-01T00:00:00+02:00");
        }
        let (first, second) = tokio::join!(purge(&one, false), purge(&other, false));
        assert_eq!((first.statements + second.statements, first.verdicts + second.verdicts), (1, 1));
        assert!(first.is_nothing() || second.is_nothing(), "{first} {second}");
        assert_eq!(recorded(&one).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_purge_runs_once_a_day() {
    each_app(async |app| {
        app.vendor().put(at(CRECHE, "2026-07"), sheet("2026-07")).await.expect(201);
        let mut daily = RetentionJob::new(RETENTION);
        assert_eq!(daily.run_if_due(&app.app).await.unwrap(), Some(PurgeReport::default()), "at the start");
        assert_eq!(daily.run_if_due(&app.app).await.unwrap(), None);
        app.travel("2036-08-01T00:00:00+02:00");
        let removed = daily.run_if_due(&app.app).await.unwrap().unwrap().total();
        assert_eq!((removed.statements, removed.revisions, removed.verdicts), (1, 1, 1));
        app.travel("2036-08-01T23:00:00+02:00");
        assert_eq!(daily.run_if_due(&app.app).await.unwrap(), None);
        app.travel("2036-08-02T00:00:00+02:00");
        assert_eq!(daily.run_if_due(&app.app).await.unwrap(), Some(PurgeReport::default()));
        assert_eq!(recorded(app).await[0].actor, Actor::system("retention"));
    })
    .await;
}

#[tokio::test]
async fn what_was_removed_is_not_left_in_the_file() {
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    app.person(ADMINISTRATOR).await.put(at(CRECHE, "2026-07"), sheet("2026-07")).await.expect(201);
    assert_eq!(database.number("select count(*) from revision_author").await, 1);
    let slot = StatementKey { creche: creche(CRECHE), kind: attendance::KIND, month: "2026-07".parse().unwrap() };
    let sealed = {
        let tx = &mut app.app.db.read().await.unwrap();
        store::statements::document(tx, organiser(), slot, 1).await.unwrap().unwrap()
    };
    let path = database.url.strip_prefix("sqlite:").unwrap();
    let holds = || std::fs::read(path).unwrap().windows(sealed.len()).any(|window| window == sealed);
    database.db.close().await;
    assert!(holds());
    let db = Db::connect(&database.url).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let removed =
        store::statements::remove_before(&mut tx, organiser(), "2026-08".parse().unwrap(), EVERY_ROW).await.unwrap();
    assert_eq!(removed, (1, 1));
    tx.commit().await.unwrap();
    assert!(store::statements::authors(&mut db.read().await.unwrap(), organiser(), slot).await.unwrap().is_empty());
    db.close().await;
    assert!(!holds());
}

#[tokio::test]
async fn only_persons_whose_last_contract_ended_five_years_ago_are_removed() {
    each_app(async |app| {
        let names = async || app.vendor().get("/staffMembers").await.expect(200)["items"].as_array().unwrap().len();
        // Tom De Smet's contract ended on 30 June 2026.
        app.travel("2031-06-30T12:00:00Z");
        assert_eq!((purge(app, false).await.staff, names().await), (0, 3));
        app.travel("2031-07-01T12:00:00Z");
        assert_eq!((purge(app, true).await.staff, names().await), (1, 3));
        let kept = async || {
            let mut tx = app.app.db.read().await.unwrap();
            store::staff::list_as_of(&mut tx, organiser(), app.app.clocks.machine().now()).await.unwrap().len()
        };
        assert_eq!(kept().await, 3, "their histories");
        assert_eq!((purge(app, false).await.staff, names().await, kept().await), (1, 2, 2));
        let removals = recorded(app).await.into_iter().filter_map(|entry| entry.detail);
        assert!(removals.into_iter().any(|detail| detail.contains(", 1 member(s) of staff")));
    })
    .await;
}
