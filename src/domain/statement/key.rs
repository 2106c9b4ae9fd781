//! The key of a statement.

use super::StatementKind;
use crate::domain::period::Month;
use crate::ids::CrecheId;

/// One statement: a crèche, a kind and a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementKey {
    /// The crèche.
    pub creche: CrecheId,
    /// The kind.
    pub kind: StatementKind,
    /// The month.
    pub month: Month,
}
