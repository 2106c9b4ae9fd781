//! Backups of the embedded database: copied while it runs, checked, and restored.

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
    /// Copies the database to `path`, where no file may exist, while it remains in use. When this returns, the copy is
    /// complete, checked and on disk; until then there is no file at `path`.
    pub async fn backup(&self, path: &Path) -> Result<(), Error> {
        let EnginePools::Sqlite { read, .. } = &self.pools else { return Err(Error::NotSqlite) };
        let copy = temporary_file(path)?;
        let mut connection = read.take().await?;
        sqlx::query("vacuum into $1").bind(text(copy.path())?).execute(&mut *connection).await?;
        check(copy.path()).await?;
        persist(copy, path)
    }
}

impl Db {
    /// The structural errors of the embedded file that a quick check finds; `None` for a server.
    pub async fn quick_check(&self) -> Option<Result<Vec<String>, Error>> {
        let EnginePools::Sqlite { read, .. } = &self.pools else { return None };
        let checked = async {
            let connection = &mut *read.take().await?;
            sqlx::query_as::<_, (String,)>("pragma quick_check").fetch_all(connection).await
        };
        let found = checked.await.map_err(Error::from);
        Some(found.map(|lines| lines.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect()))
    }
}

/// The path of the database, locked during a restore: no other process may use the file there.
#[derive(Debug)]
pub struct RestoreTarget {
    path: PathBuf,
    /// The existing file, locked so that no other process opens it.
    former: Option<File>,
}

impl RestoreTarget {
    /// Locks the path; refused while a gateway or a command has the database open.
    pub fn lock(path: &Path) -> Result<Self, Error> {
        let former = path.exists().then(|| locked(path)).transpose()?;
        Ok(Self { path: path.to_owned(), former })
    }

    /// Whether a database exists there.
    pub const fn has_database(&self) -> bool {
        self.former.is_some()
    }
}

/// A checked copy of a backup, in the directory of the database.
#[derive(Debug)]
pub struct RestoreCandidate(NamedTempFile);

impl RestoreCandidate {
    /// Copies the backup, which must pass the integrity check.
    pub async fn prepare(backup: &Path, target: &RestoreTarget) -> Result<Self, Error> {
        check(backup).await?;
        let copy = NamedTempFile::new_in(directory(&target.path)).map_err(|error| failed(&target.path, &error))?;
        std::fs::copy(backup, copy.path()).map_err(|error| failed(&target.path, &error))?;
        // The copy has the permissions of the backup; a database is readable by its owner only.
        let owner = Permissions::from_mode(0o600);
        std::fs::set_permissions(copy.path(), owner).map_err(|error| failed(&target.path, &error))?;
        check(copy.path()).await?;
        Ok(Self(copy))
    }

    /// Opens the copy; close it before it is installed.
    pub async fn open(&self) -> Result<Db, Error> {
        Db::open(self.0.path()).await
    }

    /// Makes the copy the database. The former database is renamed to the returned path, which ends in `mark`.
    pub fn install(self, target: RestoreTarget, mark: &str) -> Result<Option<PathBuf>, Error> {
        let RestoreTarget { path, former } = target;
        let aside = former.as_ref().map(|_| with_ending(&path, mark));
        if let Some(aside) = &aside {
            // The database file first: if only its write-ahead log were moved, the transactions in that log would be lost.
            for suffix in ["", "-wal", "-shm", "-journal"] {
                let file = with_ending(&path, suffix);
                if file.exists() {
                    std::fs::rename(&file, with_ending(aside, suffix)).map_err(|error| failed(&path, &error))?;
                }
            }
        }
        for file in ["-wal", "-shm", "-journal"].map(|file| with_ending(&path, file)) {
            if file.exists() {
                let file = file.display();
                return Err(Error::Backup(format!("{file} belongs to a former database: move it away first")));
            }
        }
        persist(self.0, &path)?;
        drop(former);
        Ok(aside)
    }
}

/// Opens the file with an exclusive lock on all of it, which fails while another process has it open in SQLite. The lock is
/// per process: this one must not have the database open itself.
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

/// Fails unless the file is an intact database of a gateway. Creates no file beside it.
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

/// An empty file in the same directory, readable by its owner only, removed when dropped without being persisted.
fn temporary_file(path: &Path) -> Result<NamedTempFile, Error> {
    if path.exists() {
        return Err(Error::Backup(format!("{} exists already and is left as it is", path.display())));
    }
    NamedTempFile::new_in(directory(path)).map_err(|error| failed(path, &error))
}

/// Renames a finished copy to `path` and syncs file and directory to disk.
fn persist(copy: NamedTempFile, path: &Path) -> Result<(), Error> {
    let persist = || {
        File::open(copy.path())?.sync_all()?;
        copy.persist_noclobber(path)?;
        File::open(directory(path))?.sync_all()
    };
    persist().map_err(|error| failed(path, &error))
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
