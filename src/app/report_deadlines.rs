//! Notices to organisers that the deadline of a quarter nears: 30, 14, 7 and 1 days before it, each once, for each subsidised
//! crèche whose report is not signed. Notices that no running gateway sent are not made up for: only the latest that is
//! due is sent.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::App;
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use crate::domain::actor::Actor;
use crate::domain::creche::Creche;
use crate::domain::deadline::DeadlineNotice;
use crate::domain::event::EventType;
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};
use crate::store::claims::ClaimKey;
use crate::store::{self, Tx, WritePurpose};

/// Checks once a day.
#[derive(Debug, Default)]
pub struct ReportDeadlineNotifier {
    /// The day of each organiser's last check.
    done: BTreeMap<OrganiserId, Date>,
}

impl ReportDeadlineNotifier {
    /// Sends the notices if a day has begun since the last check; returns how many.
    pub async fn run_if_due(&mut self, app: &App) -> Result<u32, OperatorError> {
        let mut sent = 0;
        let organisers = store::organisers::list(&mut app.db.read().await?).await?;
        for organiser in organisers {
            let today = app.clocks.business_clock(organiser.id).today();
            if self.done.get(&organiser.id) != Some(&today) {
                if let Some(due) = DeadlineNotice::due_on(today) {
                    sent += notify_unsigned(app, organiser.id, due).await?;
                }
                self.done.insert(organiser.id, today);
            }
        }
        Ok(sent)
    }
}

async fn notify_unsigned(app: &App, organiser: OrganiserId, due: DeadlineNotice) -> Result<u32, OperatorError> {
    let period = Period::Quarter(due.quarter);
    let creches = store::creches::list_whole(&mut app.db.read().await?, organiser).await?;
    let has_report =
        |creche: &Creche| creche.subsidised && creche.is_authorised_within(period.first_day(), period.last_day());
    let mut sent = 0;
    for creche in creches.into_iter().filter(has_report) {
        // Most are not to be notified, which is found without locking the organiser.
        if is_due(&mut app.db.read().await?, organiser, creche.id, due).await? {
            sent += u32::from(notify_once(app, organiser, creche.id, due).await?);
        }
    }
    Ok(sent)
}

/// Whether the report is not signed and this notice, or a later one, was not sent.
async fn is_due(
    tx: &mut Tx,
    organiser: OrganiserId,
    creche: CrecheId,
    due: DeadlineNotice,
) -> Result<bool, store::Error> {
    let of = (creche, Period::Quarter(due.quarter));
    let claim = store::claims::find(tx, ClaimKey::new(organiser, creche, due.quarter)).await?;
    let is_signed = claim.is_some_and(|claim| claim.standing.state.is_frozen());
    let is_sent = store::events::is_recorded_within(tx, organiser, EventType::ReportDue, of, due.notice).await?;
    Ok(!is_signed && !is_sent)
}

/// Sends one notice, unless it was sent; the organiser is locked, so that only one gateway does.
async fn notify_once(
    app: &App,
    organiser: OrganiserId,
    creche: CrecheId,
    due: DeadlineNotice,
) -> Result<bool, OperatorError> {
    let actor = Actor::system("report deadlines");
    let act: OperatorContext<'_> = app.acting_as(&actor);
    let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
    if !is_due(&mut work, organiser, creche, due).await? {
        return Ok(false);
    }
    let record = Record::of(EventType::ReportDue).creche(creche).period(Period::Quarter(due.quarter));
    work.announce(&record.days_left(due.days_left));
    work.commit().await?;
    Ok(true)
}
