//! `passerelle admin purge`.

use serde::Serialize;
use serde_json::json;

use super::context::AdminContext;
use super::report::CommandReport;
use crate::app::retention::{self, PurgeReport, RemovedCounts};
use crate::cli::CliError;
use crate::ids::OrganiserId;

pub(super) async fn purge(admin: &AdminContext, dry_run: bool) -> Result<CommandReport, CliError> {
    let horizon = admin.config.retention.on(admin.app.clocks.machine().today());
    let swept = retention::apply(admin.act(), admin.config.retention, dry_run).await?;
    let body = json!({
        "removed": !dry_run,
        "statementsBefore": horizon.month,
        "technicalBefore": horizon.day,
        "sessions": swept.sessions,
        "organisers": swept.organisers.iter().map(OrganiserLoss::from).collect::<Vec<_>>(),
    });
    let what = match (swept == PurgeReport::default(), dry_run) {
        (true, _) => "nothing is past its period",
        (false, true) => "nothing is removed, because of --dry-run; without it:",
        (false, false) => "removed",
    };
    let line = format!("Statements before {}, what is technical before {}: {what}", horizon.month, horizon.day);
    let organisers = swept.organisers.iter().map(|(id, removed)| format!("  organiser {id}: {removed}"));
    let sessions = (swept.sessions > 0).then(|| format!("  {} session(s)", swept.sessions));
    Ok(sessions.into_iter().chain(organisers).fold(CommandReport::new(&body, line), CommandReport::line))
}

/// The counts of what was removed from an organiser.
#[derive(Serialize)]
struct OrganiserLoss {
    id: OrganiserId,
    #[serde(flatten)]
    removed: RemovedCounts,
}

impl From<&(OrganiserId, RemovedCounts)> for OrganiserLoss {
    fn from(&(id, removed): &(OrganiserId, RemovedCounts)) -> Self {
        Self { id, removed }
    }
}
