//! The operator's actions: each in one transaction with its audit entry.

use super::App;
use super::clocks::Clocks;
use super::error::InternalError;
use super::error::fault_conversions;
use super::unit_of_work::UnitOfWork;
use crate::domain::actor::Actor;
use crate::domain::caps::Caps;
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::finding::Findings;
use crate::domain::key::KeyId;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::store::{self, Db, WritePurpose};
use crate::vault::Vault;
use crate::words::Language;

/// The context of an action: database, clocks, actor.
#[derive(Clone, Copy)]
pub struct OperatorContext<'a> {
    /// The database.
    pub db: &'a Db,
    /// The vault, for the audit trail.
    pub vault: &'a Vault,
    /// Machine time, and the business time of each organiser.
    pub clocks: &'a Clocks,
    /// The actor.
    pub actor: &'a Actor,
    /// How much the organiser may store; `None` where nothing is added.
    pub caps: Option<&'a Caps>,
}

/// Why an action was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// No organiser has this id.
    #[error("there is no organiser {0}")]
    NoOrganiser(OrganiserId),
    /// The organiser has no crèche with this id.
    #[error("the organiser has no crèche {0}")]
    NoCreche(CrecheId),
    /// The organiser has no application with this id.
    #[error("the organiser has no application {0}")]
    NoApplication(ApplicationId),
    /// No key has this public id.
    #[error("there is no key {0}")]
    NoKey(KeyId),
    /// Another organiser has this enterprise number.
    #[error("organiser {1} has the enterprise number {0} already")]
    EnterpriseNumberTaken(EnterpriseNumber, OrganiserId),
    /// Another crèche of the organiser has this ONE number.
    #[error("crèche {1} has the ONE number {0} already")]
    OneNumberTaken(String, CrecheId),
    /// A file with users, without the certification that they agree.
    #[error("the file names administrators: certify with --certified-consent that each of them agrees to it")]
    NoConsent,
    /// The authorisation would end before it begins.
    #[error("the authorisation would end before it begins: correct one of the dates")]
    Backwards,
    /// The request breaks rules.
    #[error("{}", sentences(.0))]
    Invalid(Findings),
    /// A key was issued under this public id before.
    #[error("a key {0} was issued before")]
    KeyTaken(KeyId),
    /// The person is an agent already.
    #[error("the person is an agent already: take the role back first to change the matricule")]
    AgentKnown,
    /// No agent has this matricule.
    #[error("there is no agent {0}")]
    NoAgent(String),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(OperatorError);

/// The findings one after the other, in English.
fn sentences(findings: &Findings) -> String {
    findings.iter().map(|finding| finding.detail(Language::En)).collect::<Vec<_>>().join(" ")
}

impl App {
    /// An action of `actor`.
    pub fn acting_as<'a>(&'a self, actor: &'a Actor) -> OperatorContext<'a> {
        OperatorContext { db: &self.db, vault: &self.vault, clocks: &self.clocks, actor, caps: Some(&self.caps) }
    }
}

impl<'a> OperatorContext<'a> {
    /// Begins a write for an organiser, which is locked until the write ends.
    pub(super) async fn begin(
        self,
        organiser: OrganiserId,
        purpose: WritePurpose,
    ) -> Result<UnitOfWork<'a>, OperatorError> {
        let services = (self.vault, self.clocks);
        match UnitOfWork::begin(self.db, services, (organiser, self.actor), purpose).await {
            Err(store::Error::Rows(0)) => Err(OperatorError::NoOrganiser(organiser)),
            begun => Ok(begun?),
        }
    }

    /// Begins a write that belongs to no single organiser.
    pub(super) async fn begin_for_operator(self) -> Result<UnitOfWork<'a>, store::Error> {
        UnitOfWork::begin_for_operator(self.db, (self.vault, self.clocks), self.actor).await
    }

    /// The same for what the agency does, at an instant of its business time.
    pub(super) async fn begin_for_agency(self) -> Result<UnitOfWork<'a>, store::Error> {
        UnitOfWork::begin_for_agency(self.db, (self.vault, self.clocks), self.actor).await
    }
}
