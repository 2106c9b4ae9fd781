//! What software reads, and who reads what.

use serde_json::{Value, json};

use super::{AGENCY, FILE, agent, draft, published, statuses};
use crate::harness::app::{ADMINISTRATOR, OTHER, SECOND, each_app};

/// The titles of a page of the list.
fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().map(|item| item["title"].as_str().expect("a title")).collect()
}

#[tokio::test]
async fn software_reads_what_is_published_with_its_file() {
    each_app(async |app| {
        let id = published(&agent(app).await, &[]).await;
        let listed = app.vendor().get("/communications").await.expect(200);
        let one = app.vendor().get(format!("/communications/{id}")).await.expect(200);
        assert_eq!(listed["items"], json!([one.json]));
        one.has(&json!({ "date": "2026-10-05", "title": "Forfaits T3 2026", "type": "rateTable", "quarter": "2026Q3",
            "sector": "public", "staffStatus": "statutory" }));
        assert_eq!((&one["file"]["name"], &one["file"]["size"]), (&json!("Forfaits.pdf"), &json!(FILE.len())));
        let file = app.vendor().get(format!("/communications/{id}/file")).await.expect(200);
        assert_eq!((&file.bytes[..], file.header("content-type")), (FILE, "application/pdf"));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.header("content-disposition").starts_with("attachment;"));
        // Neither rights nor crèches of the key decide.
        assert_eq!(statuses(&app.with_scopes([]).await, &id).await, [200, 200]);
        assert_eq!(statuses(&app.limited_to(&[SECOND]).await, &id).await, [200, 200]);
        assert_eq!(statuses(&app.trial().await, &id).await, [200, 200]);
        assert_eq!(statuses(&app.anonymous(), &id).await, [401, 401]);
    })
    .await;
}

#[tokio::test]
async fn what_is_addressed_to_others_is_not_there() {
    each_app(async |app| {
        let agent = agent(app).await;
        let ours = published(&agent, &[("audience", "chosen"), ("organisers", " asbl les petits-pas ")]).await;
        let all = published(&agent, &[]).await;
        let unpublished = draft(&agent, &[]).await.rsplit('/').next().expect("an id").to_owned();
        let (vendor, other) = (app.vendor(), app.other_organiser());
        for (who, id, expected) in
            [(&vendor, &ours, 200), (&other, &ours, 404), (&other, &all, 200), (&vendor, &unpublished, 404)]
        {
            assert_eq!(statuses(who, id).await, [expected; 2]);
        }
        assert_eq!(vendor.get("/communications").await.expect(200)["items"].as_array().unwrap().len(), 2);
        assert_eq!(other.get("/communications").await.expect(200)["items"].as_array().unwrap().len(), 1);
        let neighbour = app.browser_at(crate::harness::app::OF_BOTH, OTHER).await;
        neighbour.page("/console/communications").await.expect(200);
        let file = |id: &str| format!("/console/communications/{id}/file");
        assert_eq!(neighbour.fetch(&file(&ours)).await.status, 404);
        assert_eq!(neighbour.fetch(&file(&all)).await.expect(200).bytes, FILE);
        // The agency's side is for agents alone.
        let director = app.browser(ADMINISTRATOR).await;
        for path in [AGENCY.to_owned(), format!("{AGENCY}/new"), format!("{AGENCY}/{ours}")] {
            director.page(path).await.expect(403);
        }
        director.fetch(&format!("{AGENCY}/{ours}/file")).await.expect(403);
        super::prepare(&director, &[], ("Forfaits.pdf", FILE)).await.expect(403);
        for act in ["publish", "withdraw", "discard"] {
            director.send(format!("{AGENCY}/{unpublished}"), &[("act", act), ("reason", "x")]).await.expect(403);
        }
        assert_eq!(statuses(&vendor, &unpublished).await, [404, 404]);
    })
    .await;
}

#[tokio::test]
async fn those_with_a_subsidised_creche_keep_what_was_addressed_to_them() {
    use crate::harness::database::{Database, each_engine};
    each_engine(async |database: &Database| {
        let app = &crate::harness::app::TestApp::start(database).await;
        let set = async |subsidised: u8, organiser: &str| {
            let change = format!("update creche set subsidised = {subsidised} where organiser_id = '{organiser}'");
            database.tamper(change).await;
        };
        set(0, OTHER).await;
        let before = published(&agent(app).await, &[("audience", "subsidised")]).await;
        assert_eq!(statuses(&app.vendor(), &before).await, [200, 200]);
        assert_eq!(statuses(&app.other_organiser(), &before).await, [404, 404]);
        // One that gets a subsidised crèche reads it from then on, one that was addressed goes on reading it.
        set(1, OTHER).await;
        set(0, crate::harness::app::ORGANISER).await;
        assert_eq!(statuses(&app.vendor(), &before).await, [200, 200]);
        assert_eq!(statuses(&app.other_organiser(), &before).await, [200, 200]);
    })
    .await;
}

#[tokio::test]
async fn the_list_has_pages_and_filters() {
    each_app(async |app| {
        let agent = agent(app).await;
        for day in 1..=5 {
            let (date, title) = (format!("{day:02}/09/2026"), format!("Circulaire {day}"));
            let other =
                [("date", date.as_str()), ("title", &title), ("type", "other"), ("quarter", ""), ("sector", "")];
            published(&agent, &other).await;
        }
        published(&agent, &[("sector", "private"), ("staffStatus", "")]).await;
        let (mut next, mut pages) = (Some("/communications?pageSize=2".to_owned()), Vec::new());
        while let Some(path) = next {
            let page = app.vendor().get(&path).await.expect(200).json;
            pages.extend(titles(&page).into_iter().map(str::to_owned));
            let link = page.get("next").and_then(Value::as_str).map(str::to_owned);
            next = link.map(|link| link.split_once("/creche/v1").expect("our address").1.to_owned());
        }
        let newest_first =
            ["Forfaits T3 2026", "Circulaire 5", "Circulaire 4", "Circulaire 3", "Circulaire 2", "Circulaire 1"];
        assert_eq!(pages, newest_first);
        for (query, expected) in [
            ("type=rateTable", 1),
            ("quarter=2026Q3", 1),
            ("quarter=2026Q2", 0),
            // What is about both sectors is about each.
            ("sector=public", 5),
            ("sector=private", 6),
            ("staffStatus=nonStatutory", 1),
        ] {
            let found = app.vendor().get(format!("/communications?{query}")).await.expect(200);
            assert_eq!(titles(&found.json).len(), expected, "{query}");
        }
        for wrong in ["type=letter", "quarter=2026", "before=2026-09-01", "before=x.y", "sector=both", "page=2"] {
            app.vendor().get(format!("/communications?{wrong}")).await.refused(400, "badRequest");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_withdrawn_stays_with_the_reason() {
    each_app(async |app| {
        let agent = agent(app).await;
        let id = published(&agent, &[]).await;
        let page = format!("{AGENCY}/{id}");
        agent.send(&page, &[("act", "withdraw"), ("reason", " ")]).await.expect(400).says(&["Indiquez la raison"]);
        agent.send(&page, &[("act", "withdraw"), ("reason", "x\u{202e}")]).await.expect(400);
        assert!(app.vendor().get(format!("/communications/{id}")).await.expect(200).json.get("withdrawn").is_none());
        agent.send(&page, &[("act", "withdraw"), ("reason", "Montants erronés.")]).await.expect(303);
        agent.send(&page, &[("act", "withdraw"), ("reason", "Encore")]).await.expect(409);
        agent.send(&page, &[("act", "publish")]).await.expect(409);
        agent.send(&page, &[("act", "discard")]).await.expect(409);
        let read = app.vendor().get(format!("/communications/{id}")).await.expect(200);
        assert_eq!(read["withdrawn"]["reason"], "Montants erronés.");
        assert_eq!(statuses(&app.vendor(), &id).await, [200, 200]);
        let director = app.browser(ADMINISTRATOR).await;
        director.page("/console/communications").await.expect(200).says(&["Retirée", "Montants erronés."]);
        director.page("/console").await.expect(200).keeps_silent(&["a publié une communication"]);
    })
    .await;
}
