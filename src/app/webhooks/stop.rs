//! Endpoints that are no longer tried: gone, or failing for days. Their organiser is told.

use super::{WebhookError, lock_organiser, record};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::event::{Event, EventType};
use crate::domain::webhook::{EndpointState, Reason};
use crate::ids::{EventId, OrganiserId, WebhookEndpointId};
use crate::store;

/// Takes an active endpoint out of use and tells the organiser's feed why.
pub(super) async fn stop(
    app: &App,
    organiser: OrganiserId,
    id: WebhookEndpointId,
    reason: Reason,
) -> Result<(), WebhookError> {
    let mut tx = lock_organiser(app, organiser).await?;
    let Some(mut kept) = store::webhooks::find(&mut tx, organiser, id).await? else { return Ok(()) };
    if kept.state != EndpointState::Active {
        return Ok(());
    }
    let (state, kind) = match reason {
        Reason::Gone => (EndpointState::Disabled, EventType::EndpointDisabled),
        Reason::Failing | Reason::Person => (EndpointState::Paused, EventType::EndpointPaused),
    };
    (kept.state, kept.reason) = (state, Some(reason));
    if state == EndpointState::Disabled {
        kept.verified_at = None;
    }
    store::webhooks::update(&mut tx, organiser, &kept).await?;
    let event = Event::new(EventId::new(&*app.clock), kind, app.clock.now()).about(id);
    store::events::append(&mut tx, organiser, &event).await?;
    record(app, &mut tx, organiser, &Actor::system("webhooks"), kind.code(), id).await?;
    Ok(tx.commit().await?)
}
