//! What the average of a period is made of: each sentence of the contract about `averageHundredths`.

use serde_json::{Value, json};

use crate::harness::app::{CRECHE, SECOND, TestApp, each_app};
use crate::harness::document::assert_members;

/// Enters a person with one function: crèche, category, working time, first and last day.
async fn enter(app: &TestApp, reference: &str, function: (&str, &str, u32), days: (&str, Option<&str>)) {
    let (creche, category, hundredths) = function;
    let mut contract = json!({ "reference": "C-1", "status": "contractual", "startDate": days.0,
        "functions": [{ "crecheId": creche, "category": category, "fteHundredths": hundredths }] });
    if let Some(end) = days.1 {
        contract["endDate"] = end.into();
    }
    let person = json!({ "reference": reference, "givenName": "Aline", "familyName": reference, "birthDate": "1985-03-14",
        "contracts": [contract] });
    app.vendor().post("/staffMembers", person).await.expect(201);
}

/// The figures of October, which is not over, in a crèche or in all of them.
async fn october(app: &TestApp, creche: Option<&str>) -> Value {
    let path = creche.map(|id| format!("/creches/{id}")).unwrap_or_default();
    app.vendor().get(format!("{path}/summaries/2026-10")).await.expect(200)["staffing"].clone()
}

#[tokio::test]
async fn every_calendar_day_of_the_whole_period_counts_days_to_come_too() {
    each_app(async |app| {
        enter(app, "A", (CRECHE, "logistics", 100), ("2026-10-20", None)).await;
        let staffing = october(app, Some(CRECHE)).await;
        // 12 days of 31; of working days it would be 9 of 22, and up to today none of 12.
        let expected = json!({ "date": "2026-10-12", "averageHundredths/logistics": 39, "hundredths/logistics": null });
        assert_members(&staffing, &expected, "staffing");
    })
    .await;
}

#[tokio::test]
async fn absences_are_not_deducted() {
    each_app(async |app| {
        enter(app, "A", (CRECHE, "logistics", 80), ("2024-09-01", None)).await;
        let people = app.vendor().get("/staffMembers").await.expect(200);
        let is_it = |person: &&Value| person["reference"] == "A";
        let id = people["items"].as_array().unwrap().iter().find(is_it).unwrap()["id"].as_str().unwrap().to_owned();
        let absent =
            json!({ "absences": [{ "kind": "longAbsence", "startDate": "2026-10-01", "endDate": "2026-10-31" }] });
        app.vendor().patch(format!("/staffMembers/{id}"), absent).if_match("*").await.expect(200);
        let staffing = october(app, Some(CRECHE)).await;
        let expected = json!({ "averageHundredths/logistics": 80, "hundredths/logistics": 80 });
        assert_members(&staffing, &expected, "staffing");
    })
    .await;
}

#[tokio::test]
async fn the_average_of_an_organiser_is_rounded_once() {
    each_app(async |app| {
        for (reference, creche) in [("A", CRECHE), ("B", SECOND)] {
            enter(app, reference, (creche, "logistics", 35), ("2026-10-20", None)).await;
            assert_eq!(october(app, Some(creche)).await["averageHundredths"]["logistics"], 14, "13.55");
        }
        assert_eq!(october(app, None).await["averageHundredths"]["logistics"], 27, "27.10, not twice 14");
    })
    .await;
}

#[tokio::test]
async fn a_category_with_staff_is_shown_even_with_zero() {
    each_app(async |app| {
        enter(app, "A", (CRECHE, "volunteer", 0), ("2024-09-01", None)).await;
        enter(app, "B", (CRECHE, "administration", 1), ("2026-10-31", None)).await;
        let staffing = october(app, Some(CRECHE)).await;
        // In administration there is a thirty-first part of a person on average, and no person at the end; in logistics
        // none.
        let expected = json!({
            "hundredths/volunteer": 0, "averageHundredths/volunteer": 0,
            "hundredths/administration": null, "averageHundredths/administration": 0,
            "averageHundredths/logistics": null,
        });
        assert_members(&staffing, &expected, "staffing");
    })
    .await;
}
