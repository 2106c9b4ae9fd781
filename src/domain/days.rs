//! Days counted in whole and half days: integers, never a fraction.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// Whole days and half days, counted apart as the agency asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Days {
    /// Whole days.
    pub full_days: u32,
    /// Half days.
    pub half_days: u32,
}

impl Days {
    /// The same time in half days: two for each whole one.
    pub fn in_half_days(self) -> u64 {
        u64::from(self.full_days) * 2 + u64::from(self.half_days)
    }
}

impl Add for Days {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { full_days: self.full_days + other.full_days, half_days: self.half_days + other.half_days }
    }
}

impl AddAssign for Days {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Days {
    fn sum<I: Iterator<Item = Self>>(days: I) -> Self {
        days.fold(Self::default(), Add::add)
    }
}
