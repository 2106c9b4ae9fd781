//! The rules of a report, applied to the document as it arrived.
//!
//! A malformed field is the schema's finding; the rules skip it and validate everything around it.

use std::collections::HashSet;

use super::raw::{RawCosts, RawExpense, RawHours, RawPerson, RawReport, RawSalary};
use super::{RegisterPerson, ReportContext, rules};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::money::Cents;
use crate::domain::raw::{Field, Flag, List};
use crate::domain::rule::{Rule, Severity};

/// The range of gross monthly salaries outside which there is a warning.
const PLAUSIBLE: std::ops::RangeInclusive<Cents> = Cents(10_000)..=Cents(1_500_000);

/// Every finding on the document beyond its shape.
pub fn validate(raw: &RawReport, context: &ReportContext<'_>) -> Findings {
    let mut validator = ReportValidator { context, findings: Findings::default(), seen: HashSet::new() };
    validator.quarter();
    validator.authorisation();
    for (at, person) in present(&raw.staff) {
        validator.person(person, &FindingPlace::default().item("staff", at));
    }
    if let Some(hours) = raw.opening_hours.get() {
        validator.hours(hours);
    }
    if raw.children_on_15_january.get().is_some() && !context.is_first_quarter() {
        validator.find(&rules::CHILDREN_OUTSIDE_FIRST_QUARTER, FindingPlace::at("/childrenOn15January"));
    }
    if let Some(costs) = raw.costs.get() {
        validator.costs(costs);
    }
    validator.findings
}

/// Why a crèche can have no report for the quarter, if it cannot: it is not subsidised or not authorised, or the quarter has
/// not begun.
pub fn obstacle(context: &ReportContext<'_>) -> Option<Finding> {
    validate(&RawReport::default(), context).iter().find(|finding| finding.severity == Severity::Error).cloned()
}

/// The well-formed items of a list, with their indices.
pub(super) fn present<T, const MAX: usize>(list: &Field<List<T, MAX>>) -> impl Iterator<Item = (usize, &T)> {
    let items = list.get().into_iter().flat_map(|list| &list.0).enumerate();
    items.filter_map(|(at, item)| Some((at, item.get()?)))
}

/// The state of validating one document.
struct ReportValidator<'a> {
    context: &'a ReportContext<'a>,
    findings: Findings,
    /// The references of the persons so far.
    seen: HashSet<&'a str>,
}

impl<'a> ReportValidator<'a> {
    fn find(&mut self, rule: &'static Rule, place: FindingPlace) {
        self.findings.push(Finding::new(rule, place));
    }

    fn find_outside(&mut self, rule: &'static Rule, place: FindingPlace) {
        self.findings.push(Finding::new(rule, place).with("quarter", Param::Quarter(self.context.quarter)));
    }

    fn quarter(&mut self) {
        let ReportContext { quarter, today, creche, .. } = *self.context;
        let found = |rule| Finding::new(rule, FindingPlace::at("quarter")).in_part(RequestPart::Path);
        let ((first, last), deadline) = (self.context.days(), quarter.deadline());
        if today < first {
            let finding = found(&rules::QUARTER_IN_FUTURE).with("quarter", Param::Quarter(quarter));
            self.findings.push(finding.value(quarter.to_string()));
        } else if today <= last {
            self.findings.push(found(&rules::QUARTER_NOT_ENDED).with("date", Param::Date(last)));
        } else if creche.subsidised && today > deadline {
            self.findings.push(found(&rules::DEADLINE_PASSED).with("date", Param::Date(deadline)));
        }
    }

    fn authorisation(&mut self) {
        let (creche, (first, last)) = (self.context.creche, self.context.days());
        let until = creche.authorised_until.unwrap_or(last);
        let rule = if !creche.subsidised {
            &rules::NOT_SUBSIDISED
        } else if creche.authorised_from > last || until < first {
            &rules::NOT_AUTHORISED
        } else if creche.authorised_from > first || until < last {
            &rules::PARTLY_AUTHORISED
        } else {
            return;
        };
        self.findings.push(Finding::new(rule, FindingPlace::at("crecheId")).in_part(RequestPart::Path));
    }

    fn person(&mut self, raw: &'a RawPerson, place: &FindingPlace) {
        let reference = raw.reference.get();
        if reference.is_some_and(|reference| !self.seen.insert(&reference.0)) {
            self.find(&rules::PERSON_TWICE, place.clone().field("reference"));
        }
        let known = reference.and_then(|reference| self.context.person(&reference.0));
        if reference.is_some() && known.is_none() {
            self.find(&rules::PERSON_UNKNOWN, place.clone().field("reference"));
        }
        let is_claimed = raw.subsidised.get().copied();
        if let (Some(known), Some(Flag(true))) = (known, is_claimed) {
            self.claimed(known, place);
        }
        if is_claimed == Some(Flag(false)) && present(&raw.salaries).next().is_some() {
            self.find(&rules::SALARY_NOT_CLAIMED, place.clone().field("grossSalaries"));
        }
        let mut months = HashSet::new();
        for (at, salary) in present(&raw.salaries) {
            let place = place.clone().item("grossSalaries", at);
            if salary.month.get().is_some_and(|month| !months.insert(*month)) {
                self.find(&rules::SALARY_TWICE, place.clone().field("month"));
            }
            self.salary(salary, known.filter(|known| !known.functions.is_empty()), &place);
        }
    }

    fn claimed(&mut self, known: &RegisterPerson, place: &FindingPlace) {
        if known.functions.is_empty() {
            self.find(&rules::NO_CONTRACT, place.clone().field("subsidised"));
        } else if self.context.claimed_elsewhere.contains(&known.id) {
            self.find(&rules::CLAIMED_ELSEWHERE, place.clone().field("subsidised"));
        }
    }

    fn salary(&mut self, raw: &RawSalary, known: Option<&RegisterPerson>, place: &FindingPlace) {
        let gross = raw.gross.get().copied();
        if let Some(&month) = raw.month.get() {
            if month.quarter() != self.context.quarter {
                self.find_outside(&rules::SALARY_OUTSIDE_QUARTER, place.clone().field("month"));
            } else if known.is_some_and(|known| !known.works_in(month)) && gross.is_some_and(|gross| gross.0 > 0) {
                let finding = Finding::new(&rules::SALARY_WITHOUT_CONTRACT, place.clone().field("month"));
                self.findings.push(finding.with("month", Param::Month(month)));
            }
        }
        if gross.is_some_and(|gross| gross.0 > 0 && !PLAUSIBLE.contains(&gross)) {
            self.find(&rules::SALARY_IMPLAUSIBLE, place.clone().field("grossCents"));
        }
    }

    fn hours(&mut self, raw: &RawHours) {
        if raw.from.get().zip(raw.until.get()).is_some_and(|(from, until)| until <= from) {
            self.find(&rules::HOURS_REVERSED, FindingPlace::at("/openingHours/until"));
        }
    }

    fn costs(&mut self, raw: &RawCosts) {
        for (name, list) in raw.lists() {
            for (at, expense) in present(list) {
                self.expense(expense, FindingPlace::at("/costs").item(name, at).field("date"));
            }
        }
    }

    fn expense(&mut self, raw: &RawExpense, place: FindingPlace) {
        let (Some(&date), (first, last)) = (raw.date.get(), self.context.days()) else { return };
        if !(first..=last).contains(&date) {
            self.find_outside(&rules::EXPENSE_OUTSIDE_QUARTER, place);
        } else if date > self.context.today && self.context.today >= first {
            self.findings.push(Finding::new(&rules::EXPENSE_IN_FUTURE, place).with("date", Param::Date(date)));
        }
    }
}
