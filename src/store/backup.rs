//! Copies of the embedded database, made while it runs, checked, and put back.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::NamedTempFile;

use super::db::Db;
use super::error::Error;

impl Db {
    /// Copies the database to `path`, where nothing may be yet, while it goes on being used. When this returns, the
    /// copy is whole, checked and on disk; until then nothing is at `path`.
    pub async fn backup(&self, path: &Path) -> Result<(), Error> {
        let Self::Sqlite { read, .. } = self else { return Err(Error::NotSqlite) };
        let copy = beside(path)?;
        let mut connection = read.acquire().await?;
        sqlx::query("vacuum into $1").bind(text(copy.path())?).execute(&mut *connection).await?;
        check(copy.path()).await?;
        settle(copy, path)
    }
}

/// Puts a backup back as the database at `path`, where nothing may be yet. Nothing may be using it meanwhile.
pub async fn restore(backup: &Path, path: &Path) -> Result<(), Error> {
    for rest in ["-wal", "-shm", "-journal"].map(|end| PathBuf::from(format!("{}{end}", path.display()))) {
        if rest.exists() {
            return Err(Error::Backup(format!("{} belongs to a former database: move it away first", rest.display())));
        }
    }
    check(backup).await?;
    let copy = beside(path)?;
    std::fs::copy(backup, copy.path()).map_err(|error| failed(path, &error))?;
    check(copy.path()).await?;
    settle(copy, path)
}

/// Whether the file is a whole database of a gateway. Leaves no trace beside it.
async fn check(path: &Path) -> Result<(), Error> {
    let broken = |error: sqlx::Error| Error::Backup(format!("{} is not a sound backup: {error}", path.display()));
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    let mut connection = options.connect().await.map_err(broken)?;
    let (verdict,): (String,) =
        sqlx::query_as("pragma integrity_check").fetch_one(&mut connection).await.map_err(broken)?;
    let (_,): (i64,) =
        sqlx::query_as("select count(*) from organiser").fetch_one(&mut connection).await.map_err(broken)?;
    connection.close().await.map_err(broken)?;
    if verdict == "ok" { Ok(()) } else { Err(broken(sqlx::Error::Protocol(verdict))) }
}

/// An empty file in the same directory, readable by its owner only, that vanishes unless it is settled.
fn beside(path: &Path) -> Result<NamedTempFile, Error> {
    if path.exists() {
        return Err(Error::Backup(format!("{} exists already and is left as it is", path.display())));
    }
    NamedTempFile::new_in(directory(path)).map_err(|error| failed(path, &error))
}

/// Gives a finished copy its name, durably.
fn settle(copy: NamedTempFile, path: &Path) -> Result<(), Error> {
    let settle = || {
        File::open(copy.path())?.sync_all()?;
        copy.persist_noclobber(path)?;
        File::open(directory(path))?.sync_all()
    };
    settle().map_err(|error| failed(path, &error))
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn text(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| Error::Backup(format!("{} is not a text", path.display())))
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::Backup(format!("{} could not be written: {error}", path.display()))
}
