//! Figures of months and quarters, and what they are made of.

use std::sync::atomic::{AtomicU64, Ordering};

use passerelle::domain::creche::Places;
use passerelle::store::{self, DbOptions};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, SECOND, TestApp, UNSUBSIDISED, creche, each_app, organiser};
use crate::harness::call::Reply;
use crate::harness::database::each_engine;
use crate::harness::document::assert_members;
use crate::harness::statement::{Sheet, totals};

async fn put(app: &TestApp, creche: &str, month: &str, sheet: &Sheet) -> Reply {
    let address = format!("/creches/{creche}/attendanceStatements/{month}");
    let reply = app.vendor().put(address, sheet).if_match("*").await;
    if reply.status != 412 {
        return reply.expect(200);
    }
    app.vendor().put(format!("/creches/{creche}/attendanceStatements/{month}"), sheet).await.expect(201)
}

async fn get(app: &TestApp, path: &str) -> Reply {
    app.vendor().get(path).await.expect(200)
}

fn of(creche: &str, period: &str) -> String {
    format!("/creches/{creche}/summaries/{period}")
}

#[tokio::test]
async fn a_quarter_adds_up_its_months_and_lists_the_missing_ones() {
    each_app(async |app| {
        put(app, CRECHE, "2026-07", &Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2 3:AI")).await;
        put(app, CRECHE, "2026-09", &Sheet::of("2026-09").child(1, "1:AJ").child(2, "1:P").without("ssin")).await;
        let quarter = get(app, &of(CRECHE, "2026Q3")).await;
        quarter.has(&json!({
            "totals": totals((2, 1), (1, 1), (1, 0)), "lines": 3, "status": "missing",
            "presentHalfDays": 5, "presentAndJustifiedHalfDays": 8,
            "openDays": 55, "placeDays": 55 * 18, "deadline": "2026-12-31", "deadlinePassed": false,
        }));
        assert_eq!(quarter.each("months", "status"), ["deposited", "missing", "deposited"]);
        assert_eq!(quarter.each("months", "hasWarnings"), [false, false, true]);
        assert_eq!(quarter.each("months", "revision"), [json!(1), Value::Null, json!(1)]);
        assert_eq!(quarter.each("missing", "month"), ["2026-08"]);
        // July 22, August 21 less 10 of closure and none of the Saturday holiday, September 22.
        assert_eq!(quarter.each("months", "openDays"), [22, 11, 22]);
        for month in 0..3 {
            let name = quarter["months"][month]["month"].as_str().unwrap().to_owned();
            let alone = get(app, &of(CRECHE, &name)).await;
            for figure in ["totals", "lines", "openDays", "placeDays", "status", "hasWarnings"] {
                assert_eq!(alone[figure], quarter["months"][month][figure], "{name} {figure}");
            }
        }
        put(app, CRECHE, "2026-08", &Sheet::of("2026-08").child(1, "17:P")).await;
        let whole = get(app, &of(CRECHE, "2026Q3")).await;
        whole.has(&json!({ "status": "deposited", "missing": [] }));
        app.travel("2027-01-01T00:00:00+01:00");
        assert_eq!(get(app, &of(CRECHE, "2026Q3")).await["deadlinePassed"], true);
    })
    .await;
}

#[tokio::test]
async fn a_period_without_deposits_is_zeros() {
    each_app(async |app| {
        for (period, months) in [("2026-07", 1), ("2026Q4", 3), ("2019Q1", 3), ("2031-01", 1)] {
            let none = get(app, &of(CRECHE, period)).await;
            none.has(&json!({ "status": "missing", "totals": totals((0, 0), (0, 0), (0, 0)) }));
            assert_eq!(none.each("missing", "month").len(), months, "{period}");
            let made_of = get(app, &format!("{}/contributions", of(CRECHE, period))).await;
            made_of.has(&json!({ "statements": [], "totals": none["totals"] }));
        }
        let before_the_authorisation = get(app, &of(CRECHE, "2019Q1")).await;
        assert_eq!(before_the_authorisation["openDays"], 0);
    })
    .await;
}

#[tokio::test]
async fn a_creche_without_subsidy_has_no_deadline() {
    each_app(async |app| {
        put(app, UNSUBSIDISED, "2026-07", &Sheet::of("2026-07").child(1, "1:P")).await;
        let summary = get(app, &of(UNSUBSIDISED, "2026Q3")).await;
        assert!(summary["deadline"].is_null() && summary["deadlinePassed"].is_null());
        let limited = app.limited_to(&[UNSUBSIDISED]).await;
        assert!(limited.get("/summaries/2026Q3").await.expect(200)["deadline"].is_null());
        assert_eq!(get(app, "/summaries/2026Q3").await["deadline"], "2026-12-31", "others have one");
    })
    .await;
}

#[tokio::test]
async fn places_are_those_of_the_day() {
    each_app(async |app| {
        let before = get(app, &of(CRECHE, "2026-09")).await;
        before.has(&json!({ "places": 18, "placeDays": 22 * 18 }));
        let mut tx = app.app.db.write().await.unwrap();
        let new = Places { from: "2026-09-15".parse().unwrap(), places: 20 };
        assert!(
            store::creches::set_places(&mut tx, organiser(), creche(CRECHE), new, app.app.clocks.machine().now())
                .await
                .unwrap()
        );
        app.commit(tx).await;
        let after = get(app, &of(CRECHE, "2026-09")).await;
        // They changed in the month.
        after.has(&json!({ "places": null, "placeDays": 10 * 18 + 12 * 20 }));
        assert_eq!(get(app, &of(CRECHE, "2026-10")).await["places"], 20);
        let whole = get(app, &format!("/creches/{CRECHE}")).await;
        assert_eq!(
            (&whole["capacity"], whole.each("capacities", "places")),
            (&20.into(), vec![14.into(), 18.into(), 20.into()])
        );
        // December 2025 still has its 14.
        assert_eq!(get(app, &of(CRECHE, "2025-12")).await["places"], 14);
    })
    .await;
}

#[tokio::test]
async fn the_organiser_is_the_sum_of_the_creches_within_reach() {
    each_app(async |app| {
        put(app, CRECHE, "2026-07", &Sheet::of("2026-07").child(1, "1:P 2:P/2")).await;
        put(app, SECOND, "2026-07", &Sheet::of("2026-07").child(1, "1:AJ").child(2, "2:AI/2")).await;
        for period in ["2026-07", "2026Q3"] {
            let all = get(app, &format!("/summaries/{period}")).await;
            assert_eq!(all["totals"], totals((1, 1), (1, 0), (0, 1)));
            assert_eq!(all.each("creches", "creche/id"), [CRECHE, SECOND, UNSUBSIDISED]);
            for figure in ["lines", "openDays", "placeDays", "presentHalfDays", "presentAndJustifiedHalfDays"] {
                let parts = all.each("creches", figure);
                let sum: u64 = parts.iter().filter_map(Value::as_u64).sum();
                assert_eq!(all[figure], sum, "{period} {figure}");
            }
            for shown in all["creches"].as_array().unwrap() {
                let alone = get(app, &of(shown["creche"]["id"].as_str().unwrap(), period)).await;
                for figure in ["totals", "status", "openDays", "placeDays", "presentRate", "missing"] {
                    assert_eq!(alone[figure], shown[figure], "{period} {figure}");
                }
            }
        }
        let limited = app.limited_to(&[SECOND]).await;
        let part = limited.get("/summaries/2026-07").await.expect(200);
        assert_eq!(part["totals"], totals((0, 0), (1, 0), (0, 1)));
        assert_eq!((part.each("creches", "creche/id"), &part["status"]), (vec![SECOND.into()], &"deposited".into()));
        let nothing = app.limited_to(&[]).await.get("/summaries/2026-07").await.expect(200);
        nothing.has(&json!({ "creches": [], "status": "missing" }));
    })
    .await;
}

#[tokio::test]
async fn figures_have_tags_that_change_with_them() {
    each_app(async |app| {
        put(app, CRECHE, "2026-07", &Sheet::of("2026-07").child(1, "1:P")).await;
        let contributions = format!("{}/contributions", of(CRECHE, "2026-07"));
        for path in [of(CRECHE, "2026-07"), of(CRECHE, "2026Q3"), "/summaries/2026Q3".to_owned(), contributions] {
            let first = get(app, &path).await;
            let spared = app.vendor().get(&path).if_none_match(&format!("W/{}", first.etag())).await.expect(304);
            assert_eq!(spared.etag(), first.etag());
            put(app, CRECHE, "2026-07", &Sheet::of("2026-07").child(1, "1:AI")).await;
            let second = app.vendor().get(&path).if_none_match(&first.etag()).await.expect(200);
            assert_ne!(second.etag(), first.etag(), "{path}");
            put(app, CRECHE, "2026-07", &Sheet::of("2026-07").child(1, "1:P")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn missing_statements_are_listed_in_the_requested_language() {
    each_app(async |app| {
        let mut details = Vec::new();
        for language in ["fr", "nl", "en"] {
            let quarter = app.vendor().get(of(CRECHE, "2026Q4")).language(language).await.expect(200);
            assert_eq!(quarter.header("content-language"), language);
            let told = quarter.each("missing", "detail");
            assert_eq!(told[1], told[2], "both have not begun");
            assert_ne!(told[0], told[1], "this one has");
            details.extend(told);
        }
        details.sort_by_key(ToString::to_string);
        details.dedup();
        assert_eq!(details.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn a_comparison_names_what_changed_and_by_how_much() {
    each_app(async |app| {
        let first = Sheet::of("2026-07").child(1, "1:P 2:P").child(2, "1:P").child(3, "6:P/2").child(5, "1:P");
        put(app, CRECHE, "2026-07", &first).await;
        let second = Sheet::of("2026-07")
            .child(1, "1:P 2:AJ:medicalCertificate")
            .child(3, "6:P/2+AI/2")
            .child(4, "1:P")
            .child(5, "1:P");
        put(app, CRECHE, "2026-07", &second).await;
        let path = format!("{}/contributions", of(CRECHE, "2026-07"));
        let compared = get(app, &format!("{path}?comparedTo=1")).await;
        let signed = |full: i64, half: i64| json!({ "fullDays": full, "halfDays": half });
        let change =
            json!({ "present": signed(-1, 0), "justifiedAbsence": signed(1, 0), "unjustifiedAbsence": signed(0, 1) });
        let expected = json!({ "from": 1, "to": 2, "month": "2026-07", "totals": change });
        assert_members(&compared["comparisons"][0], &expected, "the comparison");
        let lines = compared["comparisons"][0]["lines"].as_array().unwrap();
        let told: Vec<_> =
            lines.iter().map(|line| (line["reference"].as_str().unwrap(), line["change"].as_str().unwrap())).collect();
        assert_eq!(told, [("K-0001", "changed"), ("K-0002", "removed"), ("K-0003", "changed"), ("K-0004", "added")]);
        assert_eq!(
            lines[0]["days"],
            json!([{ "date": "2026-07-02", "before": "P", "after": "AJ:medicalCertificate" }])
        );
        assert_eq!(lines[1]["days"], json!([{ "date": "2026-07-01", "before": "P" }]));
        assert!(lines[1]["after"].is_null() && lines[3]["before"].is_null());
        let halves = lines[2]["days"][0]["after"].as_str().unwrap();
        assert!(halves == "P/2+AI/2" || halves == "AI/2+P/2", "{halves}");
        let same = get(app, &format!("{path}?comparedTo=2")).await;
        assert_eq!(same["comparisons"], json!([]));
        app.vendor().get(format!("{path}?comparedTo=3")).await.refused(404, "resourceNotFound");
        assert!(get(app, &path).await["comparisons"].is_null());
    })
    .await;
}

/// A statement of up to twelve children with arbitrary days.
fn any_sheet(month: &'static str) -> impl Strategy<Value = Sheet> {
    let code = prop_oneof!["P|AJ|AI", "P/2|AJ/2|AI/2", Just("P/2+AJ/2".to_owned()), Just("AI/2+P/2".to_owned())];
    let days = prop::collection::btree_map(1..28_u32, code, 0..8);
    prop::collection::btree_map(1..40_u32, days, 0..12).prop_map(move |children| {
        children.into_iter().fold(Sheet::of(month), |sheet, (number, days)| {
            let days: Vec<_> = days.into_iter().map(|(day, code)| format!("{day}:{code}")).collect();
            sheet.child(number, &days.join(" "))
        })
    })
}

/// Adds up counts of the six, as the API writes them.
fn add(sum: &mut [i64; 6], totals: &Value) {
    for (status, at) in [("present", 0), ("justifiedAbsence", 2), ("unjustifiedAbsence", 4)] {
        sum[at] += totals[status]["fullDays"].as_i64().unwrap();
        sum[at + 1] += totals[status]["halfDays"].as_i64().unwrap();
    }
}

fn sum<'a>(all: impl IntoIterator<Item = &'a Value>) -> [i64; 6] {
    let mut sum = [0; 6];
    all.into_iter().for_each(|totals| add(&mut sum, totals));
    sum
}

#[tokio::test]
async fn contributions_add_up_to_the_figures_exactly() {
    each_app(async |app| {
        let mut runner = TestRunner::deterministic();
        for _ in 0..6 {
            for month in ["2026-07", "2026-08", "2026-09"] {
                let sheet = any_sheet(month).new_tree(&mut runner).unwrap().current();
                put(app, CRECHE, month, &sheet).await;
            }
            let summary = get(app, &of(CRECHE, "2026Q3")).await;
            let made_of = get(app, &format!("{}/contributions", of(CRECHE, "2026Q3"))).await;
            assert_eq!(made_of["totals"], summary["totals"]);
            let statements = made_of["statements"].as_array().unwrap();
            assert_eq!(sum(statements.iter().map(|statement| &statement["totals"])), sum([&summary["totals"]]));
            for (statement, month) in statements.iter().zip(summary["months"].as_array().unwrap()) {
                let lines = statement["lines"].as_array().unwrap();
                assert_eq!(sum(lines.iter().map(|line| &line["totals"])), sum([&month["totals"]]));
                assert_eq!((&statement["revision"], &statement["totals"]), (&month["revision"], &month["totals"]));
                assert_eq!(month["lines"], lines.len());
            }
        }
        // Each comparison bridges two revisions exactly.
        let path = format!("{}/contributions", of(CRECHE, "2026-07"));
        let now = get(app, &path).await;
        let last = now["statements"][0]["revision"].as_u64().unwrap();
        for revision in 1..=last {
            let stored =
                get(app, &format!("/creches/{CRECHE}/attendanceStatements/2026-07/revisions/{revision}")).await;
            let compared = get(app, &format!("{path}?comparedTo={revision}")).await;
            if revision == last {
                assert_eq!(compared["comparisons"], json!([]), "it is the same");
                continue;
            }
            let comparison = &compared["comparisons"][0];
            assert_eq!(sum([&stored["totals"], &comparison["totals"]]), sum([&now["totals"]]), "{revision}");
            let mut bridge = [0; 6];
            for line in comparison["lines"].as_array().unwrap() {
                let zero = totals((0, 0), (0, 0), (0, 0));
                let side = |name: &str| if line[name].is_null() { zero.clone() } else { line[name].clone() };
                let (before, after) = (sum([&side("before")]), sum([&side("after")]));
                bridge
                    .iter_mut()
                    .zip(after.iter().zip(before))
                    .for_each(|(sum, (after, before))| *sum += after - before);
            }
            assert_eq!(bridge, sum([&comparison["totals"]]), "{revision}: the lines make the change");
        }
    })
    .await;
}

/// The line that differs between the first two revisions of July.
async fn only_difference(app: &TestApp) -> Value {
    let compared = get(app, &format!("{}/contributions?comparedTo=1", of(CRECHE, "2026-07"))).await;
    let lines = compared["comparisons"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 1, "{}", compared.json);
    for personal in ["Vandeputte", "Exemple1", "07:30", "08:15"] {
        assert!(!compared.json.to_string().contains(personal), "{personal}");
    }
    lines[0].clone()
}

#[tokio::test]
async fn a_revision_that_changes_only_a_name_is_explained_without_the_name() {
    each_app(async |app| {
        let sheet = Sheet::of("2026-07").child(1, "1:P").child(2, "1:P");
        put(app, CRECHE, "2026-07", &sheet.clone().with("familyName", "Vandeputte")).await;
        put(app, CRECHE, "2026-07", &sheet).await;
        let line = only_difference(app).await;
        let expected = json!({
            "reference": "K-0002", "change": "changed", "identityChanged": true, "timesChanged": null,
            "days": [], "before": line["after"],
        });
        assert_members(&line, &expected, "the line");
    })
    .await;
}

#[tokio::test]
async fn a_revision_that_changes_only_an_arrival_is_explained_without_the_time() {
    each_app(async |app| {
        let at = |arrival: &str| {
            let day = json!({ "date": "2026-07-01", "status": "present", "duration": "full", "arrival": arrival });
            Sheet::of("2026-07").child(1, "").with("days", json!([day]))
        };
        put(app, CRECHE, "2026-07", &at("07:30")).await;
        put(app, CRECHE, "2026-07", &at("08:15")).await;
        let line = only_difference(app).await;
        assert_members(&line, &json!({ "timesChanged": true, "identityChanged": null }), "the line");
    })
    .await;
}

#[tokio::test]
async fn figures_are_never_those_before_a_deposit_that_was_answered() {
    each_engine(async |database| {
        let second = database.opened_with(DbOptions::default()).await;
        let (one, other) = (TestApp::start(database).await, TestApp::start(&second).await);
        let answered = AtomicU64::new(0);
        let write = async {
            for day in 1..=12 {
                let sheet = Sheet::of("2026-07").child(1, &format!("{day}:P"));
                let revision = put(&one, CRECHE, "2026-07", &sheet).await["revision"].as_u64().unwrap();
                answered.store(revision, Ordering::SeqCst);
            }
        };
        let read = async |app: &TestApp| {
            let mut seen = 0;
            while seen < 12 {
                let known = answered.load(Ordering::SeqCst);
                let figures = get(app, &of(CRECHE, "2026Q3")).await;
                let found = figures["months"][0]["revision"].as_u64().unwrap_or_default();
                assert!(found >= known.max(seen), "{found} after {known} was answered and {seen} was read");
                seen = found;
                // An answer from memory has no other point at which the writer goes on.
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(write, read(&one), read(&other));
        second.db.close().await;
    })
    .await;
}
