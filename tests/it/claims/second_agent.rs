//! Answers that a second agent confirms.

use passerelle::app::agents;
use passerelle::domain::actor::Actor;
use passerelle::domain::claim::SecondAgent;
use passerelle::domain::ssin::Ssin;
use serde_json::json;

use super::{agency, claim, page, send_signature, signed};
use crate::harness::app::{ADMINISTRATOR, TestApp};
use crate::harness::database::each_engine;
use crate::harness::page::Browser;
use crate::harness::people::ssin;

/// A gateway where these answers need a second agent.
async fn each_app_with(second: SecondAgent, test: impl AsyncFn(&TestApp)) {
    each_engine(async |database| {
        let app = TestApp::of_parts(database, |parts| parts.second_agent = second).await;
        test(&app).await;
    })
    .await;
}

/// The browser of the agent with this matricule.
async fn agent<'a>(app: &'a TestApp, person: u32, matricule: &str) -> Browser<'a> {
    let (actor, ssin) = (Actor::operator("tests"), ssin(person));
    agents::add(app.app.acting_as(&actor), &Ssin::parse(&ssin).unwrap(), matricule).await.unwrap();
    app.browser(&ssin).await
}

async fn act(agent: &Browser<'_>, act: &str, reason: &str) -> u16 {
    let fields = [("act", act), ("reason", reason), ("signature", "1")];
    agent.send(agency(), &fields).await.status
}

#[tokio::test]
async fn an_answer_is_proposed_by_one_agent_and_confirmed_by_another() {
    each_app_with(SecondAgent::All, async |app| {
        let director = signed(app).await;
        let (one, other) = (agent(app, 7, "ONE-1207").await, agent(app, 8, "ONE-1300").await);
        assert_eq!(act(&one, "takeUp", "").await, 303);
        assert_eq!(act(&one, "acceptWithRemarks", "Merci.").await, 409, "no answer without a second agent");
        let july = ("remark.presentFullDays.2026-07", "Deux enfants ?");
        let proposal = [("act", "proposeAcceptWithRemarks"), ("reason", "Merci."), ("signature", "1"), july];
        one.send(agency(), &proposal).await.expect(303);
        // The organiser sees nothing of it.
        let seen = claim(app).await;
        assert_eq!((&seen["state"], seen["acts"].as_array().unwrap().len()), (&json!("takenUp"), 2));
        let shown = director.page(page("/claim")).await.expect(200);
        assert!(!shown.text.contains("Merci."), "{}", shown.text);
        assert_eq!(app.vendor().get(super::report("")).await.expect(200)["state"], "takenUp");
        // Nobody confirms or rejects an answer of one’s own.
        for own in ["acceptWithRemarks", "rejectProposal"] {
            let fields = [("act", own), ("reason", "Moi."), ("signature", "1")];
            one.send(agency(), &fields).await.expect(409).says(&["un autre agent doit la confirmer"]);
        }
        assert_eq!(act(&other, "refuse", "Non.").await, 409, "only what is proposed is confirmed");
        assert_eq!(act(&other, "rejectProposal", "").await, 409, "a rejection has a reason");
        other.page(agency()).await.expect(200).shows(&["Confirmer", "Rejeter la proposition", "ONE-1207"]);
        assert_eq!(act(&other, "acceptWithRemarks", "").await, 303);
        let seen = claim(app).await;
        assert_eq!(seen["state"], "acceptedWithRemarks");
        let answer = &seen["acts"][2];
        assert_eq!((&answer["act"], &answer["reason"]), (&json!("acceptWithRemarks"), &json!("Merci.")));
        assert_eq!(
            answer["remarks"],
            json!([{ "figure": "presentFullDays", "month": "2026-07", "text": "Deux enfants ?" }])
        );
        let events: Vec<_> = app.events().await.into_iter().map(|(_, event)| event.kind.code()).collect();
        assert_eq!(events.iter().filter(|code| **code == "activityReport.accepted").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_proposal_is_rejected_or_overtaken_by_a_signature() {
    each_app_with(SecondAgent::Refusals, async |app| {
        let director = signed(app).await;
        let (one, other) = (agent(app, 7, "ONE-1207").await, agent(app, 8, "ONE-1300").await);
        assert_eq!(act(&one, "takeUp", "").await, 303);
        assert_eq!(act(&one, "proposeRefuse", "Fermée.").await, 303);
        assert_eq!(act(&other, "rejectProposal", "Vérifiez d’abord.").await, 303);
        assert_eq!(act(&one, "proposeRefuse", "Fermée.").await, 303);
        let july = format!("{}?correctionReason=other", super::attendance("2026-07"));
        let sheet = crate::harness::statement::Sheet::of("2026-07").children(1, "1:P");
        app.vendor().put(july, sheet).if_match("*").await.expect(200);
        send_signature(&director).await.expect(303);
        assert_eq!(act(&other, "refuse", "").await, 409, "another signature was confirmed");
        let accepted = [("act", "accept"), ("reason", ""), ("signature", "2")];
        one.send(agency(), &accepted).await.expect(303);
        let seen = claim(app).await;
        let acts: Vec<_> = seen["acts"].as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["sign", "takeUp", "sign", "accept"]);
    })
    .await;
}

#[tokio::test]
async fn a_user_of_the_organiser_confirms_nothing() {
    each_app_with(SecondAgent::All, async |app| {
        signed(app).await;
        let (one, user) = (agent(app, 7, "ONE-1207").await, Actor::operator("tests"));
        let director = Ssin::parse(ADMINISTRATOR).unwrap();
        agents::add(app.app.acting_as(&user), &director, "ONE-1300").await.unwrap();
        let director = app.browser(ADMINISTRATOR).await;
        assert_eq!(act(&one, "takeUp", "").await, 303);
        assert_eq!(act(&one, "proposeAccept", "").await, 303);
        let fields = [("act", "accept"), ("signature", "1")];
        director.send(agency(), &fields).await.expect(409).says(&["parmi ses utilisateurs"]);
        assert_eq!(claim(app).await["state"], "takenUp");
    })
    .await;
}
