//! Actors: an application, a user, an agent, the operator, or the gateway itself.

use super::codes::codes;
use super::key::KeyId;
use crate::ids::UserId;

codes! {
    /// The kind of actor.
    pub enum ActorKind {
        /// An application, by the public id of its key.
        Key "key";
        /// A user of the organiser, by the user's id.
        Person "person";
        /// An agent of the agency, by the matricule.
        Agent "agent";
        /// Software of the agency, by the public id of its key.
        AgencyKey "agencyKey";
        /// The operator at the command line of the gateway.
        Operator "operator";
        /// A task of the gateway.
        System "system";
    }
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The kind.
    pub kind: ActorKind,
    /// The public id of the key, the user's id, the agent's matricule, the operator's name, the task of the gateway.
    pub name: String,
}

impl ActorKind {
    /// Whether it acts for the agency.
    pub const fn is_agency(self) -> bool {
        matches!(self, Self::Agent | Self::AgencyKey)
    }
}

impl Actor {
    /// An application, by its key.
    pub fn key(id: KeyId) -> Self {
        Self { kind: ActorKind::Key, name: id.to_string() }
    }

    /// A user of the organiser.
    pub fn person(id: UserId) -> Self {
        Self { kind: ActorKind::Person, name: id.to_string() }
    }

    /// An agent of the agency.
    pub fn agent(matricule: &str) -> Self {
        Self { kind: ActorKind::Agent, name: matricule.to_owned() }
    }

    /// Software of the agency.
    pub fn agency_key(id: KeyId) -> Self {
        Self { kind: ActorKind::AgencyKey, name: id.to_string() }
    }

    /// The operator at the command line.
    pub fn operator(name: &str) -> Self {
        Self { kind: ActorKind::Operator, name: name.to_owned() }
    }

    /// A task of the gateway.
    pub fn system(task: &str) -> Self {
        Self { kind: ActorKind::System, name: task.to_owned() }
    }
}
