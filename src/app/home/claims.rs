//! Claims that the agency answered, and those of which something has changed since the signature.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::inputs::HomeInputs;
use super::{Task, TaskKind, Urgency};
use crate::app::App;
use crate::app::claims::read_return_reason;
use crate::app::error::InternalError;
use crate::domain::claim::{ClaimAct, ClaimRole, ClaimStanding, ClaimState, SecondAgent, claimed_kind};
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::Period;
use crate::domain::statement::StatementKind;
use crate::ids::CrecheId;
use crate::store;
use crate::store::claims::ClaimKey;
use crate::store::statements::CurrentStatement;

/// How long an answer is shown.
const SHOWN: SignedDuration = SignedDuration::from_hours(28 * 24);
/// Of so many returned claims the reason is read.
const MOST_REASONS: usize = 5;

/// The tasks of claims.
pub(super) async fn tasks(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let mut tasks = answered(app, inputs).await?;
    tasks.extend(changed(app, inputs).await?);
    tasks.extend(messages(app, inputs).await?);
    Ok(tasks)
}

/// The crèches with the kinds of statement that the user may read there.
fn readable<'a>(inputs: &'a HomeInputs<'_>) -> HashMap<(StatementKind, CrecheId), &'a Creche> {
    let of_kind = |kind: &StatementKind| {
        let kind = *kind;
        inputs.creches_with(Scope::StatementsRead(kind)).map(move |creche| ((kind, creche.id), creche))
    };
    StatementKind::ALL.iter().flat_map(of_kind).collect()
}

async fn answered(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let creches = readable(inputs);
    let since = inputs.acting.clock.now().checked_sub(SHOWN).unwrap_or(Timestamp::MIN);
    let from = inputs.first_month();
    let found = store::claims::answered_since(&mut app.db.read().await?, inputs.acting.organiser, from, since).await?;
    let mut tasks = Vec::new();
    let mut reasons = 0;
    for claim in found {
        let (period, kind) = (claim.key.period, claimed_kind(claim.key.period));
        let Some(creche) = creches.get(&(kind, claim.key.creche)) else { continue };
        if claim.standing.state != ClaimState::Returned {
            let kind = TaskKind::ClaimAnswered((*creche).into(), period, claim.standing.state);
            tasks.push(Task::of(Urgency::Note, kind));
            continue;
        }
        reasons += 1;
        let caller = inputs.acting.caller(Scope::StatementsRead(kind)).filter(|_| reasons <= MOST_REASONS);
        let reason = match caller {
            Some(caller) => read_return_reason(app, &caller, (creche.id, period)).await?,
            None => None,
        };
        tasks.push(Task::of(Urgency::Soon, TaskKind::ClaimReturned((*creche).into(), period, reason)));
    }
    Ok(tasks)
}

/// The claims about which the agency wrote a message that nobody answered.
async fn messages(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let creches = readable(inputs);
    if creches.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::claims::with_message_of_agency(&mut app.db.read().await?, inputs.acting.organiser).await?;
    let task = |(creche, period): (CrecheId, Period)| {
        let creche = creches.get(&(claimed_kind(period), creche))?;
        Some(Task::of(Urgency::Soon, TaskKind::ClaimMessage((*creche).into(), period)))
    };
    Ok(found.into_iter().filter_map(task).collect())
}

/// The claims of which something was deposited after the signature.
async fn changed(app: &App, inputs: &HomeInputs<'_>) -> Result<Vec<Task>, InternalError> {
    let creches = readable(inputs);
    if creches.is_empty() {
        return Ok(Vec::new());
    }
    let tx = &mut app.db.read().await?;
    let signed = store::claims::signed(tx, inputs.acting.organiser, inputs.first_month()).await?;
    let task = |(key, state, at): (ClaimKey, ClaimState, Timestamp)| {
        let creche = creches.get(&(claimed_kind(key.period), key.creche))?;
        let is_changed = is_to_be_signed(state, app.second_agent) && deposited_after(inputs, key, at);
        is_changed.then(|| Task::of(Urgency::Soon, TaskKind::ClaimChanged((*creche).into(), key.period)))
    };
    Ok(signed.into_iter().filter_map(task).collect())
}

/// Whether a difference can be signed. A claim that was returned is to be signed anyway.
fn is_to_be_signed(state: ClaimState, second: SecondAgent) -> bool {
    let standing = ClaimStanding { state, was_taken_up: true };
    state != ClaimState::Returned && standing.after(ClaimAct::Sign, ClaimRole::Organiser, second).is_some()
}

fn deposited_after(inputs: &HomeInputs<'_>, claim: ClaimKey, signed: Timestamp) -> bool {
    let is_later = |stored: &CurrentStatement| stored.revision.deposited_at > signed;
    let (months, creche) = (claim.period.months(), claim.creche);
    let has_later = |kind| months.iter().any(|month| inputs.statement(kind, creche, *month).is_some_and(is_later));
    match claim.period {
        Period::Quarter(_) => StatementKind::ALL.iter().copied().any(has_later),
        period @ Period::Month(_) => has_later(claimed_kind(period)),
    }
}
