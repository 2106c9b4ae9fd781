//! Repeatable numbers, names and identifiers: the same for the same seed. Nothing secret comes from here.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::clock;
use crate::domain::ssin::INVENTED_SEQUENCES;

const NAMES: &str = include_str!("../../../sandbox/names.json");

/// The invented names.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NamePool {
    pub(super) organisers: Vec<String>,
    pub(super) creches: Vec<String>,
    pub(super) given_names: Vec<String>,
    pub(super) family_names: Vec<String>,
    pub(super) streets: Vec<String>,
}

impl NamePool {
    pub(super) fn shipped() -> Self {
        serde_json::from_str(NAMES).expect("the embedded names are well-formed")
    }
}

/// A sequence of numbers from a seed (SplitMix64).
pub(super) struct Generator {
    state: u64,
    /// The time in identifiers.
    at: Timestamp,
    /// How many national numbers were made, so that no two are the same.
    numbered: u32,
}

impl Generator {
    /// The sequence of a seed, with identifiers from that day on.
    pub(super) fn new(seed: u32, day: Date) -> Self {
        Self { state: u64::from(seed), at: clock::brussels_midnight(day), numbered: 0 }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is above 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).unwrap_or_default()
    }

    /// One of these.
    pub(super) fn one_of<'a>(&mut self, from: &'a [String]) -> &'a str {
        let length = u32::try_from(from.len()).unwrap_or(u32::MAX);
        &from[self.below(length) as usize]
    }

    /// An identifier.
    pub(super) fn id(&mut self) -> String {
        let millis = u64::try_from(self.at.as_millisecond()).unwrap_or_default();
        let bytes: [u8; 10] = std::array::from_fn(|_| self.next().to_le_bytes()[0]);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().hyphenated().to_string()
    }

    /// The invented national number of a person born that day.
    pub(super) fn ssin(&mut self, born: Date) -> String {
        let (first, last) = INVENTED_SEQUENCES.into_inner();
        let sequence = first + self.numbered % (last - first + 1);
        self.numbered += 1;
        let nine = format!("{}{sequence}", born.strftime("%y%m%d"));
        let number = nine.parse::<u64>().unwrap_or_default() + if born.year() < 2000 { 0 } else { 2_000_000_000 };
        format!("{nine}{:02}", 97 - number % 97)
    }

    /// An invented enterprise number.
    pub(super) fn enterprise_number(&mut self) -> String {
        let eight = 19_990_000 + self.below(10_000);
        format!("{eight}{:02}", 97 - eight % 97)
    }

    /// The INAMI number of an invented general practitioner.
    pub(super) fn inami(&mut self) -> String {
        let six = 190_000 + self.below(10_000);
        format!("{six}{:02}001", 97 - six % 97)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enterprise::EnterpriseNumber;
    use crate::domain::ssin::Ssin;

    #[test]
    fn numbers_are_valid_and_given_to_nobody() {
        let mut generator = Generator::new(7, jiff::civil::date(2026, 10, 12));
        for born in [jiff::civil::date(1985, 3, 14), jiff::civil::date(2025, 2, 3)] {
            for _ in 0..100 {
                let ssin = generator.ssin(born);
                assert_eq!(Ssin::parse(&ssin).unwrap().birth_date(jiff::civil::date(2026, 1, 1)), Some(born));
                assert!(Ssin::parse(&ssin).unwrap().is_invented(), "{ssin}");
                EnterpriseNumber::parse(&generator.enterprise_number()).unwrap();
            }
        }
    }
}
