//! A statement without errors: stored as the new revision, or the result of a dry run.

use super::super::caller::Caller;
use super::super::deposit::{DepositEnd, DepositError, ValidDocument};
use super::super::error::InternalError;
use super::super::record::Record;
use super::super::unit_of_work::UnitOfWork;
use super::super::{App, Precondition, PreconditionError};
use super::new_revision::{NewRevision, WrittenRevision};
use super::{AcceptedStatement, DryRunEffect};
use crate::domain::caps::CapKind;
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, Findings};
use crate::domain::period::Period;
use crate::domain::statement::{StatementFilter, StatementKey, Totals};
use crate::store::statements::CurrentStatement;
use crate::store::{self, Tx};

/// A statement without errors.
pub(super) struct ValidStatement<T> {
    pub(super) new: NewRevision,
    pub(super) creche: Creche,
    pub(super) totals: T,
    /// What it would change, once that was computed.
    pub(super) effect: Option<DryRunEffect<T>>,
}

impl<T: Totals> ValidDocument for ValidStatement<T> {
    type Current = Option<CurrentStatement>;
    type Accepted = AcceptedStatement<T>;

    /// Read before the transaction: a revision that is not the next one is not inserted.
    async fn current(&mut self, _: &mut Tx, _: &Caller) -> Result<Option<Self::Current>, InternalError> {
        Ok(Some(self.new.current.take()))
    }

    fn is_stored(&self, current: &Self::Current) -> bool {
        self.new.is_stored(current.as_ref())
    }

    fn revision(current: &Self::Current) -> Option<u64> {
        NewRevision::number(current.as_ref())
    }

    fn check(&self, precondition: &Precondition, current: &Self::Current) -> Result<(), PreconditionError> {
        precondition.check(Self::revision(current))
    }

    fn exceeded(&self, app: &App, current: &Self::Current) -> Option<Finding> {
        app.caps.exceeded(CapKind::Revisions, NewRevision::next(current.as_ref()).into())
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
        Ok(self.new.write(work, caller, warnings, current.as_ref())?)
    }

    fn accepted(self, warnings: Findings, end: DepositEnd, current: Self::Current) -> AcceptedStatement<T> {
        let WrittenRevision { written, status, revision, deposited_at } = self.new.written(end, current.as_ref());
        AcceptedStatement {
            creche: self.creche,
            month: self.new.key.month,
            status,
            written,
            revision,
            deposited_at,
            lines: self.new.lines,
            totals: self.totals,
            warnings,
            effect: self.effect,
        }
    }
}

impl<T: Totals> ValidStatement<T> {
    async fn effect(&self, tx: &mut Tx, caller: &Caller) -> Result<DryRunEffect<T>, InternalError> {
        let StatementKey { creche, kind, month } = self.new.key;
        let quarter = Period::Quarter(month.quarter());
        let filter = StatementFilter { creche: Some(creche), ..StatementFilter::in_period(kind, quarter) };
        let stored = store::statements::list(tx, caller.organiser, filter).await?;
        let totals = |row: &CurrentStatement| Ok((row.revision.month, serde_json::from_str(&row.revision.totals)?));
        let stored: Vec<(_, T)> = stored.iter().map(totals).collect::<Result<_, InternalError>>()?;
        let sum = |others: bool| {
            let wanted = stored.iter().filter(|(deposited, _)| (*deposited != month) == others);
            wanted.map(|(_, totals)| totals.clone()).fold(T::default(), std::ops::Add::add)
        };
        let (others, before, after) = (sum(true), sum(false), self.totals.clone());
        Ok(DryRunEffect { quarter: (others.clone() + before.clone(), others + after.clone()), month: (before, after) })
    }
}
