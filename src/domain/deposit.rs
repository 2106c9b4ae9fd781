//! Deposits: their subject and their outcome.

use super::codes::codes;
use super::period::Period;
use super::statement::{StatementKey, StatementKind};
use crate::ids::{ApplicationId, CrecheId};

codes! {
    /// How a deposit ended.
    pub enum DepositOutcome {
        /// A new revision was made.
        Accepted "accepted";
        /// There were errors.
        Refused "refused";
        /// A dry run: nothing was written.
        DryRun "dryRun";
        /// The content was unchanged.
        Unchanged "unchanged";
    }
}

/// The subject of a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DepositSubject {
    /// A statement.
    Statement {
        /// The crèche.
        creche: CrecheId,
        /// The kind of statement.
        kind: StatementKind,
        /// The month or quarter.
        period: Period,
    },
    /// The staff register, or a person of it.
    StaffRegister,
}

impl DepositSubject {
    /// The name of its kind, in the database and in metrics.
    pub const fn kind_name(self) -> &'static str {
        match self {
            Self::Statement { kind, .. } => kind.name(),
            Self::StaffRegister => "staff",
        }
    }

    /// The crèche and the period, of a statement.
    pub const fn place(self) -> Option<(CrecheId, Period)> {
        match self {
            Self::Statement { creche, period, .. } => Some((creche, period)),
            Self::StaffRegister => None,
        }
    }
}

impl From<StatementKey> for DepositSubject {
    fn from(key: StatementKey) -> Self {
        Self::Statement { creche: key.creche, kind: key.kind, period: key.period() }
    }
}

/// A filter of verdicts on deposits; `None` matches all.
#[derive(Debug, Clone, Copy, Default)]
pub struct VerdictFilter {
    /// Those on this crèche.
    pub creche: Option<CrecheId>,
    /// Those on deposits of this application.
    pub application: Option<ApplicationId>,
    /// Those with this outcome.
    pub outcome: Option<DepositOutcome>,
    /// Those on this period.
    pub period: Option<Period>,
}
