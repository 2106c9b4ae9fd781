//! Providers that lie, break off or flood.

use std::sync::Arc;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use jiff::SignedDuration;
use passerelle::clock::{Clock as _, Fixed};
use passerelle::outbound::client;
use passerelle::outbound::oidc::{Callback, Identity, LoginAttempt, LoginError, LoginProvider};
use passerelle::sandbox::csam::{SSIN_CLAIM, STRONG};
use passerelle::words::Language;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use ring::{digest, hmac};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{RETURN, SSIN, clock, login, parameter, provider};

const ACCESS: &str = "an-access-token";

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A signer of tokens.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap())
    }

    fn published(&self) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1", "x": base64url(x), "y": base64url(y) })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        token(header, claims, |message| self.0.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec())
    }
}

fn token(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
    let signature = sign(message.as_bytes());
    format!("{message}.{}", base64url(signature))
}

fn by_secret(secret: &[u8], claims: &Value) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    token(&json!({ "alg": "HS256", "kid": "1" }), claims, |message| hmac::sign(&key, message).as_ref().to_vec())
}

/// A provider whose every answer is ours to choose, and our client in the middle of a log-in.
struct Liar {
    server: MockServer,
    signer: Signer,
    clock: Arc<Fixed>,
    provider: LoginProvider,
    attempt: LoginAttempt,
    callback: Callback,
    nonce: String,
}

impl Liar {
    async fn start() -> Self {
        let (server, signer, clock) = (MockServer::start().await, Signer::new(), clock());
        answer(&server, "/.well-known/openid-configuration", json_of(&description(&server))).await;
        answer(&server, "/jwks", json_of(&json!({ "keys": [signer.published()] }))).await;
        let provider = provider(login(&server.uri()), &clock);
        let (address, attempt) = provider.begin_login(Language::Fr).await.unwrap();
        let state = Some(parameter(&address, "state"));
        let callback = Callback { state, code: Some("code".to_owned()), ..Callback::default() };
        let nonce = parameter(&address, "nonce");
        Self { server, signer, clock, provider, attempt, callback, nonce }
    }

    /// Valid claims.
    fn claims(&self) -> Value {
        let now = self.clock.now().as_second();
        let hash = digest::digest(&digest::SHA256, ACCESS.as_bytes());
        json!({
            "iss": self.server.uri(), "aud": "passerelle", "azp": "passerelle", "sub": "someone",
            "iat": now, "exp": now + 300, "nonce": self.nonce, "acr": STRONG[0],
            "at_hash": base64url(&hash.as_ref()[..16]),
            "given_name": "Ève", "family_name": "Exemple", SSIN_CLAIM: SSIN,
        })
    }

    fn honest(&self, claims: &Value) -> String {
        self.signer.sign(&json!({ "alg": "ES256", "kid": "1" }), claims)
    }

    /// What becomes of the log-in when the code is exchanged for this ID token.
    async fn gives(&self, id_token: &str) -> Result<Identity, LoginError> {
        let tokens = json!({ "access_token": ACCESS, "token_type": "Bearer", "id_token": id_token });
        self.exchanges(json_of(&tokens)).await
    }

    /// What becomes of the log-in when this is the answer to the code.
    async fn exchanges(&self, tokens: ResponseTemplate) -> Result<Identity, LoginError> {
        let token = Mock::given(path("/token")).respond_with(tokens).mount_as_scoped(&self.server).await;
        let outcome = self.provider.verify_callback(&self.callback, &self.attempt).await;
        drop(token);
        outcome
    }
}

fn description(server: &MockServer) -> Value {
    let at = |path: &str| format!("{}{path}", server.uri());
    json!({
        "issuer": server.uri(), "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/jwks"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        // More than is accepted.
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    })
}

fn json_of(document: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(document)
}

async fn answer(server: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(path(at)).respond_with(answer).mount(server).await;
}

#[track_caller]
fn untrusted(outcome: Result<Identity, LoginError>, reason: &str) {
    let refusal = outcome.expect_err(reason);
    assert!(matches!(&refusal, LoginError::Untrusted(told) if told.contains(reason)), "{reason}: {refusal}");
}

#[tokio::test]
async fn a_token_with_all_claims_is_sufficient() {
    let liar = Liar::start().await;
    let identity = liar.gives(&liar.honest(&liar.claims())).await.unwrap();
    assert_eq!((identity.ssin.expose(), identity.given_name.as_deref()), (SSIN, Some("Ève")));
    assert_eq!(identity.id_token_hint, None, "an address must not tell who it is");
    let asked = liar.server.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| request.url.path() != "/userinfo"));
    let exchange = asked.iter().find(|request| request.url.path() == "/token").unwrap();
    let pair = BASE64_STANDARD.encode("passerelle:a+secret%3A+with+signs+%26+spaces");
    assert_eq!(exchange.headers["authorization"], format!("Basic {pair}"));
}

#[tokio::test]
async fn a_false_claim_is_found() {
    let liar = Liar::start().await;
    let now = liar.clock.now().as_second();
    let cases = [
        ("iss", json!("https://stranger.example"), "another issuer"),
        ("aud", json!("somebody"), "somebody else"),
        ("aud", json!(["passerelle", "somebody"]), "somebody else"),
        ("azp", json!("somebody"), "somebody else"),
        ("nonce", json!("another"), "another attempt"),
        ("nonce", Value::Null, "another attempt"),
        ("iat", json!(now + 61), "not issued during"),
        ("iat", json!(now - 61), "not issued during"),
        ("at_hash", json!(base64url([0; 16])), "another answer"),
        ("exp", json!("soon"), "cannot be read"),
        ("nbf", json!(now + 61), "not valid yet"),
        ("nbf", json!("soon"), "cannot be read"),
        ("sub", json!("s".repeat(256)), "more than can be about a person"),
        ("given_name", json!("é".repeat(101)), "no name"),
        ("family_name", json!("Exem\u{202e}ple"), "no name"),
        ("family_name", json!("Exem\nple"), "no name"),
        ("acr", json!("low".repeat(100)), "too many levels"),
        ("photo", json!("p".repeat(20_000)), "larger than any token"),
    ];
    for (claim, value, reason) in cases {
        let mut claims = liar.claims();
        claims[claim] = value;
        untrusted(liar.gives(&liar.honest(&claims)).await, reason);
    }
}

#[tokio::test]
async fn claims_are_counted_and_tokens_are_measured() {
    let liar = Liar::start().await;
    let mut many = liar.claims();
    (0..100).for_each(|number| many[format!("claim{number}")] = true.into());
    untrusted(liar.gives(&liar.honest(&many)).await, "more than can be about a person");
    let mut claims = liar.claims();
    claims.as_object_mut().unwrap().remove("at_hash");
    let tokens = json!({ "access_token": "a".repeat(8_193), "token_type": "Bearer", "id_token": liar.honest(&claims) });
    untrusted(liar.exchanges(json_of(&tokens)).await, "larger than any token");
    for claim in [SSIN_CLAIM, "given_name"] {
        claims.as_object_mut().unwrap().remove(claim);
    }
    let id_token = liar.honest(&claims);
    let mut details = json!({ "sub": "someone", "given_name": "Lou", SSIN_CLAIM: SSIN });
    (0..100).for_each(|number| details[format!("claim{number}")] = true.into());
    answer(&liar.server, "/userinfo", json_of(&details)).await;
    let identity = liar.gives(&id_token).await.unwrap();
    assert_eq!(identity.given_name.as_deref(), Some("Lou"), "of the details, what is needed is read");
    let code = Some("c".repeat(4_097));
    let liar = Liar { callback: Callback { code, ..liar.callback.clone() }, ..liar };
    untrusted(liar.gives(&id_token).await, "larger than any code");
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    let liar = Liar::start().await;
    let now = liar.clock.now().as_second();
    for not_before in [json!(now + 60), json!(now - 10_000), json!(f64::from(1_760_000_000_u32))] {
        let mut claims = liar.claims();
        claims["nbf"] = not_before.clone();
        assert!(liar.gives(&liar.honest(&claims)).await.is_ok(), "{not_before}");
    }
    let outcome = async |exp: i64| {
        let mut claims = liar.claims();
        claims["exp"] = exp.into();
        liar.gives(&liar.honest(&claims)).await
    };
    assert!(outcome(now - 59).await.is_ok());
    assert_eq!(outcome(now - 60).await.unwrap_err(), LoginError::Expired);
}

#[tokio::test]
async fn a_false_signature_is_found() {
    let liar = Liar::start().await;
    let claims = liar.claims();
    let none = token(&json!({ "alg": "none" }), &claims, |_| Vec::new());
    untrusted(liar.gives(&none).await, "not signed");
    // The public key is public, the client's secret is known to the provider: neither may sign.
    let published = liar.signer.published().to_string();
    for secret in [published.as_bytes(), liar.signer.0.public_key().as_ref(), b"a secret: with signs & spaces"] {
        untrusted(liar.gives(&by_secret(secret, &claims)).await, "not accepted");
    }
    untrusted(liar.gives(&Signer::new().sign(&json!({ "alg": "ES256", "kid": "1" }), &claims)).await, "is false");
    let foreign = Signer::new();
    let header = json!({ "alg": "ES256", "kid": "2", "jwk": foreign.published() });
    untrusted(liar.gives(&foreign.sign(&header, &claims)).await, "does not publish");
    untrusted(liar.gives(&liar.signer.sign(&json!({ "alg": "RS256", "kid": "1" }), &claims)).await, "not accepted");
    let critical = json!({ "alg": "ES256", "kid": "1", "crit": ["exp"] });
    untrusted(liar.gives(&liar.signer.sign(&critical, &claims)).await, "not understood");
    let good = liar.honest(&claims);
    let (head, rest) = good.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let mut changed = claims.clone();
    changed["sub"] = "another".into();
    untrusted(liar.gives(&format!("{head}.{}.{signature}", base64url(changed.to_string()))).await, "is false");
    untrusted(liar.gives("no.token.at all").await, "cannot be read");
}

#[tokio::test]
async fn a_missing_or_invalid_level_or_number_has_its_error() {
    let liar = Liar::start().await;
    answer(&liar.server, "/userinfo", json_of(&json!({ "sub": "someone" }))).await;
    let outcome = async |claim: &str, value: Value| {
        let mut claims = liar.claims();
        claims[claim] = value;
        liar.gives(&liar.honest(&claims)).await
    };
    assert_eq!(outcome("acr", Value::Null).await.unwrap_err(), LoginError::Weak { given: None });
    let low = LoginError::Weak { given: Some("low".to_owned()) };
    assert_eq!(outcome("acr", json!("low")).await.unwrap_err(), low);
    for wrong in [Value::Null, json!(""), json!("85031496136"), json!(85_031_496_137_u64), json!([SSIN])] {
        assert_eq!(outcome(SSIN_CLAIM, wrong).await.unwrap_err(), LoginError::NoSsin);
    }
}

#[tokio::test]
async fn the_level_may_be_one_of_several() {
    let liar = Liar::start().await;
    let mut settings = login(&liar.server.uri());
    settings.assurance_claim = "amr".to_owned();
    let provider = provider(settings, &liar.clock);
    let mut claims = liar.claims();
    claims["amr"] = json!(["eid", STRONG[1]]);
    let liar = Liar { provider, ..liar };
    assert_eq!(liar.gives(&liar.honest(&claims)).await.unwrap().assurance, STRONG[1]);
    claims["amr"] = json!(vec![STRONG[1]; 21]);
    untrusted(liar.gives(&liar.honest(&claims)).await, "too many levels");
}

#[tokio::test]
async fn details_complete_the_token_only_when_they_are_of_the_same_person() {
    let liar = Liar::start().await;
    let mut claims = liar.claims();
    for claim in [SSIN_CLAIM, "given_name", "family_name"] {
        claims.as_object_mut().unwrap().remove(claim);
    }
    let id_token = liar.honest(&claims);
    let tell = async |sub: &str| {
        let told = json!({ "sub": sub, "acr": "low", "given_name": "Lou", SSIN_CLAIM: SSIN });
        let details = Mock::given(path("/userinfo")).respond_with(json_of(&told));
        let _mounted = details.mount_as_scoped(&liar.server).await;
        liar.gives(&id_token).await
    };
    let identity = tell("someone").await.unwrap();
    assert_eq!((identity.given_name.as_deref(), identity.family_name), (Some("Lou"), None));
    assert_eq!(identity.assurance, STRONG[0], "the token's word counts");
    assert_eq!(identity.id_token_hint, Some(id_token.clone()));
    untrusted(tell("another").await, "another person");
}

#[tokio::test]
async fn a_failed_exchange_has_its_error() {
    let liar = Liar::start().await;
    let refused = |error: &str| ResponseTemplate::new(400).set_body_json(json!({ "error": error }));
    assert_eq!(liar.exchanges(refused("invalid_grant")).await.unwrap_err(), LoginError::Expired);
    untrusted(liar.exchanges(refused("invalid_client")).await, "invalid_client");
    untrusted(liar.exchanges(refused("Forged\nline")).await, "an error of its own");
    untrusted(liar.exchanges(ResponseTemplate::new(200).set_body_string("<html>")).await, "cannot be read");
    let without = json!({ "access_token": ACCESS, "token_type": "Bearer" });
    untrusted(liar.exchanges(json_of(&without)).await, "no ID token");
    let mut claims = liar.claims();
    for claim in [SSIN_CLAIM, "at_hash"] {
        claims.as_object_mut().unwrap().remove(claim);
    }
    let odd = json!({ "access_token": "a\r\nb: c", "token_type": "Bearer", "id_token": liar.honest(&claims) });
    untrusted(liar.exchanges(json_of(&odd)).await, "no token");
}

#[tokio::test]
async fn a_provider_in_trouble_is_unreachable() {
    let liar = Liar::start().await;
    let large = " ".repeat(300_000) + "{}";
    let cases = [
        (ResponseTemplate::new(503), "status 503"),
        (ResponseTemplate::new(200).set_body_raw(large, "application/json"), "larger than"),
    ];
    for (answer, reason) in cases {
        let refusal = liar.exchanges(answer).await.unwrap_err();
        assert!(matches!(&refusal, LoginError::Unreachable(told) if told.contains(reason)), "{reason}: {refusal}");
    }
    let client = client::loopback().timeout(Duration::from_millis(250)).build().unwrap();
    let provider = LoginProvider::new(login(&liar.server.uri()), RETURN, client, liar.clock.clone()).unwrap();
    // On a busy machine, reading the description may take longer than this client waits: it is read again.
    let (address, attempt) = loop {
        match provider.begin_login(Language::Fr).await {
            Ok(begun) => break begun,
            Err(refusal) => assert!(matches!(&refusal, LoginError::Unreachable(_)), "{refusal}"),
        }
        liar.clock.advance(SignedDuration::from_secs(5));
    };
    let callback = Callback { state: Some(parameter(&address, "state")), ..liar.callback.clone() };
    let liar = Liar { provider, attempt, callback, ..liar };
    let slow = liar.exchanges(json_of(&json!({})).set_delay(Duration::from_mins(1))).await.unwrap_err();
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
    let liar = Liar::start().await;
    let begin = async || liar.provider.begin_login(Language::Fr).await;
    for (minutes, times) in [(0, 1), (59, 1), (1, 2), (0, 2)] {
        liar.clock.advance(SignedDuration::from_mins(minutes));
        begin().await.unwrap();
        assert_eq!(asked(&liar.server).await, times);
    }
    liar.server.reset().await;
    liar.clock.advance(SignedDuration::from_hours(2));
    for times in [1, 1] {
        begin().await.unwrap();
        assert_eq!(asked(&liar.server).await, times, "asked in vain, once");
    }
}

#[tokio::test]
async fn unknown_keys_do_not_cause_repeated_fetches() {
    let liar = Liar::start().await;
    let header = json!({ "alg": "ES256", "kid": "unknown" });
    for (wait, times) in [(0, 1), (4, 1), (1, 2), (0, 2), (5, 3)] {
        liar.clock.advance(SignedDuration::from_secs(wait));
        untrusted(liar.gives(&liar.signer.sign(&header, &liar.claims())).await, "does not publish");
        assert_eq!(asked(&liar.server).await, times);
    }
}

#[tokio::test]
async fn unneeded_members_may_be_of_any_type() {
    let liar = Liar::start().await;
    let mut described = description(&liar.server);
    for (member, value) in
        [("op_policy_uri", json!("")), ("op_tos_uri", json!(7)), ("scopes_supported", json!("openid"))]
    {
        described[member] = value;
    }
    liar.server.reset().await;
    answer(&liar.server, "/.well-known/openid-configuration", json_of(&described)).await;
    answer(&liar.server, "/jwks", json_of(&json!({ "keys": [liar.signer.published()] }))).await;
    let mut claims = liar.claims();
    claims["acr"] = json!(["eid", STRONG[0]]);
    claims["email_verified"] = json!("true");
    claims["updated_at"] = json!("yesterday");
    claims.as_object_mut().unwrap().remove("family_name");
    let details = json!({ "sub": "someone", "family_name": "Exemple", "email_verified": "no", "address": "rue" });
    answer(&liar.server, "/userinfo", json_of(&details)).await;
    let liar = Liar { provider: provider(login(&liar.server.uri()), &liar.clock), ..liar };
    let tokens = json!({ "access_token": ACCESS, "token_type": "Bearer", "id_token": liar.honest(&claims),
        "expires_in": "3600", "scope": ["openid"] });
    let identity = liar.exchanges(json_of(&tokens)).await.unwrap();
    assert_eq!((identity.assurance.as_str(), identity.family_name.as_deref()), (STRONG[0], Some("Exemple")));
}

#[tokio::test]
async fn a_key_that_is_replaced_under_the_same_id_or_without_one_is_fetched() {
    for kid in [Some("1"), None] {
        let liar = Liar::start().await;
        let other = Signer::new();
        let mut published = other.published();
        published.as_object_mut().unwrap().retain(|member, _| member != "kid" || kid.is_some());
        liar.server.reset().await;
        answer(&liar.server, "/.well-known/openid-configuration", json_of(&description(&liar.server))).await;
        answer(&liar.server, "/jwks", json_of(&json!({ "keys": [published] }))).await;
        let mut header = json!({ "alg": "ES256" });
        header.as_object_mut().unwrap().extend(kid.map(|kid| ("kid".to_owned(), json!(kid))));
        let token = other.sign(&header, &liar.claims());
        untrusted(liar.gives(&token).await, "is false");
        liar.clock.advance(SignedDuration::from_secs(5));
        assert_eq!(liar.gives(&token).await.unwrap().assurance, STRONG[0], "{kid:?}");
    }
}
