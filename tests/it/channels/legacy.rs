//! The same cases as `.xls`, by the channel of legacy workbooks.

use axum::http::Method;

use super::{cases, found, workbook};
use crate::harness::app::TestApp;
use crate::harness::database::Database;
use crate::harness::legacy::legacy;

const XLS: &str = "application/vnd.ms-excel";

#[tokio::test]
async fn a_legacy_workbook_has_the_findings_of_the_other_channels() {
    let cases: Vec<_> = cases().into_iter().filter(|(_, case)| case.failing.is_some() && case.by("xlsx")).collect();
    let books: Vec<_> = cases.iter().map(|(kind, case)| workbook(kind, &case.context.month, &case.failing())).collect();
    let Some(books) = legacy(&books) else { return };
    // Reading a file does not depend on the engine.
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    for ((kind, case), book) in cases.iter().zip(books) {
        let path = case.context.prepare(&app, kind).await;
        let reply = app.vendor().call(Method::PUT, path).body(XLS, book).if_none_match("*").await;
        assert_eq!(found(&reply), case.shows(), "{}, {}: {}", case.rule, case.title, reply.json);
    }
}
