//! The rules of the medical statement, applied to the document as it arrived (docs/domain.md, Consultations).
//!
//! A malformed field is the schema's finding; the rules skip it and validate everything around it.

use std::collections::HashMap;

use jiff::civil::Date;

use super::raw::{CentSum, RawLine, RawStatement, RawTotals};
use super::rules;
use super::statement::minutes;
use super::{Statement, Sums};
use crate::domain::doctor::{DoctorState, KnownDoctor};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::holidays::public_holiday;
use crate::domain::inami::Inami;
use crate::domain::money::Cents;
use crate::domain::period::{Month, is_weekend};
use crate::domain::raw::{Field, TimeOfDay};
use crate::domain::rule::Rule;
use crate::domain::statement::StatementContext;

/// A consultation longer than this, in minutes, is a warning.
const LONG: u64 = 4 * 60;
/// A consultation longer than this, in minutes, is an error.
const TOO_LONG: u64 = 12 * 60;

/// Every finding on the document beyond its shape.
pub(super) fn validate(raw: &RawStatement, context: &StatementContext<Statement>) -> Findings {
    let mut validator =
        MedicalValidator { context, findings: Findings::default(), sums: Sums::default(), complete: true };
    validator.month();
    let mut stays = validator.stays_in_other_creches();
    for (index, line) in raw.lines.get().into_iter().flat_map(|lines| &lines.0).enumerate() {
        match line.get() {
            Some(line) => validator.line(index, line, &mut stays),
            None => validator.complete = false,
        }
    }
    if let (true, Some(sent)) = (validator.complete, raw.control_totals.get()) {
        validator.control_totals(sent);
    }
    validator.findings
}

/// The consultations of each doctor and day: the line, or `None` for another crèche.
type Stays = HashMap<(Inami, Date), Vec<(TimeOfDay, TimeOfDay, Option<usize>)>>;

/// The state of validating one document.
struct MedicalValidator<'a> {
    context: &'a StatementContext<Statement>,
    findings: Findings,
    sums: Sums,
    /// Whether every line could be read and counted.
    complete: bool,
}

impl MedicalValidator<'_> {
    fn find(&mut self, rule: &'static Rule, place: FindingPlace) {
        self.findings.push(Finding::new(rule, place));
    }

    fn month(&mut self) {
        self.findings.extend(self.context.month_findings(&rules::MONTH_IN_FUTURE, &rules::DEADLINE_PASSED));
    }

    /// The consultations of the organiser's other crèches in the same month.
    fn stays_in_other_creches(&self) -> Stays {
        let mut stays = Stays::new();
        let others = self.context.past.iter().flat_map(|past| &past.elsewhere);
        for line in others.flat_map(|statement| &statement.lines) {
            stays.entry((line.inami, line.date)).or_default().push((line.arrival, line.departure, None));
        }
        stays
    }

    fn line(&mut self, index: usize, line: &RawLine, stays: &mut Stays) {
        let place = |field| FindingPlace::line(index).field(field);
        let date = line.date.get().copied();
        if let Some(date) = date {
            self.day(date, || place("date"));
        }
        let stay = self.stay_times(line, || place("departure"));
        let inami = line.inami.get().and_then(|text| self.number(&text.0, || place("inami")));
        if let Some(inami) = inami {
            self.doctor(inami, date, || place("inami"));
        }
        if let (Some(inami), Some(date), Some(stay)) = (inami, date, stay) {
            self.overlap(index, (inami, date), stay, stays);
        }
        self.count(line);
    }

    fn count(&mut self, line: &RawLine) {
        let travel = if line.travel.is_absent() { Some(Cents::default()) } else { line.travel.get().copied() };
        let stay = line.arrival.get().zip(line.departure.get());
        let minutes = stay.and_then(|(arrival, departure)| minutes(*arrival, *departure));
        match (minutes, line.fee.get(), travel) {
            (Some(minutes), Some(&fee_cents), Some(travel_cents)) => {
                self.sums = self.sums + Sums { consultations: 1, minutes, fee_cents, travel_cents };
            }
            _ => self.complete = false,
        }
    }

    fn day(&mut self, date: Date, place: impl Fn() -> FindingPlace) {
        if !self.context.month.contains(date) {
            let finding = Finding::new(&rules::DATE_OUTSIDE_MONTH, place());
            return self.findings.push(finding.with("month", Param::Month(self.context.month)));
        }
        let dated = |rule| Finding::new(rule, place()).with("date", Param::Date(date));
        if self.context.today.is_some_and(|today| date > today && self.context.month <= Month::of(today)) {
            self.findings.push(dated(&rules::DATE_IN_FUTURE));
        }
        let closed = self.context.calendar.as_ref().is_some_and(|calendar| calendar.closure_on(date).is_some());
        if closed || is_weekend(date) || public_holiday(date).is_some() {
            self.findings.push(dated(&rules::CLOSED_DAY));
        }
    }

    /// Arrival and departure, when they follow each other.
    fn stay_times(&mut self, line: &RawLine, place: impl Fn() -> FindingPlace) -> Option<(TimeOfDay, TimeOfDay)> {
        let (&arrival, &departure) = line.arrival.get().zip(line.departure.get())?;
        match minutes(arrival, departure) {
            None => {
                self.find(&rules::DEPARTURE_NOT_AFTER_ARRIVAL, place());
                return None;
            }
            Some(minutes) if minutes > TOO_LONG => self.find(&rules::TOO_LONG, place()),
            Some(minutes) if minutes > LONG => self.find(&rules::LONG, place()),
            Some(_) => {}
        }
        Some((arrival, departure))
    }

    fn number(&mut self, text: &str, place: impl Fn() -> FindingPlace) -> Option<Inami> {
        let inami = Inami::parse(text).ok();
        if inami.is_none() {
            self.find(&rules::INAMI_INVALID, place());
        }
        inami
    }

    /// The rule that the organiser's sheet of the doctor breaks.
    fn doctor(&mut self, inami: Inami, date: Option<Date>, place: impl Fn() -> FindingPlace) {
        let Some(doctors) = &self.context.doctors else { return };
        let Some(known) = doctors.iter().find(|known| known.inami == inami) else {
            return self.find(&rules::DOCTOR_UNKNOWN, place());
        };
        if let Some(rule) = against(known, date) {
            self.find(rule, place());
        }
    }

    /// The same doctor in two places at once.
    fn overlap(&mut self, index: usize, key: (Inami, Date), stay: (TimeOfDay, TimeOfDay), stays: &mut Stays) {
        let others = stays.entry(key).or_default();
        let (arrival, departure) = stay;
        let meets = |other: &&(TimeOfDay, TimeOfDay, Option<usize>)| other.0 < departure && arrival < other.1;
        // Findings within the document do not depend on other crèches' deposits.
        if let Some(first) = others.iter().filter(meets).find_map(|(.., line)| *line) {
            let mut finding = Finding::new(&rules::OVERLAP, FindingPlace::line(index).field("arrival"));
            finding.places.push(FindingPlace::line(first).field("arrival"));
            finding.count = 2;
            self.findings.push(finding);
        }
        if others.iter().filter(meets).any(|(.., line)| line.is_none()) {
            self.findings.push(Finding::new(&rules::OVERLAP_ELSEWHERE, FindingPlace::line(index).field("arrival")));
        }
        others.push((arrival, departure, Some(index)));
    }

    fn control_totals(&mut self, sent: &RawTotals) {
        let sums = self.sums;
        let amount = |field: &Field<CentSum>| field.get().map(|amount| amount.0);
        let pairs = [
            (sent.consultations.get().copied().map(u64::from), sums.consultations, "consultations"),
            (sent.minutes.get().map(|minutes| minutes.0), sums.minutes, "minutes"),
            (amount(&sent.fee), sums.fee_cents.0, "feeCents"),
            (amount(&sent.travel), sums.travel_cents.0, "travelCents"),
        ];
        for (sent, counted, field) in pairs {
            if let Some(sent) = sent.filter(|sent| *sent != counted) {
                let place = FindingPlace::at("/controlTotals").field(field);
                let finding = Finding::new(&rules::CONTROL_TOTALS_DIFFER, place).value(sent.to_string());
                self.findings.push(finding.with("sent", Param::Count(sent)).with("counted", Param::Count(counted)));
            }
        }
    }
}

/// The first rule that a consultation of this doctor on this day breaks.
fn against(known: &KnownDoctor, date: Option<Date>) -> Option<&'static Rule> {
    if !known.here {
        return Some(&rules::DOCTOR_NOT_HERE);
    }
    if date.is_some_and(|date| !known.works_on(date)) {
        return Some(&rules::OUTSIDE_COLLABORATION);
    }
    if known.state == DoctorState::Refused { Some(&rules::DOCTOR_REFUSED) } else { doctor_warning(known.state) }
}

/// The warning for a doctor who has not been validated.
const fn doctor_warning(state: DoctorState) -> Option<&'static Rule> {
    match state {
        DoctorState::Incomplete => Some(&rules::DOCTOR_INCOMPLETE),
        DoctorState::AwaitingValidation => Some(&rules::DOCTOR_AWAITS_VALIDATION),
        DoctorState::Refused => Some(&rules::DOCTOR_REFUSED_LATER),
        DoctorState::Validated | DoctorState::Ended => None,
    }
}

/// The warning on an accepted statement for a rule that is an error on a new one.
pub(super) fn standing_rule(rule: &'static Rule) -> Option<&'static Rule> {
    let changed = [&rules::DOCTOR_NOT_HERE, &rules::OUTSIDE_COLLABORATION];
    match rule {
        rule if rule == &rules::DOCTOR_REFUSED => Some(&rules::DOCTOR_REFUSED_LATER),
        rule if changed.contains(&rule) => Some(&rules::DOCTOR_CHANGED_LATER),
        // A doctor who no longer exists was removed after the retention period.
        rule if rule == &rules::DOCTOR_UNKNOWN => None,
        rule => Some(rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_that_is_warned_of_has_its_rule() {
        assert!(DoctorState::ALL.iter().all(|state| state.is_warned() == doctor_warning(*state).is_some()));
    }
}
