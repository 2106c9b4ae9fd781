//! When a failed delivery is retried: the schedule of Standard Webhooks 1.0.0, with random jitter so that
//! deliveries that failed together are not retried together.

use jiff::SignedDuration;

use super::DeliveryFailure;

/// The delay after the first, second, third … failed attempt: ten attempts in 75 hours and a half.
pub const SCHEDULE: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];

/// The longest `Retry-After` of an endpoint that is respected.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// How long all deliveries may fail before an endpoint is paused.
pub const FAILING_TOO_LONG: SignedDuration = SignedDuration::from_hours(5 * 24);

/// The next step for a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// It was delivered.
    Done,
    /// It is retried after so long.
    Again(SignedDuration),
    /// It is given up.
    GiveUp,
}

/// The next step for a delivery after attempt number `tries` (from 1). `asked` is the endpoint's `Retry-After`;
/// `chance` adds up to a fifth of the delay.
pub fn next_step(failure: Option<DeliveryFailure>, tries: u32, asked: Option<SignedDuration>, jitter: u8) -> NextStep {
    let Some(failure) = failure else { return NextStep::Done };
    let planned = usize::try_from(tries).ok().and_then(|tries| SCHEDULE.get(tries.saturating_sub(1)));
    match planned {
        Some(planned) if failure != DeliveryFailure::Gone => {
            let wait = asked.map_or(*planned, |asked| asked.min(LONGEST).max(*planned));
            NextStep::Again(wait + wait / 5 * i32::from(jitter) / 256)
        }
        _ => NextStep::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_in_three_days_and_then_no_more() {
        let failed = Some(DeliveryFailure::Status);
        assert_eq!(next_step(None, 1, None, 0), NextStep::Done);
        let waits: Vec<_> = (1..=9).map(|tries| next_step(failed, tries, None, 0)).collect();
        assert_eq!(waits, SCHEDULE.map(NextStep::Again));
        assert_eq!(next_step(failed, 10, None, 0), NextStep::GiveUp);
        assert_eq!(next_step(Some(DeliveryFailure::Gone), 1, None, 0), NextStep::GiveUp);
    }

    #[test]
    fn an_endpoint_is_left_alone_for_as_long_as_it_asks_within_reason() {
        let (minute, week) = (SignedDuration::from_mins(1), SignedDuration::from_hours(168));
        let failed = Some(DeliveryFailure::Status);
        assert_eq!(next_step(failed, 1, Some(minute), 0), NextStep::Again(minute));
        assert_eq!(next_step(failed, 3, Some(minute), 0), NextStep::Again(SCHEDULE[2]), "never sooner than planned");
        assert_eq!(next_step(failed, 1, Some(week), 0), NextStep::Again(LONGEST));
    }

    #[test]
    fn chance_makes_it_later_by_a_fifth_at_most() {
        for jitter in [0, 1, 128, 255] {
            let NextStep::Again(wait) = next_step(Some(DeliveryFailure::Timeout), 2, None, jitter) else {
                panic!("it is tried again")
            };
            assert!(wait >= SCHEDULE[1] && wait < SCHEDULE[1] * 6 / 5, "{wait}");
        }
        assert_ne!(
            next_step(Some(DeliveryFailure::Timeout), 2, None, 9),
            next_step(Some(DeliveryFailure::Timeout), 2, None, 200)
        );
    }
}
