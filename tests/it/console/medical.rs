//! Consultations go through the pages of the other kinds: seen, sent, typed in, compared, added up.

use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, each_app};
use crate::harness::book::consultations;
use crate::harness::call::XLSX;
use crate::harness::page::{Browser, Page};

/// The seeded doctor's number and name.
const DOCTOR: (&str, &str) = ("19006951001", "Claire Maes");

fn at(month: &str) -> String {
    format!("/console/creches/{CRECHE}/medical/{month}")
}

fn api(month: &str) -> String {
    format!("/creches/{CRECHE}/medicalStatements/{month}")
}

/// One consultation on this day, from nine to half past ten.
fn line(day: &str, fee: u32) -> Value {
    json!({ "date": day, "arrival": "09:00", "departure": "10:30", "inami": DOCTOR.0, "feeCents": fee,
        "travelCents": 1250 })
}

/// Two consultations in July; the second is on the National Day.
fn july(fee: u32) -> Value {
    json!({ "lines": [line("2026-07-06", fee), line("2026-07-21", 9000)] })
}

#[tokio::test]
async fn a_month_shows_its_consultations_and_figures_by_name() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let empty = browser.page(at("2026-07")).await.expect(200);
        empty.says(&["Aucun</span>", "il n’y a rien à déposer", "Rien n", "/upload"]).keeps_silent(&[
            "class=\"tag bad",
            "enfants",
            "Échéance",
        ]);
        app.vendor().put(api("2026-07"), july(9000)).await.expect(201);
        let page = browser.page(at("2026-07")).await.expect(200);
        let page = page.says(&[
            "<td class=\"number\">2</td><td class=\"number\">3 h 00</td><td class=\"number\">180,00</td>",
            "09:00–10:30",
            "1 h 30",
            DOCTOR.1,
            "06/07/2026",
            "2 consultations",
        ]);
        assert_eq!(page.text.matches("<tr><th scope=\"row\">").count(), 2, "the doctor's and the sum");
        assert_eq!(page.text.matches("À vérifier</span>").count(), 2, "the state and the one warned line");
        assert!(page.text.contains(&format!("<span>{}, 21/07/2026 09:00</span>", DOCTOR.1)), "{}", page.text);
        let actions: Vec<_> = app.all_audit().await.into_iter().map(|link| link.entry.action).collect();
        for wanted in ["medicalStatement.read", "doctors.read"] {
            assert!(actions.iter().any(|action| action == wanted), "{actions:?}");
        }
        let file = browser.page(format!("{}/download", at("2026-07"))).await.expect(200);
        let same = app.vendor().get(api("2026-07")).accept(XLSX).await.expect(200);
        assert_eq!(file.bytes, same.bytes);
        browser.page(format!("{}/template", at("2026-07"))).await.expect(200);
        let dutch = app.browser(ADMINISTRATOR).await.speaking("nl").page(at("2026-07")).await.expect(200);
        dutch.says(&["Raadplegingen van de maand", "2 raadplegingen"]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_shown_by_what_it_changed() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july(9000)).await.expect(201);
        let mut corrected = july(8500);
        corrected["lines"][1] = line("2026-07-13", 8000);
        app.vendor().put(api("2026-07"), corrected).if_match("\"1\"").await.expect(200);
        let browser = app.browser(ADMINISTRATOR).await;
        let changes = browser.page(format!("{}/changes?from=1&to=2", at("2026-07"))).await.expect(200);
        let first = format!("{}, 06/07/2026 09:00", DOCTOR.1);
        changes.says(&[
            &first,
            "modifié",
            "retiré",
            "ajouté",
            "<li>Honoraires : 90,00\u{a0}€ → <strong>85,00\u{a0}€</strong></li>",
            "<li>Heures : 09:00–10:30</li>",
            "<td class=\"number\">\u{2212}15,00</td><td class=\"number\">+0,00</td>",
        ]);
        browser.page(format!("{}/changes?from=1&to=1", at("2026-07"))).await.says(&["Aucune consultation n"]);
    })
    .await;
}

#[tokio::test]
async fn the_board_and_the_quarter_miss_nothing_where_there_was_nothing() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july(9000)).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        let board = browser.page("/console/consultations").await.expect(200);
        let cell = |month: &str, tag: &str| format!("{}\"><span class=\"tag {tag}</span>", at(month));
        let (july, june) = (cell("2026-07", "warn\">À vérifier"), cell("2026-06", "plain\">Aucun"));
        board.says(&["Consultations 2026", &july, &june]).keeps_silent(&["tag bad", "31/12/2026", "/attendance/"]);
        let one = browser.page(format!("/console/creches/{CRECHE}/quarters/2026Q3")).await.expect(200);
        one.says(&[
            "Par médecin",
            DOCTOR.1,
            "Honoraires (€)",
            "3 h 00",
            &at("2026-08"),
            "Un mois sans relevé compte pour zéro.",
        ]);
        let all = browser.page("/console/quarters/2026Q3").await.expect(200);
        all.says(&["Taux d’occupation", "Par médecin", "180,00", "25,00"]);
    })
    .await;
}

#[tokio::test]
async fn a_workbook_of_consultations_is_validated_and_stored() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let form = format!("{}/upload", at("2026-07"));
        let mut faulty = july(9000);
        faulty["lines"][0]["inami"] = "19006952001".into();
        let page = browser.upload(&form, &[("action", "deposit")], &consultations(&faulty)).await;
        page.expect(400).says(&["<li class=\"bad\">", "Consultations!"]).keeps_silent(&["enfants"]);
        let good = consultations(&july(9000));
        browser.upload(&form, &[("action", "mark")], &good).await.expect(200).says(&["180,00", DOCTOR.1]);
        let sent = browser.upload(&form, &[("action", "deposit")], &good).await;
        browser.follow(&sent).await.expect(200).says(&["Le relevé est déposé.", "classeur .xlsx"]);
        assert_eq!(app.events().await.pop().unwrap().1.kind.code(), "medicalStatement.deposited");
    })
    .await;
}

/// Sends a page's form back with other texts in the fields of its first row.
async fn send(browser: &Browser<'_>, page: &Page, texts: &[&str], fields: &[(&str, &str)]) -> Page {
    let mut all = page.input_values("c");
    all.iter_mut().zip(texts).for_each(|(field, text)| (*text).clone_into(field));
    let own: Vec<_> = ["version", "page", "rows"].map(|name| (name, page.input_values(name)[0].clone())).into();
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    let cells = all.iter().map(|text| ("c", text.as_str()));
    let sent: Vec<_> = own.chain(cells).chain(fields.iter().copied()).collect();
    browser.send(format!("{}/table", at("2026-07")), &sent).await
}

#[tokio::test]
async fn a_table_of_consultations_is_typed_in_and_deposited() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let table = format!("{}/table", at("2026-07"));
        browser.page(&table).await.expect(200).says(&["value=\"blank\" checked"]).keeps_silent(&["previous", "enfant"]);
        let begun = browser.send(format!("{table}/begin"), &[("start", "blank"), ("lines", "1")]).await;
        let blank = browser.follow(&begun).await.expect(200).says(&["INAMI"]).keeps_silent(&["NISS"]);
        let typed = |fee: &'static str| ["6/7/2026", "9:00", "10:30", DOCTOR.0, fee, "12,50"];
        let refused = send(&browser, &blank, &typed("beaucoup"), &[("action", "deposit")]).await;
        let refused = refused.expect(400).says(&["contient des erreurs", "aria-invalid"]);
        browser.page("/console/consultations").await.says(&["medical/2026-07/table\">Brouillon"]);
        browser.page("/console/board").await.keeps_silent(&["Brouillon"]);
        let accepted = send(&browser, &refused, &typed("90"), &[("action", "deposit")]).await;
        browser.follow(&accepted).await.expect(200).says(&["Le relevé est déposé.", "tableau saisi", "90,00"]);
        let kept = app.vendor().get(api("2026-07")).await.expect(200);
        assert_eq!((&kept["lines"][0]["feeCents"], &kept["lines"][0]["travelCents"]), (&json!(9000), &json!(1250)));
        let begun = browser.send(format!("{table}/begin"), &[("start", "current")]).await;
        assert_eq!(browser.follow(&begun).await.expect(200).input_values("c")[3], DOCTOR.0);
    })
    .await;
}
