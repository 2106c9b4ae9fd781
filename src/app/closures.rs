//! The closures of a crèche: read by callers with the attendance scope, replaced as a whole.

pub mod change;
pub mod import;

use super::caller::Caller;
use super::creches;
use super::error::fault_conversions;
use super::error::{AccessError, InternalError};
use super::record::Record;
use super::unit_of_work::UnitOfWork;
use super::{App, Precondition, PreconditionError};
use crate::domain::closure::{Closure, RawClosures};
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::kinds::attendance;
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::json;
use crate::ingest::schema::{CLOSURES, Schemas};
use crate::store::{self, WritePurpose};

/// The scope for reading closures: attendance is validated with them.
pub const READ: Scope = Scope::StatementsRead(attendance::KIND);
/// The scope for replacing closures.
pub const WRITE: Scope = Scope::StatementsWrite(attendance::KIND);

/// The closures of a crèche and how often they were replaced.
pub struct Closures {
    /// The crèche.
    pub creche: CrecheId,
    /// In the order of the calendar.
    pub items: Vec<Closure>,
    /// Rises with each replacement; 0 before the first.
    pub version: u64,
    /// Whether this was written now.
    pub written: bool,
    /// Whether the content was unchanged.
    pub unchanged: bool,
    /// Warnings.
    pub warnings: Findings,
}

/// Why the closures were not replaced.
#[derive(Debug, thiserror::Error)]
pub enum ClosureError {
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] AccessError),
    /// The document has errors.
    #[error("the document has errors")]
    Invalid(Findings),
    /// The precondition is not met.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(ClosureError);

/// The current closures.
pub async fn read(app: &App, caller: &Caller, creche: CrecheId) -> Result<Closures, AccessError> {
    let tx = &mut app.db.read().await?;
    let creche = creches::find_within_reach(tx, caller, creche).await?;
    let record = store::creches::find(tx, caller.organiser, creche.id).await?.ok_or(AccessError::Unknown)?;
    let items = creche.calendar.closures().to_vec();
    Ok(Closures {
        creche: creche.id,
        items,
        version: record.closures_version,
        written: false,
        unchanged: false,
        warnings: Findings::default(),
    })
}

/// Replaces the closures by those of `document`.
pub async fn replace(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    document: &[u8],
    precondition: &Precondition,
    dry_run: bool,
) -> Result<Closures, ClosureError> {
    let dry_run = dry_run || caller.is_trial();
    let current = read(app, caller, creche).await?;
    let (raw, mut findings) = json::read::<RawClosures>(document, CLOSURES, Schemas::shared());
    let (items, rules) = raw.map(|raw| raw.parse(caller.clock.today())).unwrap_or_default();
    findings.extend(rules);
    let warnings = findings.folded();
    if warnings.has_errors() {
        return Err(ClosureError::Invalid(warnings));
    }
    let unchanged = items == current.items;
    let answer = Closures { items, warnings, ..current };
    if dry_run {
        return Ok(Closures { unchanged, ..answer });
    }
    store_closures(app, caller, answer, precondition).await
}

async fn store_closures(
    app: &App,
    caller: &Caller,
    mut wanted: Closures,
    precondition: &Precondition,
) -> Result<Closures, ClosureError> {
    let mut work = app.begin(caller, WritePurpose::Content).await?;
    let record = store::creches::find(&mut work, caller.organiser, wanted.creche).await?.ok_or(AccessError::Unknown)?;
    let version = record.closures_version;
    if store::closures::list(&mut work, caller.organiser, wanted.creche).await? == wanted.items {
        return Ok(Closures { version, unchanged: true, ..wanted });
    }
    // The list exists from the start, empty and with version 0: only that one may be replaced without a precondition.
    if version > 0 || !matches!(precondition, Precondition::None | Precondition::New) {
        precondition.check(Some(version))?;
    }
    let replaced = put(&mut work, caller.organiser, (wanted.creche, version), &wanted.items, None).await?;
    wanted.version = replaced.ok_or(PreconditionError::Stale(Some(version)))?;
    work.commit().await?;
    wanted.written = true;
    Ok(wanted)
}

/// Replaces the list of version `version`, and records it: returns the new version; `None` when the crèche has
/// another version.
async fn put(
    work: &mut UnitOfWork<'_>,
    organiser: OrganiserId,
    (creche, version): (CrecheId, u64),
    items: &[Closure],
    detail: Option<String>,
) -> Result<Option<u64>, store::Error> {
    let at = work.at();
    let replaced = store::closures::replace(work, organiser, creche, version, items, at).await?;
    let Some(version) = replaced else { return Ok(None) };
    let record = Record::of(EventType::ClosuresReplaced).creche(creche).revision(version);
    let record = detail.into_iter().fold(record, Record::detail);
    work.record_for(organiser, &record);
    Ok(Some(version))
}
