//! Copies of the embedded database, made while it runs, checked, and put back.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::NamedTempFile;

use super::db::{Db, EnginePools};
use super::error::Error;

impl Db {
    /// Copies the database to `path`, where nothing may be yet, while it goes on being used. When this returns, the
    /// copy is whole, checked and on disk; until then nothing is at `path`.
    pub async fn backup(&self, path: &Path) -> Result<(), Error> {
        let EnginePools::Sqlite { read, .. } = &self.pools else { return Err(Error::NotSqlite) };
        let copy = temporary_file(path)?;
        let mut connection = read.acquire().await?;
        sqlx::query("vacuum into $1").bind(text(copy.path())?).execute(&mut *connection).await?;
        check(copy.path()).await?;
        settle(copy, path)
    }
}

impl Db {
    /// What is wrong with the structure of the embedded file, as far as a quick look shows; `None` for a server.
    pub async fn quick_check(&self) -> Option<Result<Vec<String>, Error>> {
        let EnginePools::Sqlite { read, .. } = &self.pools else { return None };
        let found = sqlx::query_as::<_, (String,)>("pragma quick_check").fetch_all(read).await.map_err(Error::from);
        Some(found.map(|lines| lines.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect()))
    }
}

/// The place where the database is, held while it is put back: nothing may be using what is there.
#[derive(Debug)]
pub struct RestoreTarget {
    path: PathBuf,
    /// What is there, locked so that nobody opens it.
    former: Option<File>,
}

impl RestoreTarget {
    /// Holds the place; refused while a gateway or a command has the database open.
    pub fn hold(path: &Path) -> Result<Self, Error> {
        let former = path.exists().then(|| locked(path)).transpose()?;
        Ok(Self { path: path.to_owned(), former })
    }

    /// Whether a database is there.
    pub const fn is_taken(&self) -> bool {
        self.former.is_some()
    }
}

/// A checked copy of a backup beside the place where it is to be.
#[derive(Debug)]
pub struct BackupCandidate(NamedTempFile);

impl BackupCandidate {
    /// Copies the backup, which must be whole.
    pub async fn prepare(backup: &Path, berth: &RestoreTarget) -> Result<Self, Error> {
        check(backup).await?;
        let copy = NamedTempFile::new_in(directory(&berth.path)).map_err(|error| failed(&berth.path, &error))?;
        std::fs::copy(backup, copy.path()).map_err(|error| failed(&berth.path, &error))?;
        // The copy took the permissions of the backup over; the database is its owner's alone.
        let owner = Permissions::from_mode(0o600);
        std::fs::set_permissions(copy.path(), owner).map_err(|error| failed(&berth.path, &error))?;
        check(copy.path()).await?;
        Ok(Self(copy))
    }

    /// Opens the copy; close it before it is settled.
    pub async fn open(&self) -> Result<Db, Error> {
        Db::open(self.0.path()).await
    }

    /// Makes the copy the database. What was there is kept under the name that is returned, ending in `mark`.
    pub fn install(self, berth: RestoreTarget, mark: &str) -> Result<Option<PathBuf>, Error> {
        let RestoreTarget { path, former } = berth;
        let aside = former.as_ref().map(|_| with_ending(&path, mark));
        if let Some(aside) = &aside {
            // The file first: without its log it would silently lose what the log holds.
            for rest in ["", "-wal", "-shm", "-journal"] {
                let file = with_ending(&path, rest);
                if file.exists() {
                    std::fs::rename(&file, with_ending(aside, rest)).map_err(|error| failed(&path, &error))?;
                }
            }
        }
        for rest in ["-wal", "-shm", "-journal"].map(|rest| with_ending(&path, rest)) {
            if rest.exists() {
                let rest = rest.display();
                return Err(Error::Backup(format!("{rest} belongs to a former database: move it away first")));
            }
        }
        settle(self.0, &path)?;
        drop(former);
        Ok(aside)
    }
}

/// The file with every lock that SQLite could want on it: had by no other process, whatever the file holds. The locks
/// are the process's: it must not have the database open itself.
fn locked(path: &Path) -> Result<File, Error> {
    let file = File::options().read(true).write(true).open(path).map_err(|error| failed(path, &error))?;
    rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(|_| {
        let path = path.display();
        Error::Backup(format!("{path} is in use: stop every gateway and command that works with it first"))
    })?;
    Ok(file)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
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
fn temporary_file(path: &Path) -> Result<NamedTempFile, Error> {
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
