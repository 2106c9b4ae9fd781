//! What happened while a clock was moved: the events of every organiser, the attempts to deliver them, what was removed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::app::retention::RemovedCounts;
use crate::cli::CliError;
use crate::domain::event::Event;
use crate::ids::{CrecheId, OrganiserId};
use crate::store;
use crate::store::webhooks::DeliveryCounts;

/// How many events are listed.
const MOST_EVENTS: usize = 500;
/// How many are read at a time.
const BATCH: u32 = 200;

/// What happened, as it is answered.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Happened {
    /// The events, in the order in which they were written; of many, the first.
    events: Vec<HappenedEvent>,
    /// How many more there are in the feeds.
    more_events: u64,
    /// Attempts to deliver webhooks.
    delivery_attempts: u64,
    /// Webhooks that wait for another attempt.
    deliveries_waiting: u64,
    /// What was removed at the end of its retention period, by kind.
    removed: RemovedCounts,
}

/// An event in the list.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct HappenedEvent {
    at: Timestamp,
    #[serde(rename = "type")]
    kind: &'static str,
    organiser_id: OrganiserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    creche_id: Option<CrecheId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
}

/// Where the feeds and the deliveries were before.
pub(super) struct Before {
    feeds: BTreeMap<OrganiserId, u64>,
    deliveries: DeliveryCounts,
}

impl Before {
    pub(super) async fn read(app: &App) -> Result<Self, CliError> {
        let mut tx = app.db.read().await?;
        let mut feeds = BTreeMap::new();
        for organiser in store::organisers::list(&mut tx).await? {
            feeds.insert(organiser.id, store::events::last_number(&mut tx, organiser.id).await?);
        }
        Ok(Self { feeds, deliveries: store::webhooks::delivery_counts(&mut tx).await? })
    }

    /// What has happened since.
    pub(super) async fn since(&self, app: &App, removed: RemovedCounts) -> Result<Happened, CliError> {
        let mut tx = app.db.read().await?;
        let (mut events, mut count) = (Vec::new(), 0);
        for (organiser, number) in &self.feeds {
            count += store::events::last_number(&mut tx, *organiser).await? - number;
            let mut last = *number;
            loop {
                let found = store::events::after(&mut tx, *organiser, last, BATCH).await?;
                let Some((number, _)) = found.last() else { break };
                last = *number;
                events.extend(found.into_iter().map(|(_, event)| HappenedEvent::of(*organiser, &event)));
                if events.len() > MOST_EVENTS * self.feeds.len() {
                    break;
                }
            }
        }
        events.sort_by_key(|event| event.at);
        events.truncate(MOST_EVENTS);
        let deliveries = store::webhooks::delivery_counts(&mut tx).await?;
        Ok(Happened {
            more_events: count.saturating_sub(events.len() as u64),
            events,
            delivery_attempts: deliveries.attempts.saturating_sub(self.deliveries.attempts),
            deliveries_waiting: deliveries.waiting,
            removed,
        })
    }
}

impl HappenedEvent {
    fn of(organiser: OrganiserId, event: &Event) -> Self {
        Self {
            at: event.at,
            kind: event.kind.code(),
            organiser_id: organiser,
            creche_id: event.creche,
            period: event.period.map(|period| period.to_string()),
        }
    }
}
