//! A refused workbook is returned marked: sent again unchanged it is refused alike, repaired it is accepted.

use std::collections::BTreeMap;
use std::io::Cursor;

use axum::http::Method;
use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::Workbook;
use serde_json::Value;

use super::{Case, cases, workbook};
use crate::harness::app::{TestApp, each_app};
use crate::harness::call::{Reply, XLSX};

/// The cells of a workbook's sheet, by row and column.
fn cells(bytes: &[u8], sheet: &str) -> BTreeMap<(u32, u16), String> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let (top, left) = range.start().unwrap_or_default();
    let at = |row: usize, column: usize| {
        (top + u32::try_from(row).unwrap(), u16::try_from(left).unwrap() + u16::try_from(column).unwrap())
    };
    let used = range.used_cells().filter(|(_, _, cell)| **cell != Data::Empty);
    used.map(|(row, column, cell)| (at(row, column), cell.to_string())).collect()
}

/// The list of faults, and a sheet with these cells.
fn repaired(annotated: &[u8], name: &str, good: &BTreeMap<(u32, u16), String>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let list = workbook.add_worksheet().set_name("À corriger").unwrap();
    for ((row, column), text) in cells(annotated, "À corriger") {
        list.write_string(row, column, text).unwrap();
    }
    let sheet = workbook.add_worksheet().set_name(name).unwrap();
    for ((row, column), text) in good {
        sheet.write_string(*row, *column, text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// Code, cell and count of every finding.
fn issues(reply: &Reply) -> Vec<(Value, Value, Value)> {
    let lists = ["issues", "warnings"].map(|list| reply.json[list].as_array().cloned().unwrap_or_default());
    let of = |finding: &Value| (finding["code"].clone(), finding["cell"].clone(), finding["count"].clone());
    lists.concat().iter().map(of).collect()
}

/// How many things are counted in a list of findings.
fn count(reply: &Reply, list: &str) -> String {
    let items = reply.json[list].as_array().into_iter().flatten();
    items.map(|item| item["count"].as_u64().unwrap_or(1)).sum::<u64>().to_string()
}

async fn put(app: &TestApp, path: &str, bytes: Vec<u8>) -> Reply {
    app.vendor().call(Method::PUT, path).body(XLSX, bytes).await
}

async fn comes_back_marked(app: &TestApp, kind: &str, case: &Case) {
    let path = case.context.prepare(app, kind).await;
    let sheet = if kind == "medical" { "Consultations" } else { "Présences" };
    let sent = workbook(kind, &case.context.month, &case.failing());
    let refused = put(app, &path, sent.clone()).await;
    if refused.status == 201 {
        // Only warnings: no marked workbook.
        return;
    }
    let back = app.vendor().call(Method::PUT, &path).body(XLSX, sent.clone()).accept(XLSX).await.expect(400);
    assert_eq!(back.header("content-type"), XLSX, "{}", case.rule);
    assert_eq!(back.header("cache-control"), "no-store");
    assert_eq!(back.header("passerelle-problem-type"), "urn:problem-type:belgif:badRequest");
    assert_eq!(back.header("passerelle-error-count"), count(&refused, "issues"), "{}", case.rule);
    assert_eq!(back.header("passerelle-warning-count"), count(&refused, "warnings"), "{}", case.rule);
    let list = cells(&back.bytes, "À corriger");
    for code in refused.codes("issues").into_iter().chain(refused.codes("warnings")) {
        assert!(list.values().any(|cell| cell == code), "{code} is in the list");
    }
    let (sent_cells, back_cells) = (cells(&sent, sheet), cells(&back.bytes, sheet));
    assert_eq!(back_cells, sent_cells, "{}", case.rule);
    let again = put(app, &path, back.bytes.to_vec()).await.expect(400);
    assert_eq!(issues(&again), issues(&refused), "{}", case.rule);
    let good = cells(&workbook(kind, &case.passing_context().month, &case.passing()), sheet);
    let path = case.passing_context().prepare(app, kind).await;
    let accepted = put(app, &path, repaired(&back.bytes, sheet, &good)).await.expect(201);
    assert!(!accepted.codes("warnings").contains(&case.rule.as_str()));
}

#[tokio::test]
async fn every_refused_workbook_is_returned_marked_and_accepted_once_repaired() {
    each_app(async |app| {
        for (kind, case) in cases().iter().filter(|(_, case)| case.failing.is_some() && case.by("xlsx")) {
            comes_back_marked(app, kind, case).await;
        }
    })
    .await;
}
