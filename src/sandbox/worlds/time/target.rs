//! Where a clock is moved to.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, ToSpan as _};

use crate::clock::{at_brussels, to_brussels};
use crate::domain::codes::codes;
use crate::domain::period::{Month, Quarter};

/// The farthest that a clock is moved at once.
pub(super) const FARTHEST: SignedDuration = SignedDuration::from_hours(24 * 400);
/// The last day that a clock may show.
const LAST_DAY: Date = Date::constant(2040, 12, 31);
/// The time of day at which the days that are named begin: before anybody works, after the work of the night.
const MORNING: Time = Time::constant(8, 0, 0, 0);

codes! {
    /// A day that a clock can be moved to by its name.
    pub enum Milestone {
        /// The first day on which the current month is over.
        EndOfMonth "endOfMonth";
        /// The first day on which the current quarter is over.
        QuarterClose "quarterClose";
        /// The day after the next deadline of a report.
        DeadlinePassed "deadlinePassed";
    }
}

/// Where a clock is to be moved to.
#[derive(Debug, Clone)]
pub(in crate::sandbox::worlds) enum ClockTarget {
    /// By a duration, of calendar units in Brussels.
    By(Span),
    /// To an instant.
    To(Timestamp),
    /// To a named day, at eight in the morning.
    Milestone(Milestone),
}

/// Why a clock is not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox::worlds) enum TargetError {
    /// It would be set back, or not be moved.
    NotLater,
    /// Farther than it may be moved at once, or later than it may show.
    TooFar,
}

impl ClockTarget {
    /// The instant, for a clock that shows `now`.
    pub(in crate::sandbox::worlds) fn instant(&self, now: Timestamp) -> Result<Timestamp, TargetError> {
        let to = match self {
            Self::By(span) => after(now, *span).ok_or(TargetError::TooFar)?,
            Self::To(instant) => *instant,
            Self::Milestone(milestone) => at_brussels(milestone.after(to_brussels(now).date()), MORNING),
        };
        if to <= now {
            Err(TargetError::NotLater)
        } else if to.duration_since(now) > FARTHEST || to_brussels(to).date() > LAST_DAY {
            Err(TargetError::TooFar)
        } else {
            Ok(to)
        }
    }
}

/// The instant that is a span of calendar units later in Brussels.
fn after(now: Timestamp, span: Span) -> Option<Timestamp> {
    let there = to_brussels(now);
    if span.get_years() == 0 && span.get_months() == 0 && span.get_weeks() == 0 && span.get_days() == 0 {
        let by = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        return now.checked_add(by).ok();
    }
    let later = there.checked_add(span).ok()?;
    Some(at_brussels(later.date(), later.time()))
}

impl Milestone {
    /// The day, for a clock that shows `today`.
    fn after(self, today: Date) -> Date {
        let month = Month::of(today);
        match self {
            Self::EndOfMonth => month.next().first_day(),
            Self::QuarterClose => month.quarter().next().months()[0].first_day(),
            Self::DeadlinePassed => {
                // The next deadline is that of the quarter before, or of the current one.
                let quarter = month.quarter();
                let next = [quarter.previous().previous(), quarter.previous(), quarter];
                let deadline = next.into_iter().map(Quarter::deadline).find(|deadline| *deadline >= today);
                deadline.unwrap_or_else(|| quarter.deadline()).saturating_add(1.day())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(now: &str, target: &ClockTarget) -> Result<String, TargetError> {
        target.instant(now.parse().unwrap()).map(|to| to.to_string())
    }

    #[test]
    fn days_are_named() {
        let now = "2026-10-12T07:00:00Z";
        for (milestone, expected) in [
            (Milestone::EndOfMonth, "2026-11-01T07:00:00Z"),
            (Milestone::QuarterClose, "2027-01-01T07:00:00Z"),
            (Milestone::DeadlinePassed, "2027-01-01T07:00:00Z"),
        ] {
            assert_eq!(moved(now, &ClockTarget::Milestone(milestone)).as_deref(), Ok(expected), "{milestone:?}");
        }
    }

    #[test]
    fn durations_are_of_the_calendar_in_brussels() {
        for (span, expected) in
            [("P1D", "2026-10-25T08:00:00Z"), ("PT24H", "2026-10-25T07:00:00Z"), ("P1M", "2026-11-24T08:00:00Z")]
        {
            let target = ClockTarget::By(span.parse().unwrap());
            assert_eq!(moved("2026-10-24T07:00:00Z", &target).as_deref(), Ok(expected), "{span}");
        }
    }

    #[test]
    fn a_clock_is_not_set_back_nor_moved_too_far() {
        let now: Timestamp = "2026-10-12T07:00:00Z".parse().unwrap();
        assert_eq!(ClockTarget::To(now).instant(now), Err(TargetError::NotLater));
        assert_eq!(ClockTarget::By("PT0S".parse().unwrap()).instant(now), Err(TargetError::NotLater));
        assert_eq!(ClockTarget::By("P401D".parse().unwrap()).instant(now), Err(TargetError::TooFar));
        assert_eq!(ClockTarget::By("P9000Y".parse().unwrap()).instant(now), Err(TargetError::TooFar));
        let late: Timestamp = "2040-12-31T12:00:00Z".parse().unwrap();
        assert_eq!(ClockTarget::By("P1D".parse().unwrap()).instant(late), Err(TargetError::TooFar));
    }
}
