//! Days counted in whole and half days: integers, never a fraction.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// Whole days and half days, counted separately as the agency requires.
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

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn days() -> impl Strategy<Value = Days> {
        (0..1_000_000_u32, 0..1_000_000_u32).prop_map(|(full_days, half_days)| Days { full_days, half_days })
    }

    proptest! {
        #[test]
        fn a_sum_is_the_same_however_it_is_taken(mut all in vec(days(), 0..20), at in any::<proptest::sample::Index>()) {
            let whole: Days = all.iter().copied().sum();
            let (left, right) = all.split_at(at.index(all.len() + 1));
            prop_assert_eq!(left.iter().copied().sum::<Days>() + right.iter().copied().sum(), whole);
            prop_assert_eq!(all.iter().map(|days| days.in_half_days()).sum::<u64>(), whole.in_half_days());
            all.reverse();
            prop_assert_eq!(all.into_iter().sum::<Days>(), whole);
        }
    }
}
