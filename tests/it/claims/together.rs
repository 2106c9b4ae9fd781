//! The reports of several crèches signed on one page.

use serde_json::json;

use super::{QUARTER, deposit_quarter, draft};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, each_app};
use crate::harness::page::{Browser, Page};
use crate::harness::statement::Sheet;

const PAGE: &str = "/console/reports/2026Q3/sign";

/// The second crèche has everything too, without a warning.
async fn deposit_second(app: &TestApp) {
    for month in ["2026-07", "2026-08", "2026-09"] {
        let path = |kind: &str| format!("/creches/{SECOND}/{kind}Statements/{month}");
        app.vendor().put(path("attendance"), Sheet::of(month).children(2, "1:P 2:P")).await.expect(201);
        app.vendor().put(path("medical"), json!({ "lines": [] })).await.expect(201);
    }
    let mut second = draft(0);
    second["staff"] = json!([]);
    app.vendor().put(format!("/creches/{SECOND}/activityReports/{QUARTER}"), second).await.expect(201);
}

/// Sends the page with the crèches that are chosen; every warning is acknowledged but those of `without`.
async fn send(browser: &Browser<'_>, shown: &Page, chosen: &[&str], without: &str) -> Page {
    let mut fields: Vec<(String, String)> = chosen.iter().map(|id| ("creche".to_owned(), (*id).to_owned())).collect();
    for input in shown.tags("input") {
        let (name, value) = (input.attribute("name").to_owned(), input.attribute("value").to_owned());
        if let Some(creche) = name.strip_suffix(".rule").filter(|creche| *creche != without) {
            fields.push((format!("{creche}.warning.{value}"), "checked".to_owned()));
        }
        if name.split_once('.').is_some_and(|(_, field)| ["rule", "shown"].contains(&field)) {
            fields.push((name, value));
        }
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(PAGE, &fields).await
}

async fn state(app: &TestApp, creche: &str) -> serde_json::Value {
    app.vendor().get(format!("/creches/{creche}/activityReports/{QUARTER}/claim")).await.expect(200)["state"].clone()
}

#[tokio::test]
async fn two_reports_are_signed_at_once_each_with_its_receipt() {
    each_app(async |app| {
        deposit_quarter(app).await;
        deposit_second(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page("/console/reports").await.expect(200).shows(&[PAGE]);
        let shown = browser.page(PAGE).await.expect(200);
        shown.shows(&["Les P'tits Loups", CRECHE, SECOND, "9\u{202f}360,00", "Signer les rapports cochés"]);
        send(&browser, &shown, &[CRECHE, SECOND], "nothing").await.expect(303);
        for creche in [CRECHE, SECOND] {
            assert_eq!(state(app, creche).await, "signed");
            app.vendor().get(format!("/creches/{creche}/activityReports/{QUARTER}/receipt")).await.expect(200);
        }
        browser.page(PAGE).await.expect(200).says(&["Aucun rapport de ce trimestre"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_chosen_or_not_acknowledged_is_not_signed() {
    each_app(async |app| {
        deposit_quarter(app).await;
        deposit_second(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let shown = browser.page(PAGE).await.expect(200);
        send(&browser, &shown, &[], "nothing").await.expect(409).says(&["Choisissez au moins un rapport"]);
        // The report with a warning lacks its reason; the other one is signed.
        let refused = send(&browser, &shown, &[CRECHE, SECOND], CRECHE).await.expect(409);
        refused.says(&["Indiquez une raison"]);
        assert_eq!((state(app, CRECHE).await, state(app, SECOND).await), (json!("draft"), json!("signed")));
        let again = browser.page(PAGE).await.expect(200);
        send(&browser, &again, &[CRECHE], "nothing").await.expect(303);
        assert_eq!(state(app, CRECHE).await, "signed");
    })
    .await;
}

#[tokio::test]
async fn an_old_log_in_signs_nothing() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let shown = browser.page(PAGE).await.expect(200);
        app.travel("2026-10-12T07:16:00Z");
        browser.page(PAGE).await.expect(200).shows(&["/console/login/begin?again=1&", "prêt à signer"]);
        send(&browser, &shown, &[CRECHE], "nothing").await.expect(409);
        assert_eq!(state(app, CRECHE).await, "draft");
    })
    .await;
}
