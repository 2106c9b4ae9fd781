//! Rules of the `attendance` family.

use crate::domain::rule::Rule;

/// Every rule of the family.
pub const ALL: &[&Rule] = &[];
