//! The steps of a report on its page: state, findings, and where they are repaired.

use super::href;
use crate::app::closures;
use crate::app::reports::{ReportForm, statements_of};
use crate::console::claim_figures::FigureTable;
use crate::console::findings::{FindingSpot, FindingView, finding_views};
use crate::console::page_context::PageContext;
use crate::domain::finding::FindingPlace;
use crate::domain::key::Scope;
use crate::domain::period::{Month, Quarter};
use crate::domain::report::completeness::{ReportStep, StepFindings, StepState};
use crate::ids::CrecheId;
use crate::words;

/// A step.
pub(super) struct StepView {
    pub(super) label: &'static str,
    pub(super) state: &'static str,
    pub(super) look: &'static str,
    pub(super) findings: Vec<FindingView>,
    pub(super) links: Vec<StepLink>,
    /// The figures of its months, where it draws on statements.
    pub(super) table: Option<FigureTable>,
}

/// Where the data of a step is changed.
pub(super) struct StepLink {
    pub(super) href: String,
    pub(super) words: String,
}

impl StepView {
    pub(super) fn of(found: &StepFindings, form: &ReportForm, quarter: Quarter, visit: &PageContext) -> Self {
        let (state, language) = (found.state(), visit.language);
        Self {
            label: found.step.label().get(language),
            state: state.label().get(language),
            look: match state {
                StepState::Complete => "good",
                StepState::ToCheck => "warn",
                StepState::Incomplete => "plain",
            },
            findings: finding_views(&found.findings, language, |place| person_of(place, form)),
            table: table(found.step, form, quarter, visit),
            links: links(found.step, form.creche.id, quarter, visit),
        }
    }
}

/// The person of a place in the list of staff, by name.
fn person_of(place: &FindingPlace, form: &ReportForm) -> Option<FindingSpot> {
    let at: usize = place.pointer.strip_prefix("/staff/")?.split('/').next()?.parse().ok()?;
    let references = form.document.references();
    let person = form.persons.iter().find(|person| Some(&person.reference.as_str()) == references.get(at))?;
    Some(FindingSpot { words: person.name.clone(), anchor: Some(format!("subsidised.{}", person.id)) })
}

/// The figures of the months of a step.
fn table(step: ReportStep, form: &ReportForm, quarter: Quarter, visit: &PageContext) -> Option<FigureTable> {
    let kind = statements_of(step)?;
    let of_step = form.month_figures.iter().filter(|line| line.figure.kind() == Some(kind));
    let lines: Vec<_> = of_step.copied().collect();
    Some(FigureTable::new(&lines, quarter.into(), visit.language))
}

/// Where the user may change the data of a step.
fn links(step: ReportStep, creche: CrecheId, quarter: Quarter, visit: &PageContext) -> Vec<StepLink> {
    let (language, may) = (visit.language, |scope| visit.acting.mandate.may(scope, creche));
    let of_month = |kind: &str| {
        let link = |month: Month| StepLink {
            href: format!("/console/creches/{creche}/{kind}/{month}"),
            words: month.in_words(language),
        };
        quarter.months().into_iter().map(link).collect()
    };
    match (statements_of(step), step) {
        (Some(kind), _) if may(Scope::StatementsRead(kind)) => of_month(kind.name()),
        (None, ReportStep::Staff) if may(Scope::StaffRead) => {
            vec![StepLink { href: "/console/staff".to_owned(), words: words::common::STAFF.get(language).to_owned() }]
        }
        (None, ReportStep::Information) if may(closures::READ) => vec![StepLink {
            href: format!("/console/closures?creche={creche}&year={}", quarter.year()),
            words: words::closures::CLOSURES.get(language).to_owned(),
        }],
        (None, ReportStep::Attachments) => vec![StepLink {
            href: format!("{}/attachments", href(creche, quarter)),
            words: ReportStep::Attachments.label().get(language).to_owned(),
        }],
        _ => Vec::new(),
    }
}
