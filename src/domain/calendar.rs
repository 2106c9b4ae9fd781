//! Which days a crèche is open: Monday to Friday, less public holidays and closures (domain note §7).

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::closure::Closure;
use super::period::{Month, is_weekend};
use super::text::Text;

/// What a day of a crèche's calendar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Children may be expected.
    Open,
    /// Saturday or Sunday.
    Weekend,
    /// One of the ten public holidays, by its name.
    PublicHoliday(Text),
    /// Inside a declared closure.
    Closed(Closure),
}

/// The closures of one crèche.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    closures: Vec<Closure>,
}

impl Calendar {
    /// A calendar with these closures, in any order.
    pub const fn new(closures: Vec<Closure>) -> Self {
        Self { closures }
    }

    /// The declared closures.
    pub fn closures(&self) -> &[Closure] {
        &self.closures
    }

    /// What `date` is. A weekend or a holiday stays one inside a closure.
    pub fn day(&self, date: Date) -> DayKind {
        if is_weekend(date) {
            return DayKind::Weekend;
        }
        if let Some(name) = public_holiday(date) {
            return DayKind::PublicHoliday(name);
        }
        self.closure_on(date).map_or(DayKind::Open, DayKind::Closed)
    }

    /// The declared closure that `date` lies in, whatever else the day is.
    pub fn closure_on(&self, date: Date) -> Option<Closure> {
        self.closures.iter().find(|closure| closure.contains(date)).copied()
    }

    /// The open days of a month, in order.
    pub fn open_days(&self, month: Month) -> impl Iterator<Item = Date> {
        month.days().filter(|day| self.day(*day) == DayKind::Open)
    }
}

/// The name of the public holiday that falls on `date`, if one does. The Community day (27 September) is not one.
pub fn public_holiday(date: Date) -> Option<Text> {
    public_holidays(date.year()).into_iter().find_map(|(holiday, name)| (holiday == date).then_some(name))
}

/// The ten public holidays of a year, in order.
pub fn public_holidays(year: i16) -> [(Date, Text); 10] {
    let day = |month, day| Date::constant(year, month, day);
    let easter = easter(year);
    let name = |fr, nl, en| Text { fr, nl, en };
    [
        (day(1, 1), name("Nouvel An", "Nieuwjaar", "New Year's Day")),
        (easter + 1.day(), name("Lundi de Pâques", "Paasmaandag", "Easter Monday")),
        (day(5, 1), name("Fête du Travail", "Dag van de Arbeid", "Labour Day")),
        (easter + 39.days(), name("Ascension", "O.L.H. Hemelvaart", "Ascension Day")),
        (easter + 50.days(), name("Lundi de Pentecôte", "Pinkstermaandag", "Whit Monday")),
        (day(7, 21), name("Fête nationale", "Nationale feestdag", "National Day")),
        (day(8, 15), name("Assomption", "O.L.V. Hemelvaart", "Assumption Day")),
        (day(11, 1), name("Toussaint", "Allerheiligen", "All Saints' Day")),
        (day(11, 11), name("Armistice", "Wapenstilstand", "Armistice Day")),
        (day(12, 25), name("Noël", "Kerstmis", "Christmas Day")),
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

    #[test]
    fn open_days_leave_out_weekends_holidays_and_closures() {
        let july = "2026-07".parse().expect("a month");
        assert_eq!(Calendar::default().open_days(july).count(), 22, "23 working days less the National Day");
        let week = Closure::new(
            Date::constant(2026, 7, 20),
            Date::constant(2026, 7, 26),
            super::super::closure::ClosureReason::AnnualClosure,
        );
        assert_eq!(Calendar::new(vec![week]).open_days(july).count(), 18);
    }
}
