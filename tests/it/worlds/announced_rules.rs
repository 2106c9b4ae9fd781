//! A world whose clock is moved past the day of an announced severity.

use serde_json::{Value, json};

use super::{WorldClient, autumn, started};
use crate::harness::process::answer;

#[tokio::test]
async fn a_world_behind_the_day_has_the_announced_severity() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let (moved, other) = (client.make(autumn(41)).await, client.make(autumn(42)).await);
    let put = async |world: &super::MadeWorld, month: &str, query: &str| {
        let mut sheet: Value = serde_json::from_str(&world.sheet(month)).unwrap();
        sheet["lines"][0]["days"][0]["reason"] = json!("medicalCertificate");
        let path = format!("{}{query}", world.attendance(month));
        answer(world.vendor().put(&path, "application/json", sheet.to_string())).await.unwrap()
    };
    let code = |answer: &Value, list: &str| answer[list][0]["code"].clone();
    let (status, today) = put(&moved, "2026-09", "?dryRun=true").await;
    assert_eq!((status, code(&today, "warnings")), (200, json!("attendance.reasonWithoutAbsence")));
    let (status, next) = put(&moved, "2026-09", "?dryRun=true&rules=next").await;
    assert_eq!((status, code(&next, "issues")), (400, json!("attendance.reasonWithoutAbsence")));
    client.moved(&moved, json!({ "to": "2027-06-30T23:00:00+02:00" })).await;
    assert_eq!(put(&moved, "2027-06", "").await.0, 201, "nothing changes before the day");
    client.moved(&moved, json!({ "to": "2027-07-01T08:00:00+02:00" })).await;
    let (status, refused) = put(&moved, "2027-05", "").await;
    assert_eq!((status, code(&refused, "issues")), (400, json!("attendance.reasonWithoutAbsence")));
    assert_eq!(put(&other, "2026-09", "").await.0, 201, "the other world is still before it");
}
