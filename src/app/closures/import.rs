//! Closures of many crèches from one file, all of them or none.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::put;
use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::closure::{Closure, MAX_CLOSURES};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::closure::{AMBIGUOUS_CRECHE, UNKNOWN_CRECHE};
use crate::domain::rules::document::TOO_MANY;
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::closures::{self, ListedCreche};
use crate::store::{self, Db};

/// How the file is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosureImportOptions {
    /// The file has all closures of each crèche it names: others are removed.
    pub replace: bool,
    /// Dry run.
    pub dry_run: bool,
}

/// The result for one crèche of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedClosures {
    /// Its organiser.
    pub organiser: OrganiserId,
    /// The crèche.
    pub creche: CrecheId,
    /// Added closures.
    pub added: usize,
    /// Removed closures.
    pub removed: usize,
    /// How many it has now.
    pub total: usize,
}

/// The result for a file.
#[derive(Debug)]
pub struct ClosureImportResult {
    /// Crèche by crèche; empty when the file is refused.
    pub creches: Vec<ImportedClosures>,
    /// The findings; with an error among them nothing was written.
    pub findings: Findings,
}

/// Imports the closures of a file.
pub async fn import(
    act: OperatorContext<'_>,
    file: &[u8],
    manner: ClosureImportOptions,
) -> Result<ClosureImportResult, OperatorError> {
    let listed = match closures::read(file) {
        Ok(listed) => listed,
        Err(findings) => return Ok(ClosureImportResult { creches: Vec::new(), findings: findings.folded() }),
    };
    let (wanted, mut findings) = assign_closures(&creche_index(act.db).await?, listed, act.clocks.machine().today());
    let mut creches = Vec::new();
    if !findings.has_errors() {
        let mut work = act.begin_for_operator().await?;
        let organisers: BTreeSet<_> = wanted.keys().map(|(organiser, _)| *organiser).collect();
        for organiser in organisers {
            store::organisers::lock(&mut work, organiser).await?;
        }
        for ((organiser, creche), wanted) in wanted {
            match one(&mut work, (organiser, creche), &wanted, manner).await? {
                Ok(imported) => creches.push(imported),
                Err(finding) => findings.push(finding),
            }
        }
        if !findings.has_errors() && !manner.dry_run && work.is_recorded() {
            work.commit().await?;
        }
    }
    if findings.has_errors() {
        creches.clear();
    }
    Ok(ClosureImportResult { creches, findings: findings.folded() })
}

/// Every crèche, by its id and by its ONE number.
type CrecheIndex = BTreeMap<String, Vec<(OrganiserId, CrecheId)>>;

async fn creche_index(db: &Db) -> Result<CrecheIndex, store::Error> {
    let tx = &mut db.read().await?;
    let mut everyone = CrecheIndex::new();
    for organiser in store::organisers::list(tx).await? {
        for creche in store::creches::list(tx, organiser.id).await? {
            for name in [creche.id.to_string(), creche.one_number] {
                everyone.entry(name).or_default().push((organiser.id, creche.id));
            }
        }
    }
    Ok(everyone)
}

/// The closures of one crèche, and where the file first names it.
struct CrecheClosures {
    closures: BTreeSet<Closure>,
    place: FindingPlace,
}

/// The closures of each crèche, and the findings on the file.
fn assign_closures(
    everyone: &CrecheIndex,
    listed: Vec<ListedCreche>,
    today: Date,
) -> (BTreeMap<(OrganiserId, CrecheId), CrecheClosures>, Findings) {
    let mut wanted = BTreeMap::<_, CrecheClosures>::new();
    let mut findings = Findings::default();
    for mut listed in listed {
        findings.extend(std::mem::take(&mut listed.shape));
        let (items, found) = std::mem::take(&mut listed.closures).parse(today);
        findings.extend(listed.locate(found));
        let place = listed.place();
        let owners = everyone.get(&listed.creche).map(Vec::as_slice).unwrap_or_default();
        if let [owner] = owners {
            let wanted = wanted.entry(*owner).or_insert(CrecheClosures { closures: BTreeSet::new(), place });
            wanted.closures.extend(items);
        } else {
            let rule = if owners.is_empty() { &UNKNOWN_CRECHE } else { &AMBIGUOUS_CRECHE };
            findings.push(Finding::new(rule, place).with("creche", Param::Code(listed.creche)));
        }
    }
    (wanted, findings)
}

/// Replaces the closures of one crèche, with the entry and the event.
async fn one(
    work: &mut UnitOfWork<'_>,
    (organiser, creche): (OrganiserId, CrecheId),
    wanted: &CrecheClosures,
    manner: ClosureImportOptions,
) -> Result<Result<ImportedClosures, Finding>, OperatorError> {
    let record = store::creches::find(work, organiser, creche).await?.ok_or(OperatorError::NoCreche(creche))?;
    let former: BTreeSet<_> = store::closures::list(work, organiser, creche).await?.into_iter().collect();
    let stored = if manner.replace { BTreeSet::new() } else { former.clone() };
    let closures: Vec<_> = stored.union(&wanted.closures).copied().collect();
    if closures.len() > MAX_CLOSURES {
        let count = |count: usize| Param::Count(count as u64);
        let finding = Finding::new(&TOO_MANY, wanted.place.clone()).with("field", Param::Code("items".to_owned()));
        return Ok(Err(finding.with("count", count(closures.len())).with("max", count(MAX_CLOSURES))));
    }
    let added = closures.iter().filter(|closure| !former.contains(closure)).count();
    let removed = former.len() + added - closures.len();
    if added + removed > 0 {
        let detail = format!("import: {added} added, {removed} removed");
        let replaced = put(work, organiser, (creche, record.closures_version), &closures, Some(detail)).await?;
        replaced.ok_or(store::Error::Rows(0))?;
    }
    Ok(Ok(ImportedClosures { organiser, creche, added, removed, total: closures.len() }))
}
