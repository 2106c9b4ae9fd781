//! Reading statements. Reading lines is recorded in the audit trail, committed before the response; lists and statuses
//! are not personal and read-only.

use std::collections::HashMap;

use jiff::Timestamp;

use super::super::caller::Caller;
use super::super::error::{AccessError, InternalError};
use super::super::record::Record;
use super::super::{App, creches, doctors, summaries, users};
use super::{sealed, unseal};
use crate::app::application_names::ApplicationNames;
use crate::app::figure_inputs::AsOf;
use crate::app::revision_warnings::RevisionWarnings;
use crate::domain::action::{Action, RecordedStatementAction};
use crate::domain::claim::CorrectionReason;
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Channel, Statement, StatementContext, StatementFilter, StatementKey, StatementStatus};
use crate::domain::summary::Deposited;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::seal::DataKey;
use crate::store::statements::{CrecheStatement, CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

/// A stored statement without its lines.
pub struct StatementEntry<T> {
    /// Month, status, revision, sums.
    pub deposited: Deposited<T>,
    /// When this revision was deposited.
    pub deposited_at: Timestamp,
    /// The channel.
    pub channel: Channel,
    /// The application that deposited it, with its name; none when a user did.
    pub application: Option<(ApplicationId, String)>,
    /// The name of the user who deposited it; none when an application did or the user was deleted.
    pub person: Option<String>,
    /// Why it corrects a signed month; among revisions only.
    pub correction: Option<CorrectionReason>,
}

/// A stored statement.
pub struct StoredStatement<S: Statement> {
    /// The organiser.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: Creche,
    /// Everything but the lines.
    pub entry: StatementEntry<S::Totals>,
    /// The warnings it was accepted with.
    pub warnings: Findings,
    /// The lines.
    pub statement: S,
}

/// Which statements to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatementQuery {
    /// From this month on.
    pub from: Option<Month>,
    /// Up to and including this month.
    pub to: Option<Month>,
}

/// The statements of a crèche, month by month.
pub async fn list<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    wanted: StatementQuery,
) -> Result<Vec<StatementEntry<S::Totals>>, AccessError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let tx = &mut app.db.read().await?;
    let creche = creches::find_within_reach(tx, caller, creche).await?;
    let StatementQuery { from, to } = wanted;
    let filter = StatementFilter { creche: Some(creche.id), from, to, ..StatementFilter::of(S::KIND) };
    let found = store::statements::list(tx, caller.organiser, filter).await?;
    Ok(entries::<S>(tx, &key, caller.organiser, &creche, &found).await?)
}

/// The revisions of one statement, the first first; empty when it was never deposited.
pub async fn revisions<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<Vec<StatementEntry<S::Totals>>, AccessError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let tx = &mut app.db.read().await?;
    let creche = creches::find_within_reach(tx, caller, creche).await?;
    let slot = StatementKey { creche: creche.id, kind: S::KIND, month };
    let Some(current) = store::statements::find(tx, caller.organiser, slot).await? else { return Ok(Vec::new()) };
    let applications = ApplicationNames::read(tx, caller.organiser).await?;
    let mut people = HashMap::new();
    for (revision, person) in store::statements::authors(tx, caller.organiser, slot).await? {
        people.insert(revision, users::name(tx, &key, caller.organiser, person).await?);
    }
    let corrections = store::statements::corrections(tx, caller.organiser, slot).await?;
    let found = store::statements::revisions(tx, caller.organiser, slot).await?;
    let found: Vec<_> = found.into_iter().map(|revision| CurrentStatement { revision, ..current.clone() }).collect();
    let mut entries = entries::<S>(tx, &key, caller.organiser, &creche, &found).await?;
    for (entry, row) in entries.iter_mut().zip(&found) {
        entry.application = row.revision.application.and_then(|id| applications.of(id));
        entry.person = people.remove(&row.revision.revision).flatten();
        entry.correction = corrections.get(&row.revision.revision).copied();
    }
    Ok(entries)
}

/// Number of the current revision and status; `None` when the statement was never deposited.
pub async fn current_revision<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<Option<(u32, StatementStatus)>, AccessError> {
    let slot = StatementKey { creche, kind: S::KIND, month };
    let found = creches::find_with_statement(&mut app.db.read_once().await?, caller, slot).await?.current;
    Ok(found.map(|current| (current.revision.revision, current.status)))
}

/// One revision of a statement with its lines, the current one when none is named.
pub async fn read<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
    revision: Option<u32>,
) -> Result<Option<StoredStatement<S>>, AccessError> {
    let Some(found) = read_unrecorded(app, caller, (creche, month), revision).await? else { return Ok(None) };
    let record = Record::of(Action::OfStatement(S::KIND, RecordedStatementAction::Read)).creche(creche);
    app.record_access(caller.organiser, &caller.actor(), &record.period(Period::Month(month))).await?;
    Ok(Some(found))
}

/// The same, for callers that show no line of it.
pub(in crate::app) async fn read_unrecorded<S: Statement>(
    app: &App,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    revision: Option<u32>,
) -> Result<Option<StoredStatement<S>>, AccessError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let slot = StatementKey { creche, kind: S::KIND, month };
    let found = match revision {
        None => current_document(app, caller, slot).await?,
        Some(number) => document_of_revision(app, caller, slot, number).await?,
    };
    let Some((creche, current, sealed)) = found else { return Ok(None) };
    let stored = RevisionWarnings::read(&current.revision).map_err(InternalError::from)?;
    let doctors = if stored.needs_doctors() {
        store::doctors::list(&mut app.db.read_once().await?, caller.organiser).await?
    } else {
        Vec::new()
    };
    let doctors = doctors::open_current(&key, caller.organiser, doctors)?;
    let statement: S = unseal(caller.organiser, &key, slot, current.revision.revision, &sealed)?;
    let statement = statement.with_current_numbers(&doctors);
    let context = StatementContext {
        doctors: Some(doctors.iter().map(|doctor| doctor.known_at(creche.id)).collect()),
        ..StatementContext::of(&creche, month, caller.clock.today(), app.half_day_max_minutes)
    };
    let warnings = stored.today(&statement, &creche, &doctors, &context);
    let missing_days = statement.standing_facts().missing_days(&creche, month);
    let deposited = summaries::deposited_row(&current, !warnings.is_empty(), missing_days)?;
    let entry = entry(deposited, &current);
    Ok(Some(StoredStatement { organiser: caller.organiser, creche, entry, warnings, statement }))
}

/// A crèche, the state of its statement, and the sealed document of a revision.
type SealedStatement = (Creche, CurrentStatement, Vec<u8>);

/// With the current revision, in one query.
async fn current_document(
    app: &App,
    caller: &Caller,
    slot: StatementKey,
) -> Result<Option<SealedStatement>, AccessError> {
    // The access is written next.
    let tx = &mut app.db.read_before_write().await?;
    let (found, document) = creches::find_with_document(tx, caller, slot).await?;
    Ok(found.current.zip(document).map(|(current, document)| (found.creche, current, document)))
}

/// With the revision of this number.
async fn document_of_revision(
    app: &App,
    caller: &Caller,
    slot: StatementKey,
    number: u32,
) -> Result<Option<SealedStatement>, AccessError> {
    let tx = &mut app.db.read().await?;
    let CrecheStatement { creche, current, .. } = creches::find_with_statement(tx, caller, slot).await?;
    let Some(current) = current else { return Ok(None) };
    let Some(revision) = store::statements::revision(tx, caller.organiser, slot, number).await? else {
        return Ok(None);
    };
    let document = sealed(tx, caller.organiser, slot, number).await?;
    Ok(Some((creche, CurrentStatement { revision, ..current }, document)))
}

/// The last statement deposited before `month`, as the start of the month's template.
pub async fn previous_statement<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<Option<StoredStatement<S>>, AccessError> {
    let wanted = StatementQuery { to: Some(month.previous()), ..StatementQuery::default() };
    let last = list::<S>(app, caller, creche, wanted).await?.pop();
    match last {
        Some(last) => read(app, caller, creche, last.deposited.month, None).await,
        None => Ok(None),
    }
}

/// Stored statements of a crèche without their lines, in the order of `rows`.
async fn entries<S: Statement>(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    creche: &Creche,
    rows: &[CurrentStatement],
) -> Result<Vec<StatementEntry<S::Totals>>, InternalError> {
    let found =
        summaries::deposited_statements(tx, key, (organiser, std::slice::from_ref(creche)), rows, AsOf::NOW).await?;
    Ok(found.into_iter().zip(rows).map(|((_, deposited), row)| entry(deposited, row)).collect())
}

/// A stored statement without its lines, and without the depositor's name.
pub(super) fn entry<T>(deposited: Deposited<T>, row: &CurrentStatement) -> StatementEntry<T> {
    let StoredRevision { deposited_at, channel, .. } = row.revision;
    StatementEntry { deposited, deposited_at, channel, application: None, person: None, correction: None }
}
