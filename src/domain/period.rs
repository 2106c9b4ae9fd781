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

    /// The month, where it is one.
    pub const fn month(self) -> Option<Month> {
        match self {
            Self::Month(month) => Some(month),
            Self::Quarter(_) => None,
        }
    }

    /// The period of the same length before it.
    #[must_use]
    pub const fn previous(self) -> Self {
        match self {
            Self::Month(month) => Self::Month(month.previous()),
            Self::Quarter(quarter) => Self::Quarter(quarter.previous()),
        }
    }

    /// The same period of the year before.
    #[must_use]
    pub fn year_before(self) -> Self {
        let in_a_year = 12 / self.months().len();
        (0..in_a_year).fold(self, |period, _| period.previous())
    }
}

impl From<Month> for Period {
    fn from(month: Month) -> Self {
        Self::Month(month)
    }
}

impl From<Quarter> for Period {
    fn from(quarter: Quarter) -> Self {
        Self::Quarter(quarter)
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
mod tests;
