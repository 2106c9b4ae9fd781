//! The ten public holidays (docs/domain.md, Closures and open days).

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::words::{LocalText, holidays};

/// The name of the public holiday that falls on `date`, if one does. The Community day (27 September) is not one.
pub fn public_holiday(date: Date) -> Option<LocalText> {
    public_holidays(date.year()).into_iter().find_map(|(holiday, name)| (holiday == date).then_some(name))
}

/// The ten public holidays of a year, in order.
pub fn public_holidays(year: i16) -> [(Date, LocalText); 10] {
    let day = |month, day| Date::constant(year, month, day);
    let easter = easter(year);
    [
        (day(1, 1), holidays::NEW_YEAR),
        (easter + 1.day(), holidays::EASTER_MONDAY),
        (day(5, 1), holidays::LABOUR_DAY),
        (easter + 39.days(), holidays::ASCENSION),
        (easter + 50.days(), holidays::WHIT_MONDAY),
        (day(7, 21), holidays::NATIONAL_DAY),
        (day(8, 15), holidays::ASSUMPTION),
        (day(11, 1), holidays::ALL_SAINTS),
        (day(11, 11), holidays::ARMISTICE),
        (day(12, 25), holidays::CHRISTMAS),
    ]
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
