//! The deliveries to an endpoint, and redelivery.

use jiff::{SignedDuration, Timestamp};

use super::{DeliveryFilter, WebhookError, begin, find_endpoint};
use crate::app::caller::Caller;
use crate::app::record::Record;
use crate::app::{App, SubmittedDocument};
use crate::domain::action::RecordedAction;
use crate::domain::event::Event;
use crate::domain::finding::FindingPlace;
use crate::domain::raw::record as fields;
use crate::domain::rules::webhook as rules;
use crate::domain::webhook::DeliveryProgress;
use crate::ids::{EventId, WebhookEndpointId};
use crate::ingest::schema::WEBHOOK_REPLAY;
use crate::store;
use crate::store::webhooks::{AttemptHour, AttemptRecord, DeliveryRecord};

/// How far back the figures of an endpoint reach.
const FIGURES: SignedDuration = SignedDuration::from_hours(48);

/// A delivery with its event and attempts.
#[derive(Debug)]
pub struct DeliveryDetails {
    /// Its status.
    pub delivery: DeliveryRecord,
    /// Its event.
    pub event: Event,
    /// Every attempt, the first first.
    pub attempts: Vec<AttemptRecord>,
}

/// Deliveries, the newest first.
#[derive(Debug)]
pub struct DeliveryPage {
    /// The deliveries.
    pub items: Vec<DeliveryRecord>,
    /// Whether there are more.
    pub more: bool,
}

fields! {
    /// The deliveries to be made again.
    pub struct RawReplay {
        /// First instant.
        required from "from": Rfc3339Timestamp,
        /// Last instant; now by default.
        optional until "until": Rfc3339Timestamp,
        /// Only those with this status; all by default.
        optional only "state": DeliveryProgress,
    }
}

/// An instant in a document (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Rfc3339Timestamp(pub Timestamp);

impl crate::domain::raw::Raw for Rfc3339Timestamp {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// At most `most` deliveries to an endpoint, those before `before` where it is given.
pub async fn list_deliveries(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
    filter: DeliveryFilter,
    before: Option<EventId>,
    most: u32,
) -> Result<DeliveryPage, WebhookError> {
    let tx = &mut app.db.read().await?;
    find_endpoint(tx, caller, id).await?;
    let mut items = store::webhooks::deliveries(tx, caller.organiser, id, filter, before, most + 1).await?;
    let more = items.len() > most as usize;
    items.truncate(most as usize);
    Ok(DeliveryPage { items, more })
}

/// One delivery with all of its attempts.
pub async fn find_delivery(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
    event: EventId,
) -> Result<DeliveryDetails, WebhookError> {
    let tx = &mut app.db.read().await?;
    find_endpoint(tx, caller, id).await?;
    let delivery = store::webhooks::delivery(tx, caller.organiser, id, event).await?;
    let delivery = delivery.ok_or(WebhookError::NoDelivery(event))?;
    let attempts = store::webhooks::attempts(tx, caller.organiser, id, event).await?;
    let told = match delivery.number.checked_sub(1) {
        Some(before) => store::events::after(tx, caller.organiser, before, 1).await?.pop().map(|(_, event)| event),
        None => Some(Event::sample(event, delivery.kind, delivery.at)),
    };
    Ok(DeliveryDetails { event: told.ok_or(WebhookError::NoDelivery(event))?, delivery, attempts })
}

/// Has a delivery made once more, as if for the first time.
pub async fn replay(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
    event: EventId,
) -> Result<DeliveryRecord, WebhookError> {
    let mut work = begin(app, caller).await?;
    find_endpoint(&mut work, caller, id).await?;
    let found = store::webhooks::delivery(&mut work, caller.organiser, id, event).await?;
    let found = found.ok_or(WebhookError::NoDelivery(event))?;
    let now = app.clocks.machine().now();
    if !store::webhooks::replay(&mut work, caller.organiser, id, event, now).await? {
        return Err(WebhookError::of(&rules::TEST_ONLY, FindingPlace::default()));
    }
    work.record(&Record::of(RecordedAction::WebhookEndpointReplayed).about(id));
    work.commit().await?;
    Ok(DeliveryRecord { progress: DeliveryProgress::Waiting, due_at: Some(now), ..found })
}

/// Has all deliveries of a window made again, or those with a status. Returns how many.
pub async fn replay_many(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
    input: SubmittedDocument<'_, RawReplay>,
) -> Result<u64, WebhookError> {
    let (raw, findings) = input.read(WEBHOOK_REPLAY);
    let raw = raw.unwrap_or_default();
    let (from, until, only) = (raw.from.take(), raw.until.take(), raw.only.take());
    let Some(Rfc3339Timestamp(from)) = from.filter(|_| !findings.has_errors()) else {
        return Err(WebhookError::Invalid(findings.folded()));
    };
    let mut work = begin(app, caller).await?;
    find_endpoint(&mut work, caller, id).await?;
    let (now, until) =
        (app.clocks.machine().now(), until.map_or_else(|| caller.clock.now(), |Rfc3339Timestamp(until)| until));
    let window = (from, until);
    let replayed = store::webhooks::replay_many(&mut work, caller.organiser, id, window, only, now).await?;
    if replayed > 0 {
        work.record(&Record::of(RecordedAction::WebhookEndpointReplayed).about(id));
        work.commit().await?;
    }
    Ok(replayed)
}

/// The number of deliveries to an endpoint by status, and the attempts of the last two days hour by hour.
pub async fn delivery_statistics(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
) -> Result<(Vec<(DeliveryProgress, u64)>, Vec<AttemptHour>), WebhookError> {
    let tx = &mut app.db.read().await?;
    find_endpoint(tx, caller, id).await?;
    let counts = store::webhooks::counts(tx, caller.organiser, id).await?;
    let hours = store::webhooks::hours(tx, caller.organiser, id, app.clocks.machine().now() - FIGURES).await?;
    Ok((counts, hours))
}
