//! Rules of the `workbook` family.

use crate::domain::rule::Rule;

/// Every rule of the family.
pub const ALL: &[&Rule] = &[];
