//! Crèches: registered and authorised by the operator, and those that a caller can reach.

use jiff::civil::Date;

use super::App;
use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::operator::{OperatorContext, OperatorError};
use crate::domain::audit::AuditChain;
pub use crate::domain::creche::NewCreche;
use crate::domain::creche::{Creche, Places};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::creches::CrecheRecord;
use crate::store::{self, Db, Tx, WritePurpose};

/// The crèches that the caller can reach, in the order of their registration.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Creche>, InternalError> {
    reachable(&mut app.db.read().await?, caller).await
}

/// One crèche.
pub async fn find(app: &App, caller: &Caller, creche: CrecheId) -> Result<Creche, AccessError> {
    reach(&mut app.db.read().await?, caller, creche).await
}

/// One crèche inside a transaction: the only way by which the other verbs get at it.
pub(super) async fn reach(tx: &mut Tx, caller: &Caller, creche: CrecheId) -> Result<Creche, AccessError> {
    let found = store::creches::find_whole(tx, caller.organiser, creche).await?.ok_or(AccessError::Unknown)?;
    if caller.reaches(creche) { Ok(found) } else { Err(AccessError::NotGranted) }
}

/// Every crèche that the caller can reach, inside a transaction.
pub(super) async fn reachable(tx: &mut Tx, caller: &Caller) -> Result<Vec<Creche>, InternalError> {
    let creches = store::creches::list_whole(tx, caller.organiser).await?;
    Ok(creches.into_iter().filter(|creche| caller.reaches(creche.id)).collect())
}

/// Registers a crèche of an organiser.
pub async fn register(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    new: NewCreche,
) -> Result<Creche, OperatorError> {
    let mut tx = act.begin(organiser, WritePurpose::Content).await?;
    let known = store::creches::list(&mut tx, organiser).await?;
    if let Some(other) = known.iter().find(|other| other.one_number == new.one_number) {
        return Err(OperatorError::OneNumberTaken(new.one_number, other.id));
    }
    let id = create(act, &mut tx, organiser, new).await?;
    let created = load_creche(&mut tx, organiser, id).await?;
    tx.commit().await?;
    Ok(created)
}

/// Puts a crèche down in the caller's transaction, with its entry.
pub(super) async fn create(
    act: OperatorContext<'_>,
    tx: &mut Tx,
    organiser: OrganiserId,
    new: NewCreche,
) -> Result<CrecheId, OperatorError> {
    let (authorised_from, authorised_until) = ordered(new.authorised)?;
    let record = CrecheRecord {
        id: CrecheId::new(act.clock),
        name: new.name,
        one_number: new.one_number,
        subsidised: new.subsidised,
        authorised_from,
        authorised_until,
        closures_version: 0,
        created_at: act.clock.now(),
    };
    store::creches::insert(tx, organiser, &record).await?;
    for places in new.capacity {
        store::creches::set_places(tx, organiser, record.id, places, record.created_at).await?;
    }
    act.record(tx, AuditChain::Organiser(organiser), act.entry("creche.created").creche(record.id)).await?;
    Ok(record.id)
}

/// Every crèche of an organiser.
pub async fn list_all(db: &Db, organiser: OrganiserId) -> Result<Vec<Creche>, OperatorError> {
    let tx = &mut db.read().await?;
    store::organisers::find(tx, organiser).await?.ok_or(OperatorError::NoOrganiser(organiser))?;
    Ok(store::creches::list_whole(tx, organiser).await?)
}

/// One crèche of an organiser.
pub async fn show(db: &Db, organiser: OrganiserId, id: CrecheId) -> Result<Creche, OperatorError> {
    load_creche(&mut db.read().await?, organiser, id).await
}

async fn load_creche(tx: &mut Tx, organiser: OrganiserId, id: CrecheId) -> Result<Creche, OperatorError> {
    store::organisers::find(tx, organiser).await?.ok_or(OperatorError::NoOrganiser(organiser))?;
    store::creches::find_whole(tx, organiser, id).await?.ok_or(OperatorError::NoCreche(id))
}

/// What the operator changes of a crèche.
#[derive(Debug, Clone)]
pub enum CrecheUpdate {
    /// Its name.
    Name(String),
    /// Its authorised places from a day on; an entry of the same day is replaced.
    Places(Places),
    /// First and last day of its authorisation.
    Authorised(Date, Option<Date>),
    /// Whether it claims subsidies.
    Subsidised(bool),
}

/// Changes a crèche and tells it as it then is.
pub async fn change(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    id: CrecheId,
    change: &CrecheUpdate,
) -> Result<Creche, OperatorError> {
    let mut tx = act.begin(organiser, WritePurpose::Content).await?;
    apply(act, &mut tx, organiser, id, change).await?;
    let changed = load_creche(&mut tx, organiser, id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Changes a crèche in the caller's transaction, with the entry of that.
pub(super) async fn apply(
    act: OperatorContext<'_>,
    tx: &mut Tx,
    organiser: OrganiserId,
    id: CrecheId,
    change: &CrecheUpdate,
) -> Result<(), OperatorError> {
    let (known, entry) = match change {
        CrecheUpdate::Name(name) => {
            (store::creches::rename(tx, organiser, id, name, act.clock.now()).await?, act.entry("creche.renamed"))
        }
        CrecheUpdate::Places(places) => {
            let entry = act.entry("creche.placesAuthorised");
            let entry = entry.detail(format!("{} from {}", places.places, places.from));
            (store::creches::set_places(tx, organiser, id, *places, act.clock.now()).await?, entry)
        }
        CrecheUpdate::Authorised(from, until) => {
            let (from, until) = ordered((*from, *until))?;
            let days = until.map_or_else(|| format!("from {from}"), |until| format!("from {from} to {until}"));
            let entry = act.entry("creche.authorised").detail(days);
            (store::creches::authorise(tx, organiser, id, from, until, act.clock.now()).await?, entry)
        }
        CrecheUpdate::Subsidised(subsidised) => {
            let entry =
                act.entry("creche.subsidyChanged").detail(if *subsidised { "subsidised" } else { "not subsidised" });
            (store::creches::set_subsidised(tx, organiser, id, *subsidised, act.clock.now()).await?, entry)
        }
    };
    if !known {
        return Err(OperatorError::NoCreche(id));
    }
    Ok(act.record(tx, AuditChain::Organiser(organiser), entry.creche(id)).await?)
}

fn ordered((from, until): (Date, Option<Date>)) -> Result<(Date, Option<Date>), OperatorError> {
    if until.is_some_and(|until| until < from) { Err(OperatorError::Backwards) } else { Ok((from, until)) }
}
