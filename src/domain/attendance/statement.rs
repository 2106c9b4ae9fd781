//! A statement that is well-formed: what is kept, summed up and given back.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::raw::{MAX_LINES, Name, RawDay, RawLine, RawStatement, Reference, TimeOfDay};
use super::{Duration, Reason, Status, Totals, judge};
use crate::domain::finding::Findings;
use crate::domain::period::Month;
use crate::domain::raw::{Field, List};
use crate::domain::ssin::Ssin;
use crate::domain::statement::{self, Context, Contribution, Kind, Needs, Past};

/// One crèche, one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The children, in the sender's order.
    pub lines: Vec<Line>,
}

/// One child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The vendor's own reference, unique in the statement.
    pub reference: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Date,
    /// National number, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssin: Option<Ssin>,
    /// First day at the crèche.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Date>,
    /// Last day at the crèche.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// The days, in the sender's order.
    pub days: Vec<Day>,
}

/// A whole or half day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// The date.
    pub date: Date,
    /// Present or absent.
    pub status: Status,
    /// Whole or half.
    pub duration: Duration,
    /// Why absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Arrival, local time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<TimeOfDay>,
    /// Departure, local time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departure: Option<TimeOfDay>,
}

impl Line {
    /// What the line gives to the six sums.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.days.iter().for_each(|day| totals.count(day.status, day.duration));
        totals
    }
}

impl statement::Statement for Statement {
    const KIND: Kind = Kind::Attendance;
    type Raw = RawStatement;
    type Totals = Totals;

    fn needs(raw: &RawStatement, _: Month) -> Needs {
        let lines = || raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get);
        let days = || lines().filter_map(|line| line.days.get()).flat_map(|days| &days.0).filter_map(Field::get);
        Needs {
            latest: lines().any(|line| line.ssin_present.get() == Some(&true)),
            quarter: days().any(|day| day.reason.get() == Some(&Reason::HealthWithoutCertificate)),
        }
    }

    fn parse(raw: RawStatement, context: &Context<Self>) -> (Option<Self>, Findings) {
        let held = Held::new(context.past.as_ref());
        let findings = judge::judge(&raw, context, &held);
        (build(raw, &held), findings)
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

    fn canonical(&self) -> Self {
        let mut canonical = self.clone();
        canonical.lines.sort_by(|a, b| a.reference.cmp(&b.reference));
        canonical.lines.iter_mut().for_each(|line| line.days.sort_unstable());
        canonical
    }

    fn lines(&self) -> usize {
        self.lines.len()
    }

    fn totals(&self) -> Totals {
        self.lines.iter().map(Line::totals).fold(Totals::default(), std::ops::Add::add)
    }

    fn contributions(&self) -> Vec<Contribution<Totals>> {
        let contribution = |line: &Line| Contribution {
            reference: line.reference.clone(),
            totals: line.totals(),
            days: line.days.iter().map(|day| (day.date, day.code())).collect(),
        };
        self.lines.iter().map(contribution).collect()
    }
}

impl Day {
    /// The day's code as the workbook writes it: `P`, `AJ/2:medicalCertificate`.
    pub fn code(&self) -> String {
        let status = match self.status {
            Status::Present => "P",
            Status::JustifiedAbsence => "AJ",
            Status::UnjustifiedAbsence => "AI",
        };
        let half = if self.duration == Duration::Half { "/2" } else { "" };
        let reason = self.reason.map_or_else(String::new, |reason| format!(":{}", reason.code()));
        format!("{status}{half}{reason}")
    }
}

/// The national numbers already held, by reference and birth date; the most recent statement wins.
pub(super) struct Held<'a>(HashMap<(&'a str, Date), &'a Ssin>);

impl<'a> Held<'a> {
    fn new(past: Option<&'a Past<Statement>>) -> Self {
        let lines = past.into_iter().flat_map(|past| past.latest.iter().rev()).flat_map(|statement| &statement.lines);
        let number = |line: &'a Line| Some(((line.reference.as_str(), line.birth_date), line.ssin.as_ref()?));
        Self(lines.filter_map(number).collect())
    }

    pub(super) fn get(&self, reference: &str, birth_date: Date) -> Option<&'a Ssin> {
        self.0.get(&(reference, birth_date)).copied()
    }
}

/// The statement, when every field has its shape.
fn build(raw: RawStatement, held: &Held<'_>) -> Option<Statement> {
    let lines = raw.lines.take().filter(|lines| lines.0.len() <= MAX_LINES)?;
    let lines = lines.0.into_iter().map(|line| build_line(line.take()?, held)).collect::<Option<_>>()?;
    Some(Statement { lines })
}

/// Absent stays absent, malformed is nothing to build on.
#[expect(clippy::option_option, reason = "the outer says whether it can be built on, the inner whether it is there")]
fn optional<T>(field: Field<T>) -> Option<Option<T>> {
    match field {
        Field::Absent => Some(None),
        Field::Malformed(_) => None,
        Field::Present(value) => Some(Some(value)),
    }
}

fn build_line(raw: RawLine, held: &Held<'_>) -> Option<Line> {
    let Reference(reference) = raw.reference.take()?;
    let birth_date = raw.birth_date.take()?;
    let ssin = match optional(raw.ssin)? {
        Some(text) => Some(Ssin::parse(&text.0).ok()?),
        None if optional(raw.ssin_present)? == Some(true) => held.get(&reference, birth_date).cloned(),
        None => None,
    };
    Some(Line {
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

fn raw_line(line: Line) -> RawLine {
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
