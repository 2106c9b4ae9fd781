//! A month: sums, calendar, warnings, revisions, differences, files.

use serde_json::json;

use super::{api, at, july};
use crate::harness::app::{ADMINISTRATOR, each_app};
use crate::harness::call::XLSX;
use crate::harness::statement::Sheet;

#[tokio::test]
async fn a_month_shows_everything_of_its_statement() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let empty = browser.page(at("2026-07")).await.expect(200);
        empty.says(&["juillet 2026", "Rien n", "Manquant", "/upload", "/table"]).keeps_silent(&["/download"]);
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let page = browser.page(at("2026-07")).await.expect(200);
        let page = page.says(&[
            "<tr><th scope=\"row\">Présent</th><td class=\"number\">3</td><td class=\"number\">1</td></tr>",
            "CrècheSoft",
            "par l’API",
            "Exemple1 Lou, 21/07/2026",
            "Exemple1 Lou",
            "P/2+AJ/2",
            "title=\"Certificat médical\">AJ*",
            "class=\"holiday\" title=\"Fête nationale\"",
        ]);
        assert_eq!(page.text.matches("class=\"holiday warned\"").count(), 1, "the one warned day");
        assert!(!page.text.contains(&crate::harness::statement::ssin(1)), "numbers do not come back");
        let actions: Vec<_> = app.all_audit().await.into_iter().map(|link| link.entry.action).collect();
        assert!(actions.contains(&"attendanceStatement.read".to_owned()), "{actions:?}");
    })
    .await;
}

#[tokio::test]
async fn revisions_are_listed_and_compared() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let corrected = Sheet::of("2026-07").child(1, "1:P 2:P 3:AI 21:P").child(3, "6:P");
        app.vendor().put(api("2026-07"), &corrected).if_match("\"1\"").await.expect(200);
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(at("2026-07")).await.expect(200).says(&["Comparer", "?revision=1"]).keeps_silent(&["Exemple2"]);
        let old = browser.page(format!("{}?revision=1", at("2026-07"))).await.expect(200);
        old.says(&["ancienne révision", "Exemple2"]);
        let changes = browser.page(format!("{}/changes?from=1&to=2", at("2026-07"))).await.expect(200);
        changes.says(&[
            "<li>02/07/2026 : P/2 + AJ/2 → <strong>P</strong></li>",
            "Exemple2 Lou (K-0002)",
            "retiré",
            "ajouté",
            "<td class=\"number\">+1</td><td class=\"number\">-1</td>",
        ]);
        let none = browser.page(format!("{}/changes?from=2&to=2", at("2026-07"))).await.expect(200);
        none.says(&["Aucune ligne"]);
        for path in ["/changes?from=1&to=3", "/changes", "?revision=9"] {
            browser.page(format!("{}{path}", at("2026-07"))).await.expect(404);
        }
    })
    .await;
}

#[tokio::test]
async fn a_month_is_downloaded_as_the_workbook_of_the_api() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        let file = browser.page(format!("{}/download", at("2026-07"))).await.expect(200);
        let same = app.vendor().get(api("2026-07")).accept(XLSX).await.expect(200);
        assert_eq!((file.header("content-type"), &file.bytes), (XLSX, &same.bytes));
        assert_eq!(file.header("content-disposition"), same.header("content-disposition"));
        assert_eq!(file.header("cache-control"), "no-store");
        let template = browser.page(format!("{}/template?prefill=previousMonth", at("2026-09"))).await.expect(200);
        let same = app.vendor().get(format!("{}/template?prefill=previousMonth", api("2026-09"))).await.expect(200);
        assert_eq!(template.bytes, same.bytes);
    })
    .await;
}

#[tokio::test]
async fn a_day_shows_its_arrival_and_departure() {
    each_app(async |app| {
        let day = json!({ "date": "2026-07-01", "status": "present", "duration": "full", "arrival": "08:15",
            "departure": "16:45" });
        let sheet = Sheet::of("2026-07").child(1, "").with("days", json!([day]));
        app.vendor().put(api("2026-07"), sheet).await.expect(201);
        let month = app.browser(ADMINISTRATOR).await.page(at("2026-07")).await.expect(200);
        month.shows(&["<span class=\"code present\" title=\"08:15–16:45\">P</span>"]);
    })
    .await;
}
