//! Whom calls and long polls are counted for.

use crate::app::agents::AgencyCaller;
use crate::app::caller::{Caller, Principal};
use crate::domain::key::KeyId;
use crate::ids::UserId;

/// A caller, as the limits count it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum CountedCaller {
    /// A key, of an organiser's application or of the agency's software.
    Key(KeyId),
    /// A user.
    Person(UserId),
    /// An agent of the agency, by the matricule.
    Agent(String),
}

impl From<&Caller> for CountedCaller {
    fn from(caller: &Caller) -> Self {
        match &caller.who {
            Principal::Application(credential) => Self::Key(credential.key),
            Principal::Person(user) => Self::Person(*user),
        }
    }
}

impl From<&AgencyCaller> for CountedCaller {
    fn from(caller: &AgencyCaller) -> Self {
        match caller {
            AgencyCaller::Agent(agent) => Self::Agent(agent.matricule.clone()),
            AgencyCaller::Software(key) => Self::Key(key.key),
        }
    }
}
