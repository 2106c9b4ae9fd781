//! Reading and validating a document: the resulting statement, and all findings.

use std::borrow::Cow;

use super::super::caller::Caller;
use super::super::error::InternalError;
use super::super::{App, WorkSize, doctors, run_blocking};
use super::{DepositError, open};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::{Month, Period};
use crate::domain::standing_facts::StandingFacts;
use crate::domain::statement::{
    Channel, Needs, PastStatements, Statement, StatementContext, StatementFilter, StatementKey,
};
use crate::ids::CrecheId;
use crate::ingest::workbook::parsed_workbook::ExpectedHead;
use crate::ingest::{DocumentForm, ParsedDocument, StatementFormat};
use crate::seal::{Compressed, IndexKey};
use crate::store;
use crate::store::statements::StoredRevision;

/// A JSON text up to this size, in bytes, is validated in about a millisecond and a few megabytes, whatever its
/// content: less than moving it to another thread takes.
const SMALL: usize = 128 << 10;
/// A size in bytes beyond any plausible statement as JSON.
const LARGE: usize = 2 << 20;

/// A statement as it was sent.
pub(super) struct UnreadStatement {
    pub(super) creche: Creche,
    pub(super) month: Month,
    pub(super) form: DocumentForm,
    /// Empty once it is read.
    pub(super) bytes: Vec<u8>,
}

/// A document and its findings.
pub(super) struct ValidationResult<T> {
    /// What is to be stored; nothing when there are errors.
    pub(super) statement: Option<PackedStatement<T>>,
    pub(super) findings: Findings,
}

/// A statement ready to be stored.
pub(super) struct PackedStatement<T> {
    pub(super) lines: usize,
    pub(super) totals: T,
    pub(super) document: Compressed,
    /// The keyed hash of the content, whatever the order in which it was sent.
    pub(super) fingerprint: String,
    pub(super) facts: StandingFacts,
}

/// The findings, and the parsed document.
pub(super) type ParsedResult<S> = (ValidationResult<<S as Statement>::Totals>, ParsedDocument<<S as Statement>::Raw>);

/// The result of the first pass of validation.
enum ValidationStep<S: StatementFormat> {
    /// Complete.
    Validated(ParsedResult<S>),
    /// Earlier statements must be read first.
    NeedsPast(ParsedDocument<S::Raw>),
}

/// Reads the document and applies every rule to it: in one go, so that a parsed document does not wait in memory for a
/// second CPU permit, unless the rules need earlier statements.
pub(super) async fn validate_deposit<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    sent: &mut UnreadStatement,
) -> Result<ParsedResult<S>, DepositError> {
    match parse_and_validate::<S>(app, caller, sent).await? {
        ValidationStep::Validated(result) => Ok(result),
        ValidationStep::NeedsPast(document) => validate_with_past::<S>(app, caller, sent, document).await,
    }
}

/// Applies every rule with the earlier statements that they need. The raw document stays in its place, so that it can be
/// validated again when one of those has changed.
pub(super) async fn validate_with_past<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    sent: &UnreadStatement,
    document: ParsedDocument<S::Raw>,
) -> Result<ParsedResult<S>, DepositError> {
    let (creche, month) = (sent.creche.id, sent.month);
    let needs = needs::<S>(&document, month);
    let mut context = context::<S>(app, caller, sent);
    context.past = Some(past_statements(app, caller, creche, month, needs).await?);
    if needs.across {
        let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
        let tx = &mut app.db.read().await?;
        context.doctors = Some(doctors::known_doctors(tx, &key, caller, creche).await?);
    }
    let app = app.clone();
    let validate = move || {
        let (statement, findings) = document.validate_again(|raw| S::parse(raw.clone(), &context));
        packed(&app, (statement, findings), document)
    };
    Ok(run_blocking(caller.organiser, WorkSize::Light, validate).await??)
}

/// What the rules need beyond the document, without earlier statements.
fn context<S: Statement>(app: &App, caller: &Caller, sent: &UnreadStatement) -> StatementContext<S> {
    StatementContext::of(&sent.creche, sent.month, caller.clock.today(), app.half_day_max_minutes)
}

/// The earlier statements that the rules need.
fn needs<S: Statement>(document: &ParsedDocument<S::Raw>, month: Month) -> Needs {
    document.raw.as_ref().map(|raw| S::needs(raw, month)).unwrap_or_default()
}

/// Reads the sender's bytes: an `.xls` in a child process, which takes no CPU permit however long it takes, a small
/// text on the current thread, all else on a blocking thread. Documents that need no earlier statement are validated at
/// once.
async fn parse_and_validate<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    sent: &mut UnreadStatement,
) -> Result<ValidationStep<S>, InternalError> {
    let (context, creche, organiser) = (context(app, caller, sent), &sent.creche, caller.organiser);
    let names = vec![creche.id.to_string(), creche.name.clone(), creche.one_number.clone()];
    let expected = ExpectedHead { month: sent.month, creche: names };
    let (bytes, form, app) = (std::mem::take(&mut sent.bytes), sent.form, app.clone());
    if form.channel(&bytes) == Channel::Xls {
        let document = ParsedDocument::of_xls(&bytes, &expected, &app.xls).await;
        return run_blocking(organiser, WorkSize::Light, move || validate_or_ask(&app, document, context)).await?;
    }
    let size = match form {
        DocumentForm::Workbook => WorkSize::Heavy,
        DocumentForm::Json | DocumentForm::Typed if bytes.len() > LARGE => WorkSize::Whole,
        DocumentForm::Json | DocumentForm::Typed if bytes.len() > SMALL => WorkSize::Heavy,
        DocumentForm::Json | DocumentForm::Typed => {
            return validate_or_ask(&app, ParsedDocument::of(bytes, form, &expected), context);
        }
    };
    run_blocking(organiser, size, move || validate_or_ask(&app, ParsedDocument::of(bytes, form, &expected), context))
        .await?
}

/// Validates the parsed document, unless it needs earlier statements.
fn validate_or_ask<S: StatementFormat>(
    app: &App,
    mut document: ParsedDocument<S::Raw>,
    mut context: StatementContext<S>,
) -> Result<ValidationStep<S>, InternalError> {
    if needs::<S>(&document, context.month) != Needs::default() {
        return Ok(ValidationStep::NeedsPast(document));
    }
    context.past = Some(PastStatements::default());
    let validated = document.validate(|raw| S::parse(raw, &context));
    packed(app, validated, document).map(ValidationStep::Validated)
}

/// A validated document, ready to be stored when it has no errors.
fn packed<S: StatementFormat>(
    app: &App,
    (statement, findings): (Option<S>, Findings),
    document: ParsedDocument<S::Raw>,
) -> Result<ParsedResult<S>, InternalError> {
    let statement = statement.map(|statement| pack(&statement, app.vault.index_key())).transpose()?;
    Ok((ValidationResult { statement, findings }, document))
}

/// Everything of a valid statement that can be computed before a transaction is open.
fn pack<S: Statement>(statement: &S, index: &IndexKey) -> Result<PackedStatement<S::Totals>, InternalError> {
    let document = serde_json::to_vec(statement)?;
    let fingerprint = match statement.canonical() {
        Cow::Borrowed(_) => index.hash("content", &[&document]),
        Cow::Owned(sorted) => index.hash("content", &[&serde_json::to_vec(&sorted)?]),
    };
    Ok(PackedStatement {
        lines: statement.lines(),
        totals: statement.totals(),
        document: Compressed::new(&document),
        fingerprint,
        facts: statement.standing_facts(),
    })
}

/// The earlier statements that validating needs.
async fn past_statements<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
    needs: Needs,
) -> Result<PastStatements<S>, InternalError> {
    let mut past = PastStatements::default();
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let slot = |month| StatementKey { creche, kind: S::KIND, month };
    if needs.latest {
        let mut upto = Some(month);
        while let Some(last) = upto {
            let Some(found) = store::statements::latest(tx, caller.organiser, slot(last)).await? else { break };
            let StoredRevision { month: at, revision, .. } = found.revision;
            past.latest.push(open(tx, caller, &key, slot(at), revision).await?);
            // After the month's own statement comes the last one before it.
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
        let filter = StatementFilter::in_period(S::KIND, Period::Month(month));
        for current in store::statements::list(tx, caller.organiser, filter).await? {
            let StoredRevision { creche: other, revision, .. } = current.revision;
            if other != creche {
                let slot = StatementKey { creche: other, ..slot(month) };
                past.elsewhere.push(open(tx, caller, &key, slot, revision).await?);
            }
        }
    }
    Ok(past)
}
