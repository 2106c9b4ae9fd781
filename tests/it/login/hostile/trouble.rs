//! Providers that break off, flood or describe themselves wrongly; and how often they are asked.

use std::time::Duration;

use jiff::SignedDuration;
use passerelle::outbound::client;
use passerelle::outbound::oidc::{Callback, LoginError, LoginProvider};
use passerelle::sandbox::csam::{SSIN_CLAIM, STRONG};
use passerelle::words::Language;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use super::super::{RETURN, clock, login, parameter, provider};
use super::{ACCESS, FakeProvider, Signer, answer, description, json_of, untrusted};

#[tokio::test]
async fn a_failed_exchange_has_its_error() {
    let fake = FakeProvider::start().await;
    let refused = |error: &str| ResponseTemplate::new(400).set_body_json(json!({ "error": error }));
    assert_eq!(fake.exchanges(refused("invalid_grant")).await.unwrap_err(), LoginError::Expired);
    untrusted(fake.exchanges(refused("invalid_client")).await, "invalid_client");
    untrusted(fake.exchanges(refused("Forged\nline")).await, "an error of its own");
    untrusted(fake.exchanges(ResponseTemplate::new(200).set_body_string("<html>")).await, "cannot be read");
    let without = json!({ "access_token": ACCESS, "token_type": "Bearer" });
    untrusted(fake.exchanges(json_of(&without)).await, "no ID token");
    let mut claims = fake.claims();
    for claim in [SSIN_CLAIM, "at_hash"] {
        claims.as_object_mut().unwrap().remove(claim);
    }
    let odd = json!({ "access_token": "a\r\nb: c", "token_type": "Bearer", "id_token": fake.valid_token(&claims) });
    untrusted(fake.exchanges(json_of(&odd)).await, "no token");
}

#[tokio::test]
async fn a_provider_in_trouble_is_unreachable() {
    let fake = FakeProvider::start().await;
    let large = " ".repeat(300_000) + "{}";
    let cases = [
        (ResponseTemplate::new(503), "status 503"),
        (ResponseTemplate::new(200).set_body_raw(large, "application/json"), "larger than"),
    ];
    for (answer, reason) in cases {
        let refusal = fake.exchanges(answer).await.unwrap_err();
        assert!(matches!(&refusal, LoginError::Unreachable(told) if told.contains(reason)), "{reason}: {refusal}");
    }
    let client = client::loopback().timeout(Duration::from_millis(250)).build().unwrap();
    let provider = LoginProvider::new(login(&fake.server.uri()), RETURN, client, fake.clock.clone()).unwrap();
    // On a busy machine, reading the description may take longer than this client waits: it is read again.
    let (address, attempt) = loop {
        match provider.begin_login(Language::Fr).await {
            Ok(begun) => break begun,
            Err(refusal) => assert!(matches!(&refusal, LoginError::Unreachable(_)), "{refusal}"),
        }
        fake.clock.advance(SignedDuration::from_secs(5));
    };
    let callback = Callback { state: Some(parameter(&address, "state")), ..fake.callback.clone() };
    let fake = FakeProvider { provider, attempt, callback, ..fake };
    let slow = fake.exchanges(json_of(&json!({})).set_delay(Duration::from_mins(1))).await.unwrap_err();
    assert!(matches!(&slow, LoginError::Unreachable(told) if told.contains("in time")), "{slow}");
}

#[tokio::test]
async fn invalid_provider_metadata_prevents_the_log_in() {
    let cases = [
        ("issuer", json!("https://stranger.example"), "another issuer"),
        ("authorization_endpoint", json!("javascript:alert(1)"), "not encrypted"),
        ("jwks_uri", Value::Null, "cannot be read"),
    ];
    for (member, value, reason) in cases {
        let server = MockServer::start().await;
        let mut described = description(&server);
        described[member] = value;
        answer(&server, "/.well-known/openid-configuration", json_of(&described)).await;
        answer(&server, "/jwks", json_of(&json!({ "keys": [] }))).await;
        let refusal = provider(login(&server.uri()), &clock()).begin_login(Language::Fr).await.unwrap_err();
        assert!(matches!(&refusal, LoginError::Untrusted(told) if told.contains(reason)), "{reason}: {refusal}");
    }
}

#[tokio::test]
async fn a_provider_that_sends_us_elsewhere_is_not_followed() {
    let (server, elsewhere) = (MockServer::start().await, MockServer::start().await);
    let moved = ResponseTemplate::new(302).insert_header("location", elsewhere.uri());
    answer(&server, "/.well-known/openid-configuration", moved).await;
    let refusal = provider(login(&server.uri()), &clock()).begin_login(Language::Fr).await.unwrap_err();
    assert!(matches!(&refusal, LoginError::Unreachable(told) if told.contains("status 302")), "{refusal}");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_unreachable_provider_is_tried_again_after_a_pause() {
    let (listener, clock) = (std::net::TcpListener::bind("127.0.0.1:0").unwrap(), clock());
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let provider = provider(login(&issuer), &clock);
    for (wait, reason) in [(0, "cannot be reached"), (4, "a moment ago"), (1, "cannot be reached")] {
        clock.advance(SignedDuration::from_secs(wait));
        let refusal = provider.begin_login(Language::Fr).await.unwrap_err();
        assert!(matches!(&refusal, LoginError::Unreachable(told) if told.contains(reason)), "{reason}: {refusal}");
        assert!(!refusal.to_string().contains(&issuer), "{refusal}");
    }
}

/// How often the provider's metadata was requested.
async fn asked(server: &MockServer) -> usize {
    let requests = server.received_requests().await.unwrap();
    requests.iter().filter(|request| request.url.path().ends_with("openid-configuration")).count()
}

#[tokio::test]
async fn metadata_is_cached_for_an_hour_and_longer_when_it_cannot_be_fetched() {
    let fake = FakeProvider::start().await;
    let begin = async || fake.provider.begin_login(Language::Fr).await;
    for (minutes, times) in [(0, 1), (59, 1), (1, 2), (0, 2)] {
        fake.clock.advance(SignedDuration::from_mins(minutes));
        begin().await.unwrap();
        assert_eq!(asked(&fake.server).await, times);
    }
    fake.server.reset().await;
    fake.clock.advance(SignedDuration::from_hours(2));
    for times in [1, 1] {
        begin().await.unwrap();
        assert_eq!(asked(&fake.server).await, times, "asked in vain, once");
    }
}

#[tokio::test]
async fn unknown_keys_do_not_cause_repeated_fetches() {
    let fake = FakeProvider::start().await;
    let header = json!({ "alg": "ES256", "kid": "unknown" });
    for (wait, times) in [(0, 1), (4, 1), (1, 2), (0, 2), (5, 3)] {
        fake.clock.advance(SignedDuration::from_secs(wait));
        untrusted(fake.gives(&fake.signer.sign(&header, &fake.claims())).await, "does not publish");
        assert_eq!(asked(&fake.server).await, times);
    }
}

#[tokio::test]
async fn unneeded_members_may_be_of_any_type() {
    let fake = FakeProvider::start().await;
    let mut described = description(&fake.server);
    for (member, value) in
        [("op_policy_uri", json!("")), ("op_tos_uri", json!(7)), ("scopes_supported", json!("openid"))]
    {
        described[member] = value;
    }
    fake.server.reset().await;
    answer(&fake.server, "/.well-known/openid-configuration", json_of(&described)).await;
    answer(&fake.server, "/jwks", json_of(&json!({ "keys": [fake.signer.published()] }))).await;
    let mut claims = fake.claims();
    claims["acr"] = json!(["eid", STRONG[0]]);
    claims["email_verified"] = json!("true");
    claims["updated_at"] = json!("yesterday");
    claims.as_object_mut().unwrap().remove("family_name");
    let details = json!({ "sub": "someone", "family_name": "Exemple", "email_verified": "no", "address": "rue" });
    answer(&fake.server, "/userinfo", json_of(&details)).await;
    let fake = FakeProvider { provider: provider(login(&fake.server.uri()), &fake.clock), ..fake };
    let tokens = json!({ "access_token": ACCESS, "token_type": "Bearer", "id_token": fake.valid_token(&claims),
        "expires_in": "3600", "scope": ["openid"] });
    let identity = fake.exchanges(json_of(&tokens)).await.unwrap();
    assert_eq!((identity.assurance.as_str(), identity.family_name.as_deref()), (STRONG[0], Some("Exemple")));
}

#[tokio::test]
async fn a_key_that_is_replaced_under_the_same_id_or_without_one_is_fetched() {
    for kid in [Some("1"), None] {
        let fake = FakeProvider::start().await;
        let other = Signer::new();
        let mut published = other.published();
        published.as_object_mut().unwrap().retain(|member, _| member != "kid" || kid.is_some());
        fake.server.reset().await;
        answer(&fake.server, "/.well-known/openid-configuration", json_of(&description(&fake.server))).await;
        answer(&fake.server, "/jwks", json_of(&json!({ "keys": [published] }))).await;
        let mut header = json!({ "alg": "ES256" });
        header.as_object_mut().unwrap().extend(kid.map(|kid| ("kid".to_owned(), json!(kid))));
        let token = other.sign(&header, &fake.claims());
        untrusted(fake.gives(&token).await, "is false");
        fake.clock.advance(SignedDuration::from_secs(5));
        assert_eq!(fake.gives(&token).await.unwrap().assurance, STRONG[0], "{kid:?}");
    }
}
