//! When notices are given before a key expires.

use jiff::{SignedDuration, Timestamp};

/// Days before the end, the earliest notice first.
pub const NOTICES: [i64; 4] = [30, 14, 7, 1];

/// Days of 24 hours until `end`, one that has begun counted whole; none when it is past.
pub fn days_left(end: Timestamp, now: Timestamp) -> i64 {
    let left = end.duration_since(now).max(SignedDuration::ZERO);
    let hours = left.as_hours() + i64::from(left > SignedDuration::from_hours(left.as_hours()));
    hours.unsigned_abs().div_ceil(24).cast_signed()
}

/// The notice that is due: the latest whose day has come. None long before the end, and none afterwards.
pub fn due_notice(end: Timestamp, now: Timestamp) -> Option<i64> {
    let left = days_left(end, now);
    NOTICES.into_iter().rev().find(|days| left <= *days).filter(|_| left > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_due_from_its_day_until_the_next() {
        let end: Timestamp = "2026-12-31T23:00:00Z".parse().unwrap();
        let before = |hours: i64| end - SignedDuration::from_hours(hours);
        let due = |hours| due_notice(end, before(hours));
        assert_eq!([due(30 * 24 + 1), due(30 * 24), due(14 * 24 + 1)], [None, Some(30), Some(30)]);
        assert_eq!(
            [due(14 * 24), due(7 * 24), due(25), due(24), due(1)],
            [Some(14), Some(7), Some(7), Some(1), Some(1)]
        );
        assert_eq!([due(0), due(-1)], [None, None]);
        assert_eq!(days_left(end, end - SignedDuration::from_millis(1)), 1);
        assert_eq!([days_left(end, before(24)), days_left(end, before(25)), days_left(end, before(-1))], [1, 2, 0]);
    }
}
