//! A statement without errors: stored as the new revision, or the result of a dry run.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::caller::Caller;
use super::super::deposit::{DepositEnd, DepositError, ValidDocument};
use super::super::error::InternalError;
use super::super::record::Record;
use super::super::unit_of_work::UnitOfWork;
use super::super::{App, Precondition, PreconditionError, revision_warnings};
use super::validation::PackedStatement;
use super::{AcceptedStatement, DryRunEffect, WriteOutcome, place};
use crate::domain::caps::CapKind;
use crate::domain::creche::Creche;
use crate::domain::deposit::DepositOutcome;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, Findings};
use crate::domain::period::Period;
use crate::domain::statement::{Channel, StatementFilter, StatementKey, StatementStatus, Totals};
use crate::seal::DataKey;
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

/// A statement without errors.
pub(super) struct ValidStatement<T> {
    pub(super) key: StatementKey,
    pub(super) creche: Creche,
    pub(super) channel: Channel,
    pub(super) data_key: Arc<DataKey>,
    pub(super) statement: PackedStatement<T>,
    /// The current revision when it was validated, if there was one.
    pub(super) current: Option<CurrentStatement>,
    /// The document sealed as the revision after the current one; empty when that has the same content.
    pub(super) sealed: Vec<u8>,
    /// What it would change, once that was computed.
    pub(super) effect: Option<DryRunEffect<T>>,
}

impl<T: Totals> ValidDocument for ValidStatement<T> {
    type Current = Option<CurrentStatement>;
    type Accepted = AcceptedStatement<T>;

    /// Read before the transaction: a revision that is not the next one is not inserted.
    async fn current(&mut self, _: &mut Tx, _: &Caller) -> Result<Option<Self::Current>, InternalError> {
        Ok(Some(self.current.take()))
    }

    fn is_stored(&self, current: &Self::Current) -> bool {
        let PackedStatement { fingerprint, has_former_fingerprint, .. } = &self.statement;
        current.as_ref().is_some_and(|current| *has_former_fingerprint || current.revision.fingerprint == *fingerprint)
    }

    fn revision(current: &Self::Current) -> Option<u64> {
        current.as_ref().map(|current| current.revision.revision.into())
    }

    fn check(&self, precondition: &Precondition, current: &Self::Current) -> Result<(), PreconditionError> {
        precondition.check(Self::revision(current))
    }

    fn exceeded(&self, app: &App, current: &Self::Current) -> Option<Finding> {
        app.caps.exceeded(CapKind::Revisions, next(current.as_ref()).into())
    }

    async fn try_out(&mut self, tx: &mut Tx, caller: &Caller) -> Result<(), InternalError> {
        self.effect = Some(self.effect(tx, caller).await?);
        Ok(())
    }

    async fn write(
        &mut self,
        work: &mut UnitOfWork<'_>,
        caller: &Caller,
        warnings: &Findings,
        current: &Self::Current,
    ) -> Result<(u64, Record), DepositError> {
        let number = next(current.as_ref());
        let revision = self.stored_revision(caller, warnings, (number, work.at()))?;
        let content = (&revision, current.as_ref());
        store::statements::insert(work, caller.organiser, self.key.kind, content, &self.sealed);
        if let Some(person) = caller.person() {
            store::statements::set_author(work, caller.organiser, self.key, number, person);
        }
        let record = Record::of(EventType::deposit(self.key.kind, number == 1)).creche(self.key.creche);
        let record = record.period(Period::Month(self.key.month));
        Ok((number.into(), record.warnings(warnings.iter().map(|warning| warning.count).sum())))
    }

    fn accepted(self, warnings: Findings, end: DepositEnd, current: Self::Current) -> AcceptedStatement<T> {
        let written = match (end.outcome, end.revision) {
            (DepositOutcome::Accepted, Some(1)) => WriteOutcome::Created,
            (DepositOutcome::Accepted, _) => WriteOutcome::Replaced,
            _ if self.is_stored(&current) => WriteOutcome::Unchanged,
            _ => WriteOutcome::Nothing,
        };
        let of_content = current.as_ref().filter(|_| written == WriteOutcome::Unchanged);
        let deposited_at = of_content.map(|current| current.revision.deposited_at);
        let revision = match written {
            WriteOutcome::Created | WriteOutcome::Replaced => {
                end.revision.and_then(|number| u32::try_from(number).ok())
            }
            WriteOutcome::Unchanged | WriteOutcome::Nothing => {
                current.as_ref().map(|current| current.revision.revision)
            }
        };
        let is_written = end.outcome == DepositOutcome::Accepted;
        AcceptedStatement {
            creche: self.creche,
            month: self.key.month,
            status: current.filter(|_| !is_written).map_or(StatementStatus::Deposited, |current| current.status),
            written,
            revision,
            deposited_at: if is_written { Some(end.at) } else { deposited_at },
            lines: self.statement.lines,
            totals: self.statement.totals,
            warnings,
            effect: self.effect,
        }
    }
}

impl<T: Totals> ValidStatement<T> {
    /// Seals the document as the revision after the current one: CPU work outside a transaction.
    pub(super) fn seal(&mut self, caller: &Caller) {
        if !self.is_stored(&self.current) {
            let place = place(caller.organiser, self.key, next(self.current.as_ref()));
            self.sealed = self.data_key.seal(&place, self.statement.document.clone());
        }
    }

    async fn effect(&self, tx: &mut Tx, caller: &Caller) -> Result<DryRunEffect<T>, InternalError> {
        let StatementKey { creche, kind, month } = self.key;
        let quarter = Period::Quarter(month.quarter());
        let filter = StatementFilter { creche: Some(creche), ..StatementFilter::in_period(kind, quarter) };
        let stored = store::statements::list(tx, caller.organiser, filter).await?;
        let totals = |row: &CurrentStatement| Ok((row.revision.month, serde_json::from_str(&row.revision.totals)?));
        let stored: Vec<(_, T)> = stored.iter().map(totals).collect::<Result<_, InternalError>>()?;
        let sum = |others: bool| {
            let wanted = stored.iter().filter(|(deposited, _)| (*deposited != month) == others);
            wanted.map(|(_, totals)| totals.clone()).fold(T::default(), std::ops::Add::add)
        };
        let (others, before, after) = (sum(true), sum(false), self.statement.totals.clone());
        Ok(DryRunEffect { quarter: (others.clone() + before.clone(), others + after.clone()), month: (before, after) })
    }

    fn stored_revision(
        &self,
        caller: &Caller,
        warnings: &Findings,
        (number, deposited_at): (u32, Timestamp),
    ) -> Result<StoredRevision, InternalError> {
        let shown = caller.verified_key();
        Ok(StoredRevision {
            creche: self.key.creche,
            month: self.key.month,
            revision: number,
            fingerprint: self.statement.fingerprint.clone(),
            totals: serde_json::to_string(&self.statement.totals)?,
            lines: u32::try_from(self.statement.lines).unwrap_or(u32::MAX),
            warnings: revision_warnings::write(warnings, &self.statement.facts, self.channel)?,
            has_warnings: !warnings.is_empty(),
            channel: self.channel,
            application: shown.map(|shown| shown.application),
            key: shown.map(|shown| shown.key),
            deposited_at,
        })
    }
}

/// The number of the next revision.
fn next(current: Option<&CurrentStatement>) -> u32 {
    current.map_or(1, |current| current.revision.revision + 1)
}
