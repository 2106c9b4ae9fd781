//! What we write, we read back.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use passerelle::domain::calendar::Calendar;
use passerelle::domain::closure::{Closure, ClosureReason};
use passerelle::domain::kinds::attendance::raw::{RawDay, RawLine, Reference};
use passerelle::domain::kinds::attendance::{Duration, Reason, Status};
use passerelle::domain::period::Month;
use passerelle::domain::person::{Name, SsinText};
use passerelle::domain::raw::{Field, List, TimeOfDay};
use passerelle::ingest::attendance::form::{AttendanceForm, write};
use proptest::prelude::*;

use super::{codes, lines, lines_of, reading, table};

fn form<'a>(month: Month, calendar: &'a Calendar, lines: &'a [RawLine]) -> AttendanceForm<'a> {
    AttendanceForm { creche: "Les Lutins", one_number: "L-0042", month, calendar, lines, rows: 40 }
}

#[test]
fn an_empty_template_is_an_empty_statement_of_its_creche_and_month() {
    let calendar = Calendar::new(vec![Closure::new(
        Date::constant(2026, 10, 26),
        Date::constant(2026, 10, 30),
        ClosureReason::AnnualClosure,
    )]);
    let month: Month = "2026-10".parse().unwrap();
    let bytes = write(&form(month, &calendar, &[])).unwrap();
    let reading = reading(&bytes);
    assert_eq!(codes(&reading.findings), Vec::<String>::new());
    assert_eq!(lines_of(&reading), []);
    assert_eq!(table(&bytes).named_version().as_deref(), Some("attendance/1"));
    assert_eq!(bytes, write(&form(month, &calendar, &[])).unwrap(), "the same template twice has the same bytes");
}

#[test]
fn children_without_days_are_a_prefilled_template() {
    let line = RawLine {
        reference: Field::Present(Reference("0012".into())),
        family_name: Field::Present(Name("=1+1".into())),
        given_name: Field::Present(Name("@Léa".into())),
        birth_date: Field::Present(Date::constant(2024, 3, 12)),
        ssin_present: Field::Present(true),
        days: Field::Present(List(Vec::new())),
        ..RawLine::default()
    };
    let written = write(&form("2026-10".parse().unwrap(), &Calendar::default(), std::slice::from_ref(&line))).unwrap();
    assert_eq!(lines(&written), [line]);
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-zÀ-ÿ0-9'=+@.-]{1,12}( [A-Za-zÀ-ÿ0-9]{1,8})?"
}

fn date(from: i16) -> impl Strategy<Value = Date> {
    (0..900_i32).prop_map(move |days| Date::constant(from, 1, 1) + days.days())
}

/// The entry of a half or a whole day, without its date.
fn entry(half: bool) -> impl Strategy<Value = RawDay> {
    let duration = Field::Present(if half { Duration::Half } else { Duration::Full });
    let reason = proptest::option::of(proptest::sample::select(Reason::ALL));
    let time = || proptest::option::of((0..24_i8, 0..60_i8));
    let said = |time: Option<(i8, i8)>| time.map(|(hour, minute)| TimeOfDay(Time::constant(hour, minute, 0, 0))).into();
    (proptest::sample::select(Status::ALL), reason, time(), time()).prop_map(move |(status, reason, from, to)| RawDay {
        status: Field::Present(status),
        duration: duration.clone(),
        reason: reason.into(),
        arrival: said(from),
        departure: said(to),
        ..RawDay::default()
    })
}

fn day() -> impl Strategy<Value = Vec<RawDay>> {
    prop_oneof![
        2 => Just(Vec::new()),
        4 => entry(false).prop_map(|one| vec![one]),
        1 => entry(true).prop_map(|one| vec![one]),
        1 => (entry(true), entry(true)).prop_map(|(one, other)| vec![one, other]),
    ]
}

fn line(month: Month) -> impl Strategy<Value = RawLine> {
    let ssin = prop_oneof![Just(None), "[0-9]{11}".prop_map(Some)];
    let length = month.days().count();
    (
        name(),
        name(),
        name(),
        date(2023),
        ssin,
        any::<bool>(),
        proptest::option::of(date(2024)),
        proptest::collection::vec(day(), length),
    )
        .prop_map(move |(reference, family, given, birth, ssin, held, end, days)| RawLine {
            reference: Field::Present(Reference(reference)),
            family_name: Field::Present(Name(family)),
            given_name: Field::Present(Name(given)),
            birth_date: Field::Present(birth),
            ssin_present: (held && ssin.is_none()).then_some(true).into(),
            ssin: ssin.map(SsinText).into(),
            end_date: end.into(),
            days: Field::Present(List(entries(month, days))),
            ..RawLine::default()
        })
}

fn entries(month: Month, days: Vec<Vec<RawDay>>) -> Vec<Field<RawDay>> {
    let dated = month.days().zip(days).flat_map(|(date, entries)| entries.into_iter().map(move |entry| (date, entry)));
    dated.map(|(date, entry)| Field::Present(RawDay { date: Field::Present(date), ..entry })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_statement_written_as_a_workbook_is_the_same_statement(
        statement in proptest::collection::vec(line("2026-10".parse().unwrap()), 0..6)
    ) {
        let written = write(&form("2026-10".parse().unwrap(), &Calendar::default(), &statement)).unwrap();
        prop_assert_eq!(lines(&written), statement);
    }
}
