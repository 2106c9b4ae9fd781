//! Organisers: registered by the operator, and read by their own applications.

use super::App;
use super::caller::{Caller, VerifiedKey};
use super::error::InternalError;
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use super::unit_of_work::UnitOfWork;
use crate::domain::action::RecordedAction;
use crate::domain::audit::AuditChain;
use crate::domain::creche::Creche;
use crate::domain::enterprise::EnterpriseNumber;
use crate::ids::OrganiserId;
use crate::store::applications::ApplicationRecord;
pub use crate::store::organisers::Organiser;
use crate::store::{self, Db, Tx};

/// The caller's organiser.
pub async fn of_caller(app: &App, caller: &Caller) -> Result<Organiser, InternalError> {
    let tx = &mut app.db.read().await?;
    Ok(store::organisers::find(tx, caller.organiser).await?.ok_or(store::Error::Rows(0))?)
}

/// The organiser and the application behind a key.
pub async fn with_application_of_key(
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
    let mut work = begin_registration(act).await?;
    if let Some(number) = enterprise_number {
        let known = store::organisers::list(&mut work).await?;
        if let Some(other) = known.iter().find(|other| other.enterprise_number == Some(number)) {
            return Err(OperatorError::EnterpriseNumberTaken(number, other.id));
        }
    }
    create(&mut work, &new).await?;
    work.commit().await?;
    Ok(new)
}

/// An organiser to be registered.
pub(super) fn new(
    act: OperatorContext<'_>,
    legal_name: &str,
    enterprise_number: Option<EnterpriseNumber>,
) -> Organiser {
    Organiser {
        id: OrganiserId::new(act.clocks.machine()),
        legal_name: legal_name.to_owned(),
        enterprise_number,
        created_at: act.clocks.machine().now(),
        last_event: 0,
    }
}

/// Begins a write with the lock for registering organisers, so that no enterprise number is taken twice.
pub(super) async fn begin_registration(act: OperatorContext<'_>) -> Result<UnitOfWork<'_>, OperatorError> {
    let mut work = act.begin_for_operator().await?;
    store::audit::lock_head(&mut work, AuditChain::Operator).await?;
    Ok(work)
}

/// Stores an organiser, with the first entry of its chain; `false` when it exists already.
pub(super) async fn create(work: &mut UnitOfWork<'_>, new: &Organiser) -> Result<bool, store::Error> {
    let created = store::organisers::insert(work, new).await?;
    if created {
        record_created(work, new.id);
    }
    Ok(created)
}

/// Records that an organiser was registered: in the operator's chain, so that a new start of its chain is detected, and
/// as the first entry of the organiser's own.
fn record_created(work: &mut UnitOfWork<'_>, id: OrganiserId) {
    work.record(&Record::of(RecordedAction::OrganiserCreated).about(id));
    work.record_for(id, &Record::of(RecordedAction::OrganiserCreated));
}

/// Stores an organiser with its initial data, as `insert` writes it; `insert` returns `false` when it
/// exists already. For the sandbox.
pub async fn seed(
    act: OperatorContext<'_>,
    id: OrganiserId,
    insert: impl AsyncFnOnce(&mut Tx) -> Result<bool, OperatorError>,
) -> Result<(), OperatorError> {
    let mut work = act.begin_for_operator().await?;
    if insert(&mut work).await? {
        record_created(&mut work, id);
        work.commit().await?;
    }
    Ok(())
}

/// Every organiser, the oldest first.
pub async fn list(db: &Db) -> Result<Vec<Organiser>, InternalError> {
    Ok(store::organisers::list(&mut db.read().await?).await?)
}

/// An organiser with its crèches and applications.
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

/// One organiser with its crèches and applications; `None` when there is none with this id.
pub(super) async fn load_organiser(tx: &mut Tx, id: OrganiserId) -> Result<Option<OrganiserDetails>, store::Error> {
    let Some(organiser) = store::organisers::find(tx, id).await? else { return Ok(None) };
    let creches = store::creches::list_whole(tx, id).await?;
    let applications = store::applications::list(tx, id).await?;
    Ok(Some(OrganiserDetails { organiser, creches, applications }))
}
