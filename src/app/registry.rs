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

/// What becomes of something that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It was not there.
    Added,
    /// It was there, and these of its properties were not so.
    Changed(Vec<&'static str>),
    /// It was there, and all was so.
    Unchanged,
}

impl ImportOutcome {
    fn of(changed: Vec<&'static str>) -> Self {
        if changed.is_empty() { Self::Unchanged } else { Self::Changed(changed) }
    }
}

/// What a file does to one organiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedOrganiser {
    /// Its id; of one that a dry run would add, not the one that it will have.
    pub id: OrganiserId,
    /// Its BCE number.
    pub enterprise_number: EnterpriseNumber,
    /// Its legal name.
    pub legal_name: String,
    /// What becomes of it.
    pub fate: ImportOutcome,
    /// Its crèches that the file names.
    pub creches: Vec<ImportedCreche>,
    /// How many administrators it has now that it had not.
    pub administrators: usize,
}

/// What a file does to one crèche.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCreche {
    /// Its id; of one that a dry run would add, not the one that it will have.
    pub id: CrecheId,
    /// The agency's number for it.
    pub one_number: String,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub fate: ImportOutcome,
}

/// What became of a file.
#[derive(Debug, Default)]
pub struct RegistryImportResult {
    /// Organiser by organiser, as the file names them; empty when it is refused.
    pub organisers: Vec<ImportedOrganiser>,
    /// What was found in the file; nothing was done if there is an error among it.
    pub findings: Findings,
}

/// How a file is brought in.
#[derive(Debug, Clone, Copy)]
pub struct RegistryImportOptions {
    /// Only tell what would become of it.
    pub dry_run: bool,
    /// Whether the one who brings it in certifies that the administrators in it agree to be let in.
    pub certified_consent: bool,
}

impl RegistryImportOptions {
    fn check(self, wanted: &[NewOrganiser]) -> Result<(), OperatorError> {
        let nobody = wanted.iter().all(|organiser| organiser.administrators.is_empty());
        if nobody || self.certified_consent { Ok(()) } else { Err(OperatorError::NoConsent) }
    }
}

/// Brings the organisers of a file in.
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
