//! Questions about numbers, which are counted so that nobody can probe for them.

use crate::domain::codes::codes;

codes! {
    /// What was asked.
    pub enum Probe {
        /// A family name that is not the one known for the number.
        Mismatch "mismatch";
        /// The question whether a number is known.
        Question "question";
    }
}
