//! The days of a month for which a statement has entries, and those for which it should have some (docs/domain.md,
//! Closures and open days).

use std::ops::{BitAnd, BitOrAssign};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::period::Month;

/// Days of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DaySet(u32);

impl DaySet {
    /// Whether the day is in the set; its month is that of the set.
    pub fn contains(self, date: Date) -> bool {
        self.0 & bit(date) != 0
    }

    /// The days of each weekday of a month.
    pub fn weekdays(month: Month) -> [Self; 7] {
        let mut weekdays = [Self::default(); 7];
        for date in month.days() {
            weekdays[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())] |= Self(bit(date));
        }
        weekdays
    }

    /// The days of a month from `start` to `end`; without one of them, from its first or to its last day.
    pub fn between(month: Month, start: Option<Date>, end: Option<Date>) -> Self {
        let first = start.map_or(month.first_day(), |start| start.max(month.first_day()));
        let last = end.map_or(month.last_day(), |end| end.min(month.last_day()));
        if first > last { Self::default() } else { Self((bit(last) - bit(first)) | bit(last)) }
    }

    /// Whether no day is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitAnd for DaySet {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOrAssign for DaySet {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

fn bit(date: Date) -> u32 {
    1 << date.day().unsigned_abs()
}

impl FromIterator<Date> for DaySet {
    fn from_iter<I: IntoIterator<Item = Date>>(dates: I) -> Self {
        Self(dates.into_iter().fold(0, |set, date| set | bit(date)))
    }
}

/// What a statement of attendance says of the days of its month, all children together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DayCoverage {
    /// The days for which a child has an entry, present or absent.
    pub entered: DaySet,
    /// The days on which a child was registered that has an entry on that weekday of the month.
    pub usual: DaySet,
    /// The days on which a child was registered.
    pub registered: DaySet,
}

/// Consecutive open days for which nothing was received; weekends, public holidays and closures may lie between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPeriod {
    /// The first of these days.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// How many there are.
    pub days: usize,
}

/// So many open days of one weekday without any entry mean that the crèche has no children on that weekday, where other
/// weekdays have entries.
const UNUSED_WEEKDAYS: usize = 3;

impl MissingPeriod {
    /// Joins missing days that no other `open` day separates. Both lists are in order.
    pub fn of(missing: &[Date], open: &[Date]) -> Vec<Self> {
        let is_missing = |day: &Date| missing.contains(day);
        let consecutive = open.chunk_by(|one, next| is_missing(one) == is_missing(next));
        let period = |days: &[Date]| {
            let (first, last) = (days.first().filter(|day| is_missing(day))?, days.last()?);
            Some(Self { first: *first, last: *last, days: days.len() })
        };
        consecutive.filter_map(period).collect()
    }
}

impl DayCoverage {
    /// The days among the `open` days of the month, in order, for which entries were expected and there are none.
    pub fn missing<'a>(&'a self, open: &'a [Date]) -> impl Iterator<Item = Date> + 'a {
        open.iter().copied().filter(|day| !self.entered.contains(*day) && self.is_expected(*day, open))
    }

    /// Whether a child was expected on a day without entries. Where nobody has an entry on that weekday all month, there is
    /// no pattern to go by: then it is the calendar that counts, unless the crèche seems to have no children on that weekday.
    fn is_expected(&self, day: Date, open: &[Date]) -> bool {
        let has_entry = |days: &[Date]| days.iter().any(|day| self.entered.contains(*day));
        let same: Vec<_> = open.iter().copied().filter(|other| other.weekday() == day.weekday()).collect();
        let is_unused = same.len() >= UNUSED_WEEKDAYS && has_entry(open);
        self.usual.contains(day) || (self.registered.contains(day) && !has_entry(&same) && !is_unused)
    }
}
