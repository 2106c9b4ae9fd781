//! The page of the history.

use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, each_app};
use crate::harness::page::Page;
use crate::harness::people::new_user;
use crate::harness::statement::Sheet;

/// How many entries are on the page.
fn rows(page: &Page) -> usize {
    page.tags("td").iter().filter(|cell| cell.attribute("class") == "nowrap").count()
}

#[tokio::test]
async fn entries_are_sentences_with_person_and_action() {
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        app.vendor().put(&path, Sheet::of("2026-07")).await.expect(201);
        app.person(ADMINISTRATOR).await.post("/users", new_user(1)).await.expect(201);
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page("/console/history").await.expect(200);
        for words in [
            "CrècheSoft Application externe Relevé de présences déposé Les P'tits Loups, juillet 2026",
            "Anne Dubois Utilisateur Utilisateur ajouté Ysaline Vandeputte-1 Gestionnaire des données de l’activité",
            "Droits d’un utilisateur changés Les P'tits Loups, Ysaline Vandeputte-1 Présences (lecture)",
            "La passerelle elle-même Pouvoir organisateur enregistré",
        ] {
            assert!(page.reads(words), "{words}: {}", page.words());
        }
        let acts = anne.page("/console/history").await.expect(200);
        assert!(
            acts.reads("Utilisateur ajouté") && !acts.reads("Historique consulté Les") && !acts.reads("(supprimé)")
        );
        let reads = anne.page("/console/history?view=reads").await.expect(200);
        assert!(reads.reads("Anne Dubois Utilisateur Historique consulté"), "{}", reads.words());
        assert!(!reads.reads("Utilisateur ajouté"));
        assert_eq!(rows(&reads), 2);
    })
    .await;
}

#[tokio::test]
async fn entries_are_filtered_and_paged() {
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        app.vendor().put(&path, Sheet::of("2026-07")).await.expect(201);
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page(&format!("/console/history?creche={CRECHE}&period=2026-07")).await.expect(200);
        assert_eq!(
            (rows(&page), page.field_value("creche"), page.field_value("period")),
            (1, CRECHE.to_owned(), "2026-07".to_owned())
        );
        let empty = anne.page(&format!("/console/history?creche={SECOND}")).await.expect(200);
        assert!(rows(&empty) == 0 && empty.reads("Rien n’est enregistré pour ce choix."));
        let wrong = anne.page("/console/history?period=July&from=1/7").await.expect(400);
        assert!(wrong.reads("Choisissez un mois ou un trimestre de la liste.") && wrong.reads("JJ/MM/AAAA"));
        let backwards = anne.page("/console/history?from=2026-10-12&until=2026-10-11").await.expect(400);
        assert!(backwards.reads("Le premier jour est après le dernier.") && !backwards.reads("Rien n’est enregistré"));
        let one_day = anne.page("/console/history?from=2026-10-12&until=2026-10-12").await.expect(200);
        assert!(!one_day.reads("Le premier jour est après le dernier."));
        for _ in 0..60 {
            anne.page("/console/history?view=all&from=2026-10-12").await.expect(200);
        }
        let first = anne.page("/console/history?view=all&from=12/10/2026").await.expect(200);
        let older = first.tags("a").into_iter().find(|link| link.attribute("href").contains("before=")).unwrap();
        assert!(older.attribute("href").starts_with("/console/history?view=all&from=12%2F10%2F2026&before="));
        let second = anne.page(older.attribute("href")).await.expect(200);
        assert_eq!(rows(&first), 50);
        assert!(rows(&second) > 10 && second.reads("Pouvoir organisateur enregistré"));
        app.browser(DATA_MANAGER).await.page("/console/history").await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn entries_name_their_subjects_and_are_filtered_by_person_and_action() {
    each_app(async |app| {
        app.person(ADMINISTRATOR).await.post("/users", new_user(1)).await.expect(201);
        crate::doctors::enter_doctor(app).await;
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page("/console/history?action=doctor.entered").await.expect(200);
        assert!(rows(&page) == 1 && page.reads("Médecin encodé"), "{}", page.words());
        assert!(!page.reads("(supprimé)"), "{}", page.words());
        let created = anne.page("/console/history?action=user.created").await.expect(200);
        assert_eq!((rows(&created), created.field_value("action")), (1, "user.created".to_owned()));
        let options = created.tags("option");
        let somebody_else = options.iter().find(|option| option.attribute("value") == "no.such.action");
        assert!(somebody_else.is_none());
        let persons: Vec<_> = options.iter().map(|option| option.attribute("value").to_owned()).collect();
        let mut seen = 0;
        for person in persons.iter().filter(|value| value.len() == 36 && *value != CRECHE && *value != SECOND) {
            seen += rows(&anne.page(format!("/console/history?action=user.created&person={person}")).await.expect(200));
        }
        assert_eq!(seen, 1, "one person, and no other, did it");
    })
    .await;
}
