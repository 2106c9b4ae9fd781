//! Values that documents of every kind hold: dates, times of day, counts.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::Raw;

/// A local time of day, to the minute, written `07:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(pub Time);

impl TimeOfDay {
    /// A time as people write it: `13:30`, `13h30`, `9:05`, `9h`, `13.30`.
    pub fn written(text: &str) -> Option<Self> {
        let (hour, rest) = text.split_once([':', 'h', 'H', '.'])?;
        let minute = if rest.is_empty() { "00" } else { rest.strip_suffix(":00").unwrap_or(rest) };
        let short = (1..=2).contains(&hour.len()) && minute.len() == 2;
        short.then(|| Self::from_text(&format!("{hour:0>2}:{minute}")))?
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
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
        if !shaped {
            return None;
        }
        let number = |range: std::ops::Range<usize>| text[range].parse().ok();
        Self::new(text[..4].parse().ok()?, number(5..7)?, number(8..10)?).ok()
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
    /// 0 to 99 999: more days than any statement can hold.
    fn from_integer(value: u64) -> Option<Self> {
        Self::try_from(value).ok().filter(|value| *value <= 99_999)
    }
}
