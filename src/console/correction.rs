//! The reason of a correction, which a signed month needs.

use super::form::Fields;
use super::form_fields::SelectOption;
use super::page_context::PageContext;
use crate::app::caller::Caller;
use crate::app::claims;
use crate::domain::claim::CorrectionReason;
use crate::domain::statement::StatementKey;
use crate::http::problem::Result;
use crate::words;

/// The name of the field.
pub(super) const CORRECTION: &str = "correctionReason";

/// The reasons to choose from; none where nothing that is signed freezes the statement.
pub(super) async fn correction_choices(
    visit: &PageContext,
    caller: &Caller,
    of: StatementKey,
    chosen: Option<CorrectionReason>,
) -> Result<Vec<SelectOption>> {
    if !claims::freeze_of(&visit.app, caller, of).await?.is_frozen() {
        return Ok(Vec::new());
    }
    let choice = |reason: &CorrectionReason| {
        SelectOption::new(reason.code(), reason.label().get(visit.language), chosen == Some(*reason))
    };
    let choose = SelectOption::new("", words::correction::CHOOSE.get(visit.language), chosen.is_none());
    Ok(std::iter::once(choose).chain(CorrectionReason::ALL.iter().map(choice)).collect())
}

/// The reason that was chosen.
pub(super) fn correction_reason(fields: &Fields) -> Option<CorrectionReason> {
    CorrectionReason::from_code(fields.get(CORRECTION))
}
