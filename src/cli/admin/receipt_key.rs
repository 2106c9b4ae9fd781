//! `passerelle admin rotate-receipt-key`.

use serde_json::json;

use super::context::AdminContext;
use super::report::CommandReport;
use crate::app::claims;
use crate::cli::CliError;

/// Makes a new key for receipts.
pub(super) async fn rotate(admin: &AdminContext) -> Result<CommandReport, CliError> {
    let id = claims::rotate(admin.act()).await?;
    let line = format!("Receipts are signed with key {id} now. What was signed before stays valid.");
    Ok(CommandReport::new(&json!({ "id": id }), line))
}
