//! The page of the history.

use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, each_app};
use crate::harness::page::Page;
use crate::harness::people::somebody;
use crate::harness::statement::Sheet;

/// How many entries the page shows.
fn rows(page: &Page) -> usize {
    page.tags("td").iter().filter(|cell| cell.get("class") == "nowrap").count()
}

#[tokio::test]
async fn it_tells_in_plain_words_who_did_what() {
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        app.vendor().put(&path, Sheet::of("2026-07")).await.expect(201);
        app.person(ADMINISTRATOR).await.post("/users", somebody(1)).await.expect(201);
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page("/console/history").await.expect(200);
        for words in [
            "CrècheSoft Application externe Relevé de présences déposé Les P'tits Loups, 2026-07",
            "Anne Dubois Utilisateur Utilisateur ajouté Ysaline Vandeputte-1 Gestionnaire des données de l'activité",
            "Droits d'un utilisateur changés Les P'tits Loups, Ysaline Vandeputte-1 Présences (lecture)",
            "sandbox La passerelle elle-même Pouvoir organisateur enregistré",
        ] {
            assert!(page.reads(words), "{words}: {}", page.words());
        }
        let page = anne.page("/console/history").await.expect(200);
        assert!(page.reads("Historique consulté"));
    })
    .await;
}

#[tokio::test]
async fn it_is_chosen_from_and_leafed_through() {
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        app.vendor().put(&path, Sheet::of("2026-07")).await.expect(201);
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page(&format!("/console/history?creche={CRECHE}&period=2026-07")).await.expect(200);
        assert_eq!(
            (rows(&page), page.field("creche"), page.field("period")),
            (1, CRECHE.to_owned(), "2026-07".to_owned())
        );
        let empty = anne.page(&format!("/console/history?creche={SECOND}")).await.expect(200);
        assert!(rows(&empty) == 0 && empty.reads("Rien n'est enregistré pour ce choix."));
        let wrong = anne.page("/console/history?period=July&from=1/7").await.expect(400);
        assert!(wrong.reads("Écrivez un mois comme 2026-07") && wrong.field("period") == "July");
        for _ in 0..60 {
            anne.page("/console/history?from=2026-10-12").await.expect(200);
        }
        let first = anne.page("/console/history?from=2026-10-12").await.expect(200);
        let older = first.tags("a").into_iter().find(|link| link.get("href").contains("before=")).unwrap();
        assert!(older.get("href").starts_with("/console/history?from=2026-10-12&before="));
        let second = anne.page(older.get("href")).await.expect(200);
        assert_eq!(rows(&first), 50);
        assert!(rows(&second) > 10 && second.reads("Pouvoir organisateur enregistré"));
        app.browser(DATA_MANAGER).await.page("/console/history").await.expect(403);
    })
    .await;
}
