//! The SSIN (NISS): a person's national register or bis number.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why a text is not an SSIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SsinError {
    /// Not exactly eleven digits.
    #[error("an SSIN has eleven digits")]
    Digits,
    /// The check digits fit neither the rule before nor that from 2000.
    #[error("the check digits do not match")]
    Checksum,
    /// Month outside 00–12, 20–32 and 40–52, or sequence 000 or 999.
    #[error("no SSIN has this month or sequence")]
    Impossible,
}

/// A valid SSIN, national or bis. Written out only by [`Ssin::expose`]; everything else shows a mask.
///
/// `YYMMDD SSS CC`, where `CC` is 97 minus the remainder modulo 97 of the first nine digits, or of those prefixed by
/// `2` for people born from 2000 on (domain note §6).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ssin([u8; 11]);

impl Ssin {
    /// Reads eleven digits, nothing else.
    pub fn parse(text: &str) -> Result<Self, SsinError> {
        let digits: [u8; 11] = text.as_bytes().try_into().map_err(|_| SsinError::Digits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(SsinError::Digits);
        }
        let ssin = Self(digits);
        ssin.century().ok_or(SsinError::Checksum)?;
        let sequence = ssin.number(6..9);
        let month = ssin.number(2..4);
        let known_month = matches!(month, 0..=12 | 20..=32 | 40..=52);
        if known_month && !matches!(sequence, 0 | 999) { Ok(ssin) } else { Err(SsinError::Impossible) }
    }

    /// The digits, for sealing and for matching; never for a log, a message or an answer.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).expect("eleven ASCII digits")
    }

    /// The birth date the number tells, if its date part is a day of the calendar. A number whose check digits fit
    /// both rules tells the later century unless that lies after `today`.
    pub fn birth_date(&self, today: Date) -> Option<Date> {
        let day = i8::try_from(self.number(4..6)).ok()?;
        let month = i8::try_from(self.number(2..4) % 20).ok()?;
        let year = i16::try_from(self.number(0..2)).ok()?;
        let dates = self
            .centuries()
            .into_iter()
            .rev()
            .flatten()
            .filter_map(|century| Date::new(century + year, month, day).ok());
        dates.into_iter().find(|date| *date <= today)
    }

    /// Whether the check digits allow a birth only after `today`'s year: nobody has such a number yet.
    pub fn is_future(&self, today: Date) -> bool {
        let year = i16::try_from(self.number(0..2)).unwrap_or_default();
        self.centuries().into_iter().flatten().all(|century| century + year > today.year())
    }

    /// The centuries that the check digits allow, 1900 before 2000.
    fn centuries(&self) -> [Option<i16>; 2] {
        let check = u64::from(self.number(9..11));
        let nine = u64::from(self.number(0..9));
        let fits = |number: u64| 97 - number % 97 == check;
        [fits(nine).then_some(1900), fits(2_000_000_000 + nine).then_some(2000)]
    }

    fn century(&self) -> Option<i16> {
        self.centuries().into_iter().flatten().next()
    }

    fn number(&self, range: std::ops::Range<usize>) -> u32 {
        self.0[range].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }
}

impl fmt::Debug for Ssin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ssin(***********)")
    }
}

impl TryFrom<String> for Ssin {
    type Error = SsinError;
    fn try_from(text: String) -> Result<Self, SsinError> {
        Self::parse(&text)
    }
}

impl From<Ssin> for String {
    fn from(ssin: Ssin) -> Self {
        ssin.expose().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 23);

    #[test]
    fn the_examples_of_the_field_are_told_apart() {
        let valid = [
            "85031497721",
            "79091198222",
            "85031499897",
            "23061598193",
            "02071996837",
            "85000097732",
            "85451297883",
            "03431198548",
        ];
        for text in valid {
            let ssin = Ssin::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(!ssin.is_future(TODAY), "{text}");
        }
        for text in
            ["85031497722", "85131497791", "85331497737", "85031400028", "85031499996", "8503149772", "8503149772x"]
        {
            assert!(Ssin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_birth_in_the_future_is_known_by_its_check_digits() {
        assert!(Ssin::parse("99123100395").is_ok_and(|ssin| ssin.is_future(TODAY)));
    }

    #[test]
    fn the_birth_date_is_told_by_both_rules_and_by_bis_numbers() {
        let born = |text: &str| Ssin::parse(text).expect("valid").birth_date(TODAY);
        assert_eq!(born("85031497721"), Some(Date::constant(1985, 3, 14)));
        assert_eq!(born("23061598193"), Some(Date::constant(2023, 6, 15)));
        assert_eq!(born("03431198548"), Some(Date::constant(2003, 3, 11)));
        assert_eq!(born("85000097732"), None);
    }
}
