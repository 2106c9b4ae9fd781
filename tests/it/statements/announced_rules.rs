//! Rules that will have another severity: tried before their day, in force from it on.

use serde_json::{Value, json};

use super::{at, july};
use crate::harness::app::{TestApp, each_app};
use crate::harness::statement::Sheet;

/// The day from which the warnings on faults of software are errors.
const DAY: &str = "2027-07-01";
/// Their codes, in the order of their places.
const ANNOUNCED: [&str; 2] = ["attendance.durationDisagrees", "attendance.reasonWithoutAbsence"];

/// A statement with the two faults of software, and with a warning about which nothing is announced.
pub(crate) fn faults(month: &str) -> Value {
    let mut sheet: Value = Sheet::of(month).child(1, "1:P 2:P").child(2, "1:P").without("ssin").into();
    sheet["lines"][0]["days"][0]["arrival"] = json!("08:00");
    sheet["lines"][0]["days"][0]["departure"] = json!("12:00");
    sheet["lines"][0]["days"][1]["reason"] = json!("medicalCertificate");
    sheet
}

#[tokio::test]
async fn a_dry_run_by_the_next_rules_refuses_what_is_a_warning_today() {
    each_app(async |app| {
        let (path, vendor) = (at("2026-07"), app.vendor());
        let today = vendor.put(format!("{path}?dryRun=true"), faults("2026-07")).await.expect(200);
        assert_eq!(today.codes("warnings"), [ANNOUNCED[0], ANNOUNCED[1], "attendance.ssinMissing"]);
        for warning in today["warnings"].as_array().unwrap().iter().take(2) {
            assert_eq!(warning["announced"], json!({ "severity": "error", "from": DAY }));
        }
        assert_eq!(today["warnings"][2].get("announced"), None);
        let current = vendor.put(format!("{path}?dryRun=true&rules=current"), faults("2026-07")).await.expect(200);
        assert_eq!(current["warnings"], today["warnings"]);
        let next = vendor.put(format!("{path}?dryRun=true&rules=next"), faults("2026-07")).await;
        let next = next.refused(400, "badRequest");
        assert_eq!(next.codes("issues"), ANNOUNCED);
        assert_eq!(next.codes("warnings"), ["attendance.ssinMissing"]);
        assert_eq!(next["issues"][0]["severity"], "error");
        assert_eq!(next["issues"][0]["announced"]["from"], DAY);
        vendor.put(format!("{path}?dryRun=true&rules=next"), july()).await.expect(200);
        assert!(app.events().await.is_empty(), "nothing was deposited");
        vendor.put(path, faults("2026-07")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn the_next_rules_are_for_dry_runs_alone() {
    each_app(async |app| {
        let place = |reply: &Value| (reply["in"].clone(), reply["name"].clone(), reply["code"].clone());
        let malformed = (json!("query"), json!("rules"), json!("request.malformedParameter"));
        for query in ["rules=next", "dryRun=false&rules=next", "dryRun=true&rules=all", "rules="] {
            let refused = app.vendor().put(format!("{}?{query}", at("2026-07")), july()).await;
            let refused = refused.refused(400, "badRequest");
            assert_eq!(place(&refused["issues"][0]), malformed, "{query}");
        }
        app.vendor().put(format!("{}?rules=current", at("2026-07")), july()).await.expect(201);
    })
    .await;
}

/// What the catalogue says of a rule.
async fn catalogued(app: &TestApp, code: &str) -> (Value, Value) {
    let rule = app.anonymous().get(format!("/refData/rules/{code}")).await.expect(200);
    (rule["severity"].clone(), rule["announced"].clone())
}

#[tokio::test]
async fn on_its_day_an_announced_severity_is_in_force() {
    each_app(async |app| {
        let (put, error) = (async |month| app.vendor().put(at(month), faults(month)).await, json!("error"));
        app.travel("2027-06-30T23:59:00+02:00");
        for code in ANNOUNCED {
            assert_eq!(catalogued(app, code).await, (json!("warning"), json!({ "severity": "error", "from": DAY })));
        }
        let accepted = put("2027-05").await.expect(201);
        app.travel("2027-07-01T00:00:00+02:00");
        for code in ANNOUNCED {
            assert_eq!(catalogued(app, code).await, (error.clone(), Value::Null));
        }
        let refused = put("2027-06").await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ANNOUNCED);
        assert_eq!(refused["issues"][0].get("announced"), None, "it is announced no longer");
        // What was deposited before stays, with the warnings of its day.
        let stored = app.vendor().get(at("2027-05")).await.expect(200);
        assert_eq!(stored.codes("warnings"), accepted.codes("warnings"));
    })
    .await;
}
