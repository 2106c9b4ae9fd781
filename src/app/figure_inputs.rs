//! The inputs of figures: the present ones, or those of an earlier instant.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::{App, creches, doctors, staff};
use crate::app::BusinessClock;
use crate::clock;
use crate::domain::creche::Creche;
use crate::domain::period::Period;
use crate::domain::staff::overlaps;
use crate::domain::staff::staffing::MemberAssignment;
use crate::domain::standing_facts::CurrentDoctor;
use crate::domain::statement::StatementFilter;
use crate::ids::{CrecheId, OrganiserId, StaffMemberId};
use crate::seal::DataKey;
use crate::store::organisers::Organiser;
use crate::store::staff::RegisterRevision;
use crate::store::statements::CurrentStatement;
use crate::store::{self, Tx, WritePurpose};

/// The instant that figures are of. They include everything recorded at that instant or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AsOf(Option<Timestamp>);

/// Why there are no figures for the instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOfError {
    /// It is in the future.
    Future,
    /// The history of the organiser begins at this later instant.
    BeforeHistory(Timestamp),
}

/// Longer than any write lasts: the instant of a write is that of its beginning.
const LONGEST_WRITE: SignedDuration = SignedDuration::from_mins(10);

impl AsOf {
    /// Now: the present figures.
    pub const NOW: Self = Self(None);

    /// An instant of the organiser's history.
    pub async fn at(
        app: &App,
        organiser: OrganiserId,
        at: Timestamp,
    ) -> Result<Result<Self, AsOfError>, InternalError> {
        let now = app.clocks.business_clock(organiser).now();
        if at > now {
            return Ok(Err(AsOfError::Future));
        }
        if now.duration_since(at) < LONGEST_WRITE {
            // A write that began by then may still be open: once the organiser is locked, it has ended.
            drop(app.db.write_for(organiser, WritePurpose::RecordOnly).await?);
        }
        let beginning = store::input_history::beginning(&mut app.db.read().await?, organiser).await?;
        Ok(match beginning {
            Some(beginning) if at < beginning => Err(AsOfError::BeforeHistory(beginning)),
            _ => Ok(Self(Some(at))),
        })
    }

    /// The date in Brussels.
    pub fn date(self, clock: &BusinessClock) -> Date {
        self.0.map_or_else(|| clock.today(), |at| clock::to_brussels(at).date())
    }

    /// The organiser.
    pub async fn organiser(self, app: &App, organiser: OrganiserId) -> Result<Option<Organiser>, InternalError> {
        let tx = &mut app.db.read().await?;
        Ok(match self.0 {
            None => store::organisers::find(tx, organiser).await?,
            Some(at) => store::organisers::find_as_of(tx, organiser, at).await?,
        })
    }

    /// A crèche that the caller can reach today.
    pub(super) async fn creche(self, tx: &mut Tx, caller: &Caller, creche: CrecheId) -> Result<Creche, AccessError> {
        let now = creches::find_within_reach(tx, caller, creche).await?;
        let Some(at) = self.0 else { return Ok(now) };
        let then = store::creches::list_as_of(tx, caller.organiser, at).await?;
        then.into_iter().find(|then| then.id == creche).ok_or(AccessError::Unknown)
    }

    /// Every crèche that the caller can reach today.
    pub(super) async fn creches(self, tx: &mut Tx, caller: &Caller) -> Result<Vec<Creche>, InternalError> {
        let Some(at) = self.0 else { return creches::list_within_reach(tx, caller).await };
        let then = store::creches::list_as_of(tx, caller.organiser, at).await?;
        Ok(then.into_iter().filter(|creche| caller.reaches(creche.id)).collect())
    }

    /// The statements that were current at the instant.
    pub(super) async fn statements(
        self,
        tx: &mut Tx,
        organiser: OrganiserId,
        filter: StatementFilter,
    ) -> Result<Vec<CurrentStatement>, store::Error> {
        match self.0 {
            None => store::statements::list(tx, organiser, filter).await,
            Some(at) => store::statements::list_as_of(tx, organiser, filter, at).await,
        }
    }

    /// The organiser's doctors.
    pub(super) async fn doctors(
        self,
        tx: &mut Tx,
        key: &DataKey,
        organiser: OrganiserId,
    ) -> Result<Vec<CurrentDoctor>, InternalError> {
        match self.0 {
            None => doctors::current_doctors(tx, key, organiser).await,
            Some(at) => doctors::open_current(key, organiser, store::doctors::list_as_of(tx, organiser, at).await?),
        }
    }

    /// The functions in some crèches that overlap a period.
    pub(super) async fn assignments(
        self,
        tx: &mut Tx,
        key: &DataKey,
        organiser: OrganiserId,
        (period, creches): (Period, &[CrecheId]),
    ) -> Result<Vec<MemberAssignment>, InternalError> {
        let (first, last) = (period.first_day(), period.last_day());
        let mut found = match self.0 {
            None => store::staff::assignments(tx, organiser, first, last).await?,
            Some(at) => {
                let persons = store::staff::list_as_of(tx, organiser, at).await?;
                let mut found = staff::assignments_of(key, organiser, &persons)?;
                found.retain(|one| overlaps(one.assignment.period, (first, last)));
                found
            }
        };
        found.retain(|one| creches.contains(&one.assignment.creche));
        Ok(found)
    }

    /// The revision of the staff register that wrote each person.
    pub(super) async fn person_revisions(
        self,
        tx: &mut Tx,
        organiser: OrganiserId,
    ) -> Result<HashMap<StaffMemberId, RegisterRevision>, store::Error> {
        store::staff::revisions_of_persons(tx, organiser, self.0.unwrap_or(Timestamp::MAX)).await
    }
}

/// Begins the history of every organiser that an earlier version of the gateway registered, with the present state:
/// returns how many there were. Figures can be computed as of this instant and later.
pub async fn begin_histories(app: &App) -> Result<usize, InternalError> {
    let begun = store::input_history::without_history(&mut app.db.read().await?).await?;
    for organiser in &begun {
        let organiser = *organiser;
        let mut tx = app.db.write_for(organiser, WritePurpose::RecordOnly).await?;
        let at = app.clocks.business_clock(organiser).now();
        store::organisers::record(&mut tx, organiser, at).await?;
        for creche in store::creches::list(&mut tx, organiser).await? {
            store::creches::record(&mut tx, organiser, creche.id, at).await?;
        }
        for doctor in store::doctors::list(&mut tx, organiser).await? {
            store::doctors::record(&mut tx, organiser, doctor.id, at).await?;
        }
        store::staff::record_initial(&mut tx, organiser, at).await?;
        tx.commit().await?;
    }
    Ok(begun.len())
}
