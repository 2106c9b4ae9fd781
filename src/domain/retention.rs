//! Retention periods (docs/domain.md, Retention and privacy).

use jiff::civil::Date;
use jiff::{SignedDuration, Span, ToSpan as _};
use serde::Deserialize;

use super::period::Month;

/// The longest session that can be configured.
pub const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The periods, as they are configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retention {
    /// Years after the end of its month for which a statement is stored, with all its revisions; and a doctor, after
    /// the end of the collaboration.
    pub statement_years: u16,
    /// Years after the end of the last contract for which a member of staff is stored.
    pub staff_years: u16,
    /// Months for which verdicts are stored, keys after their end, and users after their deactivation.
    pub technical_months: u16,
}

/// The cut-off dates on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Statements of months before this one.
    pub month: Month,
    /// Doctors whose collaboration ended before this day.
    pub doctors: Date,
    /// Members of staff whose last contract ended before this day.
    pub staff: Date,
    /// Technical data from before this day.
    pub day: Date,
}

impl Retention {
    /// The longest period that can be configured: it covers every valid month.
    pub const MAX_YEARS: u16 = 100;

    /// The cut-off dates on `today`. The last day of a period still belongs to it.
    pub fn on(self, today: Date) -> Horizon {
        let before = |span: Span| today.saturating_sub(span);
        let doctors = before(i32::from(self.statement_years).years());
        let staff = before(i32::from(self.staff_years).years());
        Horizon { month: Month::of(doctors), doctors, staff, day: before(i32::from(self.technical_months).months()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEFAULT: Retention = Retention { statement_years: 10, staff_years: 5, technical_months: 13 };

    #[test]
    fn the_last_day_of_a_period_belongs_to_it() {
        let october: Month = "2016-10".parse().expect("a month");
        assert!(DEFAULT.on(Date::constant(2026, 10, 31)).month <= october);
        assert!(DEFAULT.on(Date::constant(2026, 11, 1)).month > october);
        let day = Date::constant(2025, 10, 12);
        assert!(DEFAULT.on(Date::constant(2026, 11, 12)).day <= day);
        assert!(DEFAULT.on(Date::constant(2026, 11, 13)).day > day);
    }

    #[test]
    fn months_of_other_lengths_only_lengthen_a_period() {
        assert_eq!(DEFAULT.on(Date::constant(2025, 3, 31)).day, Date::constant(2024, 2, 29));
        assert_eq!(DEFAULT.on(Date::constant(2028, 2, 29)).month.to_string(), "2018-02");
    }

    fn day() -> impl Strategy<Value = Date> {
        (2001..2099_i16, 1..=12_i8, 1..=31_i8)
            .prop_filter_map("no day", |(year, month, day)| Date::new(year, month, day).ok())
    }

    proptest! {
        #[test]
        fn nothing_younger_is_past_its_period(
            today in day(),
            from in day(),
            statement_years in 1..=Retention::MAX_YEARS,
            staff_years in 1..=Retention::MAX_YEARS,
            technical_months in 1..1200_u16,
        ) {
            let horizon = Retention { statement_years, staff_years, technical_months }.on(today);
            let month = Month::of(from);
            let kept_until = month.last_day().saturating_add(i32::from(statement_years).years());
            prop_assert!(month >= horizon.month || kept_until < today, "{month} on {today}");
            prop_assert!(month < horizon.month || kept_until.last_of_month() >= today, "{month} on {today}");
            let kept_until = from.saturating_add(i32::from(staff_years).years());
            prop_assert!(from >= horizon.staff || kept_until < today, "{from} on {today}");
            let kept_until = from.saturating_add(i32::from(technical_months).months());
            prop_assert!(from >= horizon.day || kept_until < today, "{from} on {today}");
        }
    }
}
