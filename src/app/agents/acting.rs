//! Who acts for the agency: an agent who is logged in, or its software by a key.

#[cfg(feature = "sandbox")]
use crate::app::App;
use crate::app::agency_keys::VerifiedAgencyKey;
#[cfg(feature = "sandbox")]
use crate::app::users::hash_of;
use crate::domain::actor::Actor;
use crate::domain::agency_key::AgencyScope;
use crate::domain::claim::ClaimRole;
#[cfg(feature = "sandbox")]
use crate::domain::ssin::Ssin;
use crate::ids::OrganiserId;
use crate::store::{self, Tx};

/// An agent who is logged in.
#[derive(Clone)]
pub struct ActingAgent {
    /// The matricule.
    pub matricule: String,
    /// The keyed hash of the agent's national number.
    pub(in crate::app) ssin_hash: String,
}

impl ActingAgent {
    /// The agent with this national number and matricule. Whether there is such an agent is not looked up.
    #[cfg(feature = "sandbox")]
    pub(crate) fn new(app: &App, ssin: &Ssin, matricule: &str) -> Self {
        Self { matricule: matricule.to_owned(), ssin_hash: hash_of(app.vault.index_key(), ssin) }
    }
}

/// Who acts for the agency.
#[derive(Clone)]
pub enum AgencyCaller {
    /// An agent.
    Agent(ActingAgent),
    /// Software, by its key.
    Software(VerifiedAgencyKey),
}

impl AgencyCaller {
    /// The author of what is recorded.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Agent(agent) => Actor::agent(&agent.matricule),
            Self::Software(key) => Actor::agency_key(key.key),
        }
    }

    /// The part in what is done to claims.
    pub const fn role(&self) -> ClaimRole {
        match self {
            Self::Agent(_) => ClaimRole::Agent,
            Self::Software(_) => ClaimRole::AgencySoftware,
        }
    }

    /// Whether the caller has a right of the agency: an agent has every right.
    pub fn may(&self, scope: AgencyScope) -> bool {
        self.verified_key().is_none_or(|key| key.scopes.contains(scope))
    }

    /// The key; `None` for an agent.
    pub const fn verified_key(&self) -> Option<&VerifiedAgencyKey> {
        match self {
            Self::Agent(_) => None,
            Self::Software(key) => Some(key),
        }
    }

    /// Whether the organiser lists the agent among its users, deactivated ones too: such an agent does not act on its claims.
    pub(in crate::app) async fn is_user_of(&self, tx: &mut Tx, organiser: OrganiserId) -> Result<bool, store::Error> {
        let Self::Agent(agent) = self else { return Ok(false) };
        let users = store::users::of_person(tx, &agent.ssin_hash).await?;
        Ok(users.iter().any(|user| user.organiser == organiser))
    }
}
