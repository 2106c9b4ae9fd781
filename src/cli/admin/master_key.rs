//! `passerelle admin generate-master-key` and `rotate-master-key`.

use serde_json::json;

use super::context::AdminContext;
use super::report::CommandReport;
use crate::app::master_key;
use crate::cli::{CliError, gateway};
use crate::seal::MasterKey;

/// Generates a master key for the configuration.
pub(super) fn generate() -> CommandReport {
    let key = MasterKey::generate();
    CommandReport::new(&json!({ "masterKey": key.expose(), "id": key.id() }), key.expose())
}

/// Wraps all data keys by the current master key instead of the previous one.
pub(super) async fn rotate(admin: &AdminContext) -> Result<CommandReport, CliError> {
    let masters = gateway::master_keys(&admin.config)?;
    let previous = masters.previous.ok_or(
        "security.previousMasterKey is missing: put the old key there and the new one in security.masterKey, for every \
         gateway, and run this again",
    )?;
    let rewrapped = master_key::rotate(admin.act(), &previous, &masters.current).await?;
    let line = match rewrapped {
        0 => "Nothing to do: every data key is under the current master key already.".to_owned(),
        _ => format!("Wrapped {rewrapped} data key(s) anew; what they seal is untouched."),
    };
    let body = json!({ "rewrapped": rewrapped, "from": previous.id(), "to": masters.current.id() });
    Ok(CommandReport::new(&body, line).line(
        "Once every gateway runs with the new master key, take security.previousMasterKey away. \
         Keep the old key, apart, for as long as you keep backups made until now.",
    ))
}
