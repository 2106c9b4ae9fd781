//! Organisers: registered by the operator, and seen by their own applications.

use super::App;
use super::audit::CREATED;
use super::caller::{Caller, VerifiedKey};
use super::error::InternalError;
use super::operator::{OperatorContext, OperatorError};
use crate::domain::audit::AuditChain;
use crate::domain::creche::Creche;
use crate::domain::enterprise::EnterpriseNumber;
use crate::ids::OrganiserId;
use crate::store::applications::ApplicationRecord;
pub use crate::store::organisers::Organiser;
use crate::store::{self, Db, Tx};

/// The caller's organiser.
pub async fn of(app: &App, caller: &Caller) -> Result<Organiser, InternalError> {
    let tx = &mut app.db.read().await?;
    Ok(store::organisers::find(tx, caller.organiser).await?.ok_or(store::Error::Rows(0))?)
}

/// The organiser and the application behind a key.
pub async fn of_key(
    app: &App,
    organiser: OrganiserId,
    shown: &VerifiedKey,
) -> Result<(Organiser, ApplicationRecord), InternalError> {
    let tx = &mut app.db.read().await?;
    let organiser = store::organisers::find(tx, organiser).await?.ok_or(store::Error::Rows(0))?;
    let application = store::applications::find(tx, organiser.id, shown.application).await?;
    Ok((organiser, application.ok_or(store::Error::Rows(0))?))
}

/// Registers an organiser.
pub async fn register(
    act: OperatorContext<'_>,
    legal_name: &str,
    enterprise_number: Option<EnterpriseNumber>,
) -> Result<Organiser, OperatorError> {
    let new = new(act, legal_name, enterprise_number);
    let mut tx = registration_transaction(act).await?;
    if let Some(number) = enterprise_number {
        let known = store::organisers::list(&mut tx).await?;
        if let Some(other) = known.iter().find(|other| other.enterprise_number == Some(number)) {
            return Err(OperatorError::EnterpriseNumberTaken(number, other.id));
        }
    }
    create(act, &mut tx, &new).await?;
    tx.commit().await?;
    Ok(new)
}

/// An organiser that is to be.
pub(super) fn new(
    act: OperatorContext<'_>,
    legal_name: &str,
    enterprise_number: Option<EnterpriseNumber>,
) -> Organiser {
    Organiser {
        id: OrganiserId::new(act.clock),
        legal_name: legal_name.to_owned(),
        enterprise_number,
        created_at: act.clock.now(),
        last_event: 0,
    }
}

/// A transaction in which nobody else registers organisers, so that no enterprise number is taken twice.
pub(super) async fn registration_transaction(act: OperatorContext<'_>) -> Result<Tx, OperatorError> {
    let mut tx = act.db.write().await?;
    store::audit::lock_head(&mut tx, AuditChain::Operator).await?;
    Ok(tx)
}

/// Puts an organiser down, with the first entry of its chain; `false` when it is there already.
pub(super) async fn create(act: OperatorContext<'_>, tx: &mut Tx, new: &Organiser) -> Result<bool, store::Error> {
    let created = store::organisers::insert(tx, new).await?;
    if created {
        record_created(act, tx, new.id).await?;
    }
    Ok(created)
}

/// Records that an organiser was registered: in the operator's chain, so that it cannot be begun anew unseen, and as the
/// first entry of the organiser's own.
pub async fn record_created(act: OperatorContext<'_>, tx: &mut Tx, id: OrganiserId) -> Result<(), store::Error> {
    act.record(tx, AuditChain::Operator, act.entry(CREATED).detail(id.to_string())).await?;
    act.record(tx, AuditChain::Organiser(id), act.entry(CREATED)).await
}

/// Every organiser, the oldest first.
pub async fn list(db: &Db) -> Result<Vec<Organiser>, InternalError> {
    Ok(store::organisers::list(&mut db.read().await?).await?)
}

/// An organiser with what it has.
pub struct OrganiserDetails {
    /// The organiser itself.
    pub organiser: Organiser,
    /// Its crèches, the oldest first.
    pub creches: Vec<Creche>,
    /// Its applications, the oldest first.
    pub applications: Vec<ApplicationRecord>,
}

/// One organiser.
pub async fn show(db: &Db, id: OrganiserId) -> Result<OrganiserDetails, OperatorError> {
    load_organiser(&mut db.read().await?, id).await?.ok_or(OperatorError::NoOrganiser(id))
}

/// One organiser with what it has; `None` when there is none with this id.
pub(super) async fn load_organiser(tx: &mut Tx, id: OrganiserId) -> Result<Option<OrganiserDetails>, store::Error> {
    let Some(organiser) = store::organisers::find(tx, id).await? else { return Ok(None) };
    let creches = store::creches::list_whole(tx, id).await?;
    let applications = store::applications::list(tx, id).await?;
    Ok(Some(OrganiserDetails { organiser, creches, applications }))
}
