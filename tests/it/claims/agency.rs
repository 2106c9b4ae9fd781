//! Agents of the agency examine and answer claims.

use serde_json::json;

use super::{agency, attendance, claim, deposit_quarter, page, send_signature, signed};
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
        shown.shows(&["Prendre en examen", "9360,00"]);
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
        agent.page(agency()).await.expect(200).shows(&["Ce que cette signature modifie", "12360,00", "9360,00"]);
    })
    .await;
}
