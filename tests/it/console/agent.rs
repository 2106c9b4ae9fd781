//! What an agent of the agency can read of the organisers, and that no other user can.

use passerelle::app::{agents, audit};
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::AuditChain;
use passerelle::domain::search::PageBounds;

use crate::harness::app::{ADMINISTRATOR, OF_BOTH, OTHER, TestApp, each_app, organiser};
use crate::harness::file::pdf;
use crate::harness::page::Page;
use crate::harness::people::ssin;

pub(super) const LIST: &str = "/console/agency/organisers";

fn sheet() -> String {
    format!("{LIST}/{}", organiser())
}

/// Where the names in the list lead.
pub(super) fn organiser_links(page: &Page) -> Vec<String> {
    let links = page.tags("a").into_iter().map(|link| link.attribute("href").to_owned());
    links.filter(|href| href.starts_with("/console/agency/organisers/")).collect()
}

#[tokio::test]
async fn an_agent_sees_organisers_and_creches_and_stands_in_their_history() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        agent.page("/console").await.expect(200).says(&[LIST]);
        let channel = agent.page("/console/organisers").await.expect(303);
        assert_eq!(channel.header("location"), "/console");
        let list = agent.page(LIST).await.expect(200);
        assert_eq!(organiser_links(&list).len(), 2, "{}", list.text);
        assert!(agent.page("/console/sessions").await.expect(200).reads("Se déconnecter"));
        assert!(list.reads("ONE-1207") && list.reads("ASBL Les Petits Pas"));

        let seen = agent.page(&sheet()).await.expect(200);
        for told in ["Les P'tits Loups", "Subsidiée", "Non subsidiée", "depuis le", "CrècheSoft"] {
            assert!(seen.reads(told), "{told} in {}", seen.text);
        }
        assert!(!seen.reads("Dubois") && !seen.reads("@"), "nobody is named");
        let links = audit::list(&app.app.db, AuditChain::Organiser(organiser()), None, 100).await.unwrap();
        let looks: Vec<_> = links.iter().filter(|link| link.entry.action == "organiser.read").collect();
        assert_eq!((looks.len(), &looks[0].entry.actor), (1, &Actor::agent("ONE-1207")));
        let anne = app.browser(ADMINISTRATOR).await;
        let history = anne.page("/console/history?view=reads").await.expect(200);
        assert!(history.reads("Agent de l’ONE") && history.reads("Fiche du pouvoir organisateur consultée"));
    })
    .await;
}

#[tokio::test]
async fn an_agent_looks_for_organisers_by_name_and_number() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        let found =
            async |words: &str| organiser_links(&agent.page(&format!("{LIST}?words={words}")).await.expect(200));
        assert_eq!(found("petits+ASBL").await, [sheet()]);
        assert_eq!(found("bruyere").await, [format!("{LIST}/{OTHER}")]);
        let whole = agents::organisers(&app.app, "", PageBounds { skip: 0, most: 9 }).await.unwrap();
        for one in &whole.organisers {
            let number = one.organiser.enterprise_number.unwrap().to_string();
            assert_eq!(found(&number).await, [format!("{LIST}/{}", one.organiser.id)]);
        }
        let none = agent.page(&format!("{LIST}?words=nul")).await.expect(200);
        assert!(none.reads("ne correspond à cette recherche") && organiser_links(&none).is_empty());
        agent.page(&format!("{LIST}/019a5c00-0000-7000-8000-000000000099")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn only_agents_may_and_an_agent_who_is_a_user_is_both() {
    each_app(async |app| {
        let luc = app.browser(OF_BOTH).await;
        for page in [LIST.to_owned(), sheet()] {
            luc.page(&page).await.expect(403);
        }
        app.appoint(ADMINISTRATOR).await;
        let anne = app.browser(ADMINISTRATOR).await;
        let choice = anne.page("/console/organisers").await.expect(200);
        assert!(choice.reads("ONE-1207") && choice.reads("ASBL Les Petits Pas"), "{}", choice.text);
        anne.page(&sheet()).await.expect(200);
    })
    .await;
}

const DOCTORS: &str = "/console/agency/doctors";

/// Enters a doctor for our first crèche and stores an agreement; the doctor's path in the API.
async fn put_to_the_agency(app: &TestApp) -> String {
    let path = crate::doctors::enter_doctor(app).await;
    crate::doctors::agree(&app.vendor(), &path).await.expect(200);
    path
}

#[tokio::test]
async fn an_agent_looks_at_the_agreement_and_decides() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        agent.page(DOCTORS).await.expect(200).shows(&["Aucun médecin n’attend de décision."]);
        let path = put_to_the_agency(app).await;
        let page = format!("/console/agency{path}");
        agent.page(DOCTORS).await.expect(200).shows(&[
            "Youssef Exemple",
            "1-73854-67-004",
            "ASBL Les Petits Pas",
            &page,
        ]);
        let seen = agent.page(&page).await.expect(200);
        seen.shows(&["Les P'tits Loups", "Rue des Tilleuls", "En attente de validation", "Valider", "Refuser"]);
        let file = agent.page(format!("{page}/agreement")).await.expect(200);
        assert_eq!(&*file.bytes, pdf("convention"));

        let version = seen.input_values("version")[0].clone();
        let decide = async |decision: &str, reason: &str, version: &str| {
            agent.send(&page, &[("decision", decision), ("reason", reason), ("version", version)]).await
        };
        let unreasoned = decide("refused", " \r\n ", &version).await.expect(400);
        unreasoned.shows(&["id=\"reason-error\"", "Un refus demande une raison"]);
        decide("perhaps", "", &version).await.expect(400);
        let refused = decide("refused", "La page 2\r\nmanque.", &version).await;
        agent.follow(&refused).await.expect(200).shows(&["Le médecin est refusé", "Aucun médecin n’attend"]);
        let anne = app.browser(ADMINISTRATOR).await;
        anne.page(path.replace("/doctors", "/console/doctors")).await.shows(&["Refusé", "La page 2 manque."]);
        decide("validated", "", &version).await.expect(412).shows(&["Rien n’est décidé"]);
        let now = agent.page(&page).await.says(&["La page 2 manque."]).input_values("version")[0].clone();
        let reasoned = decide("validated", "Page 2 relue.", &now).await.expect(400);
        reasoned.shows(&["id=\"reason-error\"", "Une validation n’a pas de raison", ">Page 2 relue.</textarea>"]);
        decide("validated", "", &now).await.goes_to();
        anne.page(path.replace("/doctors", "/console/doctors")).await.shows(&["Validé par l’ONE"]);

        let links = audit::list(&app.app.db, AuditChain::Organiser(organiser()), None, 100).await.unwrap();
        let done = links.iter().filter(|link| link.entry.actor == Actor::agent("ONE-1207"));
        let done: Vec<_> = done.map(|link| link.entry.action.as_str()).collect();
        for wanted in ["doctors.read", "doctor.agreementRead", "doctor.refused", "doctor.validated"] {
            assert!(done.contains(&wanted), "{wanted}: {done:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_agents_decide_and_only_on_a_doctor_with_agreement() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        let path = crate::doctors::enter_doctor(app).await;
        let page = format!("/console/agency{path}");
        agent.page(&page).await.expect(200).shows(&["il n’y a rien à décider"]);
        agent.send(&page, &[("decision", "validated"), ("version", "1")]).await.expect(404);
        agent.page(format!("{page}/agreement")).await.expect(404);
        crate::doctors::agree(&app.vendor(), &path).await.expect(200);
        let anne = app.browser(ADMINISTRATOR).await;
        for page in [DOCTORS, &page, &format!("{page}/agreement")] {
            anne.page(page).await.expect(403);
        }
        anne.send(&page, &[("decision", "validated"), ("version", "2")]).await.expect(403);
        agent.send_as_is(&page, &[("decision", "validated"), ("version", "2"), ("csrf", "wrong")]).await.expect(403);
        assert_eq!(app.vendor().get(&path).await.expect(200)["state"], "awaitingValidation");
        agent.page(format!("{DOCTORS}/019a5c00-0000-7000-8000-000000000099")).await.expect(404);
    })
    .await;
}
