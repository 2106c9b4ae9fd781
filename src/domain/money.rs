//! Amounts of money: whole euro cents, never a fraction.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::raw::Raw;

/// An amount in euro cents, 0 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub u64);

impl Cents {
    /// The largest amount that a document may name: 100 000 euros.
    pub const MAX: Self = Self(10_000_000);

    /// In euros, as spreadsheets keep it; exact to the cent.
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below what a double holds exactly")]
    pub fn euros(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// So many euros, when that is a whole number of cents but for what a double cannot hold: a millionth of a cent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    pub fn from_euros(euros: f64) -> Option<Self> {
        let cents = (euros * 100.0).round();
        let whole = (euros * 100.0 - cents).abs() <= 1e-6 && (0.0..=1e9).contains(&cents);
        whole.then_some(cents as u64).and_then(Self::from_integer)
    }

    /// An amount as people write it: `45`, `45,5`, `45.50`, with `€` before or after it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('€').trim_end_matches('€').trim();
        let (euros, cents) = text.split_once([',', '.']).unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(euros) || !digits(cents) || cents.len() > 2 {
            return None;
        }
        let tens = if cents.len() == 1 { 10 } else { 1 };
        let amount = euros.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents.parse::<u64>().ok()? * tens)?;
        Self::from_integer(amount)
    }
}

impl Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl Raw for Cents {
    fn from_integer(value: u64) -> Option<Self> {
        Some(Self(value)).filter(|amount| *amount <= Self::MAX)
    }
}

/// As people write it here: `45,00`.
impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let right = [("45", 4500), ("45,5", 4550), ("45.50", 4550), (" 0,01 € ", 1), ("€ 12", 1200), ("0", 0)];
        for (text, cents) in right {
            assert_eq!(Cents::parse(text), Some(Cents(cents)), "{text}");
        }
        for text in ["", "-1", "1,234", "1.000,00", "a", "1,", ",5", "100001", "99999999999999999999"] {
            assert_eq!(Cents::parse(text), None, "{text}");
        }
        assert_eq!(Cents(4505).to_string(), "45,05");
    }
}
