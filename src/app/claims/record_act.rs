//! What all acts on a claim have in common: they follow from the state, are numbered, recorded and announced.

use super::sealed::{SealedPart, sealed_details};
use super::{ClaimError, MAX_REASON};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::action::{Action, RecordedAction};
use crate::domain::actor::Actor;
use crate::domain::claim::{AnswerDetails, ClaimAct, ClaimRole, SecondAgent};
use crate::domain::event::EventType;
use crate::domain::period::Period;
use crate::seal::{Compressed, DataKey};
use crate::store;
use crate::store::claims::{ActRecord, ClaimKey, ClaimRecord};

/// An act to be recorded.
pub(super) struct NewAct<'a> {
    pub(super) key: ClaimKey,
    pub(super) act: ClaimAct,
    pub(super) role: ClaimRole,
    pub(super) actor: Actor,
    /// The reason or, of a message, its text.
    pub(super) reason: Option<&'a str>,
    pub(super) details: AnswerDetails,
}

impl NewAct<'_> {
    /// An agent's act without a reason.
    pub(super) fn of(key: ClaimKey, act: ClaimAct, actor: Actor) -> Self {
        Self { key, act, role: ClaimRole::Agent, actor, reason: None, details: AnswerDetails::default() }
    }
}

/// Records an act within a write that has read the claim as `before`; returns where it stands after it.
pub(super) async fn record_act(
    work: &mut UnitOfWork<'_>,
    second: SecondAgent,
    data_key: &DataKey,
    before: Option<&ClaimRecord>,
    new: NewAct<'_>,
) -> Result<ClaimRecord, ClaimError> {
    let NewAct { key, act, role, actor, reason, details } = new;
    let standing = before.map(|before| before.standing).unwrap_or_default();
    let after = standing.after(act, role, second).ok_or(ClaimError::NotPossible { state: standing.state, act })?;
    let reason = written_reason(act, reason)?;
    let number = before.map_or(0, |before| before.acts) + 1;
    let signed_act = if act == ClaimAct::Sign { number } else { before.map_or(0, |before| before.signed_act) };
    let unchanged = before.filter(|_| act == ClaimAct::Message);
    let updated_at = unchanged.map_or(work.at(), |before| before.updated_at);
    let record = ClaimRecord { key, standing: after, acts: number, signed_act, updated_at };
    let seal =
        |reason: String| data_key.seal(&SealedPart::Reason.context(key, number), Compressed::new(reason.as_bytes()));
    let details = (!details.is_empty()).then(|| sealed_details(data_key, (key, number), &details)).transpose()?;
    let row = ActRecord { number, act, state: after.state, actor, at: work.at(), reason: reason.map(seal), details };
    store::claims::act(work, &record, &row).await?;
    work.record(&Record::of(recorded_action(act, key.period)).creche(key.creche).period(key.period));
    Ok(record)
}

/// The reason of an act, without the spaces around it.
fn written_reason(act: ClaimAct, reason: Option<&str>) -> Result<Option<String>, ClaimError> {
    // Browsers send two characters for the end of a line that counts as one.
    let reason =
        reason.map(|reason| reason.replace("\r\n", "\n").trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(if act == ClaimAct::Message { ClaimError::MessageTooLong } else { ClaimError::ReasonTooLong });
    }
    if act.needs_reason() && reason.is_none() {
        return Err(if act == ClaimAct::Message { ClaimError::MessageMissing } else { ClaimError::ReasonMissing });
    }
    Ok(reason)
}

/// What is recorded of an act. Which answer is proposed is not in the history, which the organiser reads.
fn recorded_action(act: ClaimAct, period: Period) -> Action {
    match EventType::of_claim(act, period) {
        Some(event) => event.into(),
        None if act == ClaimAct::RejectProposal => RecordedAction::ClaimProposalRejected.into(),
        None => RecordedAction::ClaimAnswerProposed.into(),
    }
}
