//! Attendance as one of the kinds of statement: from the raw document to the statement and back.

use std::borrow::Cow;

use super::raw::{RawDay, RawLine, RawStatement, Reference};
use super::stored_numbers::StoredNumbers;
use super::{ChildLine, Day, KIND, Reason, Statement, Status, Totals, compact, validation};
use crate::domain::finding::Findings;
use crate::domain::period::Month;
use crate::domain::person::Name;
use crate::domain::raw::{Field, List, TimeOfDay};
use crate::domain::ssin::Ssin;
use crate::domain::standing_facts::StandingFacts;
use crate::domain::statement::{self, Contribution, Fingerprint, MAX_LINES, Needs, StatementContext, StatementKind};

impl statement::Statement for Statement {
    const KIND: StatementKind = KIND;
    type Raw = RawStatement;
    type Totals = Totals;

    fn needs(raw: &RawStatement, _: Month) -> Needs {
        let lines = || raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get);
        let days = || lines().filter_map(|line| line.days.get()).flat_map(|days| &days.0).filter_map(Field::get);
        Needs {
            latest: lines().any(|line| line.ssin_present.get() == Some(&true)),
            quarter: days().any(|day| day.reason.get() == Some(&Reason::HealthWithoutCertificate)),
            ..Needs::default()
        }
    }

    fn parse(raw: RawStatement, context: &StatementContext<Self>) -> (Option<Self>, Findings) {
        let stored = StoredNumbers::new(context.past.as_ref());
        let findings = validation::validate(&raw, context, &stored);
        (build(raw, &stored), findings)
    }

    fn into_raw(self) -> RawStatement {
        let lines = self.lines.into_iter().map(|line| Field::Present(raw_line(line))).collect();
        RawStatement { lines: Field::Present(List(lines)), ..RawStatement::default() }
    }

    fn carried_over(mut self, month: Month) -> RawStatement {
        self.lines.retain(|line| line.end_date.is_none_or(|end| end >= month.first_day()));
        self.lines.iter_mut().for_each(|line| line.days.clear());
        self.into_raw()
    }

    fn canonical(&self) -> Cow<'_, Self> {
        if self.lines.is_sorted_by_key(|line| &line.reference) && self.lines.iter().all(|line| line.days.is_sorted()) {
            return Cow::Borrowed(self);
        }
        let mut canonical = self.clone();
        canonical.lines.sort_by(|a, b| a.reference.cmp(&b.reference));
        canonical.lines.iter_mut().for_each(|line| line.days.sort_unstable());
        Cow::Owned(canonical)
    }

    fn to_compact(&self) -> Option<String> {
        compact::write(self)
    }

    fn from_compact(text: &str) -> Option<Self> {
        compact::read(text)
    }

    fn lines(&self) -> usize {
        self.lines.len()
    }

    fn standing_facts(&self) -> StandingFacts {
        let mut present_halves = vec![0; 31];
        for day in self.lines.iter().flat_map(|line| &line.days).filter(|day| day.status == Status::Present) {
            present_halves[usize::from(day.date.day().unsigned_abs()) - 1] += day.duration.halves();
        }
        let is_blank = self.lines.iter().all(|line| line.days.is_empty());
        StandingFacts { is_blank, present_halves, coverage: Some(self.coverage()), ..StandingFacts::default() }
    }

    fn totals(&self) -> Totals {
        self.lines.iter().map(ChildLine::totals).fold(Totals::default(), std::ops::Add::add)
    }

    fn contributions(&self) -> Vec<Contribution<Totals>> {
        let contribution = |line: &ChildLine| Contribution {
            reference: line.reference.clone(),
            totals: line.totals(),
            days: line.days.iter().map(|day| (day.date, day.code())).collect(),
            identity: identity(line),
            times: times(line),
        };
        self.lines.iter().map(contribution).collect()
    }
}

/// What identifies the child: names, birth date, number, first and last day.
fn identity(line: &ChildLine) -> Fingerprint {
    let ssin = line.ssin.as_ref().map(Ssin::expose);
    Fingerprint::of(&(&line.family_name, &line.given_name, line.birth_date, ssin, line.start_date, line.end_date))
}

/// Arrival and departure of each day, in the order of the calendar.
fn times(line: &ChildLine) -> Fingerprint {
    let mut days: Vec<_> = line.days.iter().filter(|day| day.arrival.is_some() || day.departure.is_some()).collect();
    days.sort_unstable();
    let time = |time: Option<TimeOfDay>| time.map(|time| time.0);
    let times: Vec<_> = days.into_iter().map(|day| (day.date, time(day.arrival), time(day.departure))).collect();
    Fingerprint::of(&times)
}

/// The statement, when every field is well-formed.
fn build(raw: RawStatement, stored: &StoredNumbers<'_>) -> Option<Statement> {
    let lines = raw.lines.take().filter(|lines| lines.0.len() <= MAX_LINES)?;
    let lines = lines.0.into_iter().map(|line| build_line(line.take()?, stored)).collect::<Option<_>>()?;
    Some(Statement { lines })
}

/// The value of an optional field; `None` for a malformed one.
#[expect(clippy::option_option, reason = "the outer says whether it can be built on, the inner whether it is there")]
fn optional<T>(field: Field<T>) -> Option<Option<T>> {
    match field {
        Field::Absent => Some(None),
        Field::Malformed(_) => None,
        Field::Present(value) => Some(Some(value)),
    }
}

fn build_line(raw: RawLine, stored: &StoredNumbers<'_>) -> Option<ChildLine> {
    let Reference(reference) = raw.reference.take()?;
    let birth_date = raw.birth_date.take()?;
    let ssin = match optional(raw.ssin)? {
        Some(text) => Some(Ssin::parse(&text.0).ok()?),
        None if optional(raw.ssin_present)? == Some(true) => stored.get(&reference, birth_date).cloned(),
        None => None,
    };
    Some(ChildLine {
        family_name: raw.family_name.take()?.0,
        given_name: raw.given_name.take()?.0,
        start_date: optional(raw.start_date)?,
        end_date: optional(raw.end_date)?,
        days: raw.days.take()?.0.into_iter().map(|day| build_day(day.take()?)).collect::<Option<_>>()?,
        reference,
        birth_date,
        ssin,
    })
}

fn build_day(raw: RawDay) -> Option<Day> {
    Some(Day {
        date: raw.date.take()?,
        status: raw.status.take()?,
        duration: raw.duration.take()?,
        reason: optional(raw.reason)?,
        arrival: optional(raw.arrival)?,
        departure: optional(raw.departure)?,
    })
}

fn raw_line(line: ChildLine) -> RawLine {
    RawLine {
        reference: Field::Present(Reference(line.reference)),
        family_name: Field::Present(Name(line.family_name)),
        given_name: Field::Present(Name(line.given_name)),
        birth_date: Field::Present(line.birth_date),
        ssin_present: line.ssin.map(|_| true).into(),
        start_date: line.start_date.into(),
        end_date: line.end_date.into(),
        days: Field::Present(List(line.days.into_iter().map(|day| Field::Present(raw_day(day))).collect())),
        ..RawLine::default()
    }
}

fn raw_day(day: Day) -> RawDay {
    RawDay {
        date: Field::Present(day.date),
        status: Field::Present(day.status),
        duration: Field::Present(day.duration),
        reason: day.reason.into(),
        arrival: day.arrival.into(),
        departure: day.departure.into(),
        unknown: false,
    }
}
