//! A receiver of webhooks: a small server, which stores the messages and responds as configured.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passerelle::app::webhooks::{Dispatcher, SealedAddress};
use passerelle::domain::webhook::{EndpointState as Standing, Signing};
use passerelle::ids::{OrganiserId, WebhookEndpointId};
use passerelle::store::webhooks::EndpointRecord;
use ring::hmac;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::app::{BASE, CRECHE, TestApp, creche, organiser};
use super::call::Persona;

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Arrival {
    /// A header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The event.
    pub(crate) fn event(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether one of its signatures is made with this secret, worked out here from the standard's words.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let content = [self.header("webhook-id"), ".", self.header("webhook-timestamp"), "."].concat();
        let content = [content.as_bytes(), &self.body].concat();
        let expected = STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &content));
        self.header("webhook-signature").split(' ').any(|signature| signature == format!("v1,{expected}"))
    }
}

/// How it answers.
type Answers = dyn Fn(&Arrival) -> Response + Send + Sync;

/// The server, until it is dropped.
pub(crate) struct Receiver {
    address: SocketAddr,
    arrivals: mpsc::UnboundedReceiver<Arrival>,
    answers: Arc<Mutex<Arc<Answers>>>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct ReceiverState {
    arrived: mpsc::UnboundedSender<Arrival>,
    answers: Arc<Mutex<Arc<Answers>>>,
}

impl Receiver {
    /// A receiver that accepts everything.
    pub(crate) async fn start() -> Self {
        Self::start_at("127.0.0.1").await
    }

    fn on(listener: TcpListener) -> Self {
        let address = listener.local_addr().unwrap();
        let (arrived, arrivals) = mpsc::unbounded_channel();
        let answers: Arc<Mutex<Arc<Answers>>> =
            Arc::new(Mutex::new(Arc::new(|_: &Arrival| StatusCode::NO_CONTENT.into_response())));
        let state = ReceiverState { arrived, answers: Arc::clone(&answers) };
        let router = Router::new().route("/{*path}", any(take)).with_state(state);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, arrivals, answers, server }
    }

    /// Another one, at another address of this machine.
    pub(crate) async fn start_at(address: &str) -> Self {
        Self::on(TcpListener::bind((address, 0)).await.unwrap())
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Answers so from now on.
    pub(crate) fn answer(&self, answers: impl Fn(&Arrival) -> Response + Send + Sync + 'static) {
        *self.answers.lock().unwrap() = Arc::new(answers);
    }

    /// Answers with this status from now on.
    pub(crate) fn status(&self, status: u16) {
        self.answer(move |_| StatusCode::from_u16(status).unwrap().into_response());
    }

    /// Everything that has arrived since the last time.
    pub(crate) fn arrived(&mut self) -> Vec<Arrival> {
        std::iter::from_fn(|| self.arrivals.try_recv().ok()).collect()
    }

    /// The next that arrives.
    pub(crate) async fn next(&mut self) -> Arrival {
        let next = tokio::time::timeout(Duration::from_secs(30), self.arrivals.recv()).await;
        next.expect("something arrives").expect("the server is there")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(State(state): State<ReceiverState>, method: Method, headers: HeaderMap, body: Bytes) -> Response {
    let arrival = Arrival { method, headers, body };
    let answers = Arc::clone(&state.answers.lock().unwrap());
    let answer = answers(&arrival);
    let _ = state.arrived.send(arrival);
    answer
}

/// An active endpoint of our application for our first crèche, as stored.
pub(crate) async fn endpoint(app: &TestApp, url: &str) -> EndpointRecord {
    endpoint_with(app, WebhookEndpointId::new(app.app.clocks.machine()), url).await
}

/// The same with this id.
pub(crate) async fn endpoint_with(app: &TestApp, id: WebhookEndpointId, url: &str) -> EndpointRecord {
    endpoint_of(app, (organiser(), id), url).await
}

/// The same of this organiser.
pub(crate) async fn endpoint_of(
    app: &TestApp,
    (organiser, id): (OrganiserId, WebhookEndpointId),
    url: &str,
) -> EndpointRecord {
    let key = app.app.vault.organiser_key(&app.app.db, organiser).await.unwrap();
    let address = SealedAddress::new(&app.app, &key, (organiser, id), 1, url);
    EndpointRecord {
        id,
        application: Some("019a5c00-0000-7000-8000-000000000021".parse().unwrap()),
        sealed_url: address.sealed,
        url_version: address.version,
        host_hash: address.host_hash,
        allowed_rate: None,
        description: String::new(),
        event_types: None,
        creches: Some(vec![creche(CRECHE)]),
        signing: Signing::Hmac,
        headers: None,
        rate: 1000,
        state: Standing::Active,
        reason: None,
        created_at: app.app.clocks.machine().now(),
        verified_at: Some(app.app.clocks.machine().now()),
        failing_since: None,
    }
}

/// An endpoint at this receiver, created and verified through the API: its path and its secret.
pub(crate) async fn verified(who: &Persona<'_>, receiver: &mut Receiver, more: Value) -> (String, String) {
    let mut document = json!({ "url": receiver.url() });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let created = who.post("/webhookEndpoints", document).await.expect(201);
    let path = format!("/webhookEndpoints/{}", created["id"].as_str().unwrap());
    let done = who.post(format!("{path}/verifications"), json!({})).await.expect(200);
    assert_eq!(
        (&done["verified"], &done["webhookEndpoint"]["state"]),
        (&true.into(), &"active".into()),
        "{}",
        done.json
    );
    receiver.arrived();
    (path, created["secret"].as_str().unwrap_or_default().to_owned())
}

/// Delivers all that is due now.
pub(crate) async fn deliver(app: &TestApp) {
    Dispatcher::deliver_all_due(app.app.clone(), format!("{BASE}/creche/v1")).await.unwrap();
}
