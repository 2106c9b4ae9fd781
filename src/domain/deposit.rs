//! Deposits: their subject and their outcome.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::calls::CallReach;
use super::codes::codes;
use super::period::Period;
use super::statement::{StatementKey, StatementKind};
use crate::ids::{ApplicationId, CrecheId, VerdictId};

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

/// The name of the staff register among the kinds.
const REGISTER: &str = "staff";

/// The kind of document that is deposited: a kind of statement, or the staff register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepositKind(&'static str);

impl DepositKind {
    /// Its name, as in [`DepositSubject::kind_name`].
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl FromStr for DepositKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == REGISTER {
            return Ok(Self(REGISTER));
        }
        StatementKind::from_name(text).map(|kind| Self(kind.name())).ok_or(())
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
            Self::StaffRegister => REGISTER,
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
#[derive(Debug, Clone, Default)]
pub struct VerdictFilter {
    /// Those on deposits that the caller may see.
    pub reach: CallReach,
    /// Those on this crèche.
    pub creche: Option<CrecheId>,
    /// Those on deposits of this application.
    pub application: Option<ApplicationId>,
    /// Those with this outcome.
    pub outcome: Option<DepositOutcome>,
    /// Those on this period.
    pub period: Option<Period>,
    /// Those on this kind of document.
    pub kind: Option<DepositKind>,
    /// Those of this instant or later.
    pub from: Option<Timestamp>,
    /// Those of this instant or earlier.
    pub until: Option<Timestamp>,
}

/// The place of a verdict among all, in the order of their instants: written as milliseconds and id, `1760252700000.019a…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictPlace {
    /// Its instant, in milliseconds since 1970.
    pub at: i64,
    /// Its id.
    pub id: VerdictId,
}

impl fmt::Display for VerdictPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

impl FromStr for VerdictPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        Ok(Self { at: at.parse().map_err(drop)?, id: id.parse().map_err(drop)? })
    }
}
