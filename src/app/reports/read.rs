//! Reading reports. Reading one is recorded in the audit trail before the response, because salaries are in it; lists are
//! not personal.

use std::collections::HashSet;

use jiff::Timestamp;

use super::view::ReportView;
use super::{key, state_of};
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::record::Record;
use crate::app::{App, creches};
use crate::domain::action::{Action, RecordedStatementAction};
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::raw::RawReport;
use crate::domain::report::{self, ReportFigures};
use crate::domain::statement::{Channel, StatementFilter};
use crate::ids::{ApplicationId, CrecheId};
use crate::store;
use crate::store::claims::ClaimKey;
use crate::store::statements::StoredRevision;

/// A stored revision of a report without its content.
pub struct ReportEntry {
    /// The quarter.
    pub quarter: Quarter,
    /// The revision.
    pub revision: u32,
    /// When it was deposited.
    pub deposited_at: Timestamp,
    /// The channel.
    pub channel: Channel,
    /// The application that deposited it; `None` when a user did.
    pub application: Option<ApplicationId>,
}

/// A stored report.
pub struct StoredReport {
    /// The crèche.
    pub creche: Creche,
    /// Quarter, revision, instant.
    pub entry: ReportEntry,
    /// Draft, signed, and so on.
    pub state: ClaimState,
    /// The document.
    pub document: RawReport,
    /// Its sums.
    pub figures: ReportFigures,
    /// The warnings of today.
    pub warnings: Findings,
}

impl From<StoredRevision> for ReportEntry {
    fn from(stored: StoredRevision) -> Self {
        let StoredRevision { revision, deposited_at, channel, application, .. } = stored;
        Self { quarter: stored.month.quarter(), revision, deposited_at, channel, application }
    }
}

/// The reports of a crèche, quarter by quarter.
pub async fn list(app: &App, caller: &Caller, creche: CrecheId) -> Result<Vec<ReportEntry>, AccessError> {
    let tx = &mut app.db.read().await?;
    let creche = creches::find_within_reach(tx, caller, creche).await?;
    let filter = StatementFilter { creche: Some(creche.id), ..StatementFilter::of(report::KIND) };
    let found = store::statements::list(tx, caller.organiser, filter).await?;
    Ok(found.into_iter().map(|current| current.revision.into()).collect())
}

/// The crèches and quarters of which a draft is stored, within the caller's reach.
pub async fn stored_quarters(app: &App, caller: &Caller) -> Result<HashSet<(CrecheId, Quarter)>, InternalError> {
    let tx = &mut app.db.read().await?;
    let found = store::statements::list(tx, caller.organiser, StatementFilter::of(report::KIND)).await?;
    let within = found.into_iter().filter(|current| caller.reaches(current.revision.creche));
    Ok(within.map(|current| (current.revision.creche, current.revision.month.quarter())).collect())
}

/// The revisions of one report, the first first; empty when nothing was deposited.
pub async fn revisions(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<Vec<ReportEntry>, AccessError> {
    let tx = &mut app.db.read().await?;
    creches::find_within_reach(tx, caller, creche).await?;
    let found = store::statements::revisions(tx, caller.organiser, key(creche, quarter)).await?;
    Ok(found.into_iter().map(ReportEntry::from).collect())
}

/// Number of the current revision, and the state of the report; `None` when nothing was deposited.
pub async fn current_revision(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<Option<(u32, ClaimState)>, AccessError> {
    let tx = &mut app.db.read().await?;
    let found = creches::find_with_statement(tx, caller, key(creche, quarter)).await?.current;
    let state = state_of(tx, ClaimKey::new(caller.organiser, creche, quarter)).await?;
    Ok(found.map(|current| (current.revision.revision, state)))
}

/// One revision of a report, the current one when none is named.
pub async fn read(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
    revision: Option<u32>,
) -> Result<Option<StoredReport>, AccessError> {
    let view = ReportView::read(app, caller, (creche, quarter), revision).await?;
    let Some(document) = view.document() else { return Ok(None) };
    record_reading(app, caller, creche, quarter).await?;
    let warnings = view.warnings(&document);
    let claim = ClaimKey::new(caller.organiser, creche, quarter);
    let state = state_of(&mut app.db.read().await.map_err(InternalError::from)?, claim).await?;
    let ReportView { creche, stored, .. } = view;
    let found = stored.map(|(revision, report)| StoredReport {
        creche,
        entry: revision.into(),
        state,
        document,
        figures: ReportFigures::of(&report),
        warnings,
    });
    Ok(found)
}

/// Records that the salaries of a report are read; they are returned only once that is committed.
pub(super) async fn record_reading(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<(), store::Error> {
    let record = Record::of(Action::OfStatement(report::KIND, RecordedStatementAction::Read));
    let record = record.creche(creche).period(Period::Quarter(quarter));
    app.record_access(caller.organiser, &caller.actor(), &record).await
}
