//! Payments read by software, and as documents.

use passerelle::app::subsidies;
use passerelle::domain::actor::Actor;
use serde_json::json;

use super::{AGENT, FARANDOLE, LOUPS, payment, recorded};
use crate::claims::text_of;
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, TestApp, UNSUBSIDISED, each_app};
use crate::harness::page::Page;
use crate::harness::receiver::{Receiver, deliver, verified};

/// A subsidy and a recovery to one crèche, a premium to another, which is cancelled.
async fn three(app: &TestApp) -> Vec<String> {
    let sent = [
        payment([LOUPS, "2026Q1", "subsidy", "1234,56", "ONE-1"]),
        payment([LOUPS, "2026Q2", "recovery", "-5", "ONE-2"]),
        payment([FARANDOLE, "2026Q2", "exceptionalPremium", "500", "ONE-3"]),
    ];
    let ids = recorded(app, &sent).await;
    subsidies::cancel(&app.app, &Actor::agent(AGENT), ids[2], "Versé à une autre crèche.").await.unwrap();
    ids.iter().map(|(_, id)| id.to_string()).collect()
}

#[tokio::test]
async fn software_pages_through_payments_and_narrows_them() {
    each_app(async |app| {
        let ids = three(app).await;
        let found = async |query: &str| {
            let list = app.vendor().get(format!("/subsidyPayments{query}")).await.expect(200);
            let found: Vec<_> = list.each("items", "id").iter().map(|id| id.as_str().unwrap().to_owned()).collect();
            (found, list.json["next"].as_str().map(str::to_owned))
        };
        assert_eq!(found("").await, (ids.clone(), None));
        assert_eq!(found(&format!("?creche={UNSUBSIDISED}")).await.0, ids[2..]);
        assert_eq!(found("?from=2026Q2").await.0, ids[1..]);
        assert_eq!(found("?to=2026Q1").await.0, ids[..1]);
        assert_eq!(found("?type=recovery").await.0, ids[1..2]);
        let (first, next) = found("?pageSize=2").await;
        assert_eq!(first, ids[..2]);
        let next = next.expect("there is more");
        assert_eq!(found(&next[next.find('?').unwrap()..]).await, (ids[2..].to_vec(), None));
        app.vendor().get("/subsidyPayments?type=bonus&from=2026").await.expect(400);
        app.vendor().get(format!("/subsidyPayments?creche={}", ids[0])).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_payment_is_read_with_its_reason() {
    each_app(async |app| {
        let ids = three(app).await;
        let read = app.vendor().get(format!("/subsidyPayments/{}", ids[2])).await.expect(200);
        read.has(&json!({ "quarter": "2026Q2", "type": "exceptionalPremium", "amountCents": 50_000 }));
        assert_eq!(read.json["cancelled"]["reason"], "Versé à une autre crèche.");
        let events = app.vendor().get("/events?type=subsidyPayment.cancelled").await.expect(200).json;
        assert_eq!(events["items"][0]["data"]["id"], ids[2].as_str());
        assert_eq!(events["items"][0]["data"]["period"], "2026Q2");
    })
    .await;
}

#[tokio::test]
async fn payments_out_of_reach_are_not_there() {
    each_app(async |app| {
        let ids = three(app).await;
        let limited = app.limited_to(&[UNSUBSIDISED]).await;
        let list = limited.get("/subsidyPayments").await.expect(200);
        assert_eq!(list.each("items", "id").len(), 1);
        limited.get(format!("/subsidyPayments/{}", ids[0])).await.expect(404);
        limited.get(format!("/subsidyPayments?creche={CRECHE}")).await.expect(403);
        app.other_organiser().get(format!("/subsidyPayments/{}", ids[0])).await.expect(404);
        let director = app.browser(DATA_MANAGER).await;
        director.page(format!("/console/subsidies/{}/pdf", ids[0])).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_a_document_for_people() {
    each_app(async |app| {
        let ids = three(app).await;
        let path = format!("/subsidyPayments/{}", ids[0]);
        let file = app.vendor().get(&path).accept("application/pdf").language("fr").await.expect(200);
        assert!(file.bytes.starts_with(b"%PDF-") && file.header("content-disposition").contains("payment-2026Q1"));
        let director = app.browser(ADMINISTRATOR).await;
        let page: Page = director.page("/console/subsidies").await.expect(200);
        assert!(page.text.contains(&format!("/console/subsidies/{}/pdf", ids[0])));
        let file = director.fetch(&format!("/console/subsidies/{}/pdf", ids[2])).await.expect(200);
        if let Some(text) = text_of(&file.bytes) {
            for part in
                ["Les Petits Pas", "La Farandole (63/25118/03)", "ONE-3", "500,00", "est annulé", "autre crèche"]
            {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_webhook_says_that_something_was_paid_and_not_how_much() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        verified(&app.vendor(), &mut receiver, json!({ "eventTypes": ["subsidyPayment.recorded"] })).await;
        recorded(app, &[payment([LOUPS, "2026Q1", "subsidy", "1234,56", "ONE-1"])]).await;
        deliver(app).await;
        let text = receiver.next().await.event().to_string();
        assert!(text.contains("subsidyPayment.recorded"), "{text}");
        assert!(!text.contains("123456") && !text.contains("1234,56") && !text.contains("ONE-1"), "{text}");
    })
    .await;
}
