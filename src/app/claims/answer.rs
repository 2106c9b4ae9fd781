//! What an agent does to a claim: takes it up, answers it, confirms or rejects what another one proposed, writes a message.

use super::record_act::{NewAct, record_act};
use super::sealed::open_receipt;
use super::view::open_act;
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::agents::ActingAgent;
use crate::app::error::{AccessError, InternalError};
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::claim::{AnswerDetails, AnswerDetailsError, ClaimAct};
use crate::domain::period::Quarter;
use crate::ids::{CrecheId, OrganiserId};
use crate::seal::DataKey;
use crate::store::claims::{ClaimKey, ClaimRecord};
use crate::store::{self, Db, WritePurpose};

/// An agent's act on a claim.
pub struct NewAnswer<'a> {
    /// What is done.
    pub act: ClaimAct,
    /// The number of the signature that the agent read: one that is not the latest any more is not answered. It does not
    /// matter for a message.
    pub signature: u32,
    /// The reason or, of a message, what it says; blank where there is none.
    pub reason: &'a str,
    /// Remarks at figures, and the months to correct.
    pub details: AnswerDetails,
}

/// Records an agent's act.
///
/// # Errors
/// `NotIndependent` where the agent is a user of the organiser, `SameAgent` where the agent proposed what is to be confirmed.
pub async fn answer(
    app: &App,
    agent: &ActingAgent,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
    new: NewAnswer<'_>,
) -> Result<(), ClaimError> {
    let key = claim_key(organiser, (creche, quarter));
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
    if new.act != ClaimAct::Message && latest.is_none_or(|latest| latest.signature != new.signature) {
        return Err(ClaimError::Outdated);
    }
    let proposal = proposal(&mut work, &data_key, (agent, &before), new.act).await?;
    let (reason, details) = proposal.unwrap_or_else(|| (new.reason.to_owned(), new.details));
    let act = NewAct { reason: Some(&reason), details, ..NewAct::of(key, new.act, agent.actor()) };
    record_act(&mut work, app.second_agent, &data_key, Some(&before), act).await?;
    Ok(work.commit().await?)
}

/// Fails when the act cannot have these remarks, or when they are at figures that are not signed.
async fn check_details(db: &Db, data_key: &DataKey, key: ClaimKey, new: &NewAnswer<'_>) -> Result<(), ClaimError> {
    if new.details.is_empty() {
        return Ok(());
    }
    let latest = store::claims::latest_signature(&mut db.read().await?, key).await?.ok_or(ClaimError::NotSigned)?;
    let document = open_receipt(data_key, &latest)?.document;
    new.details.check(new.act, key.quarter, &document.figures).map_err(|fault| match fault {
        AnswerDetailsError::NotTaken => ClaimError::RemarksNotTaken,
        AnswerDetailsError::TooLong => ClaimError::RemarkTooLong,
        AnswerDetailsError::Unknown => ClaimError::Outdated,
    })
}

/// The reason and the details of the proposal that an act confirms; `None` where it confirms none.
///
/// # Errors
/// `SameAgent` where the act confirms or rejects what the same agent proposed.
async fn proposal(
    work: &mut UnitOfWork<'_>,
    data_key: &DataKey,
    (agent, before): (&ActingAgent, &ClaimRecord),
    act: ClaimAct,
) -> Result<Option<(String, AnswerDetails)>, ClaimError> {
    if !before.standing.state.is_proposed() || act == ClaimAct::Message {
        return Ok(None);
    }
    let acts = store::claims::acts(work, before.key).await?;
    let found = acts.into_iter().rfind(|one| one.act.proposed_answer().is_some());
    let found = found.ok_or_else(|| InternalError::from(store::Error::Rows(0)))?;
    if found.actor.name == agent.matricule {
        return Err(ClaimError::SameAgent);
    }
    if found.act.proposed_answer() != Some(act) {
        return Ok(None);
    }
    let proposed = open_act(data_key, before.key, found)?;
    Ok(Some((proposed.reason.unwrap_or_default(), proposed.details)))
}
