//! The audit trail: actions with actor and instant, in a chain for each organiser and one for the operator.

use std::str::FromStr;

use jiff::Timestamp;

use super::actor::Actor;
use super::codes::codes;
use super::period::Period;
use crate::ids::{CrecheId, OrganiserId, UserId};

/// One chain of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditChain {
    /// The actions on an organiser's data.
    Organiser(OrganiserId),
    /// The operator's actions on the gateway.
    Operator,
}

/// The name of the operator's chain.
const OPERATOR: &str = "operator";

impl AuditChain {
    /// Its name, in the database and in checkpoints.
    pub fn name(self) -> String {
        match self {
            Self::Organiser(id) => id.to_string(),
            Self::Operator => OPERATOR.to_owned(),
        }
    }
}

impl FromStr for AuditChain {
    type Err = <OrganiserId as FromStr>::Err;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == OPERATOR { Ok(Self::Operator) } else { name.parse().map(Self::Organiser) }
    }
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainHead {
    /// The number of the last entry, 0 when there is none.
    pub number: u64,
    /// Its hash, empty when there is none.
    pub hash: String,
    /// Covers chain, number and hash.
    pub seal: String,
}

/// A new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// The actor.
    pub actor: Actor,
    /// The action.
    pub action: String,
    /// The crèche.
    pub creche: Option<CrecheId>,
    /// The period.
    pub period: Option<Period>,
    /// Details as a text or JSON; no personal data.
    pub detail: Option<String>,
}

impl AuditEntry {
    /// An entry for this action of `actor` at `at`.
    pub fn new(actor: &Actor, action: &str, at: Timestamp) -> Self {
        Self { at, actor: actor.clone(), action: action.to_owned(), creche: None, period: None, detail: None }
    }

    /// Sets the crèche.
    pub const fn creche(mut self, creche: CrecheId) -> Self {
        self.creche = Some(creche);
        self
    }

    /// Sets the period.
    pub const fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// Sets the details, as a text or JSON; no personal data.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

codes! {
    /// Entries of reads, or all others.
    pub enum EntryNature {
        /// Something was changed, sent, refused or begun.
        Act "acts";
        /// Something was read.
        Look "reads";
    }
}

impl EntryNature {
    /// The class of an action by its code; the SQL that filters entries (`store::audit`) has the same condition.
    pub fn of(action: &str) -> Self {
        let verb = action.rsplit('.').next().unwrap_or_default();
        let look = verb == "read" || verb.ends_with("Read") || action == "staff.asked";
        if look { Self::Look } else { Self::Act }
    }
}

/// A filter of entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter {
    /// Only those before this number.
    pub before: Option<u64>,
    /// Only those about this crèche.
    pub creche: Option<CrecheId>,
    /// Only those about this period.
    pub period: Option<Period>,
    /// Only those since then.
    pub from: Option<Timestamp>,
    /// Only those before then.
    pub until: Option<Timestamp>,
    /// Only actions of this user.
    pub person: Option<UserId>,
    /// Only this action.
    pub action: Option<&'static str>,
    /// Only reads, or only the others.
    pub nature: Option<EntryNature>,
}
