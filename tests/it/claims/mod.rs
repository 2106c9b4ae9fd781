//! Claims: signed by persons, frozen, corrected, answered by the agency, on both engines.

mod agency;
mod attachments;
mod corrections;
mod months;
mod receipts;
mod recomputed;
mod second_agent;
mod signing;
mod together;

pub(crate) use self::receipts::text_of;

use std::process::Command;

use passerelle::app::claims::TrustedKey;
use passerelle::app::claims::trusted_keys;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, ORGANISER, TestApp};
use crate::harness::page::{Browser, Page};
use crate::harness::statement::Sheet;
use crate::webhooks::foreign::{judged, tool};

/// The quarter that is claimed.
const QUARTER: &str = "2026Q3";

/// The report in the API, with what follows its address.
pub(crate) fn report(rest: &str) -> String {
    format!("/creches/{CRECHE}/activityReports/{QUARTER}{rest}")
}

/// The page of the report, with what follows its address.
pub(crate) fn page(rest: &str) -> String {
    format!("/console/creches/{CRECHE}/report/{QUARTER}{rest}")
}

/// The claim's page for agents.
fn agency() -> String {
    format!("/console/agency/claims/{ORGANISER}/{CRECHE}/{QUARTER}")
}

/// The address of a month's attendance.
pub(crate) fn attendance(month: &str) -> String {
    format!("/creches/{CRECHE}/attendanceStatements/{month}")
}

/// A report of the third quarter.
pub(crate) fn draft(gross: u64) -> Value {
    let salary = |month: &str| json!({ "month": month, "grossCents": gross });
    let salaries = [salary("2026-07"), salary("2026-08"), salary("2026-09")];
    json!({
        "staff": [{ "reference": "E-2", "subsidised": true, "grossSalaries": salaries }],
        "openingHours": { "from": "07:00", "until": "18:00" },
        "costs": { "clerkIndemnity": { "quantity": 3, "unitCents": 1_240 } }
    })
}

/// Software deposits everything but consultations of July, which is a warning.
async fn deposit_quarter(app: &TestApp) {
    for month in ["2026-07", "2026-08", "2026-09"] {
        app.vendor().put(attendance(month), Sheet::of(month).children(2, "1:P 2:P/2")).await.expect(201);
    }
    for month in ["2026-08", "2026-09"] {
        let path = format!("/creches/{CRECHE}/medicalStatements/{month}");
        app.vendor().put(path, json!({ "lines": [] })).await.expect(201);
    }
    app.vendor().put(report(""), draft(312_000)).await.expect(201);
}

/// The value of a hidden field of a page.
fn hidden(page: &Page, name: &str) -> String {
    let found = page.tags("input").into_iter().find(|input| input.attribute("name") == name);
    found.unwrap_or_else(|| panic!("{} has no field {name}: {}", page.asked, page.text)).attribute("value").to_owned()
}

/// Fills in and sends the form with which a person signs the quarter.
pub(crate) async fn send_signature(browser: &Browser<'_>) -> Page {
    send_signature_at(browser, &page("/claim")).await
}

/// The same on the page of any claim.
pub(crate) async fn send_signature_at(browser: &Browser<'_>, path: &str) -> Page {
    send_signature_of(browser, &browser.page(path).await.expect(200), path).await
}

/// Sends the form of a page that was shown.
pub(crate) async fn send_signature_of(browser: &Browser<'_>, shown: &Page, path: &str) -> Page {
    let token = hidden(shown, "shown");
    let rules = shown.tags("input").into_iter().filter(|input| input.attribute("name") == "rule");
    let rules: Vec<_> = rules.map(|input| input.attribute("value").to_owned()).collect();
    let reasons: Vec<_> = rules.iter().map(|rule| format!("warning.{rule}")).collect();
    let mut fields = vec![("shown", token.as_str())];
    fields.extend(rules.iter().map(|rule| ("rule", rule.as_str())));
    fields.extend(reasons.iter().map(|name| (name.as_str(), "checked")));
    browser.send(path, &fields).await
}

/// An agent answers a signature: acts and their reasons, in order.
pub(crate) async fn answer(agent: &Browser<'_>, signature: &str, acts: &[(&str, &str)]) {
    for (act, reason) in acts {
        agent.send(agency(), &[("act", *act), ("reason", *reason), ("signature", signature)]).await.expect(303);
    }
}

/// The administrator signs what software deposited.
pub(crate) async fn signed(app: &TestApp) -> Browser<'_> {
    deposit_quarter(app).await;
    let browser = app.browser(ADMINISTRATOR).await;
    send_signature(&browser).await.expect(303);
    browser
}

/// The claim as software reads it.
async fn claim(app: &TestApp) -> Value {
    app.vendor().get(report("/claim")).await.expect(200).json
}

/// The public keys of receipts.
async fn keys(app: &TestApp) -> Vec<TrustedKey> {
    trusted_keys(&app.app.db).await.unwrap()
}

/// A JOSE library comes to this result on a receipt, where the machine has one.
pub(crate) fn judged_by_jose(receipt: &Value, keys: &Value, expected: &str) {
    let Some(node) = tool("PASSERELLE_TEST_HOOKS_NODE") else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/claims/verify.mjs");
    let input = json!([receipt, keys]);
    assert_eq!(judged(Command::new("node").arg(script).arg(node), &input), [expected]);
}
