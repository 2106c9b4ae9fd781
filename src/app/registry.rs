//! Organisers with their crèches and first administrators from one file, all of it or nothing.

mod write;

use self::write::RegistryImport;
use super::operator::{OperatorContext, OperatorError};
use super::organisers;
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::finding::Findings;
use crate::domain::registry::NewOrganiser;
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::registry;

/// The result for an object of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It did not exist.
    Added,
    /// It existed, and these of its properties changed.
    Changed(Vec<&'static str>),
    /// It existed, and nothing changed.
    Unchanged,
}

impl ImportOutcome {
    fn of(changed: Vec<&'static str>) -> Self {
        if changed.is_empty() { Self::Unchanged } else { Self::Changed(changed) }
    }
}

/// The result for one organiser of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedOrganiser {
    /// Its id; a placeholder where a dry run would add it.
    pub id: OrganiserId,
    /// Its BCE number.
    pub enterprise_number: EnterpriseNumber,
    /// Its legal name.
    pub legal_name: String,
    /// The result.
    pub fate: ImportOutcome,
    /// Its crèches that the file names.
    pub creches: Vec<ImportedCreche>,
    /// How many administrators were added.
    pub administrators: usize,
}

/// The result for one crèche of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCreche {
    /// Its id; a placeholder where a dry run would add it.
    pub id: CrecheId,
    /// The agency's number for it.
    pub one_number: String,
    /// Its name.
    pub name: String,
    /// The result.
    pub fate: ImportOutcome,
}

/// The result for a file.
#[derive(Debug, Default)]
pub struct RegistryImportResult {
    /// Organiser by organiser, as the file names them; empty when it is refused.
    pub organisers: Vec<ImportedOrganiser>,
    /// The findings; with an error among them nothing was written.
    pub findings: Findings,
}

/// How a file is imported.
#[derive(Debug, Clone, Copy)]
pub struct RegistryImportOptions {
    /// Dry run.
    pub dry_run: bool,
    /// Whether the operator certifies that the administrators in the file agree to be users.
    pub certified_consent: bool,
}

impl RegistryImportOptions {
    fn check(self, wanted: &[NewOrganiser]) -> Result<(), OperatorError> {
        let nobody = wanted.iter().all(|organiser| organiser.administrators.is_empty());
        if nobody || self.certified_consent { Ok(()) } else { Err(OperatorError::NoConsent) }
    }
}

/// Imports the organisers of a file.
pub async fn import(
    act: OperatorContext<'_>,
    file: &[u8],
    manner: RegistryImportOptions,
) -> Result<RegistryImportResult, OperatorError> {
    let mut listing = match registry::read(file) {
        Ok(listing) => listing,
        Err(findings) => {
            return Ok(RegistryImportResult { findings: findings.folded(), ..RegistryImportResult::default() });
        }
    };
    let mut findings = std::mem::take(&mut listing.shape);
    let (wanted, rules) = std::mem::take(&mut listing.registry).parse(act.clocks.machine().today());
    findings.extend(listing.locate(rules));
    manner.check(&wanted)?;
    let mut organisers = Vec::new();
    if !findings.has_errors() {
        let work = organisers::begin_registration(act).await?;
        let (work, done, found) = RegistryImport::begin(act, work, &wanted).await?.all(wanted).await?;
        findings.extend(listing.locate(found));
        if !findings.has_errors() {
            organisers = done;
            if !manner.dry_run && work.is_recorded() {
                work.commit().await?;
            }
        }
    }
    Ok(RegistryImportResult { organisers, findings: findings.folded() })
}
