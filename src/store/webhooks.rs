//! Webhook endpoints, their deliveries and attempts.

mod addresses;
mod attempts;
mod deliveries;
mod hosts;
mod leases;
mod secrets;
mod waiting;

use jiff::Timestamp;

pub use self::addresses::{clear_addresses, count_sealed_addresses, replace_clear_address};
pub use self::attempts::{AttemptHour, AttemptRecord, attempts, hours};
pub use self::deliveries::{
    AttemptOutcome, DeliveryRecord, DueDeliveries, DueDelivery, UnreadableDelivery, count_tests, counts, deliveries,
    delivery, due_deliveries, insert_test, is_any_waiting, record, remove_before, replay, replay_many, set_aside,
};
pub use self::hosts::{count_host_message, remove_host_messages_before};
pub use self::leases::{LeasedEndpoint, endpoints_with_due, lease, lease_ends as end_leases, release, renew};
pub use self::secrets::{SecretRecord, active_secrets, expire_secrets, insert_secret};
pub use self::waiting::{DeliveryCounts, bring_forward, delivery_counts, next_due};
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::grant_columns::{webhook_endpoint_creches, webhook_endpoint_event_types};
use super::grants::{self, ENDPOINT_CRECHE, ENDPOINT_EVENT_TYPE};
use super::integrity::{self, KeyValue as RowId, WEBHOOK_ENDPOINT};
use super::source::{RowSource, all, optional};
use crate::domain::event::EventType;
use crate::domain::webhook::{EndpointState, Reason, Signing};
use crate::ids::{ApplicationId, CrecheId, OrganiserId, WebhookEndpointId};

/// An address that an organiser's events are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRecord {
    /// Its id.
    pub id: WebhookEndpointId,
    /// The application that made it; `None` when a person did.
    pub application: Option<ApplicationId>,
    /// Where to send, sealed.
    pub sealed_url: Vec<u8>,
    /// Raised with each change of the address.
    pub url_version: u32,
    /// The keyed hash of the host; `None` for the operator's own.
    pub host_hash: Option<String>,
    /// How many deliveries a minute the address consented to (CloudEvents handshake).
    pub allowed_rate: Option<u32>,
    /// What it is for; empty when not given.
    pub description: String,
    /// The types of events to send; `None` for all.
    pub event_types: Option<Vec<EventType>>,
    /// The crèches whose events are sent; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// How deliveries are signed.
    pub signing: Signing,
    /// Headers to send along: JSON, sealed.
    pub headers: Option<Vec<u8>>,
    /// Most deliveries in a second.
    pub rate: u32,
    /// Whether it is active, paused or disabled.
    pub state: EndpointState,
    /// Why it is paused or disabled.
    pub reason: Option<Reason>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the address answered a verification correctly.
    pub verified_at: Option<Timestamp>,
    /// The first failure since the last success.
    pub failing_since: Option<Timestamp>,
}

macro_rules! endpoints {
    ($where:literal) => {
        concat!(
            "select id, application_id, sealed_url, url_version, host_hash, allowed_rate, description, ",
            webhook_endpoint_event_types!(),
            " as event_types, ",
            webhook_endpoint_creches!(),
            " as creches, signing, headers, rate, state, reason, created_at, verified_at, failing_since from webhook_endpoint where ",
            $where
        )
    };
}

const FIND: &str = endpoints!("organiser_id = $1 and id = $2");
const LIST: &str = endpoints!("organiser_id = $1 order by id");
const INSERT: &str = "insert into webhook_endpoint (id, organiser_id, application_id, url, sealed_url, url_version, \
                      host_hash, allowed_rate, description, all_event_types, all_creches, signing, headers, rate, \
                      state, created_at) \
                      values ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const UPDATE: &str = "update webhook_endpoint set sealed_url = $3, url_version = $4, host_hash = $5, allowed_rate = $6, \
                      description = $7, all_event_types = $8, all_creches = $9, headers = $10, rate = $11, state = $12, \
                      reason = $13, verified_at = $14, failing_since = $15 \
                      where organiser_id = $1 and id = $2";
const FAILED: &str = "update webhook_endpoint set failing_since = coalesce(failing_since, $3), \
                      held_until = coalesce($4, held_until) \
                      where organiser_id = $1 and id = $2 returning failing_since";
const WORKS: &str = "update webhook_endpoint set failing_since = null, held_until = null \
                     where organiser_id = $1 and id = $2 and failing_since is not null";
const DELETE: [&str; 4] = [
    "delete from attempt where organiser_id = $1 and endpoint_id = $2",
    "delete from delivery where organiser_id = $1 and endpoint_id = $2",
    "delete from webhook_secret where organiser_id = $1 and endpoint_id = $2",
    "delete from webhook_endpoint where organiser_id = $1 and id = $2 returning mac",
];

/// Stores a new endpoint.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &EndpointRecord) -> Result<(), Error> {
    let (id, organiser, created) = (new.id.to_string(), organiser.to_string(), new.created_at.as_millisecond());
    let application = new.application.map(|application| application.to_string());
    let (all_types, all_creches) = (i64::from(new.event_types.is_none()), i64::from(new.creches.is_none()));
    let (signing, state, rate) = (new.signing.code(), new.state.code(), i64::from(new.rate));
    let (version, allowed) = (i64::from(new.url_version), new.allowed_rate.map(i64::from));
    execute!(
        tx,
        INSERT,
        &id,
        &organiser,
        application,
        &new.sealed_url,
        version,
        &new.host_hash,
        allowed,
        &new.description,
        all_types,
        all_creches,
        signing,
        &new.headers,
        rate,
        state,
        created,
    )?
    .one()?;
    write_grants(tx, &organiser, &id, new).await?;
    integrity::seal_new(tx, &WEBHOOK_ENDPOINT, &[RowId::Text(&id)]).await
}

/// Fails when the endpoint does not match its authentication code: then nothing is sent to it.
pub async fn require_sound(tx: &mut Tx, id: WebhookEndpointId) -> Result<(), Error> {
    integrity::require(tx, &WEBHOOK_ENDPOINT, &[RowId::Text(&id.to_string())]).await
}

/// The organiser's endpoint with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: WebhookEndpointId) -> Result<Option<EndpointRecord>, Error> {
    optional(row!(tx, EndpointRow, FIND, organiser.to_string(), id.to_string())?)
}

/// Every endpoint of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<EndpointRecord>, Error> {
    all(rows!(tx, EndpointRow, LIST, organiser.to_string())?)
}

/// Replaces the columns of an endpoint except its id, its maker, its way of signing and its creation date.
pub async fn update(tx: &mut Tx, organiser: OrganiserId, new: &EndpointRecord) -> Result<(), Error> {
    let (id, organiser) = (new.id.to_string(), organiser.to_string());
    let (all_types, all_creches) = (i64::from(new.event_types.is_none()), i64::from(new.creches.is_none()));
    let (state, reason) = (new.state.code(), new.reason.map(Reason::code));
    let [verified, failing] = [new.verified_at, new.failing_since].map(|at| at.map(Timestamp::as_millisecond));
    let rate = i64::from(new.rate);
    let (version, allowed) = (i64::from(new.url_version), new.allowed_rate.map(i64::from));
    let before = integrity::authenticated_row(tx, &WEBHOOK_ENDPOINT, &[RowId::Text(&id)]).await?;
    // Where it is active now, deliveries that waited for it are due.
    tx.notify_of_deliveries();
    execute!(
        tx,
        UPDATE,
        &organiser,
        &id,
        &new.sealed_url,
        version,
        &new.host_hash,
        allowed,
        &new.description,
        all_types,
        all_creches,
        &new.headers,
        rate,
        state,
        reason,
        verified,
        failing,
    )?
    .one()?;
    write_grants(tx, &organiser, &id, new).await?;
    integrity::seal(tx, &WEBHOOK_ENDPOINT, &[RowId::Text(&id)], before).await
}

/// Removes an endpoint with its deliveries; `false` when the organiser has none with this id.
pub async fn delete(tx: &mut Tx, organiser: OrganiserId, id: WebhookEndpointId) -> Result<bool, Error> {
    let (organiser, id) = (organiser.to_string(), id.to_string());
    let [attempts, deliveries, secrets, endpoint] = DELETE;
    for part in [attempts, deliveries, secrets] {
        execute!(tx, part, &organiser, &id)?.any();
    }
    for table in [&ENDPOINT_EVENT_TYPE, &ENDPOINT_CRECHE] {
        grants::clear(tx, table, &organiser, &id).await?;
    }
    let deleted = row!(tx, (Option<Vec<u8>>,), endpoint, &organiser, &id)?;
    if let Some((mac,)) = &deleted {
        integrity::removed(tx, &WEBHOOK_ENDPOINT, &organiser, &id, mac.as_deref());
    }
    Ok(deleted.is_some())
}

/// Records a failed delivery, and that nothing is to be sent before `held_until`. Returns the first failure since the last
/// success; `None` when there is no such endpoint any more.
pub async fn record_failure(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: WebhookEndpointId,
    at: Timestamp,
    held_until: Option<Timestamp>,
) -> Result<Option<Timestamp>, Error> {
    let (organiser, id) = (organiser.to_string(), id.to_string());
    let held_until = held_until.map(Timestamp::as_millisecond);
    let since = row!(tx, (i64,), FAILED, organiser, &id, at.as_millisecond(), held_until)?;
    since.map(|(since,)| RowSource { table: "webhook_endpoint", id: &id }.instant("failing_since", since)).transpose()
}

/// Records a successful delivery.
pub async fn record_success(tx: &mut Tx, organiser: OrganiserId, id: WebhookEndpointId) -> Result<(), Error> {
    execute!(tx, WORKS, organiser.to_string(), id.to_string())?.at_most_one().map(drop)
}

/// Replaces the rows of the types of events and crèches that it is sent.
async fn write_grants(tx: &mut Tx, organiser: &str, id: &str, endpoint: &EndpointRecord) -> Result<(), Error> {
    let types = endpoint.event_types.iter().flatten().map(|kind| kind.code().to_owned()).collect::<Vec<_>>();
    let creches = grants::ids(endpoint.creches.as_deref());
    grants::replace(tx, &ENDPOINT_EVENT_TYPE, (organiser, id), &types).await?;
    grants::replace(tx, &ENDPOINT_CRECHE, (organiser, id), &creches).await
}

#[derive(sqlx::FromRow)]
struct EndpointRow {
    id: String,
    application_id: Option<String>,
    sealed_url: Option<Vec<u8>>,
    url_version: i64,
    host_hash: Option<String>,
    allowed_rate: Option<i64>,
    description: String,
    event_types: Option<String>,
    creches: Option<String>,
    signing: String,
    headers: Option<Vec<u8>>,
    rate: i64,
    state: String,
    reason: Option<String>,
    created_at: i64,
    verified_at: Option<i64>,
    failing_since: Option<i64>,
}

impl TryFrom<EndpointRow> for EndpointRecord {
    type Error = Error;

    fn try_from(row: EndpointRow) -> Result<Self, Error> {
        let from = RowSource { table: "webhook_endpoint", id: &row.id };
        let types = |text: String| text.split(' ').map(|code| from.text("event_types", code)).collect();
        let creches = row.creches.as_deref().map(serde_json::from_str::<Vec<CrecheId>>).transpose();
        Ok(Self {
            id: from.text("id", &row.id)?,
            application: from.optional("application_id", row.application_id.as_deref())?,
            event_types: row.event_types.map(types).transpose()?,
            creches: creches.map_err(|_| from.corrupt("creches"))?,
            signing: from.text("signing", &row.signing)?,
            rate: from.number("rate", row.rate)?,
            state: from.text("state", &row.state)?,
            reason: from.optional("reason", row.reason.as_deref())?,
            created_at: from.instant("created_at", row.created_at)?,
            verified_at: from.maybe_instant("verified_at", row.verified_at)?,
            failing_since: from.maybe_instant("failing_since", row.failing_since)?,
            sealed_url: row.sealed_url.ok_or_else(|| from.corrupt("sealed_url"))?,
            url_version: from.number("url_version", row.url_version)?,
            allowed_rate: row.allowed_rate.map(|rate| from.number("allowed_rate", rate)).transpose()?,
            host_hash: row.host_hash,
            description: row.description,
            headers: row.headers,
        })
    }
}
