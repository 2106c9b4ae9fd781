//! What the form of a report is filled with: the stored draft or, for a new one, what usually stays from one quarter to
//! the next; the persons by category; and what the report lacks.

use super::completeness::completeness;
use super::inputs::{ReportInputs, open_report};
use super::{key, read};
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::{App, staff};
use crate::domain::creche::Creche;
use crate::domain::period::Quarter;
use crate::domain::report::completeness::StepFindings;
use crate::domain::report::raw::RawReport;
use crate::domain::report::{RegisterPerson, ReportFigures, carried_over, into_raw};
use crate::domain::staff::Category;
use crate::ids::{CrecheId, StaffMemberId};
use crate::store;

/// A person of the form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormPerson {
    /// The category of the first function in the crèche; none of a person without one in the quarter.
    pub category: Option<Category>,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// The reference in the register.
    pub reference: String,
    /// The person.
    pub id: StaffMemberId,
}

/// What the form of a report is filled with.
pub struct ReportForm {
    /// The crèche.
    pub creche: Creche,
    /// The persons with a function in the crèche in the quarter, and those whom the draft names, by category and name.
    pub persons: Vec<FormPerson>,
    /// The stored draft or the beginning of a new one.
    pub document: RawReport,
    /// The sums of the stored draft.
    pub figures: ReportFigures,
    /// The revision of the stored draft, if there is one.
    pub revision: Option<u32>,
    /// Whether nothing is lacking.
    pub is_complete: bool,
    /// Step by step.
    pub steps: Vec<StepFindings>,
}

/// Reads it. The reading of the names, and of the salaries where there are any, is recorded.
pub async fn form(app: &App, caller: &Caller, creche: CrecheId, quarter: Quarter) -> Result<ReportForm, AccessError> {
    let lacking = completeness(app, caller, creche, quarter).await?;
    let stored = read::read(app, caller, creche, quarter, None).await?;
    let inputs = ReportInputs::read(app, caller, creche, quarter).await?;
    let (document, figures, revision) = match stored {
        Some(stored) => (stored.document, stored.figures, Some(stored.entry.revision)),
        None => (beginning(app, caller, creche, quarter, &inputs).await?, ReportFigures::default(), None),
    };
    let names = staff::names(app, caller).await?;
    let named = document.references();
    let shown = |person: &&RegisterPerson| !person.functions.is_empty() || named.contains(&person.reference.as_str());
    let person = |person: &RegisterPerson| {
        let (given_name, family_name) = names.get(&person.id).cloned().unwrap_or_default();
        let category = person.functions.first().map(|(category, _)| *category);
        FormPerson { category, family_name, given_name, reference: person.reference.clone(), id: person.id }
    };
    let mut persons: Vec<_> = inputs.staff().iter().filter(shown).map(person).collect();
    persons.sort_unstable();
    Ok(ReportForm {
        creche: lacking.creche,
        persons,
        document,
        figures,
        revision,
        is_complete: lacking.is_complete,
        steps: lacking.steps,
    })
}

/// A new draft, with what stays from that of the quarter before.
async fn beginning(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
    inputs: &ReportInputs,
) -> Result<RawReport, InternalError> {
    let slot = key(creche, quarter.previous());
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let Some(last) = store::statements::find(tx, caller.organiser, slot).await? else {
        return Ok(RawReport::default());
    };
    let report = open_report(tx, caller, &data_key, slot, last.revision.revision).await?;
    Ok(into_raw(carried_over(report), inputs.staff()))
}
