//! Consultations as one of the kinds of statement: from the raw document to the statement and back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::raw::{RawLine, RawStatement};
use super::{ConsultationLine, KIND, Statement, Totals, validation};
use crate::domain::doctor::KnownDoctor;
use crate::domain::finding::Findings;
use crate::domain::inami::{Inami, InamiText};
use crate::domain::period::Month;
use crate::domain::raw::{Field, List};
use crate::domain::rule::Rule;
use crate::domain::standing_facts::{CurrentDoctor, StandingFacts};
use crate::domain::statement::{self, Contribution, Fingerprint, MAX_LINES, Needs, StatementContext, StatementKind};
use crate::ids::DoctorId;

impl statement::Statement for Statement {
    const KIND: StatementKind = KIND;
    type Raw = RawStatement;
    type Totals = Totals;

    fn needs(raw: &RawStatement, _: Month) -> Needs {
        Needs { across: raw.lines.get().is_some_and(|lines| !lines.0.is_empty()), ..Needs::default() }
    }

    fn parse(raw: RawStatement, context: &StatementContext<Self>) -> (Option<Self>, Findings) {
        let findings = validation::validate(&raw, context);
        (build(raw, context.doctors.as_deref().unwrap_or_default()), findings)
    }

    fn into_raw(self) -> RawStatement {
        let lines = self.lines.into_iter().map(|line| Field::Present(raw_line(line))).collect();
        RawStatement { lines: Field::Present(List(lines)), ..RawStatement::default() }
    }

    fn carried_over(self, _: Month) -> RawStatement {
        RawStatement { lines: Field::Present(List::default()), ..RawStatement::default() }
    }

    fn canonical(&self) -> Cow<'_, Self> {
        if self.lines.is_sorted() {
            return Cow::Borrowed(self);
        }
        let mut canonical = self.clone();
        canonical.lines.sort_unstable();
        Cow::Owned(canonical)
    }

    fn lines(&self) -> usize {
        self.lines.len()
    }

    fn standing_facts(&self) -> StandingFacts {
        let mut facts = StandingFacts::default();
        let mut doctors = BTreeMap::<DoctorId, (Date, Date)>::new();
        for line in &self.lines {
            facts.consultation_days.push(line.date);
            if let Some(doctor) = line.doctor {
                let (first, last) = doctors.entry(doctor).or_insert((line.date, line.date));
                (*first, *last) = (line.date.min(*first), line.date.max(*last));
            }
        }
        facts.consultation_days.sort_unstable();
        facts.consultation_days.dedup();
        facts.doctors = doctors.into_iter().map(|(doctor, (first, last))| (doctor, first, last)).collect();
        facts
    }

    fn standing_rule(rule: &'static Rule) -> Option<&'static Rule> {
        validation::standing_rule(rule)
    }

    fn with_current_numbers(mut self, doctors: &[CurrentDoctor]) -> Self {
        for line in &mut self.lines {
            let current = doctors.iter().find(|doctor| Some(doctor.id) == line.doctor);
            line.inami = current.map_or(line.inami, |doctor| doctor.inami);
        }
        self
    }

    fn totals(&self) -> Totals {
        self.lines.iter().map(ConsultationLine::totals).fold(Totals::default(), std::ops::Add::add)
    }

    fn contributions(&self) -> Vec<Contribution<Totals>> {
        let contribution = |line: &ConsultationLine| {
            let stay = format!("{}–{}", String::from(line.arrival), String::from(line.departure));
            // A consultation consists of its reference, its sums and its stay.
            let (identity, times) = (Fingerprint::default(), Fingerprint::default());
            Contribution {
                reference: line.reference(),
                totals: line.totals(),
                days: vec![(line.date, stay)],
                identity,
                times,
            }
        };
        self.lines.iter().map(contribution).collect()
    }
}

/// The statement, when every field is well-formed.
fn build(raw: RawStatement, doctors: &[KnownDoctor]) -> Option<Statement> {
    let lines = raw.lines.take().filter(|lines| lines.0.len() <= MAX_LINES)?;
    let lines = lines.0.into_iter().map(|line| build_line(line.take()?, doctors)).collect::<Option<_>>()?;
    Some(Statement { lines })
}

fn build_line(raw: RawLine, doctors: &[KnownDoctor]) -> Option<ConsultationLine> {
    let inami = Inami::parse(&raw.inami.take()?.0).ok()?;
    let travel_cents = match raw.travel {
        Field::Absent => crate::domain::money::Cents::default(),
        travel => travel.take()?,
    };
    Some(ConsultationLine {
        date: raw.date.take()?,
        arrival: raw.arrival.take()?,
        departure: raw.departure.take()?,
        doctor: doctors.iter().find(|known| known.inami == inami).map(|known| known.id),
        inami,
        fee_cents: raw.fee.take()?,
        travel_cents,
    })
}

fn raw_line(line: ConsultationLine) -> RawLine {
    RawLine {
        date: Field::Present(line.date),
        arrival: Field::Present(line.arrival),
        departure: Field::Present(line.departure),
        inami: Field::Present(InamiText(line.inami.to_string())),
        fee: Field::Present(line.fee_cents),
        travel: Field::Present(line.travel_cents),
        unknown: false,
    }
}
