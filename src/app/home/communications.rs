//! Communications of the agency that are new to the user.

use super::{Task, TaskKind, Urgency};
use crate::app::App;
use crate::app::communications::latest_unseen;
use crate::app::error::InternalError;
use crate::app::sessions::ActingUser;

/// One line for all of them, which names the latest.
pub(super) async fn task(app: &App, acting: &ActingUser) -> Result<Option<Task>, InternalError> {
    if acting.caller_anywhere().is_none() {
        return Ok(None);
    }
    let Some((latest, count)) = latest_unseen(app, acting).await? else { return Ok(None) };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Ok(Some(Task::of(Urgency::Note, TaskKind::CommunicationsPublished(count, latest.content.title))))
}
