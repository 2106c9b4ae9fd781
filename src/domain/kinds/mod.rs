//! The table of the kinds of statement, and what is particular to each: a folder for each kind.
//!
//! A kind is the module named in [`for_each_kind`]. It has `KIND` (its names, codes and words), `Statement` and `Totals`.

pub mod attendance;
pub mod medical;

use super::report;
use super::statement::StatementKind;

/// Calls the macro `$make` with the module of every kind, in the order of lists. What is made for each kind names its
/// module as `crate::domain::kinds::$kind`; tests make something for each kind likewise.
#[macro_export]
macro_rules! for_each_kind {
    ($make:ident) => {
        $make! { attendance medical }
    };
}
pub use for_each_kind;

macro_rules! monthly_kinds {
    ($($kind:ident)*) => { &[$($kind::KIND),*] };
}

/// Every kind of the table, then the report of a quarter.
macro_rules! all_kinds {
    ($($kind:ident)*) => { &[$($kind::KIND,)* report::KIND] };
}

impl StatementKind {
    /// The kinds with lines, of which there is a statement for each month, in the order of lists.
    pub const MONTHLY: &'static [Self] = for_each_kind!(monthly_kinds);
    /// Every kind, in the order of lists.
    pub const ALL: &'static [Self] = for_each_kind!(all_kinds);

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
