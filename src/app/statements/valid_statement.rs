//! A statement that was judged good: tried, or kept with everything that tells of it.

use super::super::caller::Caller;
use super::super::error::InternalError;
use super::super::record::{Recorder, VerdictContent};
use super::super::{Precondition, PreconditionError, revision_warnings};
use super::validation::PackedStatement;
use super::{AcceptedStatement, DepositEffect, DepositError, WriteOutcome, place};
use crate::domain::caps::CapKind;
use crate::domain::deposit::DepositOutcome;
use crate::domain::event::{Event, EventType};
use crate::domain::finding::Findings;
use crate::domain::period::Period;
use crate::domain::statement::{Channel, StatementFilter, StatementKey, Totals};
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx, WritePurpose};

/// A statement that was judged good.
pub(super) struct ValidStatement<T> {
    pub(super) slot: StatementKey,
    pub(super) channel: Channel,
    pub(super) statement: PackedStatement<T>,
    pub(super) accepted: AcceptedStatement<T>,
}

impl<T: Totals> ValidStatement<T> {
    /// Leaves the verdict, and tells what the deposit would have changed.
    pub(super) async fn dry_run(mut self, recorder: &Recorder<'_>) -> Result<AcceptedStatement<T>, DepositError> {
        let mut tx = recorder.app.db.write_for(recorder.caller.organiser, WritePurpose::Content).await?;
        let current = store::statements::find(&mut tx, recorder.caller.organiser, self.slot).await?;
        let next = next(current.as_ref());
        if !self.is_held(current.as_ref()) {
            revisions_within_cap(recorder, next)?;
        }
        self.accepted.effect = Some(self.effect(&mut tx, recorder.caller).await?);
        let end = VerdictContent { outcome: DepositOutcome::DryRun, findings: &self.accepted.warnings, revision: None };
        recorder.verdict(&mut tx, self.slot.into(), self.channel, end).await?;
        tx.commit().await?;
        if let Some(CurrentStatement { revision, status, .. }) = current {
            self.accepted.revision = Some(revision.revision);
            self.accepted.status = status;
            if revision.fingerprint == self.statement.fingerprint {
                self.accepted.written = WriteOutcome::Unchanged;
                self.accepted.deposited_at = Some(revision.deposited_at);
            }
        }
        Ok(self.accepted)
    }

    /// Whether the current revision has the same content.
    fn is_held(&self, current: Option<&CurrentStatement>) -> bool {
        current.is_some_and(|current| current.revision.fingerprint == self.statement.fingerprint)
    }

    async fn effect(&self, tx: &mut Tx, caller: &Caller) -> Result<DepositEffect<T>, InternalError> {
        let StatementKey { creche, kind, month } = self.slot;
        let quarter = Period::Quarter(month.quarter());
        let filter = StatementFilter { creche: Some(creche), ..StatementFilter::in_period(kind, quarter) };
        let kept = store::statements::list(tx, caller.organiser, filter).await?;
        let totals = |row: &CurrentStatement| Ok((row.revision.month, serde_json::from_str(&row.revision.totals)?));
        let kept: Vec<(_, T)> = kept.iter().map(totals).collect::<Result<_, InternalError>>()?;
        let sum = |others: bool| {
            let wanted = kept.iter().filter(|(deposited, _)| (*deposited != month) == others);
            wanted.map(|(_, totals)| totals.clone()).fold(T::default(), std::ops::Add::add)
        };
        let (others, before, after) = (sum(true), sum(false), self.statement.totals.clone());
        Ok(DepositEffect { quarter: (others.clone() + before.clone(), others + after.clone()), month: (before, after) })
    }

    /// Keeps the statement as the new revision, with everything that tells of it, in one transaction.
    pub(super) async fn store(
        mut self,
        recorder: &Recorder<'_>,
        precondition: &Precondition,
    ) -> Result<AcceptedStatement<T>, DepositError> {
        let (app, caller) = (recorder.app, recorder.caller);
        let key = app.vault.key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
        let mut tx = app.db.write_for(caller.organiser, WritePurpose::Content).await?;
        let current = store::statements::find(&mut tx, caller.organiser, self.slot).await?;
        if let Some(current) = current.as_ref().filter(|current| self.is_held(Some(current))) {
            self.unchanged(&mut tx, recorder, current).await?;
            tx.commit().await?;
            return Ok(self.accepted);
        }
        check_precondition(current.as_ref(), precondition)?;
        let number = next(current.as_ref());
        revisions_within_cap(recorder, number)?;
        let sealed =
            key.seal(&place(caller.organiser, self.slot, number), std::mem::take(&mut self.statement.document));
        let revision = self.revision(recorder, number)?;
        if !store::statements::insert(&mut tx, caller.organiser, self.slot.kind, &revision, &sealed).await? {
            return Err(PreconditionError::Stale(None).into());
        }
        if let Some(person) = caller.person() {
            store::statements::set_author(&mut tx, caller.organiser, self.slot, number, person).await?;
        }
        self.record(&mut tx, recorder, number).await?;
        tx.commit().await?;
        self.accepted.written = if number == 1 { WriteOutcome::Created } else { WriteOutcome::Replaced };
        self.accepted.revision = Some(number);
        self.accepted.deposited_at = Some(recorder.at);
        Ok(self.accepted)
    }

    /// The same content again: the revision that is there is the answer.
    async fn unchanged(
        &mut self,
        tx: &mut Tx,
        recorder: &Recorder<'_>,
        current: &CurrentStatement,
    ) -> Result<(), InternalError> {
        let revision = Some(current.revision.revision);
        let end = VerdictContent { outcome: DepositOutcome::Unchanged, findings: &self.accepted.warnings, revision };
        recorder.verdict(tx, self.slot.into(), self.channel, end).await?;
        self.accepted.written = WriteOutcome::Unchanged;
        self.accepted.status = current.status;
        self.accepted.revision = revision;
        self.accepted.deposited_at = Some(current.revision.deposited_at);
        Ok(())
    }

    fn revision(&self, recorder: &Recorder<'_>, number: u32) -> Result<StoredRevision, InternalError> {
        let shown = recorder.caller.shown();
        Ok(StoredRevision {
            creche: self.slot.creche,
            month: self.slot.month,
            revision: number,
            fingerprint: self.statement.fingerprint.clone(),
            totals: serde_json::to_string(&self.statement.totals)?,
            lines: u32::try_from(self.statement.lines).unwrap_or(u32::MAX),
            warnings: revision_warnings::write(&self.accepted.warnings, &self.statement.facts, self.channel)?,
            has_warnings: !self.accepted.warnings.is_empty(),
            channel: self.channel,
            application: shown.map(|shown| shown.application),
            key: shown.map(|shown| shown.key),
            deposited_at: recorder.at,
        })
    }

    /// Verdict, audit entry and event of a new revision.
    async fn record(&self, tx: &mut Tx, recorder: &Recorder<'_>, number: u32) -> Result<(), InternalError> {
        let end = VerdictContent {
            outcome: DepositOutcome::Accepted,
            findings: &self.accepted.warnings,
            revision: Some(number),
        };
        recorder.verdict(tx, self.slot.into(), self.channel, end).await?;
        let (creche, period) = (self.slot.creche, Some(Period::Month(self.slot.month)));
        let what = EventType::deposit(self.slot.kind, number == 1);
        recorder.audit(tx, what.code(), Some(creche), period).await?;
        let warnings = u32::try_from(self.accepted.warnings.iter().map(|warning| warning.count).sum::<usize>()).ok();
        let event = Event { period, revision: Some(number), warnings, ..recorder.now(what).of(creche) };
        recorder.event(tx, event).await
    }
}

/// Whether the statement may have so many revisions.
fn revisions_within_cap(recorder: &Recorder<'_>, revisions: u32) -> Result<(), DepositError> {
    match recorder.app.caps.exceeded(CapKind::Revisions, revisions.into()) {
        None => Ok(()),
        Some(full) => Err(DepositError::Invalid { findings: Findings::from_iter([full]), annotated: None }),
    }
}

/// The number of the next revision.
fn next(current: Option<&CurrentStatement>) -> u32 {
    current.map_or(1, |current| current.revision.revision + 1)
}

/// Whether the sender may replace what is there.
fn check_precondition(current: Option<&CurrentStatement>, precondition: &Precondition) -> Result<(), DepositError> {
    let revision = current.map(|current| current.revision.revision);
    Ok(precondition.check(revision.map(u64::from))?)
}
