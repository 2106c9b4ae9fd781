//! Doctors that the agency cannot validate or has not, and the register of the staff.

use jiff::civil::Date;

use super::inputs::HomeInputs;
use super::{Task, TaskKind, Urgency};
use crate::app::error::InternalError;
use crate::app::{App, doctors};
use crate::clock;
use crate::domain::creche::Creche;
use crate::domain::doctor::DoctorState;
use crate::domain::key::Scope;
use crate::ids::CrecheId;
use crate::store;

/// The tasks of the doctors who work in a crèche within reach.
pub(super) fn doctor_tasks(inputs: &HomeInputs<'_>) -> Vec<Task> {
    let creches: Vec<_> = inputs.creches_with(doctors::READ).map(|creche| creche.id).collect();
    let visible = inputs.doctors.iter().filter(|doctor| doctor.creches.iter().any(|id| creches.contains(id)));
    let states: Vec<_> = visible.map(|doctor| doctor.state).collect();
    let count = |state: DoctorState| states.iter().filter(|other| **other == state).count();
    let tasks = [
        (Urgency::Open, DoctorState::Incomplete, TaskKind::DoctorsIncomplete as fn(usize) -> TaskKind),
        (Urgency::Open, DoctorState::Refused, TaskKind::DoctorsRefused),
        (Urgency::Note, DoctorState::AwaitingValidation, TaskKind::DoctorsAwaiting),
    ];
    let task = |(urgency, state, kind): (Urgency, DoctorState, fn(usize) -> TaskKind)| {
        Some(count(state)).filter(|count| *count > 0).map(|count| Task::of(urgency, kind(count)))
    };
    tasks.into_iter().filter_map(task).collect()
}

/// The tasks of the register: none before its first entry.
pub(super) async fn staff_tasks(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    if inputs.creches_with(Scope::StaffRead).next().is_none() {
        return Ok(Vec::new());
    }
    let organiser = inputs.acting.organiser;
    let tx = &mut app.db.read().await?;
    let register = store::staff::register(tx, organiser).await?;
    if register.revision == 0 {
        return Ok(Vec::new());
    }
    let changed = clock::to_brussels(register.changed_at).date();
    let days = inputs.today.since((jiff::Unit::Day, changed)).map_or(0, |span| span.get_days());
    let mut tasks = Vec::new();
    if days > app.home.register_days {
        tasks.push(Task::of(Urgency::Note, TaskKind::RegisterUnchanged(days)));
    }
    let year = inputs.today.year() - 1;
    let first = store::staff::revision(tx, organiser, 1).await?;
    if first.is_some_and(|first| clock::to_brussels(first.recorded_at).year() <= year) {
        let validated = store::staff::validated_creches(tx, organiser, year).await?;
        tasks.extend(not_validated(inputs, year, &validated));
    }
    Ok(tasks)
}

/// The crèches without subsidy whose staff was not validated for last year; signing a quarter validates it for the others.
fn not_validated<'a>(inputs: &'a HomeInputs<'_>, year: i16, validated: &'a [CrecheId]) -> impl Iterator<Item = Task> {
    let (first, last) = (Date::constant(year, 1, 1), Date::constant(year, 12, 31));
    let deadline = Date::constant(year + 1, 5, 31);
    let is_open = move |creche: &&Creche| {
        !creche.subsidised && creche.is_authorised_within(first, last) && !validated.contains(&creche.id)
    };
    let creches = inputs.creches_with(Scope::StaffRead).filter(is_open);
    creches.map(move |creche| Task::due(TaskKind::StaffNotValidated(creche.into(), year), deadline, inputs.today))
}
