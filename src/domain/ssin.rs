//! The SSIN (NISS): a person's national register or bis number.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The sequences, digits 7 to 9, that the examples and invented persons have, and that are given to nobody
/// (docs/test-data.md).
pub const INVENTED_SEQUENCES: RangeInclusive<u32> = 951..=998;

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

/// A valid SSIN, national or bis. Written out only by [`Ssin::expose`]; `Debug` has a mask.
///
/// `YYMMDD SSS CC`, where `CC` is 97 minus the remainder modulo 97 of the first nine digits, or of those prefixed by
/// `2` for people born from 2000 on (docs/domain.md, Identifiers).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ssin([u8; 11]);

impl Ssin {
    /// Parses eleven digits, nothing else.
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

    /// The digits, for sealing and for matching; never for a log, a message or a response.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).expect("eleven ASCII digits")
    }

    /// The birth date in the number, if its date part is a valid date and not after `today`.
    pub fn birth_date(&self, today: Date) -> Option<Date> {
        let day = i8::try_from(self.number(4..6)).ok()?;
        let month = i8::try_from(self.number(2..4) % 20).ok()?;
        Date::new(self.year()?, month, day).ok().filter(|date| *date <= today)
    }

    /// Whether the year of birth in the number is after `today`'s: such a number does not exist yet.
    pub fn is_birth_year_in_future(&self, today: Date) -> bool {
        self.year().is_some_and(|year| year > today.year())
    }

    /// Whether its sequence is one of [`INVENTED_SEQUENCES`].
    pub fn is_invented(&self) -> bool {
        INVENTED_SEQUENCES.contains(&self.number(6..9))
    }

    /// The year of birth, with the century from the check digits.
    fn year(&self) -> Option<i16> {
        Some(self.century()? + i16::try_from(self.number(0..2)).ok()?)
    }

    /// The century of the rule that the check digits fit: never both, for two thousand million is no multiple of 97.
    fn century(&self) -> Option<i16> {
        let check = u64::from(self.number(9..11));
        let nine = u64::from(self.number(0..9));
        let fits = |number: u64| 97 - number % 97 == check;
        if fits(nine) { Some(1900) } else { fits(2_000_000_000 + nine).then_some(2000) }
    }

    fn number(&self, range: std::ops::Range<usize>) -> u32 {
        self.0[range].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }
}

/// The SSINs that a deployment takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AcceptedSsins {
    /// All that are valid.
    #[default]
    Valid,
    /// Those alone that are given to nobody: a world of a sandbox belongs to whoever has its secret.
    Invented,
}

impl AcceptedSsins {
    /// Whether it takes this one.
    pub fn accept(self, ssin: &Ssin) -> bool {
        self == Self::Valid || ssin.is_invented()
    }

    /// Whether a text is a valid SSIN that is not taken, with whatever separators.
    pub fn refuse_text(self, text: &str) -> bool {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        Ssin::parse(&digits).is_ok_and(|ssin| !self.accept(&ssin))
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
    use proptest::prelude::*;
    use proptest::sample::select;

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
            assert!(!ssin.is_birth_year_in_future(TODAY), "{text}");
        }
        for text in
            ["85031497722", "85131497791", "85331497737", "85031400028", "85031499996", "8503149772", "8503149772x"]
        {
            assert!(Ssin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn invented_numbers_are_known_by_their_sequence() {
        let invented = |text: &str| Ssin::parse(text).expect("valid").is_invented();
        assert!(invented("80041295109") && invented("85031499897"));
        assert!(!invented("00010100371"), "of a person who would be older than anybody");
        let (all, some) = (AcceptedSsins::default(), AcceptedSsins::Invented);
        let written = "00.01.01-003.71";
        assert!(some.refuse_text(written) && !all.refuse_text(written));
        assert!(!some.refuse_text("80.04.12-951.09") && !some.refuse_text("00.01.01-003.00"));
    }

    #[test]
    fn a_birth_in_the_future_is_known_by_its_check_digits() {
        assert!(Ssin::parse("99123100395").is_ok_and(|ssin| ssin.is_birth_year_in_future(TODAY)));
    }

    #[test]
    fn the_birth_date_is_told_by_both_rules_and_by_bis_numbers() {
        let born = |text: &str| Ssin::parse(text).expect("valid").birth_date(TODAY);
        assert_eq!(born("85031497721"), Some(Date::constant(1985, 3, 14)));
        assert_eq!(born("23061598193"), Some(Date::constant(2023, 6, 15)));
        assert_eq!(born("03431198548"), Some(Date::constant(2003, 3, 11)));
        assert_eq!(born("85000097732"), None);
    }

    /// A number and the century from its check digits.
    fn number() -> impl Strategy<Value = (String, i16)> {
        let months = (0..=12_u8).chain(20..=32).chain(40..=52).collect::<Vec<_>>();
        let parts = (0..=99_u8, select(months), 0..=99_u8, 1..=998_u16, select(vec![1900_i16, 2000]));
        parts.prop_map(|(year, month, day, sequence, century)| {
            let nine = format!("{year:02}{month:02}{day:02}{sequence:03}");
            let prefix = if century == 2000 { "2" } else { "" };
            let check = 97 - format!("{prefix}{nine}").parse::<u64>().expect("digits") % 97;
            (format!("{nine}{check:02}"), century)
        })
    }

    proptest! {
        #[test]
        fn a_number_is_read_back_as_it_is_written((text, century) in number()) {
            let ssin = Ssin::parse(&text).unwrap();
            prop_assert_eq!(ssin.expose(), &text);
            prop_assert_eq!(String::from(ssin.clone()), text.clone());
            let shown = format!("{ssin:?}");
            prop_assert_eq!(shown, "Ssin(***********)");
            prop_assert_eq!(ssin.century(), Some(century));
        }

        #[test]
        fn a_number_tells_the_birth_that_it_was_made_of((text, century) in number()) {
            let part = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap();
            let (month, day) = (i8::try_from(part(2..4) % 20).unwrap(), i8::try_from(part(4..6)).unwrap());
            let year = century + part(0..2);
            let born = Date::new(year, month, day).ok();
            let ssin = Ssin::parse(&text).unwrap();
            prop_assert_eq!(ssin.birth_date(TODAY), born.filter(|date| *date <= TODAY));
            prop_assert_eq!(ssin.is_birth_year_in_future(TODAY), year > TODAY.year());
        }

        /// One mistake that neither rule detects: the year six off, in the other century.
        #[test]
        fn one_mistyped_digit_is_noticed_or_tells_another_century(
            (text, century) in number(), at in 0..11_usize, by in 1..10_u8
        ) {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
            if let Ok(mistaken) = Ssin::parse(std::str::from_utf8(&wrong).unwrap()) {
                prop_assert_eq!((at, wrong[at].abs_diff(text.as_bytes()[at])), (1, 6), "{}", text);
                prop_assert_ne!(mistaken.century(), Some(century));
            }
        }

        #[test]
        fn no_text_stops_the_reader(text: String) {
            let _ = Ssin::parse(&text);
        }
    }
}
