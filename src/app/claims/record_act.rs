//! What all acts on a claim have in common: they follow from the state, are numbered, recorded and announced.

use super::sealed::SealedPart;
use super::{ClaimError, MAX_REASON};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::actor::Actor;
use crate::domain::claim::{ClaimAct, ClaimRole};
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
    pub(super) reason: Option<&'a str>,
}

/// Records an act within a write that has read the claim as `before`; returns where it stands after it.
pub(super) async fn record_act(
    work: &mut UnitOfWork<'_>,
    data_key: &DataKey,
    before: Option<&ClaimRecord>,
    new: NewAct<'_>,
) -> Result<ClaimRecord, ClaimError> {
    let NewAct { key, act, role, actor, reason } = new;
    let standing = before.map(|before| before.standing).unwrap_or_default();
    let after = standing.after(act, role).ok_or(ClaimError::NotPossible { state: standing.state, act })?;
    // Browsers send two characters for the end of a line that counts as one.
    let reason =
        reason.map(|reason| reason.replace("\r\n", "\n").trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(ClaimError::ReasonTooLong);
    }
    if act.needs_reason() && reason.is_none() {
        return Err(ClaimError::ReasonMissing);
    }
    let number = before.map_or(0, |before| before.acts) + 1;
    let signed_act = if act == ClaimAct::Sign { number } else { before.map_or(0, |before| before.signed_act) };
    let record = ClaimRecord { key, standing: after, acts: number, signed_act, updated_at: work.at() };
    let seal =
        |reason: String| data_key.seal(&SealedPart::Reason.context(key, number), Compressed::new(reason.as_bytes()));
    let row = ActRecord { number, act, state: after.state, actor, at: work.at(), reason: reason.map(seal) };
    store::claims::act(work, &record, &row).await?;
    let announced = Record::of(EventType::of_claim(act)).creche(key.creche);
    work.record(&announced.period(Period::Quarter(key.quarter)));
    Ok(record)
}
