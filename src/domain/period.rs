//! Months and quarters, the two kinds of period.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::words::{Language, LocalText, months};

/// Why a text is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It is neither a month nor a quarter.
    #[error("not a period: expected a month such as 2026-10 or a quarter such as 2026Q4")]
    Malformed,
    /// It is one, of a year before 2000 or after 2099.
    #[error("not a period: its year is not one of 2000 to 2099")]
    YearOutside,
}

/// A calendar month of the years 2000 to 2099, written `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of `date`.
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// The twelve months of a year, in order.
    pub fn of_year(year: i16) -> impl Iterator<Item = Self> {
        (1..=12).map(move |month| Self { year, month })
    }

    /// Its year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Its displayed name, without the year.
    pub const fn name(self) -> LocalText {
        NAMES[(self.month - 1).unsigned_abs() as usize]
    }

    /// Its displayed name with the year: “juillet 2026”.
    pub fn in_words(self, language: Language) -> String {
        format!("{} {}", self.name().get(language), self.year)
    }

    /// The first day.
    pub const fn first_day(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }

    /// The last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// Every day, in order.
    pub fn days(self) -> impl Iterator<Item = Date> {
        (1..=31).map_while(move |number| self.day(number))
    }

    /// Day `number` (1–31) of this month, if the month has it.
    pub fn day(self, number: i8) -> Option<Date> {
        Date::new(self.year, self.month, number).ok()
    }

    /// Whether `date` is in this month.
    pub fn contains(self, date: Date) -> bool {
        date.year() == self.year && date.month() == self.month
    }

    /// The month before.
    pub const fn previous(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }

    /// The month after.
    pub const fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// The quarter of this month.
    pub const fn quarter(self) -> Quarter {
        Quarter { year: self.year, quarter: (self.month - 1) / 3 + 1 }
    }
}

/// The names of the months.
const NAMES: [LocalText; 12] = [
    months::JANUARY,
    months::FEBRUARY,
    months::MARCH,
    months::APRIL,
    months::MAY,
    months::JUNE,
    months::JULY,
    months::AUGUST,
    months::SEPTEMBER,
    months::OCTOBER,
    months::NOVEMBER,
    months::DECEMBER,
];

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, month) = text.split_once('-').ok_or(PeriodError::Malformed)?;
        let month = digits::<2, i8>(month).filter(|month| (1..=12).contains(month)).ok_or(PeriodError::Malformed)?;
        Ok(Self { year: year_of(year)?, month })
    }
}

/// A calendar quarter, written `2026Q4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter {
    year: i16,
    quarter: i8,
}

impl Quarter {
    /// The three months, in order.
    pub const fn months(self) -> [Month; 3] {
        let first = Month { year: self.year, month: self.quarter * 3 - 2 };
        [first, first.next(), first.next().next()]
    }

    /// The quarter before.
    pub const fn previous(self) -> Self {
        self.months()[0].previous().quarter()
    }

    /// The quarter after.
    pub const fn next(self) -> Self {
        self.months()[2].next().quarter()
    }

    /// Its year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Its number in the year, from 1 to 4.
    pub const fn number(self) -> i8 {
        self.quarter
    }

    /// Its displayed name: “3e trimestre 2026”.
    pub fn in_words(self, language: Language) -> String {
        let sentence = months::QUARTER[usize::from(self.quarter != 1)].get(language);
        sentence.replace("{number}", &self.quarter.to_string()).replace("{year}", &self.year.to_string())
    }

    /// The last day on which a complete claim is in time: three months after the quarter ends (docs/domain.md,
    /// Months, quarters and the deadline).
    pub fn deadline(self) -> Date {
        self.months()[2].next().next().next().last_day()
    }

    /// How many days are left until the deadline, 0 on its day; `None` once it has passed.
    pub fn days_left(self, today: Date) -> Option<u32> {
        let left = self.deadline().since((jiff::Unit::Day, today)).ok()?.get_days();
        u32::try_from(left).ok()
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}Q{}", self.year, self.quarter)
    }
}

impl FromStr for Quarter {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, quarter) = text.split_once('Q').ok_or(PeriodError::Malformed)?;
        let quarter =
            digits::<1, i8>(quarter).filter(|quarter| (1..=4).contains(quarter)).ok_or(PeriodError::Malformed)?;
        Ok(Self { year: year_of(year)?, quarter })
    }
}

/// The period of a summary: a month or a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// One month.
    Month(Month),
    /// Three months.
    Quarter(Quarter),
}

impl Period {
    /// The months it spans, in order: one or three.
    pub fn months(self) -> Vec<Month> {
        match self {
            Self::Month(month) => vec![month],
            Self::Quarter(quarter) => quarter.months().to_vec(),
        }
    }

    /// Its displayed name.
    pub fn in_words(self, language: Language) -> String {
        match self {
            Self::Month(month) => month.in_words(language),
            Self::Quarter(quarter) => quarter.in_words(language),
        }
    }

    /// Its first month.
    pub const fn first_month(self) -> Month {
        match self {
            Self::Month(month) => month,
            Self::Quarter(quarter) => quarter.months()[0],
        }
    }

    /// Its first day.
    pub const fn first_day(self) -> Date {
        self.first_month().first_day()
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        match self {
            Self::Month(month) => month.last_day(),
            Self::Quarter(quarter) => quarter.months()[2].last_day(),
        }
    }

    /// Its quarter.
    pub const fn quarter(self) -> Quarter {
        match self {
            Self::Month(month) => month.quarter(),
            Self::Quarter(quarter) => quarter,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => month.fmt(f),
            Self::Quarter(quarter) => quarter.fmt(f),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        match text.parse() {
            Err(PeriodError::Malformed) => text.parse().map(Self::Quarter),
            month => month.map(Self::Month),
        }
    }
}

macro_rules! as_text {
    ($($name:ident)+) => {$(
        impl TryFrom<String> for $name {
            type Error = PeriodError;
            fn try_from(text: String) -> Result<Self, PeriodError> { text.parse() }
        }
        impl From<$name> for String {
            fn from(period: $name) -> Self { period.to_string() }
        }
    )+};
}
as_text! { Month Quarter Period }

/// Whether `date` is a Saturday or a Sunday.
pub fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// A year of this century: others are typing errors.
fn year_of(text: &str) -> Result<i16, PeriodError> {
    let year = digits::<4, i16>(text).ok_or(PeriodError::Malformed)?;
    if (2000..=2099).contains(&year) { Ok(year) } else { Err(PeriodError::YearOutside) }
}

/// Exactly `N` ASCII digits as a number (`parse` alone would accept a sign).
fn digits<const N: usize, T: FromStr>(text: &str) -> Option<T> {
    (text.len() == N && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All valid months; the last has no valid successor.
    fn month() -> impl Strategy<Value = Month> {
        (2000..=2099_i16, 1..=12_i8).prop_map(|(year, month)| Month { year, month })
    }

    fn quarter() -> impl Strategy<Value = Quarter> {
        month().prop_map(Month::quarter)
    }

    #[test]
    fn what_is_not_a_period_is_not_read() {
        for text in ["", "2026", "2026-00", "2026-13", "2026-1", "+026-01", "2026Q0", "2026Q5", "1990-13", "1990Q5"] {
            assert_eq!(text.parse::<Period>(), Err(PeriodError::Malformed), "{text}");
        }
        for text in ["1999-12", "2100-01", "0000-01", "1990Q4", "2100Q1"] {
            assert_eq!(text.parse::<Period>(), Err(PeriodError::YearOutside), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_period_is_read_back_as_what_it_was(month in month(), quarter in quarter()) {
            prop_assert_eq!(month.to_string().parse(), Ok(month));
            prop_assert_eq!(quarter.to_string().parse(), Ok(quarter));
            prop_assert_eq!(month.to_string().parse(), Ok(Period::Month(month)));
            prop_assert_eq!(quarter.to_string().parse(), Ok(Period::Quarter(quarter)));
        }

        #[test]
        fn what_is_read_is_written_as_it_was(text in "[0-9+-]{3,5}[-Q][0-9+]{1,3}") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string(), text);
            }
        }

        #[test]
        fn periods_are_in_the_order_of_their_texts(one in month(), two in month()) {
            prop_assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
            prop_assert_eq!(one.cmp(&two), one.first_day().cmp(&two.first_day()));
            let (first, second) = (one.quarter(), two.quarter());
            prop_assert_eq!(first.cmp(&second), first.to_string().cmp(&second.to_string()));
        }

        #[test]
        fn months_follow_one_another_without_a_gap(month in month()) {
            prop_assert!(month.previous() < month && month < month.next());
            prop_assert_eq!((month.next().previous(), month.previous().next()), (month, month));
            prop_assert_eq!(month.last_day().tomorrow().unwrap(), month.next().first_day());
        }

        #[test]
        fn a_month_has_its_days_and_no_other(month in month()) {
            let days: Vec<_> = month.days().collect();
            let numbered: Vec<_> = (-1..=32).filter_map(|number| month.day(number)).collect();
            prop_assert_eq!(&days, &numbered);
            prop_assert!(days.windows(2).all(|pair| pair[0].tomorrow().unwrap() == pair[1]));
            prop_assert_eq!((days[0], days[days.len() - 1]), (month.first_day(), month.last_day()));
            prop_assert!(days.iter().all(|day| month.contains(*day) && Month::of(*day) == month));
            prop_assert!(!month.contains(month.next().first_day()) && !month.contains(month.previous().last_day()));
        }

        #[test]
        fn every_month_is_in_the_one_quarter_that_contains_it(month in month(), quarter in quarter()) {
            prop_assert_eq!(quarter.months().contains(&month), month.quarter() == quarter);
            let [first, second, third] = quarter.months();
            prop_assert_eq!((first.next(), second.next()), (second, third));
            prop_assert_eq!(Period::Quarter(quarter).months(), [first, second, third]);
            prop_assert_eq!(Period::Month(month).quarter(), month.quarter());
        }

        #[test]
        fn the_claim_is_due_with_the_end_of_the_next_quarter(quarter in quarter()) {
            let next = quarter.months()[2].next().quarter();
            prop_assert_eq!(quarter.deadline(), next.months()[2].last_day());
        }
    }
}
