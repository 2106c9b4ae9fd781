//! The agreement between the organiser and a doctor: a file that is stored sealed and handed back as it came.

use super::read::reach;
use super::write::{WrittenDoctor, begin, record_and_commit};
use super::{DoctorError, record, record_event};
use crate::app::caller::Caller;
use crate::app::{App, InternalError, Precondition};
use crate::domain::caps::CapKind;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace as At, Findings};
use crate::domain::rules::doctor::SHARED_BEYOND_REACH;
use crate::ids::{DoctorId, OrganiserId};
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::doctors::DoctorRecord as Row;
use crate::store::{self, Tx, WritePurpose};

/// The largest agreement, in bytes.
pub const MAX_FILE: usize = 5_000_000;

/// What kind of file an agreement may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A PDF document.
    Pdf,
    /// A picture.
    Jpeg,
    /// A picture.
    Png,
}

impl FileType {
    /// Every kind, with how its bytes begin and its media type.
    const ALL: [(Self, &'static [u8], &'static str); 3] = [
        (Self::Pdf, b"%PDF-", "application/pdf"),
        (Self::Jpeg, b"\xff\xd8\xff", "image/jpeg"),
        (Self::Png, b"\x89PNG\r\n\x1a\n", "image/png"),
    ];

    /// What the bytes are, whatever their sender says.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, magic, _)| bytes.starts_with(magic)).map(|(kind, ..)| kind)
    }

    /// The media type.
    pub fn mime(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    fn named(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(.., name)| *name == mime).map(|(kind, ..)| kind)
    }
}

/// A stored file.
#[derive(Debug)]
pub struct Agreement {
    /// What it is.
    pub kind: FileType,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// Stores the agreement in the place of the one before; the agency decides anew. The caller looked at what it is.
pub async fn put_agreement(
    app: &App,
    caller: &Caller,
    id: DoctorId,
    precondition: &Precondition,
    file: Agreement,
) -> Result<WrittenDoctor, DoctorError> {
    let (key, mut tx) = begin(app, caller, WritePurpose::Content).await?;
    let before = reach(app, &mut tx, &key, caller, id).await?;
    // The agency decides anew on a new agreement, for every crèche of the doctor.
    if before.sheet.is_shared_beyond(caller.reach()) {
        let shared = Finding::new(&SHARED_BEYOND_REACH, At::default());
        return Err(DoctorError::Invalid(Findings::from_iter([shared])));
    }
    precondition.check(Some(before.version))?;
    if before.agreed_at.is_none() {
        let count = store::counts::agreements(&mut tx, caller.organiser).await? + 1;
        if let Some(full) = app.caps.exceeded(CapKind::Agreements, count) {
            return Err(DoctorError::Invalid(Findings::from_iter([full])));
        }
    }
    store(app, &mut tx, &key, (caller.organiser, id), &file).await?;
    let row = store::doctors::find(&mut tx, caller.organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    let row = Row { decided: None, ..row };
    if !store::doctors::update(&mut tx, caller.organiser, &row, app.clock.now()).await? {
        return Err(crate::app::PreconditionError::Stale(Some(before.version)).into());
    }
    let row = Row { version: row.version + 1, ..row };
    let creches = before.sheet.creche_ids;
    record_event(app, &mut tx, caller.organiser, EventType::DoctorChanged, &row, creches).await?;
    record_and_commit(app, tx, &key, caller, row, "doctor.agreementStored", false).await
}

/// The agreement as it came.
pub async fn agreement(app: &App, caller: &Caller, id: DoctorId) -> Result<Agreement, DoctorError> {
    let (key, mut tx) = begin(app, caller, WritePurpose::RecordOnly).await?;
    reach(app, &mut tx, &key, caller, id).await?;
    let found = opened(&mut tx, &key, caller.organiser, id).await?;
    record(app, &mut tx, caller.organiser, &caller.actor(), "doctor.agreementRead", Some(id)).await?;
    tx.commit().await?;
    Ok(found)
}

/// The agreement, taken out of its seal.
pub(super) async fn opened(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    id: DoctorId,
) -> Result<Agreement, DoctorError> {
    let found = store::doctors::agreement(tx, organiser, id).await?;
    let (mime, sealed) = found.ok_or(DoctorError::NoAgreement)?;
    let bytes = key.open(&place(organiser, id), &sealed).map_err(InternalError::from)?;
    let kind = FileType::named(&mime).ok_or(DoctorError::NoAgreement)?;
    Ok(Agreement { kind, bytes })
}

/// Puts the file down, sealed, in the place of the one before.
pub(super) async fn store(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    (organiser, id): (OrganiserId, DoctorId),
    file: &Agreement,
) -> Result<(), store::Error> {
    let sealed = key.seal(&place(organiser, id), Compressed::new(&file.bytes));
    store::doctors::put_agreement(tx, organiser, id, file.kind.mime(), &sealed, app.clock.now()).await
}

fn place(organiser: OrganiserId, id: DoctorId) -> SealContext {
    SealContext::of("doctor agreement", &[&organiser.to_string(), &id.to_string()])
}
