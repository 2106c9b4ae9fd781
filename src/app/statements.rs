//! Statements of every kind: deposited, read back, explained.

mod read;
pub mod readable;
pub mod typed_draft;
mod valid_statement;
mod validation;
mod workbook;

use jiff::Timestamp;

pub use self::read::{
    PeriodContributions, StatementEntry, StatementQuery, StoredStatement, current, list, previous, read, revisions,
    shares,
};
use self::valid_statement::ValidStatement;
use self::validation::validate_deposit;
pub use self::workbook::{StatementWorkbook, as_workbook, template};
use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::marked_workbook::annotated;
use super::record::{DepositOutcome, Recorder};
use super::{App, Precondition, PreconditionError, creches};
use crate::domain::creche::Creche;
use crate::domain::event::{Event, EventType};
use crate::domain::finding::Findings;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Channel, Statement, StatementStatus};
use crate::domain::text::Language;
use crate::ids::{CrecheId, OrganiserId};
pub use crate::ingest::medical::INAMI;
pub use crate::ingest::typed::Typed;
pub use crate::ingest::{DocumentForm, StatementFormat};
use crate::store::statements::StatementKey;
use crate::store::verdicts::Outcome;
use crate::store::{self, Tx, WritePurpose};
use crate::vault::{DataKey, SealContext};

/// A document sent for one crèche and month.
pub struct StatementDeposit {
    /// The crèche.
    pub creche: CrecheId,
    /// The month.
    pub month: Month,
    /// The form that the sender says it has.
    pub form: DocumentForm,
    /// The document.
    pub bytes: Vec<u8>,
    /// Which revisions the sender knows and is willing to replace.
    pub precondition: Precondition,
    /// Only the verdict is wanted.
    pub dry_run: bool,
    /// A refused workbook is wanted back with its faults marked, in this language.
    pub annotate: Option<Language>,
}

/// What became of an accepted deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The first revision.
    Created,
    /// A further revision.
    Replaced,
    /// The content was there already.
    Unchanged,
    /// It was a dry run.
    Nothing,
}

/// An accepted deposit.
pub struct AcceptedStatement<T> {
    /// The crèche.
    pub creche: Creche,
    /// The month.
    pub month: Month,
    /// Where the statement stands.
    pub status: StatementStatus,
    /// What was written.
    pub written: WriteOutcome,
    /// The current revision afterwards, if there is one.
    pub revision: Option<u32>,
    /// When the revision of this content was deposited, if there is one.
    pub deposited_at: Option<Timestamp>,
    /// How many lines the document has.
    pub lines: usize,
    /// Its sums.
    pub totals: T,
    /// Its warnings.
    pub warnings: Findings,
    /// Of a dry run: what it would change.
    pub effect: Option<DepositEffect<T>>,
}

/// The sums before and after a deposit that was only tried.
pub struct DepositEffect<T> {
    /// Of the month.
    pub month: (T, T),
    /// Of its quarter.
    pub quarter: (T, T),
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

impl From<store::Error> for DepositError {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Judges a document and, unless it is only tried or has errors, keeps it as the statement's new revision.
pub async fn deposit<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    mut deposit: StatementDeposit,
) -> Result<AcceptedStatement<S::Totals>, DepositError> {
    let dry_run = deposit.dry_run || caller.only_tries();
    let creche = creches::find(app, caller, deposit.creche).await?;
    let slot = StatementKey { creche: creche.id, kind: S::KIND, month: deposit.month };
    let (judged, reading) = validate_deposit::<S>(app, caller, &creche, &mut deposit).await?;
    let recorder = Recorder::new(app, caller);
    let Some(statement) = judged.statement else {
        let outcome = if dry_run { Outcome::DryRun } else { Outcome::Refused };
        record_refusal(&recorder, slot, reading.channel, &judged.findings, outcome).await?;
        let annotated = annotated(caller.organiser, reading, judged.findings.clone(), deposit.annotate).await?;
        return Err(DepositError::Invalid { findings: judged.findings, annotated });
    };
    let accepted = AcceptedStatement {
        creche,
        month: deposit.month,
        status: StatementStatus::Deposited,
        written: WriteOutcome::Nothing,
        revision: None,
        deposited_at: None,
        lines: statement.lines,
        totals: statement.totals.clone(),
        warnings: judged.findings,
        effect: None,
    };
    let draft = ValidStatement { slot, channel: reading.channel, statement, accepted };
    if dry_run { draft.dry_run(&recorder).await } else { draft.store(&recorder, &deposit.precondition).await }
}

/// The place of a revision: its seal opens nowhere else.
fn place(organiser: OrganiserId, slot: StatementKey, revision: u32) -> SealContext {
    let StatementKey { creche, kind, month } = slot;
    let path =
        [organiser.to_string(), creche.to_string(), kind.name().to_owned(), month.to_string(), revision.to_string()];
    SealContext::of("revision", &path.each_ref().map(String::as_str))
}

/// Reads and opens a kept document.
async fn open<S: Statement>(
    tx: &mut Tx,
    caller: &Caller,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
) -> Result<S, InternalError> {
    let sealed = sealed(tx, caller, slot, revision).await?;
    unseal(caller, key, slot, revision, &sealed)
}

/// A kept document as it lies in the database.
async fn sealed(tx: &mut Tx, caller: &Caller, slot: StatementKey, revision: u32) -> Result<Vec<u8>, InternalError> {
    let found = store::statements::document(tx, caller.organiser, slot, revision).await?;
    Ok(found.ok_or(store::Error::Rows(0))?)
}

/// Opens a kept document: work for the processor that needs no transaction.
fn unseal<S: Statement>(
    caller: &Caller,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
    sealed: &[u8],
) -> Result<S, InternalError> {
    let place = place(caller.organiser, slot, revision);
    let opened = key.open(&place, sealed).inspect_err(|_| {
        let StatementKey { creche, kind, month } = slot;
        tracing::error!(
            %creche,
            kind = kind.name(),
            %month,
            revision,
            "integrity alert: a kept document does not open at its place"
        );
    })?;
    Ok(serde_json::from_slice(&opened)?)
}

/// A refused deposit leaves its verdict and is told to the organiser; one that was only tried leaves its verdict alone.
async fn record_refusal(
    recorder: &Recorder<'_>,
    slot: StatementKey,
    channel: Channel,
    findings: &Findings,
    outcome: Outcome,
) -> Result<(), InternalError> {
    let mut tx = recorder.app.db.write_for(recorder.caller.organiser, WritePurpose::Content).await?;
    let tx_ref = &mut tx;
    recorder.verdict(tx_ref, slot.into(), channel, DepositOutcome { outcome, findings, revision: None }).await?;
    if outcome == Outcome::Refused {
        let (kind, period) = (EventType::refusal(slot.kind), Some(Period::Month(slot.month)));
        recorder.audit(tx_ref, kind.code(), Some(slot.creche), period).await?;
        recorder.event(tx_ref, Event { period, ..recorder.now(kind).of(slot.creche) }).await?;
    }
    Ok(tx.commit().await?)
}
