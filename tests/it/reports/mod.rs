//! Activity reports: drafts deposited, read back and compared with what was deposited for their quarter, on both engines.

mod completeness;
mod corpus;
mod deposit;
mod privacy;
mod salaries;

use serde_json::{Value, json};

use crate::harness::app::CRECHE;

/// The address of a report of the first crèche.
fn at(quarter: &str) -> String {
    format!("/creches/{CRECHE}/activityReports/{quarter}")
}

/// The third quarter, with one subsidised person.
fn third() -> Value {
    let salary = |month: &str| json!({ "month": month, "grossCents": 312_000 });
    json!({
        "staff": [{
            "reference": "E-2", "subsidised": true,
            "grossSalaries": [salary("2026-07"), salary("2026-08"), salary("2026-09")]
        }],
        "openingHours": { "from": "07:00", "until": "18:00" },
        "costs": { "clerkIndemnity": { "quantity": 3, "unitCents": 1_240 } }
    })
}

/// The codes of findings, sorted.
fn codes(findings: &Value) -> Vec<&str> {
    let mut codes: Vec<_> = findings.as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect();
    codes.sort_unstable();
    codes
}
