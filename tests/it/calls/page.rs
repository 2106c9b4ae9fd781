//! The calls of an application on pages of the console.

use super::requests::{flush, marked, month};
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, TestApp, each_app};
use crate::harness::database::each_engine;

const APPLICATION: &str = "/console/applications/019a5c00-0000-7000-8000-000000000021";

fn calls(query: &str) -> String {
    format!("{APPLICATION}/calls{query}")
}

#[tokio::test]
async fn an_administrator_reads_the_calls_and_opens_one() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(APPLICATION).await.expect(200).says(&["Appels du logiciel"]);
        browser.page(calls("")).await.expect(200).says(&["Ce logiciel n’a fait aucun appel"]);
        let mut wrong = marked();
        wrong["lines"][0]["days"][0]["date"] = "2026-08-01".into();
        app.vendor().get("/caller").await.expect(200);
        let refused = app.vendor().put(month(CRECHE, "2026-07"), wrong).await.expect(400);
        flush(app).await;
        let listed = browser.page(calls("")).await.expect(200);
        let listed = listed.says(&["GET /caller", "badRequest", "Refusé"]);
        let href = format!("{}/{}", calls(""), refused.header("belgov-trace-id"));
        assert!(listed.text.contains(&format!("href=\"{href}\"")), "{}", listed.text);
        let one = browser.page(&href).await.expect(200);
        let one = one.says(&[
            "putAttendanceStatement",
            "Les P&#39;tits Loups, juillet 2026",
            "1 erreur",
            "attendance/2026-07",
        ]);
        assert!(one.text.contains("familyName") && !one.text.contains("quixote"), "the body is masked: {}", one.text);
        browser.page(calls("/019a5c00-0000-7000-8000-0000000000d2")).await.expect(404);
        let other = href.replace("000000000021", "0000000000ff");
        browser.page(other).await.expect(404);
        app.browser(DATA_MANAGER).await.page(calls("")).await.expect(403);
        app.browser(DATA_MANAGER).await.page(href).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn calls_are_filtered_and_fifty_are_on_a_page() {
    each_app(async |app| {
        for _ in 0..51 {
            app.vendor().get("/caller").await.expect(200);
        }
        app.vendor().get("/creches/019a5c00-0000-7000-8000-0000000000ff").await.expect(404);
        flush(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let count = async |query: &str| {
            let page = browser.page(calls(query)).await.expect(200);
            page.text.matches("<th scope=\"row\">").count()
        };
        assert_eq!(count("").await, 50);
        let first = browser.page(calls("")).await.expect(200);
        let next =
            first.tags("a").iter().find(|link| link.attribute("rel") == "next").unwrap().attribute("href").to_owned();
        let second = browser.page(&next).await.expect(200);
        assert_eq!(second.text.matches("<th scope=\"row\">").count(), 2);
        assert_eq!(count("?status=4xx").await, 1);
        assert_eq!(count("?operation=getCreche").await, 1);
        assert_eq!(count("?from=2026-10-12&until=2026-10-12&status=4xx").await, 1);
        assert_eq!(count("?from=2026-10-13").await, 0);
        assert_eq!(count("?until=2026-10-11").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_call_without_a_kept_body_says_so() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        let sent = app.vendor().put(month(CRECHE, "2026-07") + "?dryRun=true", marked()).await.expect(200);
        flush(&app).await;
        let href = format!("{}/{}", calls(""), sent.header("belgov-trace-id"));
        let page = app.browser(ADMINISTRATOR).await.page(href).await.expect(200);
        page.says(&["Le contenu de cet appel n’est pas gardé.", "Essai"]);
    })
    .await;
}
