//! The name of a chain of audit entries.

use crate::ids::OrganiserId;

/// One chain of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditChain {
    /// What was done with an organiser's data.
    Organiser(OrganiserId),
    /// What the operator did to the gateway.
    Operator,
}

impl AuditChain {
    /// Its name in the database.
    pub fn name(self) -> String {
        match self {
            Self::Organiser(id) => id.to_string(),
            Self::Operator => "operator".to_owned(),
        }
    }
}
