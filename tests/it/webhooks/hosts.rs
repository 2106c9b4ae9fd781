//! How hosts are protected: from too many messages, from messages without consent, and from being probed.

use std::num::NonZeroU32;
use std::pin::Pin;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use passerelle::app::webhook_transport::{OutboundRequest, SendResult, WebhookTransport};
use passerelle::app::webhooks::{Dispatcher, HostRates, SendingLimits};
use passerelle::domain::webhook::UrlObjection;
use passerelle::ids::{OrganiserId, WebhookEndpointId};
use passerelle::outbound::guard::AddressGuard;
use passerelle::outbound::transport::HttpTransport;
use passerelle::store;
use passerelle::store::webhooks::{EndpointRecord, LeasedEndpoint};
use serde_json::{Value, json};
use url::Url;

use super::deposit;
use crate::harness::app::{BASE, FOREIGN, OTHER, TestApp, each_app, organiser};
use crate::harness::call::Persona;
use crate::harness::database::{Database, each_engine};
use crate::harness::receiver::{Receiver, endpoint, endpoint_of, verified};
use crate::harness::statement::Sheet;

/// Calls this machine, and treats it as not trusted.
struct UnguardedTransport(HttpTransport);

impl WebhookTransport for UnguardedTransport {
    fn objection(&self, url: &Url) -> Option<UrlObjection> {
        self.0.objection(url)
    }

    fn is_trusted(&self, _: &Url) -> bool {
        false
    }

    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>> {
        self.0.send(outgoing)
    }
}

/// A sandbox that sends so many messages a minute to a host, and so many an hour where nothing is verified.
async fn app_with(database: &Database, per_minute: u32, unverified_per_hour: u64) -> TestApp {
    let per_minute = NonZeroU32::new(per_minute).unwrap();
    TestApp::of_parts(database, |parts| {
        let post = HttpTransport::new(AddressGuard::allowing(vec!["127.0.0.0/8".parse().unwrap()])).unwrap();
        parts.webhook_transport = std::sync::Arc::new(UnguardedTransport(post));
        parts.sending = SendingLimits { host_per_minute: per_minute, unverified_host_per_hour: unverified_per_hour };
        parts.host_rates = HostRates::new(per_minute);
    })
    .await
}

async fn insert(app: &TestApp, organiser: OrganiserId, endpoint: &EndpointRecord) {
    let mut tx = app.app.db.write().await.unwrap();
    store::webhooks::insert(&mut tx, organiser, endpoint).await.unwrap();
    app.commit_for(organiser, tx).await;
}

#[tokio::test]
async fn a_host_gets_its_rate_over_all_endpoints_and_organisers_unless_it_consented_to_more() {
    each_engine(async |database| {
        let app = &app_with(database, 1, 1000).await;
        let (mut stranger, mut friend) = (Receiver::start().await, Receiver::start_at("127.0.0.2").await);
        for path in ["a", "b", "c"] {
            insert(app, organiser(), &endpoint(app, &format!("{}/{path}", stranger.url())).await).await;
        }
        let other: OrganiserId = OTHER.parse().unwrap();
        let id = WebhookEndpointId::new(app.app.clocks.machine());
        let theirs = endpoint_of(app, (other, id), &stranger.url()).await;
        insert(app, other, &EndpointRecord { application: None, creches: None, ..theirs }).await;
        let consented = EndpointRecord { allowed_rate: Some(60_000), ..endpoint(app, &friend.url()).await };
        insert(app, organiser(), &consented).await;
        app.other_organiser()
            .put(format!("/creches/{FOREIGN}/attendanceStatements/2026-07"), Sheet::of("2026-07"))
            .await
            .expect(201);
        for month in 1..=5 {
            deposit(app, month).await;
        }
        let (stop, done) = tokio::sync::watch::channel(());
        let dispatcher = tokio::spawn(Dispatcher::new(app.app.clone(), format!("{BASE}/creche/v1")).run(done));
        for _ in 1..=5 {
            friend.next().await;
        }
        stranger.next().await;
        drop(stop);
        dispatcher.await.unwrap();
        // Sixteen are due there; one a minute is let through.
        assert!(stranger.arrived().len() <= 1, "a host is sent more than its rate");
    })
    .await;
}

#[tokio::test]
async fn the_handshake_sets_the_rate_of_an_address_and_of_no_other() {
    each_app(async |app| {
        let receiver = Receiver::start().await;
        let vendor = app.vendor();
        let made = vendor.post("/webhookEndpoints", json!({ "url": receiver.url() })).await.expect(201);
        assert_eq!(made["consentedPerMinute"], Value::Null);
        let path = format!("/webhookEndpoints/{}", made["id"].as_str().unwrap());
        let shake = async |rate: &'static str| {
            receiver.answer(move |_| {
                let consent = [("webhook-allowed-origin", "*"), ("webhook-allowed-rate", rate)];
                (StatusCode::OK, consent).into_response()
            });
            let handshake = json!({ "method": "handshake" });
            let done = vendor.post(format!("{path}/verifications"), handshake).await.expect(200);
            assert_eq!(done["verified"], true);
            done["webhookEndpoint"]["consentedPerMinute"].clone()
        };
        assert_eq!(shake("30").await, json!(30));
        assert_eq!(shake("99999999").await, json!(60_000));
        assert_eq!(shake("*").await, json!(60_000));
        assert_eq!(shake("soon").await, Value::Null, "the latest answer counts");
        assert_eq!(shake("120").await, json!(120));
        let moved = vendor.patch(&path, json!({ "url": format!("{}/other", receiver.url()) })).await.expect(200);
        assert_eq!((&moved["state"], &moved["consentedPerMinute"]), (&json!("pending"), &Value::Null));
    })
    .await;
}

/// What a verification of a fresh endpoint there is answered; the endpoint is deleted again.
async fn try_once(who: &Persona<'_>, url: &str, method: &str) -> u16 {
    let made = who.post("/webhookEndpoints", json!({ "url": url })).await.expect(201);
    let path = format!("/webhookEndpoints/{}", made["id"].as_str().unwrap());
    let status = who.post(format!("{path}/verifications"), json!({ "method": method })).await.status;
    who.delete(path).await.expect(204);
    status
}

#[tokio::test]
async fn a_host_where_nothing_is_verified_gets_few_messages_from_all_organisers_together() {
    each_engine(async |database| {
        let app = &app_with(database, 60_000, 3).await;
        let (mut stranger, other) = (Receiver::start().await, Receiver::start_at("127.0.0.2").await);
        stranger.status(404);
        other.status(404);
        let (one, two) = (app.vendor(), app.other_organiser());
        assert_eq!(try_once(&one, &stranger.url(), "test").await, 200);
        assert_eq!(try_once(&two, &format!("{}/other", stranger.url()), "handshake").await, 200);
        assert_eq!(try_once(&two, &stranger.url(), "test").await, 200);
        for (who, method) in [(&one, "test"), (&one, "handshake"), (&two, "test")] {
            assert_eq!(try_once(who, &stranger.url(), method).await, 429);
        }
        assert_eq!(stranger.arrived().len(), 3);
        assert_eq!(try_once(&one, &other.url(), "test").await, 200, "another host is not concerned");
        app.travel("2026-10-12T08:00:00Z");
        assert_eq!(try_once(&one, &stranger.url(), "test").await, 200, "another hour");
        stranger.status(204);
        let (path, _) = verified(&one, &mut stranger, json!({})).await;
        for _ in 0..5 {
            one.post(format!("{path}/tests"), json!({ "type": "key.issued" })).await.expect(201);
        }
    })
    .await;
}

#[tokio::test]
async fn a_forbidden_address_is_reported_as_unreachable() {
    each_app(async |app| {
        let mut seen = Vec::new();
        for url in ["https://10.0.0.7/hook", "https://creche.example:25/hook", "http://127.0.0.1:9/hook"] {
            let kept = endpoint(app, url).await;
            insert(app, organiser(), &kept).await;
            let path = format!("/webhookEndpoints/{}", kept.id);
            let test = app.vendor().post(format!("{path}/tests"), json!({ "type": "key.issued" })).await.expect(201);
            let mut attempt = test["attempts"][0].clone();
            attempt.as_object_mut().unwrap().remove("durationMillis");
            seen.push(attempt);
        }
        assert_eq!(seen[0]["failure"], "unreachable");
        assert!(seen.iter().all(|attempt| *attempt == seen[0]), "{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn ports_and_headers_that_are_not_the_organisers_to_choose_are_refused() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        let live = app.live().await;
        let refused = |document: Value| {
            let call = live.post("/webhookEndpoints?dryRun=true", document);
            async move { call.await.refused(400, "badRequest")["issues"][0]["code"].clone() }
        };
        for port in [22, 25, 80, 8443] {
            let url = format!("https://creche.example:{port}/hook");
            assert_eq!(refused(json!({ "url": url })).await, "webhook.portNotAllowed");
        }
        let with =
            |name: &str| json!({ "url": "https://creche.example/", "headers": [{ "name": name, "value": "x" }] });
        for name in
            ["X_Forwarded_For", "X-Forwarded-Host", "webhook_id", "Ce_Id", "Content_Type", "Forwarded", "Proxy_X"]
        {
            assert_eq!(refused(with(name)).await, "webhook.reservedHeader", "{name}");
        }
        let twice = json!([{ "name": "X-Key", "value": "1" }, { "name": "x_key", "value": "2" }]);
        let twice = json!({ "url": "https://creche.example/", "headers": twice });
        assert_eq!(refused(twice).await, "webhook.reservedHeader");
        live.post("/webhookEndpoints?dryRun=true", with("X_Api_Key")).await.expect(200);
        live.post("/webhookEndpoints?dryRun=true", json!({ "url": "https://creche.example:443/" })).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn all_endpoints_of_a_host_are_served_by_one_gateway() {
    each_engine(async |database| {
        let app = &app_with(database, 600, 1000).await;
        let mut kept = Vec::new();
        for url in ["http://127.0.0.1:9/a", "http://127.0.0.1:8/b", "http://127.0.0.2:9/c"] {
            let endpoint = endpoint(app, url).await;
            insert(app, organiser(), &endpoint).await;
            kept.push(LeasedEndpoint { organiser: organiser(), endpoint: endpoint.id });
        }
        deposit(app, 7).await;
        let (now, db) = (app.app.clocks.machine().now(), &app.app.db);
        let until = now + jiff::SignedDuration::from_secs(6);
        let mut tx = db.write().await.unwrap();
        assert!(store::webhooks::lease(&mut tx, kept[0], "a", now, until).await.unwrap());
        let waiting = store::webhooks::endpoints_with_due(&mut tx, "b", (now, now), 10).await.unwrap();
        assert_eq!(waiting, [kept[2]], "the other host is free");
        let own = store::webhooks::endpoints_with_due(&mut tx, "a", (now, now), 10).await.unwrap();
        assert_eq!(own.len(), 3, "its own gateway may serve all");
        // Two gateways that began in the same moment: one gives way.
        assert!(store::webhooks::lease(&mut tx, kept[1], "b", now, until).await.unwrap());
        assert!(!store::webhooks::renew(&mut tx, kept[1], "b", now, until).await.unwrap());
        assert!(store::webhooks::renew(&mut tx, kept[0], "a", now, until).await.unwrap());
    })
    .await;
}
