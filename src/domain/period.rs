//! Months and quarters, the two periods of the field.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// The text is neither a month (`2026-10`) nor a quarter (`2026Q4`) of the years 2000 to 2099.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a period: expected a month such as 2026-10 or a quarter such as 2026Q4")]
pub struct PeriodError;

/// A calendar month of the years 2000 to 2099, written `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that `date` lies in.
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
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
        self.first_day().series(jiff::Span::new().days(1)).take_while(move |day| self.contains(*day))
    }

    /// Day `number` (1–31) of this month, if the month has it.
    pub fn day(self, number: i8) -> Option<Date> {
        Date::new(self.year, self.month, number).ok()
    }

    /// Whether `date` lies in this month.
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

    /// The quarter that this month belongs to.
    pub const fn quarter(self) -> Quarter {
        Quarter { year: self.year, quarter: (self.month - 1) / 3 + 1 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, month) = text.split_once('-').ok_or(PeriodError)?;
        let month = digits::<2, i8>(month).filter(|month| (1..=12).contains(month)).ok_or(PeriodError)?;
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

    /// The last day on which a complete claim is in time: three months after the quarter ends (domain note §2).
    pub fn deadline(self) -> Date {
        self.months()[2].next().next().next().last_day()
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
        let (year, quarter) = text.split_once('Q').ok_or(PeriodError)?;
        let quarter = digits::<1, i8>(quarter).filter(|quarter| (1..=4).contains(quarter)).ok_or(PeriodError)?;
        Ok(Self { year: year_of(year)?, quarter })
    }
}

/// A month or a quarter: what a summary is asked for.
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

    /// The quarter it is or lies in.
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
        text.parse().map(Self::Month).or_else(|_| text.parse().map(Self::Quarter))
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

/// A year of this century: older or later ones are typing errors, not months anybody reports.
fn year_of(text: &str) -> Result<i16, PeriodError> {
    digits::<4, i16>(text).filter(|year| (2000..=2099).contains(year)).ok_or(PeriodError)
}

/// Exactly `N` ASCII digits as a number (`parse` alone would take a sign).
fn digits<const N: usize, T: FromStr>(text: &str) -> Option<T> {
    (text.len() == N && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}
