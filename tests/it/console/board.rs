//! The board and the quarter: the stage of every month.

use passerelle::domain::counting_rule::CountingRule;

use super::{api, at, july};
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, SECOND, each_app};
use crate::harness::statement::Sheet;

#[tokio::test]
async fn every_month_of_the_year_is_on_the_board() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        app.vendor().put(api("2026-08"), Sheet::of("2026-08").child(1, "17:P")).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        let board = browser.page("/console/board").await.expect(200);
        let cell = |month: &str, word: &str| format!("/attendance/{month}\"><span class=\"tag {word}</span>");
        let cells = [
            cell("2026-07", "warn\">À vérifier"),
            cell("2026-08", "good\">Déposé"),
            cell("2026-01", "bad\">En retard"),
            cell("2026-09", "warn\">Manquant"),
            cell("2026-10", "plain\">En cours"),
        ];
        for cell in &cells {
            let cell = format!("{CRECHE}{cell}");
            assert!(board.text.contains(&cell), "{cell}: {}", board.text);
        }
        let board = board.says(&["<a aria-label=\"Les P&#39;tits Loups, septembre 2026\u{a0}: Manquant\""]);
        // A crèche without a deadline has nothing red.
        let farandole = board.text.split("sans échéance").nth(1).unwrap().split("</tr>").next().unwrap();
        assert!(farandole.contains("plain\">Manquant") && !farandole.contains("bad"), "{farandole}");
        board.says(&["31/12/2026", "La Farandole", "sans échéance"]).keeps_silent(&["attendance/2026-11", FOREIGN]);
        let earlier = browser.page("/console/board?year=2020").await.expect(200);
        earlier.says(&["Présences 2020", "attendance/2020-01"]).keeps_silent(&["?year=2019"]);
        let dutch = app.browser(ADMINISTRATOR).await.speaking("nl").page("/console/board").await;
        dutch.expect(200).says(&["Aanwezigheden 2026", "Ontbreekt", "lang=\"nl\""]);
    })
    .await;
}

#[tokio::test]
async fn the_board_shows_what_one_may_read_and_what_is_being_typed() {
    each_app(async |app| {
        let browser = app.browser(DATA_MANAGER).await;
        let board = browser.page("/console/board").await.expect(200);
        board.says(&[CRECHE]).keeps_silent(&[SECOND, FOREIGN, "Brouillon"]);
        browser.send(format!("{}/table/begin", at("2026-09")), &[("start", "blank")]).await.expect(303);
        browser.page("/console/board").await.says(&["attendance/2026-09/table\">Brouillon"]);
    })
    .await;
}

#[tokio::test]
async fn a_quarter_adds_up_and_leads_to_its_months() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        let all = browser.page("/console/quarters/2026Q3").await.expect(200);
        let summary = app.vendor().get("/summaries/2026Q3").await.expect(200);
        let present = summary["totals"]["present"]["fullDays"].to_string();
        assert_eq!(present, "3");
        all.says(&["3e trimestre 2026", "comptent pour zéro", &format!("{CRECHE}/quarters/2026Q3"), ">3</td>"]);
        let one = browser.page(format!("/console/creches/{CRECHE}/quarters/2026Q3")).await.expect(200);
        let details = format!("/console/creches/{CRECHE}/quarters/2026Q3/details");
        let around = ["Manquant", "31/12/2026", "quarters/2026Q2", "quarters/2026Q4"];
        one.says(&[&at("2026-07"), &at("2026-09"), &details]).says(&around);
        let details = browser.page(details).await.expect(200);
        let details =
            details.says(&["Fête nationale", "Fermeture annuelle", "Aline Lambrechts", "Places des jours ouverts"]);
        for rule in [CountingRule::OpenDay, CountingRule::OccupationRate, CountingRule::FunctionDays] {
            details.shows(&[rule.label().fr]);
        }
        browser.page("/console/quarters/2026").await.expect(400);
        browser.page(format!("/console/creches/{FOREIGN}/quarters/2026Q3")).await.expect(404);
    })
    .await;
}
