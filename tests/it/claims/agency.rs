//! Agents of the agency examine and answer claims.

use serde_json::json;

use super::{agency, attendance, claim, deposit_quarter, draft, page, report, send_signature, signed};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app};
use crate::harness::page::Browser;
use crate::harness::people::ssin;
use crate::harness::statement::Sheet;

/// The browser of an agent.
async fn agent(app: &TestApp) -> Browser<'_> {
    app.appoint(&ssin(7)).await;
    app.browser(&ssin(7)).await
}

#[tokio::test]
async fn a_claim_is_returned_corrected_signed_again_and_accepted() {
    each_app(async |app| {
        let director = signed(app).await;
        let agent = agent(app).await;
        agent.page("/console/agency/claims").await.expect(200).shows(&["Les P'tits Loups", &agency()]);
        let shown = agent.page(agency()).await.expect(200);
        shown.shows(&["Prendre en examen", "9\u{202f}360,00"]);
        let answer = async |act: &str, reason: &str, signature: &str| {
            agent.send(agency(), &[("act", act), ("reason", reason), ("signature", signature)]).await
        };
        answer("accept", "", "1").await.expect(409);
        answer("takeUp", "", "1").await.expect(303);
        assert_eq!(claim(app).await["state"], "takenUp");
        director.send(page("/withdraw"), &[("reason", "Trop tard")]).await.expect(409);
        answer("return", "", "1").await.expect(409).says(&["Indiquez une raison"]);
        answer("return", "Juillet est faux.", "1").await.expect(303);
        let returned = claim(app).await;
        assert_eq!(returned["state"], "returned");
        assert_eq!(
            (&returned["acts"][2]["by"], &returned["acts"][2]["reason"]),
            (&json!("agent"), &json!("Juillet est faux."))
        );
        let july = format!("{}?correctionReason=agencyRequest", attendance("2026-07"));
        app.vendor().put(july, Sheet::of("2026-07").children(1, "1:P")).if_match("*").await.expect(200);
        send_signature(&director).await.expect(303);
        // What was answered is what was read.
        answer("takeUp", "", "1").await.expect(409).says(&["a changé depuis"]);
        answer("takeUp", "", "2").await.expect(303);
        agent.page(agency()).await.expect(200).shows(&["Ce que cette signature modifie"]);
        answer("acceptWithRemarks", "Merci.", "2").await.expect(303);
        assert_eq!(claim(app).await["state"], "acceptedWithRemarks");
        director.page(page("/claim")).await.expect(200).shows(&["Merci.", "Accepté avec remarques"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_claim_is_final() {
    each_app(async |app| {
        let director = signed(app).await;
        let agent = agent(app).await;
        for act in ["takeUp", "refuse"] {
            let fields = [("act", act), ("reason", "Crèche fermée."), ("signature", "1")];
            agent.send(agency(), &fields).await.expect(303);
        }
        assert_eq!(claim(app).await["state"], "refused");
        director.page(page("/claim")).await.expect(200).says(&["refusé définitivement"]);
        director.send(page("/claim"), &[("shown", "0")]).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn only_agents_answer_and_each_reading_is_recorded() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let agent = agent(app).await;
        agent.page(agency()).await.expect(404);
        let director = app.browser(ADMINISTRATOR).await;
        send_signature(&director).await.expect(303);
        director.page(agency()).await.expect(403);
        director.send(agency(), &[("act", "takeUp"), ("signature", "1")]).await.expect(403);
        agent.send(agency(), &[("act", "sign"), ("signature", "1")]).await.expect(404);
        agent.page(agency()).await.expect(200);
        let actions: Vec<_> = app.all_audit().await.into_iter().map(|link| link.entry.action).collect();
        assert!(actions.iter().any(|action| action == "claim.read"), "{actions:?}");
    })
    .await;
}

#[tokio::test]
async fn a_returned_claim_is_signed_again_without_a_change() {
    each_app(async |app| {
        let director = signed(app).await;
        let agent = agent(app).await;
        for act in ["takeUp", "return"] {
            let fields = [("act", act), ("reason", "Vérifiez juillet."), ("signature", "1")];
            agent.send(agency(), &fields).await.expect(303);
        }
        send_signature(&director).await.expect(303);
        assert_eq!(claim(app).await["state"], "signed");
        // Salaries are no figures of the receipt: the agent is told that they differ from those of the last look.
        let report = format!("{}?correctionReason=other", super::report(""));
        app.vendor().put(report, super::draft(412_000)).if_match("*").await.expect(200);
        send_signature(&director).await.expect(303);
        agent.page(agency()).await.expect(200).shows(&[
            "Ce que cette signature modifie",
            "12\u{202f}360,00",
            "9\u{202f}360,00",
        ]);
    })
    .await;
}

#[tokio::test]
async fn an_agent_who_is_a_user_of_the_organiser_does_not_act() {
    each_app(async |app| {
        signed(app).await;
        app.appoint(ADMINISTRATOR).await;
        let agent = app.browser(ADMINISTRATOR).await;
        let shown = agent.page(agency()).await.expect(200).says(&["vous compte parmi ses utilisateurs"]);
        assert!(!shown.text.contains("Prendre en examen"), "{}", shown.text);
        for act in ["takeUp", "message"] {
            let fields = [("act", act), ("message", "Bonjour"), ("signature", "1")];
            agent.send(agency(), &fields).await.expect(409).says(&["vous compte parmi ses utilisateurs"]);
        }
        assert_eq!(claim(app).await["acts"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_remark_is_read_at_its_figure() {
    each_app(async |app| {
        let director = signed(app).await;
        let agent = agent(app).await;
        agent.send(agency(), &[("act", "takeUp"), ("signature", "1")]).await.expect(303);
        let july = ("remark.presentFullDays.2026-07", "Deux enfants de trop ?");
        let costs = ("remark.clerkIndemnityCents.quarter", "Pièce à garder.");
        let month = ("months", "2026-07");
        let all = |act| [("act", act), ("reason", "Voyez juillet."), ("signature", "1"), july, costs, month];
        // Nothing that was typed is lost.
        let refused = agent.send(agency(), &all("accept")).await.expect(409);
        refused.says(&["Choisissez une telle réponse"]).shows(&["Deux enfants de trop ?", "Voyez juillet."]);
        agent.send(agency(), &all("refuse")).await.expect(409).says(&["un renvoi seulement"]);
        let long = "x".repeat(501);
        let too_long = [("act", "return"), ("reason", "Voyez."), ("signature", "1"), (july.0, long.as_str())];
        agent.send(agency(), &too_long).await.expect(409).says(&["dépasse 500 caractères"]);
        agent.send(agency(), &all("return")).await.expect(303);
        let answer = &claim(app).await["acts"][2];
        assert_eq!(answer["months"], json!(["2026-07"]));
        let expected = json!([
            { "figure": "presentFullDays", "month": "2026-07", "text": july.1 },
            { "figure": "clerkIndemnityCents", "text": costs.1 },
        ]);
        assert_eq!(answer["remarks"], expected);
        let shown = director.page(page("/claim")).await.expect(200);
        shown.says(&["Remarque de l’ONE", "juillet 2026", "Pièce à garder.", "Mois à corriger"]);
    })
    .await;
}

#[tokio::test]
async fn organiser_and_agents_write_messages_about_a_signed_report() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let director = app.browser(ADMINISTRATOR).await;
        director.send(page("/message"), &[("message", "Bonjour")]).await.expect(404);
        send_signature(&director).await.expect(303);
        director.send(page("/message"), &[("message", " ")]).await.expect(409);
        director.send(page("/message"), &[("message", "Le médecin était absent en juillet.")]).await.expect(303);
        let agent = agent(app).await;
        agent.page(agency()).await.expect(200).shows(&["Le médecin était absent en juillet."]);
        agent.page("/console").await.expect(200).says(&["1 pouvoir organisateur a écrit"]);
        let fields = [("act", "message"), ("message", "Merci, c’est noté.")];
        agent.send(agency(), &fields).await.expect(303);
        let seen = claim(app).await;
        assert_eq!(seen["state"], "signed");
        let last = &seen["acts"][2];
        assert_eq!(
            (&last["act"], &last["by"], &last["text"]),
            (&json!("message"), &json!("agent"), &json!("Merci, c’est noté."))
        );
        agent.page("/console").await.expect(200).keeps_silent(&["pouvoir organisateur a écrit"]);
        director.page("/console").await.expect(200).says(&["L’ONE vous a écrit au sujet du rapport d’activités"]);
        director.page(page("/claim")).await.expect(200).shows(&["Merci, c’est noté."]);
        let long = "x".repeat(2_001);
        director.send(page("/message"), &[("message", &long)]).await.expect(409).says(&["dépasse", &long]);
        let events: Vec<_> = app.events().await.into_iter().map(|(_, event)| event.kind.code()).collect();
        assert_eq!(events.iter().filter(|code| **code == "activityReport.messageWritten").count(), 2);
        // A message does not withhold the signature from a withdrawal.
        director.send(page("/withdraw"), &[("reason", "À revoir.")]).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn an_agent_reads_the_lines_as_they_are_signed() {
    each_app(async |app| {
        signed(app).await;
        let july = format!("{}?correctionReason=other", attendance("2026-07"));
        app.vendor().put(july, Sheet::of("2026-07").children(5, "3:P")).if_match("*").await.expect(200);
        let agent = agent(app).await;
        agent.page(agency()).await.expect(200).says(&["Enfants de juillet 2026"]);
        let lines = |kind: &str, month: &str| format!("{}/lines/{kind}/{month}", agency());
        let shown = agent.page(lines("attendance", "2026-07")).await.expect(200);
        assert_eq!(shown.text.matches("1, 2½").count(), 2, "{}", shown.text);
        agent.page(lines("medical", "2026-08")).await.expect(200);
        for (kind, month) in [("medical", "2026-07"), ("attendance", "2026-10"), ("report", "2026-07")] {
            agent.page(lines(kind, month)).await.expect(404);
        }
        app.browser(ADMINISTRATOR).await.page(lines("attendance", "2026-07")).await.expect(403);
        let actions = app.all_audit().await.into_iter().map(|link| link.entry.action);
        assert_eq!(actions.filter(|action| action == "claim.linesRead").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_agent_reads_the_staff_as_it_is_signed() {
    each_app(async |app| {
        signed(app).await;
        let mut register = app.vendor().get("/staffRegister").await.expect(200)["members"].clone();
        let persons = register.as_array_mut().unwrap();
        let aline = persons.iter_mut().find(|person| person["reference"] == "E-2").unwrap();
        aline["contracts"][0]["functions"][0]["fteHundredths"] = 60.into();
        app.vendor().put("/staffRegister", json!({ "members": register })).if_match("*").await.expect(200);
        let agent = agent(app).await;
        let shown = agent.page(format!("{}/staff", agency())).await.expect(200);
        shown.says(&["Lambrechts Aline", "Accueil des enfants, 0,80 ETP", "Demandé", "3\u{202f}120,00"]);
        app.browser(ADMINISTRATOR).await.page(format!("{}/staff", agency())).await.expect(403);
        let actions = app.all_audit().await.into_iter().map(|link| link.entry.action);
        assert_eq!(actions.filter(|action| action == "claim.linesRead").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_agent_reads_each_cost_as_it_is_signed() {
    each_app(async |app| {
        signed(app).await;
        let mut other = draft(312_000);
        other["costs"] = json!({ "supplies": [{ "date": "2026-09-01", "description": "Gants", "amountCents": 100 }] });
        app.vendor().put(format!("{}?correctionReason=other", report("")), other).if_match("*").await.expect(200);
        let agent = agent(app).await;
        let shown = agent.page(format!("{}/costs", agency())).await.expect(200);
        shown.says(&["12,40", "37,20"]).keeps_silent(&["Gants"]);
        app.browser(ADMINISTRATOR).await.page(format!("{}/costs", agency())).await.expect(403);
        let actions = app.all_audit().await.into_iter().map(|link| link.entry.action);
        assert_eq!(actions.filter(|action| action == "claim.linesRead").count(), 1);
        // What was deposited since is not in the answer, and the agent is told.
        agent.page(agency()).await.expect(200).says(&["pas encore signées", "Rapports d’activités"]);
    })
    .await;
}

#[tokio::test]
async fn the_list_is_filtered() {
    each_app(async |app| {
        signed(app).await;
        let agent = agent(app).await;
        let listed = async |query: &str| {
            let shown = agent.page(format!("/console/agency/claims?{query}")).await.expect(200);
            shown.text.contains(&agency())
        };
        for found in [
            "",
            "state=any",
            "quarter=2026Q3",
            "quarter=T3+2026",
            "quarter=2026-Q3",
            "quarter=3/2026",
            "warnings=with",
            "assigned=nobody",
            "words=loups",
            "days=0",
        ] {
            assert!(listed(found).await, "{found}");
        }
        let others = [
            "state=takenUp",
            "quarter=2026Q2",
            "warnings=without",
            "assigned=me",
            "words=introuvable",
            "days=1",
            "page=2",
        ];
        for not_found in others {
            assert!(!listed(not_found).await, "{not_found}");
        }
        agent.page("/console/agency/claims?quarter=Q3&days=x").await.expect(200).says(&["T3 2026", "nombre entier"]);
        agent.page("/console/agency/claims?quarter=Q3").await.expect(200).shows(&["id=\"quarter-error\""]);
        agent.send(agency(), &[("act", "takeUp"), ("signature", "1")]).await.expect(303);
        assert!(listed("state=takenUp&assigned=me").await);
        assert!(!listed("state=any&assigned=nobody").await);
        agent.page("/console/agency/claims?state=any").await.expect(200).says(&["ONE-1207", "En examen"]);
        // Those on which the organiser wrote last: its message, until the agency answers.
        assert!(!listed("state=any&messages=last").await);
        let director = app.browser(ADMINISTRATOR).await;
        director.send(page("/message"), &[("message", "Une question")]).await.expect(303);
        assert!(listed("state=any&messages=last").await);
        agent.send(agency(), &[("act", "message"), ("message", "Une réponse")]).await.expect(303);
        assert!(!listed("state=any&messages=last").await);
    })
    .await;
}
