//! `passerelle admin purge`.

use serde::Serialize;
use serde_json::json;

use super::desk::Desk;
use super::report::Report;
use crate::app::retention::{self, Removed, Swept};
use crate::cli::Failure;
use crate::ids::OrganiserId;

pub(super) async fn purge(desk: &Desk, dry_run: bool) -> Result<Report, Failure> {
    let horizon = desk.config.retention.on(desk.app.clock.today());
    let swept = retention::apply(desk.act(), horizon, dry_run).await?;
    let body = json!({
        "removed": !dry_run,
        "statementsBefore": horizon.month,
        "technicalBefore": horizon.day,
        "sessions": swept.sessions,
        "organisers": swept.organisers.iter().map(Loss::from).collect::<Vec<_>>(),
    });
    let what = match (swept == Swept::default(), dry_run) {
        (true, _) => "nothing is past its period",
        (false, true) => "nothing is removed, because of --dry-run; without it:",
        (false, false) => "removed",
    };
    let line = format!("Statements before {}, what is technical before {}: {what}", horizon.month, horizon.day);
    let organisers = swept.organisers.iter().map(|(id, removed)| format!("  organiser {id}: {removed}"));
    let sessions = (swept.sessions > 0).then(|| format!("  {} session(s)", swept.sessions));
    Ok(sessions.into_iter().chain(organisers).fold(Report::new(&body, line), Report::line))
}

/// What an organiser lost.
#[derive(Serialize)]
struct Loss {
    id: OrganiserId,
    #[serde(flatten)]
    removed: Removed,
}

impl From<&(OrganiserId, Removed)> for Loss {
    fn from(&(id, removed): &(OrganiserId, Removed)) -> Self {
        Self { id, removed }
    }
}
