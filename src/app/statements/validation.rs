//! Reading and validating a document: the resulting statement, and all findings.

use std::borrow::Cow;

use super::super::caller::Caller;
use super::super::error::InternalError;
use super::super::{App, WorkSize, doctors, run_blocking};
use super::{DepositError, open};
use crate::domain::announced_rules::Severities;
use crate::domain::claim::Freeze;
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::{Month, Period};
use crate::domain::rule::RuleSet;
use crate::domain::standing_facts::StandingFacts;
use crate::domain::statement::{
    Channel, Needs, PastStatements, Statement, StatementContext, StatementFilter, StatementKey,
};
use crate::ids::OrganiserId;
use crate::ingest::workbook::parsed_workbook::ExpectedHead;
use crate::ingest::{DocumentForm, ParsedDocument, StatementFormat};
use crate::seal::{Compressed, DataKey, IndexKey};
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

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
    pub(super) rules: RuleSet,
    /// The current revision when it was sent.
    pub(super) current: Option<CurrentStatement>,
    /// What freezes it.
    pub(super) freeze: Freeze,
    /// Whether it is validated on the current thread.
    pub(super) is_small: bool,
}

/// Whether a document of this form and size, in bytes, is validated on the current thread.
pub(super) fn is_small(form: DocumentForm, bytes: usize) -> bool {
    !matches!(form, DocumentForm::Workbook) && bytes <= SMALL
}

impl UnreadStatement {
    /// The fingerprint of the current revision where it is one of the former kind.
    fn former_fingerprint(&self) -> Option<String> {
        let fingerprint = &self.current.as_ref()?.revision.fingerprint;
        (!fingerprint.starts_with(FINGERPRINT)).then(|| fingerprint.clone())
    }
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
    /// Whether the current revision, with a fingerprint of the former kind, has the same content.
    pub(super) has_former_fingerprint: bool,
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
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let mut tx = app.db.read().await?;
    let slot = StatementKey { creche, kind: S::KIND, month };
    context.past = Some(past_statements(&mut tx, (caller.organiser, &key), slot, needs).await?);
    if needs.across {
        context.doctors = Some(doctors::known_doctors(&mut tx, &key, caller, creche).await?);
    }
    drop(tx);
    let (app, former) = (app.clone(), sent.former_fingerprint());
    let validate = move || {
        let (statement, findings) =
            document.validate_again(Severities::of(&context), |raw| S::parse(raw.clone(), &context));
        packed(&app, former.as_deref(), (statement, findings), document)
    };
    if sent.is_small {
        return Ok(validate()?);
    }
    Ok(run_blocking(caller.organiser, WorkSize::Light, validate).await??)
}

/// What the rules need beyond the document, without earlier statements.
fn context<S: Statement>(app: &App, caller: &Caller, sent: &UnreadStatement) -> StatementContext<S> {
    let context = StatementContext::of(&sent.creche, sent.month, caller.clock.today(), app.half_day_max_minutes);
    StatementContext { accepted_ssins: app.accepted_ssins, rules: sent.rules, ..context }
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
    let expected = ExpectedHead { period: Period::Month(sent.month), creche: names };
    let (bytes, form, xls, app) = (std::mem::take(&mut sent.bytes), sent.form, &app.xls, app.clone());
    let former = sent.former_fingerprint();
    let validate = move |document| validate_or_ask(&app, former.as_deref(), document, context);
    if form.channel(&bytes) == Channel::Xls {
        let document = ParsedDocument::of_xls(&bytes, &expected, xls).await;
        return run_blocking(organiser, WorkSize::Light, move || validate(document)).await?;
    }
    if sent.is_small {
        return validate(ParsedDocument::of(bytes, form, &expected));
    }
    let size = match form {
        DocumentForm::Json | DocumentForm::Typed if bytes.len() > LARGE => WorkSize::Whole,
        DocumentForm::Json | DocumentForm::Typed | DocumentForm::Workbook => WorkSize::Heavy,
    };
    run_blocking(organiser, size, move || validate(ParsedDocument::of(bytes, form, &expected))).await?
}

/// Validates the parsed document, unless it needs earlier statements.
fn validate_or_ask<S: StatementFormat>(
    app: &App,
    former: Option<&str>,
    mut document: ParsedDocument<S::Raw>,
    mut context: StatementContext<S>,
) -> Result<ValidationStep<S>, InternalError> {
    if needs::<S>(&document, context.month) != Needs::default() {
        return Ok(ValidationStep::NeedsPast(document));
    }
    context.past = Some(PastStatements::default());
    let validated = document.validate(Severities::of(&context), |raw| S::parse(raw, &context));
    packed(app, former, validated, document).map(ValidationStep::Validated)
}

/// A validated document, ready to be stored when it has no errors.
fn packed<S: StatementFormat>(
    app: &App,
    former: Option<&str>,
    (statement, findings): (Option<S>, Findings),
    document: ParsedDocument<S::Raw>,
) -> Result<ParsedResult<S>, InternalError> {
    let statement = statement.map(|statement| pack(&statement, app.vault.index_key(), former)).transpose()?;
    Ok((ValidationResult { statement, findings }, document))
}

/// The beginning of a fingerprint of the stored text. Those of the former kind, of the JSON, have none.
const FINGERPRINT: &str = "2:";

/// Everything of a valid statement that can be computed before a transaction is open.
fn pack<S: Statement>(
    statement: &S,
    index: &IndexKey,
    former: Option<&str>,
) -> Result<PackedStatement<S::Totals>, InternalError> {
    let document = stored_text(statement)?;
    let canonical = statement.canonical();
    let hash = match &canonical {
        Cow::Borrowed(_) => index.hash("stored content", &[&document]),
        Cow::Owned(sorted) => index.hash("stored content", &[&stored_text(sorted)?]),
    };
    let has_former_fingerprint = match former {
        Some(former) => index.hash("content", &[&serde_json::to_vec(&*canonical)?]) == former,
        None => false,
    };
    Ok(PackedStatement {
        lines: statement.lines(),
        totals: statement.totals(),
        document: Compressed::new(&document),
        fingerprint: format!("{FINGERPRINT}{hash}"),
        has_former_fingerprint,
        facts: statement.standing_facts(),
    })
}

/// The text that is stored of a statement: [`super::unseal`] reads it.
fn stored_text<S: Statement>(statement: &S) -> Result<Vec<u8>, InternalError> {
    match statement.to_compact() {
        Some(text) => Ok(text.into_bytes()),
        None => Ok(serde_json::to_vec(statement)?),
    }
}

/// The earlier statements that validating needs.
async fn past_statements<S: Statement>(
    tx: &mut Tx,
    (organiser, key): (OrganiserId, &DataKey),
    StatementKey { creche, kind, month }: StatementKey,
    needs: Needs,
) -> Result<PastStatements<S>, InternalError> {
    let mut past = PastStatements::default();
    let slot = |month| StatementKey { creche, kind, month };
    if needs.latest {
        let mut upto = Some(month);
        while let Some(last) = upto {
            let Some(found) = store::statements::latest(tx, organiser, slot(last)).await? else { break };
            let StoredRevision { month: at, revision, .. } = found.revision;
            past.latest.push(open(tx, organiser, key, slot(at), revision).await?);
            // After the month's own statement comes the last one before it.
            upto = (at == month).then(|| month.previous());
        }
    }
    if needs.quarter {
        for month in month.quarter().months().into_iter().filter(|other| *other != month) {
            if let Some(current) = store::statements::find(tx, organiser, slot(month)).await? {
                past.quarter.push(open(tx, organiser, key, slot(month), current.revision.revision).await?);
            }
        }
    }
    if needs.across {
        let filter = StatementFilter::in_period(kind, Period::Month(month));
        for current in store::statements::list(tx, organiser, filter).await? {
            let StoredRevision { creche: other, revision, .. } = current.revision;
            if other != creche {
                let slot = StatementKey { creche: other, ..slot(month) };
                past.elsewhere.push(open(tx, organiser, key, slot, revision).await?);
            }
        }
    }
    Ok(past)
}
