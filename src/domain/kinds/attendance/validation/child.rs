//! The child of a line: birth date, names, and whether another line has the same child.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{AttendanceValidator, RawLine, rules};
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::identity::Identity;
use crate::domain::rule::Rule;
use crate::domain::script::mixed_names;

impl AttendanceValidator<'_> {
    /// The birth date, if it is plausible enough to validate the rest of the line with.
    pub(super) fn birth(&mut self, line: &RawLine, index: usize) -> Option<Date> {
        let birth = line.birth_date.get().copied()?;
        let place = |field: &str| FindingPlace::line(index).field(field);
        if birth > self.context.month.last_day() {
            self.findings.push(Finding::new(&rules::BIRTH_AFTER_MONTH, place("birthDate")));
            return None;
        }
        self.age(birth, &place("birthDate"));
        let stay = [(&line.start_date, "startDate"), (&line.end_date, "endDate")];
        if let Some((_, field)) = stay.iter().find(|(day, _)| day.get().is_some_and(|day| *day < birth)) {
            self.findings.push(Finding::new(&rules::STAY_BEFORE_BIRTH, place(field)));
        }
        Some(birth)
    }

    fn age(&mut self, birth: Date, place: &FindingPlace) {
        let first = self.context.month.first_day();
        let older_than = |months: i32| birth.checked_add(months.months()).is_ok_and(|day| day < first);
        if older_than(6 * 12) {
            self.findings.push(Finding::new(&rules::CHILD_TOO_OLD, place.clone()));
        } else if older_than(36) {
            self.findings.push(Finding::new(&rules::CHILD_OLDER_THAN_36_MONTHS, place.clone()));
        }
    }

    /// Letters of several alphabets in one name.
    pub(super) fn names(&mut self, line: &RawLine, index: usize) {
        for field in mixed_names(&line.family_name, &line.given_name) {
            self.findings.push(Finding::new(&rules::MIXED_SCRIPTS, FindingPlace::line(index).field(field)));
        }
    }

    /// The same child on two lines: reported once for each pair, by the strongest evidence.
    pub(super) fn check_duplicates(&mut self, lines: &[(usize, &RawLine)]) {
        // Two different numbers are two children: where each line has one of its own, names need not be compared.
        let numbers: HashSet<_> = lines.iter().filter_map(|(_, line)| number(line)).collect();
        let mut seen = LinesSeen { compares_names: numbers.len() < lines.len(), ..LinesSeen::default() };
        for &(index, line) in lines {
            if let Some((rule, first, field)) = seen.find_duplicate(index, line) {
                let mut finding = Finding::new(rule, FindingPlace::line(index).field(field));
                finding.places.push(FindingPlace::line(first).field(field));
                finding.count = 2;
                self.findings.push(finding);
            }
        }
    }
}

/// The lines so far, indexed by each identifying property of a child; the last one of several alike.
#[derive(Default)]
struct LinesSeen<'a> {
    references: HashMap<&'a str, usize>,
    numbers: HashMap<&'a str, usize>,
    children: HashMap<Identity, (usize, Option<&'a str>)>,
    /// Whether lines may be the same child by its names.
    compares_names: bool,
}

impl<'a> LinesSeen<'a> {
    /// Adds a line: returns the rule that it breaks with an earlier one, that line, and the field to report.
    fn find_duplicate(&mut self, index: usize, line: &'a RawLine) -> Option<(&'static Rule, usize, &'static str)> {
        let ssin = number(line);
        let reference = line.reference.get().and_then(|reference| self.references.insert(&reference.0, index));
        let number = ssin.and_then(|ssin| self.numbers.insert(ssin, index));
        // Two different numbers are two children.
        let may_be = |found: &(usize, Option<&str>)| found.1.is_none() || ssin.is_none() || found.1 == ssin;
        let child = if self.compares_names { identity(line) } else { None };
        let exchanged = child.as_ref().and_then(|child| self.children.get(&child.exchanged()).copied()).filter(may_be);
        let same = child.and_then(|child| self.children.insert(child, (index, ssin))).filter(may_be);
        let told = reference.map(|first| (&rules::DUPLICATE_REFERENCE, first, "reference"));
        let told = told.or_else(|| number.map(|first| (&rules::DUPLICATE_SSIN, first, "ssin")));
        let told = told.or_else(|| same.map(|(first, _)| (&rules::DUPLICATE_CHILD, first, "familyName")));
        told.or_else(|| exchanged.map(|(first, _)| (&rules::NAMES_EXCHANGED, first, "familyName")))
    }
}

/// The national number, as it was sent.
fn number(line: &RawLine) -> Option<&str> {
    line.ssin.get().map(|ssin| ssin.0.as_str())
}

/// Names and birth date: the identity of a child without a number.
fn identity(line: &RawLine) -> Option<Identity> {
    let (family_name, given_name) = (line.family_name.get()?, line.given_name.get()?);
    Some(Identity::new(&family_name.0, &given_name.0, *line.birth_date.get()?))
}
