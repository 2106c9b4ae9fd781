//! What validating a register needs besides it.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::Member;
use super::raw::RawMember;
use crate::domain::ssin::{AcceptedSsins, Ssin};
use crate::domain::text::name_match_key;
use crate::ids::{CrecheId, StaffMemberId};

/// A stored person of the register.
#[derive(Debug, Clone)]
pub struct StoredPerson {
    /// The id.
    pub id: StaffMemberId,
    /// The person's properties.
    pub member: Member,
}

/// What the rules need besides the document. What is `None` is not available, and the rules that need it are not
/// applied.
#[derive(Debug, Clone, Default)]
pub struct RegisterContext<'a> {
    /// The present day in Brussels.
    pub today: Option<Date>,
    /// The organiser's crèches that the sender may name.
    pub creches: Option<&'a [CrecheIdentifiers]>,
    /// Whether the sender may send diplomas and documents.
    pub documents: bool,
    /// The contact when the agency has a number under another name.
    pub help_desk: &'a str,
    /// Numbers, new to this organiser, that the agency has under another family name than the document.
    pub mismatched: HashSet<Ssin>,
    /// The SSINs that are taken.
    pub accepted_ssins: AcceptedSsins,
    stored: Option<StoredPersons<'a>>,
    subject: Option<&'a StoredPerson>,
}

/// A crèche, by everything that may identify it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrecheIdentifiers {
    /// The id.
    pub id: CrecheId,
    /// The agency's number.
    pub one_number: String,
    /// The name.
    pub name: String,
}

/// The stored persons, indexed.
#[derive(Debug, Clone, Default)]
struct StoredPersons<'a> {
    all: &'a [StoredPerson],
    by_reference: HashMap<&'a str, usize>,
    by_ssin: HashMap<&'a Ssin, usize>,
}

impl<'a> RegisterContext<'a> {
    /// A context with the day at most.
    pub fn offline(today: Option<Date>) -> Self {
        Self { today, documents: true, ..Self::default() }
    }

    /// Adds the stored persons.
    #[must_use]
    pub fn holding(mut self, all: &'a [StoredPerson]) -> Self {
        let reference = |(at, known): (usize, &'a StoredPerson)| (known.member.reference.as_str(), at);
        let ssin = |(at, known): (usize, &'a StoredPerson)| Some((known.member.ssin.as_ref()?, at));
        self.stored = Some(StoredPersons {
            all,
            by_reference: all.iter().enumerate().map(reference).collect(),
            by_ssin: all.iter().enumerate().filter_map(ssin).collect(),
        });
        self
    }

    /// A context for one stored person, whatever reference and number the document has.
    #[must_use]
    pub const fn with_subject(mut self, subject: &'a StoredPerson) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Whether the stored persons are available.
    pub const fn knows_held(&self) -> bool {
        self.stored.is_some()
    }

    /// Every stored person.
    pub fn all_held(&self) -> &'a [StoredPerson] {
        self.stored.as_ref().map_or(&[], |stored| stored.all)
    }

    /// The stored person that `raw` is about: the one with its reference, else the one with its national number.
    pub fn find_held(&self, raw: &RawMember) -> Option<&'a StoredPerson> {
        if self.subject.is_some() {
            return self.subject;
        }
        self.position(raw).map(|at| &self.all_held()[at])
    }

    /// The index of that person among the stored ones.
    pub fn position(&self, raw: &RawMember) -> Option<usize> {
        let stored = self.stored.as_ref()?;
        let named = raw.reference.get().and_then(|reference| stored.by_reference.get(reference.0.as_str()));
        named.or_else(|| stored.by_ssin.get(&valid_ssin(raw)?)).copied()
    }

    /// The crèche that a text names: by its id, by the agency's number, or by a unique name.
    pub fn find_creche(&self, text: &str) -> Option<CrecheId> {
        let id = text.parse().ok();
        let Some(creches) = self.creches else { return id };
        let known = creches.iter().find(|place| Some(place.id) == id || place.one_number == text);
        let named = || {
            let wanted = name_match_key(text);
            let mut named = creches.iter().filter(|place| name_match_key(&place.name) == wanted);
            named.next().filter(|_| named.next().is_none())
        };
        known.or_else(named).map(|place| place.id)
    }

    /// The latest possible birth date.
    pub fn latest_birth_date(&self) -> Date {
        self.today.unwrap_or(Date::MAX)
    }
}

/// The national number of a person, where there is a valid one.
pub fn valid_ssin(raw: &RawMember) -> Option<Ssin> {
    Ssin::parse(&raw.ssin.get()?.0).ok()
}
