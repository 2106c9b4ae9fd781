//! Reading doctors: every access is recorded before the response.

use std::collections::HashMap;

use super::{Doctor, DoctorError, sheet_at, sheet_of};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::doctor::{Decision, DoctorSheet, DoctorState, KnownDoctor, Ruling};
use crate::domain::standing_facts::CurrentDoctor;
use crate::domain::text::folded;
use crate::ids::{CrecheId, DoctorId, OrganiserId};
use crate::seal::DataKey;
use crate::store::doctors::DoctorRevision;
use crate::store::{self, Tx};

/// The doctors within the caller's reach, by name.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Doctor>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let rows = store::doctors::list(&mut app.db.read().await?, caller.organiser).await?;
    let mut found = Vec::new();
    for row in rows {
        found.push(Doctor::open(app, &key, caller.organiser, row)?);
    }
    app.record_access(caller.organiser, &caller.actor(), &Record::of(RecordedAction::DoctorsRead)).await?;
    found.retain(|doctor| doctor.is_reached(caller));
    let mut found: Vec<_> = found.into_iter().map(|doctor| doctor.seen_by(caller)).collect();
    found.sort_by_cached_key(|doctor| (folded(&doctor.sheet.family_name), folded(&doctor.sheet.given_name), doctor.id));
    Ok(found)
}

/// One doctor.
pub async fn find(app: &App, caller: &Caller, id: DoctorId) -> Result<Doctor, DoctorError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let found = find_within_reach(app, &mut app.db.read().await?, &key, caller, id).await?;
    let record = Record::of(RecordedAction::DoctorsRead).about(id);
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    Ok(found.seen_by(caller))
}

/// One doctor inside a transaction, with all crèches, if it is within the caller's reach.
pub(super) async fn find_within_reach(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    caller: &Caller,
    id: DoctorId,
) -> Result<Doctor, DoctorError> {
    let row = store::doctors::find(tx, caller.organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    let doctor = Doctor::open(app, key, caller.organiser, row)?;
    if doctor.is_reached(caller) { Ok(doctor) } else { Err(DoctorError::NoDoctor(id)) }
}

/// What the rules on consultations need: the doctors visible to the caller, and those who work in the crèche.
pub(in crate::app) async fn known_doctors(
    tx: &mut Tx,
    key: &DataKey,
    caller: &Caller,
    creche: CrecheId,
) -> Result<Vec<KnownDoctor>, InternalError> {
    let mut found = current_doctors(tx, key, caller.organiser).await?;
    found.retain(|doctor| caller.reach().includes_any(&doctor.creches) || doctor.creches.contains(&creche));
    Ok(found.iter().map(|doctor| doctor.known_at(creche)).collect())
}

/// The organiser's doctors at present.
pub(in crate::app) async fn current_doctors(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
) -> Result<Vec<CurrentDoctor>, InternalError> {
    open_current(key, organiser, store::doctors::list(tx, organiser).await?)
}

/// Unseals the doctors of these rows: CPU work without a transaction.
pub(in crate::app) fn open_current(
    key: &DataKey,
    organiser: OrganiserId,
    rows: impl IntoIterator<Item: Into<DoctorRevision>>,
) -> Result<Vec<CurrentDoctor>, InternalError> {
    let one = |row: DoctorRevision| {
        let sheet: DoctorSheet = serde_json::from_slice(&key.open(&sheet_at(organiser, row.id), &row.sealed)?)?;
        let collaboration = (sheet.start_date, sheet.end_date);
        let (id, inami, state) = (row.id, sheet.inami, state(&row));
        Ok(CurrentDoctor { id, inami, state, collaboration, creches: sheet.creche_ids })
    };
    rows.into_iter().map(|row| one(row.into())).collect()
}

/// How the organiser's doctors stand with the agency: id, version of sheet and decision, status on any day.
pub(in crate::app) async fn standings(
    tx: &mut Tx,
    organiser: OrganiserId,
) -> Result<Vec<(DoctorId, u64, DoctorState)>, store::Error> {
    let rows = store::doctors::list(tx, organiser).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.version, state(&row.into()))).collect())
}

/// The agency's decision on a doctor, on any day.
fn state(row: &DoctorRevision) -> DoctorState {
    let decision = row.ruling.map(|ruling| match ruling {
        Ruling::Validated => Decision::Validated,
        Ruling::Refused => Decision::Refused(String::new()),
    });
    DoctorState::of_agreement(row.is_agreed, decision.as_ref())
}

/// The names of the organiser's doctors. The caller records the access.
pub(in crate::app) async fn display_names(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
) -> Result<HashMap<DoctorId, String>, InternalError> {
    let name = |row: store::doctors::DoctorRecord| {
        let sheet = sheet_of(key, organiser, &row)?;
        Ok((row.id, format!("{} {}", sheet.given_name, sheet.family_name)))
    };
    store::doctors::list(tx, organiser).await?.into_iter().map(name).collect()
}
