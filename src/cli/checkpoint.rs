//! The checkpoint file: written at intervals while a gateway runs, and never over one that the database contradicts.

use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use super::CliError;
use crate::app::App;
use crate::app::checkpoint::{Checkpoint, CheckpointError};

/// Why a checkpoint was not written over the one before.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    /// The existing file is not this gateway's.
    #[error("{0}: {1}; it is left as it is")]
    NotOurs(String, CheckpointError),
    /// The database lacks entries that the existing checkpoint covers.
    #[error("chain {0}: {1}; the checkpoint is left as it is")]
    Contradicted(String, crate::app::audit::ChainBreak),
    /// The file or the database cannot be used.
    #[error(transparent)]
    Failed(#[from] CliError),
}

/// The checkpoint in a file; `None` when there is no file.
pub(super) fn read(file: &Path, app: &App) -> Result<Option<Checkpoint>, WriteError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(WriteError::Failed(format!("cannot read {}: {error}", file.display()).into())),
    };
    let checkpoint = Checkpoint::read(&text, app.vault.index_key());
    checkpoint.map(Some).map_err(|error| WriteError::NotOurs(file.display().to_string(), error))
}

/// Writes the heads of the chains, unless the database contradicts the existing checkpoint.
pub(super) async fn advance(file: &Path, app: &App) -> Result<Checkpoint, WriteError> {
    if let Some(former) = read(file, app)? {
        let broken = former.compare(&app.db).await.map_err(|error| WriteError::Failed(error.into()))?;
        if let Some((chain, fault)) = broken.into_iter().next() {
            return Err(WriteError::Contradicted(chain, fault));
        }
    }
    Ok(replace(file, app).await?)
}

/// Writes the heads of the chains, whatever the existing file contains.
pub(super) async fn replace(file: &Path, app: &App) -> Result<Checkpoint, CliError> {
    let checkpoint = Checkpoint::read_chain_heads(&app.db, app.vault.index_key(), app.clocks.machine()).await?;
    write(file, &checkpoint.text()).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    Ok(checkpoint)
}

/// Writes the file atomically, readable by its owner only.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = NamedTempFile::new_in(folder)?;
    writeln!(temporary, "{text}")?;
    temporary.as_file().sync_all()?;
    temporary.persist(file)?;
    std::fs::File::open(folder)?.sync_all()
}

/// Writes the checkpoint of a running gateway; errors are logged.
pub(super) async fn store_checkpoint(file: &Path, app: &App) {
    match advance(file, app).await {
        Ok(written) => tracing::info!(chains = written.chains.len(), "the audit trail's checkpoint was written"),
        Err(WriteError::Failed(error)) => {
            tracing::warn!(%error, "the audit trail's checkpoint could not be written; it is tried again");
        }
        Err(error) => tracing::error!(%error, "integrity alert: the audit trail does not match its checkpoint"),
    }
}
