//! Response bodies of endpoints and deliveries.

use jiff::Timestamp;
use serde::Serialize;

use crate::app::webhooks::{AttemptRecord, DeliveryDetails, DeliveryRecord, Endpoint};
use crate::domain::event::{CloudEvent, EventType};
use crate::domain::webhook::{DeliveryFailure, DeliveryProgress, EndpointState, Reason};
use crate::http::urls::Urls;
use crate::ids::{CrecheId, EventId, OrganiserId, WebhookEndpointId};

#[derive(Serialize)]
pub(super) struct EndpointsBody {
    #[serde(rename = "self")]
    pub(super) this: String,
    pub(super) items: Vec<EndpointBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EndpointBody {
    pub(super) href: String,
    id: WebhookEndpointId,
    url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_types: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creches: Option<Vec<CrecheId>>,
    signing: &'static str,
    headers: Vec<HeaderBody>,
    deliveries_per_second: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    consented_per_minute: Option<u32>,
    state: EndpointState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    /// In the response to its creation only.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
}

/// A header: its name alone, because its value may be a secret.
#[derive(Serialize)]
struct HeaderBody {
    name: String,
}

impl EndpointBody {
    pub(super) fn new(Endpoint { stored, url, headers, public_key }: Endpoint, urls: &Urls) -> Self {
        Self {
            href: href(stored.id, urls),
            id: stored.id,
            url,
            description: stored.description,
            event_types: stored.event_types.map(|types| types.into_iter().map(EventType::code).collect()),
            creches: stored.creches,
            signing: stored.signing.code(),
            headers: headers.into_iter().map(|header| HeaderBody { name: header.name }).collect(),
            deliveries_per_second: stored.rate,
            consented_per_minute: stored.allowed_rate,
            state: stored.state,
            reason: stored.reason,
            created_at: stored.created_at,
            verified_at: stored.verified_at,
            failing_since: stored.failing_since,
            public_key,
            secret: None,
            written: None,
        }
    }

    /// The response to a write, with the secret where there is a new one.
    pub(super) fn after_write(self, written: bool, secret: Option<String>) -> Self {
        Self { written: Some(written), secret, ..self }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveriesBody {
    #[serde(rename = "self")]
    pub(super) this: String,
    pub(super) items: Vec<DeliveryBody>,
    pub(super) page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryBody {
    href: String,
    id: EventId,
    number: u64,
    r#type: &'static str,
    state: DeliveryProgress,
    attempt_count: u32,
    written_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<Timestamp>,
}

impl DeliveryBody {
    pub(super) fn href(&self) -> &str {
        &self.href
    }

    pub(super) fn new(endpoint: WebhookEndpointId, delivery: &DeliveryRecord, urls: &Urls) -> Self {
        Self {
            href: format!("{}/deliveries/{}", href(endpoint, urls), delivery.event),
            id: delivery.event,
            number: delivery.number,
            r#type: delivery.kind.code(),
            state: delivery.progress,
            attempt_count: delivery.attempts,
            written_at: delivery.at,
            next_attempt_at: delivery.due_at,
        }
    }
}

/// A delivery with its event and attempts.
#[derive(Serialize)]
pub(super) struct LoggedBody<'a> {
    #[serde(flatten)]
    pub(super) delivery: DeliveryBody,
    event: CloudEvent<'a>,
    attempts: Vec<AttemptBody>,
}

impl<'a> LoggedBody<'a> {
    pub(super) fn new(
        (organiser, endpoint): (OrganiserId, WebhookEndpointId),
        logged: &'a DeliveryDetails,
        root: &'a str,
        urls: &Urls,
    ) -> Self {
        Self {
            delivery: DeliveryBody::new(endpoint, &logged.delivery, urls),
            event: CloudEvent::new(root, organiser, logged.delivery.number, &logged.event),
            attempts: logged.attempts.iter().cloned().map(AttemptBody::from).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttemptBody {
    at: Timestamp,
    duration_millis: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<DeliveryFailure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl From<AttemptRecord> for AttemptBody {
    fn from(attempt: AttemptRecord) -> Self {
        let AttemptRecord { at, millis, status, failure, answer } = attempt;
        Self { at, duration_millis: millis, status, failure, answer }
    }
}

fn href(id: WebhookEndpointId, urls: &Urls) -> String {
    urls.api(format_args!("{}/{id}", super::LIST))
}
