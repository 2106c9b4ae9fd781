//! Closures added to or taken from several crèches at once, all of them or none.

use std::collections::BTreeSet;

use super::{ClosureError, put};
use crate::app::caller::Caller;
use crate::app::creches;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, PreconditionError};
use crate::domain::closure::{Closure, MAX_CLOSURES, RawClosures};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::document::TOO_MANY;
use crate::ids::CrecheId;
use crate::ingest::json;
use crate::ingest::schema::{CLOSURES, Schemas};
use crate::store::{self, WritePurpose};

/// The operation on the named closures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosureOperation {
    /// Add them.
    Add,
    /// Remove them where they exist.
    Remove,
}

/// The result of a change.
#[derive(Debug)]
pub struct ChangedClosures {
    /// How many crèches have other closures now.
    pub creches: usize,
    /// Warnings.
    pub warnings: Findings,
}

/// Adds the closures of `document` to these crèches, or removes them.
pub async fn change(
    app: &App,
    caller: &Caller,
    creches: &[CrecheId],
    change: ClosureOperation,
    document: &[u8],
) -> Result<ChangedClosures, ClosureError> {
    let (raw, mut findings) = json::read::<RawClosures>(document, CLOSURES, Schemas::shared());
    let (items, rules) = match (raw, change) {
        (None, _) => Default::default(),
        (Some(raw), ClosureOperation::Add) => raw.parse(caller.clock.today()),
        (Some(raw), ClosureOperation::Remove) => (raw.named(), Findings::default()),
    };
    findings.extend(rules);
    let warnings = findings.folded();
    if warnings.has_errors() {
        return Err(ClosureError::Invalid(warnings));
    }
    let mut work = app.begin(caller, WritePurpose::Content).await?;
    let mut changed = ChangedClosures { creches: 0, warnings };
    for creche in creches {
        changed.creches += usize::from(one(&mut work, caller, *creche, change, &items).await?);
    }
    if work.is_recorded() {
        work.commit().await?;
    }
    Ok(changed)
}

/// Changes one crèche; returns whether its closures differ afterwards.
async fn one(
    work: &mut UnitOfWork<'_>,
    caller: &Caller,
    creche: CrecheId,
    change: ClosureOperation,
    items: &[Closure],
) -> Result<bool, ClosureError> {
    let organiser = caller.organiser;
    let creche = creches::find_within_reach(work, caller, creche).await?;
    let record = store::creches::find(work, organiser, creche.id).await?.ok_or(store::Error::Rows(0))?;
    let former: BTreeSet<_> = creche.calendar.closures().iter().copied().collect();
    let mut wanted = former.clone();
    match change {
        ClosureOperation::Add => wanted.extend(items),
        ClosureOperation::Remove => wanted.retain(|closure| !items.contains(closure)),
    }
    if wanted.len() > MAX_CLOSURES {
        return Err(ClosureError::Invalid(Findings::from_iter([too_many(wanted.len())])));
    }
    if wanted != former {
        let wanted: Vec<_> = wanted.iter().copied().collect();
        let version = record.closures_version;
        let replaced = put(work, organiser, (creche.id, version), &wanted, None).await?;
        replaced.ok_or(PreconditionError::Stale(Some(version)))?;
    }
    Ok(wanted.len() != former.len())
}

fn too_many(count: usize) -> Finding {
    let number = |count: usize| Param::Count(count as u64);
    let finding = Finding::new(&TOO_MANY, FindingPlace::default()).with("field", Param::Code("items".to_owned()));
    finding.with("count", number(count)).with("max", number(MAX_CLOSURES))
}
