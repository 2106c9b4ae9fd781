//! Crèches: registered and authorised by the operator, and read by callers within their reach.

use jiff::civil::Date;

use super::App;
use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use super::unit_of_work::UnitOfWork;
use crate::domain::action::RecordedAction;
pub use crate::domain::creche::NewCreche;
use crate::domain::creche::{Creche, Places};
use crate::domain::statement::StatementKey;
use crate::ids::{CrecheId, OrganiserId};
use crate::store::creches::CrecheRecord;
use crate::store::statements::CrecheStatement;
use crate::store::{self, Db, Tx, WritePurpose};

/// The crèches that the caller can reach, in the order of their registration.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Creche>, InternalError> {
    list_within_reach(&mut app.db.read_once().await?, caller).await
}

/// One crèche.
pub async fn find(app: &App, caller: &Caller, creche: CrecheId) -> Result<Creche, AccessError> {
    find_within_reach(&mut app.db.read_once().await?, caller, creche).await
}

/// One crèche inside a transaction: all use cases read crèches by this function or the next two.
pub(super) async fn find_within_reach(tx: &mut Tx, caller: &Caller, creche: CrecheId) -> Result<Creche, AccessError> {
    let found = store::creches::find_whole(tx, caller.organiser, creche).await?.ok_or(AccessError::Unknown)?;
    if caller.reaches(creche) { Ok(found) } else { Err(AccessError::NotGranted) }
}

/// One crèche with its current statement, in one query.
pub(super) async fn find_with_statement(
    tx: &mut Tx,
    caller: &Caller,
    key: StatementKey,
) -> Result<CrecheStatement, AccessError> {
    let found = store::statements::find_with_creche(tx, caller.organiser, key).await?;
    within_reach(caller, key, found)
}

/// The same, with the sealed document of the current revision where there is a statement.
pub(super) async fn find_with_document(
    tx: &mut Tx,
    caller: &Caller,
    key: StatementKey,
) -> Result<(CrecheStatement, Option<Vec<u8>>), AccessError> {
    let found = store::statements::find_with_document(tx, caller.organiser, key).await?;
    within_reach(caller, key, found)
}

/// What was found of a crèche, for a caller that reaches it.
fn within_reach<T>(caller: &Caller, key: StatementKey, found: Option<T>) -> Result<T, AccessError> {
    let found = found.ok_or(AccessError::Unknown)?;
    if caller.reaches(key.creche) { Ok(found) } else { Err(AccessError::NotGranted) }
}

/// Every crèche that the caller can reach, inside a transaction.
pub(super) async fn list_within_reach(tx: &mut Tx, caller: &Caller) -> Result<Vec<Creche>, InternalError> {
    let creches = store::creches::list_whole(tx, caller.organiser).await?;
    Ok(creches.into_iter().filter(|creche| caller.reaches(creche.id)).collect())
}

/// Registers a crèche of an organiser.
pub async fn register(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    new: NewCreche,
) -> Result<Creche, OperatorError> {
    let mut work = act.begin(organiser, WritePurpose::Content).await?;
    let known = store::creches::list(&mut work, organiser).await?;
    if let Some(other) = known.iter().find(|other| other.one_number == new.one_number) {
        return Err(OperatorError::OneNumberTaken(new.one_number, other.id));
    }
    let id = create(&mut work, organiser, new).await?;
    let created = load_creche(&mut work, organiser, id).await?;
    work.commit().await?;
    Ok(created)
}

/// Stores a crèche within a write, with its record.
pub(super) async fn create(
    work: &mut UnitOfWork<'_>,
    organiser: OrganiserId,
    new: NewCreche,
) -> Result<CrecheId, OperatorError> {
    let (authorised_from, authorised_until) = ordered(new.authorised)?;
    let record = CrecheRecord {
        id: CrecheId::new(work.machine()),
        name: new.name,
        one_number: new.one_number,
        subsidised: new.subsidised,
        authorised_from,
        authorised_until,
        closures_version: 0,
        created_at: work.at(),
    };
    store::creches::insert(work, organiser, &record).await?;
    for places in new.capacity {
        store::creches::set_places(work, organiser, record.id, places, record.created_at).await?;
    }
    work.record_for(organiser, &Record::of(RecordedAction::CrecheCreated).creche(record.id));
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

/// A change of a crèche by the operator.
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

/// Changes a crèche and returns it.
pub async fn change(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    id: CrecheId,
    change: &CrecheUpdate,
) -> Result<Creche, OperatorError> {
    let mut work = act.begin(organiser, WritePurpose::Content).await?;
    apply_update(&mut work, organiser, id, change).await?;
    let changed = load_creche(&mut work, organiser, id).await?;
    work.commit().await?;
    Ok(changed)
}

/// Changes a crèche within a write, with its record.
pub(super) async fn apply_update(
    work: &mut UnitOfWork<'_>,
    organiser: OrganiserId,
    id: CrecheId,
    change: &CrecheUpdate,
) -> Result<(), OperatorError> {
    let at = work.at();
    let (known, record) = match change {
        CrecheUpdate::Name(name) => {
            (store::creches::rename(work, organiser, id, name, at).await?, Record::of(RecordedAction::CrecheRenamed))
        }
        CrecheUpdate::Places(places) => {
            let record = Record::of(RecordedAction::CrechePlacesAuthorised);
            let record = record.detail(format!("{} from {}", places.places, places.from));
            (store::creches::set_places(work, organiser, id, *places, at).await?, record)
        }
        CrecheUpdate::Authorised(from, until) => {
            let (from, until) = ordered((*from, *until))?;
            let days = until.map_or_else(|| format!("from {from}"), |until| format!("from {from} to {until}"));
            let record = Record::of(RecordedAction::CrecheAuthorised).detail(days);
            (store::creches::authorise(work, organiser, id, from, until, at).await?, record)
        }
        CrecheUpdate::Subsidised(subsidised) => {
            let detail = if *subsidised { "subsidised" } else { "not subsidised" };
            let record = Record::of(RecordedAction::CrecheSubsidyChanged).detail(detail);
            (store::creches::set_subsidised(work, organiser, id, *subsidised, at).await?, record)
        }
    };
    if !known {
        return Err(OperatorError::NoCreche(id));
    }
    work.record_for(organiser, &record.creche(id));
    Ok(())
}

fn ordered((from, until): (Date, Option<Date>)) -> Result<(Date, Option<Date>), OperatorError> {
    if until.is_some_and(|until| until < from) { Err(OperatorError::Backwards) } else { Ok((from, until)) }
}
