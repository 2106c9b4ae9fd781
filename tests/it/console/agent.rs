//! What an agent of the agency sees of the organisers, and who else does not.

use passerelle::app::{agents, audit};
use passerelle::domain::ssin::Ssin;
use passerelle::store::audit::{Actor, Chain};

use crate::harness::app::{ADMINISTRATOR, OF_BOTH, OTHER, TestApp, each_app, organiser};
use crate::harness::page::Page;
use crate::harness::people::ssin;

const LIST: &str = "/console/agency/organisers";

fn sheet() -> String {
    format!("{LIST}/{}", organiser())
}

/// Makes somebody an agent.
async fn appoint(app: &TestApp, number: &str) {
    let actor = Actor::operator("tests");
    agents::add(app.app.act(&actor), &Ssin::parse(number).unwrap(), "ONE-1207").await.unwrap();
}

/// Where the names in the list lead.
fn listed(page: &Page) -> Vec<String> {
    let links = page.tags("a").into_iter().map(|link| link.get("href").to_owned());
    links.filter(|href| href.starts_with("/console/agency/organisers/")).collect()
}

#[tokio::test]
async fn an_agent_sees_organisers_and_creches_and_stands_in_their_history() {
    each_app(async |app| {
        appoint(app, &ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        let door = agent.page("/console").await.expect(303);
        assert_eq!(door.header("location"), "/console/organisers");
        let door = agent.page("/console/organisers").await.expect(303);
        assert_eq!(door.header("location"), LIST);
        let list = agent.page(LIST).await.expect(200);
        assert_eq!(listed(&list).len(), 2, "{}", list.text);
        assert!(agent.page("/console/sessions").await.expect(200).reads("Se déconnecter"));
        assert!(list.reads("ONE-1207") && list.reads("ASBL Les Petits Pas"));

        let seen = agent.page(&sheet()).await.expect(200);
        for told in ["Les P'tits Loups", "Subsidiée", "Non subsidiée", "depuis le", "CrècheSoft"] {
            assert!(seen.reads(told), "{told} in {}", seen.text);
        }
        assert!(!seen.reads("Dubois") && !seen.reads("@"), "nobody is named");
        let links = audit::list(&app.app.db, Chain::Organiser(organiser()), None, 100).await.unwrap();
        let looks: Vec<_> = links.iter().filter(|link| link.entry.action == "organiser.read").collect();
        assert_eq!((looks.len(), &looks[0].entry.actor), (1, &Actor::agent("ONE-1207")));
        let anne = app.browser(ADMINISTRATOR).await;
        let history = anne.page("/console/history").await.expect(200);
        assert!(history.reads("Agent de l'ONE") && history.reads("Fiche du pouvoir organisateur consultée"));
    })
    .await;
}

#[tokio::test]
async fn an_agent_looks_for_organisers_by_name_and_number() {
    each_app(async |app| {
        appoint(app, &ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        let found = async |words: &str| listed(&agent.page(&format!("{LIST}?words={words}")).await.expect(200));
        assert_eq!(found("petits+ASBL").await, [sheet()]);
        assert_eq!(found("bruyere").await, [format!("{LIST}/{OTHER}")]);
        let whole = agents::organisers(&app.app, "").await.unwrap();
        for one in &whole {
            let number = one.organiser.enterprise_number.unwrap().to_string();
            assert_eq!(found(&number).await, [format!("{LIST}/{}", one.organiser.id)]);
        }
        let none = agent.page(&format!("{LIST}?words=nul")).await.expect(200);
        assert!(none.reads("ne correspond à cette recherche") && listed(&none).is_empty());
        agent.page(&format!("{LIST}/019a5c00-0000-7000-8000-000000000099")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_does_and_an_agent_who_is_a_user_is_both() {
    each_app(async |app| {
        let luc = app.browser(OF_BOTH).await;
        for page in [LIST.to_owned(), sheet()] {
            luc.page(&page).await.expect(403);
        }
        appoint(app, ADMINISTRATOR).await;
        let anne = app.browser(ADMINISTRATOR).await;
        let choice = anne.page("/console/organisers").await.expect(200);
        assert!(choice.reads("ONE-1207") && choice.reads("ASBL Les Petits Pas"), "{}", choice.text);
        anne.page(&sheet()).await.expect(200);
    })
    .await;
}
