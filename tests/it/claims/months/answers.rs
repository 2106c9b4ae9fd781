//! Agents find signed months in their list, examine and answer them.

use serde_json::json;

use super::{agency, consultations, events, month, page, send_signature, signature, signed};
use crate::agency_api::software;
use crate::harness::app::{CRECHE, ORGANISER, each_app};
use crate::harness::people::ssin;

#[tokio::test]
async fn a_signed_month_is_taken_up_returned_corrected_and_accepted() {
    each_app(async |app| {
        let director = signed(app).await;
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        agent.page("/console").await.expect(200).says(&["1 demande signée attend d’être prise en charge"]);
        let list = agent.page("/console/agency/claims?state=signed&quarter=2026Q3").await.expect(200);
        list.shows(&["Les P'tits Loups, septembre 2026 (consultations)", &agency()]);
        agent.page("/console/agency/claims?state=signed&quarter=2026Q2").await.expect(200).says(&["Aucune demande"]);
        let lines = format!("{}/lines/medical/2026-09", agency());
        agent.page(agency()).await.expect(200).shows(&["125,50", &lines]);
        agent.page(&lines).await.expect(200).says(&["Youssef Exemple", "85,50"]);
        agent.page(format!("{}/lines/attendance/2026-09", agency())).await.expect(404);
        agent.page(format!("{}/staff", agency())).await.expect(404);
        let answer = async |act: &str, signature: &str| {
            let remark = ("remark.feeCents.2026-09", "Un tarif est trop haut.");
            let fields =
                [("act", act), ("reason", "Voyez le 2."), ("signature", signature), remark, ("months", "2026-09")];
            agent.send(agency(), if act == "return" { &fields[..] } else { &fields[..3] }).await
        };
        answer("accept", "1").await.expect(409);
        answer("takeUp", "1").await.expect(303);
        director.send(page("/withdraw"), &[("reason", "Trop tard")]).await.expect(409);
        answer("return", "1").await.expect(303);
        let returned = signature(app).await;
        assert_eq!((&returned["state"], &returned["acts"][2]["months"]), (&json!("returned"), &json!(["2026-09"])));
        director
            .page("/console")
            .await
            .expect(200)
            .says(&["L’ONE demande de corriger les consultations", "Voyez le 2."]);
        let with_reason = month("?correctionReason=agencyRequest");
        app.vendor().put(with_reason, consultations(&[8_550, 3_000])).if_match("*").await.expect(200);
        director.page(page("")).await.expect(200).says(&["Un tarif est trop haut."]);
        send_signature(&director).await.expect(303);
        answer("takeUp", "1").await.expect(409).says(&["a changé depuis"]);
        answer("takeUp", "2").await.expect(303);
        agent.page(agency()).await.expect(200).shows(&["Ce que cette signature modifie"]);
        answer("accept", "2").await.expect(303);
        assert_eq!(signature(app).await["state"], "accepted");
        let events = events(app, "medicalStatement.").await;
        let of_agency = ["medicalStatement.takenUp", "medicalStatement.returned", "medicalStatement.accepted"];
        assert!(of_agency.iter().all(|code| events.contains(code)), "{events:?}");
    })
    .await;
}

#[tokio::test]
async fn a_refused_month_is_final_and_no_statement_that_was_refused() {
    each_app(async |app| {
        let director = signed(app).await;
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        for act in ["takeUp", "refuse"] {
            let fields = [("act", act), ("reason", "Crèche fermée."), ("signature", "1")];
            agent.send(agency(), &fields).await.expect(303);
        }
        director.page(page("")).await.expect(200).says(&["refusées définitivement"]);
        director.send(page(""), &[("shown", "0")]).await.expect(409);
        assert_eq!(events(app, "medicalStatement.refused").await, ["medicalStatement.refusedByAgency"]);
    })
    .await;
}

#[tokio::test]
async fn organiser_and_agency_write_about_a_signed_month() {
    each_app(async |app| {
        let director = signed(app).await;
        director.send(page("/message"), &[("message", "Le docteur remplaçait.")]).await.expect(303);
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        agent.page(agency()).await.expect(200).says(&["Le docteur remplaçait."]);
        agent.send(agency(), &[("act", "message"), ("message", "Merci."), ("signature", "1")]).await.expect(303);
        let read = signature(app).await;
        assert_eq!(
            (&read["acts"][1]["text"], &read["acts"][2]["text"]),
            (&json!("Le docteur remplaçait."), &json!("Merci."))
        );
    })
    .await;
}

#[tokio::test]
async fn software_of_the_agency_reads_and_answers_a_signed_month() {
    each_app(async |app| {
        signed(app).await;
        let software = software(app).await;
        let listed = software.get("/agency/claims?quarter=2026Q3").await.expect(200);
        let found = &listed["items"][0];
        assert_eq!((&found["quarter"], &found["month"]), (&json!("2026Q3"), &json!("2026-09")));
        assert_eq!((found.get("grossSalaryCents"), &found["figures"][1]["value"]), (None, &json!(12_550)));
        let address = format!("/agency/claims/{ORGANISER}/{CRECHE}/2026-09");
        assert!(found["href"].as_str().unwrap().ends_with(&address), "{}", found["href"]);
        let claim = software.get(&address).await.expect(200);
        let lines = &claim["lines"][0];
        assert_eq!((&lines["kind"], claim["lines"].as_array().unwrap().len()), (&json!("medical"), 1));
        let lines = software.get(format!("{address}/consultationLines/2026-09")).await.expect(200);
        assert_eq!(lines["items"].as_array().unwrap().len(), 3);
        software.get(format!("{address}/attendanceLines/2026-09")).await.expect(404);
        let take_up = software.post(format!("{address}/acts"), json!({ "act": "takeUp" })).if_match(&claim.etag());
        take_up.header("Idempotency-Key", "take-up-1").await.expect(200);
        assert_eq!(signature(app).await["state"], "takenUp");
        let feed = software.get("/agency/changes?after=0").await.expect(200);
        let actions: Vec<_> = feed.each("items", "action");
        assert_eq!(actions, ["medicalStatement.signed", "medicalStatement.takenUp"]);
        assert_eq!((&feed["items"][1]["month"], &feed["items"][1]["quarter"]), (&json!("2026-09"), &json!("2026Q3")));
    })
    .await;
}
