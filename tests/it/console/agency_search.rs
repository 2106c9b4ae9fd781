//! Agents find organisers by parts of any of their names and numbers.

use jiff::civil::date;
use passerelle::app::creches::{self, CrecheUpdate};
use passerelle::app::{agents, organisers};
use passerelle::domain::actor::Actor;
use passerelle::domain::creche::NewCreche;
use passerelle::ids::OrganiserId;

use super::agent::{LIST, organiser_links};
use crate::harness::app::{TestApp, each_app};
use crate::harness::database::each_engine;
use crate::harness::page::Browser;
use crate::harness::people::ssin;

/// Registers an organiser with one crèche and returns the path of its page.
async fn registered(app: &TestApp, name: &str, number: Option<&str>, creche: &str, one_number: &str) -> OrganiserId {
    let actor = Actor::operator("Test");
    let act = app.app.acting_as(&actor);
    let number = number.map(|number| number.parse().unwrap());
    let organiser = organisers::register(act, name, number).await.unwrap().id;
    let (name, one_number) = (creche.to_owned(), one_number.to_owned());
    let authorised = (date(2020, 1, 1), None);
    let new = NewCreche { name, one_number, subsidised: true, authorised, capacity: Vec::new() };
    creches::register(act, organiser, new).await.unwrap();
    organiser
}

/// What an agent's search finds.
async fn found(agent: &Browser<'_>, words: &str) -> Vec<String> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("words", words).finish();
    organiser_links(&agent.page(format!("{LIST}?{query}")).await.expect(200))
}

#[tokio::test]
async fn an_organiser_is_found_by_any_of_its_names_and_numbers() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let star = registered(app, "Réseau Nord-Ouest", Some("0566988259"), "Crèche de l’Étoile", "XQ-77/12").await;
        let moon = registered(app, "100 % Enfance_1", None, "La Lune", "XQ-78").await;
        let agent = app.browser(&ssin(7)).await;
        let sheet = |id| [format!("{LIST}/{id}")];
        for words in [
            "creche etoile",
            "ÉTOILE crèche",
            "l'étoile nord ouest",
            "letoil",
            "nord-ouest",
            "reseau XQ77",
            "xq-77",
            "7712",
            "0566.988.259",
            "BE 0566 988 259",
            "be0566988259",
            "0566.98",
            "566 259 etoile",
        ] {
            assert_eq!(found(&agent, words).await, sheet(star), "{words}");
        }
        for words in ["%", "100 %", "e_1", "lune enfance"] {
            assert_eq!(found(&agent, words).await, sheet(moon), "{words}");
        }
        for words in ["cr%che", "_toile", "\\", "!", "etoile lune", "0566.988.258", "…"] {
            assert!(found(&agent, words).await.is_empty(), "{words}");
        }
        assert_eq!(found(&agent, " ").await.len(), 4, "everybody");
    })
    .await;
}

#[tokio::test]
async fn it_is_found_by_a_new_name_and_no_longer_by_the_old() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let organiser = registered(app, "Réseau Nord", None, "La Ruche", "XQ-1").await;
        let actor = Actor::operator("Test");
        let creche = creches::list_all(&app.app.db, organiser).await.unwrap()[0].id;
        creches::change(app.app.acting_as(&actor), organiser, creche, &CrecheUpdate::Name("Les Abeilles".into()))
            .await
            .unwrap();
        let agent = app.browser(&ssin(7)).await;
        assert!(found(&agent, "ruche").await.is_empty());
        assert_eq!(found(&agent, "abeille").await, [format!("{LIST}/{organiser}")]);
    })
    .await;
}

#[tokio::test]
async fn organisers_of_an_earlier_version_are_found_after_the_start() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        app.appoint(&ssin(7)).await;
        let organiser = registered(app, "Réseau Nord", None, "La Ruche", "XQ-1").await;
        let agent = app.browser(&ssin(7)).await;
        assert_eq!(agents::refresh_search(&app.app).await.unwrap(), 0, "what was written is up to date");
        database.tamper("delete from organiser_search").await;
        assert!(found(&agent, "ruche").await.is_empty());
        assert_eq!(agents::refresh_search(&app.app).await.unwrap(), 3);
        assert_eq!(found(&agent, "ruche").await, [format!("{LIST}/{organiser}")]);
        database.tamper("update organiser_search set search_text = 'abc' where search_text like '%ruche%'").await;
        assert_eq!(agents::refresh_search(&app.app).await.unwrap(), 1);
        assert_eq!(found(&agent, "ruche nord").await, [format!("{LIST}/{organiser}")]);
    })
    .await;
}

#[tokio::test]
async fn the_list_goes_on_over_pages_in_the_order_of_names() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let mut expected = Vec::new();
        for number in 0..53 {
            // Every second one with an accent, which changes nothing about the order.
            let name = if number % 2 == 0 { "Élan" } else { "elan" };
            let actor = Actor::operator("Test");
            let new =
                organisers::register(app.app.acting_as(&actor), &format!("{name} {number:02}"), None).await.unwrap();
            expected.push(format!("{LIST}/{}", new.id));
        }
        let agent = app.browser(&ssin(7)).await;
        let first = agent.page(format!("{LIST}?words=elan")).await.expect(200);
        assert_eq!(organiser_links(&first), expected[..50]);
        assert!(first.reads("50 sur 53"), "{}", first.words());
        let next = first.tags("a").into_iter().find(|link| link.attribute("rel") == "next").unwrap();
        let second = agent.page(next.attribute("href")).await.expect(200);
        assert_eq!(organiser_links(&second), expected[50..]);
        assert!(second.reads("3 sur 53") && second.tags("a").iter().all(|link| link.attribute("rel") != "next"));
        for page in ["0", "-1", "x"] {
            assert_eq!(
                organiser_links(&agent.page(format!("{LIST}?words=elan&page={page}")).await.expect(200)),
                expected[..50]
            );
        }
        let past = agent.page(format!("{LIST}?words=elan&page=18446744073709551615")).await.expect(200);
        assert!(organiser_links(&past).is_empty());
    })
    .await;
}
