//! The stored form of a statement: a tenth of its JSON. Text, so that it can be read without this program.
//!
//! The first line is `1` and the month (`1 2026-10`, or `1` when no line has a day). A line of the statement is a line of
//! text: reference, family name, given name, birth date, SSIN, first day, last day and days, separated by tabs; what is
//! absent is empty. A day is its number, a letter for status and duration and, only where given, `/` with the reason,
//! `@` with the arrival, `-` with the departure and `;`: `01P02p03J/hospitalisation;04P@0730-1645;`. Names and
//! references have no control characters, so that none has a tab or a line break.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::{ChildLine, Day, Duration, Reason, Statement, Status};
use crate::domain::period::Month;
use crate::domain::raw::{Raw as _, TimeOfDay};
use crate::domain::ssin::Ssin;

/// The number of the form.
const VERSION: &str = "1";
/// The letter of each status and duration.
const LETTERS: [(u8, Status, Duration); 6] = [
    (b'P', Status::Present, Duration::Full),
    (b'p', Status::Present, Duration::Half),
    (b'J', Status::JustifiedAbsence, Duration::Full),
    (b'j', Status::JustifiedAbsence, Duration::Half),
    (b'U', Status::UnjustifiedAbsence, Duration::Full),
    (b'u', Status::UnjustifiedAbsence, Duration::Half),
];

/// The statement in its stored form; `None` when days are of several months, or a text has a separator, which no valid
/// statement has.
pub(super) fn write(statement: &Statement) -> Option<String> {
    let month = statement.lines.iter().find_map(|line| line.days.first()).map(|day| Month::of(day.date));
    let days: usize = statement.lines.iter().map(|line| line.days.len()).sum();
    let mut text = String::with_capacity(16 + statement.lines.len() * 80 + days * 3);
    text.push_str(VERSION);
    if let Some(month) = month {
        write!(text, " {month}").ok()?;
    }
    for line in &statement.lines {
        text.push('\n');
        write_line(&mut text, line, month)?;
    }
    Some(text)
}

fn write_line(text: &mut String, line: &ChildLine, month: Option<Month>) -> Option<()> {
    for name in [&line.reference, &line.family_name, &line.given_name] {
        if name.contains(['\t', '\n']) {
            return None;
        }
        text.push_str(name);
        text.push('\t');
    }
    write!(text, "{}\t{}\t", line.birth_date, line.ssin.as_ref().map_or("", Ssin::expose)).ok()?;
    for date in [line.start_date, line.end_date] {
        if let Some(date) = date {
            write!(text, "{date}").ok()?;
        }
        text.push('\t');
    }
    line.days.iter().try_for_each(|day| write_day(text, day, month?))
}

/// A number below 100 with two digits.
fn push_two(text: &mut String, number: u8) {
    const DIGITS: [char; 10] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    text.push(DIGITS[usize::from(number / 10 % 10)]);
    text.push(DIGITS[usize::from(number % 10)]);
}

fn write_day(text: &mut String, day: &Day, month: Month) -> Option<()> {
    if !month.contains(day.date) {
        return None;
    }
    push_two(text, day.date.day().unsigned_abs());
    let (letter, ..) =
        LETTERS.iter().find(|(_, status, duration)| (*status, *duration) == (day.status, day.duration))?;
    text.push(char::from(*letter));
    if let Some(reason) = day.reason {
        text.push('/');
        text.push_str(reason.code());
    }
    for (mark, time) in [('@', day.arrival), ('-', day.departure)] {
        let Some(TimeOfDay(time)) = time else { continue };
        text.push(mark);
        push_two(text, time.hour().unsigned_abs());
        push_two(text, time.minute().unsigned_abs());
    }
    if day.reason.is_some() || day.arrival.is_some() || day.departure.is_some() {
        text.push(';');
    }
    Some(())
}

/// The statement of a stored text; `None` when it is not in this form.
pub(super) fn read(text: &str) -> Option<Statement> {
    let mut lines = text.split('\n');
    let month = match lines.next()?.strip_prefix(VERSION)? {
        "" => None,
        month => Some(month.strip_prefix(' ')?.parse().ok()?),
    };
    Some(Statement { lines: lines.map(|line| read_line(line, month)).collect::<Option<_>>()? })
}

fn read_line(line: &str, month: Option<Month>) -> Option<ChildLine> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    let line = ChildLine {
        reference: next()?.to_owned(),
        family_name: next()?.to_owned(),
        given_name: next()?.to_owned(),
        birth_date: Date::from_text(next()?)?,
        ssin: optional(next()?, |text| Ssin::parse(text).ok())?,
        start_date: optional(next()?, Date::from_text)?,
        end_date: optional(next()?, Date::from_text)?,
        days: read_days(next()?, month)?,
    };
    next().is_none().then_some(line)
}

/// An empty field is absent; one that cannot be read is an error.
#[expect(clippy::option_option, reason = "the outer says whether it can be read, the inner whether it is there")]
fn optional<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn read_days(mut text: &str, month: Option<Month>) -> Option<Vec<Day>> {
    let mut days = Vec::with_capacity(text.len() / 3);
    while !text.is_empty() {
        let date = month?.day(text.get(..2)?.parse().ok()?)?;
        let letter = *text.as_bytes().get(2)?;
        let (_, status, duration) = *LETTERS.iter().find(|(known, ..)| *known == letter)?;
        let mut day = Day { date, status, duration, reason: None, arrival: None, departure: None };
        text = text.get(3..)?;
        if text.starts_with(['/', '@', '-']) {
            let (details, rest) = text.split_once(';')?;
            read_details(&mut day, details)?;
            text = rest;
        }
        days.push(day);
    }
    Some(days)
}

fn read_details(day: &mut Day, details: &str) -> Option<()> {
    let (details, departure) = details.split_once('-').map_or((details, None), |(before, time)| (before, Some(time)));
    let (details, arrival) = details.split_once('@').map_or((details, None), |(before, time)| (before, Some(time)));
    let time = |text: &str| TimeOfDay::from_text(&format!("{}:{}", text.get(..2)?, text.get(2..)?));
    day.reason = optional(details.strip_prefix('/').unwrap_or(details), Reason::from_code)?;
    day.arrival = optional(arrival.unwrap_or_default(), time)?;
    day.departure = optional(departure.unwrap_or_default(), time)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn time() -> impl Strategy<Value = Option<TimeOfDay>> {
        option::of((0..24_i8, 0..60_i8).prop_map(|(hour, minute)| TimeOfDay(Time::constant(hour, minute, 0, 0))))
    }

    fn day() -> impl Strategy<Value = Day> {
        let codes = (select(Status::ALL), select(Duration::ALL), option::of(select(Reason::ALL)));
        (1..=31_i8, codes, time(), time()).prop_map(|(day, (status, duration, reason), arrival, departure)| Day {
            date: Date::constant(2026, 7, day),
            status,
            duration,
            reason,
            arrival,
            departure,
        })
    }

    fn date() -> impl Strategy<Value = Date> {
        (2020..2027_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| Date::constant(year, month, day))
    }

    fn line() -> impl Strategy<Value = ChildLine> {
        let name = "[a-zA-Z\u{e9}\u{153}; @/'-]{1,12}";
        let ssin = option::of(select(vec!["85031497721", "23061598193"]));
        let dates = (date(), option::of(date()), option::of(date()));
        (name, name, name, dates, ssin, vec(day(), 0..8)).prop_map(
            |(reference, family_name, given_name, (birth_date, start_date, end_date), ssin, days)| ChildLine {
                reference,
                family_name,
                given_name,
                birth_date,
                ssin: ssin.map(|text| Ssin::parse(text).unwrap()),
                start_date,
                end_date,
                days,
            },
        )
    }

    proptest! {
        #[test]
        fn a_statement_is_read_back_as_it_is_written(lines in vec(line(), 0..6)) {
            let statement = Statement { lines };
            prop_assert_eq!(read(&write(&statement).unwrap()), Some(statement));
        }

        #[test]
        fn other_statements_have_other_texts(one in vec(line(), 0..3), other in vec(line(), 0..3)) {
            let (one, other) = (Statement { lines: one }, Statement { lines: other });
            prop_assert_eq!(write(&one) == write(&other), one == other);
        }

        #[test]
        fn no_text_stops_the_reader(text: String, days in "[0-9PpJjUu/@;:-]{0,40}") {
            let _ = (read(&text), read(&format!("1 2026-07\nK\tA\tB\t2024-01-01\t\t\t\t{days}")));
        }
    }

    #[test]
    fn what_the_form_cannot_say_is_not_written() {
        let day = |month| Day {
            date: Date::constant(2026, month, 1),
            status: Status::Present,
            duration: Duration::Full,
            reason: None,
            arrival: None,
            departure: None,
        };
        let line = ChildLine {
            reference: "K".into(),
            family_name: "A".into(),
            given_name: "B".into(),
            birth_date: Date::constant(2024, 1, 1),
            ssin: None,
            start_date: None,
            end_date: None,
            days: vec![day(7), day(8)],
        };
        assert_eq!(write(&Statement { lines: vec![line.clone()] }), None, "two months");
        let tab = ChildLine { reference: "K\t1".into(), days: Vec::new(), ..line };
        assert_eq!(write(&Statement { lines: vec![tab] }), None, "a separator");
    }
}
