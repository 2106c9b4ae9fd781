//! A telephone number, as users and programs write it.

use std::fmt;
use std::str::FromStr;

use super::raw::{Raw, trimmed};
use super::text::is_hyphen;

/// The most characters of a telephone number as it is written.
const MAX: usize = 50;
/// The most digits of a foreign number, country code included (ITU-T E.164).
const MAX_ABROAD: usize = 15;
/// The fewest digits of a foreign number.
const MIN_ABROAD: usize = 6;
/// The country code of Belgium.
const BELGIUM: &str = "32";

/// The text is not a telephone number. It is not repeated: it may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a telephone number: expected one such as 081 00 00 01 or +32 470 00 00 01")]
pub struct PhoneError;

/// A number that can be dialled from Belgium, stored as it was written. A Belgian one has eight digits after its first
/// 0, or nine when it is a mobile number; one with `+` or `00` and another country code has 6 to 15 digits after these.
/// Blanks, dots, slashes, hyphens and parentheses may be between the digits. Not shown by `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let written = text.trim();
        if is_dialled(written) { Ok(Self(written.to_owned())) } else { Err(PhoneError) }
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(***)")
    }
}

fn is_dialled(text: &str) -> bool {
    let joined: String = text.chars().filter(|letter| !is_separator(*letter)).collect();
    let plain = |text: &str| text.replace(['(', ')'], "");
    // The first 0 of a national number is not dialled after the country code; many write it so: +32 (0)2 …
    let without_trunk = plain(&joined.replacen("(0)", "", 1));
    match without_trunk.strip_prefix('+').or_else(|| without_trunk.strip_prefix("00")) {
        Some(digits) => is_international(digits),
        None => plain(&joined).strip_prefix('0').is_some_and(is_belgian),
    }
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || is_hyphen(letter) || matches!(letter, '.' | '/')
}

/// The digits after `+` or `00`.
fn is_international(digits: &str) -> bool {
    match digits.strip_prefix(BELGIUM) {
        Some(national) => is_belgian(national.strip_prefix('0').unwrap_or(national)),
        None => (MIN_ABROAD..=MAX_ABROAD).contains(&digits.len()) && are_digits(digits) && !digits.starts_with('0'),
    }
}

/// The digits of a Belgian number after its first 0. Those of mobile numbers begin with 45 to 49, and 42 and 43 are
/// Liège: a mobile number that lacks a digit is not taken for one of Liège.
fn is_belgian(digits: &str) -> bool {
    let mobile = digits.starts_with('4') && matches!(digits.as_bytes().get(1), Some(b'5'..=b'9'));
    let right_length = match digits.len() {
        8 => !mobile,
        9 => digits.starts_with('4'),
        _ => false,
    };
    right_length && are_digits(digits) && !digits.starts_with('0')
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The trimmed text of a telephone number; whether it is one is a rule, not a shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct PhoneText(pub String);

impl Raw for PhoneText {
    fn from_text(text: &str) -> Option<Self> {
        trimmed(text, MAX).map(|text| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: [&str; 25] = [
        "02/123.45.67",
        "02 123 45 67",
        "021234567",
        "(02) 123 45 67",
        "081 00 00 01",
        "04 223 45 67",
        "0470 00 00 01",
        "0470/00.00.01",
        "0470-00-00-01",
        "0470\u{2011}00\u{2013}00\u{a0}01",
        "0800 12 345",
        "078 15 00 00",
        "+32 470 00 00 01",
        "+32 81 00 00 01",
        "+32 (0)2 123 45 67",
        "+32(0)470000001",
        "+32 02 123 45 67",
        "(+32) 2 123 45 67",
        "0032 470 00 00 01",
        "0032 (0) 2 123 45 67",
        "00 32 2 123 45 67",
        "+33 1 42 00 00 01",
        "+33 (0)1 42 00 00 01",
        "00352 00 00 01",
        "+49 89 00000000001",
    ];

    const WRONG: [&str; 25] = [
        "",
        "0",
        "+",
        "00",
        "()",
        "112",
        "2 123 45 67",
        "470 00 00 01",
        "02 123 45 6",
        "02 123 45 678",
        "0470 00 00 0",
        "0470 00 00 012",
        "+32 470 00",
        "+32 81 00 00 012",
        "+32 (0)2 123 45 6",
        "+33 12",
        "+33 1 42 00 00 01 00 00 0",
        "+0 42 00 00 01",
        "02 123 45 67 ext. 12",
        "tel. 02 123 45 67",
        "02 123 45 67 / 0470 00 00 01",
        "02+123 45 67",
        "++32 2 123 45 67",
        "٠٢ ١٢٣ ٤٥ ٦٧",
        "secret",
    ];

    #[test]
    fn a_number_is_known_however_it_is_written_and_stays_so() {
        for text in RIGHT {
            assert_eq!(text.parse().map(|phone: Phone| String::from(phone)), Ok(text.to_owned()), "{text}");
        }
        assert_eq!(
            " 081 00 00 01\u{a0}".parse().map(|phone: Phone| String::from(phone)),
            Ok("081 00 00 01".to_owned())
        );
        for text in WRONG {
            assert_eq!(text.parse::<Phone>(), Err(PhoneError), "{text}");
        }
        assert_eq!(format!("{:?}", RIGHT[0].parse::<Phone>()), "Ok(Phone(***))");
    }

    #[test]
    fn any_text_of_one_line_may_stand_there_before_it_is_judged() {
        assert_eq!(PhoneText::from_text(" chez lui "), Some(PhoneText("chez lui".to_owned())));
        for text in ["", " ", "0\n", "\u{202a}081 00 00 01\u{202c}", &"0".repeat(51)] {
            assert_eq!(PhoneText::from_text(text), None, "{text:?}");
        }
    }
}
