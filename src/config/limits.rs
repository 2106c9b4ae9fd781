//! Limits of callers, addresses and connections.

use std::num::{NonZeroU32, NonZeroUsize};

use serde::Deserialize;

/// Limits of callers, addresses and connections.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpLimits {
    /// Calls per minute and key.
    pub requests_per_minute: NonZeroU32,
    /// Calls at once per key.
    pub burst: NonZeroU32,
    /// Calls without a valid key, per minute and address.
    pub failures_per_minute: NonZeroU32,
    /// The same, at once.
    pub failures_burst: NonZeroU32,
    /// Calls to open operations and to paths that do not exist, per minute and address.
    pub open_per_minute: NonZeroU32,
    /// The same, at once.
    pub open_burst: NonZeroU32,
    /// Calls on the way to a log-in, per minute and address.
    pub login_per_minute: NonZeroU32,
    /// The same, at once.
    pub login_burst: NonZeroU32,
    /// Calls to the pages of the console, per minute and address.
    pub console_per_minute: NonZeroU32,
    /// The same, at once.
    pub console_burst: NonZeroU32,
    /// Requests of one key or person that may wait for events at the same time.
    pub polls_per_caller: NonZeroUsize,
    /// Those from one address.
    pub polls_per_address: NonZeroUsize,
    /// Lines in the log a second for refused requests without a credential, for each status.
    pub refusal_lines_per_second: u32,
    /// The largest body accepted.
    pub body_bytes: usize,
    /// The largest body accepted without a valid credential.
    pub anonymous_body_bytes: usize,
    /// The largest body read to its end.
    pub drain_bytes: usize,
    /// Memory for all bodies that are being received or worked on.
    pub body_memory_bytes: usize,
    /// The least number of bytes that must arrive per second.
    pub body_bytes_per_second: usize,
    /// Over how many seconds that rate is measured.
    pub body_rate_seconds: u64,
    /// How long a request may take.
    pub request_seconds: u64,
    /// How long its body may take to arrive.
    pub body_seconds: u64,
    /// How long its head may take.
    pub head_seconds: u64,
    /// How long the first request of a connection may take in all.
    pub first_request_seconds: u64,
    /// How long the write of a response may make no progress.
    pub write_seconds: u64,
    /// Connections open at once.
    pub connections: usize,
    /// The same of one address.
    pub connections_per_address: usize,
}

impl HttpLimits {
    /// Checks settings that can be parsed but may be invalid: whether the condition holds, the setting, what is wrong, what
    /// to write.
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &'static str, &'static str, &'static str)) {
        check(self.body_bytes > 0, "limits.bodyBytes", "refuses every body", "write a number of bytes above 0");
        let advice = "write a number that is at least limits.bodyBytes";
        check(self.drain_bytes >= self.body_bytes, "limits.drainBytes", "is less than limits.bodyBytes", advice);
        let advice = "write a number of seconds above 0";
        check(self.request_seconds > 0, "limits.requestSeconds", "gives no time to answer", advice);
        check(self.body_seconds > 0, "limits.bodySeconds", "gives a body no time to arrive", advice);
        check(self.head_seconds > 0, "limits.headSeconds", "gives a request no time to arrive", advice);
        check(self.body_rate_seconds > 0, "limits.bodyRateSeconds", "is no time", advice);
        check(self.first_request_seconds > 0, "limits.firstRequestSeconds", "gives no time to answer", advice);
        check(self.write_seconds > 0, "limits.writeSeconds", "gives an answer no time to leave", advice);
        let memory = self.body_memory_bytes / 2 >= self.body_bytes;
        let advice = "write a number that is at least twice limits.bodyBytes";
        check(memory, "limits.bodyMemoryBytes", "has no room for the largest body", advice);
        let advice = "write a number above 0";
        check(self.connections_per_address > 0, "limits.connectionsPerAddress", "lets nobody in", advice);
        check(self.connections > 0, "limits.connections", "lets nobody in", "write a number above 0");
    }
}
