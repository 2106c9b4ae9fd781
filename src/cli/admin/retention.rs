//! `passerelle admin purge`.

use serde_json::{Value, json};

use super::desk::Desk;
use super::report::Report;
use crate::app::retention::{self, Removed};
use crate::cli::Failure;
use crate::ids::OrganiserId;

pub(super) async fn purge(desk: &Desk, dry_run: bool) -> Result<Report, Failure> {
    let horizon = desk.config.retention.on(desk.app.clock.today());
    let removed = retention::apply(desk.act(), horizon, dry_run).await?;
    let body = json!({
        "removed": !dry_run,
        "statementsBefore": horizon.month,
        "technicalBefore": horizon.day,
        "organisers": removed.iter().map(organiser).collect::<Vec<_>>(),
    });
    let what = match (removed.is_empty(), dry_run) {
        (true, _) => "nothing is past its period",
        (false, true) => "nothing is removed, because of --dry-run; without it:",
        (false, false) => "removed",
    };
    let line = format!("Statements before {}, what is technical before {}: {what}", horizon.month, horizon.day);
    let lines = removed.iter().map(|(id, removed)| format!("  organiser {id}: {removed}"));
    Ok(lines.fold(Report::new(&body, line), Report::line))
}

fn organiser((id, removed): &(OrganiserId, Removed)) -> Value {
    let Removed { statements, revisions, verdicts, keys } = removed;
    json!({ "id": id, "statements": statements, "revisions": revisions, "verdicts": verdicts, "keys": keys })
}
