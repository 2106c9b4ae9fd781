//! Look-ups of numbers, which are counted to prevent enumeration.

use crate::domain::codes::codes;

codes! {
    /// The kind of look-up.
    pub enum NumberLookupKind {
        /// A family name that differs from the one of the number.
        Mismatch "mismatch";
        /// Whether the agency has a number.
        Question "question";
    }
}
