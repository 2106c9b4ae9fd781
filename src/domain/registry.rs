//! Organisers with their crèches and first administrators, as the agency's operator imports them.

pub mod raw;

use std::collections::BTreeSet;

use jiff::civil::Date;

use self::raw::{RawAdministrator, RawCreche, RawOrganiser, RawRegistry};
use super::creche::{NewCreche, Places};
use super::enterprise::EnterpriseNumber;
use super::finding::{Finding, FindingPlace, Findings, Param};
use super::person::{PersonDetails, SsinText};
use super::raw::{Field, List};
use super::rule::Rule;
use super::rules::registry as rules;
use super::ssin::Ssin;

/// An organiser of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganiser {
    /// Its legal name.
    pub legal_name: String,
    /// Its BCE number, which identifies it.
    pub enterprise_number: EnterpriseNumber,
    /// Its crèches, each identified by its ONE number.
    pub creches: Vec<NewCreche>,
    /// Its first administrators.
    pub administrators: Vec<PersonDetails>,
}

impl RawRegistry {
    /// The organisers, and the findings beyond their shape. Without findings on either, they are
    /// in the order of the document, and so are their crèches and administrators.
    pub fn parse(self, today: Date) -> (Vec<NewOrganiser>, Findings) {
        let mut validator = RegistryValidator { today, findings: Findings::default(), seen: BTreeSet::new() };
        let organiser = |(place, raw)| validator.organiser(&place, raw);
        let organisers = items(&FindingPlace::default(), "organisers", self.organisers).filter_map(organiser).collect();
        (organisers, validator.findings)
    }
}

/// The well-formed items of a list, each with its place.
fn items<T, const MAX: usize>(
    place: &FindingPlace,
    name: &'static str,
    list: Field<List<T, MAX>>,
) -> impl Iterator<Item = (FindingPlace, T)> {
    let items = list.take().unwrap_or_default().0.into_iter().enumerate();
    items.filter_map(move |(index, item)| Some((place.clone().item(name, index), item.take()?)))
}

/// The state of validating one file.
struct RegistryValidator {
    today: Date,
    findings: Findings,
    /// Unique values: the field, the scope, the value.
    seen: BTreeSet<(&'static str, String, String)>,
}

impl RegistryValidator {
    fn organiser(&mut self, place: &FindingPlace, raw: RawOrganiser) -> Option<NewOrganiser> {
        let number = raw.enterprise_number.take().and_then(|text| self.enterprise_number(place, &text.0));
        let creches = items(place, "creches", raw.creches);
        let creches = creches.filter_map(|(place, raw)| self.creche(&place, raw)).collect();
        let administrators = items(place, "administrators", raw.administrators);
        let administrators = administrators.filter_map(|(own, raw)| self.administrator(place, &own, raw)).collect();
        let legal_name = raw.legal_name.take()?.0;
        Some(NewOrganiser { legal_name, enterprise_number: number?, creches, administrators })
    }

    fn creche(&mut self, place: &FindingPlace, raw: RawCreche) -> Option<NewCreche> {
        if let Some(number) = raw.one_number.get() {
            self.require_unique("oneNumber", &FindingPlace::default(), place, number.0.clone());
        }
        let (from, until) = (raw.authorised_from.take(), raw.authorised_until.take());
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            self.find(&rules::END_BEFORE_START, place.clone().field("authorisedUntil"));
        }
        let mut capacity = Vec::new();
        for (own, raw) in items(place, "capacity", raw.capacity) {
            let (Some(from), Some(places)) = (raw.from.take(), raw.places.take()) else { continue };
            self.require_unique("from", place, &own, from.to_string());
            capacity.push(Places { from, places });
        }
        capacity.sort_unstable();
        if let Some(first) = capacity.first().filter(|first| from.is_some_and(|from| from < first.from)) {
            let finding = Finding::new(&rules::PLACES_UNKNOWN, place.clone().field("capacity"));
            self.findings.push(finding.with("date", Param::Date(first.from)));
        }
        Some(NewCreche {
            name: raw.name.take()?.0,
            one_number: raw.one_number.take()?.0,
            subsidised: raw.subsidised.take()?.0,
            authorised: (from?, until),
            capacity,
        })
    }

    fn administrator(
        &mut self,
        organiser: &FindingPlace,
        place: &FindingPlace,
        raw: RawAdministrator,
    ) -> Option<PersonDetails> {
        let ssin = raw.ssin.take().and_then(|SsinText(digits)| self.ssin(organiser, place, &digits));
        let email = raw.email.take();
        if let Some(email) = &email {
            self.require_unique("email", organiser, place, email.expose().to_ascii_lowercase());
        }
        let (given_name, family_name) = (raw.given_name.take()?.0, raw.family_name.take()?.0);
        Some(PersonDetails { given_name, family_name, email: email?, ssin: ssin? })
    }

    fn enterprise_number(&mut self, place: &FindingPlace, text: &str) -> Option<EnterpriseNumber> {
        let Ok(number) = EnterpriseNumber::parse(text) else {
            self.find(&rules::ENTERPRISE_NUMBER_INVALID, place.clone().field("enterpriseNumber"));
            return None;
        };
        self.require_unique("enterpriseNumber", &FindingPlace::default(), place, number.to_string());
        Some(number)
    }

    fn ssin(&mut self, organiser: &FindingPlace, place: &FindingPlace, digits: &str) -> Option<Ssin> {
        let ssin = Ssin::parse(digits).ok().filter(|ssin| !ssin.is_birth_year_in_future(self.today));
        match &ssin {
            Some(_) => self.require_unique("ssin", organiser, place, digits.to_owned()),
            None => self.find(&rules::SSIN_INVALID, place.clone().field("ssin")),
        }
        ssin
    }

    /// Adds a finding where the field of `place` has a value that exists already within `scope`.
    fn require_unique(&mut self, field: &'static str, scope: &FindingPlace, place: &FindingPlace, value: String) {
        if !self.seen.insert((field, scope.pointer.clone(), value)) {
            let finding = Finding::new(&rules::REPEATED, place.clone().field(field));
            self.findings.push(finding.with("field", Param::Code(field.to_owned())));
        }
    }

    fn find(&mut self, rule: &'static Rule, place: FindingPlace) {
        self.findings.push(Finding::new(rule, place));
    }
}
