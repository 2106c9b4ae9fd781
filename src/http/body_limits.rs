//! Limits on the size of bodies and on how slowly they may arrive.

use std::time::Duration;

/// Limits on the size of bodies and on how slowly they may arrive.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The largest body that is accepted, in bytes.
    pub accepted: usize,
    /// The largest body that is accepted without a valid credential, in bytes.
    pub anonymous: usize,
    /// The largest body that is read to its end, in bytes, so that its sender can read the refusal.
    pub drained: usize,
    /// How long a whole body may take to arrive.
    pub duration: Duration,
    /// How many bytes a second must arrive.
    pub least_rate: usize,
    /// The window over which that rate is measured.
    pub rate_window: Duration,
    /// Memory for all bodies, in bytes.
    pub memory: usize,
}

impl Default for BodyLimits {
    /// The shipped defaults.
    fn default() -> Self {
        Self {
            accepted: 10_000_000,
            anonymous: 64 << 10,
            drained: 16_000_000,
            duration: Duration::from_mins(1),
            least_rate: 8192,
            rate_window: Duration::from_secs(5),
            memory: 48_000_000,
        }
    }
}
