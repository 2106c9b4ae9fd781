//! Tokens that are false in one place.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use passerelle::clock::Clock as _;
use passerelle::outbound::oidc::{Callback, LoginError};
use passerelle::sandbox::csam::{SSIN_CLAIM, STRONG};
use ring::signature::KeyPair as _;
use serde_json::{Value, json};
use wiremock::Mock;
use wiremock::matchers::path;

use super::super::{SSIN, login, provider};
use super::{FakeProvider, Signer, answer, base64url, by_secret, json_of, token, untrusted};

#[tokio::test]
async fn a_token_with_all_claims_is_sufficient() {
    let fake = FakeProvider::start().await;
    let identity = fake.gives(&fake.valid_token(&fake.claims())).await.unwrap();
    assert_eq!((identity.ssin.expose(), identity.given_name.as_deref()), (SSIN, Some("Ève")));
    assert_eq!(identity.id_token_hint, None, "an address must not tell who it is");
    let asked = fake.server.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| request.url.path() != "/userinfo"));
    let exchange = asked.iter().find(|request| request.url.path() == "/token").unwrap();
    let pair = BASE64_STANDARD.encode("passerelle:a+secret%3A+with+signs+%26+spaces");
    assert_eq!(exchange.headers["authorization"], format!("Basic {pair}"));
}

#[tokio::test]
async fn a_false_claim_is_found() {
    let fake = FakeProvider::start().await;
    let now = fake.clock.now().as_second();
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
        let mut claims = fake.claims();
        claims[claim] = value;
        untrusted(fake.gives(&fake.valid_token(&claims)).await, reason);
    }
}

#[tokio::test]
async fn claims_are_counted_and_tokens_are_measured() {
    let fake = FakeProvider::start().await;
    let mut many = fake.claims();
    (0..100).for_each(|number| many[format!("claim{number}")] = true.into());
    untrusted(fake.gives(&fake.valid_token(&many)).await, "more than can be about a person");
    let mut claims = fake.claims();
    claims.as_object_mut().unwrap().remove("at_hash");
    let tokens =
        json!({ "access_token": "a".repeat(8_193), "token_type": "Bearer", "id_token": fake.valid_token(&claims) });
    untrusted(fake.exchanges(json_of(&tokens)).await, "larger than any token");
    for claim in [SSIN_CLAIM, "given_name"] {
        claims.as_object_mut().unwrap().remove(claim);
    }
    let id_token = fake.valid_token(&claims);
    let mut details = json!({ "sub": "someone", "given_name": "Lou", SSIN_CLAIM: SSIN });
    (0..100).for_each(|number| details[format!("claim{number}")] = true.into());
    answer(&fake.server, "/userinfo", json_of(&details)).await;
    let identity = fake.gives(&id_token).await.unwrap();
    assert_eq!(identity.given_name.as_deref(), Some("Lou"), "of the details, what is needed is read");
    let code = Some("c".repeat(4_097));
    let fake = FakeProvider { callback: Callback { code, ..fake.callback.clone() }, ..fake };
    untrusted(fake.gives(&id_token).await, "larger than any code");
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    let fake = FakeProvider::start().await;
    let now = fake.clock.now().as_second();
    for not_before in [json!(now + 60), json!(now - 10_000), json!(f64::from(1_760_000_000_u32))] {
        let mut claims = fake.claims();
        claims["nbf"] = not_before.clone();
        assert!(fake.gives(&fake.valid_token(&claims)).await.is_ok(), "{not_before}");
    }
    let outcome = async |exp: i64| {
        let mut claims = fake.claims();
        claims["exp"] = exp.into();
        fake.gives(&fake.valid_token(&claims)).await
    };
    assert!(outcome(now - 59).await.is_ok());
    assert_eq!(outcome(now - 60).await.unwrap_err(), LoginError::Expired);
}

#[tokio::test]
async fn a_false_signature_is_found() {
    let fake = FakeProvider::start().await;
    let claims = fake.claims();
    let none = token(&json!({ "alg": "none" }), &claims, |_| Vec::new());
    untrusted(fake.gives(&none).await, "not signed");
    // The public key is public, the client's secret is known to the provider: neither may sign.
    let published = fake.signer.published().to_string();
    for secret in [published.as_bytes(), fake.signer.0.public_key().as_ref(), b"a secret: with signs & spaces"] {
        untrusted(fake.gives(&by_secret(secret, &claims)).await, "not accepted");
    }
    untrusted(fake.gives(&Signer::new().sign(&json!({ "alg": "ES256", "kid": "1" }), &claims)).await, "is false");
    let foreign = Signer::new();
    let header = json!({ "alg": "ES256", "kid": "2", "jwk": foreign.published() });
    untrusted(fake.gives(&foreign.sign(&header, &claims)).await, "does not publish");
    untrusted(fake.gives(&fake.signer.sign(&json!({ "alg": "RS256", "kid": "1" }), &claims)).await, "not accepted");
    let critical = json!({ "alg": "ES256", "kid": "1", "crit": ["exp"] });
    untrusted(fake.gives(&fake.signer.sign(&critical, &claims)).await, "not understood");
    let good = fake.valid_token(&claims);
    let (head, rest) = good.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let mut changed = claims.clone();
    changed["sub"] = "another".into();
    untrusted(fake.gives(&format!("{head}.{}.{signature}", base64url(changed.to_string()))).await, "is false");
    untrusted(fake.gives("no.token.at all").await, "cannot be read");
}

#[tokio::test]
async fn a_missing_or_invalid_level_or_number_has_its_error() {
    let fake = FakeProvider::start().await;
    answer(&fake.server, "/userinfo", json_of(&json!({ "sub": "someone" }))).await;
    let outcome = async |claim: &str, value: Value| {
        let mut claims = fake.claims();
        claims[claim] = value;
        fake.gives(&fake.valid_token(&claims)).await
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
    let fake = FakeProvider::start().await;
    let mut settings = login(&fake.server.uri());
    settings.assurance_claim = "amr".to_owned();
    let provider = provider(settings, &fake.clock);
    let mut claims = fake.claims();
    claims["amr"] = json!(["eid", STRONG[1]]);
    let fake = FakeProvider { provider, ..fake };
    assert_eq!(fake.gives(&fake.valid_token(&claims)).await.unwrap().assurance, STRONG[1]);
    claims["amr"] = json!(vec![STRONG[1]; 21]);
    untrusted(fake.gives(&fake.valid_token(&claims)).await, "too many levels");
}

#[tokio::test]
async fn details_complete_the_token_only_when_they_are_of_the_same_person() {
    let fake = FakeProvider::start().await;
    let mut claims = fake.claims();
    for claim in [SSIN_CLAIM, "given_name", "family_name"] {
        claims.as_object_mut().unwrap().remove(claim);
    }
    let id_token = fake.valid_token(&claims);
    let tell = async |sub: &str| {
        let told = json!({ "sub": sub, "acr": "low", "given_name": "Lou", SSIN_CLAIM: SSIN });
        let details = Mock::given(path("/userinfo")).respond_with(json_of(&told));
        let _mounted = details.mount_as_scoped(&fake.server).await;
        fake.gives(&id_token).await
    };
    let identity = tell("someone").await.unwrap();
    assert_eq!((identity.given_name.as_deref(), identity.family_name), (Some("Lou"), None));
    assert_eq!(identity.assurance, STRONG[0], "the token's word counts");
    assert_eq!(identity.id_token_hint, Some(id_token.clone()));
    untrusted(tell("another").await, "another person");
}
