//! The console's pages, in a browser without scripts.

mod agency_search;
mod agent;
mod board;
mod changes;
mod closures;
mod doctors;
mod errors;
mod expired_form;
mod failures;
mod frame;
mod history;
mod home;
mod medical;
mod month;
mod notices;
mod reports;
mod rights;
mod staff;
mod table;
mod upload;
mod users;
pub(crate) mod words;

use crate::harness::app::CRECHE;
use crate::harness::statement::Sheet;

/// The page of a month of the first crèche.
fn at(month: &str) -> String {
    format!("/console/creches/{CRECHE}/attendance/{month}")
}

/// The statement's address in the API.
fn api(month: &str) -> String {
    format!("/creches/{CRECHE}/attendanceStatements/{month}")
}

/// Two children in July; the first is there on the National Day.
fn july() -> Sheet {
    Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2 3:AI 21:P").child(2, "1:AJ:medicalCertificate 2:P")
}
