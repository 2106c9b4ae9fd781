//! What the form of a report is filled with: the stored draft or, for a new one, what usually stays from one quarter to
//! the next; the persons by category; and what the report lacks.

use super::completeness::steps;
use super::inputs::{DepositedMonths, ReportInputs, open_report, shown_name};
use super::key;
use super::read::record_reading;
use super::view::ReportView;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::claim::FigureLine;
use crate::domain::creche::Creche;
use crate::domain::period::Quarter;
use crate::domain::report::completeness::{StepFindings, is_complete};
use crate::domain::report::raw::RawReport;
use crate::domain::report::{RegisterPerson, ReportFigures, carried_over, into_raw, obstacle};
use crate::domain::staff::Category;
use crate::domain::statement::StatementKey;
use crate::ids::{CrecheId, StaffMemberId};
use crate::store;

/// A person of the form.
pub struct FormPerson {
    /// The category of the first function in the crèche; none of a person without one in the quarter.
    pub category: Option<Category>,
    /// Family and given name; the reference of a person whose name the user may not know.
    pub name: String,
    /// Whether the stored draft names the person.
    pub is_stored: bool,
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
    /// The figures of what was deposited for its months.
    pub month_figures: Vec<FigureLine>,
    /// The sums of the stored draft.
    pub figures: ReportFigures,
    /// The revision of the stored draft, if there is one.
    pub revision: Option<u32>,
    /// Whether the crèche can have a report for the quarter: it is subsidised and authorised, and the quarter has begun.
    pub is_possible: bool,
    /// Whether nothing is lacking.
    pub is_complete: bool,
    /// Step by step.
    pub steps: Vec<StepFindings>,
}

/// Reads it. The reading of the names, and of the salaries where there are any, is recorded.
pub async fn form(app: &App, caller: &Caller, creche: CrecheId, quarter: Quarter) -> Result<ReportForm, AccessError> {
    let view = ReportView::read(app, caller, (creche, quarter), None).await?;
    let at = (caller.organiser, creche, quarter);
    let deposited = DepositedMonths::read(&mut app.db.read().await?, at).await?;
    let steps = steps(app, caller, &view, &deposited).await?;
    let document = match view.document() {
        Some(document) => document,
        None => beginning(app, caller, key(view.creche.id, quarter), &view.inputs).await?,
    };
    app.record_access(caller.organiser, &caller.actor(), &Record::of(RecordedAction::StaffRead)).await?;
    if view.stored.is_some() {
        record_reading(app, caller, creche, quarter).await?;
    }
    let persons = persons(&view, &document);
    let month_figures = deposited.figures(quarter)?;
    let is_possible = obstacle(&view.context()).is_none();
    let ReportView { creche, stored, .. } = view;
    Ok(ReportForm {
        creche,
        persons,
        month_figures,
        document,
        figures: stored.as_ref().map(|(_, report)| ReportFigures::of(report)).unwrap_or_default(),
        revision: stored.map(|(stored, _)| stored.revision),
        is_possible,
        is_complete: is_complete(&steps),
        steps,
    })
}

/// The persons with a function in the crèche in the quarter, and those whom the document names; the others of it last.
fn persons(view: &ReportView<'_>, document: &RawReport) -> Vec<FormPerson> {
    let named = document.references();
    let person = |(person, name): (&RegisterPerson, Option<&(String, String)>)| {
        let is_named = named.contains(&person.reference.as_str());
        let shown = FormPerson {
            category: person.functions.first().map(|(category, _)| *category),
            name: shown_name(person, name),
            is_stored: is_named && view.stored.is_some(),
            reference: person.reference.clone(),
            id: person.id,
        };
        (is_named || shown.category.is_some()).then_some(shown)
    };
    let mut persons: Vec<_> = view.inputs.named_staff().filter_map(person).collect();
    persons.sort_by(|one, other| {
        let order = |person: &FormPerson| (person.category.is_none(), person.category);
        order(one).cmp(&order(other)).then_with(|| one.name.cmp(&other.name))
    });
    persons
}

/// A new draft, with what stays from that of the quarter before.
pub(super) async fn beginning(
    app: &App,
    caller: &Caller,
    of: StatementKey,
    inputs: &ReportInputs,
) -> Result<RawReport, InternalError> {
    let slot = key(of.creche, of.month.quarter().previous());
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let Some(last) = store::statements::find(tx, caller.organiser, slot).await? else {
        return Ok(RawReport::default());
    };
    let mut report = carried_over(open_report(tx, caller.organiser, &data_key, slot, last.revision.revision).await?);
    // Who left since is not carried over.
    let works = |id| inputs.staff().iter().any(|known| known.id == id && !known.functions.is_empty());
    report.staff.retain(|person| works(person.id));
    Ok(into_raw(report, inputs.staff()))
}
