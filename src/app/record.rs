//! The records of a write: an audit entry, an event, the verdict on a deposit.

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::Timestamp;

use super::App;
use super::caller::Caller;
use crate::domain::action::Action;
use crate::domain::audit::AuditEntry;
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::event::{Event, EventType};
use crate::domain::finding::Findings;
use crate::domain::period::Period;
use crate::domain::rule::Severity;
use crate::domain::statement::Channel;
use crate::ids::{CrecheId, OrganiserId, VerdictId};
use crate::store;
use crate::store::agency_changes::AgencyChange;
use crate::store::verdicts::VerdictRecord;

/// What is recorded of a change: its audit entry and, where the action has one, its event.
#[derive(Debug, Clone)]
pub(super) struct Record {
    action: Action,
    creche: Option<CrecheId>,
    period: Option<Period>,
    subject: Option<String>,
    detail: Option<String>,
    concerned: Vec<CrecheId>,
    revision: Option<u32>,
    warnings: Option<u32>,
    days_left: Option<u32>,
    is_announced: bool,
}

impl Record {
    /// The record of this action.
    pub(super) fn of(action: impl Into<Action>) -> Self {
        Self {
            action: action.into(),
            creche: None,
            period: None,
            subject: None,
            detail: None,
            concerned: Vec::new(),
            revision: None,
            warnings: None,
            days_left: None,
            is_announced: true,
        }
    }

    /// Without the event in the organiser's feed, and without the entry in the agency's.
    pub(super) fn unannounced(self) -> Self {
        Self { is_announced: false, ..self }
    }

    /// About a crèche.
    pub(super) fn creche(self, creche: CrecheId) -> Self {
        Self { creche: Some(creche), ..self }
    }

    /// About a period.
    pub(super) fn period(self, period: Period) -> Self {
        Self { period: Some(period), ..self }
    }

    /// The id of the object: the subject of the event, and the detail of the entry unless it has another.
    pub(super) fn about(self, id: impl Display) -> Self {
        Self { subject: Some(id.to_string()), ..self }
    }

    /// The detail of the audit entry; no personal data.
    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The event also concerns these crèches.
    pub(super) fn concerning(self, creches: impl IntoIterator<Item = CrecheId>) -> Self {
        Self { concerned: creches.into_iter().collect(), ..self }
    }

    /// The resulting revision or version.
    pub(super) fn revision(self, revision: impl TryInto<u32>) -> Self {
        Self { revision: revision.try_into().ok(), ..self }
    }

    /// How many warnings it was accepted with.
    pub(super) fn warnings(self, warnings: usize) -> Self {
        Self { warnings: Some(u32::try_from(warnings).unwrap_or(u32::MAX)), ..self }
    }

    /// How many days are left until a deadline.
    pub(super) fn days_left(self, days: u32) -> Self {
        Self { days_left: Some(days), ..self }
    }

    /// The code of the action.
    pub(super) const fn code(&self) -> &'static str {
        self.action.code()
    }

    /// The type of the event; `None` for actions without one.
    pub(super) const fn event_type(&self) -> Option<EventType> {
        if self.is_announced { self.action.event() } else { None }
    }

    /// Completes the audit entry of the action.
    pub(super) fn entry(&self, entry: AuditEntry) -> AuditEntry {
        let detail = self.detail.as_ref().or(self.subject.as_ref()).cloned();
        AuditEntry { creche: self.creche, period: self.period, detail, ..entry }
    }

    /// The entry of the agency's feed, where the action is one on a claim or on a payment.
    pub(super) fn agency_change(&self, organiser: OrganiserId, at: Timestamp) -> Option<AgencyChange> {
        let (creche, period) = (self.creche?, self.period?);
        let action = self.action;
        let payment = if action.is_on_payment() { Some(self.subject.as_ref()?.parse().ok()?) } else { None };
        let change = AgencyChange { organiser, creche, period, payment, action, at };
        (self.is_announced && action.is_in_agency_feed()).then_some(change)
    }

    /// Completes the event of the type.
    pub(super) fn event(&self, mut event: Event) -> Event {
        (event.subject, event.concerned) = (self.subject.clone(), self.concerned.clone());
        (event.creche, event.period) = (self.creche, self.period);
        (event.revision, event.warnings, event.days_left) = (self.revision, self.warnings, self.days_left);
        event
    }
}

/// How a deposit ended.
#[derive(Clone, Copy)]
pub(super) struct VerdictContent<'a> {
    /// Accepted, refused, unchanged or a dry run.
    pub(super) outcome: DepositOutcome,
    /// All findings.
    pub(super) findings: &'a Findings,
    /// The revision that was written, or that has the same content.
    pub(super) revision: Option<u32>,
}

impl<'a> VerdictContent<'a> {
    /// A refusal, or a dry run that finds errors.
    pub(super) const fn refused(findings: &'a Findings, dry_run: bool) -> Self {
        let outcome = if dry_run { DepositOutcome::DryRun } else { DepositOutcome::Refused };
        Self { outcome, findings, revision: None }
    }

    /// The verdict as it is stored: counts by rule, nothing of the deposit's content.
    /// A refusal is counted among the uses of the caller's key.
    pub(super) fn verdict(
        &self,
        app: &App,
        caller: &Caller,
        at: Timestamp,
        (subject, channel): (DepositSubject, Channel),
    ) -> Result<VerdictRecord, store::Error> {
        if let (DepositOutcome::Refused, Some(shown)) = (self.outcome, caller.verified_key()) {
            app.keys.count_refused_deposit(caller.organiser, shown.key, at);
        }
        let count = |severity| self.findings.of(severity).map(|finding| finding.count).sum::<usize>();
        let bounded = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in self.findings {
            *counts.entry(finding.rule.code).or_default() += finding.count;
        }
        Ok(VerdictRecord {
            id: VerdictId::new(app.clocks.machine()),
            subject,
            at,
            application: caller.verified_key().map(|shown| shown.application),
            key: caller.verified_key().map(|shown| shown.key),
            channel,
            outcome: self.outcome,
            errors: bounded(count(Severity::Error)),
            warnings: bounded(count(Severity::Warning)),
            counts: serde_json::to_string(&counts)?,
            revision: self.revision,
        })
    }
}
