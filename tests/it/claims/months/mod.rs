//! Months of consultations that are signed alone.

mod answers;
mod corrections;
mod kept;
mod receipts;
mod signing;

use passerelle::domain::doctor::Decision;
use serde_json::{Value, json};

use super::send_signature_at;
use crate::doctors::{agree, enter_doctor, rule_on};
use crate::harness::app::{ADMINISTRATOR, CRECHE, ORGANISER, TestApp};
use crate::harness::page::{Browser, Page};

/// The month in the API, with what follows its address.
fn month(rest: &str) -> String {
    format!("/creches/{CRECHE}/medicalStatements/2026-09{rest}")
}

/// The page on which it is signed, with what follows its address.
fn page(rest: &str) -> String {
    format!("/console/creches/{CRECHE}/medical/2026-09/signature{rest}")
}

/// The claim's page for agents.
fn agency() -> String {
    format!("/console/agency/claims/{ORGANISER}/{CRECHE}/2026-09")
}

/// Consultations of these fees, one for each day from the first of September, and one on a Sunday, which is a warning.
fn consultations(fees: &[u64]) -> Value {
    let line = |date: String, fee: u64| {
        json!({ "date": date, "arrival": "14:00", "departure": "16:00", "inami": "17385467004", "feeCents": fee,
            "travelCents": 500 })
    };
    let mut lines: Vec<_> = (1..).zip(fees).map(|(day, fee)| line(format!("2026-09-0{day}"), *fee)).collect();
    lines.push(line("2026-09-13".to_owned(), 0));
    json!({ "lines": lines })
}

/// A doctor whose agreement is stored, and consultations of that doctor; the path of the doctor.
async fn deposit(app: &TestApp) -> String {
    let doctor = enter_doctor(app).await;
    agree(&app.vendor(), &doctor).await.expect(200);
    app.vendor().put(month(""), consultations(&[8_550, 4_000])).await.expect(201);
    doctor
}

/// The same with a validated doctor.
async fn deposit_validated(app: &TestApp) {
    let doctor = deposit(app).await;
    rule_on(app, &doctor, Decision::Validated).await;
}

async fn send_signature(browser: &Browser<'_>) -> Page {
    send_signature_at(browser, &page("")).await
}

/// The administrator signs the month.
async fn signed(app: &TestApp) -> Browser<'_> {
    deposit_validated(app).await;
    let browser = app.browser(ADMINISTRATOR).await;
    send_signature(&browser).await.expect(303);
    browser
}

/// The signature as software reads it.
async fn signature(app: &TestApp) -> Value {
    app.vendor().get(month("/signature")).await.expect(200).json
}

/// The codes of the events that begin with a text, the first first.
async fn events(app: &TestApp, begin: &str) -> Vec<&'static str> {
    let codes = app.events().await.into_iter().map(|(_, event)| event.kind.code());
    codes.filter(|code| code.starts_with(begin)).collect()
}
