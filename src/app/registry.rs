//! Organisers with their crèches and first administrators from one file, all of it or nothing.

mod write;

use self::write::Import;
use super::act::{Act, Refusal};
use super::organisers;
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::finding::Findings;
use crate::domain::registry::NewOrganiser;
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::registry;

/// What becomes of something that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was not there.
    Added,
    /// It was there, and these of its properties were not so.
    Changed(Vec<&'static str>),
    /// It was there, and all was so.
    Unchanged,
}

impl Fate {
    fn of(changed: Vec<&'static str>) -> Self {
        if changed.is_empty() { Self::Unchanged } else { Self::Changed(changed) }
    }
}

/// What a file does to one organiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its id; of one that a dry run would add, not the one that it will have.
    pub id: OrganiserId,
    /// Its BCE number.
    pub enterprise_number: EnterpriseNumber,
    /// Its legal name.
    pub legal_name: String,
    /// What becomes of it.
    pub fate: Fate,
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
    pub fate: Fate,
}

/// What became of a file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Organiser by organiser, as the file names them; empty when it is refused.
    pub organisers: Vec<Imported>,
    /// What was found in the file; nothing was done if there is an error among it.
    pub findings: Findings,
}

/// How a file is brought in.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Only tell what would become of it.
    pub dry_run: bool,
    /// Whether whoever brings it in certifies that the administrators in it agree to be let in.
    pub certified_consent: bool,
}

impl Manner {
    fn admit(self, wanted: &[NewOrganiser]) -> Result<(), Refusal> {
        let nobody = wanted.iter().all(|organiser| organiser.administrators.is_empty());
        if nobody || self.certified_consent { Ok(()) } else { Err(Refusal::NoConsent) }
    }
}

/// Brings the organisers of a file in.
pub async fn import(act: Act<'_>, file: &[u8], manner: Manner) -> Result<Outcome, Refusal> {
    let mut listing = match registry::read(file) {
        Ok(listing) => listing,
        Err(findings) => return Ok(Outcome { findings: findings.folded(), ..Outcome::default() }),
    };
    let mut findings = std::mem::take(&mut listing.shape);
    let (wanted, rules) = std::mem::take(&mut listing.registry).parse(act.clock.today());
    findings.extend(listing.locate(rules));
    manner.admit(&wanted)?;
    let mut organisers = Vec::new();
    if !findings.refuse() {
        let tx = organisers::alone(act).await?;
        let (tx, done, found) = Import::begin(act, tx, &wanted).await?.all(wanted).await?;
        findings.extend(listing.locate(found));
        if !findings.refuse() {
            organisers = done;
            if !manner.dry_run {
                tx.commit().await?;
            }
        }
    }
    Ok(Outcome { organisers, findings: findings.folded() })
}
