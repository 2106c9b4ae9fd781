//! What the gateway does and sees in a world on behalf of the cases: calls of the API by a program of its own, within the process,
//! and the log of the calls of others.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use serde_json::Value;
use tower::ServiceExt as _;

use super::catalogue::Case;
use super::content::Slot;
use crate::app::keys::{self, NewKey};
use crate::cli::CliError;
use crate::clock::Clock as _;
use crate::domain::actor::Actor;
use crate::domain::key::{KeyKind, KeyText, Scopes};
use crate::http::urls::API_ROOT;
use crate::sandbox::seed;
use crate::sandbox::worlds::content::WorldContent;
use crate::sandbox::worlds::open_world::OpenWorld;

/// The most bytes of an answer.
const MOST: usize = 4 << 20;
/// How many calls, and events, are read at a time.
const PAGE: usize = 100;

/// What failed.
pub(in crate::sandbox::worlds) type StageError = CliError;

/// A world in which software is tried.
pub(super) struct Stage {
    pub(super) open: Arc<OpenWorld>,
    pub(super) content: WorldContent,
    /// The address of the API for others.
    pub(super) api_url: String,
    /// The key of the software.
    pub(super) software: KeyText,
    /// The key of the gateway's own program.
    own: KeyText,
    host: HeaderValue,
}

/// A call of the software, as it was logged.
#[derive(Debug, Clone)]
pub(super) struct SeenCall(pub(super) Value);

impl SeenCall {
    pub(super) fn text(&self, member: &str) -> &str {
        self.0[member].as_str().unwrap_or_default()
    }

    pub(super) fn status(&self) -> u64 {
        self.0["status"].as_u64().unwrap_or_default()
    }
}

impl Stage {
    pub(super) async fn new(open: Arc<OpenWorld>, content: WorldContent, world_url: &str) -> Result<Self, StageError> {
        let organiser = content.world.organisers.first().ok_or("the world has no organiser")?;
        let application = organiser.applications.first().ok_or("the world has no application")?.id;
        let new = NewKey {
            organiser: organiser.id,
            application,
            kind: KeyKind::Test,
            scopes: Scopes::all(),
            creches: None,
            expires_at: None,
        };
        let own = seed::key_text(&open.app, "certification", &new);
        keys::issue_with(open.app.acting_as(&Actor::system("certification")), &new, &own).await?;
        let software = seed::key_text(&open.app, "everything", &new);
        let url: Uri = world_url.parse()?;
        let host = HeaderValue::from_str(url.authority().map_or("", |authority| authority.as_str()))?;
        let api_url = format!("{world_url}{API_ROOT}");
        Ok(Self { open, content, api_url, software, own, host })
    }

    /// The slot of the case with this place in the profile; `None` where there is none.
    pub(super) fn slot(&self, case: Case, at: usize) -> Option<Slot> {
        let slots = case.profile.deposit().slots(&self.content, self.open.clock.today());
        slots.get(at % slots.len().max(1)).copied()
    }

    /// What is stored at this path; `None` where nothing was ever deposited.
    pub(super) async fn stored(&self, path: &str) -> Result<Option<Value>, StageError> {
        let (status, found, _) = self.call(Method::GET, path, None, None).await?;
        match status {
            StatusCode::OK => Ok(Some(found)),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(format!("{path} could not be read: {status}").into()),
        }
    }

    /// Deposits a document, whatever is there.
    pub(super) async fn deposit(&self, path: &str, document: &Value) -> Result<(), StageError> {
        let (_, _, etag) = self.call(Method::GET, path, None, None).await?;
        let (status, answer, _) = self.call(Method::PUT, path, Some(document), etag).await?;
        if status.is_success() { Ok(()) } else { Err(format!("a deposit was refused: {answer}").into()) }
    }

    /// The page on which a person signs the report at this path: what a key learns that tries to.
    pub(super) async fn signing_page(&self, path: &str) -> Result<String, StageError> {
        let (status, refused, _) = self.call(Method::POST, &format!("{path}/signature"), None, None).await?;
        let page = refused["page"].as_str().map(str::to_owned);
        page.ok_or_else(|| format!("an attempt to sign {path} was answered {status} without a page").into())
    }

    /// The number of the last logged call.
    pub(super) async fn last_call(&self) -> Result<u64, StageError> {
        Ok(self.get("/requests?pageSize=1").await?["upTo"].as_u64().unwrap_or_default())
    }

    /// The calls of the software after this one, in their order.
    pub(super) async fn calls(&self, mut after: u64) -> Result<Vec<SeenCall>, StageError> {
        let mut seen = Vec::new();
        loop {
            let page = self.get(&format!("/requests?after={after}&pageSize={PAGE}")).await?;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let count = items.len();
            after = page["upTo"].as_u64().unwrap_or(after);
            let own = self.own.id().to_string();
            seen.extend(items.into_iter().map(SeenCall).filter(|call| call.text("keyId") != own));
            if count < PAGE {
                return Ok(seen);
            }
        }
    }

    /// The number of the last event.
    pub(super) async fn last_event(&self) -> Result<u64, StageError> {
        Ok(self.events(0).await?.last().copied().unwrap_or_default())
    }

    /// The numbers of the events after this one.
    pub(super) async fn events(&self, mut after: u64) -> Result<Vec<u64>, StageError> {
        let mut numbers = Vec::new();
        loop {
            let page = self.get(&format!("/events?after={after}&pageSize={PAGE}")).await?;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            numbers.extend(items.iter().filter_map(|event| event["number"].as_u64()));
            after = page["upTo"].as_u64().unwrap_or(after);
            if items.len() < PAGE {
                return Ok(numbers);
            }
        }
    }

    /// The webhook endpoints.
    pub(super) async fn endpoints(&self) -> Result<Vec<Value>, StageError> {
        Ok(self.get("/webhookEndpoints").await?["items"].as_array().cloned().unwrap_or_default())
    }

    /// The statuses that the endpoint answered with to the attempts to deliver an event, the first first.
    pub(super) async fn attempts(&self, endpoint: &str, number: u64) -> Result<Vec<Option<u64>>, StageError> {
        let listed = self.get(&format!("/webhookEndpoints/{endpoint}/deliveries?pageSize={PAGE}")).await?;
        let items = listed["items"].as_array().into_iter().flatten();
        let Some(delivery) = items.into_iter().find(|delivery| delivery["number"] == number) else {
            return Ok(Vec::new());
        };
        let event = delivery["id"].as_str().unwrap_or_default();
        let whole = self.get(&format!("/webhookEndpoints/{endpoint}/deliveries/{event}")).await?;
        let attempts = whole["attempts"].as_array().into_iter().flatten();
        Ok(attempts.map(|attempt| attempt["status"].as_u64()).collect())
    }

    async fn get(&self, path: &str) -> Result<Value, StageError> {
        // What was called is written down once a second; here it is needed at once.
        self.open.app.requests.flush(&self.open.app.db, &self.open.app.vault).await?;
        let (status, answer, _) = self.call(Method::GET, path, None, None).await?;
        if status.is_success() { Ok(answer) } else { Err(format!("{path} answered {status}").into()) }
    }

    /// A call: its status, its answer, and the entity tag.
    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        if_match: Option<HeaderValue>,
    ) -> Result<(StatusCode, Value, Option<HeaderValue>), StageError> {
        let bearer = format!("Bearer {}", self.own.expose());
        let mut request = Request::builder().method(method).uri(format!("{API_ROOT}{path}"));
        request = request.header(header::HOST, self.host.clone()).header(header::AUTHORIZATION, bearer);
        request = request.header(header::CONTENT_TYPE, "application/json");
        if let Some(etag) = if_match {
            request = request.header(header::IF_MATCH, etag);
        }
        let request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))?;
        let response = self.open.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (status, etag) = (response.status(), response.headers().get(header::ETAG).cloned());
        let bytes = to_bytes(response.into_body(), MOST).await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default(), etag))
    }
}
