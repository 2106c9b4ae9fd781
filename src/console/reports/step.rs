//! The steps of a report on its page: state, findings, and where they are repaired.

use crate::app::reports::statements_of;
use crate::console::findings::{FindingSpot, FindingView, finding_views};
use crate::domain::finding::FindingPlace;
use crate::domain::period::Quarter;
use crate::domain::report::completeness::{ReportStep, StepFindings, StepState};
use crate::ids::CrecheId;
use crate::words::{self, Language};

/// A step.
pub(super) struct StepView {
    pub(super) label: &'static str,
    pub(super) state: &'static str,
    pub(super) look: &'static str,
    pub(super) findings: Vec<FindingView>,
    pub(super) links: Vec<StepLink>,
}

/// Where the data of a step is changed.
pub(super) struct StepLink {
    pub(super) href: String,
    pub(super) words: String,
}

impl StepView {
    pub(super) fn of(found: &StepFindings, creche: CrecheId, quarter: Quarter, language: Language) -> Self {
        let state = found.state();
        Self {
            label: found.step.label().get(language),
            state: state.label().get(language),
            look: match state {
                StepState::Complete => "good",
                StepState::ToCheck => "warn",
                StepState::Incomplete => "plain",
            },
            findings: finding_views(&found.findings, language, spot),
            links: links(found.step, creche, quarter, language),
        }
    }
}

/// No place has a name of its own: the findings of a step stand beside its fields.
const fn spot(_: &FindingPlace) -> Option<FindingSpot> {
    None
}

fn links(step: ReportStep, creche: CrecheId, quarter: Quarter, language: Language) -> Vec<StepLink> {
    let of_month = |kind: &str| {
        let link = |month: crate::domain::period::Month| StepLink {
            href: format!("/console/creches/{creche}/{kind}/{month}"),
            words: month.in_words(language),
        };
        quarter.months().into_iter().map(link).collect()
    };
    match (statements_of(step), step) {
        (Some(kind), _) => of_month(kind.name()),
        (None, ReportStep::Staff) => {
            vec![StepLink { href: "/console/staff".to_owned(), words: words::common::STAFF.get(language).to_owned() }]
        }
        (None, ReportStep::Information) => vec![StepLink {
            href: format!("/console/closures?creche={creche}&year={}", quarter.year()),
            words: words::closures::CLOSURES.get(language).to_owned(),
        }],
        (None, _) => Vec::new(),
    }
}
