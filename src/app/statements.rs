//! Statements of every kind: deposited, read back, explained.

mod read;
mod warnings;
mod workbook;

use jiff::Timestamp;

pub use self::read::{Entry, Held, Shares, Wanted, current, list, previous, read, revisions, shares};
pub use self::workbook::{as_workbook, template};
use super::creches;
use super::error::{Fault, NoCreche};
use super::keys::Caller;
use super::record::{End, Recorder};
use super::summaries;
use super::{App, Blocked, Guard};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::key::KeyKind;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Context, Door, Needs, Past, Statement, Status};
use crate::domain::text::Language;
use crate::ids::CrecheId;
use crate::ingest::workbook::reading::Expected;
use crate::ingest::{Document, Form, Reading};
use crate::store::statements::{Current, Revision, Slot};
use crate::store::verdicts::Outcome;
use crate::store::{self, Tx};
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
    /// What was written.
    pub written: Written,
    /// The current revision afterwards, if there is one.
    pub revision: Option<u32>,
    /// When that was deposited.
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
    /// The statement was signed.
    #[error("the statement is locked")]
    Locked,
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
    let dry_run = deposit.dry_run || caller.kind == KeyKind::Trial;
    let creche = creches::find(app, caller, deposit.creche).await?;
    let slot = Slot { creche: creche.id, kind: S::KIND, month: deposit.month };
    let (judged, reading) = judge::<S>(app, caller, &creche, &mut deposit).await?;
    let recorder = Recorder::new(app, caller);
    let Some(statement) = judged.statement else {
        let outcome = if dry_run { Outcome::DryRun } else { Outcome::Refused };
        record_refusal(&recorder, slot, reading.door, &judged.findings, outcome).await?;
        let annotated = annotated(reading, judged.findings.clone(), deposit.annotate).await?;
        return Err(Refusal::Invalid { findings: judged.findings, annotated });
    };
    let accepted = Accepted {
        creche,
        month: deposit.month,
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

/// A document and the verdict on it.
struct Judged<T> {
    /// What is to be kept; nothing when there are errors.
    statement: Option<Packed<T>>,
    findings: Findings,
}

/// A statement ready to be kept.
struct Packed<T> {
    lines: usize,
    totals: T,
    document: Vec<u8>,
    canonical: Vec<u8>,
}

/// Reads the document and applies every rule to it.
async fn judge<S: Document>(
    app: &App,
    caller: &Caller,
    creche: &Creche,
    deposit: &mut Deposit,
) -> Result<(Judged<S::Totals>, Reading<S>), Refusal> {
    let _place = super::BENCH.acquire().await.expect("the bench is never closed");
    let names = vec![creche.id.to_string(), creche.name.clone(), creche.one_number.clone()];
    let expected = Expected { month: deposit.month, creche: names };
    let mut reading = read_bytes::<S>(app, deposit, expected).await?;
    let mut context = Context::of(creche, deposit.month, app.clock.today(), app.half_day_max_minutes);
    let needs = reading.raw.as_ref().map(|raw| S::needs(raw, deposit.month)).unwrap_or_default();
    context.past = Some(past(app, caller, creche.id, deposit.month, needs).await?);
    Ok(super::work(move || {
        let (statement, findings) = reading.judge(&context);
        let statement = statement.as_ref().map(pack).transpose()?;
        Ok::<_, Fault>((Judged { statement, findings }, reading))
    })
    .await??)
}

/// Reads the sender's bytes away from the threads that serve requests; the child that reads an `.xls` needs no such
/// care.
async fn read_bytes<S: Document>(app: &App, deposit: &mut Deposit, expected: Expected) -> Result<Reading<S>, Fault> {
    let (bytes, form, xls) = (std::mem::take(&mut deposit.bytes), deposit.form, app.xls.clone());
    let runtime = tokio::runtime::Handle::current();
    super::work(move || runtime.block_on(Reading::of(&bytes, form, &expected, &xls))).await
}

fn pack<S: Statement>(statement: &S) -> Result<Packed<S::Totals>, Fault> {
    Ok(Packed {
        lines: statement.lines(),
        totals: statement.totals(),
        document: serde_json::to_vec(statement)?,
        canonical: serde_json::to_vec(&statement.canonical())?,
    })
}

/// The earlier statements that judging needs.
async fn past<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
    needs: Needs,
) -> Result<Past<S>, Fault> {
    let mut past = Past::default();
    if needs == Needs::default() {
        return Ok(past);
    }
    let key = app.vault.key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let slot = |month| Slot { creche, kind: S::KIND, month };
    if needs.latest {
        for month in [month, month.previous()] {
            let current = store::statements::latest(tx, caller.organiser, slot(month)).await?;
            if let Some(current) = current.filter(|current| current.revision.month <= month) {
                past.latest
                    .push(open(tx, caller, &key, slot(current.revision.month), current.revision.revision).await?);
            }
        }
    }
    if needs.quarter {
        for month in month.quarter().months().into_iter().filter(|other| *other != month) {
            if let Some(current) = store::statements::find(tx, caller.organiser, slot(month)).await? {
                past.quarter.push(open(tx, caller, &key, slot(month), current.revision.revision).await?);
            }
        }
    }
    Ok(past)
}

/// The place of a revision: its seal opens nowhere else.
fn place(caller: &Caller, slot: Slot, revision: u32) -> Place {
    let Slot { creche, kind, month } = slot;
    let path = [
        caller.organiser.to_string(),
        creche.to_string(),
        kind.name().to_owned(),
        month.to_string(),
        revision.to_string(),
    ];
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
    let sealed =
        store::statements::document(tx, caller.organiser, slot, revision).await?.ok_or(store::Error::Rows(0))?;
    Ok(serde_json::from_slice(&key.open(&place(caller, slot, revision), &sealed)?)?)
}

async fn annotated<S: Document>(
    reading: Reading<S>,
    findings: Findings,
    language: Option<Language>,
) -> Result<Option<Vec<u8>>, Fault> {
    match language {
        Some(language) => super::work(move || reading.annotated(&findings, language)).await,
        None => Ok(None),
    }
}

/// A refused deposit leaves its verdict and is told to the organiser; one that was only tried leaves its verdict alone.
async fn record_refusal(
    recorder: &Recorder<'_>,
    slot: Slot,
    door: Door,
    findings: &Findings,
    outcome: Outcome,
) -> Result<(), Fault> {
    let mut tx = recorder.app.db.write().await?;
    let tx_ref = &mut tx;
    store::organisers::lock(tx_ref, recorder.caller.organiser).await?;
    recorder.verdict(tx_ref, slot, door, End { outcome, findings, revision: None }).await?;
    if outcome == Outcome::Refused {
        let (kind, period) = (slot.kind.name(), Some(Period::Month(slot.month)));
        recorder.audit(tx_ref, &format!("{kind}Statement.refused"), Some(slot.creche), period).await?;
        recorder.event(tx_ref, &format!("{kind}Statement.refused"), slot.creche, period, None).await?;
    }
    Ok(tx.commit().await?)
}

/// A statement that was judged good.
struct Draft<T> {
    slot: Slot,
    door: Door,
    statement: Packed<T>,
    accepted: Accepted<T>,
}

impl<T: crate::domain::statement::Totals> Draft<T> {
    /// Leaves the verdict, and tells what the deposit would have changed.
    async fn tried(mut self, recorder: &Recorder<'_>) -> Result<Accepted<T>, Refusal> {
        let mut tx = recorder.app.db.write().await?;
        store::organisers::lock(&mut tx, recorder.caller.organiser).await?;
        let current = store::statements::find(&mut tx, recorder.caller.organiser, self.slot).await?;
        self.accepted.effect = Some(self.effect(&mut tx, recorder.caller).await?);
        let end = End { outcome: Outcome::DryRun, findings: &self.accepted.warnings, revision: None };
        recorder.verdict(&mut tx, self.slot, self.door, end).await?;
        tx.commit().await?;
        self.accepted.revision = current.map(|current| current.revision.revision);
        Ok(self.accepted)
    }

    async fn effect(&self, tx: &mut Tx, caller: &Caller) -> Result<Effect<T>, Fault> {
        let Slot { creche, kind, month } = self.slot;
        let quarter = Period::Quarter(month.quarter());
        let kept = summaries::current::<T>(tx, caller.organiser, kind, Some(creche), quarter).await?;
        let sum = |others: bool| {
            let wanted = kept.iter().filter(|(_, deposited)| (deposited.month != month) == others);
            wanted.map(|(_, deposited)| deposited.totals.clone()).fold(T::default(), std::ops::Add::add)
        };
        let (others, before, after) = (sum(true), sum(false), self.statement.totals.clone());
        Ok(Effect { quarter: (others.clone() + before.clone(), others + after.clone()), month: (before, after) })
    }

    /// Keeps the statement as the new revision, with everything that tells of it, in one transaction.
    async fn keep(mut self, recorder: &Recorder<'_>, guard: &Guard) -> Result<Accepted<T>, Refusal> {
        let (app, caller) = (recorder.app, recorder.caller);
        let fingerprint = app.vault.index().hash("content", &[&self.statement.canonical]);
        let key = app.vault.key(&app.db, caller.organiser).await.map_err(Fault::from)?;
        let mut tx = app.db.write().await?;
        store::organisers::lock(&mut tx, caller.organiser).await?;
        let current = store::statements::find(&mut tx, caller.organiser, self.slot).await?;
        if let Some(current) = current.as_ref().filter(|current| current.revision.fingerprint == fingerprint) {
            self.unchanged(&mut tx, recorder, current).await?;
            tx.commit().await?;
            return Ok(self.accepted);
        }
        admit(current.as_ref(), guard)?;
        let number = current.map_or(1, |current| current.revision.revision + 1);
        let sealed = key.seal(&place(caller, self.slot, number), &self.statement.document);
        let revision = self.revision(recorder, number, fingerprint)?;
        if !store::statements::insert(&mut tx, caller.organiser, self.slot.kind, &revision, &sealed).await? {
            return Err(Blocked::Stale(None).into());
        }
        self.tell(&mut tx, recorder, number).await?;
        tx.commit().await?;
        self.accepted.written = if number == 1 { Written::Created } else { Written::Replaced };
        self.accepted.revision = Some(number);
        self.accepted.deposited_at = Some(recorder.at);
        Ok(self.accepted)
    }

    /// The same content again: the revision that is there is the answer.
    async fn unchanged(&mut self, tx: &mut Tx, recorder: &Recorder<'_>, current: &Current) -> Result<(), Fault> {
        let revision = Some(current.revision.revision);
        let end = End { outcome: Outcome::Unchanged, findings: &self.accepted.warnings, revision };
        recorder.verdict(tx, self.slot, self.door, end).await?;
        self.accepted.written = Written::Unchanged;
        self.accepted.revision = revision;
        self.accepted.deposited_at = Some(current.revision.deposited_at);
        Ok(())
    }

    fn revision(&self, recorder: &Recorder<'_>, number: u32, fingerprint: String) -> Result<Revision, Fault> {
        Ok(Revision {
            creche: self.slot.creche,
            month: self.slot.month,
            revision: number,
            fingerprint,
            totals: serde_json::to_string(&self.statement.totals)?,
            lines: u32::try_from(self.statement.lines).unwrap_or(u32::MAX),
            warnings: warnings::write(&self.accepted.warnings)?,
            has_warnings: !self.accepted.warnings.is_empty(),
            door: self.door,
            application: Some(recorder.caller.application),
            key: Some(recorder.caller.key),
            deposited_at: recorder.at,
        })
    }

    /// Verdict, audit entry and event of a new revision.
    async fn tell(&self, tx: &mut Tx, recorder: &Recorder<'_>, number: u32) -> Result<(), Fault> {
        let end = End { outcome: Outcome::Accepted, findings: &self.accepted.warnings, revision: Some(number) };
        recorder.verdict(tx, self.slot, self.door, end).await?;
        let (creche, period) = (self.slot.creche, Some(Period::Month(self.slot.month)));
        let verb = if number == 1 { "deposited" } else { "replaced" };
        let what = format!("{}Statement.{verb}", self.slot.kind.name());
        recorder.audit(tx, &what, Some(creche), period).await?;
        recorder.event(tx, &what, creche, period, Some(number)).await
    }
}

/// Whether the sender may replace what is there.
fn admit(current: Option<&Current>, guard: &Guard) -> Result<(), Refusal> {
    let revision = current.map(|current| current.revision.revision);
    if current.is_some_and(|current| current.status == Status::Locked) {
        return Err(Refusal::Locked);
    }
    Ok(guard.admit(revision.map(u64::from))?)
}
