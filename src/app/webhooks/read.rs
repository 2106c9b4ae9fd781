//! Reading endpoints.

use super::{Endpoint, WebhookError, find_endpoint, reached, secrets};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::ids::WebhookEndpointId;
use crate::store;
use crate::store::webhooks::EndpointRecord;

/// Every endpoint within the caller's reach, the oldest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Endpoint>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let mut found = Vec::new();
    for stored in store::webhooks::list(tx, caller.organiser).await? {
        if reached(caller, &stored) {
            let public_key = secrets::public_key(app, tx, caller.organiser, stored.id).await?;
            found.push(Endpoint::open(&key, caller.organiser, stored, public_key)?);
        }
    }
    Ok(found)
}

/// The records of the endpoints within the caller's reach, the oldest first; their addresses stay sealed.
pub(in crate::app) async fn list_records(app: &App, caller: &Caller) -> Result<Vec<EndpointRecord>, InternalError> {
    let found = store::webhooks::list(&mut app.db.read().await?, caller.organiser).await?;
    Ok(found.into_iter().filter(|stored| reached(caller, stored)).collect())
}

/// One endpoint within the caller's reach.
pub async fn find(app: &App, caller: &Caller, id: WebhookEndpointId) -> Result<Endpoint, WebhookError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let stored = find_endpoint(tx, caller, id).await?;
    let public_key = secrets::public_key(app, tx, caller.organiser, id).await?;
    Ok(Endpoint::open(&key, caller.organiser, stored, public_key)?)
}
