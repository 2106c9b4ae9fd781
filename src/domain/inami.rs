//! The INAMI number (RIZIV) of a doctor with the health insurance.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::raw::Raw;

/// Why a text is not a doctor's INAMI number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InamiError {
    /// Not exactly eleven digits.
    #[error("an INAMI number has eleven digits")]
    Digits,
    /// Begins with another digit than 1: another profession has such a number.
    #[error("the INAMI number of a doctor begins with 1")]
    NoDoctor,
    /// The check digits fit neither of the two rules.
    #[error("the check digits of the INAMI number do not match")]
    Checksum,
}

/// A doctor's INAMI number: `P NNNNN CC QQQ`, where `P` is 1 and `CC` is 97, or since 2019 also 89, minus the remainder
/// by the same of the first six digits (docs/domain.md, Identifiers).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Inami(u64);

impl Inami {
    /// Parses eleven digits, nothing else.
    pub fn parse(text: &str) -> Result<Self, InamiError> {
        let digits = text.len() == 11 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number: u64 = text.parse().ok().filter(|_| digits).ok_or(InamiError::Digits)?;
        if !text.starts_with('1') {
            return Err(InamiError::NoDoctor);
        }
        let (body, check) = (number / 100_000, number / 1000 % 100);
        let fits = |modulus| modulus - body % modulus == check;
        if fits(97) || fits(89) { Ok(Self(number)) } else { Err(InamiError::Checksum) }
    }
}

/// The eleven digits, as they are exchanged.
impl fmt::Display for Inami {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:011}", self.0)
    }
}

impl FromStr for Inami {
    type Err = InamiError;

    fn from_str(text: &str) -> Result<Self, InamiError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Inami {
    type Error = InamiError;

    fn try_from(text: String) -> Result<Self, InamiError> {
        Self::parse(&text)
    }
}

impl From<Inami> for String {
    fn from(number: Inami) -> Self {
        number.to_string()
    }
}

/// Eleven digits; the check digits are validated by a rule, not by the shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct InamiText(pub String);

impl Raw for InamiText {
    fn from_text(text: &str) -> Option<Self> {
        (text.len() == 11 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_doctors_are_told_from_others() {
        for text in ["19006951001", "17385467004", "10000135004"] {
            assert_eq!(Inami::parse(text).map(|number| number.to_string()), Ok(text.to_owned()));
        }
        let wrong = [
            ("19006952001", InamiError::Checksum),
            ("49006951001", InamiError::NoDoctor),
            ("1900695100", InamiError::Digits),
            ("190069510011", InamiError::Digits),
            ("1900695100a", InamiError::Digits),
            ("", InamiError::Digits),
        ];
        for (text, error) in wrong {
            assert_eq!(Inami::parse(text), Err(error), "{text}");
        }
    }
}
