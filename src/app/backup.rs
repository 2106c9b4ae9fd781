//! Backups of the embedded database, and restoring one.

use std::path::{Path, PathBuf};

use super::clocks::Clocks;
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::seal::MasterKeys;
use crate::store::{Db, Error, RestoreCandidate, RestoreTarget};
use crate::vault::{self, Vault};

/// Copies the running database to `path`, where no file may exist. It is recorded in the audit trail before the copy is
/// made, so that every copy is recorded.
pub async fn create(act: OperatorContext<'_>, path: &Path) -> Result<(), OperatorError> {
    if !act.db.is_a_file() {
        return Err(Error::NotSqlite.into());
    }
    if path.exists() {
        return Err(Error::Backup(format!("{} exists already and is left as it is", path.display())).into());
    }
    let mut work = act.begin_for_operator().await?;
    work.record(&Record::of(RecordedAction::DatabaseBackedUp));
    work.commit().await?;
    Ok(act.db.backup(path).await?)
}

/// A backup to be restored.
pub struct RestoreRequest<'a> {
    /// The backup.
    pub backup: &'a Path,
    /// The path of the configured database.
    pub url: &'a str,
    /// Whether an existing database may be moved aside.
    pub replace: bool,
    /// The keys that must open the backup.
    pub masters: MasterKeys,
    /// The clocks.
    pub clocks: &'a Clocks,
    /// The actor.
    pub actor: &'a Actor,
}

/// The result of a restore.
pub struct RestoreReport {
    /// Where the database is.
    pub path: PathBuf,
    /// The path that the previous one was moved to.
    pub aside: Option<PathBuf>,
    /// The migrations that it lacks.
    pub pending: Vec<String>,
}

/// Restores a backup after a check that it is complete, of a supported version, and opened by the master key.
pub async fn restore(wanted: RestoreRequest<'_>) -> Result<RestoreReport, OperatorError> {
    let path = Db::file(wanted.url)?.ok_or(Error::NotSqlite)?;
    let berth = RestoreTarget::lock(&path)?;
    if berth.has_database() && !wanted.replace {
        let there = format!("{} exists already: with --replace it is kept aside", path.display());
        return Err(Error::Backup(there).into());
    }
    let candidate = RestoreCandidate::prepare(wanted.backup, &berth).await?;
    let db = candidate.open().await?;
    let admitted = check_copy(&db, &wanted).await;
    db.close().await;
    let pending = admitted?;
    let mark = wanted.clocks.machine().now().strftime(".before-%Y%m%dT%H%M%SZ").to_string();
    let aside = candidate.install(berth, &mark)?;
    Ok(RestoreReport { path, aside, pending })
}

/// Whether this version and these keys can use the copy; if so, the restore is recorded in the copy itself.
async fn check_copy(db: &Db, wanted: &RestoreRequest<'_>) -> Result<Vec<String>, OperatorError> {
    let pending = db.pending_migrations().await?;
    vault::check_unwraps(db, &wanted.masters).await?;
    let vault = Vault::open(db, wanted.masters.clone()).await?;
    let act = OperatorContext { db, vault: &vault, clocks: wanted.clocks, actor: wanted.actor, caps: None };
    let mut work = act.begin_for_operator().await?;
    work.record(&Record::of(RecordedAction::DatabaseRestored));
    work.commit().await?;
    Ok(pending)
}
