//! The person and the level chosen in the log-in form.

use super::fields::Fields;
use super::words::ChoiceError;
use super::{Csam, Person, STRONG, WEAK};
use crate::domain::ssin::Ssin;

/// The ways to log in: field value and level.
pub(super) const WAYS: [(&str, &str); 3] = [("eid", STRONG[0]), ("itsme", STRONG[1]), ("password", WEAK)];
/// The field value for a person whose data is typed.
pub(super) const OTHER: &str = "other";
/// The longest name.
const LONGEST: usize = 100;

/// The person that a form describes, or all its faults.
pub(super) fn read(csam: &Csam, fields: &Fields) -> Result<Person, Vec<ChoiceError>> {
    let level = WAYS.iter().find(|(way, _)| fields.get("level") == Some(way)).map(|(_, level)| *level);
    match fields.get("person") {
        Some(OTHER) => typed(fields, level),
        Some(number) => {
            let persona = number.parse().ok().and_then(|number: usize| csam.0.personas.get(number));
            let (persona, level) = persona.zip(level).ok_or_else(|| vec![ChoiceError::Person])?;
            let (given_name, family_name) = (persona.given_name.clone(), persona.family_name.clone());
            Ok(Person { given_name, family_name, ssin: persona.ssin.clone(), level })
        }
        None => Err(vec![ChoiceError::Person]),
    }
}

/// A person who is not on the list.
fn typed(fields: &Fields, level: Option<&'static str>) -> Result<Person, Vec<ChoiceError>> {
    let (ssin, level) = (ssin(fields), level.ok_or(ChoiceError::Person));
    let given_name = name(fields, "givenName", ChoiceError::GivenName);
    let family_name = name(fields, "familyName", ChoiceError::FamilyName);
    if let (Ok(ssin), Ok(given_name), Ok(family_name), Ok(level)) = (&ssin, &given_name, &family_name, level) {
        let (given_name, family_name) = (given_name.clone(), family_name.clone());
        return Ok(Person { given_name, family_name, ssin: ssin.clone(), level });
    }
    Err([ssin.err(), given_name.err(), family_name.err(), level.err()].into_iter().flatten().collect())
}

/// A name within the length limit.
fn name(fields: &Fields, field: &str, fault: ChoiceError) -> Result<String, ChoiceError> {
    let typed = fields.get(field).unwrap_or_default().trim();
    let right = (1..=LONGEST).contains(&typed.chars().count());
    if right { Ok(typed.to_owned()) } else { Err(fault) }
}

/// An invented number, with any punctuation.
fn ssin(fields: &Fields) -> Result<Ssin, ChoiceError> {
    let typed = fields.get("ssin").unwrap_or_default();
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let ssin = Ssin::parse(&digits).map_err(|_| ChoiceError::Ssin)?;
    if ssin.is_invented() { Ok(ssin) } else { Err(ChoiceError::RealSsin) }
}
