//! The agreement between the organiser and a doctor: a file that is stored sealed and returned unchanged.

use jiff::Timestamp;

use super::read::find_within_reach;
use super::write::{WrittenDoctor, begin_write, commit_unless_dry_run};
use super::{DoctorError, record_of};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::{App, Precondition};
use crate::domain::action::RecordedAction;
use crate::domain::caps::CapKind;
use crate::domain::finding::{Finding, FindingPlace as At, Findings};
use crate::domain::rules::doctor::SHARED_BEYOND_REACH;
use crate::ids::{DoctorId, OrganiserId};
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::doctors::DoctorRecord;
use crate::store::{self, Tx, WritePurpose};

/// The largest agreement, in bytes.
pub const MAX_FILE: usize = 5_000_000;

/// The media type of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A PDF document.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
}

impl FileType {
    /// Every type, with its magic bytes and its name.
    const ALL: [(Self, &'static [u8], &'static str); 3] = [
        (Self::Pdf, b"%PDF-", "application/pdf"),
        (Self::Jpeg, b"\xff\xd8\xff", "image/jpeg"),
        (Self::Png, b"\x89PNG\r\n\x1a\n", "image/png"),
    ];

    /// The type by the magic bytes, whatever the sender declares.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, magic, _)| bytes.starts_with(magic)).map(|(kind, ..)| kind)
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    fn named(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(.., name)| *name == mime).map(|(kind, ..)| kind)
    }
}

/// A stored file.
#[derive(Debug)]
pub struct Agreement {
    /// Its type.
    pub kind: FileType,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Replaces the agreement; the agency decides anew. The caller has detected the type.
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
    let kind = FileType::named(&mime).ok_or(DoctorError::NoAgreement)?;
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
