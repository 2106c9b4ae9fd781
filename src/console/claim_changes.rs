//! What has changed on a claim since its signature, and the pages of what its figures are made of, for its organiser.

use super::claim_figures::{ChangeRow, change_rows, salary_change_rows};
use super::claim_place::ClaimPlace;
use super::page_context::PageContext;
use crate::app::claims::ClaimView;
use crate::domain::claim::FigureName;
use crate::domain::key::Scope;
use crate::domain::period::Month;
use crate::domain::statement::StatementKind;
use crate::words::{Language, reports};

/// The figures and the salaries that have changed.
pub(super) fn changes(view: &ClaimView, language: Language) -> Vec<ChangeRow> {
    let mut rows = change_rows(&view.changes, language);
    rows.extend(salary_change_rows(&view.salary_changes, language));
    rows
}

/// What has changed besides.
pub(super) fn other_changes(view: &ClaimView, at: ClaimPlace, language: Language) -> Vec<&'static str> {
    let is_listed = !view.changes.is_empty() || !view.salary_changes.is_empty();
    let salaries = (view.salaries_changed && !is_listed).then_some(reports::GROSS_SALARIES_CHANGED);
    let only_revisions = view.has_other_revisions && view.changes.is_empty() && !view.salaries_changed;
    let attachments = view.attachments_changed.then_some(reports::ATTACHMENTS_CHANGED);
    let revisions = only_revisions.then_some(at.words().other_revisions);
    salaries.into_iter().chain(attachments).chain(revisions).map(|change| change.get(language)).collect()
}

/// The pages of what figures are made of, as far as the person may read them.
pub(super) fn figure_pages(
    visit: &PageContext,
    at: ClaimPlace,
) -> impl Fn(Option<FigureName>, Option<Month>) -> Option<String> {
    let ClaimPlace { creche, .. } = at;
    let may = |kind| visit.acting.mandate.may(Scope::StatementsRead(kind), creche);
    let readable: Vec<_> = StatementKind::MONTHLY.iter().copied().filter(|kind| may(*kind)).collect();
    move |figure, month| match (figure.and_then(FigureName::kind), month) {
        (Some(kind), Some(month)) => {
            readable.contains(&kind).then(|| format!("/console/creches/{creche}/{}/{month}", kind.name()))
        }
        (Some(_), None) => None,
        (None, _) => Some(format!("{}#{}", at.edit(), anchor(figure))),
    }
}

/// The place of a figure on the page on which the report is prepared.
const fn anchor(figure: Option<FigureName>) -> &'static str {
    match figure {
        None | Some(FigureName::SubsidisedPersons) => "staff",
        Some(FigureName::OpensAtMinute | FigureName::ClosesAtMinute | FigureName::ChildrenOn15January) => "information",
        Some(_) => "costs",
    }
}
