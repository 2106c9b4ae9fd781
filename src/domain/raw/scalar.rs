//! Values in documents of every kind: dates, times of day, counts.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::Raw;
use crate::domain::period::{Month, Quarter};

/// A local time of day, to the minute, written `07:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(pub Time);

impl TimeOfDay {
    /// Minutes from midnight.
    pub fn minute_of_day(self) -> u64 {
        let (hour, minute) = (self.0.hour().unsigned_abs(), self.0.minute().unsigned_abs());
        u64::from(hour) * 60 + u64::from(minute)
    }

    /// A time as users write it, with spaces anywhere: `13:30`, `13 h 30`, `9:05`, `9h`, `13.30`, `1:30 PM`.
    pub fn written(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect();
        let (text, afternoon) = twelve_hours(&text);
        let (hour, rest) = text.split_once([':', 'h', 'u', '.'])?;
        let minute = if rest.is_empty() { "00" } else { rest.strip_suffix(":00").unwrap_or(rest) };
        let minute = ["min", "h", "u"].into_iter().find_map(|unit| minute.strip_suffix(unit)).unwrap_or(minute);
        let short = (1..=2).contains(&hour.len()) && minute.len() == 2;
        let hour: u8 = hour.parse().ok().filter(|_| short)?;
        let hour = match afternoon {
            None => hour,
            Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
            Some(_) => return None,
        };
        Self::from_text(&format!("{hour:02}:{minute}"))
    }
}

/// A time without `am` or `pm`, and whether it was `pm`, if either was there.
fn twelve_hours(text: &str) -> (&str, Option<bool>) {
    for (suffix, afternoon) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest, Some(afternoon));
        }
    }
    (text, None)
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Flag(pub bool);

impl Raw for Flag {
    fn from_bool(value: bool) -> Option<Self> {
        Some(Self(value))
    }
}

impl From<TimeOfDay> for String {
    fn from(TimeOfDay(time): TimeOfDay) -> Self {
        format!("{:02}:{:02}", time.hour(), time.minute())
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::from_text(&text).ok_or("not a time of day")
    }
}

impl Raw for Date {
    /// `2026-10-31`, a day that exists (RFC 3339 full-date).
    fn from_text(text: &str) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let year = decimal(&[*y1, *y2, *y3, *y4])?;
        Self::new(year, i8::try_from(decimal(&[*m1, *m2])?).ok()?, i8::try_from(decimal(&[*d1, *d2])?).ok()?).ok()
    }
}

/// The number that up to four decimal digits are.
fn decimal(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
}

impl Raw for Month {
    /// `2026-07`, of the years 2000 to 2099.
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Raw for Quarter {
    /// `2026Q3`, of the years 2000 to 2099.
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Raw for TimeOfDay {
    /// `07:30`, from 00:00 to 23:59.
    fn from_text(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 5
            && bytes.iter().enumerate().all(|(at, byte)| if at == 2 { *byte == b':' } else { byte.is_ascii_digit() });
        if !shaped {
            return None;
        }
        Time::new(text[..2].parse().ok()?, text[3..].parse().ok()?, 0, 0).ok().map(Self)
    }
}

impl Raw for u32 {
    /// 0 to 99 999: more days than any statement can have.
    fn from_integer(value: u64) -> Option<Self> {
        Self::try_from(value).ok().filter(|value| *value <= 99_999)
    }
}
