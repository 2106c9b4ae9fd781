//! The rate of an endpoint: so many deliveries a second, evenly, with a small burst after a delay.

use std::time::Duration;

use tokio::time::Instant;

/// How much delay may be made up for.
const SLACK: Duration = Duration::from_millis(100);

/// When the next delivery may be made.
#[derive(Debug)]
pub(super) struct SendingPace {
    next: Instant,
}

impl SendingPace {
    /// A pace that allows the first delivery at once.
    pub(super) fn new() -> Self {
        Self { next: Instant::now() }
    }

    /// Whether one may be made now.
    pub(super) fn allows_now(&self, now: Instant) -> bool {
        self.next <= now
    }

    /// From when on one may be made.
    pub(super) const fn next_allowed_at(&self) -> Instant {
        self.next
    }

    /// Allows none before `until`, because the host's rate limit is reached.
    pub(super) fn wait_until(&mut self, until: Instant) {
        self.next = self.next.max(until);
    }

    /// One is made now, of `rate` in a second.
    pub(super) fn count_one(&mut self, now: Instant, rate: u32) {
        let earliest = now.checked_sub(SLACK).unwrap_or(now);
        self.next = self.next.max(earliest) + Duration::from_secs(1) / rate.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are made in that time, with a check at each interval.
    fn sent_within(rate: u32, long: Duration, look: Duration) -> u32 {
        let (mut pace, begun) = (SendingPace::new(), Instant::now());
        let (mut now, mut made) = (begun, 0);
        while now < begun + long {
            while pace.allows_now(now) {
                pace.count_one(now, rate);
                made += 1;
            }
            now += look;
        }
        made
    }

    #[test]
    fn no_more_are_made_than_the_rate_allows_and_hardly_fewer() {
        let (ten, milli) = (Duration::from_secs(10), Duration::from_millis(1));
        for (rate, look) in [(1, milli), (7, milli), (100, milli), (1000, milli), (1000, milli * 50), (100, milli * 90)]
        {
            let made = sent_within(rate, ten, look);
            let most = rate * 10 + rate / 10 + 1;
            assert!(made <= most && made >= rate * 10 - rate / 5, "{made} at {rate} a second, looking every {look:?}");
        }
    }

    #[test]
    fn what_was_long_ago_is_not_made_up_for() {
        let mut pace = SendingPace::new();
        let now = Instant::now() + Duration::from_hours(1);
        let mut made = 0;
        while pace.allows_now(now) {
            pace.count_one(now, 100);
            made += 1;
        }
        assert!(made <= 11, "{made} at once after an hour");
    }
}
