//! An attendance statement as it arrived, by whichever door.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::{Duration, Reason, Status};
use crate::domain::person::{Name, SsinText};
use crate::domain::raw::{List, Raw, is_label, record};

/// The most lines (children) that one statement may have (guide §10.1.2).
pub const MAX_LINES: usize = 500;
/// The most entries that one line may have: two halves for each day of the longest month.
pub const MAX_DAYS: usize = 62;

record! {
    /// One crèche, one month.
    pub struct RawStatement {
        /// The children, in the sender's order.
        required lines "lines": List<RawLine, MAX_LINES>,
        /// The sender's own sums, for comparison.
        optional control_totals "controlTotals": RawTotals,
    }
}

record! {
    /// One child.
    pub struct RawLine {
        /// The vendor's own reference of the child.
        required reference "reference": Reference,
        /// Family name.
        required family_name "familyName": Name,
        /// Given name.
        required given_name "givenName": Name,
        /// Birth date.
        required birth_date "birthDate": Date,
        /// National number, eleven digits.
        optional ssin "ssin": SsinText,
        /// Whether the number already held is to be kept.
        optional ssin_present "ssinPresent": bool,
        /// First day at the crèche.
        optional start_date "startDate": Date,
        /// Last day at the crèche.
        optional end_date "endDate": Date,
        /// The days.
        required days "days": List<RawDay, MAX_DAYS>,
    }
}

record! {
    /// A whole or half day of one child.
    pub struct RawDay {
        /// The date.
        required date "date": Date,
        /// Present or absent.
        required status "status": Status,
        /// Whole or half.
        required duration "duration": Duration,
        /// Why absent.
        optional reason "reason": Reason,
        /// Arrival, local time.
        optional arrival "arrival": TimeOfDay,
        /// Departure, local time.
        optional departure "departure": TimeOfDay,
    }
}

record! {
    /// The six sums.
    pub struct RawTotals {
        /// Present.
        required present "present": RawDays,
        /// Absent with justification.
        required justified_absence "justifiedAbsence": RawDays,
        /// Absent without.
        required unjustified_absence "unjustifiedAbsence": RawDays,
    }
}

record! {
    /// Whole and half days.
    pub struct RawDays {
        /// Whole days.
        required full_days "fullDays": u32,
        /// Half days.
        required half_days "halfDays": u32,
    }
}

/// A vendor's own reference: 1 to 64 characters, without white space at either end and without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Reference(pub String);

/// A local time of day, to the minute, written `07:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(pub Time);

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

impl Raw for Reference {
    fn from_text(text: &str) -> Option<Self> {
        is_label(text, 64).then(|| Self(text.to_owned()))
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
