//! Consultations: sums of a whole month, and minutes on the days on which the clock changes.

use serde_json::{Value, json};

use crate::harness::app::{CRECHE, TestApp, each_app};
use crate::harness::call::Reply;

const DOCTOR: &str = "19006951001";

fn consultation(date: &str, arrival: &str, departure: &str, fee: u64) -> Value {
    json!({ "date": date, "arrival": arrival, "departure": departure, "inami": DOCTOR, "feeCents": fee })
}

async fn put(app: &TestApp, month: &str, document: Value) -> Reply {
    app.vendor().put(format!("/creches/{CRECHE}/medicalStatements/{month}?dryRun=true"), document).await
}

#[tokio::test]
async fn the_control_totals_of_a_month_may_be_larger_than_any_line() {
    each_app(async |app| {
        let most = 10_000_000_u64;
        let mut lines: Vec<_> =
            (1..=3).map(|day| consultation(&format!("2026-09-0{day}"), "09:00", "10:00", most)).collect();
        for line in &mut lines {
            line["travelCents"] = most.into();
        }
        let totals = json!({ "consultations": 3, "minutes": 180, "feeCents": 3 * most, "travelCents": 3 * most });
        let accepted = put(app, "2026-09", json!({ "lines": lines, "controlTotals": totals })).await.expect(200);
        accepted.has(&json!({ "totals/feeCents": 3 * most, "totals/travelCents": 3 * most }));
    })
    .await;
}

#[tokio::test]
async fn the_control_totals_of_a_month_are_bounded_by_its_most_lines() {
    each_app(async |app| {
        let with = |minutes: u64, fee: u64| {
            let totals = json!({ "consultations": 1, "minutes": minutes, "feeCents": fee, "travelCents": 0 });
            json!({ "lines": [consultation("2026-09-01", "09:00", "10:00", 8550)], "controlTotals": totals })
        };
        let largest = put(app, "2026-09", with(720_000, 5_000_000_000)).await.refused(400, "badRequest");
        assert_eq!(largest.codes("issues"), ["medical.controlTotalsDiffer"]);
        let larger = put(app, "2026-09", with(720_001, 5_000_000_001)).await.refused(400, "badRequest");
        assert_eq!(larger.codes("issues"), ["input.malformed"]);
        assert_eq!(larger.each("issues", "name"), ["/controlTotals/feeCents", "/controlTotals/minutes"]);
    })
    .await;
}

#[tokio::test]
async fn minutes_are_local_also_when_the_clock_changes() {
    each_app(async |app| {
        app.travel("2026-11-02T09:00:00+01:00");
        // The clock is set forward in March, so that one hour passes; back in October, so that three pass.
        for (month, day) in [("2026-03", "2026-03-29"), ("2026-10", "2026-10-25")] {
            let night = put(app, month, json!({ "lines": [consultation(day, "01:30", "03:30", 0)] })).await.expect(200);
            assert_eq!(night["totals"]["minutes"], 120, "{day}");
        }
    })
    .await;
}
