//! What judging a register needs besides it.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::Member;
use super::raw::RawMember;
use crate::domain::ssin::Ssin;
use crate::domain::text::name_match_key;
use crate::ids::{CrecheId, StaffMemberId};

/// A person of the register as it is held.
#[derive(Debug, Clone)]
pub struct StoredPerson {
    /// The id.
    pub id: StaffMemberId,
    /// All that is told of the person.
    pub member: Member,
}

/// What the rules know beyond the document. What is `None` is unknown, and the rules that need it are not applied.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// The present day in Brussels.
    pub today: Option<Date>,
    /// The organiser's crèches, as far as the sender may speak of them.
    pub creches: Option<&'a [CrecheNames]>,
    /// Whether the sender may speak of diplomas and documents.
    pub documents: bool,
    /// Whom to call when the agency knows a number under another name.
    pub help_desk: &'a str,
    /// Numbers, new to this organiser, that the agency knows under another family name than the document gives.
    pub mismatched: HashSet<Ssin>,
    held: Option<StoredPersons<'a>>,
    subject: Option<&'a StoredPerson>,
}

/// A crèche, by all that may name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrecheNames {
    /// The id.
    pub id: CrecheId,
    /// The agency's number.
    pub one_number: String,
    /// The name.
    pub name: String,
}

/// The persons who are held, and the ways to find them.
#[derive(Debug, Clone, Default)]
struct StoredPersons<'a> {
    all: &'a [StoredPerson],
    by_reference: HashMap<&'a str, usize>,
    by_ssin: HashMap<&'a Ssin, usize>,
}

impl<'a> Context<'a> {
    /// Where nothing is known but, perhaps, the day.
    pub fn offline(today: Option<Date>) -> Self {
        Self { today, documents: true, ..Self::default() }
    }

    /// With the persons who are held.
    #[must_use]
    pub fn holding(mut self, all: &'a [StoredPerson]) -> Self {
        let reference = |(at, known): (usize, &'a StoredPerson)| (known.member.reference.as_str(), at);
        let ssin = |(at, known): (usize, &'a StoredPerson)| Some((known.member.ssin.as_ref()?, at));
        self.held = Some(StoredPersons {
            all,
            by_reference: all.iter().enumerate().map(reference).collect(),
            by_ssin: all.iter().enumerate().filter_map(ssin).collect(),
        });
        self
    }

    /// About one person who is held, whatever reference and number the document gives.
    #[must_use]
    pub const fn about(mut self, subject: &'a StoredPerson) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Whether it is known who is held.
    pub const fn knows_held(&self) -> bool {
        self.held.is_some()
    }

    /// Every person who is held.
    pub fn all_held(&self) -> &'a [StoredPerson] {
        self.held.as_ref().map_or(&[], |held| held.all)
    }

    /// The person who is held and whom `raw` means: the one of its reference, else the one of its national number.
    pub fn find_held(&self, raw: &RawMember) -> Option<&'a StoredPerson> {
        if self.subject.is_some() {
            return self.subject;
        }
        self.position(raw).map(|at| &self.all_held()[at])
    }

    /// Where that person is among those who are held.
    pub fn position(&self, raw: &RawMember) -> Option<usize> {
        let held = self.held.as_ref()?;
        let named = raw.reference.get().and_then(|reference| held.by_reference.get(reference.0.as_str()));
        named.or_else(|| held.by_ssin.get(&valid_ssin(raw)?)).copied()
    }

    /// The crèche that a text names: by its id, by the agency's number, or by a name that no other has.
    pub fn creche(&self, text: &str) -> Option<CrecheId> {
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

    /// The latest day on which somebody may have been born.
    pub fn latest(&self) -> Date {
        self.today.unwrap_or(Date::MAX)
    }
}

/// The national number of a person, where there is a valid one.
pub fn valid_ssin(raw: &RawMember) -> Option<Ssin> {
    Ssin::parse(&raw.ssin.get()?.0).ok()
}
