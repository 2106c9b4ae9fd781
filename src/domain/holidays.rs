//! The ten public holidays (docs/domain.md, Closures and open days).

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::words::{LocalText, holidays};

/// The holidays of a fixed date: month, day, name.
const FIXED: [(i8, i8, LocalText); 7] = [
    (1, 1, holidays::NEW_YEAR),
    (5, 1, holidays::LABOUR_DAY),
    (7, 21, holidays::NATIONAL_DAY),
    (8, 15, holidays::ASSUMPTION),
    (11, 1, holidays::ALL_SAINTS),
    (11, 11, holidays::ARMISTICE),
    (12, 25, holidays::CHRISTMAS),
];

/// The holidays that follow Easter Sunday: by how many days, and the name.
const AFTER_EASTER: [(i32, LocalText); 3] =
    [(1, holidays::EASTER_MONDAY), (39, holidays::ASCENSION), (50, holidays::WHIT_MONDAY)];

/// The name of the public holiday that falls on `date`, if one does. The Community day (27 September) is not one.
pub fn public_holiday(date: Date) -> Option<LocalText> {
    let fixed = FIXED.iter().find(|(month, day, _)| (*month, *day) == (date.month(), date.day()));
    fixed.map(|(_, _, name)| *name).or_else(|| holiday_after_easter(date))
}

/// Easter Monday is 23 March at the earliest, Whit Monday 14 June at the latest.
fn holiday_after_easter(date: Date) -> Option<LocalText> {
    if !(3..=6).contains(&date.month()) {
        return None;
    }
    let easter = easter(date.year());
    AFTER_EASTER.iter().find(|(days, _)| easter + days.days() == date).map(|(_, name)| *name)
}

/// The ten public holidays of a year, in order.
pub fn public_holidays(year: i16) -> Vec<(Date, LocalText)> {
    let easter = easter(year);
    let fixed = FIXED.iter().map(|(month, day, name)| (Date::constant(year, *month, *day), *name));
    let moving = AFTER_EASTER.iter().map(|(days, name)| (easter + days.days(), *name));
    let mut all: Vec<_> = fixed.chain(moving).collect();
    all.sort_unstable_by_key(|(date, _)| *date);
    all
}

/// Easter Sunday in the Gregorian calendar (the anonymous computus of Meeus, *Astronomical Algorithms*, ch. 8).
fn easter(year: i16) -> Date {
    let year_number = i32::from(year);
    let (century, of_century) = (year_number / 100, year_number % 100);
    let moon = year_number % 19;
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * moon + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let shift = (moon + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * shift;
    Date::constant(year, 3, 22) + days.days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_mondays_are_those_of_the_almanac() {
        for (year, month, day) in [(2024, 4, 1), (2025, 4, 21), (2026, 4, 6), (2027, 3, 29), (2028, 4, 17)] {
            assert_eq!(public_holidays(year)[1].0, Date::constant(year, month, day));
        }
    }

    #[test]
    fn the_community_day_is_a_working_day() {
        assert_eq!(public_holiday(Date::constant(2027, 9, 27)), None);
    }
}
