//! How often a key is used.

/// The uses of a key in one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DailyUses {
    /// Calls with the key.
    pub calls: u64,
    /// Of these, deposits that were refused for their content.
    pub refusals: u64,
}
