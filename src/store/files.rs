//! Stored files: chunks first, then the row that makes a file belong to something.

use jiff::Timestamp;

use super::data_owner::DataOwner;
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, KeyValue, STORED_FILE};
use super::source::{RowSource, all, optional};
use crate::domain::file::FileType;
use crate::ids::FileId;

/// A stored file without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// Its owner.
    pub owner: DataOwner,
    /// Its id.
    pub id: FileId,
    /// Its name, sealed.
    pub name: Vec<u8>,
    /// Its type.
    pub kind: FileType,
    /// Its size, in bytes.
    pub size: u64,
    /// How many chunks it has.
    pub chunks: u32,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// When it was stored, in business time.
    pub created_at: Timestamp,
}

/// The columns of a [`FileRow`].
macro_rules! files {
    ($where:literal) => {
        concat!("select owner, id, name, media_type, size, chunks, sha256, created_at from stored_file where ", $where)
    };
}

/// What deletes rows of uploads, with `$column` as the id of the file, that began before an instant.
macro_rules! of_abandoned {
    ($table:literal, $column:literal) => {
        concat!(
            "delete from ",
            $table,
            " where (owner, ",
            $column,
            ") in (select owner, id from file_upload where owner = $1 and begun_at < $2 order by begun_at, id limit $3)"
        )
    };
}

const BEGIN: &str = "insert into file_upload (owner, id, begun_at) values ($1, $2, $3)";
const INSERT_CHUNK: &str = "insert into stored_file_chunk (owner, file_id, number, sealed) values ($1, $2, $3, $4)";
const END: &str = "delete from file_upload where owner = $1 and id = $2";
const INSERT: &str = "insert into stored_file (owner, id, name, media_type, size, chunks, sha256, created_at) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8)";
const FIND: &str = files!("owner = $1 and id = $2");
const OF_OWNER: &str = files!("owner = $1 order by id");
const CHUNK: &str = "select sealed from stored_file_chunk where owner = $1 and file_id = $2 and number = $3";
const DELETE: &str = "delete from stored_file where owner = $1 and id = $2 returning mac";
const DELETE_CHUNKS: &str = "delete from stored_file_chunk where owner = $1 and file_id = $2";
const REMOVE_ABANDONED_CHUNKS: &str = of_abandoned!("stored_file_chunk", "file_id");
const REMOVE_ABANDONED: &str = of_abandoned!("file_upload", "id");

/// Begins to store a file.
pub async fn begin_upload(tx: &mut Tx, owner: DataOwner, id: FileId, at: Timestamp) -> Result<(), Error> {
    execute!(tx, BEGIN, owner.name(), id.to_string(), at.as_millisecond())?.one()
}

/// Stores a chunk, sealed.
pub async fn insert_chunk(
    tx: &mut Tx,
    owner: DataOwner,
    id: FileId,
    (number, sealed): (u32, &[u8]),
) -> Result<(), Error> {
    execute!(tx, INSERT_CHUNK, owner.name(), id.to_string(), i64::from(number), sealed)?.one()
}

/// Makes a file whose chunks are all stored belong to what is written with it. Fails with `Changed` when its chunks have
/// been removed.
pub async fn insert(tx: &mut Tx, new: &FileRecord) -> Result<(), Error> {
    let (owner, id) = (new.owner.name(), new.id.to_string());
    if !execute!(tx, END, &owner, &id)?.at_most_one()? {
        return Err(Error::Changed);
    }
    let (size, chunks) = (new.size.cast_signed(), i64::from(new.chunks));
    let (media, at) = (new.kind.media_type(), new.created_at.as_millisecond());
    execute!(tx, INSERT, &owner, &id, &new.name, media, size, chunks, &new.sha256, at)?.one()?;
    integrity::seal_new(tx, &STORED_FILE, &[KeyValue::Text(&owner), KeyValue::Text(&id)]).await
}

/// A file of the owner.
pub async fn find(tx: &mut Tx, owner: DataOwner, id: FileId) -> Result<Option<FileRecord>, Error> {
    let (owner, id) = (owner.name(), id.to_string());
    integrity::require(tx, &STORED_FILE, &[KeyValue::Text(&owner), KeyValue::Text(&id)]).await?;
    optional(row!(tx, FileRow, FIND, &owner, &id)?)
}

/// Every file of an owner, to check that each can be unsealed.
pub async fn list(tx: &mut Tx, owner: DataOwner) -> Result<Vec<FileRecord>, Error> {
    all(rows!(tx, FileRow, OF_OWNER, owner.name())?)
}

/// A chunk of a file, sealed.
pub async fn chunk(tx: &mut Tx, owner: DataOwner, id: FileId, number: u32) -> Result<Option<Vec<u8>>, Error> {
    let found = row!(tx, (Vec<u8>,), CHUNK, owner.name(), id.to_string(), i64::from(number))?;
    Ok(found.map(|(sealed,)| sealed))
}

/// Removes a file; `false` when there is none.
pub async fn remove(tx: &mut Tx, owner: DataOwner, id: FileId) -> Result<bool, Error> {
    let (name, file) = (owner.name(), id.to_string());
    let Some((mac,)) = row!(tx, (Option<Vec<u8>>,), DELETE, &name, &file)? else { return Ok(false) };
    execute!(tx, DELETE_CHUNKS, &name, &file)?.any();
    integrity::removed_of(tx, &STORED_FILE, &owner.chain(), &file, mac.as_deref());
    Ok(true)
}

/// Removes at most `most` files of an owner that were begun before an instant and belong to nothing; returns how many.
pub async fn remove_abandoned(tx: &mut Tx, owner: DataOwner, before: Timestamp, most: i64) -> Result<u64, Error> {
    let (owner, before) = (owner.name(), before.as_millisecond());
    execute!(tx, REMOVE_ABANDONED_CHUNKS, &owner, before, most)?.any();
    Ok(execute!(tx, REMOVE_ABANDONED, &owner, before, most)?.any())
}

#[derive(sqlx::FromRow)]
struct FileRow {
    owner: String,
    id: String,
    name: Vec<u8>,
    media_type: String,
    size: i64,
    chunks: i64,
    sha256: String,
    created_at: i64,
}

impl TryFrom<FileRow> for FileRecord {
    type Error = Error;

    fn try_from(row: FileRow) -> Result<Self, Error> {
        let from = RowSource { table: "stored_file", id: &row.id };
        Ok(Self {
            owner: from.text("owner", &row.owner)?,
            id: from.text("id", &row.id)?,
            kind: from.text("media_type", &row.media_type)?,
            size: from.number("size", row.size)?,
            chunks: from.number("chunks", row.chunks)?,
            created_at: from.instant("created_at", row.created_at)?,
            name: row.name,
            sha256: row.sha256,
        })
    }
}
