//! Providers that send false tokens, break off or flood.

mod tokens;
mod trouble;

use std::sync::Arc;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use passerelle::clock::{Clock as _, Fixed};
use passerelle::outbound::oidc::{Callback, Identity, LoginAttempt, LoginError, LoginProvider};
use passerelle::sandbox::csam::{SSIN_CLAIM, STRONG};
use passerelle::words::Language;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use ring::{digest, hmac};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{SSIN, clock, login, parameter, provider};

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

/// A provider whose answers the test chooses, and the gateway's client in the middle of a log-in.
struct FakeProvider {
    server: MockServer,
    signer: Signer,
    clock: Arc<Fixed>,
    provider: LoginProvider,
    attempt: LoginAttempt,
    callback: Callback,
    nonce: String,
}

impl FakeProvider {
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

    fn valid_token(&self, claims: &Value) -> String {
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
