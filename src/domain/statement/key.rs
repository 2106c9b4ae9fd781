//! The key of a statement.

use super::StatementKind;
use crate::domain::period::{Month, Period};
use crate::ids::CrecheId;

/// One statement: a crèche, a kind and a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementKey {
    /// The crèche.
    pub creche: CrecheId,
    /// The kind.
    pub kind: StatementKind,
    /// The month; of a kind with one for each quarter, the first of it.
    pub month: Month,
}

impl StatementKey {
    /// The statement of a period, of a kind with one for each such period.
    pub fn at(creche: CrecheId, kind: StatementKind, period: Period) -> Self {
        Self { creche, kind, month: period.first_month() }
    }

    /// The month or the quarter.
    pub const fn period(&self) -> Period {
        self.kind.period(self.month)
    }
}
