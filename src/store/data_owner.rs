//! The owner of sealed data: an organiser, or the agency.

use std::str::FromStr;

use super::row_codes::{AGENCY, Owner};
use crate::ids::OrganiserId;

/// The owner of a file, or of a stored response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataOwner {
    /// An organiser.
    Organiser(OrganiserId),
    /// The agency.
    Agency,
}

impl DataOwner {
    /// As it is stored.
    pub fn name(self) -> String {
        match self {
            Self::Organiser(id) => id.to_string(),
            Self::Agency => AGENCY.to_owned(),
        }
    }

    /// The chain of audit entries that records its rows.
    pub(super) fn chain(self) -> Owner {
        match self {
            Self::Organiser(id) => Owner::Organiser(id.to_string()),
            Self::Agency => Owner::Operator,
        }
    }
}

impl FromStr for DataOwner {
    type Err = crate::ids::ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == AGENCY { Ok(Self::Agency) } else { text.parse().map(Self::Organiser) }
    }
}
