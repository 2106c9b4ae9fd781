//! Displayed findings: the error, its place, and the repair.

use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::rule::{Owner, Severity};
use crate::words::Language;

/// The most places of one finding that are named.
const NAMED: usize = 8;

/// One finding.
pub(super) struct FindingView {
    /// Whether it is an error.
    pub(super) error: bool,
    /// Reason and repair.
    pub(super) words: String,
    /// The child or person at its first place, from a workbook.
    pub(super) name: Option<String>,
    /// Who can repair it, where that is not the users who enter the data.
    pub(super) owner: Option<&'static str>,
    /// The first places.
    pub(super) places: Vec<FindingSpot>,
    /// How many places there are besides.
    pub(super) more: usize,
}

/// A place on the page.
pub(super) struct FindingSpot {
    /// Its name.
    pub(super) words: String,
    /// Its link on the page, if it is there.
    pub(super) anchor: Option<String>,
}

/// Findings with the places that `spot` returns; `None` is the document as a whole.
pub(super) fn finding_views(
    findings: &Findings,
    language: Language,
    spot: impl Fn(&FindingPlace) -> Option<FindingSpot>,
) -> Vec<FindingView> {
    let one = |finding: &Finding| {
        let places: Vec<_> = finding.places.iter().take(NAMED).filter_map(&spot).collect();
        FindingView {
            error: finding.severity == Severity::Error,
            words: finding.detail_with_source_for_people(language),
            name: finding.source.as_ref().and_then(|source| source.name.clone()),
            owner: Some(finding.rule.owner)
                .filter(|owner| *owner != Owner::Encoder)
                .map(|owner| owner.label().get(language)),
            more: if places.is_empty() { 0 } else { finding.count - places.len() },
            places,
        }
    };
    findings.iter().map(one).collect()
}

/// The place by its cell in the sender's workbook.
pub(super) fn cell(place: &FindingPlace) -> Option<FindingSpot> {
    place.cell.clone().map(|words| FindingSpot { words, anchor: None })
}

/// The line of a place of a document, and the item of its list.
pub(super) fn line_of(place: &FindingPlace) -> Option<(usize, Option<usize>)> {
    let mut steps = place.pointer.strip_prefix("/lines/")?.split('/');
    let line = steps.next()?.parse().ok()?;
    Some((line, steps.nth(1).and_then(|item| item.parse().ok())))
}
