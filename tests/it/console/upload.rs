//! A workbook uploaded by a user: validated as in the API, recorded as the user's.

use passerelle::domain::text::without_api_codes;
use serde_json::Value;

use super::{api, at, july};
use crate::harness::app::{ADMINISTRATOR, DATA_MANAGER, each_app};
use crate::harness::book::book;
use crate::harness::call::XLSX;
use crate::harness::statement::Sheet;

/// July with an unknown code and a birth date that is none.
fn faulty() -> Vec<u8> {
    let mut statement: Value = july().with("birthDate", "hier").into();
    statement["lines"][0]["days"][0]["status"] = "X".into();
    book("2026-07", &statement)
}

#[tokio::test]
async fn an_uploaded_workbook_is_recorded_as_the_users() {
    each_app(async |app| {
        let browser = app.browser(DATA_MANAGER).await;
        let form = format!("{}/upload", at("2026-07"));
        browser.page(&form).await.expect(200).says(&["multipart/form-data"]).keeps_silent(&["name=\"replace\""]);
        let sent = browser.upload(&form, &[("action", "deposit")], &book("2026-07", &july().into())).await;
        let page = browser.follow(&sent).await.expect(200);
        page.says(&["Le relevé est déposé.", "Sofie Peeters", "classeur .xlsx", "Révision 1"]);
        let verdicts = app.verdicts().await;
        assert_eq!((verdicts.len(), verdicts[0].application, verdicts[0].revision), (1, None, Some(1)));
        let kept = app.vendor().get(api("2026-07")).await.expect(200);
        assert_eq!(kept["totals"]["present"]["fullDays"], 3);
        let event = app.events().await.pop().unwrap().1;
        assert_eq!(event.kind.code(), "attendanceStatement.deposited");
    })
    .await;
}

#[tokio::test]
async fn a_revision_is_replaced_only_when_confirmed() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let browser = app.browser(DATA_MANAGER).await;
        let form = format!("{}/upload", at("2026-07"));
        browser.page(&form).await.expect(200).says(&["name=\"replace\" value=\"1\"", "CrècheSoft"]);
        let other = book("2026-07", &(&Sheet::of("2026-07").child(1, "1:P")).into());
        let unsaid = browser.upload(&form, &[], &other).await.expect(409);
        unsaid.says(&["aria-invalid=\"true\" aria-describedby=\"replace-error\""]);
        browser.upload(&form, &[("replace", "7")], &other).await.expect(409);
        let said = browser.upload(&form, &[("replace", "1")], &other).await.expect(303);
        browser.follow(&said).await.shows(&["Le relevé est déposé."]);
        let again = browser.upload(&form, &[("replace", "1")], &other).await;
        browser.follow(&again).await.shows(&["Le contenu est le même"]);
        let same = app.vendor().get(api("2026-07")).await.expect(200);
        assert_eq!(same["revision"], 2);
    })
    .await;
}

#[tokio::test]
async fn the_findings_are_those_of_the_api_and_the_file_is_returned_marked() {
    each_app(async |app| {
        // Made once: a workbook has the second in which it was made.
        let faulty = faulty();
        let refused = app.vendor().put_workbook(api("2026-07"), faulty.clone()).language("fr").await.expect(400);
        let browser = app.browser(ADMINISTRATOR).await;
        let form = format!("{}/upload", at("2026-07"));
        let page = browser.upload(&form, &[("action", "deposit")], &faulty).await.expect(400);
        for list in ["issues", "warnings"] {
            for (detail, cell) in refused.each(list, "detail").iter().zip(refused.each(list, "cell")) {
                let detail = escaped(&without_api_codes(detail.as_str().unwrap()));
                let cell = cell.as_str().unwrap_or_default();
                assert!(page.text.contains(&detail) && page.text.contains(cell), "{detail} {cell}: {}", page.text);
            }
        }
        let page = page.says(&["Il s’agit de Lou Exemple1."]);
        assert!(!refused.json.to_string().contains("Exemple1"), "{}", refused.json);
        let details = refused.each("issues", "detail");
        let told = |text: &str| details.iter().any(|detail| detail.as_str().unwrap().contains(text));
        assert!(told("Trouvé : « X ». Référence : K-0001.") && told("Trouvé : « •••• »."), "{details:?}");
        assert_eq!(page.text.matches("<li class=\"bad\">").count(), refused.each("issues", "code").len());
        let marked = browser.upload(&form, &[("action", "mark")], &faulty).await.expect(200);
        let same = app.vendor().put_workbook(api("2026-07"), faulty.clone()).accept(XLSX).await.expect(400);
        assert_eq!(marked.header("content-type"), XLSX);
        assert!(marked.header("content-disposition").contains("a-corriger.xlsx"));
        assert_eq!(marked.bytes, same.bytes);
        let good = book("2026-07", &july().into());
        browser.upload(&form, &[("action", "mark")], &good).await.expect(200).says(&["pas encore déposé"]);
        app.vendor().get(api("2026-07")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_workbook_is_refused_with_the_reason() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let form = format!("{}/upload", at("2026-07"));
        browser.upload(&form, &[], b"").await.expect(400).says(&["Le fichier choisi est vide"]);
        for (action, file) in [("deposit", &b"hello"[..]), ("mark", b"hello"), ("mark", b"%PDF-1.7 page")] {
            let page = browser.upload(&form, &[("action", action)], file).await.expect(400);
            let page =
                page.says(&["<li class=\"bad\">", "n’est pas un classeur Excel", "ce qui ne va pas est indiqué"]);
            page.keeps_silent(&["demandez le fichier annoté"]);
        }
        browser.send(&form, &[("action", "deposit")]).await.expect(400);
        browser.upload_nothing(&form).await.expect(400).says(&["Choisissez un fichier"]);
    })
    .await;
}

/// As a page writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;")
}
