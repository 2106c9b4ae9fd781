//! Payments of subsidies: recorded once by an agent, read by the organiser, cancelled with a reason.

mod import;
mod read;

pub(crate) use self::import::workbook;

use passerelle::app::subsidies;
use passerelle::domain::actor::Actor;
use passerelle::domain::subsidy::RawPayment;
use passerelle::ids::{OrganiserId, SubsidyPaymentId};

use crate::harness::app::{ADMINISTRATOR, DATA_MANAGER, TestApp, each_app};
use crate::harness::page::{Browser, Page};
use crate::harness::people::ssin;

const FORM: &str = "/console/agency/payments";
const OVERVIEW: &str = "/console/subsidies?years=0";
/// The ONE numbers of two crèches of an organiser, and that of one of another.
const LOUPS: &str = "63/25118/01";
const FARANDOLE: &str = "63/25118/03";
const AGENT: &str = "ONE-1207";

pub(crate) async fn agent(app: &TestApp) -> Browser<'_> {
    app.appoint(&ssin(7)).await;
    app.browser(&ssin(7)).await
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

/// A payment as it is written: crèche, quarter, type, amount, reference.
fn payment(of: [&str; 5]) -> RawPayment {
    let text = |name| match name {
        "creche" => of[0],
        "quarter" => of[1],
        "type" => of[2],
        "paidOn" => "2026-10-01",
        "amount" => of[3],
        "reference" => of[4],
        _ => "",
    };
    RawPayment::written(text)
}

/// Records payments: their organisers and ids.
async fn recorded(app: &TestApp, sent: &[RawPayment]) -> Vec<(OrganiserId, SubsidyPaymentId)> {
    let recorded = subsidies::record(&app.app, &Actor::agent(AGENT), sent, false).await.unwrap();
    recorded.payments.iter().map(|one| (one.record.organiser, one.record.id)).collect()
}

#[tokio::test]
async fn a_payment_is_recorded_once_read_and_cancelled() {
    each_app(async |app| {
        let agent = agent(app).await;
        let premium = ("exceptionalPremium", "1.234,56 €", "ONE-1");
        let page = record(&agent, LOUPS, premium).await.goes_to();
        record(&agent, LOUPS, ("recovery", "-234,50", "ONE-2")).await.expect(303);

        let director = app.browser(ADMINISTRATOR).await;
        let seen = director.page(OVERVIEW).await.expect(200);
        seen.says(&[
            "Prime exceptionnelle",
            "Récupération",
            "1\u{202f}234,56",
            "\u{2212}234,50",
            "1\u{202f}000,06",
            "Pas de demande",
        ]);
        let recent = director.page("/console/subsidies").await.expect(200);
        assert!(!recent.reads("Prime exceptionnelle"), "2021 is before the last three years");

        agent.send(&page, &[("reason", " ")]).await.expect(400);
        agent.send(&page, &[("reason", "Versé à une autre crèche.")]).await.expect(303);
        agent.send(&page, &[("reason", "Encore")]).await.expect(409);
        let seen = director.page(OVERVIEW).await.expect(200);
        let seen = seen.says(&["Annulé", "Versé à une autre crèche.", "\u{2212}234,50"]);
        assert!(!seen.reads("1\u{202f}000,06"), "what was cancelled does not count");
        record(&agent, LOUPS, premium).await.expect(303);

        let actions: Vec<_> = app.all_audit().await.into_iter().map(|link| link.entry.action).collect();
        for action in ["subsidyPayment.recorded", "subsidyPayment.cancelled", "subsidyPayments.read"] {
            assert!(actions.iter().any(|done| done == action), "{action}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_is_recorded_already_is_refused_without_showing_it() {
    each_app(async |app| {
        let agent = agent(app).await;
        record(&agent, LOUPS, ("exceptionalPremium", "1.234,56", "ONE-1")).await.expect(303);
        let refused = record(&agent, FARANDOLE, ("exceptionalPremium", "5", "ONE-1")).await.expect(400);
        refused.says(&["est déjà enregistré"]).keeps_silent(&["1\u{202f}234,56", "Les P'tits Loups"]);
        let found = agent.page("/console/agency/payments?find=ONE-1").await.goes_to();
        let before = app.all_audit().await.len();
        agent.page(&found).await.expect(200).says(&["1\u{202f}234,56"]);
        assert_eq!(app.all_audit().await.len(), before + 1, "whoever looks at it is in the organiser's history");
    })
    .await;
}

#[tokio::test]
async fn a_reference_in_another_writing_is_the_same() {
    each_app(async |app| {
        let agent = agent(app).await;
        record(&agent, LOUPS, ("exceptionalPremium", "5", "ONE-2026-11")).await.expect(303);
        for same in ["one-2026-11", "ONE 2026 11", "One2026-11"] {
            record(&agent, FARANDOLE, ("exceptionalPremium", "6", same)).await.expect(400).says(&["déjà enregistré"]);
        }
        agent.page("/console/agency/payments?find=one+2026+11").await.goes_to();
        record(&agent, LOUPS, ("exceptionalPremium", "6", "ONE-20261-1")).await.expect(303);
        let two = [
            payment([LOUPS, "2026Q1", "exceptionalPremium", "1", "A 1"]),
            payment([LOUPS, "2026Q1", "exceptionalPremium", "2", "a-1"]),
        ];
        let refused = subsidies::record(&app.app, &Actor::agent(AGENT), &two, false).await;
        assert!(matches!(refused, Err(subsidies::PaymentError::Invalid(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn what_looks_like_a_mistake_is_recorded_once_it_is_confirmed() {
    each_app(async |app| {
        let agent = agent(app).await;
        record(&agent, LOUPS, ("subsidy", "1.234,56", "ONE-1")).await.expect(303);
        let twice = record(&agent, LOUPS, ("subsidy", "1.234,56", "ONE-2")).await.expect(200);
        let twice = twice.says(&["Le paiement ONE-1 a la même crèche", "Enregistrer quand même", "reference=ONE-2"]);
        let unsubsidised = record(&agent, FARANDOLE, ("subsidy", "1", "ONE-3")).await.expect(200);
        unsubsidised.says(&["cette crèche n’est pas subsidiée"]);
        let listed = app.vendor().get("/subsidyPayments").await.expect(200);
        assert_eq!(listed.each("items", "reference"), ["ONE-1"], "nothing is recorded before it is confirmed");
        let inputs = twice.tags("input");
        let fields = inputs.iter().map(|input| (input.attribute("name"), input.attribute("value")));
        let fields: Vec<_> = fields.filter(|(name, _)| *name != "csrf").collect();
        agent.send(FORM, &fields).await.expect(303);
        let listed = app.vendor().get("/subsidyPayments").await.expect(200);
        assert_eq!(listed.each("items", "reference").len(), 2);
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
        record(&agent, "a\u{0}b", ("subsidy", "5", "a\u{0}b")).await.expect(400).says(&["Aucune crèche"]);
        agent.page("/console/agency/payments?find=ONE-1").await.expect(200).says(&["Aucun paiement"]);
        agent.page("/console/agency/payments?find=%00").await.expect(200).says(&["Aucun paiement"]);
    })
    .await;
}

#[tokio::test]
async fn only_agents_record_and_only_those_who_read_reports_see() {
    each_app(async |app| {
        let director = app.browser(ADMINISTRATOR).await;
        for page in [FORM, "/console/agency/payments/import", "/console/agency/payments/template.csv"] {
            director.page(page).await.expect(403);
        }
        record(&director, LOUPS, ("subsidy", "5", "ONE-1")).await.expect(403);
        director.upload("/console/agency/payments/import", &[], b"a;b").await.expect(403);
        app.browser(DATA_MANAGER).await.page("/console/subsidies").await.expect(403);
    })
    .await;
}
