//! Rules of the `document` family.

use crate::domain::rule::Rule;

/// Every rule of the family.
pub const ALL: &[&Rule] = &[];
