//! Statements deposited, read back and corrected: what the API promises of them, on both engines.

mod announced_rules;
mod collected;
mod deposit;
mod dry_run;
mod medical;
mod precondition;
mod read;
mod record;
mod refused;
mod replay;
mod standing;
mod trial_key;
mod workbook;

use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::Reply;
use crate::harness::statement::Sheet;

/// The address of a statement of the first crèche.
fn at(month: &str) -> String {
    format!("/creches/{CRECHE}/attendanceStatements/{month}")
}

/// The statement of two children in July.
fn july() -> Sheet {
    Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2 3:AI").child(2, "1:AJ:medicalCertificate 2:P")
}

/// Deposits it.
async fn deposit(app: &TestApp, month: &str, sheet: &Sheet) -> Reply {
    app.vendor().put(at(month), sheet).await.expect(201)
}
