//! Countries: the two-letter codes that ISO 3166-1 assigns.

use super::raw::Raw;

/// The assigned codes: a first letter, and the letters that may follow it (state of 2026).
const ASSIGNED: [(char, &str); 25] = [
    ('A', "DEFGILMOQRSTUWXZ"),
    ('B', "ABDEFGHIJLMNOQRSTVWYZ"),
    ('C', "ACDFGHIKLMNORUVWXYZ"),
    ('D', "EJKMOZ"),
    ('E', "CEGHRST"),
    ('F', "IJKMOR"),
    ('G', "ABDEFGHILMNPQRSTUWY"),
    ('H', "KMNRTU"),
    ('I', "DELMNOQRST"),
    ('J', "EMOP"),
    ('K', "EGHIMNPRWYZ"),
    ('L', "ABCIKRSTUVY"),
    ('M', "ACDEFGHKLMNOPQRSTUVWXYZ"),
    ('N', "ACEFGILOPRUZ"),
    ('O', "M"),
    ('P', "AEFGHKLMNRSTWY"),
    ('Q', "A"),
    ('R', "EOSUW"),
    ('S', "ABCDEGHIJKLMNORSTVXYZ"),
    ('T', "CDFGHJKLMNORTVWZ"),
    ('U', "AGMSYZ"),
    ('V', "ACEGINU"),
    ('W', "FS"),
    ('Y', "ET"),
    ('Z', "AMW"),
];

/// The code of a country.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Country(pub String);

impl Raw for Country {
    fn from_text(text: &str) -> Option<Self> {
        is_assigned(text).then(|| Self(text.to_owned()))
    }
}

/// Whether a country has this code.
fn is_assigned(text: &str) -> bool {
    let mut letters = text.chars();
    let (Some(first), Some(second), None) = (letters.next(), letters.next(), letters.next()) else { return false };
    ASSIGNED.iter().any(|(known, seconds)| *known == first && seconds.contains(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_codes_are_told_from_other_letters() {
        assert_eq!(ASSIGNED.iter().map(|(_, seconds)| seconds.len()).sum::<usize>(), 249);
        for code in ["BE", "FR", "GB", "LU", "ZW"] {
            assert!(is_assigned(code), "{code}");
        }
        for text in ["XX", "UK", "EU", "be", "B", "BEL", "", "BÉ"] {
            assert!(!is_assigned(text), "{text}");
        }
    }

    #[test]
    fn the_schemas_list_the_same_codes() {
        let first = |(first, seconds): &(char, &str)| match seconds.len() {
            1 => format!("{first}{seconds}"),
            _ => format!("{first}[{seconds}]"),
        };
        let pattern = format!("^({})$", ASSIGNED.iter().map(first).collect::<Vec<_>>().join("|"));
        for text in
            [include_str!("../../schemas/doctor.schema.json"), include_str!("../../schemas/doctor-change.schema.json")]
        {
            let schema: serde_json::Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(schema["properties"]["country"]["pattern"], pattern.as_str());
        }
    }
}
