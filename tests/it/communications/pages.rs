//! The pages of agents and of organisers.

use super::{AGENCY, FILE, agent, draft, prepare, published};
use crate::harness::app::{ADMINISTRATOR, DATA_MANAGER, each_app};
use crate::harness::database::{Database, each_engine};
use crate::harness::people::ssin;

#[tokio::test]
async fn a_draft_shows_who_gets_it_and_is_published_or_discarded() {
    each_engine(async |database: &Database| {
        let app = &crate::harness::app::TestApp::start(database).await;
        let agent = agent(app).await;
        agent.page(AGENCY).await.expect(200).says(&["Aucune communication n’est préparée"]);
        agent.page(format!("{AGENCY}/new")).await.expect(200).says(&["Destinataires"]);
        let first = draft(&agent, &[]).await;
        let all = database.number("select count(*) from organiser").await;
        agent.page(&first).await.expect(200).says(&["Brouillon", &format!("{all} pouvoirs organisateurs recevront")]);
        assert_eq!(agent.fetch(&format!("{first}/file")).await.expect(200).bytes, FILE);
        let lines = "BE 1999.000.150\r\n\r\nasbl les petits pas";
        let second = draft(&agent, &[("audience", "chosen"), ("organisers", lines)]).await;
        let page = agent.page(&second).await.expect(200);
        page.says(&["1 pouvoir organisateur recevra", "ASBL Les Petits Pas"]);
        agent.send(&second, &[("act", "discard")]).await.expect(303);
        agent.page(&second).await.expect(404);
        agent.send(&second, &[("act", "publish")]).await.expect(404);
        assert_eq!(database.number("select count(*) from stored_file_chunk").await, 1);
        agent.send(&first, &[("act", "something")]).await.expect(400);
        agent.send(&first, &[("act", "publish")]).await.expect(303);
        agent.send(&first, &[("act", "publish")]).await.expect(409).says(&["déjà publiée"]);
        let page = agent.page(&first).await.expect(200);
        page.says(&["Publiée", &format!("Adressée à {all} pouvoirs organisateurs"), "annoncée à 0"]);
        agent.page(AGENCY).await.expect(200).says(&["Forfaits T3 2026", "Publiée"]);
        let chain = passerelle::domain::audit::AuditChain::Operator;
        let entries = passerelle::app::audit::list(&app.app.db, chain, None, 1000).await.unwrap();
        let recorded: Vec<_> = entries.into_iter().map(|link| link.entry.action).collect();
        for action in ["communication.prepared", "communication.discarded", "communication.published"] {
            assert!(recorded.iter().any(|known| known == action), "{action}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_form_is_refused_with_everything_that_is_wrong() {
    each_engine(async |database: &Database| {
        let app = &crate::harness::app::TestApp::start(database).await;
        let agent = agent(app).await;
        let wrong = [
            ("date", "hier"),
            ("title", ""),
            ("type", ""),
            ("quarter", "été"),
            ("audience", "chosen"),
            ("organisers", "Personne\nASBL Les Petits Pas"),
        ];
        let refused = prepare(&agent, &wrong, ("tableau.xlsm", FILE)).await.expect(400);
        let refused = refused.says(&[
            "Indiquez la date",
            "Indiquez le titre",
            "Choisissez le type",
            "sous la forme T4 2026",
            "«\u{a0}Personne\u{a0}»",
            "choisissez-le à nouveau",
        ]);
        assert!(refused.text.contains("été") && refused.text.contains("celle d’un programme"), "nothing typed is lost");
        for (name, bytes, why) in [
            ("page.pdf", &b"<html>"[..], "PDF, PNG, JPEG"),
            ("secret.pdf", b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\nstartxref\n9\n%%EOF\n", "mot de passe"),
            ("vide.pdf", b"", "vide"),
            ("", b"", "Choisissez un fichier"),
        ] {
            prepare(&agent, &[], (name, bytes)).await.expect(400).says(&[why]);
        }
        let stored = "select (select count(*) from communication) + (select count(*) from stored_file_chunk)";
        assert_eq!(database.number(stored).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_new_to_a_user_is_on_the_home_page_until_looked_at() {
    each_app(async |app| {
        let agent = agent(app).await;
        let director = app.browser(ADMINISTRATOR).await;
        director.page("/console").await.expect(200).keeps_silent(&["a publié"]);
        director.page("/console/communications").await.expect(200).says(&["n’a encore rien publié"]);
        published(&agent, &[]).await;
        director.page("/console").await.expect(200).says(&["a publié une communication", "Forfaits T3 2026"]);
        // Sessions have ended by then.
        app.travel("2026-10-13T08:00:00Z");
        let (agent, director) = (app.browser(&ssin(7)).await, app.browser(ADMINISTRATOR).await);
        published(&agent, &[("title", "Forfaits T3 2026, rectifiés")]).await;
        director.page("/console").await.expect(200).says(&["a publié 2 communications", "rectifiés"]);
        let first = director.page("/console/communications").await.expect(200);
        assert_eq!(first.text.matches("Nouveau").count(), 2);
        director.page("/console").await.expect(200).keeps_silent(&["a publié"]);
        director.page("/console/communications").await.expect(200).keeps_silent(&["Nouveau"]);
        // Another user has not looked.
        app.browser(DATA_MANAGER).await.page("/console").await.expect(200).says(&["a publié 2 communications"]);
    })
    .await;
}

#[tokio::test]
async fn a_page_has_twenty() {
    each_app(async |app| {
        let agent = agent(app).await;
        for number in 0..21 {
            let (title, date) = (format!("Tableau {number:02}"), format!("{:02}/09/2026", number + 1));
            published(&agent, &[("title", title.as_str()), ("date", date.as_str())]).await;
        }
        let director = app.browser(ADMINISTRATOR).await;
        let first = director.page("/console/communications").await.expect(200).says(&["1–20 sur 21", "Page suivante"]);
        assert!(first.text.contains("Tableau 20") && !first.text.contains("Tableau 00"));
        let second = director.page("/console/communications?page=2").await.expect(200);
        second.says(&["21–21 sur 21", "Page précédente", "Tableau 00"]);
        let none = director.page("/console/communications?quarter=2026Q1").await.expect(200);
        none.says(&["ne correspond à ces critères"]);
        agent.page(format!("{AGENCY}?page=2")).await.expect(200).says(&["Tableau 00"]);
    })
    .await;
}
