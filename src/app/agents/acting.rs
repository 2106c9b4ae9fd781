//! The agent who is logged in, and the organisers for which the agent may not decide.

use crate::domain::actor::Actor;
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
    /// The agent as the author of what is recorded.
    pub(in crate::app) fn actor(&self) -> Actor {
        Actor::agent(&self.matricule)
    }

    /// Whether the organiser lists the agent among its users, deactivated ones too: such an agent does not act on its claims.
    pub(in crate::app) async fn is_user_of(&self, tx: &mut Tx, organiser: OrganiserId) -> Result<bool, store::Error> {
        let users = store::users::of_person(tx, &self.ssin_hash).await?;
        Ok(users.iter().any(|user| user.organiser == organiser))
    }
}
