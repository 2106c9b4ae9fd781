//! When notices are given before the deadline of a report.

use jiff::civil::Date;

use super::application::NOTICES;
use super::period::{Month, Quarter};

/// A notice that a deadline nears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineNotice {
    /// The quarter whose deadline it is.
    pub quarter: Quarter,
    /// Which notice: the one so many days before the deadline.
    pub notice: u32,
    /// How many days are left; 0 on the last.
    pub days_left: u32,
}

impl DeadlineNotice {
    /// The notice that is due on a day: the latest whose day has come. The only deadline that can be near is that of the
    /// quarter before.
    pub fn due_on(today: Date) -> Option<Self> {
        let quarter = Month::of(today).quarter().previous();
        let days_left = quarter.days_left(today)?;
        let notices = NOTICES.into_iter().rev().filter_map(|days| u32::try_from(days).ok());
        let notice = notices.into_iter().find(|days| days_left <= *days)?;
        Some(Self { quarter, notice, days_left })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(month: i8, day: i8) -> Option<(String, u32, u32)> {
        let due = DeadlineNotice::due_on(Date::constant(2026, month, day))?;
        Some((due.quarter.to_string(), due.notice, due.days_left))
    }

    #[test]
    fn a_notice_is_due_from_its_day_until_the_next() {
        let second = |notice, left| Some(("2026Q2".to_owned(), notice, left));
        assert_eq!([due(8, 30), due(8, 31), due(9, 15)], [None, second(30, 30), second(30, 15)]);
        assert_eq!([due(9, 16), due(9, 23), due(9, 28)], [second(14, 14), second(7, 7), second(7, 2)]);
        assert_eq!([due(9, 29), due(9, 30), due(10, 1)], [second(1, 1), second(1, 0), None]);
    }
}
