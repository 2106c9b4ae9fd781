//! The publication of a draft, and its withdrawal.

use super::{AgentMark, CommunicationError, refused};
use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::communication::MAX_REASON;
use crate::domain::event::EventType;
use crate::domain::text::is_unprintable;
use crate::ids::CommunicationId;
use crate::store;

/// Publishes a draft: from now on those that it is addressed to read it. To which organisers the event is due is stored
/// with it; `announce_due` writes the events.
pub async fn publish(app: &App, agent: &AgencyCaller, id: CommunicationId) -> Result<(), CommunicationError> {
    let actor = agent.actor();
    let mut work = app.acting_as(&actor).begin_for_agency().await?;
    let mark = AgentMark { at: work.at(), by: actor.name.clone() };
    if !store::communications::publish(&mut work, id, &mark).await? {
        drop(work);
        return Err(refused(app, id, CommunicationError::Published).await);
    }
    store::communications::address(&mut work, id).await?;
    work.record(&Record::of(EventType::CommunicationPublished).about(id));
    Ok(work.commit().await?)
}

/// Withdraws a published communication: it stays, marked as withdrawn, with the reason and its file.
pub async fn withdraw(
    app: &App,
    agent: &AgencyCaller,
    id: CommunicationId,
    reason: &str,
) -> Result<(), CommunicationError> {
    let reason = readable(reason)?;
    let actor = agent.actor();
    let mut work = app.acting_as(&actor).begin_for_agency().await?;
    let mark = AgentMark { at: work.at(), by: actor.name.clone() };
    if !store::communications::withdraw(&mut work, id, &mark, &reason).await? {
        drop(work);
        return Err(refused(app, id, CommunicationError::NotPublished).await);
    }
    work.record(&Record::of(RecordedAction::CommunicationWithdrawn).about(id));
    Ok(work.commit().await?)
}

/// The reason without what surrounds it.
fn readable(reason: &str) -> Result<String, CommunicationError> {
    // Browsers send two characters for the end of a line that counts as one.
    let reason = reason.replace("\r\n", "\n").trim().to_owned();
    let is_refused = |sign: char| is_unprintable(sign) && sign != '\n';
    match reason.chars().count() {
        0 => Err(CommunicationError::ReasonMissing),
        count if count > MAX_REASON || reason.contains(is_refused) => Err(CommunicationError::Reason),
        _ => Ok(reason),
    }
}
