//! Applications: vendors' software as an organiser registers it.

use super::App;
use super::act::{Act, Refusal};
use crate::ids::{ApplicationId, OrganiserId};
use crate::store;
use crate::store::applications::Application;
use crate::store::audit::Actor;

/// Registers an application.
pub async fn register(act: Act<'_>, organiser: OrganiserId, name: &str, vendor: &str) -> Result<Application, Refusal> {
    let new = Application {
        id: ApplicationId::new(act.clock),
        name: name.to_owned(),
        vendor: vendor.to_owned(),
        created_at: act.clock.now(),
        suspended_at: None,
    };
    let mut tx = act.begin(organiser).await?;
    store::applications::insert(&mut tx, organiser, &new).await?;
    act.finish(tx, organiser, act.entry("application.created").detail(new.id.to_string())).await?;
    Ok(new)
}

/// Refuses the application's keys from now on, or admits them again: here at once, at other gateways within seconds.
/// Tells the application as it then is, and whether anything changed.
pub async fn set_suspended(
    app: &App,
    actor: &Actor,
    organiser: OrganiserId,
    id: ApplicationId,
    suspended: bool,
) -> Result<(Application, bool), Refusal> {
    let act = app.act(actor);
    let mut tx = act.begin(organiser).await?;
    let known = store::applications::find(&mut tx, organiser, id).await?;
    let mut application = known.ok_or(Refusal::NoApplication(id))?;
    if application.suspended_at.is_some() == suspended {
        return Ok((application, false));
    }
    application.suspended_at = suspended.then(|| act.clock.now());
    store::applications::suspend(&mut tx, organiser, id, application.suspended_at).await?;
    let action = if suspended { "application.suspended" } else { "application.resumed" };
    act.finish(tx, organiser, act.entry(action).detail(id.to_string())).await?;
    app.keys.forget();
    Ok((application, true))
}
