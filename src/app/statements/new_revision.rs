//! The next revision of a statement of any kind: sealed, compared with the current one, stored.

use std::sync::Arc;

use jiff::Timestamp;

use super::{WriteOutcome, place};
use crate::app::caller::Caller;
use crate::app::deposit::{DepositEnd, DepositError, ValidDocument};
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, Precondition, PreconditionError, revision_warnings};
use crate::domain::caps::CapKind;
use crate::domain::claim::{CorrectionReason, Freeze};
use crate::domain::deposit::DepositOutcome;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, Findings};
use crate::domain::period::Period;
use crate::domain::standing_facts::StandingFacts;
use crate::domain::statement::{Channel, StatementKey, StatementStatus};
use crate::seal::{Compressed, DataKey};
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

/// The next revision of a statement.
pub(in crate::app) struct NewRevision {
    pub(in crate::app) key: StatementKey,
    pub(in crate::app) channel: Channel,
    pub(in crate::app) data_key: Arc<DataKey>,
    pub(in crate::app) document: Compressed,
    /// The keyed hash of the content, whatever the order in which it was sent.
    pub(in crate::app) fingerprint: String,
    /// Whether the current revision, with a fingerprint of the former kind, has the same content.
    pub(in crate::app) has_former_fingerprint: bool,
    /// JSON of the sums that are stored in clear.
    pub(in crate::app) totals: String,
    pub(in crate::app) lines: usize,
    pub(in crate::app) facts: StandingFacts,
    /// The current revision when it was validated, if there was one.
    pub(in crate::app) current: Option<CurrentStatement>,
    /// What froze it when it was validated.
    pub(in crate::app) freeze: Freeze,
    /// Why it is changed nevertheless.
    pub(in crate::app) correction: Option<CorrectionReason>,
    /// The document sealed as the revision after the current one; empty when that has the same content.
    pub(in crate::app) sealed: Vec<u8>,
}

/// The revision after a deposit.
pub(in crate::app) struct WrittenRevision {
    pub(in crate::app) written: WriteOutcome,
    pub(in crate::app) status: StatementStatus,
    /// The current revision, if there is one.
    pub(in crate::app) revision: Option<u32>,
    /// When the revision of this content was deposited, if there is one.
    pub(in crate::app) deposited_at: Option<Timestamp>,
}

impl NewRevision {
    /// Whether the current revision has the same content.
    fn is_stored(&self, current: Option<&CurrentStatement>) -> bool {
        let is_same = |current: &CurrentStatement| current.revision.fingerprint == self.fingerprint;
        current.is_some_and(|current| self.has_former_fingerprint || is_same(current))
    }

    /// Seals the document as the revision after the current one: CPU work outside a transaction.
    pub(in crate::app) fn seal(&mut self, caller: &Caller) {
        if !self.is_stored(self.current.as_ref()) {
            let place = place(caller.organiser, self.key, next(self.current.as_ref()));
            self.sealed = self.data_key.seal(&place, self.document.clone());
        }
    }

    /// Stores it after `current`: returns its number, and the record.
    fn write(
        &self,
        work: &mut UnitOfWork<'_>,
        caller: &Caller,
        warnings: &Findings,
        current: Option<&CurrentStatement>,
    ) -> Result<(u64, Record), InternalError> {
        let number = next(current);
        let revision = self.stored(caller, warnings, (number, work.at()))?;
        let content = (&revision, current);
        let correction = self.correction.map(|reason| (reason, self.freeze));
        store::statements::insert(work, caller.organiser, self.key.kind, content, &self.sealed, correction);
        if let Some(person) = caller.person() {
            store::statements::set_author(work, caller.organiser, self.key, number, person);
        }
        if self.correction.is_some() {
            self.record_correction(work);
        }
        let record = Record::of(EventType::deposit(self.key.kind, number == 1)).creche(self.key.creche);
        let record = record.period(self.key.period());
        Ok((number.into(), record.warnings(warnings.iter().map(|warning| warning.count).sum())))
    }

    /// Each signed claim that it is a correction of.
    fn record_correction(&self, work: &mut UnitOfWork<'_>) {
        let corrected = [
            (self.freeze.by_quarter, EventType::ReportCorrected, Period::Quarter(self.key.month.quarter())),
            (self.freeze.by_month, EventType::MonthCorrected, Period::Month(self.key.month)),
        ];
        for (_, event, period) in corrected.into_iter().filter(|(is_signed, ..)| *is_signed) {
            work.record(&Record::of(event).creche(self.key.creche).period(period));
        }
    }

    fn stored(
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
            fingerprint: self.fingerprint.clone(),
            totals: self.totals.clone(),
            lines: u32::try_from(self.lines).unwrap_or(u32::MAX),
            warnings: revision_warnings::write(warnings, &self.facts, self.channel)?,
            has_warnings: !warnings.is_empty(),
            channel: self.channel,
            application: shown.map(|shown| shown.application),
            key: shown.map(|shown| shown.key),
            deposited_at,
        })
    }

    /// The revision after the deposit ended.
    fn written(&self, end: DepositEnd, current: Option<&CurrentStatement>) -> WrittenRevision {
        let written = match (end.outcome, end.revision) {
            (DepositOutcome::Accepted, Some(1)) => WriteOutcome::Created,
            (DepositOutcome::Accepted, _) => WriteOutcome::Replaced,
            _ if self.is_stored(current) => WriteOutcome::Unchanged,
            _ => WriteOutcome::Nothing,
        };
        let is_written = end.outcome == DepositOutcome::Accepted;
        let of_content = current.filter(|_| written == WriteOutcome::Unchanged);
        let stored_at = of_content.map(|current| current.revision.deposited_at);
        let number = end.revision.and_then(|number| u32::try_from(number).ok());
        WrittenRevision {
            written,
            status: match current {
                Some(current) if !is_written => current.status,
                _ if self.freeze.is_frozen() => StatementStatus::Locked,
                _ => StatementStatus::Deposited,
            },
            revision: if is_written { number } else { current.map(|current| current.revision.revision) },
            deposited_at: if is_written { Some(end.at) } else { stored_at },
        }
    }
}

/// What is particular to a kind in a revision without errors.
pub(in crate::app) trait RevisionContent: Send {
    /// The response.
    type Accepted: Send;

    /// Computes what storing it would change, for the response to a dry run.
    fn try_out(
        &mut self,
        tx: &mut Tx,
        caller: &Caller,
        key: StatementKey,
    ) -> impl Future<Output = Result<(), InternalError>> + Send;

    /// The response.
    fn accepted(self, new: NewRevision, written: WrittenRevision, warnings: Findings) -> Self::Accepted;
}

/// A document of any kind of statement without errors.
pub(in crate::app) struct ValidRevision<C> {
    pub(in crate::app) new: NewRevision,
    pub(in crate::app) content: C,
}

impl<C: RevisionContent> ValidDocument for ValidRevision<C> {
    type Current = Option<CurrentStatement>;
    type Accepted = C::Accepted;

    fn current(&mut self) -> Self::Current {
        self.new.current.take()
    }

    fn is_stored(&self, current: &Self::Current) -> bool {
        self.new.is_stored(current.as_ref())
    }

    fn revision(current: &Self::Current) -> Option<u64> {
        current.as_ref().map(|current| current.revision.revision.into())
    }

    fn correct(&mut self, reason: Option<CorrectionReason>) -> Result<(), DepositError> {
        let is_frozen = self.new.freeze.is_frozen();
        self.new.correction = reason.filter(|_| is_frozen);
        if is_frozen && self.new.correction.is_none() { Err(DepositError::Locked) } else { Ok(()) }
    }

    fn check(&self, precondition: &Precondition, current: &Self::Current) -> Result<(), PreconditionError> {
        precondition.check(Self::revision(current))
    }

    fn exceeded(&self, app: &App, current: &Self::Current) -> Option<Finding> {
        app.caps.exceeded(CapKind::Revisions, next(current.as_ref()).into())
    }

    async fn try_out(&mut self, tx: &mut Tx, caller: &Caller) -> Result<(), InternalError> {
        self.content.try_out(tx, caller, self.new.key).await
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

    fn accepted(self, warnings: Findings, end: DepositEnd, current: Self::Current) -> C::Accepted {
        let written = self.new.written(end, current.as_ref());
        self.content.accepted(self.new, written, warnings)
    }
}

/// The number of the next revision.
fn next(current: Option<&CurrentStatement>) -> u32 {
    current.map_or(1, |current| current.revision.revision + 1)
}
