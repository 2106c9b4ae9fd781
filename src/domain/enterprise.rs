//! The enterprise number (numéro BCE) of an organiser.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an enterprise number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnterpriseError {
    /// Not ten digits, dots and spaces aside.
    #[error("an enterprise number has ten digits, such as 0566.988.259")]
    Digits,
    /// Begins with 2 to 8: the number of a place of business, not of its enterprise.
    #[error("this is the number of an establishment unit: an enterprise number begins with 0 or 1")]
    Establishment,
    /// Begins with 9.
    #[error("an enterprise number begins with 0 or 1")]
    First,
    /// The last two digits are not the check digits of the others.
    #[error("the check digits of the enterprise number do not match: it was mistyped")]
    Checksum,
}

/// A valid enterprise number: ten digits of which the first is 0 or 1 and the last two are 97 minus the remainder
/// modulo 97 of the first eight (docs/domain.md, Identifiers).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnterpriseNumber(u32);

impl EnterpriseNumber {
    /// Parses ten digits as users write them: dots and spaces between them, `BE` before them.
    pub fn parse(text: &str) -> Result<Self, EnterpriseError> {
        let text = text.trim();
        let text = text.strip_prefix("BE").or_else(|| text.strip_prefix("be")).unwrap_or(text);
        let digits: String = text.chars().filter(|sign| !matches!(sign, '.' | ' ')).collect();
        if digits.len() != 10 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(EnterpriseError::Digits);
        }
        match digits.as_bytes()[0] {
            b'0' | b'1' => {}
            b'9' => return Err(EnterpriseError::First),
            _ => return Err(EnterpriseError::Establishment),
        }
        let number: u32 = digits.parse().map_err(|_| EnterpriseError::Digits)?;
        if 97 - number / 100 % 97 == number % 100 { Ok(Self(number)) } else { Err(EnterpriseError::Checksum) }
    }
}

/// The ten digits, as they are stored and exchanged.
impl fmt::Display for EnterpriseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl FromStr for EnterpriseNumber {
    type Err = EnterpriseError;

    fn from_str(text: &str) -> Result<Self, EnterpriseError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EnterpriseNumber {
    type Error = EnterpriseError;

    fn try_from(text: String) -> Result<Self, EnterpriseError> {
        Self::parse(&text)
    }
}

impl From<EnterpriseNumber> for String {
    fn from(number: EnterpriseNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_numbers_are_judged_as_the_register_does() {
        let cases = [
            ("0566988259", Ok("0566988259")),
            ("1999000150", Ok("1999000150")),
            ("1999005197", Ok("1999005197")),
            ("BE 0566.988.259", Ok("0566988259")),
            (" be0566 988 259 ", Ok("0566988259")),
            ("1999000151", Err(EnterpriseError::Checksum)),
            ("2999004230", Err(EnterpriseError::Establishment)),
            ("9999004230", Err(EnterpriseError::First)),
            ("566988259", Err(EnterpriseError::Digits)),
            ("05669882590", Err(EnterpriseError::Digits)),
            ("0566-988-259", Err(EnterpriseError::Digits)),
            ("٠٥٦٦٩٨٨٢٥٩", Err(EnterpriseError::Digits)),
            ("", Err(EnterpriseError::Digits)),
        ];
        for (text, expected) in cases {
            let parsed = EnterpriseNumber::parse(text).map(|number| number.to_string());
            assert_eq!(parsed, expected.map(str::to_owned), "{text}");
        }
    }

    fn number() -> impl Strategy<Value = String> {
        (0..20_000_000_u32).prop_map(|eight| format!("{eight:08}{:02}", 97 - eight % 97))
    }

    proptest! {
        #[test]
        fn a_number_is_read_back_as_it_is_written(text in number()) {
            prop_assert_eq!(EnterpriseNumber::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn one_mistyped_digit_is_always_noticed(text in number(), at in 0..10_usize, by in 1..10_u8) {
            let mut wrong = text.into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
            prop_assert!(EnterpriseNumber::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
        }

        #[test]
        fn no_text_stops_the_reader(text: String) {
            let _ = EnterpriseNumber::parse(&text);
        }
    }
}
