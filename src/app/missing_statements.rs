//! Notices to organisers of missing statements of the month before, of the kinds that are due, once each, some days
//! into the month.
//! Notices that no running gateway sent before the end of the month are not sent later: the board lists them anyway.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::App;
use super::board::{MonthStage, month_stage};
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{StatementKey, StatementKind};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::{self, WritePurpose};

/// Checks once a day.
#[derive(Debug)]
pub struct MissingStatementNotifier {
    /// The day of a month from which on a statement is missing.
    on_day: u8,
    /// The day of each organiser's last check.
    done: BTreeMap<OrganiserId, Date>,
}

impl MissingStatementNotifier {
    /// From this day of each month on; the first time is now.
    pub const fn new(on_day: u8) -> Self {
        Self { on_day, done: BTreeMap::new() }
    }

    /// Sends the notices if a day has begun since the last check; returns how many.
    pub async fn run_if_due(&mut self, app: &App) -> Result<u32, OperatorError> {
        let mut told = 0;
        let organisers = store::organisers::list(&mut app.db.read().await?).await?;
        for organiser in organisers {
            let today = app.clocks.business_clock(organiser.id).today();
            let is_done = self.done.get(&organiser.id) == Some(&today);
            if !is_done && today.day().cast_unsigned() >= self.on_day {
                told += notify_missing(app, organiser.id, Month::of(today).previous()).await?;
                self.done.insert(organiser.id, today);
            }
        }
        Ok(told)
    }
}

async fn notify_missing(app: &App, organiser: OrganiserId, month: Month) -> Result<u32, OperatorError> {
    let mut told = 0;
    for (kind, event) in due_kinds() {
        for creche in missing(app, organiser, kind, month).await? {
            told += u32::from(notify_once(app, organiser, creche, (event, month)).await?);
        }
    }
    Ok(told)
}

/// The kinds with a statement due every month, each with the event that it is missing.
fn due_kinds() -> impl Iterator<Item = (StatementKind, EventType)> {
    StatementKind::ALL.iter().filter_map(|kind| Some((*kind, EventType::missing(*kind)?)))
}

/// The subsidised crèches of an organiser whose statement of the month is missing.
async fn missing(
    app: &App,
    organiser: OrganiserId,
    kind: StatementKind,
    month: Month,
) -> Result<Vec<CrecheId>, OperatorError> {
    let today = app.clocks.business_clock(organiser).today();
    let tx = &mut app.db.read().await?;
    let mut missing = Vec::new();
    for creche in store::creches::list_whole(tx, organiser).await?.into_iter().filter(|creche| creche.subsidised) {
        let slot = StatementKey { creche: creche.id, kind, month };
        let stored = store::statements::find(tx, organiser, slot).await?;
        let warned = stored.map(|_| false);
        if matches!(month_stage(&creche, month, warned, today), MonthStage::Missing | MonthStage::Late) {
            missing.push(creche.id);
        }
    }
    Ok(missing)
}

/// Sends one notice, unless it was sent; the organiser is locked, so that only one gateway does.
async fn notify_once(
    app: &App,
    organiser: OrganiserId,
    creche: CrecheId,
    (kind, month): (EventType, Month),
) -> Result<bool, OperatorError> {
    let actor = Actor::system("missing statements");
    let act: OperatorContext<'_> = app.acting_as(&actor);
    let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
    let period = Period::Month(month);
    if store::events::is_recorded(&mut work, organiser, kind, creche, period).await? {
        return Ok(false);
    }
    work.announce(&Record::of(kind).creche(creche).period(period));
    work.commit().await?;
    Ok(true)
}
