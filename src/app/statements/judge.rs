//! A document read and judged: what it would become, and everything found in it.

use std::borrow::Cow;

use super::super::caller::Caller;
use super::super::error::Fault;
use super::super::{App, Load, doctors, work};
use super::{Deposit, Refusal, open};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::Month;
use crate::domain::statement::{Context, Door, Needs, Past, Statement};
use crate::domain::text::Language;
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::workbook::reading::Expected;
use crate::ingest::{Document, Form, Paper, Reading};
use crate::store;
use crate::store::statements::{Filter, Revision, Slot};
use crate::vault::{Compressed, IndexKey};

/// A JSON text up to this size, in bytes, is judged in about a millisecond and a few megabytes, whatever it holds: sooner
/// than another thread would have taken it over.
const SMALL: usize = 128 << 10;
/// A JSON text beyond any statement of good sense, in bytes.
const LARGE: usize = 2 << 20;

/// A document and the verdict on it.
pub(super) struct Judged<T> {
    /// What is to be kept; nothing when there are errors.
    pub(super) statement: Option<Packed<T>>,
    pub(super) findings: Findings,
}

/// A statement ready to be kept.
pub(super) struct Packed<T> {
    pub(super) lines: usize,
    pub(super) totals: T,
    pub(super) document: Compressed,
    /// The keyed hash of the content, whatever the order in which it was sent.
    pub(super) fingerprint: String,
}

/// A verdict, and the reading that it is on.
type Verdict<S> = (Judged<<S as Statement>::Totals>, Reading<<S as Statement>::Raw>);

/// How far a document can be judged in one go.
enum Step<S: Document> {
    /// All the way.
    Judged(Verdict<S>),
    /// Earlier statements must be looked at first.
    Lacks(Needs, Reading<S::Raw>, Context<S>),
}

/// Reads the document and applies every rule to it: in one go, so that a document read does not wait in memory for a
/// second place on the bench, unless the rules need earlier statements.
pub(super) async fn judge<S: Document>(
    app: &App,
    caller: &Caller,
    creche: &Creche,
    deposit: &mut Deposit,
) -> Result<Verdict<S>, Refusal> {
    let context: Context<S> = Context::of(creche, deposit.month, app.clock.today(), app.half_day_max_minutes);
    match begin(app, caller.organiser, creche, deposit, context).await? {
        Step::Judged(verdict) => Ok(verdict),
        Step::Lacks(needs, reading, mut context) => {
            context.past = Some(past(app, caller, creche.id, deposit.month, needs).await?);
            if needs.across {
                let key = app.vault.key(&app.db, caller.organiser).await.map_err(Fault::from)?;
                let tx = &mut app.db.read().await?;
                context.doctors = Some(doctors::known(tx, &key, caller, creche.id).await?);
            }
            let app = app.clone();
            Ok(work(caller.organiser, Load::Light, move || settle(&app, reading, &context)).await??)
        }
    }
}

/// Reads the sender's bytes: an `.xls` in a child, which takes no place of ours however long it takes, a small text there
/// and then, everything else away from the threads that serve requests. What needs no earlier statement is judged at once.
async fn begin<S: Document>(
    app: &App,
    organiser: OrganiserId,
    creche: &Creche,
    deposit: &mut Deposit,
    context: Context<S>,
) -> Result<Step<S>, Fault> {
    let names = vec![creche.id.to_string(), creche.name.clone(), creche.one_number.clone()];
    let expected = Expected { month: deposit.month, creche: names };
    let (bytes, form, app) = (std::mem::take(&mut deposit.bytes), deposit.form, app.clone());
    if form.door(&bytes) == Door::Xls {
        let reading = Reading::of_xls(&bytes, &expected, &app.xls).await;
        return work(organiser, Load::Light, move || step(&app, reading, context)).await?;
    }
    let load = match form {
        Form::Workbook => Load::Heavy,
        Form::Json | Form::Typed if bytes.len() > LARGE => Load::Whole,
        Form::Json | Form::Typed if bytes.len() > SMALL => Load::Heavy,
        Form::Json | Form::Typed => return step(&app, Reading::of(bytes, form, &expected), context),
    };
    work(organiser, load, move || step(&app, Reading::of(bytes, form, &expected), context)).await?
}

/// Judges what was read, unless it needs earlier statements.
fn step<S: Document>(app: &App, reading: Reading<S::Raw>, mut context: Context<S>) -> Result<Step<S>, Fault> {
    let needs = reading.raw.as_ref().map(|raw| S::needs(raw, context.month)).unwrap_or_default();
    if needs != Needs::default() {
        return Ok(Step::Lacks(needs, reading, context));
    }
    context.past = Some(Past::default());
    settle(app, reading, &context).map(Step::Judged)
}

/// Applies the rules to what was read.
fn settle<S: Document>(app: &App, mut reading: Reading<S::Raw>, context: &Context<S>) -> Result<Verdict<S>, Fault> {
    let (statement, findings) = reading.judge(|raw| S::parse(raw, context));
    let statement = statement.map(|statement| pack(&statement, app.vault.index())).transpose()?;
    Ok((Judged { statement, findings }, reading))
}

/// Everything of a good statement that can be made before a transaction is open.
fn pack<S: Statement>(statement: &S, index: &IndexKey) -> Result<Packed<S::Totals>, Fault> {
    let document = serde_json::to_vec(statement)?;
    let fingerprint = match statement.canonical() {
        Cow::Borrowed(_) => index.hash("content", &[&document]),
        Cow::Owned(sorted) => index.hash("content", &[&serde_json::to_vec(&sorted)?]),
    };
    Ok(Packed {
        lines: statement.lines(),
        totals: statement.totals(),
        document: Compressed::new(&document),
        fingerprint,
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
    let key = app.vault.key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let slot = |month| Slot { creche, kind: S::KIND, month };
    if needs.latest {
        let mut upto = Some(month);
        while let Some(last) = upto {
            let Some(found) = store::statements::latest(tx, caller.organiser, slot(last)).await? else { break };
            let Revision { month: at, revision, .. } = found.revision;
            past.latest.push(open(tx, caller, &key, slot(at), revision).await?);
            // Behind the month's own statement comes the last one before it.
            upto = (at == month).then(|| month.previous());
        }
    }
    if needs.quarter {
        for month in month.quarter().months().into_iter().filter(|other| *other != month) {
            if let Some(current) = store::statements::find(tx, caller.organiser, slot(month)).await? {
                past.quarter.push(open(tx, caller, &key, slot(month), current.revision.revision).await?);
            }
        }
    }
    if needs.across {
        let (from, to) = (Some(month), Some(month));
        let filter = Filter { from, to, ..Filter::of(S::KIND) };
        for current in store::statements::list(tx, caller.organiser, filter).await? {
            let Revision { creche: other, revision, .. } = current.revision;
            if other != creche {
                let slot = Slot { creche: other, ..slot(month) };
                past.elsewhere.push(open(tx, caller, &key, slot, revision).await?);
            }
        }
    }
    Ok(past)
}

/// The sender's workbook with its faults marked, where that is asked for.
pub(in crate::app) async fn annotated<R: Paper>(
    organiser: OrganiserId,
    reading: Reading<R>,
    findings: Findings,
    language: Option<Language>,
) -> Result<Option<Vec<u8>>, Fault> {
    match language {
        Some(language) => work(organiser, Load::Heavy, move || reading.annotated(&findings, language)).await,
        None => Ok(None),
    }
}
