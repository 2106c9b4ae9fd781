//! The filter of statements.

use super::StatementKind;
use crate::domain::period::{Month, Period};
use crate::ids::CrecheId;

/// A filter of statements.
#[derive(Debug, Clone, Copy)]
pub struct StatementFilter {
    /// The kind.
    pub kind: StatementKind,
    /// Of this crèche; `None` for all of the organiser's.
    pub creche: Option<CrecheId>,
    /// From this month on.
    pub from: Option<Month>,
    /// Up to and including this month.
    pub to: Option<Month>,
}

impl StatementFilter {
    /// Every statement of a kind.
    pub const fn of(kind: StatementKind) -> Self {
        Self { kind, creche: None, from: None, to: None }
    }

    /// Every statement of a kind in a period.
    pub fn in_period(kind: StatementKind, period: Period) -> Self {
        let months = period.months();
        Self { kind, creche: None, from: months.first().copied(), to: months.last().copied() }
    }

    /// The statements of a kind and a crèche in a period.
    pub fn of_creche_in(kind: StatementKind, creche: CrecheId, period: Period) -> Self {
        Self { creche: Some(creche), ..Self::in_period(kind, period) }
    }
}
