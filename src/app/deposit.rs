//! A deposit of whatever kind: validated first, then stored with everything that is recorded of it, in one transaction.
//!
//! What a kind does itself is in `SentDocument` (reading and validating, without a transaction) and `ValidDocument`
//! (what is there, what is written). The order of things, the verdict and the records are written once, here.

use super::caller::Caller;
use super::error::fault_conversions;
use super::error::{AccessError, InternalError};
use super::record::{Record, VerdictContent};
use super::unit_of_work::UnitOfWork;
use super::{App, Precondition, PreconditionError};
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::finding::{Finding, Findings};
use crate::domain::statement::Channel;
use crate::domain::text::Language;
use crate::store::{self, Tx, WritePurpose, WriteTurn};

/// How often a document is validated because what it was validated against was changed meanwhile by another gateway,
/// before the sender is asked to come back.
const ATTEMPTS: usize = 5;

/// What a sender wants of a deposit.
#[derive(Debug, Clone, Default)]
pub struct DepositOptions {
    /// Which revisions the sender knows and is willing to replace.
    pub precondition: Precondition,
    /// Only the verdict is wanted.
    pub dry_run: bool,
    /// A refused workbook is wanted back with its faults marked, in this language.
    pub annotate: Option<Language>,
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
        /// The sender's workbook with its faults marked, if that was asked for.
        annotated: Option<Vec<u8>>,
    },
    /// The sender does not know the current revision.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(DepositError);

/// A document that was sent, of one kind.
pub(super) trait SentDocument: Send {
    /// What comes of one without errors.
    type Valid: ValidDocument;
    /// Why it is not accepted.
    type Error: From<DepositError> + Send;

    /// Reads and validates the document. It is called again when what it was validated against has changed.
    fn validate(
        &mut self,
        app: &App,
        caller: &Caller,
    ) -> impl Future<Output = Result<Validation<Self::Valid>, Self::Error>> + Send;

    /// What the deposit is of.
    fn subject(&self) -> DepositSubject;

    /// The way it came in; known once it was validated.
    fn channel(&self) -> Channel;

    /// What is recorded of a refusal.
    fn refusal(&self) -> Record;

    /// The sender's workbook with its faults marked, where that is asked for.
    fn annotated(
        self,
        caller: &Caller,
        findings: Findings,
        language: Option<Language>,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, InternalError>> + Send;
}

/// What validating a document gave.
pub(super) struct Validation<V> {
    /// What can be stored; `None` when there are errors.
    pub(super) valid: Option<V>,
    /// Everything that was found.
    pub(super) findings: Findings,
    /// The organiser's turn, where it was taken before the document was validated.
    pub(super) turn: Option<WriteTurn>,
}

/// A document without errors, packed and ready to be stored.
pub(super) trait ValidDocument: Send {
    /// What is there before it.
    type Current: Send;
    /// What the sender is answered.
    type Accepted: Send;

    /// What is there; `None` when it is no longer what the document was validated against.
    fn current(
        &self,
        tx: &mut Tx,
        caller: &Caller,
    ) -> impl Future<Output = Result<Option<Self::Current>, InternalError>> + Send;

    /// Whether the content is there already.
    fn is_stored(&self, current: &Self::Current) -> bool;

    /// The revision that is there.
    fn revision(current: &Self::Current) -> Option<u64>;

    /// Whether the sender may replace what is there.
    fn check(&self, precondition: &Precondition, current: &Self::Current) -> Result<(), PreconditionError>;

    /// What is found when storing it takes more than the organiser may have.
    fn exceeded(&self, app: &App, current: &Self::Current) -> Option<Finding>;

    /// Computes what storing it would change, for the answer to a dry run.
    fn try_out(&mut self, tx: &mut Tx, caller: &Caller) -> impl Future<Output = Result<(), InternalError>> + Send;

    /// Stores it: the revision that it gets, and what is recorded.
    fn write(
        &mut self,
        work: &mut UnitOfWork<'_>,
        caller: &Caller,
        warnings: &Findings,
        current: &Self::Current,
    ) -> impl Future<Output = Result<(u64, Record), DepositError>> + Send;

    /// The answer.
    fn accepted(self, warnings: Findings, end: DepositEnd, current: Self::Current) -> Self::Accepted;
}

/// How an accepted deposit ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct DepositEnd {
    /// Accepted, unchanged or only tried.
    pub(super) outcome: DepositOutcome,
    /// The revision that was written, or that has the same content.
    pub(super) revision: Option<u64>,
    /// The instant of the write.
    pub(super) at: jiff::Timestamp,
}

/// Validates a document and, unless it is only tried or has errors, stores it as the new revision.
pub(super) async fn deposit<D: SentDocument>(
    app: &App,
    caller: &Caller,
    mut sent: D,
    options: DepositOptions,
) -> Result<<D::Valid as ValidDocument>::Accepted, D::Error> {
    let dry_run = options.dry_run || caller.only_tries();
    for _ in 0..ATTEMPTS {
        let Validation { valid, findings, turn } = sent.validate(app, caller).await?;
        let findings = match valid {
            None => findings,
            Some(valid) => {
                let storing =
                    Storing { app, caller, subject: sent.subject(), channel: sent.channel(), turn: turn.as_ref() };
                match storing.store(valid, findings, &options.precondition, dry_run).await? {
                    Stored::Accepted(accepted) => return Ok(accepted),
                    Stored::Exceeded(findings) => findings,
                    Stored::Changed => continue,
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

/// A refused deposit leaves its verdict and an event; one that was only tried leaves its verdict alone.
async fn refuse<D: SentDocument>(
    app: &App,
    caller: &Caller,
    sent: &D,
    findings: &Findings,
    dry_run: bool,
    turn: Option<&WriteTurn>,
) -> Result<(), InternalError> {
    let outcome = if dry_run { DepositOutcome::DryRun } else { DepositOutcome::Refused };
    let mut work = begin(app, caller, turn).await?;
    let content = VerdictContent { outcome, findings, revision: None };
    work.record_verdict(caller, content.verdict(app, caller, work.at(), (sent.subject(), sent.channel()))?);
    if outcome == DepositOutcome::Refused {
        work.record(&sent.refusal());
    }
    Ok(work.commit().await?)
}

async fn begin<'a>(app: &'a App, caller: &Caller, turn: Option<&WriteTurn>) -> Result<UnitOfWork<'a>, store::Error> {
    match turn {
        Some(turn) => app.begin_in_turn(turn, caller, WritePurpose::Content).await,
        None => app.begin(caller, WritePurpose::Content).await,
    }
}

/// What became of a document without errors.
enum Stored<A> {
    /// It was stored, was there already, or was only tried.
    Accepted(A),
    /// The organiser would have too much: these findings.
    Exceeded(Findings),
    /// What it was validated against has changed.
    Changed,
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
        precondition: &Precondition,
        dry_run: bool,
    ) -> Result<Stored<V::Accepted>, DepositError> {
        let mut work = begin(self.app, self.caller, self.turn).await?;
        let Some(current) = valid.current(&mut work, self.caller).await? else { return Ok(Stored::Changed) };
        let is_stored = valid.is_stored(&current);
        if !is_stored && !dry_run {
            valid.check(precondition, &current)?;
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
            let (revision, record) = valid.write(&mut work, self.caller, &warnings, &current).await?;
            work.record(&record.revision(revision));
            (DepositOutcome::Accepted, Some(revision))
        };
        let end = DepositEnd { outcome, revision, at: work.at() };
        let revision = revision.and_then(|revision| u32::try_from(revision).ok());
        let content = VerdictContent { outcome, findings: &warnings, revision };
        work.record_verdict(self.caller, content.verdict(self.app, self.caller, end.at, (self.subject, self.channel))?);
        work.commit().await?;
        Ok(Stored::Accepted(valid.accepted(warnings, end, current)))
    }
}
