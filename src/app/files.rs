//! Files that are stored as they were sent. A file is stored in sealed chunks first, outside the transaction of what it
//! belongs to, and then attached in the unit of work that records this. What is never attached is removed after a day.

use std::sync::Arc;

use jiff::SignedDuration;

use super::App;
use super::error::{InternalError, fault_conversions};
use super::unit_of_work::UnitOfWork;
use super::{WorkSize, run_blocking};
use crate::domain::caps::Caps;
use crate::domain::file::{FileName, FileType};
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::file::TOO_LARGE;
use crate::ids::FileId;
use crate::ingest::file_inspection::inspect;
use crate::seal::{Compressed, DataKey, SealContext, SealError, sha256_hex};
pub use crate::store::DataOwner;
use crate::store::files::FileRecord;
use crate::store::{self, Db, WritePurpose};
use crate::vault::{Vault, VaultError};

/// How many bytes of a file are sealed together.
const CHUNK: usize = 256 << 10;

/// How long the chunks of a file that belongs to nothing are stored.
pub(super) const ABANDONED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Bytes in a megabyte, as sizes are shown.
pub(super) const MEGABYTE: u64 = 1_000_000;

/// A file as it was sent.
#[derive(Debug)]
pub struct SentFile {
    /// Its name; empty where there is none.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file was not stored.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It breaks a rule of files.
    #[error("{}", .0.rule.code)]
    Refused(Finding),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(FileError);

/// A file whose chunks are stored and that belongs to nothing yet.
#[derive(Debug)]
pub struct UploadedFile {
    /// Its owner.
    pub owner: DataOwner,
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
    chunks: u32,
    sealed_name: Vec<u8>,
}

/// A stored file.
#[derive(Debug)]
pub struct StoredFile {
    /// Its name.
    pub name: FileName,
    /// Its type.
    pub kind: FileType,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Inspects a file and stores its chunks.
///
/// # Errors
/// `Refused` when the file breaks a rule: nothing is stored then.
pub async fn upload(app: &App, owner: DataOwner, sent: SentFile) -> Result<UploadedFile, FileError> {
    let caps = app.caps;
    let (sent, checked) = run_for(owner, move || {
        let checked = check(&caps, &sent);
        (sent, checked)
    })
    .await?;
    let (name, kind, sha256) = checked.map_err(FileError::Refused)?;
    let key = data_key(&app.db, &app.vault, owner).await?;
    let id = FileId::new(app.clocks.machine());
    store_chunks(app, owner, id, &key, &sent.bytes).await?;
    let sealed_name = key.seal(&name_context(owner, id), Compressed::new(name.as_str().as_bytes()));
    let chunks = u32::try_from(sent.bytes.len().div_ceil(CHUNK)).unwrap_or(u32::MAX);
    Ok(UploadedFile { owner, id, name, kind, size: sent.bytes.len() as u64, sha256, chunks, sealed_name })
}

/// The rule that a file breaks, without storing anything.
pub(super) async fn refusal(app: &App, owner: DataOwner, sent: SentFile) -> Result<Option<Finding>, InternalError> {
    let caps = app.caps;
    run_for(owner, move || check(&caps, &sent).err()).await
}

/// The name, the type and the hash of a file that breaks no rule.
fn check(caps: &Caps, sent: &SentFile) -> Result<(FileName, FileType, String), Finding> {
    let most = u64::from(caps.file_bytes);
    if sent.bytes.len() as u64 > most {
        return Err(too_large(&TOO_LARGE, most));
    }
    let kind = inspect(&sent.bytes)?;
    Ok((FileName::new(&sent.name, kind)?, kind, sha256_hex(&sent.bytes)))
}

/// The finding of files beyond a size.
pub(super) fn too_large(rule: &'static crate::domain::rule::Rule, most_bytes: u64) -> Finding {
    Finding::new(rule, FindingPlace::default()).with("most", Param::Count(most_bytes / MEGABYTE))
}

/// Each chunk is sealed before its own short transaction, in the owner's turn.
async fn store_chunks(
    app: &App,
    owner: DataOwner,
    id: FileId,
    key: &DataKey,
    bytes: &[u8],
) -> Result<(), store::Error> {
    let begun_at = app.clocks.machine().now();
    for (number, part) in (0..).zip(bytes.chunks(CHUNK)) {
        let sealed = key.seal(&chunk_context(owner, id, number), Compressed::new(part));
        let mut tx = match owner {
            DataOwner::Organiser(organiser) => app.db.write_for(organiser, WritePurpose::Content).await?,
            DataOwner::Agency => app.db.write().await?,
        };
        if number == 0 {
            store::files::begin_upload(&mut tx, owner, id, begun_at).await?;
        }
        store::files::insert_chunk(&mut tx, owner, id, (number, &sealed)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes an uploaded file belong to what the unit of work writes.
///
/// # Errors
/// `Changed` when its chunks have been removed because a day has passed.
pub(super) async fn attach(work: &mut UnitOfWork<'_>, file: &UploadedFile) -> Result<(), store::Error> {
    let record = FileRecord {
        owner: file.owner,
        id: file.id,
        name: file.sealed_name.clone(),
        kind: file.kind,
        size: file.size,
        chunks: file.chunks,
        sha256: file.sha256.clone(),
        created_at: work.at(),
    };
    store::files::insert(work, &record).await
}

/// The name of a stored file.
pub(super) fn open_name(key: &DataKey, file: &FileRecord) -> Result<FileName, InternalError> {
    let name = key.open(&name_context(file.owner, file.id), &file.name)?;
    Ok(FileName::stored(String::from_utf8_lossy(&name).into_owned()))
}

/// A stored file; `None` when the owner has none with this id. The caller records the reading.
///
/// # Errors
/// A chunk that is missing or altered, and bytes whose hash is another.
pub async fn read(db: &Db, vault: &Vault, owner: DataOwner, id: FileId) -> Result<Option<StoredFile>, InternalError> {
    read_for(db, vault, (owner, id), owner).await
}

/// The same for a reader who is not the owner: in the turn of the reader, so that a file which many read at once is unsealed
/// for a few of them at a time.
pub(super) async fn read_for(
    db: &Db,
    vault: &Vault,
    (owner, id): (DataOwner, FileId),
    reader: DataOwner,
) -> Result<Option<StoredFile>, InternalError> {
    let key = data_key(db, vault, owner).await?;
    let mut tx = db.read().await?;
    let Some(record) = store::files::find(&mut tx, owner, id).await? else { return Ok(None) };
    let mut sealed = Vec::new();
    for number in 0..record.chunks {
        sealed.push(store::files::chunk(&mut tx, owner, id, number).await?.ok_or(SealError::Broken)?);
    }
    drop(tx);
    run_for(reader, move || open(&key, &record, &sealed)).await?.map(Some)
}

fn open(key: &DataKey, record: &FileRecord, sealed: &[Vec<u8>]) -> Result<StoredFile, InternalError> {
    let mut bytes = Vec::new();
    for (number, chunk) in (0..).zip(sealed) {
        bytes.extend(key.open(&chunk_context(record.owner, record.id, number), chunk)?);
    }
    if sha256_hex(&bytes) != record.sha256 {
        return Err(SealError::Broken.into());
    }
    Ok(StoredFile { name: open_name(key, record)?, kind: record.kind, bytes })
}

/// The key that seals the owner's files.
pub(super) async fn data_key(db: &Db, vault: &Vault, owner: DataOwner) -> Result<Arc<DataKey>, VaultError> {
    match owner {
        DataOwner::Organiser(organiser) => vault.organiser_key(db, organiser).await,
        DataOwner::Agency => Ok(Arc::new(vault.deployment_key())),
    }
}

/// Runs CPU work outside the threads that serve requests.
async fn run_for<T: Send + 'static>(
    owner: DataOwner,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
    match owner {
        DataOwner::Organiser(organiser) => run_blocking(organiser, WorkSize::Light, work).await,
        DataOwner::Agency => Ok(tokio::task::spawn_blocking(work).await?),
    }
}

fn name_context(owner: DataOwner, id: FileId) -> SealContext {
    SealContext::of("file name", &[&owner.name(), &id.to_string()])
}

fn chunk_context(owner: DataOwner, id: FileId, number: u32) -> SealContext {
    SealContext::of("file chunk", &[&owner.name(), &id.to_string(), &number.to_string()])
}
