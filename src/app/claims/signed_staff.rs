//! The staff of a signed claim, of the revision of the register that the signed document names, with the salaries as they are
//! signed.

use super::agency::{OpenedSignature, open_signed};
use super::sealed::open_salaries;
use super::{ClaimError, claim_key};
use crate::app::agents::AgencyCaller;
use crate::app::record::Record;
use crate::app::{App, staff};
use crate::domain::action::RecordedAction;
use crate::domain::claim::ClaimDocument;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::{ClaimedPerson, Salary};
use crate::domain::staff::staffing::Assignment;
use crate::domain::staff::{Absence, StoredPerson, Training, overlaps};
use crate::ids::{CrecheId, OrganiserId};

/// A person with a function in the crèche in the quarter, or with a salary in the claim.
pub struct SignedPerson {
    /// Given and family name; `None` of a person who is no longer in the history of the register.
    pub name: Option<(String, String)>,
    /// The functions in the crèche in the quarter.
    pub functions: Vec<Assignment>,
    /// Diplomas and certificates.
    pub trainings: Vec<Training>,
    /// The absences in the quarter.
    pub absences: Vec<Absence>,
    /// Whether a subsidy is claimed.
    pub is_subsidised: bool,
    /// The gross salaries, by month.
    pub salaries: Vec<Salary>,
}

/// Reads it: recorded in the history of the organiser before the result is returned.
///
/// # Errors
/// `NotSigned` where no claim is signed.
pub async fn signed_staff(
    app: &App,
    agent: &AgencyCaller,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
) -> Result<(ClaimDocument, Vec<SignedPerson>), ClaimError> {
    let key = claim_key(organiser, (creche, Period::Quarter(quarter)));
    let signed = open_signed(app, key).await?.ok_or(ClaimError::NotSigned)?;
    let OpenedSignature { document, signature, data_key } = signed;
    let claimed = open_salaries(&data_key, &signature)?.map(|salaries| salaries.staff).unwrap_or_default();
    let register = document.inputs.iter().find(|input| input.resource == "staffRegister");
    let stored = match register {
        Some(register) => staff::persons_at_revision(app, organiser, register.revision).await?.unwrap_or_default(),
        None => Vec::new(),
    };
    let record = Record::of(RecordedAction::ClaimLinesRead).creche(creche).period(Period::Quarter(quarter));
    app.record_access(organiser, &agent.actor(), &record.detail("staff")).await?;
    Ok((document, persons(stored, claimed, (creche, quarter))))
}

/// Those of the register who worked in the crèche in the quarter or have a salary, by name; those who are only in the claim
/// last.
fn persons(
    stored: Vec<StoredPerson>,
    mut claimed: Vec<ClaimedPerson>,
    (creche, quarter): (CrecheId, Quarter),
) -> Vec<SignedPerson> {
    let days = (Period::Quarter(quarter).first_day(), Period::Quarter(quarter).last_day());
    let mut persons = Vec::new();
    for StoredPerson { id, member } in stored {
        let mut functions = member.posts();
        functions.retain(|post| post.creche == creche && overlaps(post.period, days));
        let claim = claimed.iter().position(|person| person.id == id).map(|at| claimed.swap_remove(at));
        if functions.is_empty() && claim.is_none() {
            continue;
        }
        let (is_subsidised, salaries) = claim.map(|person| (person.subsidised, person.salaries)).unwrap_or_default();
        let mut absences = member.absences;
        absences.retain(|absence| overlaps((absence.start_date, absence.end_date), days));
        let (name, trainings) = (Some((member.given_name, member.family_name)), member.trainings);
        persons.push(SignedPerson { name, functions, trainings, absences, is_subsidised, salaries });
    }
    let by_name = |person: &SignedPerson| person.name.clone().map(|(given, family)| (family, given));
    persons.sort_by_key(by_name);
    persons.extend(claimed.into_iter().map(|ClaimedPerson { subsidised, salaries, .. }| SignedPerson {
        name: None,
        functions: Vec::new(),
        trainings: Vec::new(),
        absences: Vec::new(),
        is_subsidised: subsidised,
        salaries,
    }));
    persons
}
