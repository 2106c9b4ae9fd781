//! The pages of activity reports.

use passerelle::domain::key::Scope;
use passerelle::domain::report::KIND;
use serde_json::json;

use super::rights::grant;
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, TestApp, UNSUBSIDISED, each_app};

fn page(quarter: &str) -> String {
    format!("/console/creches/{CRECHE}/report/{quarter}")
}

/// What the API has of the report.
async fn stored(app: &TestApp, quarter: &str) -> serde_json::Value {
    app.vendor().get(format!("/creches/{CRECHE}/activityReports/{quarter}")).await.expect(200).json
}

/// A form as the page fills it.
const FORM: [(&str, &str); 18] = [
    ("version", "0"),
    ("person", NADIA),
    ("reference.019a5c00-0000-7000-8000-000000000051", "E-1"),
    ("salary.019a5c00-0000-7000-8000-000000000051.0", ""),
    ("person", ALINE),
    ("reference.019a5c00-0000-7000-8000-000000000052", "E-2"),
    ("subsidised.019a5c00-0000-7000-8000-000000000052", "1"),
    ("salary.019a5c00-0000-7000-8000-000000000052.0", "3 120,00"),
    (AUGUST, "3120"),
    ("salary.019a5c00-0000-7000-8000-000000000052.2", "3.180,50 €"),
    ("from", "07:00"),
    ("until", "18:00"),
    ("clerk-quantity", "3"),
    ("clerk-unit", "12,40"),
    ("travel", ""),
    ("supplies-0-date", "2026-09-14"),
    ("supplies-0-description", "Gants"),
    ("supplies-0-amount", "25,90"),
];
const NADIA: &str = "019a5c00-0000-7000-8000-000000000051";
const ALINE: &str = "019a5c00-0000-7000-8000-000000000052";
const AUGUST: &str = "salary.019a5c00-0000-7000-8000-000000000052.1";

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
        browser.follow(&saved).await.expect(200).says(&["Le brouillon du rapport est enregistré.", "9\u{202f}420,50"]);
        let report = stored(app, "2026Q3").await;
        let salary = |month: &str, cents: u32| json!({ "month": month, "grossCents": cents });
        let staff = json!([
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
        let wrong = [(AUGUST, "trois mille"), ("until", "06:00"), ("supplies-0-date", "2026-10-02")];
        let refused = browser.send(&page("2026Q3"), &with(&wrong)).await.expect(400);
        let refused =
            refused.says(&["trois mille", &format!("{AUGUST}-error"), "until-error", "supplies-0-date-error"]);
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
        app.vendor()
            .put(
                format!("/creches/{CRECHE}/activityReports/2026Q3"),
                json!({
                    "openingHours": { "from": "07:15", "until": "18:00" }
                }),
            )
            .await
            .expect(201);
        // What is entered can be read, and not be changed.
        let read =
            browser.page(page("2026Q3")).await.expect(200).says(&["value=\"07:15\"", "class=\"whole\" disabled"]);
        read.keeps_silent(&["Enregistrer le brouillon", "/console/staff/019a"]);
        browser.send(&page("2026Q3"), &FORM).await.expect(403);
        browser.page(page("2026Q3").replace(CRECHE, SECOND)).await.expect(403);
        grant(app, Scope::StatementsWrite(KIND)).await;
        let browser = app.browser(DATA_MANAGER).await;
        browser.page(page("2026Q3")).await.expect(200).says(&["Enregistrer le brouillon"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_stays_with_its_person_when_the_register_changes() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let person = json!({ "reference": "E-0", "givenName": "Aaron", "familyName": "Aaron", "birthDate": "1990-01-01",
            "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2024-09-01",
                "functions": [{ "crecheId": CRECHE, "category": "management", "fteHundredths": 50 }] }] });
        app.vendor().post("/staffMembers", person).await.expect(201);
        let refused = browser.send(&page("2026Q3"), &with(&[("travel", "abc")])).await.expect(400);
        let value = format!("name=\"{AUGUST}\" type=\"text\" inputmode=\"decimal\" value=\"3120\"");
        refused.says(&["Aaron Aaron", &value]);
        let saved = browser.send(&page("2026Q3"), &FORM).await;
        browser.follow(&saved).await.expect(200);
        assert_eq!(stored(app, "2026Q3").await["staff"][0]["reference"], "E-2");
    })
    .await;
}

/// The fields of the page's form, as a browser sends them.
fn fields(text: &str) -> Vec<(String, String)> {
    let inputs = text.split("<input ").skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag);
    let attribute =
        |tag: &str, name: &str| Some(tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0.to_owned());
    let sent = |tag: &&str| !tag.contains("type=\"checkbox\"") || tag.contains(" checked");
    inputs.filter(sent).filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?))).collect()
}

#[tokio::test]
async fn a_form_that_is_sent_as_it_stands_is_accepted_and_changes_nothing() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.send(&page("2026Q3"), &FORM).await.expect(303);
        for (quarter, revision) in [("2026Q3", 1), ("2026Q4", 1), ("2026Q4", 1)] {
            let shown = browser.page(page(quarter)).await.expect(200);
            let sent = fields(&shown.text);
            let sent: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.send(&page(quarter), &sent).await.expect(303);
            assert_eq!(stored(app, quarter).await["revision"], revision, "{quarter}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_quarter_without_a_report_has_no_form() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        for path in [page("2027Q1"), page("2026Q3").replace(CRECHE, UNSUBSIDISED)] {
            browser.page(&path).await.expect(200).keeps_silent(&["Enregistrer le brouillon"]);
        }
        browser.page(page("2000Q1")).await.expect(200).keeps_silent(&["1999Q4"]);
    })
    .await;
}
