//! The six sums of a month that the agency requires (docs/domain.md, Attendance).

use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::{Duration, Status};
use crate::domain::days::Days;
use crate::domain::statement;

/// Present, absent with and without justification, each in whole and half days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Days of presence.
    pub present: Days,
    /// Days of justified absence.
    pub justified_absence: Days,
    /// Days of unjustified absence.
    pub unjustified_absence: Days,
}

impl Totals {
    /// The sum of one status.
    pub const fn of(&self, status: Status) -> Days {
        match status {
            Status::Present => self.present,
            Status::JustifiedAbsence => self.justified_absence,
            Status::UnjustifiedAbsence => self.unjustified_absence,
        }
    }

    /// Counts one entry.
    pub const fn count(&mut self, status: Status, duration: Duration) {
        let days = match status {
            Status::Present => &mut self.present,
            Status::JustifiedAbsence => &mut self.justified_absence,
            Status::UnjustifiedAbsence => &mut self.unjustified_absence,
        };
        match duration {
            Duration::Full => days.full_days += 1,
            Duration::Half => days.half_days += 1,
        }
    }
}

impl Add for Totals {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            present: self.present + other.present,
            justified_absence: self.justified_absence + other.justified_absence,
            unjustified_absence: self.unjustified_absence + other.unjustified_absence,
        }
    }
}

/// A difference of days, with its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedDays {
    /// Whole days more, or fewer when negative.
    pub full_days: i64,
    /// Half days more, or fewer when negative.
    pub half_days: i64,
}

/// A difference of the six sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceChange {
    /// Of presence.
    pub present: SignedDays,
    /// Of justified absence.
    pub justified_absence: SignedDays,
    /// Of unjustified absence.
    pub unjustified_absence: SignedDays,
}

impl statement::Totals for Totals {
    type Change = AttendanceChange;

    fn since(&self, before: &Self) -> AttendanceChange {
        let change = |status| {
            let (now, then) = (self.of(status), before.of(status));
            SignedDays {
                full_days: i64::from(now.full_days) - i64::from(then.full_days),
                half_days: i64::from(now.half_days) - i64::from(then.half_days),
            }
        };
        AttendanceChange {
            present: change(Status::Present),
            justified_absence: change(Status::JustifiedAbsence),
            unjustified_absence: change(Status::UnjustifiedAbsence),
        }
    }
}
