//! Webhook endpoints of an organiser: managing them, and the deliveries to them.

mod address;
mod attempt;
mod deliveries;
mod dispatch;
mod host_rate;
mod read;
mod secrets;
mod sign;
mod signed_request;
mod stop;
mod verification;
mod write;

pub use self::address::SealedAddress;
pub(crate) use self::address::seal_clear_addresses;
pub use self::deliveries::{
    DeliveryDetails, DeliveryPage, RawReplay, Rfc3339Timestamp, delivery_statistics, find_delivery, list_deliveries,
    replay, replay_many,
};
pub use self::dispatch::Dispatcher;
pub use self::host_rate::{HostRates, SendingLimits};
pub(in crate::app) use self::read::list_records;
pub use self::read::{find, list};
pub use self::secrets::{RawRotation, RotatedSecret, rotate};
pub use self::sign::{SigningSecret, VerificationKey, read_secret, sign, verification_key};
pub use self::verification::{
    RawTestRequest, RawVerification, VerificationMethod, VerificationOutcome, send_test, verify_endpoint,
};
pub use self::write::{EndpointUpdate, WrittenEndpoint, add, add_as, change, remove};
use super::App;
use super::caller::Caller;
use super::error::InternalError;
use super::error::fault_conversions;
use super::unit_of_work::UnitOfWork;
use crate::domain::finding::{Finding, FindingPlace as Where, Findings};
use crate::domain::rule::Rule;
use crate::domain::webhook::{DeliveryFilter, Header};
use crate::ids::{EventId, OrganiserId, WebhookEndpointId};
use crate::seal::{Compressed, DataKey, SealContext};
pub use crate::store::webhooks::{AttemptHour, AttemptRecord, DeliveryRecord, EndpointRecord};
use crate::store::{self, Tx, WritePurpose};

/// An endpoint as returned to its organiser.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The stored row.
    pub stored: EndpointRecord,
    /// The URL.
    pub url: String,
    /// The headers that are sent along.
    pub headers: Vec<Header>,
    /// The public key of the signatures, where there is one.
    pub public_key: Option<String>,
}

/// Why nothing was done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no such endpoint within the caller's reach.
    #[error("there is no webhook endpoint {0}")]
    NoEndpoint(WebhookEndpointId),
    /// There was no delivery with this id.
    #[error("there is no delivery {0}")]
    NoDelivery(EventId),
    /// The caller's key is for dry runs only, and this operation has none.
    #[error("a trial key does not act")]
    OnlyTries,
    /// The organiser has sent too many tests.
    #[error("too many tests: wait {seconds} s")]
    TooOften {
        /// How long to wait, in seconds.
        seconds: u64,
    },
    /// What was sent breaks rules.
    #[error("what was sent breaks rules")]
    Invalid(Findings),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(WebhookError);

impl WebhookError {
    /// One finding.
    fn of(rule: &'static Rule, place: Where) -> Self {
        Self::Invalid(Findings::from_iter([Finding::new(rule, place)]))
    }
}

impl Endpoint {
    fn open(
        key: &DataKey,
        organiser: OrganiserId,
        stored: EndpointRecord,
        public_key: Option<String>,
    ) -> Result<Self, InternalError> {
        let headers = match &stored.headers {
            Some(sealed) => serde_json::from_slice(&key.open(&headers_at(organiser, stored.id), sealed)?)?,
            None => Vec::new(),
        };
        let url = address::open(key, organiser, &stored)?;
        Ok(Self { stored, url, headers, public_key })
    }
}

/// Whether the caller may read and change an endpoint: an application those that it created, a user all, both only
/// those that are limited to crèches within reach.
fn reached(caller: &Caller, endpoint: &EndpointRecord) -> bool {
    let own = caller.verified_key().is_none_or(|shown| endpoint.application == Some(shown.application));
    let within = caller.creches.is_none()
        || endpoint.creches.as_ref().is_some_and(|creches| creches.iter().all(|creche| caller.reaches(*creche)));
    own && within
}

/// An endpoint within the caller's reach.
async fn find_endpoint(tx: &mut Tx, caller: &Caller, id: WebhookEndpointId) -> Result<EndpointRecord, WebhookError> {
    let found = store::webhooks::find(tx, caller.organiser, id).await?;
    found.filter(|endpoint| reached(caller, endpoint)).ok_or(WebhookError::NoEndpoint(id))
}

/// Begins a write of a caller; refuses a trial key.
async fn begin<'a>(app: &'a App, caller: &Caller) -> Result<UnitOfWork<'a>, WebhookError> {
    if caller.is_trial() {
        return Err(WebhookError::OnlyTries);
    }
    begin_or_try(app, caller).await
}

/// Begins a write that may end as a dry run. What it writes is small and bounded in number.
async fn begin_or_try<'a>(app: &'a App, caller: &Caller) -> Result<UnitOfWork<'a>, WebhookError> {
    Ok(app.begin(caller, WritePurpose::RecordOnly).await?)
}

fn seal_headers(
    key: &DataKey,
    organiser: OrganiserId,
    id: WebhookEndpointId,
    headers: &[Header],
) -> Result<Option<Vec<u8>>, InternalError> {
    if headers.is_empty() {
        return Ok(None);
    }
    Ok(Some(key.seal(&headers_at(organiser, id), Compressed::new(&serde_json::to_vec(headers)?))))
}

fn headers_at(organiser: OrganiserId, id: WebhookEndpointId) -> SealContext {
    SealContext::of("webhook headers", &[&organiser.to_string(), &id.to_string()])
}
