//! Generated quarters: what the figures are made of adds up exactly, random corrections are named exactly, and figures as
//! they were signed are computed again from the history.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use passerelle::app::Precondition;
use passerelle::app::doctors::decide;
use passerelle::clock::Clock as _;
use passerelle::domain::doctor::Decision;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{read, summary};
use crate::claims::{attendance, draft, page, report, send_signature_at};
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app};
use crate::harness::process::number_in;
use crate::harness::statement::Sheet;

/// How many quarters are generated on each engine: `PASSERELLE_TEST_QUARTERS`.
static QUARTERS: LazyLock<usize> = LazyLock::new(|| number_in("PASSERELLE_TEST_QUARTERS", 4));

const MONTHS: [&str; 3] = ["2026-07", "2026-08", "2026-09"];

/// The codes of the working days 6 to 10 of a month for each child.
type Children = Vec<[&'static str; 5]>;

/// A quarter: the children of each month, and the fee and travel of one consultation each.
type GeneratedQuarter = [(Children, u32, u32); 3];

/// Corrections: month, child and day of each, and how far the code is moved.
type Corrections = Vec<(usize, usize, usize, usize)>;

const CODES: [&str; 8] = ["P", "AJ", "AI", "P/2", "AJ/2", "AI/2", "P/2+AJ/2", "P/2+AI/2"];

fn any_quarter() -> impl Strategy<Value = (GeneratedQuarter, Corrections)> {
    let day = || prop::sample::select(&CODES[..]);
    let children = prop::collection::vec([day(), day(), day(), day(), day()], 1..9);
    let month = || (children.clone(), 0..20_000_u32, 0..5_000_u32);
    let correction = (0..3_usize, 0..100_usize, 0..5_usize, 1..CODES.len());
    ([month(), month(), month()], prop::collection::vec(correction, 0..6))
}

fn sheet(month: &str, children: &Children) -> Sheet {
    let numbered = (1..).zip(children);
    numbered.fold(Sheet::of(month), |sheet, (number, codes)| {
        let days: Vec<_> = (6..).zip(codes).map(|(day, code)| format!("{day}:{code}")).collect();
        sheet.child(number, &days.join(" "))
    })
}

async fn put(app: &TestApp, path: &str, document: impl Into<Value>) {
    let document = document.into();
    let corrected = format!("{path}?correctionReason=lateInformation");
    let reply = app.vendor().put(corrected, document.clone()).if_match("*").await;
    if reply.status == 412 {
        app.vendor().put(path, document).await.expect(201);
    } else {
        reply.expect(200);
    }
}

async fn deposit(app: &TestApp, quarter: &GeneratedQuarter) {
    for (month, (children, fee, travel)) in MONTHS.into_iter().zip(quarter) {
        put(app, &attendance(month), sheet(month, children)).await;
        let consultation = json!({ "date": format!("{month}-07"), "arrival": "09:00", "departure": "11:30",
            "inami": "17385467004", "feeCents": fee, "travelCents": travel });
        put(app, &format!("/creches/{CRECHE}/medicalStatements/{month}"), json!({ "lines": [consultation] })).await;
    }
}

/// Makes the corrections; returns month and reference of each line that is another one afterwards.
async fn correct(app: &TestApp, quarter: &GeneratedQuarter, corrections: &Corrections) -> BTreeSet<(String, String)> {
    let mut corrected = quarter.clone();
    for (month, child, day, by) in corrections {
        let children = &mut corrected[*month].0;
        let at = child % children.len();
        let code = &mut children[at][*day];
        let now = CODES.iter().position(|one| one == code).unwrap();
        *code = CODES[(now + by) % CODES.len()];
    }
    let mut changed = BTreeSet::new();
    for (month, (before, after)) in MONTHS.into_iter().zip(quarter.iter().zip(&corrected)) {
        let lines = (1..).zip(before.0.iter().zip(&after.0)).filter(|(_, (before, after))| before != after);
        let lines: Vec<_> = lines.map(|(number, _)| (month.to_owned(), format!("K-{number:04}"))).collect();
        if !lines.is_empty() {
            put(app, &attendance(month), sheet(month, &after.0)).await;
        }
        changed.extend(lines);
    }
    changed
}

/// The lines that an answer of contributions names as changed.
fn named(compared: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of_month = |month: &Value| {
        let lines = month["lines"].as_array().unwrap().clone();
        let month = text(&month["month"]);
        lines.into_iter().map(move |line| (month.clone(), text(&line["reference"]))).collect::<Vec<_>>()
    };
    compared["comparisons"].as_array().unwrap().iter().flat_map(of_month).collect()
}

/// The numbers of sums, leaf by leaf, without those of each doctor.
fn leaves(totals: &Value) -> Vec<(String, i64)> {
    let members = totals.as_object().unwrap().iter().filter(|(name, _)| *name != "byDoctor");
    let leaf = |(name, value): (&String, &Value)| match value.as_i64() {
        Some(number) => vec![(name.clone(), number)],
        None => leaves(value).into_iter().map(|(leaf, number)| (format!("{name}/{leaf}"), number)).collect(),
    };
    members.flat_map(leaf).collect()
}

fn added(items: &[Value]) -> Vec<(String, i64)> {
    let all: Vec<_> = items.iter().map(|item| leaves(&item["totals"])).collect();
    let first = all.first().unwrap().clone();
    let sum = |(at, (name, _)): (usize, (String, i64))| (name, all.iter().map(|leaves| leaves[at].1).sum());
    first.into_iter().enumerate().map(sum).collect()
}

/// The lines add up to the statements, these to the totals, and those are the summary's.
async fn adds_up(app: &TestApp, rest: &str, as_of: &str, figures: &Value) {
    let made_of = read(app, &summary("2026Q3", &format!("/{rest}{as_of}"))).await;
    let statements = made_of["statements"].as_array().unwrap();
    for statement in statements {
        assert_eq!(added(statement["lines"].as_array().unwrap()), leaves(&statement["totals"]), "{rest}");
    }
    assert_eq!(added(statements), leaves(&made_of["totals"]), "{rest}");
    assert_eq!(leaves(&made_of["totals"]), leaves(figures), "{rest}");
}

/// The sum of a figure of the signed document over the months.
fn signed_figure(document: &Value, figure: &str) -> i64 {
    let figures = document["figures"].as_array().unwrap().iter();
    figures.filter(|line| line["figure"] == figure).map(|line| line["value"].as_i64().unwrap()).sum()
}

/// The signed figures are those of the summary as it was known when it was signed, to the cent.
fn is_as_signed(document: &Value, figures: &Value) {
    let days = [("present", "present"), ("justified", "justifiedAbsence"), ("unjustified", "unjustifiedAbsence")];
    for (figure, total) in days {
        for (name, size) in [("FullDays", "fullDays"), ("HalfDays", "halfDays")] {
            assert_eq!(signed_figure(document, &format!("{figure}{name}")), figures["totals"][total][size]);
        }
    }
    for figure in ["consultations", "feeCents", "travelCents"] {
        assert_eq!(signed_figure(document, figure), figures["medical"]["totals"][figure], "{figure}");
    }
}

/// An instant of a signature, what was signed, and the figures of then.
type Signed = (Timestamp, Value, Value);

/// Deposits a quarter, signs it, and corrects it.
async fn play(app: &TestApp, number: usize, (quarter, corrections): (GeneratedQuarter, Corrections)) -> Signed {
    deposit(app, &quarter).await;
    put(app, &report(""), draft(300_000 + u64::try_from(number).unwrap())).await;
    let figures = read(app, &summary("2026Q3", "")).await;
    adds_up(app, "contributions", "", &figures["totals"]).await;
    adds_up(app, "medicalContributions", "", &figures["medical"]["totals"]).await;
    send_signature_at(&app.browser(ADMINISTRATOR).await, &page("/claim")).await.expect(303);
    let document = app.vendor().get(report("/receipt")).await.expect(200)["document"].clone();
    is_as_signed(&document, &figures);
    let at = app.clock.now();
    app.clock.advance(SignedDuration::from_mins(1));
    let changed = correct(app, &quarter, &corrections).await;
    let compared = read(app, &summary("2026Q3", &format!("/contributions?comparedAsOf={at}"))).await;
    assert_eq!(named(&compared), changed, "{number}: {corrections:?}");
    app.clock.advance(SignedDuration::from_mins(1));
    (at, document, figures)
}

#[tokio::test]
async fn contributions_add_up_corrections_are_named_and_signed_figures_are_recomputed() {
    let runner = RefCell::new(TestRunner::deterministic());
    // A statement has a thousand revisions at most.
    for first in (0..*QUARTERS).step_by(100) {
        each_app(async |app| {
            let doctor = crate::doctors::enter_doctor(app).await;
            let earlier = json!({ "startDate": "2026-01-01" });
            crate::doctors::change(&app.vendor(), &doctor, earlier).await.expect(200);
            crate::doctors::agree(&app.vendor(), &doctor).await.expect(200);
            let id = doctor.rsplit('/').next().unwrap().parse().unwrap();
            decide(&app.app, "ONE-1207", id, &Precondition::Any, &Decision::Validated).await.unwrap();
            let mut signed = Vec::new();
            for number in first..(first + 100).min(*QUARTERS) {
                let generated = any_quarter().new_tree(&mut runner.borrow_mut()).unwrap().current();
                signed.push(play(app, number, generated).await);
            }
            for (at, document, figures) in &signed {
                let again = read(app, &summary("2026Q3", &format!("?asOf={at}"))).await;
                assert_eq!(again["totals"], figures["totals"]);
                is_as_signed(document, &again);
                adds_up(app, "contributions", &format!("?asOf={at}"), &figures["totals"]).await;
            }
        })
        .await;
    }
}
