//! The attachments of a report: files beside its revisions. What was there at a signature stays readable; names are read
//! with an entry in the audit trail.

use jiff::Timestamp;

use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError, fault_conversions};
use crate::app::files::{DataOwner, FileError, SentFile, StoredFile, attach, open_name, too_large, upload};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, creches, files};
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::claim::{CorrectionReason, SignedAttachment};
use crate::domain::creche::Creche;
use crate::domain::event::EventType;
use crate::domain::file::{FileName, FileType};
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::period::Quarter;
use crate::domain::report::{self, ReportContext};
use crate::domain::rules::file::{TOO_MANY, TOO_MANY_KEPT, TOTAL_TOO_LARGE};
use crate::ids::{CrecheId, FileId};
use crate::seal::DataKey;
use crate::store::attachments::AttachmentRecord;
use crate::store::claims::ClaimKey;
use crate::store::files::FileRecord;
use crate::store::{self, WritePurpose};

/// An attachment of a report.
#[derive(Debug)]
pub struct Attachment {
    /// Its id.
    pub id: FileId,
    /// Its name.
    pub name: FileName,
    /// Its type.
    pub kind: FileType,
    /// Its size, in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// When it was added, in business time.
    pub added_at: Timestamp,
}

/// Why nothing was done to the attachments of a report.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// The caller does not reach the crèche.
    #[error(transparent)]
    Creche(#[from] AccessError),
    /// The file breaks a rule.
    #[error("{}", .0.rule.code)]
    Refused(Finding),
    /// The report has no attachment with this id.
    #[error("no such attachment")]
    Unknown,
    /// The report is signed, and no reason for a correction was given.
    #[error("the report is signed: a reason for the correction is needed")]
    Locked,
    /// The key is for dry runs only.
    #[error("the key is for dry runs only")]
    OnlyTries,
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(AttachmentError);

impl From<FileError> for AttachmentError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Refused(finding) => Self::Refused(finding),
            FileError::Fault(fault) => Self::Fault(fault),
        }
    }
}

fn report_key(caller: &Caller, (creche, quarter): (CrecheId, Quarter)) -> ClaimKey {
    ClaimKey::new(caller.organiser, creche, quarter)
}

/// The record of an action on a report.
fn record_of(action: RecordedAction, report: ClaimKey) -> Record {
    Record::of(action).creche(report.creche).period(report.period)
}

/// The attachments of a report, the first first.
pub async fn attachments(
    app: &App,
    caller: &Caller,
    at: (CrecheId, Quarter),
) -> Result<Vec<Attachment>, AttachmentError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    creches::find_within_reach(&mut tx, caller, at.0).await?;
    let report = report_key(caller, at);
    let found = present(store::attachments::list(&mut tx, report).await?);
    drop(tx);
    if !found.is_empty() {
        let record = record_of(RecordedAction::AttachmentsRead, report);
        app.record_access(caller.organiser, &caller.actor(), &record).await?;
    }
    Ok(found.into_iter().map(|file| open(&key, file)).collect::<Result<_, _>>()?)
}

fn open(key: &DataKey, file: FileRecord) -> Result<Attachment, InternalError> {
    let name = open_name(key, &file)?;
    let FileRecord { id, kind, size, sha256, created_at, .. } = file;
    Ok(Attachment { id, name, kind, size, sha256, added_at: created_at })
}

/// The files that belong to the report now.
fn present(all: Vec<AttachmentRecord>) -> Vec<FileRecord> {
    all.into_iter().filter(|one| one.removed_at.is_none()).map(|one| one.file).collect()
}

/// The attachments of a report as they are signed, in an order that does not depend on when they were added.
pub(in crate::app) async fn signed_attachments(
    tx: &mut store::Tx,
    report: ClaimKey,
) -> Result<Vec<SignedAttachment>, store::Error> {
    let found = present(store::attachments::list(tx, report).await?);
    let signed = |file: FileRecord| SignedAttachment {
        sha256: file.sha256,
        media_type: file.kind.media_type().to_owned(),
        size: file.size,
    };
    let mut signed: Vec<_> = found.into_iter().map(signed).collect();
    signed.sort();
    Ok(signed)
}

/// Adds a file to a report; a signed one needs a reason.
pub async fn add_attachment(
    app: &App,
    caller: &Caller,
    at: (CrecheId, Quarter),
    sent: SentFile,
    correction: Option<CorrectionReason>,
) -> Result<Attachment, AttachmentError> {
    if caller.is_trial() {
        return Err(AttachmentError::OnlyTries);
    }
    let report = report_key(caller, at);
    // Refused before its chunks are stored where that is known already; decided in the write.
    let mut tx = app.db.read().await?;
    let creche = creches::find_within_reach(&mut tx, caller, at.0).await?;
    require_report(caller, &creche, at.1)?;
    require_room(app, &mut tx, report, sent.bytes.len() as u64).await?;
    drop(tx);
    let file = upload(app, DataOwner::Organiser(caller.organiser), sent).await?;
    let mut work = app.begin(caller, WritePurpose::Content).await?;
    creches::find_within_reach(&mut work, caller, at.0).await?;
    require_room(app, &mut work, report, file.size).await?;
    let (_, correction) = standing(&mut work, report, correction).await?;
    attach(&mut work, &file).await?;
    let added_at = work.at();
    store::attachments::insert(&mut work, report, file.id, (added_at, correction)).await?;
    record_change(&mut work, RecordedAction::AttachmentAdded, (report, file.id), correction);
    work.commit().await?;
    let files::UploadedFile { id, name, kind, size, sha256, .. } = file;
    Ok(Attachment { id, name, kind, size, sha256, added_at })
}

/// Fails where the crèche can have no report for the quarter.
fn require_report(caller: &Caller, creche: &Creche, quarter: Quarter) -> Result<(), AttachmentError> {
    let today = caller.clock.today();
    let context = ReportContext { quarter, today, creche, staff: &[], claimed_elsewhere: &[] };
    report::obstacle(&context).map_or(Ok(()), |finding| Err(AttachmentError::Refused(finding)))
}

/// Fails when the report has too many attachments with one more of this size.
async fn require_room(app: &App, tx: &mut store::Tx, report: ClaimKey, size: u64) -> Result<(), AttachmentError> {
    let all = store::attachments::list(tx, report).await?;
    let kept = all.len();
    let found = present(all);
    for (rule, count, most) in [
        (&TOO_MANY, found.len(), app.caps.attachments_per_report),
        (&TOO_MANY_KEPT, kept, app.caps.kept_attachments_per_report),
    ] {
        if count >= most as usize {
            let finding = Finding::new(rule, FindingPlace::default());
            return Err(AttachmentError::Refused(finding.with("most", Param::Count(most.into()))));
        }
    }
    let most_bytes = u64::from(app.caps.attachment_bytes_per_report);
    if found.iter().map(|file| file.size).sum::<u64>() + size > most_bytes {
        return Err(AttachmentError::Refused(too_large(&TOTAL_TOO_LARGE, most_bytes)));
    }
    Ok(())
}

/// Whether the report was ever signed, and the reason of a change where it is signed now.
async fn standing(
    tx: &mut store::Tx,
    report: ClaimKey,
    correction: Option<CorrectionReason>,
) -> Result<(bool, Option<CorrectionReason>), AttachmentError> {
    let claim = store::claims::find(tx, report).await?;
    let is_frozen = claim.as_ref().is_some_and(|claim| claim.standing.state.is_frozen());
    match correction {
        None if is_frozen => Err(AttachmentError::Locked),
        reason => Ok((claim.is_some(), reason.filter(|_| is_frozen))),
    }
}

fn record_change(
    work: &mut UnitOfWork<'_>,
    action: RecordedAction,
    (report, file): (ClaimKey, FileId),
    correction: Option<CorrectionReason>,
) {
    work.record(&record_of(action, report).about(file));
    if correction.is_some() {
        let corrected = Record::of(EventType::ReportCorrected).creche(report.creche);
        work.record(&corrected.period(report.period));
    }
}

/// Removes an attachment. Of a report that was signed before, the file is kept and is not part of the report any more.
pub async fn remove_attachment(
    app: &App,
    caller: &Caller,
    at: (CrecheId, Quarter),
    file: FileId,
    correction: Option<CorrectionReason>,
) -> Result<(), AttachmentError> {
    if caller.is_trial() {
        return Err(AttachmentError::OnlyTries);
    }
    let report = report_key(caller, at);
    let mut work = app.begin(caller, WritePurpose::RecordOnly).await?;
    creches::find_within_reach(&mut work, caller, at.0).await?;
    let (was_signed, correction) = standing(&mut work, report, correction).await?;
    let removed_at = work.at();
    let is_removed = if was_signed {
        store::attachments::mark_removed(&mut work, report, file, (removed_at, correction)).await?
    } else {
        store::attachments::delete(&mut work, report, file).await?
    };
    if !is_removed {
        return Err(AttachmentError::Unknown);
    }
    record_change(&mut work, RecordedAction::AttachmentRemoved, (report, file), correction);
    Ok(work.commit().await?)
}

/// An attachment with its bytes, also one that was removed after a signature; reading it is recorded.
pub async fn read_attachment(
    app: &App,
    caller: &Caller,
    at: (CrecheId, Quarter),
    file: FileId,
) -> Result<StoredFile, AttachmentError> {
    creches::find_within_reach(&mut app.db.read().await?, caller, at.0).await?;
    let found = store::attachments::list(&mut app.db.read().await?, report_key(caller, at)).await?;
    if !found.iter().any(|one| one.file.id == file) {
        return Err(AttachmentError::Unknown);
    }
    read_recorded(app, &caller.actor(), report_key(caller, at), file).await
}

/// Reads a file of a report, and records that.
async fn read_recorded(
    app: &App,
    actor: &Actor,
    report: ClaimKey,
    file: FileId,
) -> Result<StoredFile, AttachmentError> {
    let record = record_of(RecordedAction::AttachmentsRead, report).about(file);
    app.record_access(report.organiser, actor, &record).await?;
    let found = files::read(&app.db, &app.vault, DataOwner::Organiser(report.organiser), file).await?;
    found.ok_or(AttachmentError::Unknown)
}

/// The attachments that a claim was signed with. The caller records the reading.
pub(in crate::app) async fn attachments_as_signed(
    tx: &mut store::Tx,
    key: &DataKey,
    report: ClaimKey,
    signed: &[SignedAttachment],
) -> Result<Vec<Attachment>, InternalError> {
    let mut stored = store::attachments::list(tx, report).await?;
    let mut found = Vec::new();
    for one in signed {
        // The same content may have been attached several times.
        if let Some(at) = stored.iter().position(|stored| stored.file.sha256 == one.sha256) {
            found.push(open(key, stored.swap_remove(at).file)?);
        }
    }
    found.sort_by_key(|one| one.id);
    Ok(found)
}

/// An attachment that the agency reads with the claim: one of those that were signed last. The reading is recorded.
pub(in crate::app) async fn read_as_signed(
    app: &App,
    reader: &Actor,
    report: ClaimKey,
    (signed, file): (&[SignedAttachment], FileId),
) -> Result<StoredFile, AttachmentError> {
    let key = app.vault.organiser_key(&app.db, report.organiser).await?;
    let found = attachments_as_signed(&mut app.db.read().await?, &key, report, signed).await?;
    if !found.iter().any(|one| one.id == file) {
        return Err(AttachmentError::Unknown);
    }
    read_recorded(app, reader, report, file).await
}
