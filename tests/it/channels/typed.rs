//! The same cases typed into the console's table, cell by cell as in a workbook, and deposited from there.

use std::collections::BTreeSet;

use calamine::{Data, Reader as _, Xlsx};
use passerelle::domain::deposit::DepositOutcome;
use passerelle::domain::kinds::for_each_kind;
use passerelle::domain::period::Month;
use passerelle::domain::statement::Channel;
use passerelle::ingest::StatementFormat as _;
use passerelle::store::verdicts::VerdictRecord;
use serde_json::Value;

use super::{Case, Given, cases, workbook};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app};

/// The most rows that a table has.
const MOST: usize = 500;

/// The rows to be typed in below the table's headers; nothing where they do not fit into the table.
fn rows(kind: &str, month: &str, statement: &Value) -> Option<Vec<Vec<String>>> {
    let month_of: Month = month.parse().unwrap();
    macro_rules! headers_of_kinds {
        ($($kind:ident)*) => {
            [$((stringify!($kind), passerelle::domain::kinds::$kind::Statement::headers(month_of))),*]
        };
    }
    let (_, headers) = for_each_kind!(headers_of_kinds).into_iter().find(|(name, _)| *name == kind)?;
    let mut book = Xlsx::new(std::io::Cursor::new(workbook(kind, month, statement))).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |cell: &Data| if matches!(cell, Data::Empty) { String::new() } else { cell.to_string() };
    let mut lines = sheet.rows().map(|row| row.iter().map(text).collect::<Vec<_>>());
    let places: Vec<_> = lines.next()?.iter().map(|name| headers.iter().position(|header| header == name)).collect();
    let place = |line: Vec<String>| {
        let mut row = vec![String::new(); headers.len()];
        for (text, place) in line.into_iter().zip(&places).filter(|(text, _)| !text.is_empty()) {
            row[(*place)?] = text;
        }
        Some(row)
    };
    lines.map(place).collect::<Option<Vec<_>>>().filter(|rows| (1..=MOST).contains(&rows.len()))
}

/// Types a statement in and deposits it: what the gateway thought of it. Nothing where it cannot be typed.
async fn typed(app: &TestApp, kind: &str, given: &Given, statement: &Value) -> Option<VerdictRecord> {
    let rows = rows(kind, &given.month, statement)?;
    let path = given.prepare(app, kind).await;
    // The session of an earlier day is over.
    let browser = app.browser(ADMINISTRATOR).await;
    let creche = path.split('/').nth(2).unwrap();
    let table = format!("/console/creches/{creche}/{kind}/{}/table", given.month);
    let lines = rows.len().to_string();
    let begun = browser.send(format!("{table}/begin"), &[("start", "blank"), ("lines", &lines)]).await;
    let page = browser.follow(&begun).await.expect(200);
    assert!(!page.input_values("version").is_empty(), "{kind} {} {}", given.month, page.text);
    let own: Vec<_> = ["version", "page", "rows"].map(|name| (name, page.input_values(name)[0].clone())).into();
    let mut fields: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend(rows.iter().flatten().map(|text| ("c", text.as_str())));
    fields.push(("action", "deposit"));
    let sent = browser.send(table, &fields).await;
    assert!([303, 400].contains(&sent.status), "{}", sent.text);
    let is_here = |verdict: &VerdictRecord| verdict.subject.place().is_some_and(|(here, _)| here.to_string() == creche);
    let here = |verdict: &VerdictRecord| is_here(verdict) && verdict.channel == Channel::Console;
    app.verdicts().await.into_iter().find(here)
}

fn codes(verdict: &VerdictRecord) -> BTreeSet<String> {
    let counts: Value = serde_json::from_str(&verdict.counts).unwrap();
    counts.as_object().unwrap().keys().cloned().collect()
}

/// Cases that can be typed: of a document, by the channel of sheets, with nothing deposited before that would be replaced.
fn typable(case: &Case) -> bool {
    let replaces = |given: &Given| given.latest.as_ref().is_some_and(|latest| latest.month == given.month);
    case.failing.is_some() && case.by("xlsx") && !replaces(&case.context) && !replaces(case.passing_context())
}

#[tokio::test]
async fn the_typed_table_has_the_findings_of_the_other_channels() {
    each_app(async |app| {
        let mut count = 0;
        for (kind, case) in cases().iter().filter(|(_, case)| typable(case)) {
            let Some(broken) = typed(app, kind, &case.context, &case.failing()).await else { continue };
            let expected: BTreeSet<_> = case.shows().into_iter().map(str::to_owned).collect();
            assert_eq!(codes(&broken), expected, "{}, {} {kind}", case.rule, case.title);
            if let Some(kept) = typed(app, kind, case.passing_context(), &case.passing()).await {
                assert_eq!(kept.outcome, DepositOutcome::Accepted, "{}, {} {kind}", case.rule, case.title);
                assert!(!codes(&kept).contains(&case.rule), "{}, {} {kind}", case.rule, case.title);
            }
            count += 1;
        }
        assert!(count > 30, "only {count} cases could be typed");
    })
    .await;
}
