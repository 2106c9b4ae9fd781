//! The functions that the staffing of a crèche is made of, with what entered each person.

use std::collections::HashMap;

use super::super::App;
use super::super::caller::Caller;
use super::super::error::{AccessError, InternalError};
use super::super::figure_inputs::AsOf;
use super::super::record::Record;
use crate::app::application_names::ApplicationNames;
use crate::domain::action::RecordedAction;
use crate::domain::creche::Creche;
use crate::domain::period::Period;
use crate::domain::staff::staffing::MemberAssignment;
use crate::ids::{ApplicationId, CrecheId, StaffMemberId};

/// The functions of the staff of a crèche in a period.
pub struct StaffFunctions {
    /// The crèche.
    pub creche: Creche,
    /// Each function with its person.
    pub functions: Vec<MemberAssignment>,
    /// What entered each person; persons whom an earlier version of the gateway entered have none.
    pub entries: HashMap<StaffMemberId, PersonEntry>,
    /// The functions at the instant that they are compared with.
    pub earlier: Option<Vec<MemberAssignment>>,
}

/// What entered a person as the figures use it.
pub struct PersonEntry {
    /// The revision of the register.
    pub revision: u64,
    /// The application that made it, with its name; `None` where a user did.
    pub application: Option<(ApplicationId, String)>,
}

/// The functions of the staff of a crèche in a period, compared with those at an earlier instant; the read is recorded.
pub async fn staff_functions(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    (period, as_of): (Period, AsOf),
    compared_with: Option<AsOf>,
) -> Result<StaffFunctions, AccessError> {
    let organiser = caller.organiser;
    let key = app.vault.organiser_key(&app.db, organiser).await.map_err(InternalError::from)?;
    let mut tx = app.db.read().await?;
    let creche = as_of.creche(&mut tx, caller, creche).await?;
    let within = (period, &[creche.id][..]);
    let functions = as_of.assignments(&mut tx, &key, organiser, within).await?;
    let earlier = match compared_with {
        Some(earlier) => Some(earlier.assignments(&mut tx, &key, organiser, within).await?),
        None => None,
    };
    let revisions = as_of.person_revisions(&mut tx, organiser).await?;
    let applications = ApplicationNames::read(&mut tx, organiser).await?;
    drop(tx);
    let entries = revisions.into_iter().map(|(member, entered)| {
        let application = entered.application.and_then(|id| applications.of(id));
        (member, PersonEntry { revision: entered.revision, application })
    });
    let entries = entries.collect();
    let record = Record::of(RecordedAction::ContributionsRead).creche(creche.id).period(period);
    app.record_access(organiser, &caller.actor(), &record).await?;
    Ok(StaffFunctions { creche, functions, entries, earlier })
}
