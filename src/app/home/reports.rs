//! Reports of quarters that are over: not begun, incomplete, or complete and not signed.

use super::inputs::{HomeInputs, due_kinds};
use super::{CrecheName, Task, TaskKind, Urgency};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::reports::completeness;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::Quarter;
use crate::domain::report;
use crate::domain::report::completeness::StepState;

/// Of so many reports it is computed what they lack, which opens each of them.
const MOST_COMPUTED: usize = 10;

/// A task for each report that is to be signed and is not.
pub(super) async fn tasks(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let scope = Scope::StatementsRead(report::KIND);
    let Some(caller) = inputs.acting.caller(scope) else { return Ok(Vec::new()) };
    let mut tasks = Vec::new();
    let mut begun = Vec::new();
    for creche in inputs.creches_with(scope) {
        for quarter in inputs.open_quarters(creche).filter(|one| one.months()[2].last_day() < inputs.today) {
            if inputs.report(creche.id, quarter).is_none() {
                let kind = TaskKind::ReportNotBegun(creche.into(), quarter);
                tasks.push(Task::due(kind, quarter.deadline(), inputs.today));
            } else if has_statements(inputs, creche, quarter) {
                begun.push((CrecheName::from(creche), quarter));
            }
        }
    }
    begun.sort_by_key(|(_, quarter)| *quarter);
    let rest = begun.len().saturating_sub(MOST_COMPUTED);
    for (creche, quarter) in begun.into_iter().take(MOST_COMPUTED) {
        let kind = assessed(app, &caller, creche, quarter).await?;
        tasks.extend(kind.map(|kind| Task::due(kind, quarter.deadline(), inputs.today)));
    }
    if rest > 0 {
        tasks.push(Task::of(Urgency::Open, TaskKind::ReportsBegun(rest)));
    }
    Ok(tasks)
}

/// Whether what is due every month was deposited for the quarter: months that were not are a task of their own.
fn has_statements(inputs: &HomeInputs<'_>, creche: &Creche, quarter: Quarter) -> bool {
    let is_there = |kind| quarter.months().iter().all(|month| inputs.statement(kind, creche.id, *month).is_some());
    due_kinds().all(is_there)
}

/// What a report lacks; `None` where the crèche is out of reach meanwhile.
async fn assessed(
    app: &App,
    caller: &Caller,
    creche: CrecheName,
    quarter: Quarter,
) -> Result<Option<TaskKind>, InternalError> {
    let found = match completeness(app, caller, creche.id, quarter).await {
        Ok(found) => found,
        Err(AccessError::Fault(fault)) => return Err(fault),
        Err(AccessError::Unknown | AccessError::NotGranted) => return Ok(None),
    };
    let lacking = found.steps.iter().filter(|step| step.state() == StepState::Incomplete).map(|step| step.step);
    Ok(Some(if found.is_complete {
        TaskKind::ReportComplete(creche, quarter)
    } else {
        TaskKind::ReportIncomplete(creche, quarter, lacking.collect())
    }))
}
