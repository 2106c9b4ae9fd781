//! Write access to the database without the key: what is forged is found by a look at every row, and has no effect where
//! it is checked when it is used.

mod checkpoint;
mod copied;
mod deep;
mod effect;
mod trail;
mod upgrade;

use axum::http::Method;
use passerelle::app::integrity::{self, Forgery};
use serde_json::json;

use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::JSON;
use crate::harness::database::{Database, each_engine};
use crate::harness::statement::Sheet;

/// Runs the test against a sandbox on each engine, with its database.
async fn each_world(test: impl AsyncFn(&TestApp, &Database)) {
    each_engine(async |database| test(&TestApp::start(database).await, database).await).await;
}

/// The rows that are not the gateway's, with what is wrong with them.
async fn found(app: &TestApp) -> Vec<(String, Forgery)> {
    let examined = integrity::verify_rows(&app.app.db, app.app.vault.index_key()).await.unwrap();
    assert_eq!(examined.broken, [], "the chains hold");
    examined.findings.into_iter().map(|found| (found.row, found.forgery)).collect()
}

/// A saved row, to be put back later.
struct RowSnapshot<'a> {
    database: &'a Database,
    table: &'static str,
    filter: String,
}

impl<'a> RowSnapshot<'a> {
    async fn new(database: &'a Database, table: &'static str, filter: &str) -> Self {
        database.tamper("drop table if exists kept").await;
        database.tamper(format!("create table kept as select * from {table} where {filter}")).await;
        assert_eq!(database.number("select count(*) from kept").await, 1, "{table} has one row where {filter}");
        Self { database, table, filter: filter.to_owned() }
    }

    /// Changes columns of the row.
    async fn forge(&self, changes: &str) {
        let forged = format!("update {} set {changes} where {}", self.table, self.filter);
        assert_eq!(self.database.tamper(forged).await, 1, "{} {changes}", self.table);
    }

    /// Puts these columns back.
    async fn put_back(&self, columns: &[&str]) {
        let columns: Vec<_> = columns.iter().map(|name| format!("{name} = (select {name} from kept)")).collect();
        let put = format!("update {} set {} where {}", self.table, columns.join(", "), self.filter);
        assert_eq!(self.database.tamper(put).await, 1, "{}", self.table);
    }
}

/// Moves keys with their scopes to an application of another organiser.
async fn move_keys(database: &Database, filter: &str, (organiser, application): (&str, &str)) {
    let keys = format!("key_id in (select id from api_key where {filter})");
    let moved =
        format!("update api_key set organiser_id = '{organiser}', application_id = '{application}' where {filter}");
    for statement in [
        format!("create table kept as select * from api_key_scope where {keys}"),
        format!("delete from api_key_scope where {keys}"),
        format!("delete from api_key_creche where {keys}"),
        moved,
        format!("insert into api_key_scope select '{organiser}', key_id, scope, position from kept"),
        "drop table kept".to_owned(),
    ] {
        database.tamper(statement).await;
    }
}

/// Deposits a statement of our first crèche for this month, with so many children.
async fn deposit(app: &TestApp, month: &str, children: u32) {
    let path = format!("/creches/{CRECHE}/attendanceStatements/{month}");
    let sheet: serde_json::Value = Sheet::of(month).children(children, "1:P").into();
    let call = app.vendor().call(Method::PUT, path).body(JSON, sheet.to_string());
    let status = call.header("if-match", "*").await.status;
    if status == 412 {
        let path = format!("/creches/{CRECHE}/attendanceStatements/{month}");
        app.vendor().put(path, Sheet::of(month).children(children, "1:P")).await.expect(201);
    } else {
        assert_eq!(status, 200);
    }
}

/// Makes an endpoint for our organiser; its id.
async fn endpoint(app: &TestApp, url: &str) -> String {
    let created = app.vendor().post("/webhookEndpoints", json!({ "url": url })).await.expect(201);
    created["id"].as_str().unwrap().to_owned()
}
