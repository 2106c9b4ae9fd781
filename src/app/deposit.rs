//! A deposit of any kind: validated first, then stored with all its records, in one transaction.
//!
//! What is particular to a kind is in `SentDocument` (reading and validating, without a transaction) and
//! `ValidDocument` (comparing with the current revision, storing). The sequence, the verdict and the records are
//! written once, here.

use super::caller::Caller;
use super::error::fault_conversions;
use super::error::{AccessError, InternalError};
use super::record::{Record, VerdictContent};
use super::unit_of_work::UnitOfWork;
use super::{App, Precondition, PreconditionError};
use crate::domain::claim::CorrectionReason;
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::finding::{Finding, Findings};
use crate::domain::rule::RuleSet;
use crate::domain::statement::Channel;
use crate::store::{self, Tx, WritePurpose, WriteTurn};
use crate::words::Language;

/// How often a document is validated again because another gateway changed what it was validated against,
/// before the request is refused as busy.
pub(super) const ATTEMPTS: usize = 12;

/// The options of a deposit.
#[derive(Debug, Clone, Default)]
pub struct DepositOptions {
    /// The precondition on the current revision.
    pub precondition: Precondition,
    /// Dry run.
    pub dry_run: bool,
    /// The rules that a statement of a month is validated by; the announced ones in a dry run only.
    pub rules: RuleSet,
    /// The language in which a refused workbook is returned with its errors marked.
    pub annotate: Option<Language>,
    /// Why a month that is in a signed claim is changed.
    pub correction: Option<CorrectionReason>,
}

/// Why a deposit was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum DepositError {
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] AccessError),
    /// The document has errors.
    #[error("the document has errors")]
    Invalid {
        /// All findings, warnings too.
        findings: Findings,
        /// The sender's workbook with its errors marked, if requested.
        annotated: Option<Vec<u8>>,
    },
    /// The precondition is not met.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The month is in a signed claim, and no reason for a correction was sent.
    #[error("the month is in a signed claim")]
    Locked,
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(DepositError);

/// A document that was sent, of one kind.
pub(super) trait SentDocument: Send {
    /// The document when it has no errors.
    type Valid: ValidDocument;
    /// The error type.
    type Error: From<DepositError> + Send;

    /// Reads and validates the document.
    fn validate(
        &mut self,
        app: &App,
        caller: &Caller,
    ) -> impl Future<Output = Result<Validation<Self::Valid>, Self::Error>> + Send;

    /// Validates it again because another write has changed what it was validated against.
    fn validate_again(
        &mut self,
        app: &App,
        caller: &Caller,
        outdated: (Self::Valid, Findings),
    ) -> impl Future<Output = Result<Validation<Self::Valid>, Self::Error>> + Send;

    /// The statement or register that is deposited.
    fn subject(&self) -> DepositSubject;

    /// The channel; set once the document was validated.
    fn channel(&self) -> Channel;

    /// The record of a refusal.
    fn refusal(&self) -> Record;

    /// The sender's workbook with its errors marked, if requested.
    fn annotated(
        self,
        caller: &Caller,
        findings: Findings,
        language: Option<Language>,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, InternalError>> + Send;
}

/// The result of validating a document.
pub(super) struct Validation<V> {
    /// What can be stored; `None` when there are errors.
    pub(super) valid: Option<V>,
    /// All findings.
    pub(super) findings: Findings,
    /// The organiser's in-process lock, where it was taken before the document was validated.
    pub(super) turn: Option<WriteTurn>,
}

/// A document without errors, serialised and ready to be stored.
pub(super) trait ValidDocument: Send {
    /// The current state in the database.
    type Current: Send;
    /// The response.
    type Accepted: Send;

    /// Takes the current state, as it was when the document was validated.
    fn current(&mut self) -> Self::Current;

    /// Whether the content is unchanged.
    fn is_stored(&self, current: &Self::Current) -> bool;

    /// The current revision.
    fn revision(current: &Self::Current) -> Option<u64>;

    /// Takes the reason of a correction, which a month in a signed claim needs.
    fn correct(&mut self, _reason: Option<CorrectionReason>) -> Result<(), DepositError> {
        Ok(())
    }

    /// Checks the precondition.
    fn check(&self, precondition: &Precondition, current: &Self::Current) -> Result<(), PreconditionError>;

    /// The findings when storing it exceeds the organiser's limits.
    fn exceeded(&self, app: &App, current: &Self::Current) -> Option<Finding>;

    /// Computes what storing it would change, for the response to a dry run.
    fn try_out(&mut self, tx: &mut Tx, caller: &Caller) -> impl Future<Output = Result<(), InternalError>> + Send;

    /// Stores it: returns the revision, and the record. Fails with `Changed`, here or at the commit, when the current state is no
    /// longer `current`.
    fn write(
        &mut self,
        work: &mut UnitOfWork<'_>,
        caller: &Caller,
        warnings: &Findings,
        current: &Self::Current,
    ) -> impl Future<Output = Result<(u64, Record), DepositError>> + Send;

    /// The response.
    fn accepted(self, warnings: Findings, end: DepositEnd, current: Self::Current) -> Self::Accepted;
}

/// How an accepted deposit ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct DepositEnd {
    /// Accepted, unchanged or a dry run.
    pub(super) outcome: DepositOutcome,
    /// The revision that was written, or that has the same content.
    pub(super) revision: Option<u64>,
    /// The instant of the write.
    pub(super) at: jiff::Timestamp,
}

/// Validates a document and, unless it is a dry run or has errors, stores it as the new revision.
pub(super) async fn deposit<D: SentDocument>(
    app: &App,
    caller: &Caller,
    mut sent: D,
    options: DepositOptions,
) -> Result<<D::Valid as ValidDocument>::Accepted, D::Error> {
    let dry_run = options.dry_run || caller.is_trial();
    let mut validation = sent.validate(app, caller).await?;
    for _ in 0..ATTEMPTS {
        let Validation { valid, findings, turn } = validation;
        let findings = match valid {
            None => findings,
            Some(valid) => {
                let storing =
                    Storing { app, caller, subject: sent.subject(), channel: sent.channel(), turn: turn.as_ref() };
                match storing.store(valid, findings, &options, dry_run).await? {
                    Stored::Accepted(accepted) => return Ok(accepted),
                    Stored::Exceeded(findings) => findings,
                    Stored::Changed(valid, warnings) => {
                        drop(turn);
                        validation = sent.validate_again(app, caller, (valid, warnings)).await?;
                        continue;
                    }
                }
            }
        };
        refuse(app, caller, &sent, &findings, dry_run, turn.as_ref()).await.map_err(DepositError::from)?;
        drop(turn);
        let annotated = sent.annotated(caller, findings.clone(), options.annotate).await;
        let annotated = annotated.map_err(DepositError::from)?;
        return Err(DepositError::Invalid { findings, annotated }.into());
    }
    Err(DepositError::from(store::Error::Busy).into())
}

/// A refused deposit leaves its verdict and an event; a dry run leaves its verdict alone.
async fn refuse<D: SentDocument>(
    app: &App,
    caller: &Caller,
    sent: &D,
    findings: &Findings,
    dry_run: bool,
    turn: Option<&WriteTurn>,
) -> Result<(), InternalError> {
    let mut work = app.collect(turn, caller, WritePurpose::Content).await?;
    let content = VerdictContent::refused(findings, dry_run);
    work.record_verdict(app, caller, (sent.subject(), sent.channel()), content)?;
    if !dry_run {
        work.record(&sent.refusal());
    }
    Ok(work.commit().await?)
}

/// The result for a document without errors.
enum Stored<V: ValidDocument> {
    /// It was stored, was unchanged, or was a dry run.
    Accepted(V::Accepted),
    /// It exceeds the organiser's limits: these findings.
    Exceeded(Findings),
    /// What it was validated against has changed: the document and its warnings, to be validated again.
    Changed(V, Findings),
}

/// The write of one deposit.
struct Storing<'a> {
    app: &'a App,
    caller: &'a Caller,
    subject: DepositSubject,
    channel: Channel,
    turn: Option<&'a WriteTurn>,
}

impl Storing<'_> {
    async fn store<V: ValidDocument>(
        &self,
        mut valid: V,
        warnings: Findings,
        options: &DepositOptions,
        dry_run: bool,
    ) -> Result<Stored<V>, DepositError> {
        let mut work = self.app.collect(self.turn, self.caller, WritePurpose::Content).await?;
        let current = valid.current();
        let is_stored = valid.is_stored(&current);
        if !is_stored && !dry_run {
            valid.correct(options.correction)?;
            valid.check(&options.precondition, &current)?;
        }
        if let Some(exceeded) = valid.exceeded(self.app, &current).filter(|_| !is_stored) {
            return Ok(Stored::Exceeded([exceeded].into_iter().chain(warnings).collect::<Findings>().folded()));
        }
        let (outcome, revision) = if dry_run {
            valid.try_out(&mut work, self.caller).await?;
            (DepositOutcome::DryRun, None)
        } else if is_stored {
            (DepositOutcome::Unchanged, V::revision(&current))
        } else {
            let (revision, record) = match valid.write(&mut work, self.caller, &warnings, &current).await {
                Err(DepositError::Fault(InternalError::Store(store::Error::Changed))) => {
                    return Ok(Stored::Changed(valid, warnings));
                }
                written => written?,
            };
            work.record(&record.revision(revision));
            (DepositOutcome::Accepted, Some(revision))
        };
        let end = DepositEnd { outcome, revision, at: work.at() };
        let revision = revision.and_then(|revision| u32::try_from(revision).ok());
        let content = VerdictContent { outcome, findings: &warnings, revision };
        work.record_verdict(self.app, self.caller, (self.subject, self.channel), content)?;
        match work.commit().await {
            Err(store::Error::Changed) => Ok(Stored::Changed(valid, warnings)),
            committed => Ok(committed.map(|()| Stored::Accepted(valid.accepted(warnings, end, current)))?),
        }
    }
}
