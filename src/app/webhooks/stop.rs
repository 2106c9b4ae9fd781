//! Endpoints that get no more deliveries: gone, or failing for days. An event is in their organiser's feed.

use super::WebhookError;
use crate::app::App;
use crate::app::record::Record;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::domain::webhook::{EndpointState, Reason};
use crate::ids::{OrganiserId, WebhookEndpointId};
use crate::store::{self, WritePurpose};

/// Pauses or disables an active endpoint and writes an event with the reason.
pub(super) async fn deactivate(
    app: &App,
    organiser: OrganiserId,
    id: WebhookEndpointId,
    reason: Reason,
) -> Result<(), WebhookError> {
    let mut work = app.begin_as(organiser, &Actor::system("webhooks"), WritePurpose::RecordOnly).await?;
    let Some(mut stored) = store::webhooks::find(&mut work, organiser, id).await? else { return Ok(()) };
    if stored.state != EndpointState::Active {
        return Ok(());
    }
    let (state, kind) = match reason {
        Reason::Gone => (EndpointState::Disabled, EventType::EndpointDisabled),
        Reason::Failing | Reason::Person => (EndpointState::Paused, EventType::EndpointPaused),
    };
    (stored.state, stored.reason) = (state, Some(reason));
    if state == EndpointState::Disabled {
        stored.verified_at = None;
    }
    store::webhooks::update(&mut work, organiser, &stored).await?;
    work.record(&Record::of(kind).about(id));
    Ok(work.commit().await?)
}
