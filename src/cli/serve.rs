//! `passerelle serve` and `migrate`.

use std::process::ExitCode;
use std::sync::Arc;

use super::stop_signal::StopSignal;
use super::{CliError, gateway, print_line};
use crate::app::Clocks;
use crate::clock::System;
use crate::config::Config;
use crate::store::Db;
use crate::telemetry;

/// Serves until SIGINT or SIGTERM.
pub(super) async fn serve(config: Config) -> Result<ExitCode, CliError> {
    telemetry::init_logging(&config.log)?;
    let stop = StopSignal::register()?;
    let opened = gateway::open(&config, gateway::master_keys(&config)?, Clocks::same_for_all(Arc::new(System))).await?;
    let running = gateway::start(opened, &config, stop.received()).await?;
    print_line(&format!("Passerelle listens on {} as {}", running.address, running.base_url));
    running.finish().await?;
    Ok(ExitCode::SUCCESS)
}

/// Brings the database to this version's schema.
pub(super) async fn migrate(config: Config) -> Result<ExitCode, CliError> {
    let db = Db::connect(config.database.url.expose()).await?;
    let pending = match db.pending_migrations().await {
        Ok(pending) => pending,
        Err(error) => return Err(error.into()),
    };
    db.migrate().await?;
    db.close().await;
    if config.security.master_key.is_some() && !pending.is_empty() {
        let opened =
            gateway::open(&config, gateway::master_keys(&config)?, Clocks::same_for_all(Arc::new(System))).await?;
        opened.app.db.close().await;
    }
    if pending.is_empty() {
        print_line("The database is up to date.");
    }
    for migration in pending {
        print_line(&format!("Applied {migration}"));
    }
    Ok(ExitCode::SUCCESS)
}
