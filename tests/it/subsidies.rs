//! Payments of subsidies: recorded once by an agent, read by the organiser, cancelled with a reason.

use crate::harness::app::{ADMINISTRATOR, DATA_MANAGER, TestApp, each_app};
use crate::harness::page::{Browser, Page};
use crate::harness::people::ssin;

const FORM: &str = "/console/agency/payments";
const OVERVIEW: &str = "/console/subsidies?years=0";

async fn agent(app: &TestApp) -> Browser<'_> {
    app.appoint(&ssin(7)).await;
    app.browser(&ssin(7)).await
}

/// The ONE number of the crèche, as an agent reads it beside its name.
async fn one_number(app: &TestApp) -> String {
    let creche = format!("/creches/{}", crate::harness::app::CRECHE);
    app.vendor().get(creche).await.expect(200).json["oneNumber"].as_str().unwrap().to_owned()
}

async fn record(browser: &Browser<'_>, number: &str, (kind, amount, reference): (&str, &str, &str)) -> Page {
    let fields = [
        ("creche", number),
        ("quarter", "2021Q4"),
        ("type", kind),
        ("paidOn", "17/01/2022"),
        ("amount", amount),
        ("balance", ""),
        ("reference", reference),
    ];
    browser.send(FORM, &fields).await
}

#[tokio::test]
async fn a_payment_is_recorded_once_read_and_cancelled() {
    each_app(async |app| {
        let (agent, number) = (agent(app).await, one_number(app).await);
        let premium = ("exceptionalPremium", "1.234,56 €", "ONE-1");
        let recorded = record(&agent, &number, premium).await.expect(303);
        let page = recorded.header("location").to_owned();
        record(&agent, &number, ("recovery", "-234,50", "ONE-2")).await.expect(303);
        record(&agent, &number, premium).await.expect(409).says(&["17/01/2022", "1234,56"]);

        let director = app.browser(ADMINISTRATOR).await;
        let seen = director.page(OVERVIEW).await.expect(200);
        seen.says(&["Prime exceptionnelle", "Récupération", "1234,56", "-234,50", "1000,06", "Pas de demande"]);
        let recent = director.page("/console/subsidies").await.expect(200);
        assert!(!recent.reads("Prime exceptionnelle"), "2021 is before the last three years");

        agent.send(&page, &[("reason", " ")]).await.expect(400);
        agent.send(&page, &[("reason", "Versé à une autre crèche.")]).await.expect(303);
        agent.send(&page, &[("reason", "Encore")]).await.expect(409);
        let seen = director.page(OVERVIEW).await.expect(200);
        let seen = seen.says(&["Annulé", "Versé à une autre crèche.", "-234,50"]);
        assert!(!seen.reads("1000,06"), "what was cancelled does not count");
        record(&agent, &number, premium).await.expect(303);

        let actions: Vec<_> = app.all_audit().await.into_iter().map(|link| link.entry.action).collect();
        for action in ["subsidyPayment.recorded", "subsidyPayment.cancelled", "subsidyPayments.read"] {
            assert!(actions.iter().any(|done| done == action), "{action}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_payment_is_refused_with_everything_that_is_wrong() {
    each_app(async |app| {
        let agent = agent(app).await;
        let refused = record(&agent, "no such number", ("subsidy", "-5", "")).await.expect(400);
        let refused = refused.says(&["Aucune crèche", "Le signe du montant", "Indiquez la référence"]);
        assert!(refused.text.contains("no such number"), "nothing typed is lost");
        agent.page("/console/agency/payments?find=ONE-1").await.expect(200).says(&["Aucun paiement"]);
    })
    .await;
}

#[tokio::test]
async fn only_agents_record_and_only_those_who_read_reports_see() {
    each_app(async |app| {
        let number = one_number(app).await;
        let director = app.browser(ADMINISTRATOR).await;
        director.page(FORM).await.expect(403);
        record(&director, &number, ("subsidy", "5", "ONE-1")).await.expect(403);
        app.browser(DATA_MANAGER).await.page("/console/subsidies").await.expect(403);
    })
    .await;
}
