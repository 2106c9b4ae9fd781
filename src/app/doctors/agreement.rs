//! The agreement between the organiser and a doctor: a file that is stored sealed and returned unchanged.

use jiff::Timestamp;

use super::read::find_within_reach;
use super::write::{WrittenDoctor, begin_write, commit_unless_dry_run};
use super::{DoctorError, record_of};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::{App, Precondition, WorkSize, run_blocking};
use crate::domain::action::RecordedAction;
use crate::domain::caps::CapKind;
use crate::domain::file::FileType;
use crate::domain::finding::{Finding, FindingPlace as At, Findings};
use crate::domain::rules::doctor::SHARED_BEYOND_REACH;
use crate::domain::rules::file::{DAMAGED, MACROS, UNKNOWN_TYPE};
use crate::ids::{DoctorId, OrganiserId};
use crate::ingest::file_inspection::inspect;
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::doctors::DoctorRecord;
use crate::store::{self, Tx, WritePurpose};

/// The largest agreement, in bytes.
pub const MAX_FILE: usize = 5_000_000;

/// The types of file that an agreement may have.
const TYPES: [FileType; 3] = [FileType::Pdf, FileType::Jpeg, FileType::Png];

/// A stored file.
#[derive(Debug)]
pub struct Agreement {
    /// Its type.
    pub kind: FileType,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file is no agreement.
#[derive(Debug)]
pub enum AgreementError {
    /// It is no PDF document, JPEG or PNG picture.
    OtherType,
    /// It breaks a rule of files: cut off, with a password, with a program.
    Refused(Finding),
    /// The gateway failed.
    Fault(InternalError),
}

/// The agreement in a file that was sent, whatever type the sender declares.
pub async fn inspect_agreement(caller: &Caller, bytes: Vec<u8>) -> Result<Agreement, AgreementError> {
    let inspected = move || (inspect(&bytes), bytes);
    let (kind, bytes) =
        run_blocking(caller.organiser, WorkSize::Light, inspected).await.map_err(AgreementError::Fault)?;
    match kind {
        Ok(kind) if TYPES.contains(&kind) => Ok(Agreement { kind, bytes }),
        Ok(_) => Err(AgreementError::OtherType),
        Err(finding) if [&UNKNOWN_TYPE, &MACROS, &DAMAGED].contains(&finding.rule) => Err(AgreementError::OtherType),
        Err(finding) => Err(AgreementError::Refused(finding)),
    }
}

/// Replaces the agreement; the agency decides anew. The file was inspected.
pub async fn put_agreement(
    app: &App,
    caller: &Caller,
    id: DoctorId,
    precondition: &Precondition,
    file: Agreement,
) -> Result<WrittenDoctor, DoctorError> {
    let (key, mut work) = begin_write(app, caller, WritePurpose::Content).await?;
    let before = find_within_reach(app, &mut work, &key, caller, id).await?;
    // The agency decides anew on a new agreement, for every crèche of the doctor.
    if before.sheet.is_shared_beyond(caller.reach()) {
        let shared = Finding::new(&SHARED_BEYOND_REACH, At::default());
        return Err(DoctorError::Invalid(Findings::from_iter([shared])));
    }
    precondition.check(Some(before.version))?;
    if before.agreed_at.is_none() {
        let count = store::counts::count_agreements(&mut work, caller.organiser).await? + 1;
        if let Some(full) = app.caps.exceeded(CapKind::Agreements, count) {
            return Err(DoctorError::Invalid(Findings::from_iter([full])));
        }
    }
    let at = work.at();
    store(&mut work, &key, (caller.organiser, id), &file, at).await?;
    let row = store::doctors::find(&mut work, caller.organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    let row = DoctorRecord { decided: None, ..row };
    if !store::doctors::update(&mut work, caller.organiser, &row, at).await? {
        return Err(crate::app::PreconditionError::Stale(Some(before.version)).into());
    }
    let row = DoctorRecord { version: row.version + 1, ..row };
    work.record(&record_of(RecordedAction::DoctorAgreementStored, &row, before.sheet.creche_ids));
    commit_unless_dry_run(app, work, &key, caller, row, false).await
}

/// The agreement, unchanged.
pub async fn agreement(app: &App, caller: &Caller, id: DoctorId) -> Result<Agreement, DoctorError> {
    let (key, mut work) = begin_write(app, caller, WritePurpose::RecordOnly).await?;
    find_within_reach(app, &mut work, &key, caller, id).await?;
    let stored = load_sealed(&mut work, caller.organiser, id).await?;
    work.record(&Record::of(RecordedAction::DoctorAgreementRead).about(id));
    work.commit().await?;
    unseal(&key, (caller.organiser, id), stored)
}

/// The agreement as stored: its media type and its sealed bytes.
pub(super) async fn load_sealed(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: DoctorId,
) -> Result<(String, Vec<u8>), DoctorError> {
    store::doctors::agreement(tx, organiser, id).await?.ok_or(DoctorError::NoAgreement)
}

/// The agreement, unsealed.
pub(super) fn unseal(
    key: &DataKey,
    (organiser, id): (OrganiserId, DoctorId),
    (mime, sealed): (String, Vec<u8>),
) -> Result<Agreement, DoctorError> {
    let bytes = key.open(&place(organiser, id), &sealed).map_err(InternalError::from)?;
    let kind = mime.parse().map_err(|()| DoctorError::NoAgreement)?;
    Ok(Agreement { kind, bytes })
}

/// Stores the file, sealed, in place of the previous one.
pub(super) async fn store(
    tx: &mut Tx,
    key: &DataKey,
    (organiser, id): (OrganiserId, DoctorId),
    file: &Agreement,
    at: Timestamp,
) -> Result<(), store::Error> {
    let sealed = key.seal(&place(organiser, id), Compressed::new(&file.bytes));
    store::doctors::put_agreement(tx, organiser, id, file.kind.media_type(), &sealed, at).await
}

fn place(organiser: OrganiserId, id: DoctorId) -> SealContext {
    SealContext::of("doctor agreement", &[&organiser.to_string(), &id.to_string()])
}
