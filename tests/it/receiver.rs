//! The sandbox's receiver of webhooks.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use passerelle::app::webhooks::{self, VerificationKey};
use passerelle::clock::{Clock as _, Fixed};
use passerelle::domain::webhook::Signing;
use passerelle::sandbox::inspector;
use tower::ServiceExt as _;

use crate::harness::process::{Sandbox, sandbox};

const BODY: &str = r#"{"type": "doctor.validated", "number": 7, "id": "e"}"#;

struct Box {
    router: Router,
    clock: Arc<Fixed>,
}

impl Box {
    fn new() -> Self {
        let clock = Arc::new(Fixed::at("2026-10-12T07:00:00Z".parse::<Timestamp>().unwrap()));
        Self { router: inspector::router(clock.clone()), clock }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String, axum::http::HeaderMap) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, 1_000_000).await.unwrap();
        (parts.status, String::from_utf8(bytes.into()).unwrap(), parts.headers)
    }

    /// A letter that is signed with this, so many minutes ago.
    async fn letter(&self, path: &str, signing: Signing, secret: [u8; 32], ago: i64) -> StatusCode {
        let second = (self.clock.now() - SignedDuration::from_mins(ago)).as_second();
        let signature = webhooks::sign(signing, &[secret], "e", second, BODY.as_bytes());
        let request = Request::post(path).header("webhook-id", "e").header("webhook-timestamp", second);
        self.send(request.header("webhook-signature", signature).body(BODY.into()).unwrap()).await.0
    }

    async fn page(&self, path: &str, language: &str) -> String {
        let (status, page, _) =
            self.send(Request::get(path).header("accept-language", language).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        page
    }

    async fn give(&self, name: &str, key: &str) {
        let form: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("secret", key).finish();
        let (status, ..) = self.send(Request::post(format!("/{name}/secret")).body(form.into()).unwrap()).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn what_arrives_is_shown_and_its_signature_verified_once_the_secret_is_given() {
    for signing in [Signing::Hmac, Signing::Ed25519] {
        let this = Box::new();
        assert_eq!(this.letter("/mine", signing, [1; 32], 0).await, StatusCode::NO_CONTENT);
        let page = this.page("/mine", "fr").await;
        assert!(page.contains("doctor.validated") && page.contains("Pas vérifiée"));
        let key = |secret| match webhooks::verification_key(signing, &secret) {
            VerificationKey::Secret(key) | VerificationKey::PublicKey(key) => key,
        };
        this.give("mine", &key([1; 32])).await;
        let page = this.page("/mine", "en-GB,fr").await;
        assert!(page.contains(">Good<") && !page.contains("Bad") && !page.contains(&key([1; 32])));
        this.give("mine", &key([2; 32])).await;
        assert!(this.page("/mine", "nl").await.contains("geen enkele handtekening klopt"));
        this.give("mine", "sésame").await;
        assert!(this.page("/mine", "en").await.contains("a secret begins with whsec_"));
        this.give("mine", &key([1; 32])).await;
        this.letter("/mine", signing, [1; 32], 6).await;
        assert!(this.page("/mine", "en").await.contains("more than five minutes off"));
        this.send(Request::post("/mine").body(BODY.into()).unwrap()).await;
        assert!(this.page("/mine", "en").await.contains("header is missing"));
    }
}

#[tokio::test]
async fn it_responds_with_the_requested_status_consents_and_is_bounded() {
    let this = Box::new();
    assert_eq!(this.letter("/mine?status=503", Signing::Hmac, [1; 32], 0).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(this.letter("/mine?status=99", Signing::Hmac, [1; 32], 0).await, StatusCode::NO_CONTENT);
    assert_eq!(this.letter("/no+name", Signing::Hmac, [1; 32], 0).await, StatusCode::NOT_FOUND);
    let asked = Request::options("/mine").header("webhook-request-origin", "passerelle.example");
    let (status, _, headers) = this.send(asked.body(Body::empty()).unwrap()).await;
    assert_eq!((status, headers["webhook-allowed-origin"].to_str().unwrap()), (StatusCode::NO_CONTENT, "*"));
    let (status, ..) = this.send(Request::post("/mine").body("x".repeat(65 * 1024).into()).unwrap()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    for _ in 0..60 {
        this.letter("/mine", Signing::Hmac, [1; 32], 0).await;
    }
    assert_eq!(this.page("/mine", "en").await.matches("<td><details>").count(), 50);
    for name in 0..100 {
        this.letter(&format!("/other-{name}"), Signing::Hmac, [1; 32], 0).await;
    }
    assert!(this.page("/mine", "en").await.contains("Nothing has arrived yet."), "the oldest box made room");
    assert!(this.page("/", "fr").await.contains("Boîte de réception"));
}

#[tokio::test]
async fn a_sandbox_has_it_and_delivers_its_own_webhooks_to_it() {
    let sandbox = Sandbox::start(&mut sandbox(None, None));
    let (vendor, base) = (sandbox.vendor(), sandbox.text("/baseUrl").to_owned());
    let url = format!("{base}/sandbox/receiver/mine");
    let answer = async |path: String, body: serde_json::Value| {
        let sent = crate::harness::process::answer(vendor.post(&path, body.to_string())).await;
        sent.unwrap().1
    };
    let made = answer("/webhookEndpoints".to_owned(), serde_json::json!({ "url": url })).await;
    let path = format!("/webhookEndpoints/{}/verifications", made["id"].as_str().unwrap());
    assert_eq!(answer(path.clone(), serde_json::json!({})).await["verified"], true);
    assert_eq!(answer(path, serde_json::json!({ "method": "handshake" })).await["verified"], true);
    let http = passerelle::outbound::client::loopback().build().unwrap();
    let form = format!("secret={}", made["secret"].as_str().unwrap().replace('+', "%2B"));
    http.post(format!("{url}/secret")).body(form).send().await.unwrap();
    let page = http.get(&url).header("accept-language", "en").send().await.unwrap().text().await.unwrap();
    assert!(page.contains(">Good<") && page.contains("attendanceStatement.deposited"), "{page}");
}

#[tokio::test]
async fn a_hosted_sandbox_reaches_its_receiver_in_process_and_nothing_else_on_its_machine() {
    let mut receiver = crate::harness::receiver::Receiver::start().await;
    let sandbox = Sandbox::start(&mut crate::harness::process::command(["sandbox", "--listen", "0.0.0.0:0"]));
    let (vendor, base) = (sandbox.vendor(), sandbox.text("/baseUrl").to_owned());
    let post = async |path: &str, body: serde_json::Value| {
        crate::harness::process::answer(vendor.post(path, body.to_string())).await.unwrap()
    };
    let by_address = base.replace("localhost", "127.0.0.1");
    for url in [
        receiver.url(),
        receiver.url().replace("127.0.0.1", "localhost"),
        format!("{by_address}/sandbox/receiver/mine"),
        format!("{base}/creche/v1/health"),
        format!("{base}/sandbox/receiver/mine/secret"),
        format!("{base}/sandbox/receiver/../../console"),
    ] {
        let (status, told) = post("/webhookEndpoints", serde_json::json!({ "url": url })).await;
        assert_eq!((status, &told["issues"][0]["code"]), (400, &"webhook.internalAddress".into()), "{url}: {told}");
    }
    let url = format!("{base}/sandbox/receiver/mine?status=202");
    let (status, made) = post("/webhookEndpoints", serde_json::json!({ "url": url })).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/webhookEndpoints/{}/verifications", made["id"].as_str().unwrap());
    let (_, done) = post(&path, serde_json::json!({})).await;
    assert_eq!((&done["verified"], &done["attempt"]["status"]), (&true.into(), &202.into()), "{done}");
    let (_, done) = post(&path, serde_json::json!({ "method": "handshake" })).await;
    assert_eq!(done["webhookEndpoint"]["consentedPerMinute"], 60_000, "{done}");
    assert!(receiver.arrived().is_empty());
}
