//! The events of published communications. Each organiser's is written in a transaction of its own, with the mark that it
//! is written: an organiser gets exactly one, whenever a gateway is killed and whatever other gateways do meanwhile, and no
//! other write waits for more than one of them.

use super::super::operator::{OperatorContext, OperatorError};
use crate::app::App;
use crate::app::record::Record;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::store::communications::DueNotice;
use crate::store::{self, WritePurpose};

/// How many due events are read at once.
const BATCH: u32 = 100;

/// Writes the events that are due; returns how many. One that fails is due still, and tried again the next time.
///
/// # Errors
/// The last failure, after all others were tried; at once when a whole batch fails.
pub async fn announce_due(app: &App) -> Result<u32, OperatorError> {
    let (mut announced, mut last, mut failure) = (0, None, None);
    loop {
        let due = store::communications::due(&mut app.db.read().await?, last, BATCH).await?;
        let before = announced;
        for notice in &due {
            match announce(app, *notice).await {
                Ok(is_first) => announced += u32::from(is_first),
                Err(error) => failure = Some(error),
            }
        }
        match (due.last(), failure) {
            (Some(_), Some(error)) if announced == before => return Err(error),
            (None, Some(error)) => return Err(error),
            (None, None) => return Ok(announced),
            (Some(notice), error) => (last, failure) = (Some(*notice), error),
        }
    }
}

/// Writes one event, unless it was written: the organiser is locked, so that only one gateway does. It concerns every crèche
/// of the organiser, so that callers limited to some read it too, as they read the communication.
async fn announce(app: &App, notice: DueNotice) -> Result<bool, OperatorError> {
    let (id, organiser) = notice;
    let creches = store::creches::list_whole(&mut app.db.read().await?, organiser).await?;
    let actor = Actor::system("communications");
    let act: OperatorContext<'_> = app.acting_as(&actor);
    let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
    let at = work.at();
    if !store::communications::mark_announced(&mut work, notice, at).await? {
        return Ok(false);
    }
    let record = Record::of(EventType::CommunicationPublished).about(id);
    work.announce(&record.concerning(creches.iter().map(|creche| creche.id)));
    work.commit().await?;
    Ok(true)
}
