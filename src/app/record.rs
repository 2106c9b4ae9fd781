//! What every deposit leaves behind besides the statement itself: a verdict, an audit entry, an event.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::App;
use super::audit;
use super::caller::Caller;
use super::error::InternalError;
use crate::domain::audit::{AuditChain, AuditEntry};
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::event::{Event, EventType};
use crate::domain::finding::Findings;
use crate::domain::period::Period;
use crate::domain::rule::Severity;
use crate::domain::statement::Channel;
use crate::ids::{CrecheId, EventId, VerdictId};
use crate::store::verdicts::VerdictRecord;
use crate::store::{self, Tx};

/// Records in one transaction, for one caller, at one instant.
pub(super) struct Recorder<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) at: Timestamp,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(app: &'a App, caller: &'a Caller) -> Self {
        Self { app, caller, at: app.clock.now() }
    }

    /// Who did or read what.
    pub(super) async fn audit(
        &self,
        tx: &mut Tx,
        action: &str,
        creche: Option<CrecheId>,
        period: Option<Period>,
    ) -> Result<(), InternalError> {
        let actor = self.caller.actor();
        let entry = AuditEntry { creche, period, ..AuditEntry::new(&actor, action, self.at) };
        audit::record(tx, self.app.vault.index(), AuditChain::Organiser(self.caller.organiser), entry).await?;
        Ok(())
    }

    /// What happened, under the organiser's next number.
    pub(super) async fn event(&self, tx: &mut Tx, event: Event) -> Result<(), InternalError> {
        store::events::append(tx, self.caller.organiser, &event).await?;
        Ok(())
    }

    /// That something of this kind happens now.
    pub(super) fn now(&self, kind: EventType) -> Event {
        Event::new(EventId::new(&*self.app.clock), kind, self.at)
    }

    /// How a deposit ended: counts by rule, nothing of its content.
    pub(super) async fn verdict(
        &self,
        tx: &mut Tx,
        subject: DepositSubject,
        channel: Channel,
        end: VerdictContent<'_>,
    ) -> Result<(), InternalError> {
        let count = |severity| end.findings.of(severity).map(|finding| finding.count).sum::<usize>();
        let bounded = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in end.findings {
            *counts.entry(finding.rule.code).or_default() += finding.count;
        }
        let verdict = VerdictRecord {
            id: VerdictId::new(&*self.app.clock),
            subject,
            at: self.at,
            application: self.caller.shown().map(|shown| shown.application),
            key: self.caller.shown().map(|shown| shown.key),
            channel,
            outcome: end.outcome,
            errors: bounded(count(Severity::Error)),
            warnings: bounded(count(Severity::Warning)),
            counts: serde_json::to_string(&counts)?,
            revision: end.revision,
        };
        if let (DepositOutcome::Refused, Some(key)) = (verdict.outcome, verdict.key) {
            self.app.keys.note_refusal(self.caller.organiser, key, self.at);
        }
        store::verdicts::insert(tx, self.caller.organiser, &verdict).await?;
        Ok(())
    }
}

/// What a verdict on a deposit says.
#[derive(Clone, Copy)]
pub(super) struct VerdictContent<'a> {
    pub(super) outcome: DepositOutcome,
    pub(super) findings: &'a Findings,
    pub(super) revision: Option<u32>,
}
