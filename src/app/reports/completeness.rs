//! What a report lacks. Steps and their states are not personal: reading them is not recorded.

use super::inputs::{DepositedMonths, month_deposits};
use super::view::ReportView;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::domain::creche::Creche;
use crate::domain::period::Quarter;
use crate::domain::report::completeness::{StepFindings, assess, is_complete};
use crate::ids::CrecheId;

/// What a report lacks.
pub struct ReportCompleteness {
    /// The crèche.
    pub creche: Creche,
    /// The revision of the stored draft, if there is one.
    pub revision: Option<u32>,
    /// Whether nothing is lacking.
    pub is_complete: bool,
    /// Step by step.
    pub steps: Vec<StepFindings>,
}

/// Compares the stored draft with the rules of today and with what was deposited for its quarter.
pub async fn completeness(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<ReportCompleteness, AccessError> {
    let view = ReportView::read(app, caller, (creche, quarter), None).await?;
    let at = (caller.organiser, creche, quarter);
    let deposited = DepositedMonths::read(&mut app.db.read().await?, at).await?;
    let steps = steps(app, caller, &view, &deposited).await?;
    let revision = view.stored.map(|(stored, _)| stored.revision);
    Ok(ReportCompleteness { is_complete: is_complete(&steps), creche: view.creche, revision, steps })
}

/// The steps of a report that was read, with what was deposited for its months.
pub(in crate::app) async fn steps(
    app: &App,
    caller: &Caller,
    view: &ReportView<'_>,
    deposited: &DepositedMonths,
) -> Result<Vec<StepFindings>, InternalError> {
    let months = month_deposits(app, caller, view.quarter, deposited).await?;
    Ok(assess(view.document().as_ref(), &view.context(), &months))
}
