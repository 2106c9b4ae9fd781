//! The identity of a person: birth date, names, and whether the register has the same person twice.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::{StaffValidator, rules};
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Param};
use crate::domain::identity::Identity;
use crate::domain::rule::Rule;
use crate::domain::script::mixed_names;
use crate::domain::staff::context::{RegisterContext, StoredPerson};
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::same_person::{self, PersonSigns};

/// The range of plausible ages, in years.
const AGES: (i32, i32) = (15, 80);
/// The earliest plausible birth date.
const EARLIEST_BIRTH: Date = date(1900, 1, 1);

impl StaffValidator<'_> {
    /// The birth date to validate the rest of the document with: the one sent, else the stored one.
    pub(super) fn birth(
        &mut self,
        raw: &RawMember,
        stored: Option<&StoredPerson>,
        place: &FindingPlace,
    ) -> Option<Date> {
        if raw.birth_date.get().is_some_and(|birth| self.is_impossible(*birth)) {
            self.find(&rules::BIRTH_DATE_IMPOSSIBLE, place.clone().field("birthDate"));
            return None;
        }
        same_person::birth_date(raw, stored, self.context.latest_birth_date())
    }

    pub(super) fn is_impossible(&self, birth: Date) -> bool {
        birth < EARLIEST_BIRTH || birth > self.context.latest_birth_date()
    }

    /// Letters of several alphabets in one name.
    pub(super) fn names(&mut self, raw: &RawMember, place: &FindingPlace) {
        for field in mixed_names(&raw.family_name, &raw.given_name) {
            self.find(&rules::MIXED_SCRIPTS, place.clone().field(field));
        }
    }

    /// The same person earlier in the register, or else stored and left out of the register.
    pub(super) fn like_another(&mut self, persons: &mut PersonsSeen, raw: &RawMember, index: usize) {
        let place = |index| FindingPlace::default().item("members", index);
        let Some(signs) = PersonSigns::of(raw, self.context) else { return };
        let Some((first, reference)) = persons.duplicate(&signs, index, raw) else {
            return self.like_held(raw, &place(index));
        };
        let finding = same_person(place(index), reference);
        let places = vec![place(index).field("familyName"), place(first).field("familyName")];
        self.findings.push(Finding { places, count: 2, ..finding });
    }

    /// The same person among the stored ones.
    pub(super) fn like_held(&mut self, raw: &RawMember, place: &FindingPlace) {
        let Some(signs) = PersonSigns::of(raw, self.context) else { return };
        if let Some(known) = self.stored.duplicate(&signs) {
            let finding = same_person(place.clone(), known.member.reference.clone());
            self.findings.push(finding.with_existing(ExistingItem::StaffMember(known.id)));
        }
    }
}

fn same_person(place: FindingPlace, reference: String) -> Finding {
    Finding::new(&rules::SAME_PERSON_TWICE, place.field("familyName")).with("reference", Param::Code(reference))
}

/// The rule that the first day of a contract breaks for a person born on this day.
pub(super) fn too_young_or_old(birth: Date, start: Date) -> Option<&'static Rule> {
    let birthday = |years: i32| birth.checked_add(years.years());
    if start < birth {
        return Some(&rules::START_BEFORE_BIRTH);
    }
    let fits = birthday(AGES.0).is_ok_and(|day| day <= start) && birthday(AGES.1 + 1).is_ok_and(|day| start < day);
    (!fits).then_some(&rules::AGE_IMPLAUSIBLE)
}

/// The persons of a document so far; the last one of several alike.
#[derive(Default)]
pub(super) struct PersonsSeen(HashMap<Identity, (usize, bool, String)>);

impl PersonsSeen {
    /// Adds a person: returns the place and the reference of an earlier one who may be the same.
    fn duplicate(&mut self, signs: &PersonSigns, index: usize, raw: &RawMember) -> Option<(usize, String)> {
        let reference = raw.reference.get().map_or_else(|| "?".to_owned(), |reference| reference.0.clone());
        let before = self.0.insert(signs.identity.clone(), (index, signs.has_number, reference));
        let may_be = before.filter(|(_, numbered, _)| !(signs.has_number && *numbered));
        may_be.map(|(first, _, reference)| (first, reference))
    }
}

/// Stored persons, by identity.
#[derive(Default)]
pub(super) struct StoredIdentities<'a>(HashMap<Identity, Vec<&'a StoredPerson>>);

impl<'a> StoredIdentities<'a> {
    /// The stored persons that none of `members` is about.
    pub(super) fn without<'r>(members: impl Iterator<Item = &'r RawMember>, context: &RegisterContext<'a>) -> Self {
        let meant: HashSet<_> = members.filter_map(|member| context.find_held(member)).map(|known| known.id).collect();
        let mut others = HashMap::<_, Vec<_>>::new();
        for known in context.all_held().iter().filter(|known| !meant.contains(&known.id)) {
            others.entry(same_person::identity_of(&known.member)).or_default().push(known);
        }
        Self(others)
    }

    fn duplicate(&self, signs: &PersonSigns) -> Option<&'a StoredPerson> {
        let alike = self.0.get(&signs.identity)?;
        alike.iter().copied().find(|known| !(signs.has_number && known.member.ssin.is_some()))
    }
}
