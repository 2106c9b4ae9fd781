//! Response bodies of activity reports.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::super::creches::CrecheReference;
use crate::app::reports::{AcceptedReport, ReportCompleteness, ReportEntry, StoredReport, statements_of};
use crate::app::statements::WriteOutcome;
use crate::domain::claim::ClaimState;
use crate::domain::period::Quarter;
use crate::domain::report::completeness::{ReportStep, StepFindings, StepState};
use crate::domain::report::raw::RawReport;
use crate::domain::report::{KIND, ReportFigures};
use crate::domain::rule::Severity;
use crate::domain::statement::Channel;
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;
use crate::ids::{ApplicationId, CrecheId};
use crate::words::Language;

/// The address of a report.
pub(in crate::api) fn address(urls: &Urls, creche: CrecheId, quarter: Quarter) -> String {
    urls.api(format_args!("/creches/{creche}/{}/{quarter}", KIND.collection()))
}

/// The address of a revision of a report.
pub(super) fn revision_address(urls: &Urls, creche: CrecheId, quarter: Quarter, revision: u32) -> String {
    format!("{}/revisions/{revision}", address(urls, creche, quarter))
}

/// An accepted draft.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AcceptedBody<'a> {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    quarter: Quarter,
    state: ClaimState,
    revision: u32,
    written: bool,
    unchanged: bool,
    has_warnings: bool,
    figures: &'a ReportFigures,
    warnings: Vec<FindingBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposited_at: Option<Timestamp>,
}

impl<'a> AcceptedBody<'a> {
    pub(super) fn of(accepted: &'a AcceptedReport, language: Language, urls: &Urls) -> Self {
        let warnings = FindingBody::of(&accepted.warnings, Severity::Warning, language, urls);
        Self {
            this: address(urls, accepted.creche.id, accepted.quarter),
            creche: CrecheReference::of(&accepted.creche, urls),
            quarter: accepted.quarter,
            state: accepted.state,
            revision: accepted.written.revision(accepted.revision),
            written: accepted.written.is_written(),
            unchanged: accepted.written == WriteOutcome::Unchanged,
            has_warnings: !warnings.is_empty(),
            figures: &accepted.figures,
            warnings,
            deposited_at: accepted.deposited_at,
        }
    }
}

/// A report with its document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    quarter: Quarter,
    state: ClaimState,
    revision: u32,
    deposited_at: Timestamp,
    has_warnings: bool,
    figures: ReportFigures,
    warnings: Vec<FindingBody>,
    #[serde(flatten)]
    document: RawReport,
}

impl ReportBody {
    /// The report that was read at the address `this`.
    pub(super) fn of(stored: StoredReport, this: String, language: Language, urls: &Urls) -> Self {
        let warnings = FindingBody::of(&stored.warnings, Severity::Warning, language, urls);
        Self {
            this,
            creche: CrecheReference::of(&stored.creche, urls),
            quarter: stored.entry.quarter,
            state: stored.state,
            revision: stored.entry.revision,
            deposited_at: stored.entry.deposited_at,
            has_warnings: !warnings.is_empty(),
            figures: stored.figures,
            warnings,
            document: stored.document,
        }
    }
}

/// A report in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryBody {
    href: String,
    quarter: Quarter,
    state: ClaimState,
    revision: u32,
    deposited_at: Timestamp,
}

impl EntryBody {
    pub(super) fn of(entry: &ReportEntry, state: ClaimState, creche: CrecheId, urls: &Urls) -> Self {
        let ReportEntry { quarter, revision, deposited_at, .. } = *entry;
        Self { href: address(urls, creche, quarter), quarter, state, revision, deposited_at }
    }
}

/// A revision in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RevisionBody {
    href: String,
    revision: u32,
    deposited_at: Timestamp,
    #[serde(rename = "door")]
    channel: Channel,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
}

impl RevisionBody {
    pub(super) fn of(entry: &ReportEntry, creche: CrecheId, urls: &Urls) -> Self {
        let ReportEntry { quarter, revision, deposited_at, channel, application } = *entry;
        let href = revision_address(urls, creche, quarter, revision);
        Self { href, revision, deposited_at, channel, application_id: application }
    }
}

/// What a report lacks.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CompletenessBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    quarter: Quarter,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<Date>,
    steps: Vec<StepBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepBody {
    step: ReportStep,
    label: &'static str,
    state: StepState,
    href: String,
    findings: Vec<FindingBody>,
}

impl CompletenessBody {
    pub(super) fn of(found: &ReportCompleteness, quarter: Quarter, language: Language, urls: &Urls) -> Self {
        let creche = found.creche.id;
        Self {
            this: format!("{}/completeness", address(urls, creche, quarter)),
            creche: CrecheReference::of(&found.creche, urls),
            quarter,
            complete: found.is_complete,
            revision: found.revision,
            deadline: found.creche.subsidised.then(|| quarter.deadline()),
            steps: found.steps.iter().map(|step| StepBody::of(step, (creche, quarter), language, urls)).collect(),
        }
    }
}

impl StepBody {
    fn of(found: &StepFindings, (creche, quarter): (CrecheId, Quarter), language: Language, urls: &Urls) -> Self {
        let href = match statements_of(found.step) {
            Some(kind) => urls.api(format_args!("/creches/{creche}/{}", kind.collection())),
            None if found.step == ReportStep::Attachments => format!("{}/attachments", address(urls, creche, quarter)),
            None => address(urls, creche, quarter),
        };
        Self {
            step: found.step,
            label: found.step.label().get(language),
            state: found.state(),
            href,
            findings: found.findings.iter().map(|finding| FindingBody::new(finding, language, urls)).collect(),
        }
    }
}
