//! Staffing in full-time equivalents, beside the figures of a quarter.

use super::page_context::PageContext;
use super::page_frame::day;
use crate::app::AccessError;
use crate::app::figure_inputs::AsOf;
use crate::app::summaries;
use crate::domain::key::Scope;
use crate::domain::period::{Period, Quarter};
use crate::domain::staff::Category;
use crate::http::problem::Result;
use crate::ids::CrecheId;

/// The staff of one crèche, or of all that the user may see.
pub(super) struct Staffing {
    /// The day on which it was counted.
    pub(super) date: String,
    /// Category, full-time equivalents on that day, and on average over the quarter.
    pub(super) rows: Vec<(&'static str, String, String)>,
}

/// The staffing; nothing for users who may not see the staff there.
pub(super) async fn staffing(
    visit: &PageContext,
    creche: Option<CrecheId>,
    quarter: Quarter,
) -> Result<Option<Staffing>> {
    let Some(caller) = visit.acting.caller(Scope::StaffRead) else { return Ok(None) };
    let (app, period) = (&visit.app, Period::Quarter(quarter));
    let found = match creche {
        None => summaries::of_organiser(app, &caller, period, AsOf::NOW).await?.staffing,
        Some(creche) => match summaries::of_creche(app, &caller, creche, period, AsOf::NOW).await {
            Ok(found) => found.staffing.clone(),
            Err(AccessError::NotGranted) => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        },
    };
    let row = |category: &Category| {
        let (now, average) = (found.on.0.get(category), found.average.0.get(category));
        let any = now.or(average).is_some();
        any.then(|| {
            (
                category.label().get(visit.language),
                equivalents(now.copied().unwrap_or_default().into()),
                equivalents(average.copied().unwrap_or_default().into()),
            )
        })
    };
    let rows = Category::ALL.iter().filter_map(row).collect();
    Ok(Some(Staffing { date: day(found.date), rows }))
}

/// Hundredths of a full-time equivalent in the Belgian format.
pub(super) fn equivalents(hundredths: u64) -> String {
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}
