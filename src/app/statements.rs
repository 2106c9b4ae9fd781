//! Statements of every kind: deposited, read back, explained.

mod draft;
mod judge;
mod read;
pub mod readable;
pub mod typing;
pub(super) mod warnings;
mod workbook;

use jiff::Timestamp;

use self::draft::Draft;
pub(super) use self::judge::annotated;
use self::judge::judge;
pub use self::read::{Entry, Held, Shares, Wanted, current, list, previous, read, revisions, shares};
pub use self::workbook::{Workbook, as_workbook, template};
use super::caller::Caller;
use super::error::{Fault, NoCreche};
use super::record::{End, Recorder};
use super::{App, Blocked, Guard, creches};
use crate::domain::creche::Creche;
use crate::domain::event::{Event, EventType};
use crate::domain::finding::Findings;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Door, Statement, Status};
use crate::domain::text::Language;
use crate::ids::{CrecheId, OrganiserId};
pub use crate::ingest::typed::Typed;
pub use crate::ingest::workbook::medical::INAMI;
pub use crate::ingest::{Document, Form};
use crate::store::statements::Slot;
use crate::store::verdicts::Outcome;
use crate::store::{self, Growth, Tx};
use crate::vault::{DataKey, Place};

/// A document sent for one crèche and month.
pub struct Deposit {
    /// The crèche.
    pub creche: CrecheId,
    /// The month.
    pub month: Month,
    /// The form that the sender says it has.
    pub form: Form,
    /// The document.
    pub bytes: Vec<u8>,
    /// Which revisions the sender knows and is willing to replace.
    pub guard: Guard,
    /// Only the verdict is wanted.
    pub dry_run: bool,
    /// A refused workbook is wanted back with its faults marked, in this language.
    pub annotate: Option<Language>,
}

/// What became of an accepted deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
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
pub struct Accepted<T> {
    /// The crèche.
    pub creche: Creche,
    /// The month.
    pub month: Month,
    /// Where the statement stands.
    pub status: Status,
    /// What was written.
    pub written: Written,
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
    pub effect: Option<Effect<T>>,
}

/// The sums before and after a deposit that was only tried.
pub struct Effect<T> {
    /// Of the month.
    pub month: (T, T),
    /// Of its quarter.
    pub quarter: (T, T),
}

/// Why a deposit was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] NoCreche),
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
    Blocked(#[from] Blocked),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Judges a document and, unless it is only tried or has errors, keeps it as the statement's new revision.
pub async fn deposit<S: Document>(
    app: &App,
    caller: &Caller,
    mut deposit: Deposit,
) -> Result<Accepted<S::Totals>, Refusal> {
    let dry_run = deposit.dry_run || caller.only_tries();
    let creche = creches::find(app, caller, deposit.creche).await?;
    let slot = Slot { creche: creche.id, kind: S::KIND, month: deposit.month };
    let (judged, reading) = judge::<S>(app, caller, &creche, &mut deposit).await?;
    let recorder = Recorder::new(app, caller);
    let Some(statement) = judged.statement else {
        let outcome = if dry_run { Outcome::DryRun } else { Outcome::Refused };
        record_refusal(&recorder, slot, reading.door, &judged.findings, outcome).await?;
        let annotated = annotated(caller.organiser, reading, judged.findings.clone(), deposit.annotate).await?;
        return Err(Refusal::Invalid { findings: judged.findings, annotated });
    };
    let accepted = Accepted {
        creche,
        month: deposit.month,
        status: Status::Deposited,
        written: Written::Nothing,
        revision: None,
        deposited_at: None,
        lines: statement.lines,
        totals: statement.totals.clone(),
        warnings: judged.findings,
        effect: None,
    };
    let draft = Draft { slot, door: reading.door, statement, accepted };
    if dry_run { draft.tried(&recorder).await } else { draft.keep(&recorder, &deposit.guard).await }
}

/// The place of a revision: its seal opens nowhere else.
fn place(organiser: OrganiserId, slot: Slot, revision: u32) -> Place {
    let Slot { creche, kind, month } = slot;
    let path =
        [organiser.to_string(), creche.to_string(), kind.name().to_owned(), month.to_string(), revision.to_string()];
    Place::of("revision", &path.each_ref().map(String::as_str))
}

/// Reads and opens a kept document.
async fn open<S: Statement>(
    tx: &mut Tx,
    caller: &Caller,
    key: &DataKey,
    slot: Slot,
    revision: u32,
) -> Result<S, Fault> {
    let sealed = sealed(tx, caller, slot, revision).await?;
    unseal(caller, key, slot, revision, &sealed)
}

/// A kept document as it lies in the database.
async fn sealed(tx: &mut Tx, caller: &Caller, slot: Slot, revision: u32) -> Result<Vec<u8>, Fault> {
    let found = store::statements::document(tx, caller.organiser, slot, revision).await?;
    Ok(found.ok_or(store::Error::Rows(0))?)
}

/// Opens a kept document: work for the processor that needs no transaction.
fn unseal<S: Statement>(caller: &Caller, key: &DataKey, slot: Slot, revision: u32, sealed: &[u8]) -> Result<S, Fault> {
    let place = place(caller.organiser, slot, revision);
    let opened = key.open(&place, sealed).inspect_err(|_| {
        let Slot { creche, kind, month } = slot;
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
    slot: Slot,
    door: Door,
    findings: &Findings,
    outcome: Outcome,
) -> Result<(), Fault> {
    let mut tx = recorder.app.db.write_for(recorder.caller.organiser, Growth::Content).await?;
    let tx_ref = &mut tx;
    recorder.verdict(tx_ref, slot.into(), door, End { outcome, findings, revision: None }).await?;
    if outcome == Outcome::Refused {
        let (kind, period) = (EventType::refusal(slot.kind), Some(Period::Month(slot.month)));
        recorder.audit(tx_ref, kind.code(), Some(slot.creche), period).await?;
        recorder.event(tx_ref, Event { period, ..recorder.now(kind).of(slot.creche) }).await?;
    }
    Ok(tx.commit().await?)
}
