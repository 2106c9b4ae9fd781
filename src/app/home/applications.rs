//! Applications: keys that are about to expire, and applications that used to deposit and do not. Endpoints to which nothing
//! is delivered.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::inputs::{HomeInputs, due_kinds};
use super::{Task, TaskKind, Urgency};
use crate::app::applications::last_day;
use crate::app::error::InternalError;
use crate::app::{App, webhooks};
use crate::domain::application::{ApplicationState, NOTICES};
use crate::domain::key::Scope;
use crate::domain::period::Month;
use crate::domain::statement::StatementKind;
use crate::domain::webhook::{EndpointState, Reason};
use crate::ids::{ApplicationId, CrecheId};
use crate::store;
use crate::store::applications::ApplicationRecord;

/// The months before the one that is compared, and in how many of them an application deposited that is expected to.
const MONTHS_BEFORE: usize = 4;
const USUAL_MONTHS: usize = 3;

/// The tasks of applications, for administrators, and those of endpoints.
pub(super) async fn tasks(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let mut tasks = stopped_endpoints(app, inputs).await?;
    if inputs.acting.mandate.administers() {
        let organiser = inputs.acting.organiser;
        let found = store::applications::list(&mut app.db.read().await?, organiser).await?;
        let now = inputs.acting.clock.now();
        let active = found.into_iter().filter(|one| one.bounds.state(now).0 == ApplicationState::Active);
        let active: BTreeMap<_, _> = active.map(|one| (one.id, one)).collect();
        tasks.extend(expiring_keys(app, inputs, &active).await?);
        tasks.extend(silent(app, inputs, &active).await?);
    }
    Ok(tasks)
}

type Applications = BTreeMap<ApplicationId, ApplicationRecord>;

async fn expiring_keys(app: &App, inputs: &HomeInputs<'_>, active: &Applications) -> Result<Vec<Task>, InternalError> {
    let now = inputs.acting.clock.now();
    let until = now + SignedDuration::from_hours(24 * NOTICES[0]);
    let found = store::keys::ending(&mut app.db.read().await?, inputs.acting.organiser, now, until).await?;
    let task = |key: store::keys::KeyRecord| {
        let (application, end) = (active.get(&key.application)?, last_day(key.end()?));
        let kind = TaskKind::KeyExpiring(application.id, application.name.clone());
        Some(Task { deadline: Some(end), ..Task::of(Urgency::Soon, kind) })
    };
    Ok(found.into_iter().filter_map(task).collect())
}

/// The applications that deposited the statements of a crèche in three of the four months before the one that ended some days ago,
/// where that of this month was deposited by nobody.
async fn silent(app: &App, inputs: &HomeInputs<'_>, active: &Applications) -> Result<Vec<Task>, InternalError> {
    let month = ended_month(inputs, app.home.silent_after_days);
    let first = (0..MONTHS_BEFORE).fold(month, |one, _| one.previous());
    let mut tasks = Vec::new();
    for kind in due_kinds() {
        let (tx, span) = (&mut app.db.read().await?, (first, month.previous()));
        let found = store::statements::deposited_by_applications(tx, inputs.acting.organiser, kind, span).await?;
        for (id, creches) in silent_creches(inputs, kind, month, &found) {
            if let Some(application) = active.get(&id) {
                let kind = TaskKind::ApplicationSilent(id, application.name.clone(), month, creches);
                tasks.push(Task::of(Urgency::Soon, kind));
            }
        }
    }
    Ok(tasks)
}

/// For how many crèches each application did not deposit a month as usual, by what it deposited before.
fn silent_creches(
    inputs: &HomeInputs<'_>,
    kind: StatementKind,
    month: Month,
    deposits: &[(ApplicationId, CrecheId, Month)],
) -> BTreeMap<ApplicationId, usize> {
    let is_missing = |id: CrecheId| {
        let creche = inputs.creches.iter().find(|creche| creche.id == id);
        creche.is_some_and(|creche| creche.is_authorised_within(month.first_day(), month.last_day()))
            && inputs.statement(kind, id, month).is_none()
    };
    let mut silent = BTreeMap::new();
    // The rows are in the order of application and crèche.
    for months in deposits.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
        let (application, creche, _) = months[0];
        if months.len() >= USUAL_MONTHS && is_missing(creche) {
            *silent.entry(application).or_default() += 1;
        }
    }
    silent
}

/// The latest month that ended more than so many days ago.
fn ended_month(inputs: &HomeInputs<'_>, days: i32) -> Month {
    let last = Month::of(inputs.today).previous();
    if i32::from(inputs.today.day()) > days { last } else { last.previous() }
}

/// The endpoints that stopped by themselves, not by request of a person.
async fn stopped_endpoints(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let Some(caller) = inputs.acting.caller(Scope::WebhooksManage) else { return Ok(Vec::new()) };
    let found = webhooks::list_records(app, &caller).await?;
    let stopped = found.into_iter().filter(|endpoint| {
        matches!(endpoint.state, EndpointState::Paused | EndpointState::Disabled)
            && endpoint.reason != Some(Reason::Person)
    });
    let task = |endpoint: store::webhooks::EndpointRecord| {
        let kind = TaskKind::EndpointStopped(endpoint.id, endpoint.state == EndpointState::Disabled);
        Task::of(Urgency::Soon, kind)
    };
    Ok(stopped.map(task).collect())
}
