//! What a report lacks. Steps and their states are not personal: reading them is not recorded.

use super::inputs::{ReportInputs, month_deposits, open_report};
use super::key;
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::{App, creches};
use crate::domain::creche::Creche;
use crate::domain::period::Quarter;
use crate::domain::report::completeness::{StepFindings, assess, is_complete};
use crate::domain::report::into_raw;
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
    let slot = key(creche, quarter);
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let mut tx = app.db.read().await?;
    let (creche, current) = creches::find_with_statement(&mut tx, caller, slot).await?;
    let revision = current.map(|current| current.revision.revision);
    let report = match revision {
        Some(revision) => Some(open_report(&mut tx, caller, &data_key, slot, revision).await?),
        None => None,
    };
    drop(tx);
    let inputs = ReportInputs::read(app, caller, creche.id, quarter).await?;
    let months = month_deposits(app, caller, creche.id, quarter).await?;
    let draft = report.map(|report| into_raw(report, inputs.staff()));
    let steps = assess(draft.as_ref(), &inputs.context(caller, &creche, quarter), &months);
    Ok(ReportCompleteness { is_complete: is_complete(&steps), creche, revision, steps })
}
