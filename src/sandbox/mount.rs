//! The parts that a sandbox adds to a gateway, joined in one place.

use std::sync::Arc;

use super::inspector::local::LocalInspector;
use super::parts::SandboxExtension;
pub(crate) use super::parts::SandboxParts;
use super::scenarios::Scenarios;
use super::seed;
use super::worlds::Worlds;
use crate::app::Clocks;
use crate::cli::CliError;
use crate::cli::webhook_transport::may_call_own_machine;
use crate::config::Config;
use crate::domain::key::Deployment;

/// The parts of a gateway with this configuration; none in production, whatever else is set.
pub(crate) fn of_gateway(config: &Config, clocks: &Clocks) -> Result<Option<SandboxParts>, CliError> {
    if config.deployment != Deployment::Sandbox {
        return Ok(None);
    }
    let inspector = LocalInspector::new(clocks.shared_machine(), !may_call_own_machine(config));
    let worlds = Worlds::of_config(config, clocks)?;
    let extension = worlds.map(|worlds| Arc::new(worlds) as Arc<dyn SandboxExtension>);
    Ok(Some(SandboxParts::new(inspector, seed::personas(), Scenarios::default()).with_extension(extension)))
}
