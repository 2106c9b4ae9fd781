//! What changed between two revisions of a month, fact by fact.

use axum::http::Method;
use serde_json::{Value, json};

use super::{api, at};
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app};
use crate::harness::call::JSON;
use crate::harness::page::Page;
use crate::harness::statement::{Sheet, ssin};

/// The comparison of two revisions that are deposited here, in French.
async fn compared(app: &TestApp, before: impl Into<Value>, after: impl Into<Value>) -> Page {
    app.vendor().put(api("2026-07"), before.into()).await.expect(201);
    app.vendor().put(api("2026-07"), after.into()).if_match("\"1\"").await.expect(200);
    let page = format!("{}/changes?from=1&to=2", at("2026-07"));
    app.browser(ADMINISTRATOR).await.page(page).await.expect(200)
}

fn child() -> Sheet {
    Sheet::of("2026-07").child(1, "1:P 2:P")
}

#[tokio::test]
async fn a_corrected_child_is_shown_before_and_after() {
    each_app(async |app| {
        let after = child()
            .with("familyName", "Vandeputte")
            .with("givenName", "Louise")
            .with("startDate", "2026-07-01")
            .with("endDate", "2026-07-31");
        let before = child().with("startDate", "2026-06-15");
        let page = compared(app, before, after).await.says(&[
            "Vandeputte Louise (K-0001)",
            "<li>Nom\u{a0}: Exemple1 → <strong>Vandeputte</strong></li>",
            "<li>Prénom\u{a0}: Lou → <strong>Louise</strong></li>",
            "<li>Premier jour\u{a0}: 15/06/2026 → <strong>01/07/2026</strong></li>",
            "<li>Dernier jour\u{a0}: – → <strong>31/07/2026</strong></li>",
        ]);
        page.keeps_silent(&["Date de naissance", "NISS", "02/07/2026"]);
        let english = app.browser(ADMINISTRATOR).await.speaking("en");
        let english = english.page(format!("{}/changes?from=1&to=2", at("2026-07"))).await.expect(200);
        english.says(&["<li>Family name: Exemple1 → <strong>Vandeputte</strong></li>"]);
    })
    .await;
}

#[tokio::test]
async fn a_birth_date_is_shown_and_of_a_number_only_that_it_changed() {
    each_app(async |app| {
        let after = child().with("birthDate", "2025-01-03").with("ssin", ssin(2));
        let page = compared(app, child(), after).await.says(&[
            "<li>Date de naissance\u{a0}: 02/01/2025 → <strong>03/01/2025</strong></li>",
            "<li>Numéro de registre national (NISS)\u{a0}: connu → <strong>un autre numéro</strong></li>",
        ]);
        page.keeps_silent(&[&ssin(1), &ssin(2)]);
        let none = child().without("ssin");
        app.vendor().put(api("2026-07"), none).if_match("\"2\"").await.expect(200);
        let browser = app.browser(ADMINISTRATOR).await;
        let gone = browser.page(format!("{}/changes?from=1&to=3", at("2026-07"))).await.expect(200);
        gone.says(&["(NISS)\u{a0}: connu → <strong>–</strong>"]).keeps_silent(&["Date de naissance"]);
    })
    .await;
}

#[tokio::test]
async fn arrivals_and_departures_are_shown_with_their_day() {
    each_app(async |app| {
        let there = |arrival: &str| {
            let day = |date: &str, arrival: &str| {
                json!({ "date": date, "status": "present", "duration": "full", "arrival": arrival, "departure": "16:45" })
            };
            child().with("days", json!([day("2026-07-01", arrival), day("2026-07-02", "08:00")]))
        };
        let page = compared(app, there("07:30"), there("08:15")).await;
        page.says(&["<li>01/07/2026\u{a0}: P 07:30–16:45 → <strong>P 08:15–16:45</strong></li>"])
            .keeps_silent(&["02/07/2026"]);
    })
    .await;
}

#[tokio::test]
async fn a_child_that_was_added_or_removed_is_shown_whole() {
    each_app(async |app| {
        let before = child().child(2, "1:AJ:medicalCertificate 2:P/2+AJ/2");
        let after = child().child(3, "6:P");
        compared(app, before, after).await.says(&[
            "Exemple2 Lou (K-0002)</th>\n<td>retiré</td>",
            "<li>Nom\u{a0}: Exemple2</li><li>Prénom\u{a0}: Lou</li><li>Date de naissance\u{a0}: 03/01/2025</li>",
            "<li>Numéro de registre national (NISS)\u{a0}: connu</li>",
            "<li>01/07/2026\u{a0}: AJ (Certificat médical)</li><li>02/07/2026\u{a0}: P/2 + AJ/2</li>",
            "Exemple3 Lou (K-0003)</th>\n<td>ajouté</td>",
            "<li>Date de naissance\u{a0}: 04/01/2025</li>",
            "<li>06/07/2026\u{a0}: P</li>",
        ]);
    })
    .await;
}

/// The seeded doctor's number.
const DOCTOR: &str = "19006951001";

fn consultation(day: &str, arrival: &str, inami: &str, fee: u32) -> Value {
    json!({ "date": day, "arrival": arrival, "departure": "12:00", "inami": inami, "feeCents": fee,
        "travelCents": 1250 })
}

/// The comparison of two revisions of consultations that are deposited here, in French.
async fn consulted(app: &TestApp, before: &[Value], after: &[Value]) -> Page {
    let api = format!("/creches/{CRECHE}/medicalStatements/2026-07");
    app.vendor().put(&api, json!({ "lines": before })).await.expect(201);
    app.vendor().put(&api, json!({ "lines": after })).if_match("\"1\"").await.expect(200);
    let page = format!("/console/creches/{CRECHE}/medical/2026-07/changes?from=1&to=2");
    app.browser(ADMINISTRATOR).await.page(page).await.expect(200)
}

#[tokio::test]
async fn a_consultation_is_shown_with_its_doctor_its_time_and_its_amounts() {
    each_app(async |app| {
        let other = crate::doctors::enter_doctor(app).await;
        let earlier = json!({ "startDate": "2026-01-01" }).to_string();
        app.vendor().call(Method::PATCH, &other).if_match("*").body(JSON, earlier).await.expect(200);
        let before = [
            consultation("2026-07-06", "09:00", DOCTOR, 9000),
            consultation("2026-07-13", "09:00", DOCTOR, 9000),
            consultation("2026-07-15", "09:00", DOCTOR, 5000),
        ];
        let after = [
            consultation("2026-07-06", "09:00", "17385467004", 8500),
            consultation("2026-07-13", "10:30", DOCTOR, 9000),
            consultation("2026-07-16", "09:00", DOCTOR, 5000),
        ];
        consulted(app, &before, &after).await.says(&[
            "<li>Médecin\u{a0}: Claire Maes → <strong>Youssef Exemple</strong></li>\
             <li>Honoraires\u{a0}: 90,00\u{a0}€ → <strong>85,00\u{a0}€</strong></li>",
            "<li>Heures\u{a0}: 09:00–12:00 → <strong>10:30–12:00</strong></li>\
             <li>Durée\u{a0}: 3 h 00 → <strong>1 h 30</strong></li>",
            "<li>Date\u{a0}: 15/07/2026 → <strong>16/07/2026</strong></li>",
        ]);
    })
    .await;
}

#[tokio::test]
async fn a_consultation_that_was_added_or_removed_is_shown_whole() {
    each_app(async |app| {
        let before = [consultation("2026-07-06", "09:00", DOCTOR, 9000)];
        let after = [consultation("2026-07-13", "10:30", DOCTOR, 8500)];
        consulted(app, &before, &after).await.says(&[
            "<td>retiré</td>\n<td><ul class=\"plain\"><li>Médecin\u{a0}: Claire Maes</li><li>Date\u{a0}: 06/07/2026</li>\
             <li>Heures\u{a0}: 09:00–12:00</li><li>Durée\u{a0}: 3 h 00</li><li>Honoraires\u{a0}: 90,00\u{a0}€</li>\
             <li>Déplacement\u{a0}: 12,50\u{a0}€</li></ul>",
            "<td>ajouté</td>\n<td><ul class=\"plain\"><li>Médecin\u{a0}: Claire Maes</li><li>Date\u{a0}: 13/07/2026</li>",
        ]);
    })
    .await;
}
