//! Organisers and the applications they registered.

use super::App;
use super::error::Fault;
use super::keys::Caller;
use crate::store;
use crate::store::applications::Application;
use crate::store::organisers::Organiser;

/// The organiser and the application behind a caller's key.
pub async fn behind(app: &App, caller: &Caller) -> Result<(Organiser, Application), Fault> {
    let tx = &mut app.db.read().await?;
    let organiser = store::organisers::find(tx, caller.organiser).await?.ok_or(store::Error::Rows(0))?;
    let application = store::applications::find(tx, caller.organiser, caller.application).await?;
    Ok((organiser, application.ok_or(store::Error::Rows(0))?))
}
