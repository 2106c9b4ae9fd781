//! Doctors as agents of the agency read them, and the agents' decisions. Each access and each decision is recorded in
//! the history of the doctor's organiser before the response.

use std::sync::Arc;

use super::{Agreement, Doctor, DoctorError, agreement, reason_at, record_of};
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, Precondition, PreconditionError, SubmittedDocument};
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::doctor::raw::RawValidation;
use crate::domain::doctor::{Decision, DoctorState, Ruling};
use crate::domain::event::EventType;
use crate::domain::text::folded;
use crate::ids::{DoctorId, OrganiserId};
use crate::ingest::schema::DOCTOR_VALIDATION;
use crate::seal::{Compressed, DataKey};
use crate::store::doctors::{DecisionRecord, DoctorRecord};
use crate::store::{self, Tx, WritePurpose};

/// A doctor as returned to an agent.
#[derive(Debug)]
pub struct DoctorFile {
    /// The organiser's name.
    pub organiser: String,
    /// The doctor.
    pub doctor: Doctor,
    /// The crèches in which the doctor works, by name.
    pub creches: Vec<String>,
}

/// The doctors of all organisers without a decision, the longest waiting first.
pub async fn list_awaiting_validation(app: &App, matricule: &str) -> Result<Vec<DoctorFile>, InternalError> {
    let organisers = store::doctors::organisers_awaiting_validation(&mut app.db.read().await?).await?;
    let mut found = Vec::new();
    for organiser in organisers {
        found.extend(awaiting_of(app, matricule, organiser).await?);
    }
    found.sort_by_cached_key(|seen| (seen.doctor.agreed_at, folded(&seen.doctor.sheet.family_name), seen.doctor.id));
    Ok(found)
}

/// How many doctors of all organisers await a decision.
pub async fn count_awaiting_validation(app: &App) -> Result<usize, InternalError> {
    let organisers = store::doctors::organisers_awaiting_validation(&mut app.db.read().await?).await?;
    let mut count = 0;
    for organiser in organisers {
        count += awaiting(app, organiser).await?.len();
    }
    Ok(count)
}

/// The doctors of an organiser who await a decision.
async fn awaiting(app: &App, organiser: OrganiserId) -> Result<Vec<Doctor>, InternalError> {
    let key = app.vault.organiser_key(&app.db, organiser).await?;
    let rows = store::doctors::list(&mut app.db.read().await?, organiser).await?;
    let doctors = rows.into_iter().map(|row| Doctor::open(app, &key, organiser, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(doctors.into_iter().filter(|doctor| doctor.state == DoctorState::AwaitingValidation).collect())
}

async fn awaiting_of(app: &App, matricule: &str, organiser: OrganiserId) -> Result<Vec<DoctorFile>, InternalError> {
    let doctors = awaiting(app, organiser).await?;
    let mut found = Vec::new();
    let mut tx = app.db.read().await?;
    for doctor in doctors {
        found.push(doctor_file(&mut tx, organiser, doctor).await?);
    }
    drop(tx);
    app.record_access(organiser, &Actor::agent(matricule), &Record::of(RecordedAction::DoctorsRead)).await?;
    Ok(found)
}

async fn doctor_file(tx: &mut Tx, organiser: OrganiserId, doctor: Doctor) -> Result<DoctorFile, InternalError> {
    let creches = store::creches::list(tx, organiser).await?.into_iter();
    let creches = creches.filter(|creche| doctor.sheet.creche_ids.contains(&creche.id)).map(|creche| creche.name);
    let creches = creches.collect();
    let organiser = store::organisers::find(tx, organiser).await?.map(|found| found.legal_name).unwrap_or_default();
    Ok(DoctorFile { organiser, doctor, creches })
}

/// One doctor, of any organiser.
pub async fn view_doctor(app: &App, matricule: &str, id: DoctorId) -> Result<DoctorFile, DoctorError> {
    let LockedDoctor { organiser, key, mut work, row } = lock_doctor(app, matricule, id).await?;
    let doctor = Doctor::open(app, &key, organiser, row)?;
    let seen = doctor_file(&mut work, organiser, doctor).await?;
    work.record(&Record::of(RecordedAction::DoctorsRead).about(id));
    work.commit().await?;
    Ok(seen)
}

/// The agreement, to be decided on.
pub async fn view_agreement(app: &App, matricule: &str, id: DoctorId) -> Result<Agreement, DoctorError> {
    let LockedDoctor { organiser, key, mut work, .. } = lock_doctor(app, matricule, id).await?;
    let stored = agreement::load_sealed(&mut work, organiser, id).await?;
    work.record(&Record::of(RecordedAction::DoctorAgreementRead).about(id));
    work.commit().await?;
    agreement::unseal(&key, (organiser, id), stored)
}

/// Decides as in the input, which is validated with its schema and rules.
pub async fn publish_decision(
    app: &App,
    matricule: &str,
    id: DoctorId,
    precondition: &Precondition,
    sent: SubmittedDocument<'_, RawValidation>,
) -> Result<Doctor, DoctorError> {
    let (raw, mut findings) = sent.read(DOCTOR_VALIDATION);
    let (decision, rules) = raw.unwrap_or_default().parse();
    findings.extend(rules);
    match decision.filter(|_| !findings.has_errors()) {
        Some(decision) => decide(app, matricule, id, precondition, &decision).await,
        None => Err(DoctorError::Invalid(findings.folded())),
    }
}

/// Stores the decision of an agent, by the matricule. There must be an agreement, and the preconditions on the sheet
/// and the agreement must be met; the same decision once more changes nothing.
pub async fn decide(
    app: &App,
    matricule: &str,
    id: DoctorId,
    precondition: &Precondition,
    decision: &Decision,
) -> Result<Doctor, DoctorError> {
    let LockedDoctor { organiser, key, mut work, mut row } = lock_doctor(app, matricule, id).await?;
    if row.agreed_at.is_none() {
        return Err(DoctorError::NoAgreement);
    }
    let before = Doctor::open(app, &key, organiser, row.clone())?;
    if before.decided.as_ref().is_some_and(|(decided, _)| decided == decision) {
        return Ok(before);
    }
    precondition.check(Some(row.version))?;
    let (ruling, reason, kind) = match decision {
        Decision::Validated => (Ruling::Validated, None, EventType::DoctorValidated),
        Decision::Refused(reason) => {
            let sealed = key.seal(&reason_at(organiser, id), Compressed::new(reason.as_bytes()));
            (Ruling::Refused, Some(sealed), EventType::DoctorRefused)
        }
    };
    let at = work.at();
    row.decided = Some(DecisionRecord { ruling, at, by: matricule.to_owned(), reason });
    if !store::doctors::update(&mut work, organiser, &row, at).await? {
        return Err(PreconditionError::Stale(Some(row.version)).into());
    }
    row.version += 1;
    work.record(&record_of(kind, &row, before.sheet.creche_ids));
    work.commit().await?;
    Ok(Doctor::open(app, &key, organiser, row)?)
}

/// A doctor whose organiser is locked.
struct LockedDoctor<'a> {
    organiser: OrganiserId,
    key: Arc<DataKey>,
    work: UnitOfWork<'a>,
    row: DoctorRecord,
}

async fn lock_doctor<'a>(app: &'a App, matricule: &str, id: DoctorId) -> Result<LockedDoctor<'a>, DoctorError> {
    let organiser = store::doctors::organiser(&mut app.db.read().await?, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    let key = app.vault.organiser_key(&app.db, organiser).await?;
    let mut work = app.begin_as(organiser, &Actor::agent(matricule), WritePurpose::RecordOnly).await?;
    let row = store::doctors::find(&mut work, organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    Ok(LockedDoctor { organiser, key, work, row })
}
