//! The pages of activity reports.

use passerelle::domain::key::Scope;
use passerelle::domain::report::KIND;
use serde_json::json;

use super::rights::grant;
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, TestApp, each_app};

fn page(quarter: &str) -> String {
    format!("/console/creches/{CRECHE}/report/{quarter}")
}

/// What the API has of the report.
async fn stored(app: &TestApp, quarter: &str) -> serde_json::Value {
    app.vendor().get(format!("/creches/{CRECHE}/activityReports/{quarter}")).await.expect(200).json
}

/// A form as the page fills it: `E-2` is the only person who looks after children, after the management.
const FORM: [(&str, &str); 16] = [
    ("version", "0"),
    ("reference-0", "E-1"),
    ("salary-0-0", ""),
    ("reference-1", "E-2"),
    ("subsidised-1", "1"),
    ("salary-1-0", "3 120,00"),
    ("salary-1-1", "3120"),
    ("salary-1-2", "3.180,50 €"),
    ("from", "07:00"),
    ("until", "18:00"),
    ("clerk-quantity", "3"),
    ("clerk-unit", "12,40"),
    ("travel", ""),
    ("supplies-0-date", "2026-09-14"),
    ("supplies-0-description", "Gants"),
    ("supplies-0-amount", "25,90"),
];

fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let kept = FORM.into_iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    kept.chain(changes.iter().copied()).collect()
}

#[tokio::test]
async fn a_draft_is_typed_in_stored_and_shown_again() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page("/console/reports").await.expect(200).says(&["3e trimestre 2026", "Non commencé"]);
        let empty = browser.page(page("2026Q3")).await.expect(200);
        empty.says(&["Aucun brouillon", "Janssens Nadia", "Lambrechts Aline", "Direction"]);
        let saved = browser.send(&page("2026Q3"), &FORM).await;
        browser.follow(&saved).await.expect(200).says(&["Le brouillon du rapport est enregistré.", "9420,50"]);
        let report = stored(app, "2026Q3").await;
        let salary = |month: &str, cents: u32| json!({ "month": month, "grossCents": cents });
        let staff = json!([
            { "reference": "E-1", "subsidised": false },
            { "reference": "E-2", "subsidised": true, "grossSalaries": [
                salary("2026-07", 312_000), salary("2026-08", 312_000), salary("2026-09", 318_050)
            ] }
        ]);
        assert_eq!(report["staff"], staff);
        assert_eq!(report["figures"]["costsCents"], 3 * 1240 + 2590);
        let shown = browser.page(page("2026Q3")).await.expect(200);
        shown.says(&["value=\"3120,00\"", "value=\"Gants\"", "value=\"07:00\""]);
        let board = browser.page("/console/reports").await.expect(200);
        board.says(&["Brouillon"]);
    })
    .await;
}

#[tokio::test]
async fn faults_are_at_their_fields_and_nothing_typed_is_lost() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let wrong = [("salary-1-1", "trois mille"), ("until", "06:00"), ("supplies-0-date", "2026-10-02")];
        let refused = browser.send(&page("2026Q3"), &with(&wrong)).await.expect(400);
        let refused = refused.says(&["trois mille", "salary-1-1-error", "until-error", "supplies-0-date-error"]);
        refused.says(&["value=\"3 120,00\"", "value=\"Gants\""]);
        app.vendor().get(format!("/creches/{CRECHE}/activityReports/2026Q3")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_draft_of_somebody_else_is_not_overwritten() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        app.vendor().put(format!("/creches/{CRECHE}/activityReports/2026Q3"), json!({})).await.expect(201);
        let refused = browser.send(&page("2026Q3"), &FORM).await.expect(412);
        refused.says(&["Rien n’est enregistré", "value=\"3 120,00\"", "name=\"version\" value=\"1\""]);
        let saved = browser.send(&page("2026Q3"), &with(&[("version", "1")])).await;
        browser.follow(&saved).await.expect(200);
        assert_eq!(stored(app, "2026Q3").await["revision"], 2);
    })
    .await;
}

#[tokio::test]
async fn a_new_draft_begins_with_what_stays_from_the_quarter_before() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.send(&page("2026Q3"), &FORM).await;
        let next = browser.page(page("2026Q4")).await.expect(200);
        let next = next.says(&[
            "value=\"07:00\"",
            "value=\"12,40\"",
            "value=\"1\" aria-label=\"Subsidier\u{a0}: Lambrechts Aline\" checked",
        ]);
        next.keeps_silent(&["value=\"3120,00\"", "value=\"Gants\"", "Totaux du brouillon"]);
    })
    .await;
}

#[tokio::test]
async fn the_right_to_reports_opens_the_pages_of_its_creche() {
    each_app(async |app| {
        let browser = app.browser(DATA_MANAGER).await;
        browser.page(page("2026Q3")).await.expect(403);
        grant(app, Scope::StatementsRead(KIND)).await;
        let browser = app.browser(DATA_MANAGER).await;
        browser.page("/console/reports").await.expect(200).says(&["Les P&#39;tits Loups"]);
        browser.page(page("2026Q3")).await.expect(200).keeps_silent(&["Enregistrer le brouillon"]);
        browser.send(&page("2026Q3"), &FORM).await.expect(403);
        browser.page(page("2026Q3").replace(CRECHE, SECOND)).await.expect(403);
        grant(app, Scope::StatementsWrite(KIND)).await;
        let browser = app.browser(DATA_MANAGER).await;
        browser.page(page("2026Q3")).await.expect(200).says(&["Enregistrer le brouillon"]);
    })
    .await;
}
