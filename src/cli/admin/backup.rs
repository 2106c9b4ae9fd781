//! `passerelle admin backup` and `restore`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::GlobalArgs;
use super::context::AdminContext;
use super::report::CommandReport;
use crate::app::Clocks;
use crate::app::backup::{self, RestoreRequest};
use crate::cli::{CliError, gateway};
use crate::clock::System;
use crate::domain::actor::Actor;

/// The backup to restore.
#[derive(Debug, clap::Args)]
pub(super) struct BackupSource {
    /// The backup.
    file: PathBuf,
    /// Put aside a database that is there; without it, nothing is put over a database.
    #[arg(long)]
    replace: bool,
}

/// Copies the running database.
pub(super) async fn create(admin: &AdminContext, file: &Path) -> Result<CommandReport, CliError> {
    backup::create(admin.act(), file).await?;
    let file = std::path::absolute(file)?;
    let line = format!("The database is copied to {} and the copy is checked.", file.display());
    Ok(CommandReport::new(&json!({ "file": file }), line)
        .line("It opens with the master key only: keep that elsewhere. security.masterKey is not in it."))
}

/// Replaces the database by a backup.
pub(super) async fn restore(args: &GlobalArgs, source: &BackupSource) -> Result<CommandReport, CliError> {
    let config = args.config.load()?;
    let restore = RestoreRequest {
        backup: &source.file,
        url: config.database.url.expose(),
        replace: source.replace,
        masters: gateway::master_keys(&config)?,
        clocks: &Clocks::same_for_all(Arc::new(System)),
        actor: &Actor::operator(&args.operator),
    };
    let restored = backup::restore(restore).await?;
    let body = json!({ "database": restored.path, "keptAside": restored.aside, "pendingMigrations": restored.pending });
    let mut report = CommandReport::new(&body, format!("The backup is now the database {}.", restored.path.display()));
    if let Some(aside) = &restored.aside {
        report = report.line(format!("The one that was there is kept as {}.", aside.display()));
    }
    if !restored.pending.is_empty() {
        report = report.line("It comes from an earlier version: run `passerelle migrate` before starting a gateway.");
    }
    Ok(report)
}
