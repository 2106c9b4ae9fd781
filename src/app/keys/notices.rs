//! Notices to an organiser that a key is about to expire: 30, 14, 7 and 1 days before, each once. Notices that no
//! running gateway gave are not made up for: only the latest notice that is due is given.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::app::error::InternalError;
use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::record::Record;
use crate::domain::actor::Actor;
use crate::domain::application::{NOTICES, due_notice};
use crate::domain::event::EventType;
use crate::ids::OrganiserId;
use crate::store::key_notices::KeyNotice;
use crate::store::keys::KeyRecord;
use crate::store::{self, WritePurpose};

/// Gives every notice that is due and returns how many were given.
pub async fn record_due_notices(app: &App) -> Result<u32, OperatorError> {
    let mut given = 0;
    let organisers = store::organisers::list(&mut app.db.read().await?).await?;
    for organiser in organisers {
        let now = app.clocks.business_clock(organiser.id).now();
        for notice in due(app, organiser.id, now).await? {
            // A notice that another gateway recorded meanwhile is not recorded again.
            given += u32::from(give_one(app, organiser.id, &notice, now).await?);
        }
    }
    Ok(given)
}

/// The notices of an organiser that are due and not recorded.
async fn due(app: &App, organiser: OrganiserId, now: Timestamp) -> Result<Vec<KeyNotice>, InternalError> {
    let tx = &mut app.db.read().await?;
    let until = now + SignedDuration::from_hours(24 * NOTICES[0]);
    let mut due = Vec::new();
    for key in store::keys::ending(tx, organiser, now, until).await? {
        if let Some(notice) = notice_of(&key, now)
            && !store::key_notices::record_notice(tx, organiser, &notice).await?
        {
            due.push(notice);
        }
    }
    Ok(due)
}

fn notice_of(key: &KeyRecord, now: Timestamp) -> Option<KeyNotice> {
    let end = key.end()?;
    due_notice(end, now).map(|days| KeyNotice { key: key.id, end, days })
}

/// Gives a notice, unless it was given since; the organiser is locked, so that only one gateway does.
async fn give_one(
    app: &App,
    organiser: OrganiserId,
    notice: &KeyNotice,
    now: Timestamp,
) -> Result<bool, OperatorError> {
    let actor = Actor::system("key notices");
    let act: OperatorContext<'_> = app.acting_as(&actor);
    let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
    let fresh = !store::key_notices::record_notice(&mut work, organiser, notice).await?;
    if fresh && store::key_notices::insert(&mut work, organiser, notice, now).await? {
        work.announce(&Record::of(EventType::KeyExpiring).about(notice.key));
        work.commit().await?;
        return Ok(true);
    }
    Ok(false)
}
