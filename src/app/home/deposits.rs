//! Months of which statements were not deposited.

use super::inputs::HomeInputs;
use super::{Task, TaskKind, Urgency};
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::{Month, Quarter};
use crate::domain::statement::StatementKind;

/// A task for each kind, crèche and quarter with months that are missing.
pub(super) fn tasks(inputs: &HomeInputs<'_>) -> Vec<Task> {
    StatementKind::MONTHLY.iter().flat_map(|kind| of_kind(inputs, *kind)).collect()
}

fn of_kind(inputs: &HomeInputs<'_>, kind: StatementKind) -> Vec<Task> {
    let expected = inputs.expected(kind);
    let task = |creche: &Creche, months: &[Month]| {
        let kind_of_task = TaskKind::StatementsMissing(kind, creche.into(), months.to_vec());
        let task = Task::due(kind_of_task, months[0].quarter().deadline(), inputs.today);
        // Where no statement is due every month, none is late.
        if kind.is_due() { task } else { Task { urgency: task.urgency.max(Urgency::Open), ..task } }
    };
    let mut tasks = Vec::new();
    let creches = inputs.creches_with(Scope::StatementsRead(kind));
    for creche in creches.filter(|creche| kind.is_due() || expected.contains(&creche.id)) {
        let months = missing(inputs, kind, creche);
        let quarters = months.chunk_by(|one, next| one.quarter() == next.quarter());
        tasks.extend(quarters.map(|months| task(creche, months)));
    }
    tasks
}

/// The months that are over and have no statement, in order.
fn missing(inputs: &HomeInputs<'_>, kind: StatementKind, creche: &Creche) -> Vec<Month> {
    let is_missing = |month: &Month| {
        month.last_day() < inputs.today
            && creche.is_authorised_within(month.first_day(), month.last_day())
            && inputs.statement(kind, creche.id, *month).is_none()
    };
    let months = inputs.open_quarters(creche).flat_map(Quarter::months);
    let mut months: Vec<_> = months.filter(is_missing).collect();
    months.sort_unstable();
    months
}
