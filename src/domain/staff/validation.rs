//! The rules of the staff register, applied to the document before validation.
//!
//! A malformed field is the schema's finding; the rules skip it and validate everything around it.

mod person;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use self::person::{PersonsSeen, StoredIdentities, too_young_or_old};
use super::context::{RegisterContext, StoredPerson, valid_ssin};
use super::raw::{RawAbsence, RawContract, RawMember, RawRegister};
use super::{Contract, Status};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, List};
use crate::domain::rule::Rule;
use crate::domain::rules::document::SSIN_NOT_INVENTED;
use crate::domain::rules::staff as rules;
use crate::domain::ssin::Ssin;
use crate::domain::text::name_match_key;

/// Working time, in hundredths of a full-time equivalent, that one person can hardly exceed.
const MOST_HUNDREDTHS: u32 = 120;
/// The lowest similarity of two spellings of one family name, from 0 to 1.
const ALIKE: f64 = 0.5;

/// Every finding on a register beyond its shape.
pub fn register(raw: &RawRegister, context: &RegisterContext<'_>) -> Findings {
    let mut validator = StaffValidator::new(context);
    validator.register(raw);
    validator.left_out(raw);
    validator.findings
}

/// The warnings on a part of the stored register.
pub fn standing_findings(raw: &RawRegister, context: &RegisterContext<'_>) -> Findings {
    let mut validator = StaffValidator::new(context);
    validator.register(raw);
    validator.findings
}

/// Every finding on one person beyond the shape of the document.
pub fn member(raw: &RawMember, context: &RegisterContext<'_>) -> Findings {
    let mut validator = StaffValidator::new(context);
    validator.member(raw, &FindingPlace::default());
    validator.stored = StoredIdentities::without(std::iter::once(raw), context);
    validator.like_held(raw, &FindingPlace::default());
    validator.findings
}

/// The state of validating one document.
struct StaffValidator<'a> {
    context: &'a RegisterContext<'a>,
    findings: Findings,
    /// The stored persons that the document leaves out, by identity.
    stored: StoredIdentities<'a>,
}

impl<'a> StaffValidator<'a> {
    fn new(context: &'a RegisterContext<'a>) -> Self {
        Self { context, findings: Findings::default(), stored: StoredIdentities::default() }
    }
}

impl StaffValidator<'_> {
    fn find(&mut self, rule: &'static Rule, place: FindingPlace) {
        self.findings.push(Finding::new(rule, place));
    }

    /// Validates every person, and that each occurs once.
    fn register(&mut self, raw: &RawRegister) {
        let members: Vec<_> = raw.members.get().into_iter().flat_map(|members| &members.0).enumerate().collect();
        let (mut references, mut numbers) = (HashMap::new(), HashMap::new());
        let mut persons = PersonsSeen::default();
        self.stored = StoredIdentities::without(members.iter().filter_map(|(_, member)| member.get()), self.context);
        for (index, member) in members.iter().filter_map(|(index, member)| Some((*index, member.get()?))) {
            let place = || FindingPlace::default().item("members", index);
            self.member(member, &place());
            let duplicate = member.reference.get().and_then(|reference| references.insert(&reference.0, index));
            self.twice(&rules::DUPLICATE_REFERENCE, duplicate, index, "reference");
            if duplicate.is_none() {
                self.like_another(&mut persons, member, index);
            }
            let duplicate = valid_ssin(member).and_then(|ssin| numbers.insert(ssin, index));
            self.twice(&rules::DUPLICATE_SSIN, duplicate, index, "ssin");
        }
    }

    fn twice(&mut self, rule: &'static Rule, first: Option<usize>, index: usize, field: &str) {
        if let Some(first) = first {
            let place = |index| FindingPlace::default().item("members", index).field(field);
            self.findings.push(Finding {
                places: vec![place(index), place(first)],
                count: 2,
                ..Finding::new(rule, place(index))
            });
        }
    }

    /// Stored persons that a register leaves out.
    fn left_out(&mut self, raw: &RawRegister) {
        let Some(members) = raw.members.get().filter(|_| self.context.knows_held()) else { return };
        let named = members.0.iter().filter_map(Field::get).filter_map(|member| self.context.find_held(member));
        let told: HashSet<_> = named.map(|known| known.id).collect();
        let count = self.context.all_held().len() - told.len();
        if count > 0 {
            let finding = Finding::new(&rules::LEFT_OUT, FindingPlace::at("/members"));
            self.findings.push(finding.with("count", Param::Count(count as u64)));
        }
    }

    fn member(&mut self, raw: &RawMember, place: &FindingPlace) {
        let field = |name: &str| place.clone().field(name);
        let stored = self.context.find_held(raw);
        let birth = self.birth(raw, stored, place);
        self.names(raw, place);
        self.identity(raw, stored, place);
        for (section, given) in [("trainings", !raw.trainings.is_absent()), ("documents", !raw.documents.is_absent())] {
            if given && !self.context.documents {
                self.find(&rules::DOCUMENTS_NOT_GRANTED, field(section));
            }
        }
        // In the order in which a member is built.
        self.contracts(raw, birth, place);
        self.contracts_left_out(raw, stored, place);
        self.trainings(raw, place);
        self.documents(raw, place);
        self.absences(raw, place);
    }

    /// The person's identity: the number, the family name of that number, the birth date.
    fn identity(&mut self, raw: &RawMember, stored: Option<&StoredPerson>, place: &FindingPlace) {
        let field = |name: &str| place.clone().field(name);
        let kept = stored.and_then(|stored| stored.member.ssin.as_ref());
        let sent = match &raw.ssin {
            Field::Present(text) => {
                match Ssin::parse(&text.0)
                    .ok()
                    .filter(|ssin| !ssin.is_birth_year_in_future(self.context.latest_birth_date()))
                {
                    Some(ssin) if !self.context.accepted_ssins.accept(&ssin) => {
                        return self.find(&SSIN_NOT_INVENTED, field("ssin"));
                    }
                    Some(ssin) => Some(ssin),
                    None => return self.find(&rules::SSIN_INVALID, field("ssin")),
                }
            }
            Field::Malformed(_) => return,
            Field::Absent => None,
        };
        // A number or a birth date that the document leaves out may be stored.
        let knows_held = self.context.knows_held();
        if let (None, None, true) = (&sent, kept, knows_held) {
            let present = raw.ssin_present.get() == Some(&true);
            let (rule, name) =
                if present { (&rules::SSIN_NOT_HELD, "ssinPresent") } else { (&rules::SSIN_MISSING, "ssin") };
            self.find(rule, field(name));
        }
        if let Some(stored) = stored {
            self.same_person(raw, stored, sent.as_ref(), place);
        }
        if sent.as_ref().is_some_and(|ssin| self.context.mismatched.contains(ssin)) {
            self.call_for_help(&rules::FAMILY_NAME_MISMATCH, field("familyName"));
        }
        let told = sent.as_ref().or(kept).and_then(|ssin| ssin.birth_date(self.context.latest_birth_date()));
        match (raw.birth_date.get(), told) {
            (Some(birth), Some(told)) if *birth != told && !self.is_impossible(*birth) => {
                self.find(&rules::BIRTH_DATE_DIFFERS_FROM_SSIN, field("birthDate"));
            }
            (None, None) if raw.birth_date.is_absent() && knows_held && stored.is_none() => {
                self.find(&rules::BIRTH_DATE_REQUIRED, field("birthDate"));
            }
            _ => {}
        }
    }

    /// Whether the document is about the stored person, and not about another one under the same reference.
    fn same_person(&mut self, raw: &RawMember, stored: &StoredPerson, sent: Option<&Ssin>, place: &FindingPlace) {
        let field = |name: &str| place.clone().field(name);
        if !stored.is_named(raw) {
            self.find(&rules::REFERENCE_CHANGED, field("reference"));
        }
        let Some(kept) = &stored.member.ssin else { return };
        if sent.is_some_and(|sent| sent != kept) {
            self.call_for_help(&rules::ANOTHER_PERSON, field("ssin"));
        } else if raw.family_name.get().is_some_and(|name| !is_same_name(&name.0, &stored.member.family_name)) {
            self.call_for_help(&rules::ANOTHER_PERSON, field("familyName"));
        }
    }

    fn call_for_help(&mut self, rule: &'static Rule, place: FindingPlace) {
        let help = Param::Code(self.context.help_desk.to_owned());
        self.findings.push(Finding::new(rule, place).with("helpDesk", help));
    }

    fn contracts(&mut self, raw: &RawMember, birth: Option<Date>, place: &FindingPlace) {
        let mut references = HashMap::new();
        let mut times = Vec::new();
        for (index, contract) in present(&raw.contracts) {
            let at = place.clone().item("contracts", index);
            if let Some(reference) = contract.reference.get()
                && references.insert(&reference.0, index).is_some()
            {
                self.find(&rules::DUPLICATE_CONTRACT, at.clone().field("reference"));
            }
            self.contract(contract, birth, &at);
            if let Some(start) = contract.start_date.get() {
                times.push((*start, contract.end_date.get().copied(), hundredths(contract)));
            }
        }
        if let Some(date) = first_overloaded_day(&times) {
            let finding = Finding::new(&rules::WORKING_TIME_HIGH, place.clone().field("contracts"));
            self.findings.push(finding.with("date", Param::Date(date)));
        }
    }

    /// Stored contracts that the document leaves out of its person: it has neither their reference nor, under a new reference,
    /// their first day. Nothing is said of a document without contracts, or with one that cannot be read.
    fn contracts_left_out(&mut self, raw: &RawMember, stored: Option<&StoredPerson>, place: &FindingPlace) {
        let sent = raw.contracts.get().and_then(|sent| sent.0.iter().map(Field::get).collect::<Option<Vec<_>>>());
        let (Some(sent), Some(stored)) = (sent, stored) else { return };
        let stored = &stored.member.contracts;
        let known: HashSet<_> = stored.iter().map(|contract| contract.reference.as_str()).collect();
        let (kept, new): (Vec<_>, Vec<_>) =
            sent.into_iter().partition(|now| reference(now).is_some_and(|name| known.contains(name)));
        let kept: HashSet<_> = kept.into_iter().filter_map(reference).collect();
        let begins: HashSet<_> = new.iter().filter_map(|now| now.start_date.get()).collect();
        let is_sent =
            |before: &Contract| kept.contains(before.reference.as_str()) || begins.contains(&before.start_date);
        for contract in stored.iter().filter(|before| !is_sent(before)) {
            let finding = Finding::new(&rules::CONTRACT_LEFT_OUT, place.clone().field("contracts"));
            self.findings.push(finding.with("contract", Param::Code(contract.reference.clone())));
        }
    }

    fn contract(&mut self, contract: &RawContract, birth: Option<Date>, at: &FindingPlace) {
        let start = contract.start_date.get();
        if start.zip(contract.end_date.get()).is_some_and(|(start, end)| end < start) {
            self.find(&rules::CONTRACT_END_BEFORE_START, at.clone().field("endDate"));
        }
        if let Some(rule) = start.zip(birth).and_then(|(start, birth)| too_young_or_old(birth, *start)) {
            self.find(rule, at.clone().field("startDate"));
        }
        for (index, function) in present(&contract.functions) {
            let unknown = |text: &str| self.context.creches.is_some() && self.context.find_creche(text).is_none();
            if function.creche.get().is_some_and(|text| unknown(&text.0)) {
                self.find(&rules::UNKNOWN_CRECHE, at.clone().item("functions", index).field("crecheId"));
            }
        }
    }

    fn trainings(&mut self, raw: &RawMember, place: &FindingPlace) {
        for (index, training) in present(&raw.trainings) {
            self.not_ahead(&training.date, || place.clone().item("trainings", index).field("date"));
        }
    }

    fn documents(&mut self, raw: &RawMember, place: &FindingPlace) {
        let works = present(&raw.contracts).any(|(_, contract)| self.runs_today(contract));
        for (index, document) in present(&raw.documents) {
            let at = |name: &str| place.clone().item("documents", index).field(name);
            self.not_ahead(&document.date, || at("date"));
            let Some(until) = document.valid_until.get() else { continue };
            if document.date.get().is_some_and(|date| until < date) {
                self.find(&rules::DOCUMENT_END_BEFORE_DATE, at("validUntil"));
            } else if works && self.context.today.is_some_and(|today| *until < today) {
                let newer = |(_, other): (usize, &super::raw::RawDocument)| {
                    other.kind == document.kind && other.valid_until.get().is_none_or(|other| other > until)
                };
                if !present(&raw.documents).any(newer) {
                    self.find(&rules::DOCUMENT_EXPIRED, at("validUntil"));
                }
            }
        }
    }

    fn not_ahead(&mut self, date: &Field<Date>, place: impl FnOnce() -> FindingPlace) {
        if date.get().is_some_and(|date| self.context.today.is_some_and(|today| *date > today)) {
            self.find(&rules::DATED_AHEAD, place());
        }
    }

    fn absences(&mut self, raw: &RawMember, place: &FindingPlace) {
        for (index, RawAbsence { start_date, end_date, .. }) in present(&raw.absences) {
            let at = |name: &str| place.clone().item("absences", index).field(name);
            let Some(start) = start_date.get() else { continue };
            if end_date.get().is_some_and(|end| end < start) {
                self.find(&rules::ABSENCE_END_BEFORE_START, at("endDate"));
            }
            let covered = present(&raw.contracts).any(|(_, contract)| runs(contract, *start));
            if !raw.contracts.is_absent() && !covered {
                self.find(&rules::ABSENCE_OUTSIDE_CONTRACT, at("startDate"));
            }
        }
    }

    fn runs_today(&self, contract: &RawContract) -> bool {
        self.context.today.is_some_and(|today| runs(contract, today))
    }
}

/// The well-formed items of a section, with their numbers.
fn present<T, const MAX: usize, const MIN: usize>(
    section: &Field<List<T, MAX, MIN>>,
) -> impl Iterator<Item = (usize, &T)> {
    let items = section.get().into_iter().flat_map(|items| &items.0).enumerate();
    items.filter_map(|(index, item)| Some((index, item.get()?)))
}

fn runs(contract: &RawContract, day: Date) -> bool {
    contract.start_date.get().is_some_and(|start| super::runs_on((*start, contract.end_date.get().copied()), day))
}

/// Whether two family names are spellings of one.
fn is_same_name(one: &str, other: &str) -> bool {
    strsim::normalized_damerau_levenshtein(&name_match_key(one), &name_match_key(other)) >= ALIKE
}

fn reference(contract: &RawContract) -> Option<&str> {
    contract.reference.get().map(|name| name.0.as_str())
}

/// The working time of a contract; a volunteer's counts for nothing.
fn hundredths(contract: &RawContract) -> u32 {
    if contract.status.get() == Some(&Status::Volunteer) {
        return 0;
    }
    present(&contract.functions).filter_map(|(_, function)| function.fte.get()).map(|fte| u32::from(fte.0)).sum()
}

/// The first day on which the contracts together are more than one person's work.
fn first_overloaded_day(times: &[(Date, Option<Date>, u32)]) -> Option<Date> {
    let sum = |day: Date| -> u32 {
        times.iter().filter(|(start, end, _)| super::runs_on((*start, *end), day)).map(|(.., fte)| fte).sum()
    };
    times.iter().map(|(start, ..)| *start).filter(|start| sum(*start) > MOST_HUNDREDTHS).min()
}
