//! How much body is accepted, and how slowly.

use std::time::Duration;

/// How much body is accepted, and how slowly.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The largest body that is accepted, in bytes.
    pub accepted: usize,
    /// The largest body that is accepted without a valid credential, in bytes.
    pub anonymous: usize,
    /// The largest body that is read to its end, so that its sender can read the refusal.
    pub drained: usize,
    /// How long a body may take to arrive in all.
    pub duration: Duration,
    /// How many bytes a second must arrive.
    pub least_rate: usize,
    /// Over which time that rate is looked at.
    pub rate_window: Duration,
    /// Memory for all bodies, in bytes.
    pub memory: usize,
}

impl Default for BodyLimits {
    /// As they are shipped.
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
