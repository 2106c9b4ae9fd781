//! What an agent, or software of the agency, does to a claim: takes it up, answers it, writes a message; an agent also
//! confirms or rejects what another one proposed.

use super::record_act::{NewAct, record_act};
use super::sealed::open_receipt;
use super::view::open_act;
use super::{ClaimError, claim_key};
use crate::app::agents::AgencyCaller;
use crate::app::error::{AccessError, InternalError};
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, Precondition};
use crate::domain::claim::{AnswerDetails, AnswerDetailsError, ClaimAct};
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};
use crate::seal::DataKey;
use crate::store::claims::{ClaimKey, ClaimRecord};
use crate::store::{self, Db, WritePurpose};

/// An agent's act on a claim.
pub struct NewAnswer<'a> {
    /// What is done.
    pub act: ClaimAct,
    /// What was read of the claim.
    pub known: KnownClaim,
    /// The reason or, of a message, what it says; blank where there is none.
    pub reason: &'a str,
    /// Remarks at figures, and the months to correct.
    pub details: AnswerDetails,
}

/// What was read of the claim that is answered; another one is not answered. It does not matter for a message, unless it is
/// sent with one.
pub enum KnownClaim {
    /// The number of the latest signature.
    Signature(u32),
    /// How many acts there were.
    Acts(Precondition),
}

impl KnownClaim {
    /// Fails when the claim is not the one that was read.
    fn check(&self, act: ClaimAct, before: &ClaimRecord, latest: Option<u32>) -> Result<(), ClaimError> {
        match self {
            Self::Signature(_) | Self::Acts(Precondition::None) if act == ClaimAct::Message => Ok(()),
            Self::Signature(known) if latest != Some(*known) => Err(ClaimError::Outdated),
            Self::Signature(_) => Ok(()),
            Self::Acts(precondition) => Ok(precondition.check(Some(before.acts.into()))?),
        }
    }
}

/// Records an act of an agent or of the agency's software; returns where the claim stands after it.
///
/// # Errors
/// `NotIndependent` where the agent is a user of the organiser, `SameAgent` where the agent proposed what is to be confirmed,
/// `NeedsPerson` where software would confirm it.
pub async fn answer(
    app: &App,
    agent: &AgencyCaller,
    (organiser, creche, period): (OrganiserId, CrecheId, Period),
    new: NewAnswer<'_>,
) -> Result<ClaimRecord, ClaimError> {
    let key = claim_key(organiser, (creche, period));
    if store::claims::find(&mut app.db.read().await?, key).await?.is_none() {
        return Err(AccessError::Unknown.into());
    }
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    check_details(&app.db, &data_key, key, &new).await?;
    let mut work = app.begin_as(organiser, &agent.actor(), WritePurpose::Content).await?;
    if agent.is_user_of(&mut work, organiser).await? {
        return Err(ClaimError::NotIndependent);
    }
    let before = store::claims::find(&mut work, key).await?.ok_or(ClaimError::NotSigned)?;
    let latest = store::claims::latest_signature(&mut work, key).await?;
    new.known.check(new.act, &before, latest.map(|latest| latest.signature))?;
    let proposal = proposal(&mut work, &data_key, (agent, &before), new.act).await?;
    let (reason, details) = proposal.unwrap_or_else(|| (new.reason.to_owned(), new.details));
    let role = agent.role();
    let act = NewAct { role, reason: Some(&reason), details, ..NewAct::of(key, new.act, agent.actor()) };
    let after = record_act(&mut work, app.second_agent, &data_key, Some(&before), act).await?;
    work.commit().await?;
    Ok(after)
}

/// Fails when the act cannot have these remarks, or when they are at figures that are not signed.
async fn check_details(db: &Db, data_key: &DataKey, key: ClaimKey, new: &NewAnswer<'_>) -> Result<(), ClaimError> {
    if new.details.is_empty() {
        return Ok(());
    }
    let latest = store::claims::latest_signature(&mut db.read().await?, key).await?.ok_or(ClaimError::NotSigned)?;
    let document = open_receipt(data_key, &latest)?.document;
    new.details.check(new.act, key.period, &document.figures).map_err(|fault| match fault {
        AnswerDetailsError::NotTaken => ClaimError::RemarksNotTaken,
        AnswerDetailsError::TooLong => ClaimError::RemarkTooLong,
        AnswerDetailsError::NoFigure(index) => ClaimError::NoFigure(index),
        AnswerDetailsError::NoMonth(index) => ClaimError::NoMonth(index),
    })
}

/// The reason and the details of the proposal that an act confirms; `None` where it confirms none.
///
/// # Errors
/// `SameAgent` where the act confirms or rejects what the same agent proposed.
async fn proposal(
    work: &mut UnitOfWork<'_>,
    data_key: &DataKey,
    (agent, before): (&AgencyCaller, &ClaimRecord),
    act: ClaimAct,
) -> Result<Option<(String, AnswerDetails)>, ClaimError> {
    if !before.standing.needs_second_agent(act) {
        return Ok(None);
    }
    if agent.verified_key().is_some() {
        return Err(ClaimError::NeedsPerson);
    }
    let acts = store::claims::acts(work, before.key).await?;
    let found = acts.into_iter().rfind(|one| one.act.proposed_answer().is_some());
    let found = found.ok_or_else(|| InternalError::from(store::Error::Rows(0)))?;
    if found.actor == agent.actor() {
        return Err(ClaimError::SameAgent);
    }
    if found.act.proposed_answer() != Some(act) {
        return Ok(None);
    }
    let proposed = open_act(data_key, before.key, found)?;
    Ok(Some((proposed.reason.unwrap_or_default(), proposed.details)))
}
