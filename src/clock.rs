//! Time, injected: no other module reads the system clock.

use std::sync::Mutex;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Europe/Brussels, compiled in: the rules of the field are stated in local days.
static BRUSSELS: TimeZone = jiff::tz::get!("Europe/Brussels");

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// This instant.
    fn now(&self) -> Timestamp;

    /// Today's date in Brussels.
    fn today(&self) -> Date {
        to_brussels(self.now()).date()
    }
}

/// Day and hour in Brussels.
pub fn to_brussels(at: Timestamp) -> DateTime {
    BRUSSELS.to_datetime(at)
}

/// The first moment of a day in Brussels.
pub fn brussels_midnight(date: Date) -> Timestamp {
    at_brussels(date, Time::midnight())
}

/// A time of a day in Brussels.
pub fn at_brussels(date: Date, time: Time) -> Timestamp {
    BRUSSELS.to_timestamp(date.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

/// That day in Brussels, at the time of day that `now` is there.
pub fn at_time_of(now: Timestamp, date: Date) -> Timestamp {
    BRUSSELS.to_timestamp(date.to_datetime(to_brussels(now).time())).unwrap_or(now)
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        to_the_millisecond(Timestamp::now())
    }
}

/// The instant in the precision of the database, so that it is the same before and after it is stored.
fn to_the_millisecond(now: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// The machine's clock, moved to another day, from which it goes on at its usual pace.
#[derive(Debug, Clone, Copy)]
pub struct Shifted(SignedDuration);

impl Shifted {
    /// Sets today to `date`, at the same time of day.
    pub fn to(date: Date) -> Self {
        let now = System.now();
        Self(at_time_of(now, date).duration_since(now))
    }
}

impl Clock for Shifted {
    fn now(&self) -> Timestamp {
        System.now().saturating_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// A clock that does not advance by itself: for tests, and for a tour that must not depend on the current day.
#[derive(Debug)]
pub struct Fixed(Mutex<Timestamp>);

impl Fixed {
    /// A clock at the instant `at`.
    pub const fn at(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves the clock; negative durations move it back.
    ///
    /// # Panics
    /// When the moved instant is outside years −9999 to 9999.
    pub fn advance(&self, by: SignedDuration) {
        *self.lock() += by;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        *self.lock()
    }
}
