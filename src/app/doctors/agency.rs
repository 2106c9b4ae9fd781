//! What agents of the agency see of doctors, and what they decide. Each look and each decision stands in the history of
//! the doctor's organiser before it is answered.

use std::sync::Arc;

use super::{Agreement, Doctor, DoctorError, agreement, reason_at, record, record_event};
use crate::app::error::InternalError;
use crate::app::{App, Precondition, PreconditionError, SubmittedDocument};
use crate::domain::actor::Actor;
use crate::domain::doctor::raw::RawValidation;
use crate::domain::doctor::{Decision, DoctorState, Ruling};
use crate::domain::event::EventType;
use crate::domain::text::folded;
use crate::ids::{DoctorId, OrganiserId};
use crate::ingest::schema::DOCTOR_VALIDATION;
use crate::seal::{Compressed, DataKey};
use crate::store::doctors::{DecisionRecord, DoctorRecord as Row};
use crate::store::{self, Tx, WritePurpose};

/// A doctor as an agent sees it.
#[derive(Debug)]
pub struct DoctorFile {
    /// What the organiser is called.
    pub organiser: String,
    /// The doctor.
    pub doctor: Doctor,
    /// The crèches in which the doctor works, by name.
    pub creches: Vec<String>,
}

/// The doctors of all organisers that have yet to be decided on, the longest waiting first.
pub async fn awaiting(app: &App, matricule: &str) -> Result<Vec<DoctorFile>, InternalError> {
    let organisers = store::doctors::awaited(&mut app.db.read().await?).await?;
    let mut found = Vec::new();
    for organiser in organisers {
        found.extend(awaiting_of(app, matricule, organiser).await?);
    }
    found.sort_by_cached_key(|seen| (seen.doctor.agreed_at, folded(&seen.doctor.sheet.family_name), seen.doctor.id));
    Ok(found)
}

async fn awaiting_of(app: &App, matricule: &str, organiser: OrganiserId) -> Result<Vec<DoctorFile>, InternalError> {
    let key = app.vault.key(&app.db, organiser).await?;
    let mut tx = app.db.write_for(organiser, WritePurpose::RecordOnly).await?;
    let mut found = Vec::new();
    for row in store::doctors::list(&mut tx, organiser).await? {
        let doctor = Doctor::open(app, &key, organiser, row)?;
        if doctor.state == DoctorState::AwaitingValidation {
            found.push(doctor_file(&mut tx, organiser, doctor).await?);
        }
    }
    record(app, &mut tx, organiser, &Actor::agent(matricule), "doctors.read", None).await?;
    tx.commit().await?;
    Ok(found)
}

async fn doctor_file(tx: &mut Tx, organiser: OrganiserId, doctor: Doctor) -> Result<DoctorFile, InternalError> {
    let creches = store::creches::list(tx, organiser).await?.into_iter();
    let creches = creches.filter(|creche| doctor.sheet.creche_ids.contains(&creche.id)).map(|creche| creche.name);
    let creches = creches.collect();
    let organiser = store::organisers::find(tx, organiser).await?.map(|found| found.legal_name).unwrap_or_default();
    Ok(DoctorFile { organiser, doctor, creches })
}

/// One doctor, whosever it is.
pub async fn view_doctor(app: &App, matricule: &str, id: DoctorId) -> Result<DoctorFile, DoctorError> {
    let LockedDoctor { organiser, key, mut tx, row } = lock_doctor(app, id).await?;
    let doctor = Doctor::open(app, &key, organiser, row)?;
    let seen = doctor_file(&mut tx, organiser, doctor).await?;
    record(app, &mut tx, organiser, &Actor::agent(matricule), "doctors.read", Some(id)).await?;
    tx.commit().await?;
    Ok(seen)
}

/// The agreement, to be decided on.
pub async fn view_agreement(app: &App, matricule: &str, id: DoctorId) -> Result<Agreement, DoctorError> {
    let LockedDoctor { organiser, key, mut tx, .. } = lock_doctor(app, id).await?;
    let found = agreement::opened(&mut tx, &key, organiser, id).await?;
    record(app, &mut tx, organiser, &Actor::agent(matricule), "doctor.agreementRead", Some(id)).await?;
    tx.commit().await?;
    Ok(found)
}

/// Decides what was sent: a decision, held to its schema and rules.
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

/// What an agent of the agency decides, by the matricule. There must be an agreement to decide on, and the agent must
/// know the sheet and the agreement as they are; the same decision once more changes nothing.
pub async fn decide(
    app: &App,
    matricule: &str,
    id: DoctorId,
    precondition: &Precondition,
    decision: &Decision,
) -> Result<Doctor, DoctorError> {
    let LockedDoctor { organiser, key, mut tx, mut row } = lock_doctor(app, id).await?;
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
    row.decided = Some(DecisionRecord { ruling, at: app.clock.now(), by: matricule.to_owned(), reason });
    if !store::doctors::update(&mut tx, organiser, &row, app.clock.now()).await? {
        return Err(PreconditionError::Stale(Some(row.version)).into());
    }
    row.version += 1;
    record_event(app, &mut tx, organiser, kind, &row, before.sheet.creche_ids).await?;
    record(app, &mut tx, organiser, &Actor::agent(matricule), kind.code(), Some(id)).await?;
    tx.commit().await?;
    Ok(Doctor::open(app, &key, organiser, row)?)
}

/// A doctor whose organiser is held.
struct LockedDoctor {
    organiser: OrganiserId,
    key: Arc<DataKey>,
    tx: Tx,
    row: Row,
}

async fn lock_doctor(app: &App, id: DoctorId) -> Result<LockedDoctor, DoctorError> {
    let organiser = store::doctors::organiser(&mut app.db.read().await?, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    let key = app.vault.key(&app.db, organiser).await?;
    let mut tx = app.db.write_for(organiser, WritePurpose::RecordOnly).await?;
    let row = store::doctors::find(&mut tx, organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    Ok(LockedDoctor { organiser, key, tx, row })
}
