//! A postcode, as users and programs write it.

use super::raw::{Raw, trimmed};
use super::text::is_hyphen;

/// The most characters of a postcode as it is written.
const MAX: usize = 20;
/// How many characters a postcode abroad has.
const ABROAD: std::ops::RangeInclusive<usize> = 2..=12;

/// Belgium (ISO 3166-1), whose postcodes have rules of their own.
pub const BELGIUM: &str = "BE";

/// The text is not a postcode of the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a postcode of the country: expected one such as 5000")]
pub struct PostcodeError;

/// A postcode. A Belgian one is stored as four digits, 1000 to 9999, also when `B-` or `BE-` was before them; one of
/// another country may be any 2 to 12 letters, digits, blanks and hyphens, and is stored as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postcode(String);

impl Postcode {
    /// Parses a postcode of the country with these two letters (ISO 3166-1).
    pub fn parse(text: &str, country: &str) -> Result<Self, PostcodeError> {
        let written = text.trim();
        let stored = if country == BELGIUM { belgian(written) } else { Some(written).filter(|text| is_abroad(text)) };
        stored.map(|stored| Self(stored.to_owned())).ok_or(PostcodeError)
    }
}

impl From<Postcode> for String {
    fn from(postcode: Postcode) -> Self {
        postcode.0
    }
}

/// The four digits of a Belgian postcode.
fn belgian(text: &str) -> Option<&str> {
    let numbered = text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let country = &text[..text.len() - numbered.len()];
    let digits = match country {
        "" => numbered,
        _ if ["B", BELGIUM].iter().any(|known| known.eq_ignore_ascii_case(country)) => {
            numbered.trim_start_matches(|letter: char| letter.is_whitespace() || is_hyphen(letter))
        }
        _ => return None,
    };
    let four = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    four.then_some(digits)
}

fn is_abroad(text: &str) -> bool {
    let known = |letter: char| letter.is_ascii_alphanumeric() || letter.is_whitespace() || is_hyphen(letter);
    ABROAD.contains(&text.chars().count())
        && text.chars().all(known)
        && text.chars().any(|letter| letter.is_ascii_alphanumeric())
}

/// The trimmed text of a postcode; whether it is one is a rule, not a shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct PostcodeText(pub String);

impl Raw for PostcodeText {
    fn from_text(text: &str) -> Option<Self> {
        trimmed(text, MAX).map(|text| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: &str) -> Option<String> {
        Postcode::parse(text, country).ok().map(String::from)
    }

    #[test]
    fn belgian_postcodes_are_kept_as_four_digits() {
        let spellings = ["5000", " 5000\u{a0}", "B-5000", "BE-5000", "B 5000", "b5000", "be - 5000", "B\u{2011}5000"];
        for text in spellings {
            assert_eq!(read(text, "BE").as_deref(), Some("5000"), "{text}");
        }
        assert_eq!((read("1000", "BE").as_deref(), read("9999", "BE").as_deref()), (Some("1000"), Some("9999")));
        let wrong = [
            "",
            "0999",
            "999",
            "50000",
            "-5000",
            "B",
            "F-5000",
            "B-B-5000",
            "5000 Namur",
            "5 000",
            "75008 Paris",
            "٥٠٠٠",
            "chez lui",
        ];
        for text in wrong {
            assert_eq!(read(text, "BE"), None, "{text}");
        }
    }

    #[test]
    fn others_are_kept_as_they_were_written() {
        for (text, country) in [("75008", "FR"), ("L-1234", "LU"), ("SW1A 1AA", "GB"), ("1012 AB", "NL"), ("12", "IS")]
        {
            assert_eq!(read(&format!(" {text} "), country).as_deref(), Some(text), "{text}");
        }
        for text in ["", "1", "--", "75008 Paris 08", "75008, Paris", "75_008", "Ж12", "1234567890123"] {
            assert_eq!(read(text, "FR"), None, "{text}");
        }
    }
}
