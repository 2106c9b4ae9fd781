//! The sandbox's receiver of webhooks: an address that accepts any message, and a page that shows the messages and whether
//! their signatures verify. It does not exist in production, and stores nothing beyond the process.

mod boxes;
pub(crate) mod local;
mod page;
mod verify;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequestParts, RawPathParams, RawQuery, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tower::ServiceExt as _;

use self::boxes::{BoxStore, ReceivedMessage};
use crate::clock::Clock;

/// The largest message that is accepted, in bytes.
const LARGEST: usize = 64 * 1024;
/// The longest name of a box.
const NAME: usize = 40;

/// The boxes, and the clock.
#[derive(Clone)]
struct InspectorState {
    boxes: Arc<BoxStore>,
    clock: Arc<dyn Clock>,
}

/// The boxes of one process: mounted as a router, and reached from within the process without a socket. Cheap to clone.
#[derive(Clone)]
pub struct Inspector {
    router: Router,
}

/// A request from within the process.
#[derive(Debug, Clone)]
pub struct InspectorRequest<'a> {
    /// The address's path below [`ROOT`], with its query.
    pub path: &'a str,
    /// Whether it asks for consent (`OPTIONS`); else it brings something (`POST`).
    pub asks: bool,
    /// Headers, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The response to it.
#[derive(Debug, Clone)]
pub struct InspectorAnswer {
    /// The status.
    pub status: u16,
    /// `WebHook-Allowed-Origin`.
    pub allowed_origin: Option<String>,
    /// `WebHook-Allowed-Rate`.
    pub allowed_rate: Option<String>,
}

impl Inspector {
    /// Empty boxes.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { router: router(clock) }
    }

    /// The routes, to be mounted at [`ROOT`].
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Handles a request from within the process as if it had come over a socket; `None` when it is malformed.
    pub async fn take(&self, message: InspectorRequest<'_>) -> Option<InspectorAnswer> {
        let method = if message.asks { Method::OPTIONS } else { Method::POST };
        let request = Request::builder().method(method).uri(message.path);
        let request = message.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let request = request.body(Body::from(message.body)).ok()?;
        let answer = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Some(InspectorAnswer {
            status: answer.status().as_u16(),
            allowed_origin: header("webhook-allowed-origin"),
            allowed_rate: header("webhook-allowed-rate"),
        })
    }
}

/// Whether a path below [`ROOT`] is that of a box: webhooks may be sent to no other.
pub fn is_box(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(is_name)
}

/// The routes, to be mounted at [`ROOT`].
pub fn router(clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/", get(page::introduction))
        .route("/{box}", get(page::show).post(take).options(consent))
        .route("/{box}/secret", post(page::secret))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(InspectorState { boxes: Arc::default(), clock })
}

/// The path at which it is mounted.
pub const ROOT: &str = "/sandbox/receiver";

/// The name of a box, in the address: letters, digits and hyphens.
struct Name(String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let found = RawPathParams::from_request_parts(parts, state).await.map_err(|_| StatusCode::NOT_FOUND)?;
        let name = found.iter().next().map(|(_, name)| name.to_owned()).unwrap_or_default();
        if is_name(&name) { Ok(Self(name)) } else { Err(StatusCode::NOT_FOUND) }
    }
}

/// Whether a name is valid for a box.
fn is_name(name: &str) -> bool {
    (1..=NAME).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Stores a message and responds with the status in the query (`?status=503`), 204 by default.
async fn take(
    State(state): State<InspectorState>,
    Name(name): Name,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    state.boxes.put(&name, ReceivedMessage { at: state.clock.now(), headers, body });
    let requested = query.as_deref().and_then(|query| query.strip_prefix("status=")).and_then(|code| code.parse().ok());
    let status = requested.filter(|code| (200..=599).contains(code)).and_then(|code| StatusCode::from_u16(code).ok());
    status.unwrap_or(StatusCode::NO_CONTENT).into_response()
}

/// Consents to deliveries (CloudEvents 1.0, HTTP webhook handshake).
async fn consent(_: Name) -> Response {
    let consent = [("webhook-allowed-origin", "*"), ("webhook-allowed-rate", "*"), ("allow", "GET, POST, OPTIONS")];
    (StatusCode::NO_CONTENT, consent).into_response()
}
