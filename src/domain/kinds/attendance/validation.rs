//! The rules of the attendance statement, applied to the document as it arrived (docs/domain.md, Attendance).
//!
//! A malformed field is the schema's finding; the rules skip it and validate everything around it. Where one
//! error would cause others, only the cause is reported.

mod child;

use std::collections::HashSet;

use jiff::civil::Date;

use super::raw::{RawDay, RawLine, RawStatement, RawTotals};
use super::rules;
use super::stored_numbers::StoredNumbers;
use super::{Duration, Reason, Statement, Status, Totals};
use crate::domain::days::Days;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::holidays::public_holiday;
use crate::domain::period::{Month, is_weekend};
use crate::domain::raw::Field;
use crate::domain::rule::Rule;
use crate::domain::rules::document::SSIN_NOT_INVENTED;
use crate::domain::ssin::Ssin;
use crate::domain::statement::StatementContext;
use crate::words::LocalText;

/// Days of health without certificate beyond which a certificate is expected, in one quarter.
const HEALTH_WITHOUT_CERTIFICATE_LIMIT: usize = 3;

/// Every finding on the document beyond its shape.
pub(super) fn validate(
    raw: &RawStatement,
    context: &StatementContext<Statement>,
    stored: &StoredNumbers<'_>,
) -> Findings {
    let mut validator = AttendanceValidator {
        context,
        stored,
        findings: Findings::default(),
        halves: [0; 32],
        closed: closed_days(context),
        totals: Totals::default(),
        complete: true,
    };
    validator.month();
    if let Some(raw_lines) = raw.lines.get() {
        let lines: Vec<_> =
            raw_lines.0.iter().enumerate().filter_map(|(index, line)| Some((index, line.get()?))).collect();
        validator.complete = lines.len() == raw_lines.0.len();
        for (index, line) in &lines {
            validator.line(*index, line);
        }
        validator.check_duplicates(&lines);
        validator.capacity();
        validator.check_not_empty(&lines);
        validator.health_quota(&lines);
    }
    if let (true, Some(sent)) = (validator.complete, raw.control_totals.get()) {
        validator.control_totals(sent);
    }
    validator.findings
}

/// The state of validating one document.
struct AttendanceValidator<'a> {
    context: &'a StatementContext<Statement>,
    stored: &'a StoredNumbers<'a>,
    findings: Findings,
    /// Half days of presence on each date of the month.
    halves: [u32; 32],
    /// What presence on each date of the month breaks.
    closed: [Option<ClosedDay>; 32],
    totals: Totals,
    /// Whether every line could be read and every day counted.
    complete: bool,
}

impl AttendanceValidator<'_> {
    fn month(&mut self) {
        self.findings.extend(self.context.month_findings(&rules::MONTH_IN_FUTURE, &rules::DEADLINE_PASSED));
    }

    fn line(&mut self, index: usize, line: &RawLine) {
        let place = || FindingPlace::line(index);
        let birth = self.birth(line, index);
        self.names(line, index);
        self.number(line, index, birth);
        if let (Some(start), Some(end)) = (line.start_date.get(), line.end_date.get())
            && end < start
        {
            self.findings.push(Finding::new(&rules::EXIT_BEFORE_ENTRY, place().field("endDate")));
        }
        let mut seen = [DaySeen::default(); 32];
        let Some(days) = line.days.get() else { return self.complete = false };
        for (at, day) in days.0.iter().enumerate() {
            match day.get() {
                Some(day) => self.day((line, birth), day, &mut seen, || FindingPlace::line(index).item("days", at)),
                None => self.complete = false,
            }
        }
    }

    /// The national number: present, valid, and consistent with the birth date.
    fn number(&mut self, line: &RawLine, index: usize, birth: Option<Date>) {
        let place = || FindingPlace::line(index).field("ssin");
        let known = line.ssin_present.get() == Some(&true);
        match &line.ssin {
            Field::Malformed(_) => {}
            Field::Absent if known => self.held_number(line, index),
            Field::Absent => self.findings.push(Finding::new(&rules::SSIN_MISSING, place())),
            Field::Present(text) => {
                let latest = self.context.today.unwrap_or_else(|| self.context.month.last_day());
                match Ssin::parse(&text.0) {
                    Ok(ssin) if !self.context.accepted_ssins.accept(&ssin) => {
                        self.findings.push(Finding::new(&SSIN_NOT_INVENTED, place()));
                    }
                    Ok(ssin) if !ssin.is_birth_year_in_future(latest) => {
                        let told = ssin.birth_date(latest);
                        if birth.is_some_and(|birth| told.is_some_and(|told| told != birth)) {
                            let place = FindingPlace::line(index).field("birthDate");
                            self.findings.push(Finding::new(&rules::BIRTH_DATE_DIFFERS_FROM_SSIN, place));
                        }
                    }
                    _ => self.findings.push(Finding::new(&rules::SSIN_INVALID, place())),
                }
            }
        }
    }

    fn held_number(&mut self, line: &RawLine, index: usize) {
        let (Some(reference), Some(birth), true) =
            (line.reference.get(), line.birth_date.get(), self.context.past.is_some())
        else {
            return;
        };
        if self.stored.get(&reference.0, *birth).is_none() {
            self.findings.push(Finding::new(&rules::SSIN_NOT_HELD, FindingPlace::line(index).field("ssinPresent")));
        }
    }

    fn day(
        &mut self,
        (line, birth): (&RawLine, Option<Date>),
        day: &RawDay,
        seen: &mut [DaySeen; 32],
        place: impl Fn() -> FindingPlace,
    ) {
        let entry = day.status.get().copied().zip(day.duration.get().copied());
        match entry {
            Some((status, duration)) => self.totals.count(status, duration),
            None => self.complete = false,
        }
        self.day_details(day, &place);
        let Some(&date) = day.date.get() else { return self.complete = false };
        if !self.context.month.contains(date) {
            let finding = Finding::new(&rules::DATE_OUTSIDE_MONTH, place().field("date"));
            return self.findings.push(finding.with("month", Param::Month(self.context.month)));
        }
        let dated = |rule| Finding::new(rule, place().field("date")).with("date", Param::Date(date));
        if let Some(rule) = entry.and_then(|(status, duration)| seen[day_number(date)].add(status, duration)) {
            self.findings.push(dated(rule));
        }
        if birth.is_some_and(|birth| date < birth) {
            self.findings.push(Finding::new(&rules::DAY_BEFORE_BIRTH, place().field("date")));
        }
        let before = line.start_date.get().is_some_and(|start| date < *start);
        if before || line.end_date.get().is_some_and(|end| date > *end) {
            self.findings.push(Finding::new(&rules::DAY_OUTSIDE_STAY, place().field("date")));
        }
        if let Some((Status::Present, duration)) = entry {
            self.halves[day_number(date)] += duration.halves();
            self.presence(date, dated);
        }
    }

    /// Presence on a day on which the crèche is not open.
    fn presence(&mut self, date: Date, dated: impl Fn(&'static Rule) -> Finding) {
        if self.context.today.is_some_and(|today| date > today && self.context.month <= Month::of(today)) {
            self.findings.push(dated(&rules::PRESENT_IN_FUTURE));
        }
        if let Some(ClosedDay { rule, holiday }) = self.closed[day_number(date)] {
            let finding = dated(rule);
            self.findings.push(match holiday {
                Some(name) => finding.with("holiday", Param::Text(name)),
                None => finding,
            });
        }
    }

    /// Reason and times of one day.
    fn day_details(&mut self, day: &RawDay, place: &impl Fn() -> FindingPlace) {
        if day.status.get() == Some(&Status::Present) && !day.reason.is_absent() {
            self.findings.push(Finding::new(&rules::REASON_WITHOUT_ABSENCE, place().field("reason")));
        }
        let (Some(arrival), Some(departure)) = (day.arrival.get(), day.departure.get()) else { return };
        if departure <= arrival {
            return self.findings.push(Finding::new(&rules::DEPARTURE_NOT_AFTER_ARRIVAL, place().field("departure")));
        }
        let minutes = arrival.0.duration_until(departure.0).as_secs() / 60;
        let limit = self.context.half_day_max_minutes;
        let derived = if minutes <= i64::from(limit) { Duration::Half } else { Duration::Full };
        if day.duration.get().is_some_and(|duration| *duration != derived) {
            let finding = Finding::new(&rules::DURATION_DISAGREES, place().field("duration"));
            self.findings.push(finding.with("minutes", Param::Count(limit.into())));
        }
    }

    /// More children than places on a date, in full-day equivalents.
    fn capacity(&mut self) {
        let Some(capacity) = &self.context.capacity else { return };
        for date in self.context.month.days() {
            let Some(places) = capacity.on(date) else { continue };
            if self.halves[day_number(date)] > places * 2 {
                let finding = Finding::new(&rules::CAPACITY_EXCEEDED, FindingPlace::at("/lines"))
                    .with("date", Param::Date(date))
                    .with("places", Param::Count(places.into()));
                self.findings.push(finding);
            }
        }
    }

    /// No line, or lines without a day, in a month in which the crèche was open.
    fn check_not_empty(&mut self, lines: &[(usize, &RawLine)]) {
        let open = self
            .context
            .calendar
            .as_ref()
            .is_some_and(|calendar| calendar.open_days(self.context.month).next().is_some());
        if open && self.complete && self.totals == Totals::default() {
            let rule = if lines.is_empty() { &rules::EMPTY_STATEMENT } else { &rules::ALL_ZERO };
            self.findings.push(Finding::new(rule, FindingPlace::at("/lines")));
        }
    }

    /// Days absent for health without certificate, counted over the quarter: a day of two halves is one.
    fn health_quota(&mut self, lines: &[(usize, &RawLine)]) {
        let Some(past) = &self.context.past else { return };
        let without = |status: Option<Status>, reason: Option<&Reason>| {
            status != Some(Status::Present) && reason == Some(&Reason::HealthWithoutCertificate)
        };
        for &(index, line) in lines {
            let (Some(reference), Some(days)) = (line.reference.get(), line.days.get()) else { continue };
            let here = days.0.iter().filter_map(Field::get);
            let here = here.filter(|day| without(day.status.get().copied(), day.reason.get()));
            let mut dates: HashSet<Date> = here.filter_map(|day| day.date.get().copied()).collect();
            if dates.is_empty() {
                continue;
            }
            let earlier =
                past.quarter.iter().flat_map(|statement| &statement.lines).filter(|line| line.reference == reference.0);
            let there = earlier.flat_map(|line| &line.days);
            let there = there.filter(|day| without(Some(day.status), day.reason.as_ref()));
            dates.extend(there.map(|day| day.date));
            if dates.len() > HEALTH_WITHOUT_CERTIFICATE_LIMIT {
                let finding = Finding::new(&rules::HEALTH_WITHOUT_CERTIFICATE_QUOTA, FindingPlace::line(index));
                self.findings.push(finding.with("limit", Param::Count(HEALTH_WITHOUT_CERTIFICATE_LIMIT as u64)));
            }
        }
    }

    fn control_totals(&mut self, sent: &RawTotals) {
        let pairs = [
            (&sent.present, self.totals.present, "present"),
            (&sent.justified_absence, self.totals.justified_absence, "justifiedAbsence"),
            (&sent.unjustified_absence, self.totals.unjustified_absence, "unjustifiedAbsence"),
        ];
        for (sent, Days { full_days, half_days }, status) in pairs {
            let Some(sent) = sent.get() else { continue };
            for (sent, counted, field) in
                [(&sent.full_days, full_days, "fullDays"), (&sent.half_days, half_days, "halfDays")]
            {
                if let Some(&sent) = sent.get().filter(|sent| **sent != counted) {
                    let place = FindingPlace::at("/controlTotals").field(status).field(field);
                    let finding = Finding::new(&rules::CONTROL_TOTALS_DIFFER, place).value(sent.to_string());
                    self.findings.push(
                        finding.with("sent", Param::Count(sent.into())).with("counted", Param::Count(counted.into())),
                    );
                }
            }
        }
    }
}

/// A date on which the crèche is not open.
#[derive(Clone, Copy)]
struct ClosedDay {
    /// The rule that presence breaks.
    rule: &'static Rule,
    /// The name of a public holiday.
    holiday: Option<LocalText>,
}

/// The dates of the month on which the crèche is not open, by the number of the day.
fn closed_days(context: &StatementContext<Statement>) -> [Option<ClosedDay>; 32] {
    let mut closed = [None; 32];
    for date in context.month.days() {
        let day = |rule| Some(ClosedDay { rule, holiday: None });
        closed[day_number(date)] = if let Some(name) = public_holiday(date) {
            Some(ClosedDay { rule: &rules::PRESENCE_ON_PUBLIC_HOLIDAY, holiday: Some(name) })
        } else if is_weekend(date) {
            day(&rules::PRESENCE_ON_WEEKEND)
        } else if context.calendar.as_ref().is_some_and(|calendar| calendar.closure_on(date).is_some()) {
            day(&rules::PRESENCE_ON_CLOSURE)
        } else {
            None
        };
    }
    closed
}

/// The entries of one child on one date so far.
#[derive(Clone, Copy, Default)]
struct DaySeen {
    halves: u32,
    statuses: [bool; 3],
}

impl DaySeen {
    /// Counts an entry; returns the rule that it breaks together with those before it.
    fn add(&mut self, status: Status, duration: Duration) -> Option<&'static Rule> {
        self.halves += duration.halves();
        let twice = std::mem::replace(&mut self.statuses[status as usize], true);
        if twice {
            return Some(&rules::DUPLICATE_DAY);
        }
        (self.halves > 2).then_some(&rules::MORE_THAN_ONE_DAY)
    }
}

/// The number of a date in its month, 1 to 31.
fn day_number(date: Date) -> usize {
    usize::try_from(date.day()).unwrap_or_default()
}
