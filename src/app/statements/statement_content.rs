//! What is particular to statements in a document without errors: sums, and the result of a dry run.

use super::super::caller::Caller;
use super::super::error::InternalError;
use super::new_revision::{NewRevision, RevisionContent, WrittenRevision};
use super::{AcceptedStatement, DryRunEffect};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::Period;
use crate::domain::statement::{StatementFilter, StatementKey, Totals};
use crate::store::statements::CurrentStatement;
use crate::store::{self, Tx};

/// The sums of a statement without errors.
pub(super) struct StatementContent<T> {
    pub(super) creche: Creche,
    pub(super) totals: T,
    /// What it would change, once that was computed.
    pub(super) effect: Option<DryRunEffect<T>>,
}

impl<T: Totals> RevisionContent for StatementContent<T> {
    type Accepted = AcceptedStatement<T>;

    async fn try_out(&mut self, tx: &mut Tx, caller: &Caller, key: StatementKey) -> Result<(), InternalError> {
        self.effect = Some(self.effect(tx, caller, key).await?);
        Ok(())
    }

    fn accepted(self, new: NewRevision, written: WrittenRevision, warnings: Findings) -> AcceptedStatement<T> {
        let WrittenRevision { written, status, revision, deposited_at } = written;
        AcceptedStatement {
            creche: self.creche,
            month: new.key.month,
            status,
            written,
            revision,
            deposited_at,
            lines: new.lines,
            totals: self.totals,
            warnings,
            effect: self.effect,
        }
    }
}

impl<T: Totals> StatementContent<T> {
    async fn effect(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        StatementKey { creche, kind, month }: StatementKey,
    ) -> Result<DryRunEffect<T>, InternalError> {
        let quarter = Period::Quarter(month.quarter());
        let filter = StatementFilter::of_creche_in(kind, creche, quarter);
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
