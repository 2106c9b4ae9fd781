//! Claims answered by software of the agency.

use passerelle::domain::claim::SecondAgent;
use serde_json::{Value, json};

use super::{claim, software};
use crate::claims::{page, report, signed};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app};
use crate::harness::call::{Persona, Reply};
use crate::harness::database::each_engine;
use crate::harness::people::ssin;

async fn act(who: &Persona<'_>, version: u32, document: Value) -> Reply {
    who.post(claim("/acts"), document).if_match(&format!("\"{version}\"")).await
}

#[tokio::test]
async fn software_takes_up_returns_and_writes_and_the_organiser_reads_it() {
    each_app(async |app| {
        let director = signed(app).await;
        let back_office = software(app).await;
        let unguarded = back_office.post(claim("/acts"), json!({ "act": "takeUp" })).await;
        assert_eq!(unguarded.refused(428, "preconditionRequired")["currentEtag"], "\"1\"");
        let impossible = act(&back_office, 1, json!({ "act": "accept" })).await.refused(409, "claimActNotPossible");
        assert_eq!(impossible["state"], "signed");
        let taken = act(&back_office, 1, json!({ "act": "takeUp" })).await.expect(200);
        assert_eq!((&taken["state"], taken.etag().as_str()), (&json!("takenUp"), "\"2\""));
        act(&back_office, 1, json!({ "act": "accept" })).await.refused(412, "preconditionFailed");
        let written =
            back_office.post(claim("/acts"), json!({ "act": "message", "text": "Merci de joindre le bail." }));
        assert_eq!(written.await.expect(200)["version"], 3);
        let remark = json!({ "figure": "presentFullDays", "month": "2026-07", "text": "Deux enfants\nde plus." });
        let returned =
            json!({ "act": "return", "reason": "Juillet est faux.", "months": ["2026-07"], "remarks": [remark] });
        assert_eq!(act(&back_office, 3, returned).await.expect(200)["state"], "returned");
        let seen = app.vendor().get(report("/claim")).await.expect(200);
        let acts = seen["acts"].as_array().unwrap();
        let by: Vec<_> = acts.iter().map(|act| act["by"].as_str().unwrap()).collect();
        assert_eq!(by, ["person", "agent", "agent", "agent"]);
        assert_eq!((&acts[2]["text"], &acts[3]["months"]), (&json!("Merci de joindre le bail."), &json!(["2026-07"])));
        assert_eq!(acts[3]["remarks"][0]["text"], "Deux enfants\nde plus.");
        director.page(page("/claim")).await.expect(200).shows(&["Juillet est faux.", "Merci de joindre le bail."]);
        let read = back_office.get(claim("")).await.expect(200);
        assert_eq!(read["acts"][3]["agent"], super::NAME);
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        let shown = agent.page(format!("/console{}", claim(""))).await;
        shown.expect(200).shows(&[super::NAME, "Juillet est faux."]);
    })
    .await;
}

#[tokio::test]
async fn what_a_document_lacks_is_named_at_its_place() {
    each_app(async |app| {
        let _director = signed(app).await;
        let back_office = software(app).await;
        act(&back_office, 1, json!({ "act": "takeUp" })).await.expect(200);
        let remark = |month: &str| json!({ "figure": "presentFullDays", "month": month, "text": "?" });
        let cases = [
            (json!({ "act": "sign" }), "/act"),
            (json!({ "act": "return" }), "/reason"),
            (json!({ "act": "message" }), "/text"),
            (json!({ "act": "message", "text": " " }), "/text"),
            (json!({ "act": "message", "reason": "Bonjour" }), "/reason"),
            (json!({ "act": "accept", "text": "Bonjour" }), "/text"),
            (json!({ "act": "accept", "remarks": [remark("2026-07")] }), "/remarks"),
            (json!({ "act": "refuse", "reason": "Non.", "months": ["2026-07"] }), "/months"),
            (json!({ "act": "return", "reason": "Non.", "months": ["2026-07", "2026-10"] }), "/months/1"),
            (json!({ "act": "return", "reason": "Non.", "months": ["2026-07", "2026-07"] }), "/months/1"),
            (json!({ "act": "refuse", "reason": "Non.", "remarks": [remark("2026-10")] }), "/remarks/0/figure"),
            (
                json!({ "act": "refuse", "reason": "Non.", "remarks": [remark("2026-07"), remark("2026-07")] }),
                "/remarks/1/figure",
            ),
            (json!({ "act": "refuse", "reason": "x".repeat(2_001) }), "/reason"),
            (json!({ "act": "refuse", "reason": "Non.\u{202e}" }), "/reason"),
        ];
        for (document, place) in cases {
            let refused = act(&back_office, 2, document.clone()).await.refused(400, "badRequest");
            assert_eq!(refused.each("issues", "name"), [json!(place)], "{document}");
        }
        assert_eq!(back_office.get(claim("")).await.expect(200)["version"], 2);
    })
    .await;
}

#[tokio::test]
async fn an_act_that_is_sent_again_is_done_once() {
    each_app(async |app| {
        let _director = signed(app).await;
        let back_office = software(app).await;
        let send = || {
            let call = back_office.post(claim("/acts"), json!({ "act": "message", "text": "Bonjour." }));
            call.header("idempotency-key", "b1")
        };
        let first = send().await.expect(200);
        let again = send().await.expect(200);
        assert_eq!((first.json, first.headers["etag"].clone()), (again.json, again.headers["etag"].clone()));
        assert_eq!(back_office.get(claim("")).await.expect(200)["version"], 2);
        let unknown = claim("/acts").replace(crate::harness::app::ORGANISER, "019a5c00-0000-7000-8000-0000000000ff");
        let unknown = back_office.post(unknown, json!({ "act": "takeUp" })).header("idempotency-key", "b2");
        unknown.if_match("*").await.refused(404, "resourceNotFound");
    })
    .await;
}

#[tokio::test]
async fn software_proposes_and_is_never_the_second_agent() {
    each_engine(async |database| {
        let app = TestApp::of_parts(database, |parts| parts.second_agent = SecondAgent::All).await;
        let _director = signed(&app).await;
        let (back_office, agent) = (software(&app).await, app.agent().await);
        act(&back_office, 1, json!({ "act": "takeUp" })).await.expect(200);
        act(&back_office, 2, json!({ "act": "accept" })).await.refused(409, "claimActNotPossible");
        let proposed = act(&back_office, 2, json!({ "act": "proposeAccept" })).await.expect(200);
        assert_eq!(proposed["state"], "acceptProposed");
        assert_eq!(back_office.get(claim("")).await.expect(200)["possibleActs"], json!(["message"]));
        let other = app.bearer(&super::issue(&app, "Autre logiciel", super::every_scope(), super::HERE).await);
        for software in [&back_office, &other] {
            for document in [json!({ "act": "accept" }), json!({ "act": "rejectProposal", "reason": "Non." })] {
                let refused = act(software, 3, document).await.refused(409, "claimActNotPossible");
                assert!(refused["detail"].as_str().unwrap().contains("never stands for the second agent"));
            }
        }
        let possible = json!(["rejectProposal", "accept", "message"]);
        assert_eq!(agent.get(claim("")).await.expect(200)["possibleActs"], possible);
        assert_eq!(act(&agent, 3, json!({ "act": "accept" })).await.expect(200)["state"], "accepted");
        let seen = app.vendor().get(report("/claim")).await.expect(200);
        assert_eq!((&seen["state"], seen["acts"].as_array().unwrap().len()), (&json!("accepted"), 3));
    })
    .await;
}

#[tokio::test]
async fn an_agent_who_is_a_user_of_the_organiser_does_not_act_by_the_api() {
    each_app(async |app| {
        let _director = signed(app).await;
        app.appoint(ADMINISTRATOR).await;
        let both = app.person(ADMINISTRATOR).await;
        act(&both, 1, json!({ "act": "takeUp" })).await.refused(403, "missingPermission");
        assert_eq!(both.get(claim("")).await.expect(200)["possibleActs"], json!([]));
    })
    .await;
}
